"""The database of the history: SQLite in the library's folder, or the one that several chats share, by SQLAlchemy.

The one rule: one change at a time. SQLite has one writer; PostgreSQL's writers wait for each other here, too.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    NullPool,
    PrimaryKeyConstraint,
    Table,
    Text,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from index.errors import AssistantError

NAME = "history.db"
KINDS = ("sqlite", "postgresql")
WAIT_SECONDS = 20
"""How long one change waits for another, and a connection for its server."""
WRITERS = 0x41_41_48_49
"""The number of the lock that writers to PostgreSQL take, alike in all chats."""
OF_A_FILE = "free space, or move the file away"
OF_A_SERVER = "see that the server runs, that the database is there and that its user may make tables in it"
_WRITES = "history_writes"

TABLES = MetaData()
CONVERSATION = Table(
    "conversation",
    TABLES,
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("changed", Text, nullable=False),
    Index("conversation_owner", "owner", "changed"),
    sqlite_strict=True,
)
TURN = Table(
    "turn",
    TABLES,
    Column("conversation", Text, ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False, autoincrement=False),
    Column("question", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("answer", LargeBinary),
    Column("trouble", Text, nullable=False, default="", server_default=""),
    Column("searched", Text),
    Column("verdict", Text),
    Column("in_tests", Integer, nullable=False, default=0, server_default="0"),
    PrimaryKeyConstraint("conversation", "number"),
    sqlite_strict=True,
)
ARTICLE = Table(
    "article",
    TABLES,
    Column("digest", Text, primary_key=True),
    Column("record", LargeBinary, nullable=False),
    sqlite_strict=True,
)
USED = Table(
    "used",
    TABLES,
    Column("conversation", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("digest", Text, ForeignKey("article.digest"), nullable=False),
    PrimaryKeyConstraint("conversation", "number", "digest"),
    ForeignKeyConstraint(["conversation", "number"], ["turn.conversation", "turn.number"], ondelete="CASCADE"),
    Index("used_digest", "digest"),
    sqlite_strict=True,
)


class HistoryDatabase:
    """Transactions on the tables above. Safe to use from many threads, processes and machines."""

    def __init__(self, engine: Engine) -> None:
        """Take an engine; make the tables that are missing.

        Raises:
            AssistantError: if the database cannot be reached or written, or there is something else under its name.
        """
        self._engine = engine
        is_file = engine.dialect.name == "sqlite"
        self.name = str(engine.url.database) if is_file else engine.url.render_as_string(hide_password=True)
        self._remedy = OF_A_FILE if is_file else OF_A_SERVER
        # One look at the whole: `turns` reads three tables while others write.
        self._reader = (
            engine.execution_options(isolation_level="REPEATABLE READ")
            if engine.dialect.name == "postgresql"
            else engine
        )
        with self.writing() as connection:
            if set(TABLES.tables) - set(inspect(connection).get_table_names()):
                TABLES.create_all(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the whole."""
        with self._telling_trouble(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in one transaction, which is taken back where something fails; others wait meanwhile."""
        engine = self._engine.execution_options(**{_WRITES: True})
        with self._telling_trouble(), engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(WRITERS)))
            yield connection

    def close(self) -> None:
        """Leave the database; what is asked of it later connects again."""
        self._engine.dispose()

    @contextmanager
    def _telling_trouble(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            reason = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()[0]
            raise AssistantError(
                f"the conversations in {self.name} cannot be kept ({reason}): {self._remedy}"
            ) from error


def open_database(folder: Path, url: str = "") -> HistoryDatabase:
    """Open the history's database, or begin one: `history.db` in `folder`, or what an SQLAlchemy URL names.

    Raises:
        AssistantError: if the URL is none, or of another kind than SQLite and PostgreSQL, its driver is missing, or
            the database cannot be used.
    """
    target = _read_url(url) if url else URL.create("sqlite", database=str(folder / NAME))
    try:
        return HistoryDatabase(_make_engine(target))
    except ModuleNotFoundError as error:
        raise AssistantError(
            f"{target.drivername} needs the package {error.name!r}: install it with "
            "`pip install 'article-assistant[postgres]'`"
        ) from error


def insert_new(table: Table, connection: Connection, row: Mapping[str, Any]) -> None:
    """Insert a row where none of its key is there yet."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(table).values(**row).on_conflict_do_nothing())


def _read_url(text: str) -> URL:
    try:
        url = make_url(text)
        kind = url.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        # The text may hold a password, so that it is not shown.
        raise AssistantError(
            "the history's database is no SQLAlchemy URL: write it like "
            "postgresql+psycopg://user:password@host:5432/name or sqlite:////folder/history.db"
        ) from error
    if kind not in KINDS or (kind == "sqlite" and url.database in (None, "", ":memory:")):
        raise AssistantError(
            f"conversations cannot be kept in {url.render_as_string(hide_password=True)}: name a file of SQLite "
            "(sqlite:////folder/history.db), or PostgreSQL (postgresql+psycopg://user:password@host:5432/name)"
        )
    return url


def _make_engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        url = url.update_query_dict({"connect_timeout": str(WAIT_SECONDS), **url.query})
        return create_engine(url, pool_pre_ping=True)
    # Each use opens the file anew, so that it can be moved away, and no thread holds it.
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": WAIT_SECONDS})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # else Python begins transactions itself, later than is right
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITES) else "BEGIN")
