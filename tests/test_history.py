"""Conversations come back as they were, each to its owner; a verdict becomes a test question that `evaluate` reads."""

import html
import os
import re
import sqlite3
import subprocess
import sys
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date

import page_stand_in as given
import pytest
from sqlalchemy import update

from assistant.history import open_history
from assistant.history_database import NAME, TURN
from assistant.history_rows import UNFINISHED, UNREADABLE
from assistant.page.parts import Parts
from assistant.page.replies import reply
from assistant.questions import read_questions
from assistant.turns import Turn, Verdict
from assistant.votes import keep_test_question
from index.errors import AssistantError, QuestionError
from index.lists import Summary
from index.scope import Scope

SHARED = os.environ.get("TEST_HISTORY", "")
"""A PostgreSQL database that may be emptied, to run these tests on it as well."""


def url_of(kind, folder):
    """The URL of an empty history: "" is the default."""
    if kind == "postgresql":
        import sqlalchemy

        engine = sqlalchemy.create_engine(SHARED)
        with engine.begin() as connection:
            for table in ("used", "article", "turn", "conversation"):
                connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
        engine.dispose()
        return SHARED
    return f"sqlite:///{folder / 'shared.db'}" if kind == "sqlite url" else ""


@pytest.fixture(params=["file", "postgresql"])
def history(request, tmp_path):
    if request.param == "postgresql" and not SHARED:
        pytest.skip("TEST_HISTORY names no PostgreSQL database")
    opened = open_history(tmp_path, url_of(request.param, tmp_path))
    yield opened
    opened.database.close()


def rows(history, table):
    with history.database.reading() as connection:
        return connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()


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
    one, two = history.turns("me", conversation)
    assert one.answer == first
    assert two.answer == refused
    assert two.searched == Summary(2, 9, date(2022, 1, 1), None)
    assert (one.number, two.number) == (1, 2)
    assert rows(history, "article") == 1


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
    assert (rows(history, "article"), rows(history, "turn")) == (1, 2)
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
    with history.database.writing() as connection:
        connection.execute(update(TURN).where(TURN.c.number == 1).values(answer=zlib.compress(b'{"x": 1}')))
    one, two = history.turns("me", conversation)
    assert (one.answer, one.trouble) == (None, UNREADABLE)
    assert two.answer.quotes == (given.COST,)


def test_a_history_that_cannot_be_opened_says_so(tmp_path):
    (tmp_path / NAME).write_bytes(b"no database at all" * 100)
    with pytest.raises(AssistantError, match="cannot be kept"):
        open_history(tmp_path)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("here:secret@there", "is no SQLAlchemy URL"),
        ("oracle://me:secret@127.0.0.1/name", r"oracle://me:\*\*\*@127.0.0.1/name"),
        ("sqlite://", "name a file"),
        ("postgresql+psycopg2://me:secret@127.0.0.1/name", "article-assistant.postgres"),
        ("postgresql+psycopg://me:secret@127.0.0.1:1/name", "see that the server runs"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_without_its_password(tmp_path, url, told):
    pytest.importorskip("psycopg", reason="PostgreSQL's driver is an extra")
    with pytest.raises(AssistantError, match=told) as raised:
        open_history(tmp_path, url)
    assert "secret" not in str(raised.value)
    assert list(tmp_path.iterdir()) == []


BEFORE = """
CREATE TABLE conversation (id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, changed TEXT NOT NULL) STRICT;
CREATE INDEX conversation_owner ON conversation (owner, changed);
CREATE TABLE turn (conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE, number INTEGER NOT NULL,
    question TEXT NOT NULL, asked TEXT NOT NULL, answer BLOB, trouble TEXT NOT NULL DEFAULT '', searched TEXT,
    verdict TEXT, in_tests INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (conversation, number)) STRICT;
CREATE TABLE article (digest TEXT PRIMARY KEY, record BLOB NOT NULL) STRICT;
CREATE TABLE used (conversation TEXT NOT NULL, number INTEGER NOT NULL, digest TEXT NOT NULL REFERENCES article,
    PRIMARY KEY (conversation, number, digest),
    FOREIGN KEY (conversation, number) REFERENCES turn (conversation, number) ON DELETE CASCADE) STRICT;
CREATE INDEX used_digest ON used (digest);
INSERT INTO conversation VALUES ('old', 'me', 'Who paid?', '2024-05-01T10:00:00.123+00:00');
INSERT INTO turn VALUES ('old', 1, 'Who paid?', '2024-05-01T10:00:00.123+00:00', NULL, 'Stopped.',
    '[2, 9, null, "2024-04-30"]', 'wrong answer', 1);
"""
"""A history as it was made before it could be shared."""


def test_a_history_of_an_earlier_version_is_as_it_was_and_goes_on(tmp_path):
    with closing(sqlite3.connect(tmp_path / NAME)) as connection:
        connection.executescript(BEFORE)
        made = connection.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()
    history = open_history(tmp_path)
    (old,) = history.turns("me", "old")
    assert (old.question, old.trouble, old.verdict, old.in_tests) == (
        "Who paid?",
        "Stopped.",
        Verdict.WRONG_ANSWER,
        True,
    )
    assert old.searched == Summary(2, 9, None, date(2024, 4, 30))
    keep(history, given.answer("And then?", given.COST), conversation="old")
    assert [turn.number for turn in history.turns("me", "old")] == [1, 2]
    history.delete("me", "old")
    with closing(sqlite3.connect(tmp_path / NAME)) as connection:
        assert connection.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall() == made
        assert connection.execute("SELECT count(*) FROM used").fetchone() == (0,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_what_no_database_can_hold_is_kept_readably(history):
    conversation, number = history.begin("me", "Wh\0 \ud83d?", "x\0")
    history.finish("me", conversation, Turn(number, "", trouble="no\0"))
    (kept,) = history.turns("me", conversation)
    assert (kept.question, kept.trouble) == ("Wh\ufffd ??", "no\ufffd")


CHAT = """
import sys
import page_stand_in as given
from assistant.history import open_history
from assistant.turns import Turn, Verdict
folder, url, conversation, questions = sys.argv[1:]
history = open_history(__import__("pathlib").Path(folder), url)
for number in range(int(questions)):
    conversation, turn = history.begin("me", f"Question {number}?", conversation)
    history.finish("me", conversation, Turn(turn, "", given.answer(f"Question {number}?", given.COST)))
history.judge("me", conversation, 1, Verdict.GOOD)
"""


@pytest.mark.parametrize("kind", ["sqlite url", "postgresql"])
def test_two_chats_share_conversations_and_votes(tmp_path, kind):
    if kind == "postgresql" and not SHARED:
        pytest.skip("TEST_HISTORY names no PostgreSQL database")
    url = url_of(kind, tmp_path)
    here = open_history(tmp_path, url)
    conversation = keep(here, given.answer("First?", given.COST))
    away = [
        subprocess.Popen([sys.executable, "-c", CHAT, str(tmp_path / name), url, conversation, "5"],
                         env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
        for name in ("one", "two")
    ]  # fmt: skip
    for number in range(5):
        keep(here, given.answer(f"Question {number}?", given.COST), conversation=conversation)
    assert [chat.wait(60) for chat in away] == [0, 0]
    turns = here.turns("me", conversation)
    assert [turn.number for turn in turns] == list(range(1, 17))
    assert sorted(turn.answer.question for turn in turns[1:]) == [f"Question {n}?" for n in range(5) for _ in range(3)]
    assert [turn.verdict for turn in here.all_turns() if turn.verdict] == [Verdict.GOOD]
    assert rows(here, "article") == 1
    assert [item.id for item in here.conversations("me")] == [conversation]
    here.delete("me", conversation)
    assert rows(here, "article") == rows(here, "used") == 0
    here.database.close()


def test_many_ask_at_once_and_no_turn_is_lost(history):
    conversation = keep(history, given.answer("First?", given.COST))

    def ask(number):
        keep(history, given.answer(f"Question {number}?", given.COST), conversation=conversation)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(16)))
    turns = history.turns("me", conversation)
    assert [turn.number for turn in turns] == list(range(1, 18))
    assert {turn.answer.question for turn in turns} == {"First?", *(f"Question {number}?" for number in range(16))}


STUCK = """
import sys, time
from pathlib import Path
from assistant.history import open_history
from assistant.history_database import CONVERSATION
history = open_history(Path(sys.argv[1]), sys.argv[2])
with history.database.writing() as connection:
    connection.execute(CONVERSATION.insert().values(id="half", owner="me", title="Half", changed="2024"))
    print("writing", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("kind", ["sqlite url", "postgresql"])
def test_a_chat_that_is_killed_while_it_writes_holds_up_no_other(tmp_path, kind):
    if kind == "postgresql" and not SHARED:
        pytest.skip("TEST_HISTORY names no PostgreSQL database")
    url = url_of(kind, tmp_path)
    here = open_history(tmp_path, url)
    stuck = subprocess.Popen([sys.executable, "-c", STUCK, str(tmp_path), url], stdout=subprocess.PIPE,
                             env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})  # fmt: skip
    with stuck:
        assert stuck.stdout.readline() == b"writing\n"
        threading.Timer(0.3, stuck.kill).start()
        conversation = keep(here, given.answer("Who?", given.COST))
    assert [item.id for item in here.conversations("me")] == [conversation]
    here.database.close()


def words_of(frame):
    return re.sub("<[^>]+>", "", frame.current)


def test_an_answer_is_shown_while_its_database_is_away_and_kept_when_it_is_back(tmp_path):
    folder = tmp_path / "history"
    folder.mkdir()
    parts = Parts(given.StandIn(tmp_path), tmp_path, open_history(folder))
    asking = reply(parts, "me", "", "What did the mayor say?")
    conversation = next(asking).conversation
    folder.rename(tmp_path / "away")
    *_, last = asking
    assert last.turn.answer.quotes
    assert html.escape(last.turn.answer.quotes[0].text) in words_of(last)
    assert re.search(r"This is not kept yet.*history\.db cannot be kept \(unable to open", words_of(last))
    with pytest.raises(AssistantError, match="cannot be kept"):
        next(reply(parts, "me", conversation, "What is the cost?"))
    with pytest.raises(AssistantError, match="cannot be kept"):
        parts.history.turns("me", conversation)
    (tmp_path / "away").rename(folder)
    (kept,) = parts.history.turns("me", conversation)
    assert kept.answer == last.turn.answer
    *_, last = reply(parts, "me", conversation, "What is the cost?")
    assert "not kept" not in words_of(last)
    assert [turn.number for turn in parts.history.turns("me", conversation)] == [1, 2]


def lose_connection(database):
    with database.writing() as connection:
        own = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with database.reading() as other:
            other.exec_driver_sql(f"SELECT pg_terminate_backend({own})")
        connection.exec_driver_sql("SELECT 1")


def test_a_lost_connection_is_made_anew(history):
    if not SHARED or history.database.name.endswith(".db"):
        pytest.skip("a file has no connection to lose")
    conversation = keep(history, given.answer("First?", given.COST))
    with history.database.reading() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    number = history.begin("me", "Second?", conversation)[1]
    turn = Turn(number, "Second?", given.answer("Second?", given.COST))
    with pytest.raises(AssistantError, match="cannot be kept"):
        lose_connection(history.database)
    history.finish("me", conversation, turn)
    assert [kept.answer.question for kept in history.turns("me", conversation)] == ["First?", "Second?"]


# ---- verdicts


def test_verdicts_are_kept_changed_and_taken_back(history):
    conversation = keep(history, given.answer("Who?", given.COST))
    history.judge("me", conversation, 1, Verdict.GOOD)
    history.judge("me", conversation, 1, Verdict.WRONG_SOURCE)
    history.note_test("me", conversation, 1)
    (kept,) = history.turns("me", conversation)
    assert (kept.verdict, kept.in_tests) == (Verdict.WRONG_SOURCE, True)
    history.judge("me", conversation, 1, None)
    assert history.turns("me", conversation)[0].verdict is None


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
