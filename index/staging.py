"""What a sync has read but not yet indexed: kept in a temporary file, so that memory does not grow with the sources.

The one rule: nothing here outlives the sync; a killed one leaves nothing behind.
"""

import json
import os
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from index.records import Article


class Staging:
    """Articles that wait, the ids that were seen, and the files that made trouble."""

    def __init__(self) -> None:
        """Open an empty staging area; use it as a context manager."""
        self._connection = sqlite3.connect("", isolation_level=None)  # SQLite's name for a private temporary file
        self._connection.executescript(
            "CREATE TABLE incoming (article TEXT, digest TEXT); CREATE TABLE seen (id TEXT PRIMARY KEY); BEGIN"
        )
        self._trouble: list[str] = []
        self.count = 0

    def __enter__(self) -> Self:
        """Give the staging area itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Throw everything away."""
        self._connection.close()

    def __iter__(self) -> Iterator[tuple[Article, str]]:
        """Give the waiting articles with their digests, in the order they came."""
        for fields, digest in self._connection.execute("SELECT article, digest FROM incoming ORDER BY rowid"):
            yield from_json(fields), digest

    def add(self, article: Article, digest: str) -> None:
        """Let an article wait."""
        self._connection.execute("INSERT INTO incoming VALUES (?, ?)", (to_json(article), digest))
        self.count += 1

    def note_seen(self, article_id: str) -> bool:
        """Note that the article is there; False where it was seen before."""
        return self._connection.execute("INSERT OR IGNORE INTO seen VALUES (?)", (article_id,)).rowcount == 1

    def was_seen(self, article_id: str) -> bool:
        """Whether the article was there."""
        return self._connection.execute("SELECT 1 FROM seen WHERE id = ?", (article_id,)).fetchone() is not None

    def note_trouble(self, name: str) -> None:
        """Note that the file of that name could not be read whole."""
        self._trouble.append(os.path.realpath(name))  # which, unlike Path.resolve, takes a loop of links

    def had_trouble(self, root: str) -> bool:
        """Whether `root` (an absolute path) or anything below it could not be read whole."""
        return any(name == root or Path(root) in Path(name).parents for name in self._trouble)


def to_json(article: Article) -> str:
    """An article as JSON in ASCII."""
    fields = {name: getattr(article, name) for name in article.__dataclass_fields__}
    # Lone surrogates survive as JSON escapes; as text SQLite would refuse them.
    return json.dumps(fields, default=date.isoformat)


def from_json(text: str) -> Article:
    """The article again."""
    fields = json.loads(text)
    published = fields["published"] and date.fromisoformat(fields["published"])
    return Article(**{**fields, "published": published, "authors": tuple(fields["authors"])})
