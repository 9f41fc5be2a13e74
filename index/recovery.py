"""What can be had back from a damaged library, row by row, into a new folder.

The one rule: the damaged file is only read, and what is not whole is made again from the article's text or left out.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.clean import Cleaned, restore
from index.database import DATABASE, transaction
from index.dense import save_view
from index.embedder import Embedder
from index.errors import LibraryError
from index.library import Library
from index.local import LocalLibrary, open_library
from index.records import Article
from index.reuse import note_hashes
from index.stored import from_half_floats, pack_text, unpack_text
from index.sync import sync_articles
from index.text_rows import CURRENT, EARLIER, fill_text
from index.writer import set_model, sign_unsigned, unsettle

TRIES = 5_000
"""So many row numbers in a row may be unreadable before a table is given up."""
NUMBERED = ("removal", "version", "version_passage", "change")
NAMED = ("unwanted", "remembered_source")
"""Tables whose rows are taken over as they are."""
_ARTICLE = "number, id, title, text, url, source, published, authors, origin, digest, removed, added, seen"


@dataclass(frozen=True, slots=True)
class Recovery:
    """What came back: articles, how many of them had to be embedded again, and row numbers that could not be read."""

    articles: int
    embedded_again: int
    unreadable: int


def recover(damaged: Path, folder: Path, open_model: Callable[[str | None], Embedder]) -> Recovery:
    """Read what can be read of the library in `damaged` and make a whole one of it in `folder`.

    Args:
        damaged: The folder of the damaged library; nothing in it is changed.
        folder: A new folder.
        open_model: Loads the embedding model of that name; called only where vectors are missing, with None where the
            name is lost, too.

    Raises:
        LibraryError: if `folder` holds a library already, or nothing can be had back.
    """
    if (folder / DATABASE).exists():
        raise LibraryError(f"there is a library in {folder}: name a new folder")
    source = sqlite3.connect(f"{(damaged / DATABASE).resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        columns = _columns(source, damaged)
        library = open_library(folder, create=True)
        library.connection.execute("PRAGMA foreign_keys = OFF")  # until what points to nothing is taken out
        unreadable = _take_articles(source, library, columns["article"])
        if _take_model(source, library):
            unreadable += _take_passages(source, library)
            unreadable += sum(_take_table(source, library, name, columns[name]) for name in NUMBERED if name in columns)
        for name in NAMED:
            unreadable += _take_names(source, library, name, columns.get(name, []))
    finally:
        source.close()
    _tidy(library)
    library.connection.execute("PRAGMA foreign_keys = ON")
    broken = [article for article in library.iterate_articles() if not _is_whole(library, article)]
    if broken:
        _embed_again(library, broken, open_model(library.model[0] if library.model else None))
    sign_unsigned(library)
    save_view(library)
    found = Recovery(library.summarise().articles, len(broken), unreadable)
    library.close()
    return found


def _columns(source: sqlite3.Connection, damaged: Path) -> dict[str, list[str]]:
    """The tables with their columns; the first thing that a damaged file fails at."""
    try:
        source.execute("PRAGMA writable_schema = ON")  # SQLite's way of reading a file that is too short
        wanted = ("article", "passage", *NUMBERED, *NAMED)
        columns = {name: [row[1] for row in source.execute(f"PRAGMA table_info({name})")] for name in wanted}
        columns = {name: found for name, found in columns.items() if found}
    except sqlite3.Error as error:
        raise LibraryError(
            f"nothing can be had back from {damaged / DATABASE} ({error}): restore a backup, or sync the sources into "
            "a new folder"
        ) from error
    if "article" not in columns:
        raise LibraryError(f"{damaged / DATABASE} is no library: it has no table of articles")
    return columns


def _take_articles(source: sqlite3.Connection, library: Library, columns: Sequence[str]) -> int:
    wanted = [name if name in columns else "''" for name in _ARTICLE.split(", ")]
    failures: list[int] = []
    with transaction(library) as connection:
        for found in _walk(source, f"SELECT {', '.join(wanted)} FROM article", "number", failures):
            row = _brought_up(dict(zip(_ARTICLE.split(", "), found, strict=True)), 0)
            if row is None:
                failures.append(found[0])
                continue
            marks = ", ".join("?" * len(row))
            connection.execute(f"INSERT OR IGNORE INTO article ({_ARTICLE}) VALUES ({marks})", row)
            unsettle(connection, str(row[5]))
    return len(failures)


def _take_model(source: sqlite3.Connection, library: Library) -> bool:
    try:
        meta = dict(source.execute("SELECT key, value FROM meta WHERE key IN ('model', 'dimension')").fetchall())
        set_model(library, str(meta["model"]), int(meta["dimension"]))
    except (sqlite3.Error, KeyError, ValueError):
        return False
    return True


def _take_passages(source: sqlite3.Connection, library: Library) -> int:
    failures: list[int] = []
    dimension = library.model[1] if library.model else 0
    lengths = dict(library.all("SELECT number, length(unpacked(text)) FROM article"))
    with transaction(library) as connection:
        query = "SELECT id, article, start, end, vector FROM passage"
        for passage, article, start, end, stored in _walk(source, query, "id", failures):
            vector = _vector(stored, dimension)
            if vector and article in lengths and 0 <= start < end <= lengths[article]:
                row = (passage, article, start, end, vector, library.revision)
                connection.execute(_insert("passage", ("id", "article", "start", "end", "vector", "revision")), row)
    return len(failures)


def _take_table(source: sqlite3.Connection, library: Library, table: str, columns: Sequence[str]) -> int:
    """Take over the rows of a table whose key, a number, is its first column."""
    failures: list[int] = []
    dimension = library.model[1] if library.model else 0
    with transaction(library) as connection:
        for found in _walk(source, f"SELECT {', '.join(columns)} FROM {table}", columns[0], failures):
            row = _brought_up(dict(zip(columns, found, strict=True)), dimension)
            if row is None:
                failures.append(found[0])
            else:
                connection.execute(_insert(table, columns), row)
    return len(failures)


def _brought_up(row: dict[str, Any], dimension: int) -> tuple[Any, ...] | None:
    """A row as the present format stores it, whatever format it was read in; None where its text or vector is lost."""
    if "text" in row:
        try:
            row["text"] = pack_text(unpack_text(row["text"]))
        except LibraryError:
            return None
    if "vector" in row:
        row["vector"] = _vector(row["vector"], dimension)
        if not row["vector"]:
            return None
    return tuple(row.values())


def _vector(stored: bytes, dimension: int) -> bytes:
    """A stored vector; formats before the sixth took two bytes a component. b"" where it is neither."""
    if len(stored) == 2 * dimension:
        return from_half_floats(stored)
    return stored if len(stored) == dimension else b""


def _take_names(source: sqlite3.Connection, library: Library, table: str, columns: Sequence[str]) -> int:
    """Take over the rows of a table without numbers; what comes after a damaged place is lost."""
    try:
        with transaction(library) as connection:
            for row in source.execute(f"SELECT {', '.join(columns)} FROM {table}") if columns else ():
                connection.execute(_insert(table, columns), row)
    except LibraryError:
        return 1
    return 0


def _insert(table: str, columns: Sequence[str]) -> str:
    return f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def _embed_again(library: LocalLibrary, articles: Sequence[Article], embedder: Embedder) -> None:
    with transaction(library) as connection:
        connection.executemany("UPDATE article SET digest = '' WHERE id = ?", [(article.id,) for article in articles])
    raw = (replace(one, text=restore(Cleaned(one.text, library.removed_lines(one.id)))) for one in articles)
    sync_articles(library, embedder, raw)


def _walk(source: sqlite3.Connection, query: str, key: str, failures: list[int]) -> Iterator[tuple[Any, ...]]:
    """The rows that can be read, by number; those that cannot are added to `failures`."""
    last, in_a_row = -1, 0
    while in_a_row < TRIES:
        try:
            row = source.execute(f"{query} WHERE {key} > ? ORDER BY {key} LIMIT 1", (last,)).fetchone()
        except sqlite3.Error:
            last, in_a_row = last + 1, in_a_row + 1
            failures.append(last)
            continue
        if row is None:
            return
        last, in_a_row = row[0], 0
        yield row
    del failures[-TRIES:]  # beyond the last row that was there, as far as can be told


def _tidy(library: Library) -> None:
    """Take out what points to something lost, keep passage ids from being given twice, and index the text."""
    with transaction(library) as connection:
        note_hashes(connection)
        highest = "(SELECT max(id) FROM version_passage)"
        connection.execute(f"UPDATE sqlite_sequence SET seq = max(seq, ifnull({highest}, 0)) WHERE name = 'passage'")
        connection.execute(
            "DELETE FROM version WHERE removal IS NOT NULL AND removal NOT IN (SELECT token FROM removal)"
        )
        connection.execute("DELETE FROM version_passage WHERE version NOT IN (SELECT number FROM version)")
        connection.execute("DELETE FROM version_passage WHERE id IN (SELECT id FROM passage)")
        for table in (CURRENT, EARLIER):
            fill_text(connection, table)


def _is_whole(library: Library, article: Article) -> bool:
    """Whether the passages leave none of the article's words out."""
    covered = bytearray(len(article.text))
    for start, end in library.passages_of(article.id).values():
        covered[start:end] = b"\1" * (end - start)
    return all(flag or character.isspace() for flag, character in zip(covered, article.text, strict=True))
