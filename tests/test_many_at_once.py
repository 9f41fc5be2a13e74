"""Askers and a writer at once: nobody fails, nobody sees half an article, the last sees everything."""

from concurrent.futures import ThreadPoolExecutor

from assistant.ask import Assistant
from assistant.scorer import WordScorer
from assistant.settings import Settings
from index.search import Searcher
from index.sync import sync_articles


def test_twenty_ask_while_articles_are_written(library, embedder, put, article):
    put(article("first"))
    searcher = Searcher(library, library.rankings(), embedder)
    settings = Settings(library=library.folder)
    assistant = Assistant(settings, library, embedder, searcher, WordScorer(library, embedder))

    def ask(_):
        answer = assistant.ask("What did the bridge over the Tamsel cost?")
        assert any("nine million euros" in hit.text for hit in answer.hits)
        for quote in answer.quotes:
            assert quote.article.text[quote.start : quote.end] == quote.text
        library.close()

    def write(number):
        text = f"Harbour {number} froze on Friday night. Nobody could leave it before the {number + 1}th of May."
        report = sync_articles(library, embedder, [article(f"h{number}", text)])
        library.close()
        return report.added

    with ThreadPoolExecutor(8) as pool:
        written = [pool.submit(write, number) for number in range(10)]
        asked = [pool.submit(ask, number) for number in range(40)]
        assert [future.result() for future in written] == [1] * 10
        for future in asked:
            future.result()
    assert len(searcher.rankings.view) <= library.summarise().passages
    assert "Harbour 9" in assistant.ask("When could ships leave Harbour 9?").hits[0].text
    assert len(searcher.rankings.view) == library.summarise().passages == 11
