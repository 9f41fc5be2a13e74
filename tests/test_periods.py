"""What a question says of time: the days it means, the words that only look like it, and what it does to an answer."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.ask import Assistant
from assistant.cli import main
from assistant.periods import find_period
from assistant.scorer import WordScorer
from assistant.settings import Settings
from assistant.wording import write_days
from index.search import Searcher

TODAY = date(2024, 7, 17)
"""A Wednesday."""


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("What did the mayor say in March 2022?", "2022-03-01", "2022-03-31"),
        ("In 2023, who opened the bridge?", "2023-01-01", "2023-12-31"),
        ("What happened last week?", "2024-07-08", "2024-07-14"),
        ("What has changed since Tuesday?", "2024-07-16", None),
        ("What was agreed before the summer of 2023?", None, "2023-05-31"),
        ("Who resigned after 12 July 2023?", "2023-07-13", None),
        ("Who resigned until March 2022?", None, "2022-03-31"),
        ("What was said between November 2022 and March 2023?", "2022-11-01", "2023-03-31"),
        ("What was said between March and May 2022?", "2022-03-01", "2022-05-31"),
        ("From 2021 to 2023, who led the council?", "2021-01-01", "2023-12-31"),
        ("What did she announce on July 12?", "2024-07-12", "2024-07-12"),
        ("What did she announce on the 3rd of May 2022?", "2022-05-03", "2022-05-03"),
        ("What was found in the last three weeks?", "2024-06-26", "2024-07-17"),
        ("What happened two weeks ago?", "2024-07-01", "2024-07-07"),
        ("Who was elected yesterday?", "2024-07-16", "2024-07-16"),
        ("What closed last winter?", "2023-12-01", "2024-02-29"),
        ("What closed last weekend?", "2024-07-13", "2024-07-14"),
        ("What was sold in the first quarter of 2023?", "2023-01-01", "2023-03-31"),
        ("What was sold in late February 2024?", "2024-02-21", "2024-02-29"),
    ],
)
def test_words_of_time_are_days(question, first, last):
    period = find_period(question, TODAY)
    assert (period.first, period.last) == tuple(date.fromisoformat(day) if day else None for day in (first, last))
    assert period.words in question


@pytest.mark.parametrize(
    "question",
    [
        "Who won the 2022 World Cup?",
        "Who leads in the 2024 election?",
        "Who leads in 2024 elections?",
        "Who hosted the World Cup of 2022?",
        "What stands in 2024's budget?",
        "Who may march in may?",
        "Who is Sunday Oliseh?",
        "What was written on Sunday Times pages?",
        "What did Theresa May say?",
        "Who resigned on 31 February 2023?",
        "What changed from last year to 2020?",
        "Was it better in 2022 or in 2023?",
        "Since when is the bridge closed?",
    ],
)
def test_words_that_only_look_like_a_time_narrow_nothing(question):
    assert find_period(question, TODAY) is None


@settings(deadline=None)  # the parser of dates is loaded by the first
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_every_day_is_read_back(day, today):
    period = find_period(f"What happened on {day.day} {day:%B} {day.year}?", today)
    assert (period.first, period.last) == (day, day)
    since, before = (
        find_period(f"What happened {word} {day:%B} {day.day}, {day.year}?", today) for word in ("since", "before")
    )
    assert (since.first, since.last, before.first, before.last) == (day, None, None, day - timedelta(days=1))


@given(st.text())
def test_no_question_is_too_odd(question):
    find_period(question, TODAY)


def test_days_are_named_as_short_as_they_can_be():
    assert write_days(date(2022, 3, 1), date(2022, 3, 31)) == "March 2022"
    assert write_days(date(2022, 3, 1), date(2022, 5, 31)) == "March to May 2022"
    assert write_days(date(2022, 1, 1), date(2022, 12, 31)) == "2022"
    assert write_days(date(2022, 3, 2), date(2022, 3, 31)) == "2 March 2022 to 31 March 2022"
    assert write_days(date(2022, 3, 2), None) == "since 2 March 2022"
    assert write_days(None, date(2022, 3, 2)) == "until 2 March 2022"


@pytest.fixture
def assistant(library, embedder, put, article):
    put(
        article(
            "old",
            "The ferry to Lund carried 300 passengers a day, the harbour office said.",
            published=date(2022, 3, 9),
        ),
        article(
            "new",
            "The ferry to Lund carried 900 passengers a day, the harbour office said.",
            published=date(2024, 3, 9),
        ),
        article("mill", "The paper mill at Aster will close, its owner said.", published=date(2023, 6, 1)),
    )
    searcher = Searcher(library, library.rankings(), embedder)
    return Assistant(Settings(refuse_below=0.05), library, embedder, searcher, WordScorer(library, embedder))


def test_a_time_narrows_only_where_what_was_published_then_answers(assistant):
    then = assistant.ask("How many passengers did the ferry to Lund carry in March 2022?")
    assert [quote.article.id[-3:] for quote in then.quotes] == ["old"]
    assert (
        (then.scope.first, then.scope.last)
        == (then.period.first, then.period.last)
        == (date(2022, 3, 1), date(2022, 3, 31))
    )
    anyhow = assistant.ask("How many passengers did the ferry to Lund carry in March 2022?", heed_time=False)
    assert {hit.article.id[-3:] for hit in anyhow.hits} > {"new"}
    assert anyhow.period is None
    nothing_then = assistant.ask("Will the paper mill at Aster close, as was said in May 2022?")
    assert (nothing_then.period, nothing_then.scope.first, nothing_then.refused) == (None, None, False)
    chosen = assistant.ask(
        "Will the paper mill at Aster close in March 2022?", type(then.scope)(first=date(2023, 1, 1))
    )
    assert (chosen.period, chosen.scope.first) == (None, date(2023, 1, 1))


def test_the_command_line_says_to_what_it_narrowed(tmp_path, capsys):
    rows = [
        {
            "url": f"https://news.example.org/{n}",
            "title": "Ferry",
            "text": f"The ferry carried {n} passengers.",
            "published": f"{n}-03-09",
        }
        for n in (2022, 2024)
    ]
    (tmp_path / "ferry.jsonl").write_text("\n".join(map(json.dumps, rows)))
    options = ["--library", str(tmp_path / "library"), "--embedding-model", "hashing"]
    assert main(["sync", str(tmp_path / "ferry.jsonl"), *options]) == 0
    capsys.readouterr()
    asked = ["ask", "How many passengers did the ferry carry in 2022?", "--reader", "words", *options]
    assert main(asked) == 0
    assert "as the question says (“in 2022”); `--any-time` asks everything." in capsys.readouterr().out
    assert main([*asked, "--any-time", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["period"] is None
