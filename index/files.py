"""Files as they were when their articles were taken in, so that one that has not changed is not read again.

The one rule: every byte is hashed each time. No size, date or number decides that a file is what it was, and what it
held counts as held only while the library has exactly that.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from typing import BinaryIO

from index.database import transaction
from index.lists import REMOVED
from index.records import FileRead
from index.store import Index

PIECE = 1 << 20
FINGERPRINT_BYTES = 16
DIGEST_BEGINS = 16
"""So many hexadecimal digits of an article's digest are kept: two versions of one article never share them."""
AT_ONCE = 5_000
"""So many files and articles are written down in one transaction."""

MOST_TROUBLES = 1_000
"""A file with more rejected rows is read each time."""

_Articles = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Held:
    """What a file held when it was read: ids of its articles, and the rows that were rejected with the reasons."""

    articles: list[str]
    troubles: list[tuple[int, str]]


class Files:
    """The files that a library knows of, and those of this sync, which `save` writes down."""

    def __init__(self, library: Index | None = None, pipeline: int = 0) -> None:
        """Without a library nothing is known and nothing is kept."""
        self._library = library
        self._pipeline = pipeline
        self._origin = ""
        self._articles: _Articles = []
        self._waiting: list[tuple[FileRead, _Articles]] = []
        self._size = 0

    @property
    def are_kept(self) -> bool:
        """Whether anything is to be noted."""
        return self._library is not None

    def find_held(self, origin: str, fingerprint: bytes) -> Held | None:
        """What is known of a file, if it had this fingerprint and the library holds what was read then.

        What the user removed counts as held; the article that the file is itself does not, for its name may be given
        to bring it back.
        """
        library = self._library
        if library is None:
            return None
        query = (
            "SELECT a.article, a.digest, f.troubles FROM file f JOIN file_article a ON a.file = f.number "
            "WHERE f.path = ? AND f.pipeline = ? AND f.fingerprint = ?"
        )
        found = library.state.all(query, _name(origin), self._pipeline, fingerprint)
        for article, digest, _ in found:
            known = library.find_digest(article)
            is_removed = known is None and article != origin and library.put_away_as(article) == REMOVED
            if not is_removed and (known or "")[:DIGEST_BEGINS] != digest:
                return None
        if not found:
            return None
        troubles = [(row, reason) for row, reason in json.loads(found[0][2])]
        return Held([article for article, _, _ in found], troubles)

    def add(self, origin: str, article: str, digest: str) -> None:
        """Note an article that was read from a file; with another digest than the library's the file is read again."""
        if self._library is None:
            return
        if origin != self._origin:
            self._origin, self._articles = origin, []
        self._articles.append((article, digest[:DIGEST_BEGINS]))

    def note(self, file: FileRead) -> None:
        """Remember a file that was read as a whole, with the articles that were added for it."""
        if file.origin == self._origin and len(file.troubles) <= MOST_TROUBLES:
            self._waiting.append((file, self._articles))
            self._size += 1 + len(self._articles)
        self._origin, self._articles = "", []
        if self._size >= AT_ONCE:
            self.save()

    def save(self) -> None:
        """Write down what waits; it counts only from when the library holds the articles.

        Raises:
            LibraryError: if it cannot be written.
        """
        if self._library is None or not self._waiting:
            return
        with transaction(self._library.state) as connection:
            for file, articles in self._waiting:
                name = _name(file.origin)
                query = "DELETE FROM file_article WHERE file = (SELECT number FROM file WHERE path = ?)"
                connection.execute(query, (name,))
                connection.execute("DELETE FROM file WHERE path = ?", (name,))
                query = "INSERT INTO file (path, pipeline, fingerprint, troubles) VALUES (?, ?, ?, ?)"
                values = (name, self._pipeline, file.fingerprint, json.dumps(file.troubles))
                number = connection.execute(query, values).lastrowid
                rows = [(number, article, digest) for article, digest in articles]
                connection.executemany("INSERT OR REPLACE INTO file_article VALUES (?, ?, ?)", rows)
        self._waiting.clear()
        self._size = 0


def fingerprint_of(handle: BinaryIO, name: str, limit: int) -> bytes:
    """Hash an open file from its beginning to its end, with what else decides how it is read: its name, the limit."""
    digest = hashlib.blake2b(f"{limit}\0{name}\0".encode(errors="surrogateescape"), digest_size=FINGERPRINT_BYTES)
    handle.seek(0)
    while piece := handle.read(PIECE):
        digest.update(piece)
    handle.seek(0)
    return digest.digest()


def _name(origin: str) -> str:
    """A path as it is stored; one that is no UTF-8 could not be."""
    return os.fsencode(origin).decode("utf-8", "backslashreplace")
