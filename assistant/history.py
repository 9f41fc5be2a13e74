"""Conversations and verdicts, kept in `history.db` in the library's folder.

The one rule: nobody sees, changes or deletes a conversation of another owner; to them it is not there. Whoever holds
the library's folder can collect questions from all of them, without a name.
"""

import json
import secrets
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from assistant.answer import Answer
from assistant.kept_answers import decode_answer, encode_answer
from assistant.turns import Turn, Verdict
from index.catalogue import Summary
from index.errors import AssistantError

NAME = "history.db"
TITLE_LENGTH = 80
WAIT_SECONDS = 20
UNREADABLE = "This answer was kept by another version of the program and cannot be shown: ask again."
UNFINISHED = "This was not answered."


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation in the list."""

    id: str
    title: str
    changed: datetime


class History:
    """Conversations, each of one owner. Safe to use from many threads and processes."""

    def __init__(self, folder: Path) -> None:
        """Open the history in a library's folder, or begin one.

        Raises:
            AssistantError: if there is something else under its name, or it cannot be written.
        """
        self.path = folder / NAME
        schema = (Path(__file__).parent / "history.sql").read_text(encoding="utf-8")
        with self._connect() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(schema)

    def begin(self, owner: str, question: str, conversation: str = "") -> tuple[str, int]:
        """Keep a question before it is answered, in a new conversation where the owner has none of that id.

        Returns:
            The conversation's id and the turn's number.
        """
        now = _now()
        with self._open() as connection:
            if not _owns(connection, owner, conversation):
                conversation = secrets.token_urlsafe(12)
                connection.execute(
                    "INSERT INTO conversation VALUES (?, ?, ?, ?)", (conversation, owner, _to_title(question), now)
                )
            (number,) = connection.execute(
                "SELECT coalesce(max(number), 0) + 1 FROM turn WHERE conversation = ?", (conversation,)
            ).fetchone()
            connection.execute(
                "INSERT INTO turn (conversation, number, question, asked) VALUES (?, ?, ?, ?)",
                (conversation, number, question, now),
            )
            connection.execute("UPDATE conversation SET changed = ? WHERE id = ?", (now, conversation))
        return conversation, number

    def finish(self, owner: str, conversation: str, turn: Turn) -> None:
        """Keep what came of a question, once: what came of it first stays, as where it was stopped.

        Nothing happens where its conversation was deleted meanwhile.
        """
        answer, articles = encode_answer(turn.answer) if turn.answer else (None, {})
        with self._open() as connection:
            if not _owns(connection, owner, conversation):
                return
            changed = connection.execute(
                "UPDATE turn SET answer = ?, trouble = ?, searched = ? "
                "WHERE conversation = ? AND number = ? AND answer IS NULL AND trouble = ''",
                (
                    answer and zlib.compress(answer.encode()),
                    turn.trouble,
                    _write_summary(turn.searched),
                    conversation,
                    turn.number,
                ),
            ).rowcount
            for digest, article in articles.items() if changed else ():
                connection.execute(
                    "INSERT OR IGNORE INTO article VALUES (?, ?)", (digest, zlib.compress(article.encode()))
                )
                connection.execute("INSERT OR IGNORE INTO used VALUES (?, ?, ?)", (conversation, turn.number, digest))

    def is_ended(self, conversation: str, number: int) -> bool:
        """Whether it is kept what came of a question, or the question is not kept any more."""
        with self._connect() as connection:
            found = connection.execute(
                "SELECT 1 FROM turn WHERE conversation = ? AND number = ? AND answer IS NULL AND trouble = ''",
                (conversation, number),
            )
            return found.fetchone() is None

    def turns(self, owner: str, conversation: str) -> tuple[Turn, ...]:
        """The turns of a conversation, oldest first; none where the owner has no such conversation."""
        with self._open() as connection:
            if not _owns(connection, owner, conversation):
                return ()
            rows = connection.execute(
                "SELECT number, question, answer, trouble, searched, asked, verdict, in_tests FROM turn "
                "WHERE conversation = ? ORDER BY number",
                (conversation,),
            ).fetchall()
            articles = {
                digest: zlib.decompress(record).decode()
                for digest, record in connection.execute(
                    "SELECT digest, record FROM article WHERE digest IN "
                    "(SELECT digest FROM used WHERE conversation = ?)",
                    (conversation,),
                )
            }
        return tuple(_to_turn(row, articles) for row in rows)

    def conversations(self, owner: str) -> list[Conversation]:
        """The owner's conversations, the one last asked in first."""
        with self._open() as connection:
            rows = connection.execute(
                "SELECT id, title, changed FROM conversation WHERE owner = ? ORDER BY changed DESC, rowid DESC",
                (owner,),
            ).fetchall()
        return [Conversation(name, title, datetime.fromisoformat(changed)) for name, title, changed in rows]

    def rename(self, owner: str, conversation: str, title: str) -> None:
        """Give a conversation another title; a blank one is not taken."""
        if title := _to_title(title):
            self._change("UPDATE conversation SET title = ? WHERE id = ? AND owner = ?", (title, conversation, owner))

    def delete(self, owner: str, conversation: str) -> None:
        """Forget a conversation with its verdicts, and the articles that no other one holds."""
        with self._open() as connection:
            connection.execute("DELETE FROM conversation WHERE id = ? AND owner = ?", (conversation, owner))
            connection.execute("DELETE FROM article WHERE digest NOT IN (SELECT digest FROM used)")

    def judge(self, owner: str, conversation: str, number: int, verdict: Verdict | None) -> None:
        """Keep what the owner thinks of an answer; None takes it back."""
        self._change_turn("verdict = ?", verdict, owner, conversation, number)

    def note_test(self, owner: str, conversation: str, number: int) -> None:
        """Note that a turn was made a test question."""
        self._change_turn("in_tests = ?", 1, owner, conversation, number)

    def verdicts(self) -> dict[Verdict, int]:
        """How often each verdict was given, by all owners."""
        with self._open() as connection:
            rows = connection.execute(
                "SELECT verdict, count(*) FROM turn WHERE verdict IS NOT NULL GROUP BY verdict"
            ).fetchall()
        return {Verdict(verdict): number for verdict, number in rows}

    def all_turns(self) -> list[Turn]:
        """The turns of all owners that are judged or answered, the latest first; none tells whose it is."""
        with self._open() as connection:
            rows = connection.execute(
                "SELECT conversation, number, question, answer, trouble, searched, asked, verdict, in_tests FROM turn "
                "WHERE answer IS NOT NULL OR verdict IS NOT NULL ORDER BY asked DESC, rowid DESC"
            ).fetchall()
            used: dict[tuple[str, int], dict[str, str]] = {}
            opened: dict[str, str] = {}
            for conversation, number, digest, record in connection.execute(
                "SELECT conversation, number, digest, record FROM used JOIN article USING (digest)"
            ):
                if digest not in opened:
                    opened[digest] = zlib.decompress(record).decode()
                used.setdefault((conversation, number), {})[digest] = opened[digest]
        return [_to_turn(row, used.get((conversation, row[0]), {})) for conversation, *row in rows]

    def _change_turn(self, assignment: str, value: object, owner: str, conversation: str, number: int) -> None:
        self._change(
            f"UPDATE turn SET {assignment} WHERE conversation = ? AND number = ? "
            "AND conversation IN (SELECT id FROM conversation WHERE owner = ?)",
            (value, conversation, number, owner),
        )

    def _change(self, statement: str, values: tuple[object, ...]) -> None:
        with self._open() as connection:
            connection.execute(statement, values)

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=WAIT_SECONDS, isolation_level=None)) as connection:
                yield connection
        except sqlite3.Error as error:
            raise AssistantError(
                f"the conversations in {self.path} cannot be kept ({error}): free space, or move the file away"
            ) from error

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection in one transaction, which is taken back where something fails."""
        with self._connect() as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _owns(connection: sqlite3.Connection, owner: str, conversation: str) -> bool:
    found = connection.execute("SELECT 1 FROM conversation WHERE id = ? AND owner = ?", (conversation, owner))
    return found.fetchone() is not None


def _to_turn(row: Sequence[Any], articles: Mapping[str, str]) -> Turn:
    number, question, kept, trouble, searched, asked, verdict, in_tests = row
    answer: Answer | None = None
    if kept is not None:
        try:
            answer = decode_answer(zlib.decompress(kept).decode(), articles)
        except (KeyError, ValueError, AssistantError):
            trouble = UNREADABLE
    return Turn(
        number,
        question,
        answer,
        trouble or ("" if answer else UNFINISHED),
        _read_summary(searched),
        datetime.fromisoformat(asked),
        Verdict(verdict) if verdict else None,
        bool(in_tests),
    )


def _write_summary(summary: Summary | None) -> str | None:
    if summary is None:
        return None
    days = [day.isoformat() if day else None for day in (summary.first, summary.last)]
    return json.dumps([summary.articles, summary.passages, *days])


def _read_summary(kept: str | None) -> Summary | None:
    if kept is None:
        return None
    articles, passages, *days = json.loads(kept)
    first, last = (date.fromisoformat(day) if day else None for day in days)
    return Summary(articles, passages, first, last)


def _to_title(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= TITLE_LENGTH else words[: TITLE_LENGTH - 1].rsplit(" ", 1)[0] + "…"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
