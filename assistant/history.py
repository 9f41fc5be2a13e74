"""Conversations and verdicts, kept in `history.db` in the library's folder or in a database that several chats share.

The one rule: nobody sees, changes or deletes a conversation of another owner; to them it is not there. Whoever holds
the library's folder can collect questions from all of them, without a name.
"""

import secrets
import threading
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from assistant.history_database import (
    ARTICLE,
    CONVERSATION,
    TURN,
    USED,
    HistoryDatabase,
    insert_new,
    open_database,
)
from assistant.history_rows import storable, to_outcome, to_title, to_turn, unpack
from assistant.turns import Turn, Verdict
from index.errors import AssistantError

MOST_OWED = 1_000
"""So many answers are held in memory while the database is away; of more the oldest are let go."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation in the list."""

    id: str
    title: str
    changed: datetime


def open_history(folder: Path, url: str = "") -> "History":
    """The history in a library's folder, or in the database that an SQLAlchemy URL names.

    Raises:
        AssistantError: if it cannot be opened or written; see `assistant.history_database.open_database`.
    """
    return History(open_database(folder, url))


class History:
    """Conversations, each of one owner. Safe to use from many threads, processes and machines."""

    def __init__(self, database: HistoryDatabase) -> None:
        """Take a finished database; `open_history` makes it."""
        self.database = database
        self._owed: deque[tuple[str, str, Turn]] = deque(maxlen=MOST_OWED)
        self._paying = threading.Lock()

    def begin(self, owner: str, question: str, conversation: str = "") -> tuple[str, int]:
        """Keep a question before it is answered, in a new conversation where the owner has none of that id.

        Returns:
            The conversation's id and the turn's number.
        """
        self._write_owed()
        now, question = _now(), storable(question)
        with self.database.writing() as connection:
            if not _owns(connection, owner, conversation):
                conversation = secrets.token_urlsafe(12)
                row = {"id": conversation, "owner": owner, "title": to_title(question), "changed": now}
                connection.execute(insert(CONVERSATION).values(row))
            last = connection.scalar(select(func.max(TURN.c.number)).where(TURN.c.conversation == conversation))
            number = (last or 0) + 1
            connection.execute(
                insert(TURN).values(conversation=conversation, number=number, question=question, asked=now)
            )
            connection.execute(update(CONVERSATION).where(CONVERSATION.c.id == conversation).values(changed=now))
        return conversation, number

    def finish(self, owner: str, conversation: str, turn: Turn) -> None:
        """Keep what came of a question, once: what came of it first stays, as where it was stopped.

        Nothing happens where its conversation was deleted meanwhile.

        Raises:
            AssistantError: if the database is away. It is then held in memory, and written when the next question
                comes or a conversation is read, and the database is there again.
        """
        try:
            self._finish(owner, conversation, turn)
        except AssistantError:
            self._owed.append((owner, conversation, turn))
            raise

    def _write_owed(self) -> None:
        """Keep what could not be kept before; what still cannot be goes on waiting."""
        if not self._owed or not self._paying.acquire(blocking=False):
            return
        try:
            while self._owed:
                self._finish(*self._owed[0])
                self._owed.popleft()
        except AssistantError:
            return
        finally:
            self._paying.release()

    def _finish(self, owner: str, conversation: str, turn: Turn) -> None:
        outcome, articles = to_outcome(turn)
        with self.database.writing() as connection:
            if not _owns(connection, owner, conversation):
                return
            changed = connection.execute(
                update(TURN).where(*_open_turn(conversation, turn.number)).values(**outcome)
            ).rowcount
            for digest, article in articles.items() if changed else ():
                insert_new(ARTICLE, connection, {"digest": digest, "record": article})
                insert_new(USED, connection, {"conversation": conversation, "number": turn.number, "digest": digest})

    def is_ended(self, conversation: str, number: int) -> bool:
        """Whether it is kept what came of a question, or the question is not kept any more."""
        with self.database.reading() as connection:
            return connection.scalar(select(TURN.c.number).where(*_open_turn(conversation, number))) is None

    def turns(self, owner: str, conversation: str) -> tuple[Turn, ...]:
        """The turns of a conversation, oldest first; none where the owner has no such conversation."""
        self._write_owed()
        with self.database.reading() as connection:
            if not _owns(connection, owner, conversation):
                return ()
            rows = connection.execute(
                select(TURN).where(TURN.c.conversation == conversation).order_by(TURN.c.number)
            ).all()
            used = select(USED.c.digest).where(USED.c.conversation == conversation)
            articles = {
                digest: unpack(record)
                for digest, record in connection.execute(select(ARTICLE).where(ARTICLE.c.digest.in_(used)))
            }
        return tuple(to_turn(row, articles) for row in rows)

    def conversations(self, owner: str) -> list[Conversation]:
        """The owner's conversations, the one last asked in first."""
        with self.database.reading() as connection:
            rows = connection.execute(
                select(CONVERSATION)
                .where(CONVERSATION.c.owner == owner)
                .order_by(CONVERSATION.c.changed.desc(), CONVERSATION.c.id)
            ).all()
        return [Conversation(row.id, row.title, datetime.fromisoformat(row.changed)) for row in rows]

    def rename(self, owner: str, conversation: str, title: str) -> None:
        """Give a conversation another title; a blank one is not taken."""
        if title := to_title(storable(title)):
            with self.database.writing() as connection:
                connection.execute(update(CONVERSATION).where(*_owned(owner, conversation)).values(title=title))

    def delete(self, owner: str, conversation: str) -> None:
        """Forget a conversation with its verdicts, and the articles that no other one holds."""
        with self.database.writing() as connection:
            connection.execute(delete(CONVERSATION).where(*_owned(owner, conversation)))
            connection.execute(delete(ARTICLE).where(ARTICLE.c.digest.not_in(select(USED.c.digest))))

    def judge(self, owner: str, conversation: str, number: int, verdict: Verdict | None) -> None:
        """Keep what the owner thinks of an answer; None takes it back."""
        self._change_turn(owner, conversation, number, verdict=verdict and verdict.value)

    def note_test(self, owner: str, conversation: str, number: int) -> None:
        """Note that a turn was made a test question."""
        self._change_turn(owner, conversation, number, in_tests=1)

    def all_turns(self) -> list[Turn]:
        """The turns of all owners that are judged or answered, the latest first; none tells whose it is."""
        kept = TURN.c.answer.is_not(None) | TURN.c.verdict.is_not(None)
        latest = TURN.c.asked.desc(), TURN.c.conversation, TURN.c.number.desc()
        used: dict[tuple[str, int], dict[str, str]] = {}
        with self.database.reading() as connection:
            rows = connection.execute(select(TURN).where(kept).order_by(*latest)).all()
            opened = {digest: unpack(record) for digest, record in connection.execute(select(ARTICLE))}
            for conversation, number, digest in connection.execute(select(USED)):
                used.setdefault((conversation, number), {})[digest] = opened[digest]
        return [to_turn(row, used.get((row.conversation, row.number), {})) for row in rows]

    def _change_turn(self, owner: str, conversation: str, number: int, **values: str | int | None) -> None:
        owned = select(CONVERSATION.c.id).where(*_owned(owner, conversation))
        with self.database.writing() as connection:
            connection.execute(
                update(TURN).where(TURN.c.number == number, TURN.c.conversation.in_(owned)).values(**values)
            )


def _owns(connection: Connection, owner: str, conversation: str) -> bool:
    return connection.scalar(select(CONVERSATION.c.id).where(*_owned(owner, conversation))) is not None


def _owned(owner: str, conversation: str) -> tuple[ColumnElement[bool], ...]:
    return CONVERSATION.c.id == storable(conversation), CONVERSATION.c.owner == owner


def _open_turn(conversation: str, number: int) -> tuple[ColumnElement[bool], ...]:
    """A question of which nothing came yet."""
    return (
        TURN.c.conversation == conversation,
        TURN.c.number == number,
        TURN.c.answer.is_(None),
        TURN.c.trouble == "",
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
