"""What articles said before they were edited or put away, and the log of what happened.

The one rule: an earlier version keeps its passages with their ids and vectors, so that nothing is embedded again.
"""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

from index.article_rows import ARTICLE_COLUMNS, moment_of, to_article
from index.library import Library
from index.lists import KEPT_VERSIONS, REMOVED
from index.records import Article, Version
from index.scope import to_moment
from index.stored import unpack_text
from index.text_rows import EARLIER, forget_text, note_text

COLUMNS = "id, title, text, url, source, published, authors, origin, digest, removed, added, seen, signature"


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
        "INSERT INTO version_passage (id, version, start, end, vector, embedded) "
        "SELECT id, ?, start, end, vector, embedded FROM passage WHERE article = ?",
        (version, number),
    )
    note_text(connection, EARLIER, *_text_of(connection, version))
    older = connection.execute(
        "SELECT number FROM version WHERE id = (SELECT id FROM version WHERE number = ?) AND removal IS NULL "
        "ORDER BY number DESC LIMIT -1 OFFSET ?",
        (version, KEPT_VERSIONS),
    ).fetchall()
    for (superfluous,) in older:
        drop_version(connection, superfluous)
    return version


def drop_version(connection: sqlite3.Connection, version: int) -> None:
    """Forget an earlier version, within a transaction."""
    forget_text(connection, EARLIER, *_text_of(connection, version))
    connection.execute("DELETE FROM version_passage WHERE version = ?", (version,))
    connection.execute("DELETE FROM version WHERE number = ?", (version,))


def is_unwanted(connection: sqlite3.Connection, article_id: str) -> bool:
    """Whether the user removed the article and has not brought it back."""
    query = (
        "SELECT 1 FROM unwanted WHERE id = ?1 UNION ALL SELECT 1 FROM version v JOIN removal r ON r.token = v.removal "
        "WHERE v.id = ?1 AND r.kind = ?2 LIMIT 1"
    )
    return connection.execute(query, (article_id, REMOVED)).fetchone() is not None


def count_earlier(library: Library) -> int:
    """The number of passages of earlier versions."""
    row = library.one("SELECT count(*) FROM version_passage")
    return int(row[0]) if row else 0


def iterate_earlier(library: Library) -> Iterator[tuple[int, Article, str]]:
    """The passages of all earlier versions as (id, article, text)."""
    for number, *columns in library.all(f"SELECT a.number, {ARTICLE_COLUMNS} FROM version a ORDER BY a.number"):
        article = to_article(columns)
        query = "SELECT id, start, end FROM version_passage WHERE version = ? ORDER BY id"
        for passage, start, end in library.all(query, number):
            yield passage, article, article.text[start:end]


def read_versions(library: Library, article_id: str) -> list[Version]:
    """Every version of an article that is kept, oldest first; what the user removed has none."""
    query = (
        f"SELECT a.seen, a.until, {ARTICLE_COLUMNS} FROM version a WHERE a.id = ? AND a.id NOT IN (SELECT v.id FROM "
        "version v JOIN removal r ON r.token = v.removal WHERE r.kind = ?) ORDER BY a.number"
    )
    found = [
        Version(to_article(row), moment_of(seen), moment_of(until))
        for seen, until, *row in library.all(query, article_id, REMOVED)
    ]
    current = library.one(f"SELECT a.seen, {ARTICLE_COLUMNS} FROM article a WHERE a.id = ?", article_id)
    if current:
        found.append(Version(to_article(current[1:]), moment_of(current[0]), None))
    return found


def log_change(connection: sqlite3.Connection, kind: str, article_id: str, title: str) -> str:
    """Write down what happened to an article, within a transaction; the moment, as it is stored."""
    now = to_moment(datetime.now(UTC))
    connection.execute(
        "INSERT INTO change (at, kind, article, title) VALUES (?, ?, ?, ?)", (now, kind, article_id, title)
    )
    return now


def _text_of(connection: sqlite3.Connection, version: int) -> tuple[str, str, list[tuple[int, int, int]]]:
    """Title, text and passages (id, start, end) of an earlier version."""
    title, text = connection.execute("SELECT title, text FROM version WHERE number = ?", (version,)).fetchone()
    query = "SELECT id, start, end FROM version_passage WHERE version = ?"
    return title, unpack_text(text), connection.execute(query, (version,)).fetchall()
