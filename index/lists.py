"""What the lists of a library are made of: rows, pages, bars and changes.

The one rule: lists carry no article texts, so that a long one is cheap.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from index.scope import EVERYTHING, Scope

REMOVED, PRUNED = "removed", "pruned"
"""Why an article was put away: by the user, or because its source no longer has it."""
PAGE = 50
COPIES_NAMED = 100
"""Articles of a story that are named."""
KEPT_VERSIONS = 50
"""Earlier versions of an article that are kept; a page that changes at every look would fill the disk."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a library holds; `first` and `last` are the earliest and latest dates of publication."""

    articles: int
    passages: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article as a list shows it.

    `added` is when it first came (UTC; None where that was before the library kept it), `seen` since when it reads as
    it does, `passages` their number. Copies of one story have the same number as their `story`.
    """

    id: str
    title: str
    source: str
    published: date | None
    added: datetime | None
    passages: int
    url: str | None
    seen: datetime | None = None
    story: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened: `kind` is added, changed, removed or brought back."""

    at: datetime
    kind: str
    article_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Removal:
    """Articles that were put away together; `kind` is removed (by the user) or pruned (gone from their source)."""

    token: int
    at: datetime
    kind: str
    articles: tuple[tuple[str, str], ...]
    """(id, title) of each."""


class Order(StrEnum):
    """What a table can be sorted by."""

    TITLE = "title"
    SOURCE = "source"
    PUBLISHED = "published"
    ADDED = "added"
    PASSAGES = "passages"


@dataclass(frozen=True, slots=True)
class Listing:
    """Which part of the table is wanted: `words` stand in the title, source or address; `page` counts from 0."""

    words: str = ""
    scope: Scope = EVERYTHING
    order: Order = Order.PUBLISHED
    descending: bool = True
    page: int = 0
    size: int = PAGE


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the table, and how many articles all its pages hold."""

    rows: tuple[ArticleRow, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Bar:
    """How many articles were published from `first` to `last`."""

    first: date
    last: date
    articles: int
