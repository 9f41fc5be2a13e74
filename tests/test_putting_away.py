"""Removal and undo: gone from every search at once, back exactly as it was, and not brought back by a sync."""

from dataclasses import replace

import pytest

from assistant.ask import Assistant
from assistant.cli import main
from assistant.scorer import WordScorer
from assistant.settings import Settings
from index.dense import open_view
from index.errors import LibraryError
from index.putting_away import bring_back, forget, put_away
from index.reembedding import reembed
from index.search import Searcher, SearchMode
from index.sync import sync, sync_articles

TABLES = ("article", "passage", "line", "version", "version_passage")


def rows(library):
    """All that is kept of the articles; only the revision of a passage is allowed to differ."""
    found = {table: library.all(f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES}
    found["passage"] = library.all("SELECT id, article, start, end, vector FROM passage ORDER BY id")
    found["text"] = library.all("SELECT rowid FROM passage_text ORDER BY rowid")
    return found


@pytest.fixture
def three(put, article):
    put(
        article("bridge"),
        article("harbour", "The harbour of Orsund was closed by ice. Ships waited outside for three days."),
        article("mayor", "Voters in Orsund elected Maja Lind as mayor. She won 54 per cent of the votes."),
    )


def _refuse(*_):
    raise AssertionError("something was embedded again")


def test_what_was_removed_is_gone_at_once_and_comes_back_as_it_was(three, library, embedder, article, monkeypatch):
    searcher = Searcher(library, library.rankings(), embedder)
    assistant = Assistant(Settings(), library, embedder, searcher, WordScorer(library, embedder))
    question = "When was the harbour closed by ice?"
    before, hits = rows(library), assistant.search(question, 10)
    names = [article("harbour").id, article("mayor").id]
    token = assistant.remove([*names, "https://news.example.org/never-there"])
    for mode in SearchMode:
        assert {hit.article.id for hit in searcher.search(question + " Orsund mayor", 10, mode)} <= {
            article("bridge").id
        }
    assert library.summarise().articles == 1
    assert [(change.kind, change.article_id) for change in library.changes(2)] == [("removed", n) for n in names[::-1]]
    assert [removal.token for removal in library.removals()] == [token]
    with monkeypatch.context() as patch:
        patch.setattr(type(embedder), "embed_passages", _refuse)
        assert assistant.undo(token) == names
    assert rows(library) == before
    assert assistant.search(question, 10) == hits
    assert library.removals() == []
    assert sorted(library.find_vectors(range(1, 9))) == sorted(
        passage for passage, _ in open_view(library).search(embedder.embed_questions([question])[0], 10)
    )


def test_removing_and_undoing_many_times_changes_nothing(three, library, article):
    before = rows(library)
    for _ in range(3):
        bring_back(library, put_away(library, [article("harbour").id]))
    assert rows(library) == before


def test_an_unknown_removal_is_told(three, library):
    assert put_away(library, ["nothing of that name"]) == 0
    with pytest.raises(LibraryError, match=r"nothing is put away under 7: .* --list"):
        bring_back(library, 7)


def test_a_number_that_was_given_away_since_is_no_trouble(three, library, article, put):
    token = put_away(library, [article("mayor").id])
    put(article("later", "Another article took the place in the meantime."))
    assert bring_back(library, token) == [article("mayor").id]
    assert [row.id for row in library.list_articles()][-1] == article("mayor").id
    assert library.find_article(article("later").id).text.startswith("Another")


@pytest.fixture
def folder(tmp_path, library, embedder):
    folder = tmp_path / "clippings"
    folder.mkdir()
    for town in ("Orsund", "Halm", "Brede"):
        (folder / f"{town}.txt").write_text(f"The council of {town} voted. The harbour of {town} will be widened.")
    sync(library, embedder, [str(folder)])
    return folder


def test_a_sync_leaves_out_what_the_user_removed_until_it_is_named(folder, library, embedder):
    file = folder / "Halm.txt"
    put_away(library, [str(file)])
    file.write_text("The council of Halm voted again. The harbour stays as it is.")
    report = sync(library, embedder, [str(folder)])
    assert (report.added, report.unchanged, library.summarise().articles) == (0, 2, 2)
    assert "left out 1 removed by you" in report.notices[0]
    assert sync(library, embedder, [str(file)], named=False).added == 0
    assert sync(library, embedder, [str(file)]).added == 1
    assert library.find_article(str(file)).text.endswith("stays as it is.")
    assert library.removals() == []


def test_pasting_again_brings_a_removed_text_back(library, embedder, put, article):
    put(article("a"))
    put_away(library, [article("a").id])
    report = sync_articles(library, embedder, [article("a")])
    assert (report.added, library.summarise().articles) == (1, 1)


def test_what_was_pruned_comes_back_with_its_file_and_is_not_embedded_again(folder, library, embedder, monkeypatch):
    before = rows(library)
    moved = (folder / "Halm.txt").rename(folder.parent / "Halm.txt")
    assert sync(library, embedder, [str(folder)], prune=True).removed == 1
    assert library.summarise().articles == 2
    moved.rename(folder / "Halm.txt")
    monkeypatch.setattr(type(embedder), "embed_passages", lambda _self, texts: _refuse() if texts else texts)
    assert sync(library, embedder, [str(folder)]).added == 1
    assert rows(library) == before


def test_a_removal_while_the_article_is_being_written_wins(folder, library, embedder, monkeypatch):
    import index.writer as module

    (folder / "Halm.txt").write_text("The council of Halm voted again.")
    original = module.write_entry

    def write(library, entry):
        put_away(library, [entry.article.id])
        return original(library, entry)

    monkeypatch.setattr(module, "write_entry", write)
    sync(library, embedder, [str(folder)])
    assert library.find_article(str(folder / "Halm.txt")) is None


def test_what_is_forgotten_is_gone_for_good_and_stays_out(folder, library, embedder):
    file = folder / "Halm.txt"
    file.write_text("The council of Halm voted again.")
    sync(library, embedder, [str(folder)])
    token = put_away(library, [str(file)])
    assert forget(library, token) == 1
    assert library.all("SELECT * FROM version") == library.all("SELECT * FROM version_passage") == []
    assert library.all("SELECT rowid FROM version_text") == library.removals() == []
    assert sync(library, embedder, [str(folder)]).added == 0
    assert sync(library, embedder, [str(file)]).added == 1
    assert sync(library, embedder, [str(folder)]).unchanged == 3


def test_another_model_embeds_what_is_put_away_too(three, library, article):
    class Twice:
        model, dimension = "twice", 512

        def embed_passages(self, texts):
            from index.hashing import HashingEmbedder

            rows = HashingEmbedder().embed_passages(texts)
            return __import__("numpy").hstack([rows, 0 * rows])

    token = put_away(library, [article("harbour").id])
    reembed(library, Twice())
    bring_back(library, token)
    assert open_view(library).search(Twice().embed_passages(["harbour ice"])[0], 10)[0][1] > 0.1


def test_an_article_that_came_again_stays_as_it_is(three, library, embedder, article):
    token = put_away(library, [article("harbour").id])
    with_unwanted_gone = replace(article("harbour"), text="The harbour is open again.")
    sync_articles(library, embedder, [with_unwanted_gone])
    with pytest.raises(LibraryError):
        bring_back(library, token)
    assert library.find_article(article("harbour").id).text == "The harbour is open again."


def test_the_command_line_removes_lists_and_undoes(folder, library, capsys):
    shared = ["--library", str(library.folder)]
    assert main(["remove", "Halm.txt", str(folder / "Brede.txt"), *shared]) == 0
    assert capsys.readouterr().out == "removed 2\n"
    assert main(["remove", "--list", *shared]) == 0
    assert "Halm.txt" in capsys.readouterr().out
    assert main(["remove", "--undo", "Halm.txt", *shared]) == 0
    assert main(["remove", "--undo", *shared]) == 0
    assert library.summarise().articles == 3
    assert main(["remove", "--undo", *shared]) == 2
    assert main(["remove", "Nowhere.txt", *shared]) == 2
    assert "no article, or more than one, is called 'Nowhere.txt'" in capsys.readouterr().err
