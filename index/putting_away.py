"""Articles are put away and brought back: removed from every search at once, but not yet lost.

The one rule: what comes back is what went: the same text, the same passage ids, the same vectors.
"""

import json
import sqlite3
from collections.abc import Iterable

from index.database import transaction
from index.errors import LibraryError
from index.library import Library
from index.lists import PRUNED, REMOVED
from index.stored import unpack_text
from index.stories import join_story
from index.text_rows import CURRENT, note_text
from index.versions import COLUMNS, drop_version, keep_version, log_change
from index.writer import raise_revision, remove_current, unsettle


def put_away(library: Library, article_ids: Iterable[str], kind: str = REMOVED) -> int:
    """Take articles out of the library in one transaction; what is not there is passed over.

    Args:
        library: The library.
        article_ids: Which articles.
        kind: `removed` by the user: the next sync of their source leaves them out, and questions about earlier days
            do not see them either. `pruned`: gone from their source; they come back when the source has them again.

    Returns:
        The token that `bring_back` takes; 0 where none of the articles was there.

    Raises:
        LibraryError: if they cannot be removed; the library is then as it was.
    """
    with transaction(library) as connection:
        revision = raise_revision(connection)
        token = 0
        for article_id in article_ids:
            query = "SELECT number, title, seen FROM article WHERE id = ?"
            found = connection.execute(query, (article_id,)).fetchone()
            if found is None:
                continue
            number, title, seen = found
            now = log_change(connection, "removed", article_id, title)
            token = token or _begin_removal(connection, now, kind)
            keep_version(connection, number, max(now, seen), token)
            remove_current(connection, article_id, revision)
        return token


def bring_back(library: Library, token: int) -> list[str]:
    """Undo a removal in one transaction; the ids of the articles that came back.

    An article that has come in again since stays as it is now; what was put away becomes an earlier version of it.

    Raises:
        LibraryError: if there is nothing put away under the token, or it cannot be written.
    """
    query = "SELECT number FROM version WHERE removal = ? ORDER BY number"
    versions = [row[0] for row in library.all(query, token)]
    if not versions:
        raise LibraryError(f"nothing is put away under {token}: `article-assistant remove --list` shows what is")
    return _bring_back(library, versions)


def bring_back_articles(library: Library, article_ids: Iterable[str]) -> list[str]:
    """Bring back the articles of these ids, whenever they were put away; the ids of those that came back."""
    chosen = list(article_ids)
    query = "SELECT number FROM version WHERE id = ? AND removal IS NOT NULL ORDER BY number DESC"
    versions = [row[0] for article_id in chosen for row in library.all(query, article_id)]
    back = _bring_back(library, versions)
    with transaction(library) as connection:
        connection.executemany("DELETE FROM unwanted WHERE id = ?", [(article_id,) for article_id in chosen])
    return back


def forget(library: Library, token: int) -> int:
    """Give up what was put away together, with all earlier versions of it; the number of articles.

    What the user removed stays out of later syncs; only its id is kept for that.
    """
    with transaction(library) as connection:
        rows = connection.execute("SELECT id FROM version WHERE removal = ?", (token,)).fetchall()
        kind = connection.execute("SELECT kind FROM removal WHERE token = ?", (token,)).fetchone()
        for (article_id,) in rows:
            if kind and kind[0] == REMOVED:
                connection.execute("INSERT OR IGNORE INTO unwanted VALUES (?)", (article_id,))
            current = connection.execute("SELECT 1 FROM article WHERE id = ?", (article_id,)).fetchone()
            which = "removal = ?" if current else "removal IS NULL OR removal = ?"
            query = f"SELECT number FROM version WHERE id = ? AND ({which})"
            for (version,) in connection.execute(query, (article_id, token)).fetchall():
                drop_version(connection, version)
        connection.execute("DELETE FROM removal WHERE token = ?", (token,))
        return len(rows)


def _begin_removal(connection: sqlite3.Connection, now: str, kind: str) -> int:
    if kind not in (REMOVED, PRUNED):
        raise ValueError(f"{kind!r} is neither {REMOVED!r} nor {PRUNED!r}")
    return connection.execute("INSERT INTO removal (at, kind) VALUES (?, ?)", (now, kind)).lastrowid or 0


def _bring_back(library: Library, versions: list[int]) -> list[str]:
    back: list[str] = []
    with transaction(library) as connection:
        revision = raise_revision(connection)
        for version in versions:
            query = "SELECT id, title, source FROM version WHERE number = ?"
            article_id, title, source = connection.execute(query, (version,)).fetchone()
            if connection.execute("SELECT 1 FROM article WHERE id = ?", (article_id,)).fetchone():
                connection.execute("UPDATE version SET removal = NULL WHERE number = ?", (version,))
                continue
            _restore(connection, version, revision)
            log_change(connection, "brought back", article_id, title)
            unsettle(connection, source)
            # What is boilerplate may have been decided anew since: the next sync looks.
            connection.execute("INSERT OR IGNORE INTO uncleaned_article VALUES (?)", (article_id,))
            back.append(article_id)
        connection.execute(
            "DELETE FROM removal WHERE token NOT IN (SELECT removal FROM version WHERE removal IS NOT NULL)"
        )
    return back


def _restore(connection: sqlite3.Connection, version: int, revision: int) -> None:
    """Make an earlier version the current one, with the number, passage ids and vectors that it had."""
    query = "SELECT article, title, text, lines FROM version WHERE number = ?"
    number, title, text, lines = connection.execute(query, (version,)).fetchone()
    if connection.execute("SELECT 1 FROM article WHERE number = ?", (number,)).fetchone():
        number = None  # given to another article since
    cursor = connection.execute(
        f"INSERT INTO article (number, {COLUMNS}) SELECT ?, {COLUMNS} FROM version WHERE number = ?", (number, version)
    )
    number = cursor.lastrowid or 0
    connection.execute(
        "INSERT INTO passage (id, article, start, end, vector, revision, embedded) "
        "SELECT id, ?, start, end, vector, ?, embedded FROM version_passage WHERE version = ?",
        (number, revision, version),
    )
    passages = connection.execute("SELECT id, start, end FROM passage WHERE article = ?", (number,)).fetchall()
    note_text(connection, CURRENT, title, unpack_text(text), passages)
    connection.executemany("DELETE FROM removed_passage WHERE id = ?", [(row[0],) for row in passages])
    signature = connection.execute("SELECT signature FROM article WHERE number = ?", (number,)).fetchone()[0]
    if signature is not None:
        join_story(connection, number, signature)
    rows = [(number, digest, words) for digest, words in json.loads(lines)]
    connection.executemany("INSERT INTO line VALUES (?, ?, ?)", rows)
    drop_version(connection, version)
