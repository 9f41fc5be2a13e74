"""What articles said before they were edited or put away, and the log of what happened.

The one rule: an earlier version keeps its passages with their ids and vectors, so that nothing is embedded again.
"""

import sqlite3
from datetime import UTC, datetime

from index.scope import to_moment

COLUMNS = "id, title, text, url, source, published, authors, origin, digest, removed, added, seen"


def keep_version(connection: sqlite3.Connection, number: int, until: str, removal: int | None = None) -> int:
    """Copy the current version of an article to the earlier ones, within a transaction; its number there."""
    lines = "(SELECT json_group_array(json_array(digest, words)) FROM line WHERE article = ?)"
    cursor = connection.execute(
        f"INSERT INTO version (article, {COLUMNS}, until, lines, removal) "
        f"SELECT number, {COLUMNS}, ?, {lines}, ? FROM article WHERE number = ?",
        (until, number, removal, number),
    )
    version = cursor.lastrowid or 0
    connection.execute(
        "INSERT INTO version_passage SELECT id, ?, start, end, vector FROM passage WHERE article = ?", (version, number)
    )
    _write_text(connection, version, "INSERT INTO version_text (rowid, title, text) VALUES (?, ?, ?)")
    return version


def drop_version(connection: sqlite3.Connection, version: int) -> None:
    """Forget an earlier version, within a transaction."""
    _write_text(
        connection, version, "INSERT INTO version_text (version_text, rowid, title, text) VALUES ('delete', ?, ?, ?)"
    )
    connection.execute("DELETE FROM version_passage WHERE version = ?", (version,))
    connection.execute("DELETE FROM version WHERE number = ?", (version,))


def log_change(connection: sqlite3.Connection, kind: str, article_id: str, title: str) -> str:
    """Write down what happened to an article, within a transaction; the moment, as it is stored."""
    now = to_moment(datetime.now(UTC))
    connection.execute(
        "INSERT INTO change (at, kind, article, title) VALUES (?, ?, ?, ?)", (now, kind, article_id, title)
    )
    return now


def _write_text(connection: sqlite3.Connection, version: int, statement: str) -> None:
    title, text = connection.execute("SELECT title, text FROM version WHERE number = ?", (version,)).fetchone()
    query = "SELECT id, start, end FROM version_passage WHERE version = ?"
    rows = connection.execute(query, (version,)).fetchall()
    connection.executemany(statement, [(passage, title, text[start:end]) for passage, start, end in rows])
