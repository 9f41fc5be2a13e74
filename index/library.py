"""What a library holds: articles, passages, vectors and full text. It is the record; all else is a view.

The one rule: an article changes in one transaction, which also raises `revision`: a reader sees it whole or not.
"""

import json
from collections.abc import Iterator, Sequence

from index.article_rows import ARTICLE_COLUMNS, to_article
from index.catalogue import Catalogue
from index.embedder import Vectors
from index.errors import ModelError
from index.records import Article, PassageRow
from index.stored import unpack_vectors

MAX_VARIABLES = 500
UNFINISHED = "unfinished"
"""The key under which a library keeps where it is being migrated from."""


class Library(Catalogue):
    """What an open library answers; `index.local.open_library` gives one. Safe to use from many threads."""

    def read_meta(self, key: str) -> int | str | None:
        """The value that the record keeps under `key`."""
        row = self.one("SELECT value FROM meta WHERE key = ?", key)
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

    def find_article(self, article_id: str) -> Article | None:
        """The article of that id."""
        row = self.one(f"SELECT {ARTICLE_COLUMNS} FROM article a WHERE a.id = ?", article_id)
        return to_article(row) if row else None

    def find_id(self, name: str) -> str | None:
        """The id of the article called `name`: its id, its URL, or the end of its path where only one fits."""
        from index.formats.origin import canonical_url

        for candidate in (name, canonical_url(name)):
            if candidate and self.find_digest(candidate) is not None:
                return candidate
        ending = "/" + name
        rows = self.all("SELECT id FROM article WHERE substr(id, ?) = ? LIMIT 2", -len(ending), ending)
        return rows[0][0] if len(rows) == 1 else None

    def iterate_articles(self) -> Iterator[Article]:
        """All articles, in the order they were added."""
        for row in self.all(f"SELECT {ARTICLE_COLUMNS} FROM article a ORDER BY a.number"):
            yield to_article(row)

    def find_digest(self, article_id: str) -> str | None:
        """The digest of what was read when the article was written; None where there is no such article."""
        row = self.one("SELECT digest FROM article WHERE id = ?", article_id)
        return row[0] if row else None

    def find_passages(self, ids: Sequence[int], *, earlier: bool = False) -> dict[int, PassageRow]:
        """The passages of those ids that exist, by id; passages of one article share one `Article`.

        `earlier` also finds what earlier versions of articles said, with the article as it read then.
        """
        found = self._load_passages(ids, "passage", "article", "article")
        if earlier:
            missing = [passage for passage in ids if passage not in found]
            found |= self._load_passages(missing, "version_passage", "version", "version")
        return found

    def _load_passages(self, ids: Sequence[int], table: str, column: str, articles: str) -> dict[int, PassageRow]:
        found: dict[int, PassageRow] = {}
        loaded: dict[int, Article] = {}
        for chunk in _chunks(ids):
            rows = self.all(f"SELECT id, {column}, start, end FROM {table} WHERE id IN ({_marks(chunk)})", *chunk)
            self._load_articles(articles, {row[1] for row in rows} - loaded.keys(), loaded)
            for passage, number, start, end in rows:
                if number in loaded:
                    found[passage] = (passage, loaded[number], start, end)
        return found

    def _load_articles(self, table: str, numbers: set[int], into: dict[int, Article]) -> None:
        for chunk in _chunks(sorted(numbers)):
            query = f"SELECT a.number, {ARTICLE_COLUMNS} FROM {table} a WHERE a.number IN ({_marks(chunk)})"
            into.update({row[0]: to_article(row[1:]) for row in self.all(query, *chunk)})

    def ids_from(self, root: str) -> list[str]:
        """Ids of the articles that were read from the file or folder `root`, an absolute path."""
        inside = root.rstrip("/") + "/"
        query = "SELECT id FROM article WHERE origin = ? OR substr(origin, 1, ?) = ?"
        return [row[0] for row in self.all(query, root, len(inside), inside)]

    def passages_of(self, article_id: str) -> dict[int, tuple[int, int]]:
        """The passages of an article: id -> (start, end)."""
        query = "SELECT p.id, p.start, p.end FROM passage p JOIN article a ON a.number = p.article WHERE a.id = ?"
        return {passage: (start, end) for passage, start, end in self.all(query, article_id)}

    def iterate_passages(self) -> Iterator[tuple[int, Article, str]]:
        """All passages as (id, article, text), in the order they were added."""
        for article in self.iterate_articles():
            for passage, (start, end) in sorted(self.passages_of(article.id).items()):
                yield passage, article, article.text[start:end]

    def removed_lines(self, article_id: str) -> tuple[tuple[int, str], ...]:
        """What cleaning took out of an article: (line number, line)."""
        row = self.one("SELECT removed FROM article WHERE id = ?", article_id)
        return tuple((number, line) for number, line in json.loads(row[0])) if row else ()

    def match_text(self, expression: str, limit: int) -> list[int]:
        """Ids of the passages that match an FTS5 expression, best BM25 first."""
        query = "SELECT rowid FROM passage_text WHERE passage_text MATCH ? ORDER BY rank LIMIT ?"
        return [row[0] for row in self.all(query, expression, limit)]

    def count_matches(self, expression: str, most: int = -1) -> int:
        """How many passages match an FTS5 expression, counted up to `most` (negative: all)."""
        query = "SELECT count(*) FROM (SELECT 1 FROM passage_text WHERE passage_text MATCH ? LIMIT ?)"
        row = self.one(query, expression, most)
        return int(row[0]) if row else 0

    def ids_since(self, revision: int) -> list[int]:
        """Ids of the passages written after `revision`, in order."""
        # The plus keeps SQLite from passing over every row to have them in order.
        rows = self.all("SELECT id FROM passage WHERE revision > ? ORDER BY +id", revision)
        return [row[0] for row in rows]

    def count_since(self, revision: int) -> int:
        """How many passages were written or removed after `revision`."""
        counts = [f"(SELECT count(*) FROM {table} WHERE revision > ?)" for table in ("passage", "removed_passage")]
        row = self.one(f"SELECT {' + '.join(counts)}", revision, revision)
        return int(row[0]) if row else 0

    def count_passages(self) -> int:
        """How many passages there are."""
        row = self.one("SELECT count(*) FROM passage")
        return int(row[0]) if row else 0

    def highest_passage(self) -> int:
        """The highest id of a passage: about how many there are, and known at once."""
        row = self.one("SELECT max(id) FROM passage")
        return int(row[0] or 0) if row else 0

    def iterate_vectors(self, together: int) -> Iterator[tuple[list[int], Vectors]]:
        """All vectors in the order of their ids, `(n, dimension)` some at a time, with the ids."""
        last = 0
        while rows := self.all("SELECT id, vector FROM passage WHERE id > ? ORDER BY id LIMIT ?", last, together):
            last = rows[-1][0]
            yield [row[0] for row in rows], self.to_vectors([row[1] for row in rows])

    def removed_since(self, revision: int) -> list[int]:
        """Ids of the passages removed after `revision`."""
        return [row[0] for row in self.all("SELECT id FROM removed_passage WHERE revision > ?", revision)]

    def find_vectors(self, ids: Sequence[int]) -> dict[int, Vectors]:
        """The vectors of those passages that exist, by id."""
        found: dict[int, Vectors] = {}
        for chunk in _chunks(ids):
            rows = self.all(f"SELECT id, vector FROM passage WHERE id IN ({_marks(chunk)})", *chunk)
            found.update(zip([row[0] for row in rows], self.to_vectors([row[1] for row in rows]), strict=True))
        return found

    def to_vectors(self, blobs: Sequence[bytes]) -> Vectors:
        """Stored vectors as `(n, dimension)` float32."""
        return unpack_vectors(blobs, self.model[1] if self.model else 1)


def _chunks(ids: Sequence[int]) -> Iterator[list[int]]:
    """SQLite takes a limited number of variables in one query."""
    for begin in range(0, len(ids), MAX_VARIABLES):
        yield [int(number) for number in ids[begin : begin + MAX_VARIABLES]]


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
