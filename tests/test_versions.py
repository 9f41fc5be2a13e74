"""Edited articles: what they said, when, what changed, and answers from an earlier day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from assistant.ask import Assistant
from assistant.cli import main
from assistant.scorer import WordScorer
from assistant.settings import Settings
from index import versions
from index.dense import open_view
from index.edits import Kind, QuoteCheck, check_quote, compare
from index.putting_away import put_away
from index.scope import Scope
from index.search import Searcher, SearchMode
from index.versions import read_versions

FIRST = "The bridge over the Tamsel opened on Monday. It cost the town nine million euros. Nobody was hurt."
SECOND = "The bridge over the Tamsel opened on Monday. It cost the town twelve million euros. Nobody was hurt."
DAYS = (date(2024, 5, 1), date(2024, 6, 1))


@pytest.fixture
def edited(clock, put, article):
    clock(DAYS[0])
    put(article("bridge", FIRST))
    clock(DAYS[1])
    put(article("bridge", SECOND), article("later", "The bridge over the Brede will cost two million euros."))


@pytest.fixture
def assistant(library, embedder):
    searcher = Searcher(library, library.rankings(), embedder)
    return Assistant(Settings(refuse_below=0.01), library, embedder, searcher, WordScorer(library, embedder))


def test_an_earlier_version_is_kept_with_its_dates(edited, library, article):
    before, now = read_versions(library, article("bridge").id)
    assert (before.article, now.article) == (article("bridge", FIRST), article("bridge", SECOND))
    assert (before.seen.date(), before.until.date(), now.seen.date(), now.until) == (DAYS[0], DAYS[1], DAYS[1], None)
    assert [row.added.date() for row in library.list_articles(Scope(articles=(article("bridge").id,)))] == [DAYS[0]]


@pytest.mark.parametrize("mode", list(SearchMode))
def test_a_question_about_an_earlier_day_finds_what_was_there_then(edited, assistant, article, mode):
    question = "What did the bridge over the Tamsel cost?"

    def texts(day):
        return {hit.article.text for hit in assistant.searcher.search(question, 10, mode, Scope(as_of=day))}

    assert texts(DAYS[0] - timedelta(days=1)) == set()
    assert texts(DAYS[0]) == texts(DAYS[1] - timedelta(days=1)) == {FIRST}
    assert texts(DAYS[1]) == {SECOND, "The bridge over the Brede will cost two million euros."}
    assert FIRST not in {hit.article.text for hit in assistant.searcher.search(question, 10, mode)}


def test_an_answer_of_an_earlier_day_quotes_what_stood_there(edited, assistant):
    answer = assistant.ask("How many euros did it cost the town?", Scope(as_of=DAYS[0]))
    assert answer.quotes[0].text == "It cost the town nine million euros."
    assert answer.quotes[0].article.text == FIRST
    answer = assistant.ask("How many euros did it cost the town?")
    assert answer.quotes[0].text == "It cost the town twelve million euros."


def test_what_the_user_removed_is_gone_from_earlier_days_and_what_was_pruned_is_not(
    edited, assistant, library, article, clock
):
    clock(DAYS[1] + timedelta(days=9))
    put_away(library, [article("bridge").id])
    assert assistant.search("bridge Tamsel", 10, Scope(as_of=DAYS[0])) == []
    assert read_versions(library, article("bridge").id) == []
    put_away(library, [article("later").id], "pruned")
    hits = assistant.search("bridge Brede", 10, Scope(as_of=DAYS[1]))
    assert [hit.article.id for hit in hits] == [article("later").id]


def test_cleaning_again_is_no_edit(put, library, article):
    prompt = "Our weekend edition has all the puzzles you can wish for"
    road = "Road {} will be widened in {}, the council said on Monday, although many had asked it for trees."
    texts = [f"{road.format(n, 2020 + n)}\nWork on road {n} begins in May.\n{prompt}" for n in range(5)]
    put(*(article(f"n{n}", text) for n, text in enumerate(texts)))
    assert prompt not in library.find_article(article("n0").id).text
    assert library.all("SELECT * FROM version") == []
    assert {change.kind for change in library.changes()} == {"added"}


def test_a_date_that_is_corrected_is_an_edit(edited, put, library, article):
    report = put(article("bridge", SECOND, published=date(2024, 5, 2)))
    assert report.changed == 1
    assert [version.article.published for version in read_versions(library, article("bridge").id)][1:] == [
        date(2024, 5, 6),
        date(2024, 5, 2),
    ]


def _long(last):
    return "\n".join([*(f"Fact {n} is that the road is long and the hill is high." for n in range(90)), last])


def test_only_what_changed_is_embedded_also_when_an_edit_is_taken_back(put, embedder, article, monkeypatch):
    put(article("a", _long("The end is near.")))
    embedded = []
    original = type(embedder).embed_passages
    monkeypatch.setattr(
        type(embedder), "embed_passages", lambda self, texts: embedded.extend(texts) or original(self, texts)
    )
    put(article("a", _long("The end is far away.")))
    assert len(embedded) == 1
    put(article("a", _long("The end is near.")))
    assert len(embedded) == 1
    put(article("a", _long("The end is near."), title="Another title"))
    assert len(embedded) > 5
    assert all(text.startswith("Another title\n") for text in embedded[1:])


def test_versions_are_bounded(put, library, article, monkeypatch):
    monkeypatch.setattr(versions, "KEPT_VERSIONS", 3)
    for n in range(7):
        put(article("a", f"The count stands at {n}."))
    kept = [version.article.text for version in read_versions(library, article("a").id)]
    assert kept == [f"The count stands at {n}." for n in (3, 4, 5, 6)]
    assert len(library.all("SELECT rowid FROM version_text")) == 3


def test_a_clock_that_goes_backwards_keeps_the_order(put, library, article, clock):
    clock(date(2024, 6, 1))
    put(article("a", FIRST))
    clock(date(2024, 5, 1))
    put(article("a", SECOND))
    before, now = read_versions(library, article("a").id)
    assert before.seen == before.until == now.seen


def test_edits_are_told_by_the_sentence(article):
    edits = compare(article("a", FIRST), article("a", SECOND.replace(". Nobody", ".\nNobody")))
    assert [(edit.kind, edit.text) for edit in edits if edit.kind is not Kind.SAME] == [
        (Kind.REMOVED, "It cost the town nine million euros."),
        (Kind.ADDED, "It cost the town twelve million euros."),
    ]
    assert [edit.text for edit in edits][:2] == ["A", "The bridge over the Tamsel opened on Monday."]


def test_a_quote_that_was_shown_is_checked_against_what_stands_now(edited, library, article):
    now = library.find_article(article("bridge").id)
    assert check_quote(now, "Nobody  was\nhurt.") == QuoteCheck(stands=True)
    changed = check_quote(now, "It cost the town nine million euros.")
    assert changed == QuoteCheck(stands=False, nearest="It cost the town twelve million euros.")
    assert check_quote(now, "Xylophones!") == QuoteCheck(stands=False)


def test_the_command_line_tells_what_changed_and_answers_for_a_day(edited, library, article, capsys):
    shared = ["--library", str(library.folder)]
    assert main(["changes", article("bridge").url, *shared]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "- It cost the town nine million euros.",
        "+ It cost the town twelve million euros.",
    ]
    assert main(["changes", *shared, "-n", "2"]) == 0
    assert [line.split()[2] for line in capsys.readouterr().out.splitlines()] == ["added", "changed"]
    assert main(["changes", article("bridge").id, "--json", *shared]) == 0
    assert '"kind": "added"' in capsys.readouterr().out
    words = ["--embedding-model", "hashing", "--reader", "words", *shared]
    assert main(["ask", "How many euros did it cost the town?", "--as-of", "2024-05", *words]) == 0
    told = capsys.readouterr().out
    assert "Asked as the library was on 31 May 2024." in told
    assert "nine million" in told
    assert main(["changes", "nowhere", *shared]) == 2


def test_an_edited_article_leaves_no_passage_behind(edited, put, library, article):
    put(replace(article("bridge", "Now it is shorter.")))
    held = {row[0] for row in library.all("SELECT id FROM passage")}
    assert held == {row[0] for row in library.all("SELECT rowid FROM passage_text")}
    assert len(open_view(library)) == len(held) == 2
