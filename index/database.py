"""The library's file: an SQLite database in WAL mode, a connection a thread, one writer at a time.

The one rule: what SQLite raises leaves here as a `LibraryError` that tells the remedy.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path

from index.errors import LibraryBusyError, LibraryError
from index.stored import DAMAGED, add_functions
from index.text_rows import CURRENT, EARLIER, weigh_columns

FORMAT = 6
SCHEMA = ("schema.sql", "schema_kept.sql", "schema_sources.sql", "schema_files.sql", "schema_embedded.sql")
DATABASE = "library.db"
LOCK = "sync.lock"
BUSY_SECONDS = 30.0
LOCK_SECONDS = 10.0
FREE_SHARE = 0.1


def make_database(path: Path) -> None:
    """Make an empty database beside `path` and rename it, so that nobody ever opens half a schema.

    Where another process is making it, it is waited for, and what it made is kept.

    Raises:
        LibraryError: if the folder cannot be written.
    """
    from filelock import FileLock

    making = path.with_suffix(".making")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(making, timeout=LOCK_SECONDS):
            if not path.exists():
                _make_database(path)
        with suppress(OSError):  # gone, or waited for still; who waits finds the database
            making.unlink()
    except (OSError, sqlite3.Error) as error:
        raise LibraryError(
            f"no library can be made in {path.parent} ({error}): name a folder that can be written"
        ) from error


def _make_database(path: Path) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    connection = sqlite3.connect(fresh)
    connection.executescript("".join(read_script(name) for name in SCHEMA))
    with connection:
        connection.execute("INSERT INTO meta VALUES ('format', ?), ('revision', 0)", (FORMAT,))
        for table in (CURRENT, EARLIER):
            weigh_columns(connection, table)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    fresh.replace(path)


def read_script(name: str) -> str:
    """An SQL script that comes with the program."""
    return resources.files("index").joinpath(name).read_text(encoding="utf-8")


def give_back(connection: sqlite3.Connection) -> None:
    """Give the disk back what is free in the file, where that is more than a little."""
    (free,), (pages,) = (connection.execute(f"PRAGMA {name}_count").fetchone() for name in ("freelist", "page"))
    if free <= FREE_SHARE * pages:
        return
    with suppress(sqlite3.Error):  # somebody else writes, or the disk is full: it is used again then
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class Database:
    """A database that is there. Safe to use from many threads: each has its own connection."""

    def __init__(self, folder: Path) -> None:
        """Open the database in `folder` when it is first used."""
        self.folder = folder
        self._local = threading.local()

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        if not hasattr(self._local, "connection"):
            with self.reporting():
                connection = _connect(self.folder / DATABASE)
                connection.execute("PRAGMA synchronous = NORMAL")
                connection.execute("PRAGMA foreign_keys = ON")
                add_functions(connection)
            self._local.connection = connection
        return self._local.connection  # type: ignore[no-any-return]

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only one who syncs.

        Raises:
            LibraryBusyError: if another process has been syncing for longer than anyone wants to wait.
        """
        from filelock import FileLock, Timeout

        lock = FileLock(self.folder / LOCK)
        try:
            lock.acquire(timeout=LOCK_SECONDS)
        except Timeout as error:
            raise LibraryBusyError(f"another sync is writing to {self.folder}: try again when it is done") from error
        except OSError as error:
            raise LibraryError(
                f"the library in {self.folder} cannot be written ({error}): make the folder writable, or copy it to "
                "one that is"
            ) from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Turn what SQLite raises into a `LibraryError` with a remedy."""
        try:
            yield
        except sqlite3.Error as error:
            raise LibraryError(f"the library in {self.folder}: {error}{_remedy(str(error))}") from error

    def one(self, query: str, *values: object) -> tuple | None:  # type: ignore[type-arg]
        """The first row of what is selected."""
        with self.reporting():
            return self.connection.execute(query, values).fetchone()  # type: ignore[no-any-return]

    def all(self, query: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        """Every row of what is selected."""
        with self.reporting():
            return self.connection.execute(query, values).fetchall()

    def close(self) -> None:
        """Close this thread's connection."""
        if hasattr(self._local, "connection"):
            self._local.connection.close()
            del self._local.connection


@contextmanager
def transaction(database: Database) -> Iterator[sqlite3.Connection]:
    """One write transaction, rolled back whatever goes wrong inside."""
    with database.reporting():
        connection = database.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _connect(file: Path) -> sqlite3.Connection:
    """Open the database; in a folder that cannot be written it is only read."""
    if os.access(file.parent, os.W_OK):
        return sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)
    for mode in (
        "mode=ro",
        "immutable=1",
    ):  # the second where nobody writes: then the files that writers share are gone
        address = f"{file.resolve().as_uri()}?{mode}"
        connection = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            connection.execute("SELECT 1 FROM meta").fetchone()
        except sqlite3.OperationalError:
            if mode == "immutable=1":
                raise
        else:
            return connection
    raise AssertionError("unreachable")


def _remedy(message: str) -> str:
    if "full" in message or "disk I/O error" in message:
        return ": free some space; what was committed before is unharmed"
    if "malformed" in message or "not a database" in message:
        return ": the file is damaged; restore it from a copy, or run `article-assistant recover NEW_FOLDER`"
    if "user-defined function" in message:
        return f": {DAMAGED}"
    if "locked" in message:
        return f": another process has been writing for over {BUSY_SECONDS:.0f} s; try again when it is done"
    if "readonly" in message or "unable to open" in message:
        return ": the folder must be readable, and writable for the library's own files"
    return ""
