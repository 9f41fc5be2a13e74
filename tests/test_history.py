"""Conversations come back as they were, each to its owner; a verdict becomes a test question that `evaluate` reads."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import page_stand_in as given
import pytest

from assistant.history import NAME, UNFINISHED, UNREADABLE, History
from assistant.questions import read_questions
from assistant.turns import Turn, Verdict
from assistant.votes import keep_test_question
from index.catalogue import Summary
from index.errors import AssistantError, QuestionError
from index.scope import Scope


@pytest.fixture
def history(tmp_path):
    return History(tmp_path)


def keep(history, answer, owner="me", conversation=""):
    conversation, number = history.begin(owner, answer.question, conversation)
    history.finish(owner, conversation, Turn(number, answer.question, answer))
    return conversation


def test_an_answer_comes_back_whole_with_its_articles_kept_once(history):
    scope = Scope(sources=("Example Courier",), first=date(2023, 1, 1))
    first = replace(given.answer("Who?", given.MAYOR, given.RAISED, scope=scope), seconds={"read": 0.5})
    conversation = keep(history, first)
    refused = given.refusal("Why?")
    number = history.begin("me", "Why?", conversation)[1]
    history.finish("me", conversation, Turn(number, "Why?", refused, searched=Summary(2, 9, date(2022, 1, 1), None)))
    one, two = History(history.path.parent).turns("me", conversation)
    assert one.answer == first
    assert two.answer == refused
    assert two.searched == Summary(2, 9, date(2022, 1, 1), None)
    assert (one.number, two.number) == (1, 2)
    with sqlite3.connect(history.path) as connection:
        assert connection.execute("SELECT count(*) FROM article").fetchone() == (1,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_nobody_sees_or_changes_what_another_asked(history):
    conversation = keep(history, given.answer("Who?", given.COST))
    assert history.turns("you", conversation) == ()
    assert history.conversations("you") == []
    history.rename("you", conversation, "Mine")
    history.delete("you", conversation)
    history.judge("you", conversation, 1, Verdict.GOOD)
    other, number = history.begin("you", "And?", conversation)
    assert (other != conversation, number) == (True, 1)
    history.finish("you", conversation, Turn(1, "Who?", trouble="taken"))
    (kept,) = history.turns("me", conversation)
    assert (kept.verdict, kept.trouble) == (None, "")
    assert [item.title for item in history.conversations("me")] == ["Who?"]


def test_conversations_are_listed_newest_first_renamed_and_deleted_with_their_articles(history):
    first = keep(history, given.answer("First?", given.COST))
    second = keep(history, given.answer("Second?", given.CLERK))
    keep(history, given.answer("More?", given.COST), conversation=first)
    assert [item.id for item in history.conversations("me")] == [first, second]
    history.rename("me", second, "  The   clerk ")
    history.rename("me", first, "  ")
    assert [item.title for item in history.conversations("me")] == ["First?", "The clerk"]
    history.delete("me", second)
    assert [item.id for item in history.conversations("me")] == [first]
    with sqlite3.connect(history.path) as connection:
        assert connection.execute("SELECT count(*) FROM article").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM turn").fetchone() == (2,)
    history.finish("me", second, Turn(1, "Second?", given.answer("Second?", given.CLERK)))
    assert history.turns("me", second) == ()


def test_what_came_of_a_question_first_stays(history):
    conversation, number = history.begin("me", "Who?")
    assert history.turns("me", conversation)[0].trouble == UNFINISHED
    history.finish("me", conversation, Turn(number, "Who?", trouble="Stopped."))
    history.finish("me", conversation, Turn(number, "Who?", given.answer("Who?", given.COST)))
    (kept,) = history.turns("me", conversation)
    assert (kept.trouble, kept.answer) == ("Stopped.", None)


def test_an_answer_of_another_version_is_told_and_loses_no_other(history):
    conversation = keep(history, given.answer("One?", given.COST))
    keep(history, given.answer("Two?", given.COST), conversation=conversation)
    with sqlite3.connect(history.path) as connection:
        connection.execute("UPDATE turn SET answer = ? WHERE number = 1", (__import__("zlib").compress(b'{"x": 1}'),))
    one, two = history.turns("me", conversation)
    assert (one.answer, one.trouble) == (None, UNREADABLE)
    assert two.answer.quotes == (given.COST,)


def test_a_history_that_cannot_be_opened_says_so(tmp_path):
    (tmp_path / NAME).write_bytes(b"no database at all" * 100)
    with pytest.raises(AssistantError, match="cannot be kept"):
        History(tmp_path)


def test_many_ask_at_once_and_no_turn_is_lost(history):
    conversation = keep(history, given.answer("First?", given.COST))

    def ask(number):
        keep(history, given.answer(f"Question {number}?", given.COST), conversation=conversation)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(16)))
    turns = history.turns("me", conversation)
    assert [turn.number for turn in turns] == list(range(1, 18))
    assert {turn.answer.question for turn in turns} == {"First?", *(f"Question {number}?" for number in range(16))}


# ---- verdicts


def test_verdicts_are_kept_changed_and_taken_back(history):
    conversation = keep(history, given.answer("Who?", given.COST))
    history.judge("me", conversation, 1, Verdict.GOOD)
    history.judge("me", conversation, 1, Verdict.WRONG_SOURCE)
    history.note_test("me", conversation, 1)
    assert history.verdicts() == {Verdict.WRONG_SOURCE: 1}
    (kept,) = history.turns("me", conversation)
    assert (kept.verdict, kept.in_tests) == (Verdict.WRONG_SOURCE, True)
    history.judge("me", conversation, 1, None)
    assert history.verdicts() == {}


@pytest.mark.parametrize(
    ("verdict", "fields", "answers", "evidence"),
    [
        (Verdict.GOOD, {}, ("14 million euros",), (given.HARBOUR.id,)),
        (
            Verdict.WRONG_SOURCE,
            {"article": " https://x.example.org/y "},
            ("14 million euros",),
            ("https://x.example.org/y",),
        ),
        (Verdict.WRONG_ANSWER, {"right": "Seven\u2028million\n\n7 million"}, ("Seven", "million", "7 million"), ()),
        (Verdict.SHOULD_REFUSE, {"right": "ignored", "article": "ignored"}, (), ()),
    ],
)
def test_a_verdict_becomes_a_test_question_that_evaluate_reads(tmp_path, verdict, fields, answers, evidence):
    turn = Turn(1, "What does\nit cost?", given.answer("What does it cost?", given.COST))
    path = keep_test_question(tmp_path, "one", turn, Verdict.GOOD)
    keep_test_question(tmp_path, "two", turn, verdict, **fields)
    path = keep_test_question(tmp_path, "one", turn, verdict, **fields)
    questions = read_questions(path)
    assert sorted(question.id for question in questions) == ["one", "two"]
    assert {question.question for question in questions} == {"What does it cost?"}
    assert {question.answers for question in questions} == {answers}
    assert {question.evidence for question in questions} == {evidence}


def test_a_refusal_that_is_good_is_to_be_refused_again(tmp_path):
    (question,) = read_questions(
        keep_test_question(tmp_path, "one", Turn(1, "Why?", given.refusal("Why?")), Verdict.GOOD)
    )
    assert (question.answers, question.evidence) == ((), ())


def test_what_is_right_must_be_known_and_a_broken_file_is_left_alone(tmp_path):
    turn = Turn(1, "Who?", given.answer("Who?", given.COST))
    with pytest.raises(QuestionError, match="right answer"):
        keep_test_question(tmp_path, "one", turn, Verdict.WRONG_ANSWER, right=" \n")
    path = keep_test_question(tmp_path, "one", turn, Verdict.GOOD)
    path.write_text("my notes\n")
    with pytest.raises(QuestionError, match="line 1"):
        keep_test_question(tmp_path, "two", turn, Verdict.GOOD)
    assert path.read_text() == "my notes\n"
