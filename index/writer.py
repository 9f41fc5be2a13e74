"""Changes to a library, each one transaction: an entry is written, a model is exchanged.

The one rule: whatever happens in between, a reader finds an article as it was before or as it is after.
"""

import json
import sqlite3
from collections.abc import Mapping

import numpy as np

from index.article_rows import to_columns
from index.clean import Cleaned, restore
from index.database import transaction
from index.embedded import embedded_text, hash_of
from index.embedder import Vectors
from index.library import Library
from index.records import Entry
from index.stored import pack_vectors, unpack_text
from index.stories import join_story, leave_story, sign
from index.text_rows import CURRENT, forget_text, note_text
from index.versions import is_unwanted, keep_version, log_change


def write_entry(library: Library, entry: Entry) -> bool:
    """Add an article, or replace the one with its id; what it said before is kept as an earlier version.

    Returns:
        False, and nothing is written, where the user has removed the article.

    Raises:
        LibraryError: if it cannot be written; the library is then as it was.
    """
    article = entry.article
    with transaction(library) as connection:
        if is_unwanted(connection, article.id):  # since it was read, perhaps: a removal does not wait for a sync
            return False
        revision = raise_revision(connection)
        place, added, seen = _replace(connection, entry, revision)
        cursor = connection.execute(
            "INSERT INTO article (number, id, title, text, url, source, published, authors, origin, digest, removed, "
            "added, seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (place, *to_columns(article), entry.digest, _to_json(entry.removed), added, seen),
        )
        number = cursor.lastrowid or 0
        spans = []
        for passage, vector in zip(entry.passages, pack_vectors(entry.vectors), strict=True):
            cursor = connection.execute(
                "INSERT INTO passage (article, start, end, vector, revision, embedded) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    number,
                    passage.start,
                    passage.end,
                    vector,
                    revision,
                    hash_of(embedded_text(article.title, passage.text)),
                ),
            )
            spans.append((cursor.lastrowid or 0, passage.start, passage.end))
        note_text(connection, CURRENT, article.title, article.text, spans)
        rows = [(number, digest, words) for digest, words in entry.lines]
        connection.executemany("INSERT INTO line VALUES (?, ?, ?)", rows)
        if entry.signature is not None:
            join_story(connection, number, entry.signature)
        unsettle(connection, article.source)
    return True


def _replace(connection: sqlite3.Connection, entry: Entry, revision: int) -> tuple[int | None, str, str]:
    """Make room for an entry and log what it does.

    Returns:
        The number that its article has (None: a new one), when it first came, and since when it reads as it does.
    """
    article = entry.article
    query = "SELECT number, text, removed, title, published, authors, url, added, seen FROM article WHERE id = ?"
    before = connection.execute(query, (article.id,)).fetchone()
    if before is None:
        now = log_change(connection, "added", article.id, article.title)
        return None, now, now
    number, text, removed, title, published, authors, url, added, seen = before
    fields = to_columns(article)
    # Cleaned in another way is not edited: what the publisher wrote is compared.
    edited = (title, url, published, authors) != (fields[1], fields[3], fields[5], fields[6]) or restore(
        Cleaned(unpack_text(text), tuple(tuple(line) for line in json.loads(removed)))
    ) != restore(Cleaned(article.text, entry.removed))
    if edited:
        seen = max(seen, log_change(connection, "changed", article.id, article.title))
        keep_version(connection, number, seen)
    remove_current(connection, article.id, revision)
    return number, added, seen


def sign_unsigned(library: Library) -> None:
    """Find the copies among articles that an earlier version of the program wrote, one transaction an article."""
    for (number,) in library.all("SELECT number FROM article WHERE signature IS NULL"):
        row = library.one("SELECT text FROM article WHERE number = ?", number)
        signature = sign(unpack_text(row[0])) if row else b""
        with transaction(library) as connection:
            # Only while it still reads so: it may have been removed meanwhile.
            query = "SELECT 1 FROM article WHERE number = ? AND text = ? AND signature IS NULL"
            if row and connection.execute(query, (number, row[0])).fetchone():
                join_story(connection, number, signature)


def set_model(library: Library, model: str, dimension: int, vectors: Mapping[int, Vectors] | None = None) -> None:
    """Record the embedding model, and with `vectors` (passage id -> `(dimension,)`) exchange every vector at once."""
    with transaction(library) as connection:
        revision = raise_revision(connection)
        rows = [("model", model), ("dimension", dimension)]
        connection.executemany(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", rows
        )
        stored = pack_vectors(np.asarray(list((vectors or {}).values()), dtype=np.float32))
        changed = [(vector, revision, passage) for passage, vector in zip(vectors or {}, stored, strict=True)]
        connection.executemany("UPDATE passage SET vector = ?, revision = ? WHERE id = ?", changed)
        earlier = [(vector, passage) for vector, _, passage in changed]
        connection.executemany("UPDATE version_passage SET vector = ? WHERE id = ?", earlier)


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def raise_revision(connection: sqlite3.Connection) -> int:
    """Raise the revision within a transaction; the new one."""
    row = connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'revision' RETURNING value").fetchone()
    return int(row[0])


def unsettle(connection: sqlite3.Connection, source: str) -> None:
    """Note that the boilerplate of a source has to be decided again."""
    connection.execute("INSERT OR IGNORE INTO unsettled_source VALUES (?)", (source,))


def remove_current(connection: sqlite3.Connection, article_id: str, revision: int) -> bool:
    """Remove the current version of an article within a transaction; False where there is none."""
    found = connection.execute("SELECT number, title, text, source FROM article WHERE id = ?", (article_id,)).fetchone()
    if found is None:
        return False
    number, title, text, source = found
    passages = connection.execute("SELECT id, start, end FROM passage WHERE article = ?", (number,)).fetchall()
    forget_text(connection, CURRENT, title, unpack_text(text), passages)
    connection.executemany(
        "INSERT OR REPLACE INTO removed_passage VALUES (?, ?)", [(row[0], revision) for row in passages]
    )
    leave_story(connection, number)
    for table, column in (("passage", "article"), ("line", "article"), ("article", "number")):
        connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (number,))
    unsettle(connection, source)
    return True
