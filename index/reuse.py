"""The vectors that a library has already: texts that are equal are embedded once.

The one rule: an equal hash only proposes; the texts are compared before a vector is taken over.
"""

import sqlite3
from collections.abc import Collection

from index.embedded import embedded_text, hash_of
from index.embedder import Vectors
from index.library import Library

TOGETHER = 500
_TABLES = (("passage", "article", "article"), ("version_passage", "version", "version"))
"""Passages now and in earlier versions, what they are of, and by which column."""


def find_embedded(library: Library, texts: Collection[str]) -> dict[str, Vectors]:
    """The vectors of those texts that are embedded anywhere in the library, now or in an earlier version, by text."""
    by_hash = {hash_of(text): text for text in texts}
    found: dict[str, Vectors] = {}
    for table, articles, key in _TABLES:
        wanted = [number for number, text in by_hash.items() if text not in found]
        for begin in range(0, len(wanted), TOGETHER):
            chunk = wanted[begin : begin + TOGETHER]
            rows = library.all(
                "SELECT p.embedded, a.title, substr(unpacked(a.text), p.start + 1, p.end - p.start), p.vector "
                f"FROM {table} p JOIN {articles} a ON a.number = p.{key} "
                f"WHERE p.embedded IN ({','.join('?' * len(chunk))}) GROUP BY p.embedded",
                *chunk,
            )
            vectors = library.to_vectors([row[3] for row in rows])
            for (number, title, passage, _), vector in zip(rows, vectors, strict=True):
                if embedded_text(title, passage) == by_hash[number]:
                    found[by_hash[number]] = vector
    return found


def note_hashes(connection: sqlite3.Connection) -> None:
    """Note the hashes of passages that were written without one, within a transaction."""
    connection.create_function("hash_of", 2, lambda title, passage: hash_of(embedded_text(title, passage)))
    for table, articles, key in _TABLES:
        connection.execute(
            f"UPDATE {table} SET embedded = (SELECT hash_of(a.title, substr(unpacked(a.text), {table}.start + 1, "
            f"{table}.end - {table}.start)) FROM {articles} a WHERE a.number = {table}.{key}) WHERE embedded IS NULL"
        )
