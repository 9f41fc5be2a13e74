"""Follow-ups stand alone, new topics are left alone, and what is searched is what is shown."""

import io
import json
import sys
from datetime import date
from pathlib import Path

import pytest

from assistant.ask import open_assistant
from assistant.cli import main
from assistant.conversation import exchange_of, stand_alone
from assistant.events import Rewritten
from assistant.referents import Exchange
from assistant.settings import read_settings
from assistant.timeline import read_timeline
from index.records import Article

SAMPLES = Path(__file__).parents[1] / "samples"

HARBOUR = Article(
    "h",
    "Skagen harbour to be deepened",
    "Mayor Mette Holm said on Monday that Skagen would deepen its harbour. She had fought for the plan for years.\n"
    "Poul Brix, who leads the fishermen's union, called it a waste. He fears higher fees. The work takes two years.",
)
SAID = Exchange(
    "What did Mette Holm say about the Skagen harbour?",
    HARBOUR,
    "Mayor Mette Holm said on Monday that Skagen would deepen its harbour.",
    "Skagen would deepen its harbour",
    "Mette Holm",
)
WHO = Exchange("Who called the plan a waste?", HARBOUR, "Poul Brix called it a waste.", "Poul Brix", "Poul Brix")
MEDALS = Exchange("How many medals did Norway win in Turin?")


def covered(text):
    return 1.0


def uncovered(text):
    return 0.0


@pytest.mark.parametrize(
    ("earlier", "follow_up", "alone"),
    [
        (SAID, "When did she say that?", "When did Mette Holm say that (the Skagen harbour)?"),
        (SAID, "How deep is it?", "How deep is the Skagen harbour?"),
        (SAID, "Why?", "Why did Mette Holm say about the Skagen harbour?"),
        (SAID, "And Poul Brix?", "What did Poul Brix say about the Skagen harbour?"),
        (WHO, "What does he fear?", "What does Poul Brix fear (Skagen)?"),
        (WHO, "Who is his wife?", "Who is Poul Brix’s wife (Skagen)?"),
        (MEDALS, "And Japan?", "How many medals did Japan win in Turin?"),
        (MEDALS, "And in Oslo?", "How many medals did Norway win in Oslo?"),
        (MEDALS, "what about the women?", "What about the women (Norway)?"),
        (MEDALS, "Since when?", "Since when did Norway win in Turin?"),
    ],
)
def test_a_follow_up_is_made_to_stand_alone(earlier, follow_up, alone):
    assert stand_alone(follow_up, [earlier], uncovered) == alone


@pytest.mark.parametrize(
    "question",
    [
        "Who is the mayor of Bergen?",
        "What did Thomas Bach say about the Games and their spirit?",
        "Is it true that Oslo has a new tram?",
        "How many ferries are there?",
        "What do economists expect?",
    ],
)
def test_a_new_topic_is_left_alone(question):
    assert stand_alone(question, [SAID], uncovered) == question
    assert stand_alone(question, [], covered) == question


def test_a_question_without_a_name_goes_on_where_the_last_article_has_its_words():
    assert stand_alone("How long does the work take?", [SAID], covered) == (
        "How long does the work take (the Skagen harbour)?"
    )


def test_a_woman_is_not_he():
    both = Exchange("What did Mette Holm and Poul Brix say?", HARBOUR)
    assert stand_alone("What did he fear?", [both], uncovered).startswith("What did Poul Brix fear")
    assert stand_alone("What did she want?", [both], uncovered).startswith("What did Mette Holm want")


def test_forty_follow_ups_find_their_article(tmp_path):
    from benchmarks.follow_ups import measure

    rows = [json.loads(line) for line in (SAMPLES / "follow_ups.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 40
    assert {row["split"] for row in rows} == {"dev", "held-out"}
    settings = read_settings(library=tmp_path / "library", embedding_model="hashing", reader="words")
    assistant = open_assistant(settings, create=True)
    assistant.add([str(SAMPLES / "articles")])
    found = measure(assistant, rows)
    assert sum(0 < one.rank <= 5 for one in found) >= 38
    assert all(one.rewritten == one.row["question"] for one in found if one.row["new_topic"])
    assert sum(one.rank == 1 for one in found) > sum(one.rank_as_typed == 1 for one in found) + 5


@pytest.mark.parametrize(
    ("question", "about", "read", "who"),
    [
        ("What is the latest on the Ever Given?", "the Ever Given", "What is said about the Ever Given?", ""),
        ("What is new about the Ever Given?", "the Ever Given", "What is said about the Ever Given?", ""),
        ("any news on the Ever Given", "the Ever Given", "What is said about the Ever Given?", ""),
        (
            "How did Holm's position on the harbour change?",
            "Holm the harbour",
            "What did Holm say about the harbour?",
            "Holm",
        ),
        ("How has the number of dead changed?", "the number of dead", "What is said about the number of dead?", ""),
    ],
)
def test_a_question_of_change_is_told_apart(question, about, read, who):
    timeline = read_timeline(question)
    assert (timeline.about, timeline.read, timeline.who) == (about, read, who)


@pytest.mark.parametrize(
    "question",
    ["Who won the latest final?", "How did the bridge fall?", "What changed in May?", "What is new in the museum?"],
)
def test_other_questions_are_no_timelines(question):
    assert read_timeline(question) is None


@pytest.fixture
def told(put, article, tmp_path):
    """A library in which a mayor says three things on three days, and an assistant for it."""
    says = "Mette Holm, the mayor of Orsund, said on Monday that the ferry to Halm {}."
    for name, day, what in (
        ("first", date(2024, 1, 3), "would be kept at any price"),
        ("third", date(2024, 9, 1), "would stop in October"),
        ("second", date(2024, 5, 6), "was dear but might be kept"),
    ):
        put(article(name, says.format(what) + " Nobody else in the town hall spoke of it.", published=day))
    put(article("undated", says.format("was a fine old ship"), published=None))
    settings = read_settings(library=tmp_path / "library", embedding_model="hashing", reader="words")
    return open_assistant(settings)


def test_a_timeline_begins_with_the_latest_statement_and_says_so(told):
    answer = told.ask("How did Mette Holm's position on the ferry to Halm change?")
    assert answer.timeline
    assert [quote.article.published for quote in answer.quotes] == [
        date(2024, 9, 1),
        date(2024, 5, 6),
        date(2024, 1, 3),
    ]
    assert answer.text.startswith("The latest, 1 September 2024:\n\nMette Holm")
    assert answer.text.count("Before that, ") == 2
    assert not told.ask("When did the ferry stop?").timeline


def test_the_rewritten_question_is_told_before_it_is_searched_and_stays_with_the_answer(told):
    first = told.ask("What did Mette Holm say about the ferry to Halm?")
    events = list(told.stream("When did she say it?", earlier=[exchange_of(first)]))
    assert isinstance(events[0], Rewritten)
    assert events[0].question == events[-1].question == told.stand_alone("When did she say it?", [exchange_of(first)])
    assert events[-1].asked == "When did she say it?"
    assert "Mette Holm" in events[-1].question
    assert first.asked == ""


def test_talk_keeps_the_conversation_until_told_otherwise(told, tmp_path, monkeypatch, capsys):
    lines = ("What did Mette Holm say about the ferry to Halm?", "When did she say it?", "= When did she say it?")
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join([*lines, "/new", "And she?", "?!"])))
    library = ["--library", str(tmp_path / "library"), "--embedding-model", "hashing", "--reader", "words"]
    assert main(["talk", "--json", *library]) == 1
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row.get("asked") for row in answers[:4]] == [
        "What did Mette Holm say about the ferry to Halm?",
        "When did she say it?",
        "When did she say it?",
        "And she?",
    ]
    assert "Mette Holm" in answers[1]["question"]
    assert answers[2]["question"] == "When did she say it?"
    assert answers[3]["question"] == "And she?"
    assert "error" in answers[4]
