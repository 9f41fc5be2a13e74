"""Narrowing: nothing outside a scope is a hit, everything inside still is, in the order of the whole search."""

import sqlite3
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from older import to_half_floats

from assistant.ask import Assistant
from assistant.cli import main
from assistant.retriever import ArticleRetriever
from assistant.scorer import WordScorer
from assistant.settings import Settings
from index.database import DATABASE
from index.local import open_library
from index.narrowing import take_turns
from index.scope import EVERYTHING, Scope, end_of
from index.search import Searcher, SearchMode
from index.stored import add_functions
from index.sync import sync_articles

TOWNS = ("Orsund", "Halm", "Tamsel", "Brede")


@pytest.fixture
def searcher(library, embedder, put, article):
    put(
        *(
            article(
                f"{town}-{year}",
                f"The council of {town} voted on the harbour in {year}. It will cost {year} crowns a day.",
                source=f"{town} Post",
                published=date(year, 3, 10),
            )
            for town in TOWNS
            for year in (2021, 2022, 2023)
        ),
        article(
            "undated", "The council voted on a harbour. Nobody wrote down when.", published=None, source="Halm Post"
        ),
    )
    return Searcher(library, library.rankings(), embedder)


SCOPES = {
    "source": (Scope(sources=("Halm Post",)), lambda a: a.source == "Halm Post"),
    "sources": (Scope(sources=("Halm Post", "Brede Post")), lambda a: a.source in ("Halm Post", "Brede Post")),
    "days": (
        Scope(first=date(2022, 3, 10), last=date(2022, 3, 10)),
        lambda a: a.published == date(2022, 3, 10),
    ),
    "since": (Scope(first=date(2022, 3, 11)), lambda a: a.published and a.published.year == 2023),
    "articles": (
        Scope(articles=("https://news.example.org/Halm-2022",)),
        lambda a: a.id == "https://news.example.org/Halm-2022",
    ),
    "all of them": (
        Scope(sources=("Halm Post",), first=date(2022, 1, 1), last=date(2022, 12, 31)),
        lambda a: a.source == "Halm Post" and a.published and a.published.year == 2022,
    ),
    "nothing": (Scope(sources=("No Such Post",)), lambda _: False),
}


@pytest.mark.parametrize("mode", list(SearchMode))
@pytest.mark.parametrize("name", SCOPES)
def test_a_scope_keeps_the_order_and_leaves_out_the_rest(searcher, name, mode):
    scope, belongs = SCOPES[name]
    question = "What did the council vote on the harbour?"
    whole = searcher.search(question, 50, mode)
    narrowed = searcher.search(question, 50, mode, scope)
    expected = [hit for hit in whole if belongs(hit.article)]
    assert {hit.passage_id for hit in narrowed} == {hit.passage_id for hit in expected}
    if mode is not SearchMode.FUSED:
        assert [hit.passage_id for hit in narrowed] == [hit.passage_id for hit in expected]


def test_a_scope_finds_what_is_too_deep_in_the_whole_library(library, embedder, put, article):
    put(*(article(f"n{n}", f"Harbour harbour harbour number {n} froze over.", source="Loud") for n in range(30)))
    put(article("quiet", "Ships left the town, its harbour and the bay on a day in May.", source="Quiet"))
    searcher = Searcher(library, library.rankings(), embedder, depth=5)
    for mode in SearchMode:
        assert not [hit for hit in searcher.search("harbour", 5, mode) if hit.article.source == "Quiet"]
        hits = searcher.search("harbour", 5, mode, Scope(sources=("Quiet",)))
        assert [hit.article.source for hit in hits] == ["Quiet"]


def test_what_arrives_later_is_in_the_scope(searcher, put, article):
    scope = Scope(sources=("Halm Post",))
    searcher.search("comet", scope=scope)
    put(article("comet", "A comet was seen over Halm on Friday night.", source="Halm Post"))
    assert "comet" in searcher.search("comet", scope=scope)[0].text


def test_the_answer_the_summary_and_the_retriever_keep_to_the_scope(searcher, library, embedder):
    assistant = Assistant(Settings(), library, embedder, searcher, WordScorer(library, embedder))
    scope = Scope(sources=("Halm Post",), last=date(2022, 12, 31))
    *steps, answer = assistant.stream("What did the council vote on the harbour?", scope)
    assert "2 articles" in steps[0]
    assert (library.summarise(scope).articles, library.summarise(scope).passages) == (2, 2)
    assert answer.scope == scope
    assert {hit.article.source for hit in answer.hits} == {"Halm Post"}
    documents = ArticleRetriever(searcher=searcher, scope=scope).invoke("council harbour")
    assert {document.metadata["published"] for document in documents} == {"2021-03-10", "2022-03-10"}


def test_an_empty_scope_is_false_and_any_other_true():
    assert not EVERYTHING
    assert not Scope()
    assert all((Scope(sources=("a",)), Scope(first=date.min), Scope(articles=("a",)), Scope(as_of=date.max)))


def test_the_end_of_a_day_is_stored_in_utc():
    midnight = datetime(2024, 5, 7).astimezone()
    assert datetime.fromisoformat(end_of(date(2024, 5, 6))) == midnight
    assert end_of(date.max) > end_of(date(2024, 5, 6)) > end_of(date(1, 1, 1))


def test_two_rankings_take_turns():
    assert take_turns([1, 2, 3], [9]) == [1, 9, 2, 3]
    assert take_turns([], [9, 8]) == [9, 8]


def test_the_command_line_narrows(searcher, library, capsys):
    shared = ["--library", str(library.folder), "--embedding-model", "hashing"]
    assert (
        main(["search", "harbour council", "--source", "halm post", "--since", "2022-02", "--until", "2022", *shared])
        == 0
    )
    printed = capsys.readouterr().out
    assert "10 March 2022" in printed
    assert "Brede" not in printed
    assert "2021" not in printed


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--since", "last week"], "'last week' is not a date: write a day as 2024-03-31"),
        (["--until", "2024-02-30"], "'2024-02-30' is not a date"),
        (["--since", "2024", "--until", "2023-05"], "--since 2024-01-01 is later than --until 2023-05-31"),
        (["--source", "Halm Pots"], "no article is of the source 'Halm Pots': there are Halm Post"),
    ],
)
def test_a_bad_scope_is_told(searcher, library, capsys, options, told):
    arguments = ["search", "harbour", *options, "--library", str(library.folder), "--embedding-model", "hashing"]
    with suppress(SystemExit):  # argparse's own way out
        assert main(arguments) == 2
    assert told in capsys.readouterr().err


def test_articles_are_listed_and_counted(searcher, library):
    rows = library.list_articles()
    assert len(rows) == 13
    assert rows[0].id == "https://news.example.org/Orsund-2021"
    assert (rows[0].passages, rows[0].published) == (1, date(2021, 3, 10))
    assert abs((datetime.now().astimezone() - rows[0].added).total_seconds()) < 600
    assert library.count_by_source() == {"Halm Post": 4, "Brede Post": 3, "Orsund Post": 3, "Tamsel Post": 3}
    assert [change.kind for change in library.changes(3)] == ["added"] * 3
    assert library.changes(1)[0].article_id == rows[-1].id


def _make_old(folder: Path, library) -> None:
    """A library as format 1 made it, with the rows of another."""
    folder.mkdir()
    connection = sqlite3.connect(folder / DATABASE)
    connection.executescript((Path(__file__).parent / "formats" / "format_1.sql").read_text())
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("ATTACH ? AS new", (str(library.folder / DATABASE),))
    for table in ("meta", "article", "passage", "line", "unsettled_source"):
        columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
        connection.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM new.{table}")
    add_functions(connection)
    connection.create_function("to_half_floats", 1, to_half_floats)
    connection.execute("UPDATE meta SET value = 1 WHERE key = 'format'")
    connection.execute("UPDATE article SET text = unpacked(text)")
    connection.execute("UPDATE passage SET vector = to_half_floats(vector)")
    for passage, article, text in library.iterate_passages():
        connection.execute(
            "INSERT INTO passage_text (rowid, title, text) VALUES (?, ?, ?)", (passage, article.title, text)
        )
    connection.commit()
    connection.close()


def _shape(library):
    tables = library.all("SELECT name FROM sqlite_master WHERE type IN ('table', 'index') ORDER BY name")
    return {name: {row[1:] for row in library.all(f"PRAGMA table_info({name})")} for (name,) in tables}


def test_a_library_of_format_1_is_brought_up_to_date_and_keeps_its_vectors(
    searcher, library, embedder, tmp_path, article
):
    _make_old(tmp_path / "old", library)
    old = open_library(tmp_path / "old")
    assert old.read_meta("format") == library.read_meta("format")
    assert _shape(old) == _shape(library)
    vectors = "SELECT id, start, end, vector FROM passage"
    assert old.all(vectors) == library.all(vectors)
    assert list(old.iterate_articles()) == list(library.iterate_articles())
    assert old.list_articles()[0].added is None
    question, scope = "council harbour", Scope(sources=("Halm Post",), as_of=date(2001, 1, 1))
    hits = Searcher(old, old.rankings(), embedder).search(question, 20)
    assert [hit.passage_id for hit in hits] == [hit.passage_id for hit in searcher.search(question, 20)]
    assert len(Searcher(old, old.rankings(), embedder).search(question, scope=scope)) == 4
    edited = replace(old.find_article(article("undated").id), text="Now it says something else entirely.")
    assert sync_articles(old, embedder, [edited]).changed == 1
    old.close()
