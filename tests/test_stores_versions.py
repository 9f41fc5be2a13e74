"""What articles said earlier, wherever they lie: the same tests over a folder and over a Milvus server."""

from datetime import date, timedelta

import pytest
from conftest import make_article
from test_sync import PROMPT, story
from test_versions import DAYS, FIRST, SECOND

from assistant.ask import Assistant
from assistant.scorer import WordScorer
from assistant.settings import Settings
from index.hashing import HashingEmbedder
from index.scope import Scope
from index.search import Searcher, SearchMode
from index.sync import sync_articles

BRIDGE, LATER = (f"https://news.example.org/{name}" for name in ("bridge", "later"))
BREDE = "The bridge over the Brede will cost two million euros."


def edited(library, embedder, clock):
    clock(DAYS[0])
    sync_articles(library, embedder, [make_article("bridge", FIRST)])
    clock(DAYS[1])
    sync_articles(library, embedder, [make_article("bridge", SECOND), make_article("later", BREDE)])


def read(library, article_id):
    return [version.article.text for version in library.read_versions(article_id)]


def test_what_an_article_said_is_kept_found_and_quoted(made, embedder, clock):
    library = made("edited")
    edited(library, embedder, clock)
    before, now = library.read_versions(BRIDGE)
    assert (before.article, now.article) == (make_article("bridge", FIRST), make_article("bridge", SECOND))
    assert (before.seen.date(), before.until.date(), now.seen.date(), now.until) == (DAYS[0], DAYS[1], DAYS[1], None)
    searcher = Searcher(library, library.rankings(), embedder)
    question = "What did the bridge over the Tamsel cost the town?"
    early = DAYS[1] - timedelta(days=1)
    for mode in SearchMode:
        for day, expected in (
            (DAYS[0] - timedelta(days=1), set()),
            (DAYS[0], {FIRST}),
            (early, {FIRST}),
            (DAYS[1], {SECOND, BREDE}),
            (None, {SECOND, BREDE}),
        ):
            hits = searcher.search(question, 10, mode, Scope(as_of=day))
            assert {hit.article.text for hit in hits} == expected
            assert all(hit.article.text[hit.start : hit.end] == hit.text for hit in hits)
        assert searcher.search(question, 10, mode, Scope(as_of=early, sources=("Nobody",))) == []
        assert searcher.search(question, 10, mode, Scope(as_of=early, articles=(LATER,))) == []
    assert [library.summarise(Scope(as_of=day)).articles for day in (early, DAYS[1])] == [0, 2]
    settings = Settings(library=library.folder, refuse_below=0.01)
    assistant = Assistant(settings, library, embedder, searcher, WordScorer(library, embedder))
    for scope, cost in ((Scope(as_of=DAYS[0]), "nine"), (Scope(), "twelve")):
        answer = assistant.ask("How many euros did it cost the town?", scope)
        assert answer.quotes[0].text == f"It cost the town {cost} million euros."


def test_what_the_user_removed_is_gone_from_the_past_and_what_was_pruned_is_not(made, embedder, clock):
    library = made("past")
    edited(library, embedder, clock)
    searcher = Searcher(library, library.rankings(), embedder)

    def found(question, day):
        return [hit.article.text for hit in searcher.search(question, 10, scope=Scope(as_of=day))]

    clock(DAYS[1] + timedelta(days=9))
    token = library.put_away([BRIDGE])
    assert found("bridge Tamsel", DAYS[0]) == []
    assert read(library, BRIDGE) == []
    library.bring_back(token)
    assert found("bridge Tamsel", DAYS[0]) == [FIRST]
    assert read(library, BRIDGE) == [FIRST, SECOND]
    token = library.put_away([LATER], "pruned")
    assert BREDE in found("bridge Brede", DAYS[1])
    assert BREDE not in found("bridge Brede", DAYS[1] + timedelta(days=9))
    assert read(library, LATER) == [BREDE]
    assert library.bring_back(token) == [LATER]
    assert read(library, LATER) == [BREDE]
    assert [text for text in found("bridge Brede", DAYS[1]) if text == BREDE] == [BREDE]
    library.forget(library.put_away([BRIDGE]))
    assert read(library, BRIDGE) == []
    assert found("bridge Tamsel", DAYS[0]) == []


def test_versions_are_bounded_and_cleaning_again_makes_none(made, embedder, monkeypatch):
    for module in ("versions", "milvus_versions"):
        monkeypatch.setattr(f"index.{module}.KEPT_VERSIONS", 3)
    library = made("bounded")
    for number in range(7):
        sync_articles(library, embedder, [make_article("count", f"The count stands at {number}.")])
    assert read(library, make_article("count").id) == [f"The count stands at {n}." for n in (3, 4, 5, 6)]
    sync_articles(library, embedder, [make_article(f"n{n}", f"{story(n)}\n{PROMPT}") for n in range(5)])
    assert [PROMPT in text for text in read(library, make_article("n0").id)] == [False]


def test_an_edit_that_is_taken_back_is_not_embedded_again(made, embedder, monkeypatch):
    library = made("taken_back")
    sync_articles(library, embedder, [make_article("bridge", FIRST)])
    sync_articles(library, embedder, [make_article("bridge", SECOND)])
    monkeypatch.setattr(HashingEmbedder, "embed_passages", lambda _, texts: [] if not texts else pytest.fail("again"))
    sync_articles(library, embedder, [make_article("bridge", FIRST)])
    assert read(library, BRIDGE) == [FIRST, SECOND, FIRST]


def test_a_day_before_the_calendar_and_one_after_it_can_be_asked_for(made, embedder):
    library = made("days")
    sync_articles(library, embedder, [make_article("bridge", FIRST)])
    searcher = Searcher(library, library.rankings(), embedder)
    for early in (date.min, date(987, 6, 5)):
        assert searcher.search("bridge", scope=Scope(as_of=early)) == []
    assert len(searcher.search("bridge", scope=Scope(as_of=date.max))) == 1
