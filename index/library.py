"""The library on disk: SQLite with articles, passages, vectors and full text. It is the record; all else is a view.

The one rule: an article changes in one transaction, which also raises `revision`: a reader sees it whole or not.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path

import numpy as np

from index.embedder import Vectors
from index.errors import LibraryError, ModelError
from index.records import Article

FORMAT = 1
DATABASE = "library.db"
LOCK = "sync.lock"
BUSY_SECONDS = 30.0
LOCK_SECONDS = 10.0
TITLE_WEIGHT, TEXT_WEIGHT = 0.5, 1.0
"""BM25 column weights; a title stands in front of each passage of its article."""
MAX_VARIABLES = 500
_ARTICLE_COLUMNS = "a.id, a.title, a.text, a.url, a.source, a.published, a.authors, a.origin"

PassageRow = tuple[int, Article, int, int]
"""(passage id, article, start, end)"""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a library holds; `first` and `last` are the earliest and latest dates of publication."""

    articles: int
    passages: int
    first: date | None
    last: date | None


def open_library(folder: Path, *, create: bool = False) -> "Library":
    """Open the library in `folder`; `create` makes an empty one where there is none.

    Raises:
        LibraryError: if there is none, it is of a newer format, is damaged, or the folder cannot be written.
    """
    path = folder / DATABASE
    if not path.exists():
        if not create:
            raise LibraryError(
                f"there is no library in {folder}: make one with `article-assistant sync SOURCE --library {folder}`"
            )
        _create(path)
    library = Library(folder)
    found = library.read_meta("format")
    if found != FORMAT:
        raise LibraryError(
            f"the library in {folder} has format {found}, this program reads format {FORMAT}: "
            "update article-assistant, or sync the sources into a new folder"
        )
    return library


def _create(path: Path) -> None:
    """Make an empty database beside `path` and rename it, so that nobody ever opens half a schema."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        connection = sqlite3.connect(fresh)
        connection.executescript(resources.files("index").joinpath("schema.sql").read_text(encoding="utf-8"))
        with connection:
            connection.execute("INSERT INTO meta VALUES ('format', ?), ('revision', 0)", (FORMAT,))
            rank = f"bm25({TITLE_WEIGHT}, {TEXT_WEIGHT})"
            connection.execute("INSERT INTO passage_text (passage_text, rank) VALUES ('rank', ?)", (rank,))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.close()
        fresh.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise LibraryError(
            f"no library can be made in {path.parent} ({error}): name a folder that can be written"
        ) from error


class Library:
    """An open library. Safe to use from many threads: each has its own connection."""

    def __init__(self, folder: Path) -> None:
        """Use `open_library` to get one."""
        self.folder = folder
        self._local = threading.local()

    # ---- reading

    def read_meta(self, key: str) -> int | str | None:
        """The value that the record keeps under `key`."""
        row = self._one("SELECT value FROM meta WHERE key = ?", key)
        return row[0] if row else None

    @property
    def revision(self) -> int:
        """A number that goes up with every committed change."""
        return int(self.read_meta("revision") or 0)

    @property
    def model(self) -> tuple[str, int] | None:
        """Name and dimension of the embedding model; None while nothing was embedded."""
        name, dimension = self.read_meta("model"), self.read_meta("dimension")
        return (str(name), int(dimension)) if name and dimension else None

    def check_model(self, model: str, dimension: int) -> None:
        """Make sure that the library's vectors are of this model.

        Raises:
            ModelError: naming both models and the command that embeds the library again.
        """
        if self.model not in (None, (model, dimension)):
            name, size = self.model or ("", 0)
            raise ModelError(
                f"the library in {self.folder} was embedded with {name} ({size} dimensions), settings say {model} "
                f"({dimension} dimensions): use `--embedding-model {name}`, or run "
                f"`article-assistant reembed --embedding-model {model} --library {self.folder}`"
            )

    def summarise(self) -> Summary:
        """Count what is in the library."""
        articles, first, last = self._one("SELECT count(*), min(published), max(published) FROM article") or (
            0,
            None,
            None,
        )
        passages = self._one("SELECT count(*) FROM passage") or (0,)
        return Summary(articles, passages[0], _to_date(first), _to_date(last))

    def find_article(self, article_id: str) -> Article | None:
        """The article of that id."""
        row = self._one(f"SELECT {_ARTICLE_COLUMNS} FROM article a WHERE a.id = ?", article_id)
        return _to_article(row) if row else None

    def find_id(self, name: str) -> str | None:
        """The id of the article called `name`: its id, its URL, or the end of its path where only one fits."""
        from index.formats.origin import canonical_url

        for candidate in (name, canonical_url(name)):
            if candidate and self.find_digest(candidate) is not None:
                return candidate
        ending = "/" + name
        rows = self._all("SELECT id FROM article WHERE substr(id, ?) = ? LIMIT 2", -len(ending), ending)
        return rows[0][0] if len(rows) == 1 else None

    def iterate_articles(self) -> Iterator[Article]:
        """All articles, in the order they were added."""
        for row in self._all(f"SELECT {_ARTICLE_COLUMNS} FROM article a ORDER BY a.number"):
            yield _to_article(row)

    def find_digest(self, article_id: str) -> str | None:
        """The digest of what was read when the article was written; None where there is no such article."""
        row = self._one("SELECT digest FROM article WHERE id = ?", article_id)
        return row[0] if row else None

    def find_passages(self, ids: Sequence[int]) -> dict[int, PassageRow]:
        """The passages of those ids that exist, by id; passages of one article share one `Article`."""
        found: dict[int, PassageRow] = {}
        articles: dict[int, Article] = {}
        for chunk in _chunks(ids):
            query = f"SELECT id, article, start, end FROM passage WHERE id IN ({_marks(chunk)})"
            rows = self._all(query, *chunk)
            self._load_articles({row[1] for row in rows} - articles.keys(), articles)
            for passage, number, start, end in rows:
                if number in articles:
                    found[passage] = (passage, articles[number], start, end)
        return found

    def _load_articles(self, numbers: set[int], into: dict[int, Article]) -> None:
        for chunk in _chunks(sorted(numbers)):
            query = f"SELECT a.number, {_ARTICLE_COLUMNS} FROM article a WHERE a.number IN ({_marks(chunk)})"
            into.update({row[0]: _to_article(row[1:]) for row in self._all(query, *chunk)})

    def ids_from(self, root: str) -> list[str]:
        """Ids of the articles that were read from the file or folder `root`, an absolute path."""
        inside = root.rstrip("/") + "/"
        query = "SELECT id FROM article WHERE origin = ? OR substr(origin, 1, ?) = ?"
        return [row[0] for row in self._all(query, root, len(inside), inside)]

    def passages_of(self, article_id: str) -> dict[int, tuple[int, int]]:
        """The passages of an article: id -> (start, end)."""
        query = "SELECT p.id, p.start, p.end FROM passage p JOIN article a ON a.number = p.article WHERE a.id = ?"
        return {passage: (start, end) for passage, start, end in self._all(query, article_id)}

    def iterate_passages(self) -> Iterator[tuple[int, Article, str]]:
        """All passages as (id, article, text), in the order they were added."""
        for article in self.iterate_articles():
            for passage, (start, end) in sorted(self.passages_of(article.id).items()):
                yield passage, article, article.text[start:end]

    def removed_lines(self, article_id: str) -> tuple[tuple[int, str], ...]:
        """What cleaning took out of an article: (line number, line)."""
        row = self._one("SELECT removed FROM article WHERE id = ?", article_id)
        return tuple((number, line) for number, line in json.loads(row[0])) if row else ()

    def match_text(self, expression: str, limit: int) -> list[int]:
        """Ids of the passages that match an FTS5 expression, best BM25 first."""
        query = "SELECT rowid FROM passage_text WHERE passage_text MATCH ? ORDER BY rank LIMIT ?"
        return [row[0] for row in self._all(query, expression, limit)]

    def count_matches(self, expression: str) -> int:
        """How many passages match an FTS5 expression."""
        row = self._one("SELECT count(*) FROM passage_text WHERE passage_text MATCH ?", expression)
        return int(row[0]) if row else 0

    def vectors_since(self, revision: int) -> tuple[list[int], Vectors]:
        """Ids and vectors, `(n, dimension)` float32, of the passages written after `revision`."""
        rows = self._all("SELECT id, vector FROM passage WHERE revision > ? ORDER BY id", revision)
        return [row[0] for row in rows], self._to_vectors([row[1] for row in rows])

    def removed_since(self, revision: int) -> list[int]:
        """Ids of the passages removed after `revision`."""
        return [row[0] for row in self._all("SELECT id FROM removed_passage WHERE revision > ?", revision)]

    def find_vectors(self, ids: Sequence[int]) -> dict[int, Vectors]:
        """The vectors of those passages that exist, by id."""
        found: dict[int, Vectors] = {}
        for chunk in _chunks(ids):
            rows = self._all(f"SELECT id, vector FROM passage WHERE id IN ({_marks(chunk)})", *chunk)
            found.update(zip([row[0] for row in rows], self._to_vectors([row[1] for row in rows]), strict=True))
        return found

    def _to_vectors(self, blobs: Sequence[bytes]) -> Vectors:
        dimension = self.model[1] if self.model else 1
        return np.frombuffer(b"".join(blobs), dtype="<f2").reshape(-1, dimension).astype(np.float32)

    # ---- connections

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        if not hasattr(self._local, "connection"):
            with self.reporting():
                connection = sqlite3.connect(self.folder / DATABASE, timeout=BUSY_SECONDS, isolation_level=None)
                connection.execute("PRAGMA synchronous = NORMAL")
                connection.execute("PRAGMA foreign_keys = ON")
            self._local.connection = connection
        return self._local.connection  # type: ignore[no-any-return]

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only one who syncs.

        Raises:
            LibraryError: if another process has been syncing for longer than anyone wants to wait.
        """
        from filelock import FileLock, Timeout

        try:
            with FileLock(self.folder / LOCK, timeout=LOCK_SECONDS):
                yield
        except Timeout as error:
            raise LibraryError(f"another sync is writing to {self.folder}: try again when it is done") from error

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Turn what SQLite raises into a `LibraryError` with a remedy."""
        try:
            yield
        except sqlite3.Error as error:
            raise LibraryError(f"the library in {self.folder}: {error}{_remedy(str(error))}") from error

    def _one(self, query: str, *values: object) -> tuple | None:  # type: ignore[type-arg]
        with self.reporting():
            return self.connection.execute(query, values).fetchone()  # type: ignore[no-any-return]

    def _all(self, query: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        with self.reporting():
            return self.connection.execute(query, values).fetchall()

    def close(self) -> None:
        """Close this thread's connection."""
        if hasattr(self._local, "connection"):
            self._local.connection.close()
            del self._local.connection


def _remedy(message: str) -> str:
    if "full" in message or "disk I/O error" in message:
        return ": free some space; what was committed before is unharmed"
    if "malformed" in message or "not a database" in message:
        return ": the file is damaged; restore it from a copy, or sync the sources into a new folder"
    if "locked" in message:
        return f": another process has been writing for over {BUSY_SECONDS:.0f} s; try again when it is done"
    if "readonly" in message or "unable to open" in message:
        return ": the folder must be readable, and writable for the library's own files"
    return ""


def _to_article(row: Sequence[str | None]) -> Article:
    article_id, title, text, url, source, published, authors, origin = row
    return Article(
        id=article_id or "",
        title=title or "",
        text=text or "",
        url=url,
        source=source or "",
        published=_to_date(published),
        authors=tuple(json.loads(authors or "[]")),
        origin=origin or "",
    )


def _to_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _chunks(ids: Sequence[int]) -> Iterator[list[int]]:
    """SQLite takes a limited number of variables in one query."""
    for begin in range(0, len(ids), MAX_VARIABLES):
        yield [int(number) for number in ids[begin : begin + MAX_VARIABLES]]


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
