"""Whether a library is what it should be: every passage in its article, vectors, full text and dense view in agreement.

The one rule: it only reads; what it finds wrong is named with the remedy and left to the user.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import zip_longest

from index.dense import FILE, is_damaged, open_view
from index.errors import LibraryError
from index.library import Library
from index.stored import are_whole, unpack_text
from index.text_rows import CURRENT, EARLIER, OF, fill_text
from index.tokens import TOKENIZER

NEAR = 0.02
"""How far from 1 the inner product of a stored vector and itself may be found: float16 keeps three digits."""
TOGETHER = 2_000
SAMPLED = 200
"""So many passages are looked for in the dense view by their stored vectors."""
SHOWN = 5
_LEFT_OVER = {
    "passages of no article": "SELECT id FROM passage WHERE article NOT IN (SELECT number FROM article)",
    "articles without a passage": (
        "SELECT id FROM article WHERE text <> '' AND number NOT IN (SELECT article FROM passage)"
    ),
    "counted lines of no article": "SELECT article FROM line WHERE article NOT IN (SELECT number FROM article)",
    "passages of no earlier version": (
        "SELECT id FROM version_passage WHERE version NOT IN (SELECT number FROM version)"
    ),
    "passages that are current and earlier at once": "SELECT v.id FROM version_passage v JOIN passage p ON p.id = v.id",
    "passages that are there and removed at once": "SELECT r.id FROM removed_passage r JOIN passage p ON p.id = r.id",
    "articles put away in no removal": (
        "SELECT id FROM version WHERE removal IS NOT NULL AND removal NOT IN (SELECT token FROM removal)"
    ),
    "story bands of no article": "SELECT article FROM band WHERE article NOT IN (SELECT number FROM article)",
    "stories of one article": "SELECT story FROM article WHERE story IS NOT NULL GROUP BY story HAVING count(*) = 1",
    "stories under another number than their first article's": (
        "SELECT story FROM article WHERE story IS NOT NULL GROUP BY story HAVING story <> min(number)"
    ),
}
_RESYNC = "restore a backup, or run `article-assistant recover`"


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at, and what is wrong (nothing: all is well)."""

    articles: int
    passages: int
    problems: tuple[str, ...]


def verify(library: Library) -> Verification:
    """Look at everything that is stored, as it is at one moment: others may write meanwhile."""
    problems: list[str] = []
    summary = library.summarise()
    library.connection.execute("BEGIN")
    try:
        problems += _check_file(library)
        if not problems:
            problems += [*_check_rows(library), *_check_passages(library), *_check_text(library)]
        if not problems:
            problems += _check_view(library)
    except sqlite3.Error as error:
        problems.append(f"the database cannot be read to its end ({error}): {_RESYNC}")
    except LibraryError as error:  # a text that cannot be unpacked
        problems.append(str(error))
    finally:
        library.connection.execute("ROLLBACK")
    return Verification(summary.articles, summary.passages, tuple(problems))


def _check_file(library: Library) -> Iterator[str]:
    for (told,) in library.connection.execute("PRAGMA integrity_check(10)"):
        if told != "ok":
            yield f"the database is damaged ({told}): {_RESYNC}"
    for table, row, parent, _ in library.connection.execute("PRAGMA foreign_key_check").fetchmany(SHOWN):
        yield f"row {row} of {table} points to a row of {parent} that is not there: {_RESYNC}"


def _check_rows(library: Library) -> Iterator[str]:
    for what, query in _LEFT_OVER.items():
        rows = [str(row[0]) for row in library.connection.execute(query).fetchmany(SHOWN)]
        if rows:
            yield f"{what} ({', '.join(rows)}): {_RESYNC}"


def _check_passages(library: Library) -> Iterator[str]:
    """Offsets inside the text, with words between them; vectors of the model's dimension and of unit length."""
    dimension = library.model[1] if library.model else 0
    for passages, articles, key in OF.values():
        query = (
            f"SELECT p.id, a.id, a.text, p.start, p.end, p.vector FROM {passages} p "
            f"JOIN {articles} a ON a.number = p.{key} ORDER BY p.id"
        )
        cursor = library.connection.execute(query)
        while rows := cursor.fetchmany(TOGETHER):
            for passage, article, stored, start, end, vector in rows:
                text = unpack_text(stored)
                if not 0 <= start < end <= len(text) or not text[start:end].strip():
                    yield f"passage {passage} ({start}:{end}) is not in the text of {article}: sync that article again"
                if len(vector) != dimension:
                    yield f"the vector of passage {passage} has {len(vector)} bytes, not {dimension}: run `reembed`"
            wrong = int((~are_whole([row[5] for row in rows if len(row[5]) == dimension], dimension)).sum())
            if wrong:
                yield f"{wrong} vectors near passage {rows[0][0]} have no component of 127: run `reembed`"


def _check_text(library: Library) -> Iterator[str]:
    """The full-text tables against ones that are made afresh: the same ids, and each word as often in each column."""
    yield from _compare_text(library, CURRENT)
    yield from _compare_text(library, EARLIER)


def _compare_text(library: Library, table: str) -> Iterator[str]:
    connection = library.connection
    passages, _, _ = OF[table]
    here = {row[0] for row in connection.execute(f"SELECT rowid FROM {table}")}
    there = {row[0] for row in connection.execute(f"SELECT id FROM {passages}")}
    if here != there:
        yield f"{len(here - there)} rows too many and {len(there - here)} too few in {table}: {_RESYNC}"
        return
    fresh = sqlite3.connect("")  # SQLite's name for a private temporary file
    try:
        fresh.execute(f"CREATE VIRTUAL TABLE {table} USING fts5 (text, title, content = '', tokenize = '{TOKENIZER}')")
        fill_text(connection, table, fresh)
        fresh.execute(f"CREATE VIRTUAL TABLE v USING fts5vocab ({table}, col)")
        connection.execute(f"CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, {table}, col)")
        rows = "SELECT term, col, doc, cnt FROM {} ORDER BY term, col"
        # Closed before the table goes that it reads.
        with closing(connection.execute(rows.format("temp.vocabulary"))) as stored:
            pairs = zip_longest(stored, fresh.execute(rows.format("v")))
            differing = next(((found, expected) for found, expected in pairs if found != expected), ())
            wrong = min((row[0] for row in differing if row), default=None)
        if wrong is not None:
            yield f"{table} does not hold the words of the articles (first {wrong!r}): {_RESYNC}"
    finally:
        fresh.close()
        connection.execute("DROP TABLE IF EXISTS temp.vocabulary")


def _check_view(library: Library) -> Iterator[str]:
    if is_damaged(library):
        yield f"{FILE} is damaged or of an earlier form: the next sync makes it again"
    view = open_view(library)
    ids = {row[0] for row in library.connection.execute("SELECT id FROM passage")}
    held = set(view.ids())
    if held != ids or len(view) != len(ids):
        yield (
            f"{FILE} holds {len(held - ids)} passages too many and lacks {len(ids - held)}: delete it, the next sync "
            "makes it again"
        )
        return
    chosen = sorted(ids)[:: max(len(ids) // SAMPLED, 1)]
    for passage, vector in library.find_vectors(chosen).items():
        nearest = view.search(vector, 1)
        if not nearest or nearest[0][1] < 1 - NEAR:
            yield f"{FILE} does not find passage {passage} by its vector: delete it, the next sync makes it again"
            return
