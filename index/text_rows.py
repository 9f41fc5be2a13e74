"""The rows of the two full-text tables: what is searched of each passage, written and forgotten with it.

The one rule: a table without content forgets a row only when it is told what the row said, so both are made here.
"""

import sqlite3
from collections.abc import Iterable

from index.stored import unpack_text
from index.words import searched_text

TITLE_WEIGHT, TEXT_WEIGHT = 0.5, 1.0
"""BM25 column weights; a title stands in front of each passage of its article."""
RANK = f"bm25({TEXT_WEIGHT}, {TITLE_WEIGHT})"
"""In the order of the columns: the text first, as the first column costs least room."""
CURRENT, EARLIER = "passage_text", "version_text"
OF = {CURRENT: ("passage", "article", "article"), EARLIER: ("version_passage", "version", "version")}
"""By table: the passages it holds, what they are of, and by which column."""

Spans = Iterable[tuple[int, int, int]]
"""(passage id, start, end)"""


def note_text(connection: sqlite3.Connection, table: str, title: str, text: str, spans: Spans) -> None:
    """Let passages of an article be found by their words, within a transaction."""
    query = f"INSERT INTO {table} (rowid, title, text) VALUES (?, ?, ?)"
    connection.executemany(query, _rows(title, text, spans))


def forget_text(connection: sqlite3.Connection, table: str, title: str, text: str, spans: Spans) -> None:
    """Let them no longer be found, within a transaction; title and text are what they were."""
    query = f"INSERT INTO {table} ({table}, rowid, title, text) VALUES ('delete', ?, ?, ?)"
    connection.executemany(query, _rows(title, text, spans))


def fill_text(connection: sqlite3.Connection, table: str, into: sqlite3.Connection | None = None) -> None:
    """Write the rows of all passages, from the record at `connection`; into its own table if `into` is not given."""
    passages, articles, key = OF[table]
    spans = f"SELECT id, start, end FROM {passages} WHERE {key} = ? ORDER BY id"
    for number, title, stored in connection.execute(f"SELECT number, title, text FROM {articles} ORDER BY number"):
        note_text(into or connection, table, title, unpack_text(stored), connection.execute(spans, (number,)))


def weigh_columns(connection: sqlite3.Connection, table: str) -> None:
    """Let a full-text table rank by BM25 with the product's column weights."""
    connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('rank', ?)", (RANK,))


def _rows(title: str, text: str, spans: Spans) -> Iterable[tuple[int, str, str]]:
    telling = searched_text(title)
    return [(passage, telling, searched_text(text[start:end])) for passage, start, end in spans]
