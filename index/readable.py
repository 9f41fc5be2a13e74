"""What can be asked of a place that keeps articles: the `Readable` Protocol, and the two searches of one.

The one rule: what a store cannot do is a `LibraryError` that says so and tells the remedy, never an empty answer.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from index.database import Database
from index.embedder import Vectors
from index.lists import ArticleRow, Bar, Change, Listed, Listing, Removal, Summary
from index.records import Article, Entry, PassageRow, Version
from index.scope import EVERYTHING, Scope


class Rankings(Protocol):
    """The two searches of a store, each as passage ids, best first."""

    def catch_up(self) -> bool:
        """See what was committed since the last call; whether there was anything."""
        ...

    def nearest(self, vector: Vectors, limit: int, scope: Scope) -> list[int]:
        """The passages of the scope nearest to a unit vector `(dimension,)`."""
        ...

    def match(self, words: Sequence[str], limit: int, scope: Scope) -> list[int]:
        """The passages of the scope that hold any of the words, by BM25 over stems."""
        ...


class Readable(Protocol):
    """What can be asked of a library of articles, wherever it is kept. Safe to use from many threads.

    Passage ids are positive 63-bit numbers, and none is used for two texts.
    """

    @property
    def address(self) -> str:
        """Where the articles are, as it may be shown: a folder, or a server's address without any secret."""
        ...

    @property
    def folder(self) -> Path:
        """The folder on this machine for what is not articles: conversations, runs of evaluations, uploads."""
        ...

    @property
    def state(self) -> Database:
        """The database on this machine that keeps which sources are followed, and what earlier visits found."""
        ...

    @property
    def revision(self) -> int:
        """A number that is another one, as a rule a higher one, after every committed change."""
        ...

    @property
    def model(self) -> tuple[str, int] | None:
        """Name and dimension of the embedding model; None while nothing was embedded."""
        ...

    def check_model(self, model: str, dimension: int) -> None:
        """Make sure that the vectors are of this model.

        Raises:
            ModelError: naming both models and the remedy.
        """
        ...

    def rankings(self) -> Rankings:
        """The two searches over what is there."""
        ...

    def close(self) -> None:
        """Give up this thread's connection."""
        ...

    # What is there

    def find_article(self, article_id: str) -> Article | None:
        """The article of that id."""
        ...

    def find_id(self, name: str) -> str | None:
        """The id of the article called `name`: its id, its URL, or the end of its path where only one fits."""
        ...

    def find_digest(self, article_id: str) -> str | None:
        """The digest of what was read when the article was written; None where there is no such article."""
        ...

    def find_digests(self, article_ids: Collection[str]) -> dict[str, str]:
        """The digests of those articles that are there, by id."""
        ...

    def ids_from(self, root: str) -> list[str]:
        """Ids of the articles that were read from the file or folder `root`, an absolute path."""
        ...

    def iterate_articles(self) -> Iterator[Article]:
        """All articles, one at a time."""
        ...

    def iterate_entries(self) -> Iterator[Entry]:
        """All articles as they were written, with their passages and vectors, one at a time."""
        ...

    def passages_of(self, article_id: str) -> dict[int, tuple[int, int]]:
        """The passages of an article: id -> (start, end)."""
        ...

    def find_passages(self, ids: Sequence[int], *, earlier: bool = False) -> dict[int, PassageRow]:
        """The passages of those ids that are there, by id; `earlier` also finds those of earlier versions."""
        ...

    def find_vectors(self, ids: Sequence[int]) -> dict[int, Vectors]:
        """The vectors of those passages that are there, by id."""
        ...

    def find_embedded(self, texts: Collection[str]) -> dict[str, Vectors]:
        """The vectors of those texts (see `index.embedded.embedded_text`) that the store has already."""
        ...

    def removed_lines(self, article_id: str) -> tuple[tuple[int, str], ...]:
        """What cleaning took out of an article: (line number, line)."""
        ...

    def count_word(self, word: str) -> int:
        """How many passages hold a word, in any of its forms."""
        ...

    def known_words(self, words: Sequence[str]) -> list[str]:
        """Those of the words that passages hold, in any of their forms; a server's sample stands for all of them."""
        ...

    def match_words(self, words: Sequence[str], limit: int) -> list[int]:
        """The passages that hold any of the words, best BM25 first."""
        ...

    def settled(self, source: str) -> frozenset[int]:
        """Digests of the lines that are boilerplate of a source, as of the last settling."""
        ...

    def unfinished_from(self) -> str:
        """The address of the library that this one is being migrated from; "" where that is done."""
        ...

    # Lists

    def summarise(self, scope: Scope = EVERYTHING) -> Summary:
        """Count what is there now, or in a part of it."""
        ...

    def list_articles(self, scope: Scope = EVERYTHING) -> list[ArticleRow]:
        """The articles of a scope, without their texts."""
        ...

    def list_page(self, listing: Listing) -> Listed:
        """A page of the table of articles."""
        ...

    def count_by_time(self, listing: Listing) -> list[Bar]:
        """A histogram of the days of publication."""
        ...

    def find_chosen(self, listing: Listing) -> list[str]:
        """The ids of all articles of a table."""
        ...

    def count_by_source(self) -> dict[str, int]:
        """The sources with their numbers of articles, largest first."""
        ...

    def changes(self, limit: int = 100, article_id: str | None = None) -> list[Change]:
        """What happened lately, to all articles or to one; latest first."""
        ...

    def read_versions(self, article_id: str) -> list[Version]:
        """Every version of an article that is kept, oldest first."""
        ...

    def stories_of(self, article_ids: Iterable[str]) -> dict[str, int]:
        """The stories of those articles that have copies: article id -> number of the story."""
        ...

    def articles_of_story(self, story: int, until: str | None = None) -> list[str]:
        """Ids of the articles of a story, first those that came first."""
        ...

    def removals(self) -> list[Removal]:
        """What was put away and can be brought back, latest first."""
        ...

    def put_away_as(self, article_id: str) -> str | None:
        """How the article was put away: removed (perhaps for good) or pruned; None where it was not."""
        ...

    def unwanted(self) -> list[str]:
        """Ids of the articles that the user removed: later syncs leave them out."""
        ...
