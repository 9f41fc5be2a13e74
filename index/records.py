"""The records that travel between the stages: frozen, without logic.

The one rule: every `start` and `end` in the product counts characters (Python string indices) of `Article.text`.
"""

from dataclasses import dataclass
from datetime import date, datetime

from index.embedder import Vectors


@dataclass(frozen=True, slots=True)
class Article:
    """One article. `id` is its URL, else its absolute path (with `#row` for a row of a file).

    `origin` is the file, feed or page that it was read from.
    """

    id: str
    title: str
    text: str
    url: str | None = None
    source: str = ""
    published: date | None = None
    authors: tuple[str, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A source, or a row of one, that could not be taken in: its name, its row (from 1) and the reason."""

    name: str
    reason: str
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """An article of the library whose source says that it is what it was, and that was not read again: its id.

    `origin` is the file that holds it still; "" where that is not on this machine.
    """

    id: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file that was read to its end: its absolute path, a hash of what was read, and (row, why it was rejected)."""

    origin: str
    fingerprint: bytes
    troubles: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of an article: `article.text[start:end] == text`."""

    article_id: str
    start: int
    end: int
    text: str


PassageRow = tuple[int, Article, int, int]
"""A passage as a library gives it back: (passage id, article, start, end)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """All that is written of one article: the cleaned article, how it was cleaned, and what is searched.

    `lines` are (digest, number of words) of lines that may be boilerplate; `vectors` is `(len(passages), dimension)`.
    `signature` is what `index.stories.sign` makes of the text; None leaves it to the next sync.
    """

    article: Article
    digest: str
    removed: tuple[tuple[int, str], ...]
    lines: tuple[tuple[int, int], ...]
    passages: tuple[Passage, ...]
    vectors: Vectors
    signature: bytes | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that search found, best first by `score`; `article.text[start:end] == text`.

    `dense_rank` and `lexical_rank` count from 1 and are None where that search did not find it.
    `copies` are the ids of other articles that hold a near-identical passage (wire copies).
    """

    passage_id: int
    article: Article
    start: int
    end: int
    text: str
    score: float
    dense_rank: int | None = None
    lexical_rank: int | None = None
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """An article as it read from `seen` to `until` (UTC); None: since before that was kept, or until now."""

    article: Article
    seen: datetime | None
    until: datetime | None
