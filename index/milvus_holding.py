"""What a library on a Milvus server holds, as an `Index` answers it: articles, passages, the two searches, lists.

The one rule: what counts is what an article's row says; see `index.milvus_writing` for how it comes to say it.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from index.database import Database
from index.embedder import Vectors
from index.errors import ModelError
from index.lists import ArticleRow, Bar, Change, Listed, Listing, Summary
from index.local import open_library
from index.milvus_client import ARTICLES, EMBEDDED, Collections, quote, within
from index.milvus_lists import Lists
from index.milvus_meta import read_meta
from index.milvus_reading import Reading
from index.milvus_record import passage_keys, to_key
from index.milvus_remembered import Remembered
from index.milvus_schema import IS_CURRENT
from index.milvus_search import MilvusRankings
from index.milvus_stories import Stories
from index.milvus_words import Rarity
from index.readable import Rankings
from index.records import Article, Entry, PassageRow, Version
from index.scope import EVERYTHING, Scope

LOOKED_FOR = 250
"""So many texts are looked for in one request."""


class Holding:
    """What a library on a server answers; `index.milvus.open_milvus` gives one. Safe to use from many threads."""

    def __init__(self, collections: Collections, folder: Path) -> None:
        """Take its collections, and the folder for what is kept on this machine."""
        self.collections = collections
        self._folder = folder
        self._reading = Reading(collections)
        self._lists = Lists(collections)
        self._remembered = Remembered(lambda: self.revision)
        self._stories = Stories(collections, self._remembered)
        self._rarity = Rarity(collections, self._remembered.revision)

    @property
    def address(self) -> str:
        """The server's address."""
        return self.collections.server.address

    @property
    def folder(self) -> Path:
        """The folder for what is not articles; made when it is first asked for."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder

    @cached_property
    def state(self) -> Database:
        """The database in that folder; it holds sources and visits, and never an article."""
        return open_library(self.folder, create=True)

    @property
    def revision(self) -> int:
        """The moment of the last commit, in the numbers of versions."""
        return int(read_meta(self.collections, "revision") or 0)

    @property
    def model(self) -> tuple[str, int] | None:
        """Name and dimension of the embedding model; None while nothing was embedded."""
        found = read_meta(self.collections, "model")
        return (str(found[0]), int(found[1])) if found else None

    def check_model(self, model: str, dimension: int) -> None:
        """See `index.store.Index`."""
        found = self.model
        if found not in (None, (model, dimension)):
            name, size = found or ("", 0)
            raise ModelError(
                f"the library at {self.address} was embedded with {name} ({size} dimensions), settings say {model} "
                f"({dimension} dimensions): use `--embedding-model {name}`, or migrate it to a folder, reembed that, "
                "and migrate it back"
            )

    def rankings(self) -> Rankings:
        """See `index.milvus_search.MilvusRankings`."""
        return MilvusRankings(self.collections, lambda: self.revision, self._rarity)

    def close(self) -> None:
        """Close this thread's connection to the database in the folder; the server's is shared by all threads."""
        if "state" in self.__dict__:
            self.state.close()

    # What is there

    def find_article(self, article_id: str) -> Article | None:
        """See `index.store.Index`."""
        return self._reading.article(article_id)

    def find_id(self, name: str) -> str | None:
        """See `index.store.Index`."""
        from index.formats.origin import canonical_url

        for candidate in (name, canonical_url(name)):
            if candidate and self.find_digest(candidate) is not None:
                return candidate
        if "%" in name or "_" in name or "\\" in name:  # which mean something else in a pattern
            rows = list(self.collections.scan(ARTICLES, IS_CURRENT, ["id"]))
        else:
            where = f"{IS_CURRENT} and id like {quote('%/' + name)}"
            rows = self.collections.query(ARTICLES, where, ["id"])
        found = [str(row["id"]) for row in rows if row["id"].endswith("/" + name)]
        return found[0] if len(found) == 1 else None

    def find_digest(self, article_id: str) -> str | None:
        """See `index.store.Index`."""
        return self.find_digests([article_id]).get(article_id)

    def find_digests(self, article_ids: Collection[str]) -> dict[str, str]:
        """See `index.store.Index`."""
        return {name: row["digest"] for name, row in self._reading.rows(list(article_ids)).items()}

    def ids_from(self, root: str) -> list[str]:
        """See `index.store.Index`."""
        inside = root.rstrip("/") + "/"
        rows = self.collections.scan(ARTICLES, IS_CURRENT, ["id", "origin"])
        return [row["id"] for row in rows if row["origin"] == root or row["origin"].startswith(inside)]

    def iterate_articles(self) -> Iterator[Article]:
        """See `index.store.Index`."""
        for entry in self._reading.entries():
            yield entry.article

    def iterate_entries(self) -> Iterator[Entry]:
        """See `index.store.Index`."""
        return self._reading.entries()

    def passages_of(self, article_id: str) -> dict[int, tuple[int, int]]:
        """See `index.store.Index`."""
        found = self._reading.records([article_id]).get(article_id)
        if found is None:
            return {}
        row, record = found
        return dict(zip(passage_keys(article_id, row["version"], len(record.spans)), record.spans, strict=True))

    def find_passages(self, ids: Sequence[int], *, earlier: bool = False) -> dict[int, PassageRow]:
        """See `index.store.Index`."""
        found = self._reading.passages(ids)
        if earlier:
            found |= self._reading.earlier_passages([one for one in ids if one not in found])
        return found

    def find_vectors(self, ids: Sequence[int]) -> dict[int, Vectors]:
        """See `index.store.Index`."""
        return self._reading.vectors(ids)

    def find_embedded(self, texts: Collection[str]) -> dict[str, Vectors]:
        """See `index.store.Index`: by a hash of 63 bits, which no two texts of a library will share."""
        by_hash = {to_key(text): text for text in texts}
        found: dict[str, Vectors] = {}
        for kind in EMBEDDED:
            wanted = [key for key, text in by_hash.items() if text not in found]
            if not self.collections.exists(kind):
                continue
            for begin in range(0, len(wanted), LOOKED_FOR):
                where = within("embedded", wanted[begin : begin + LOOKED_FOR])
                for row in self.collections.query(kind, where, ["embedded", "vector"]):
                    found[by_hash[row["embedded"]]] = np.asarray(row["vector"], dtype=np.float32)
        return found

    def removed_lines(self, article_id: str) -> tuple[tuple[int, str], ...]:
        """See `index.store.Index`."""
        found = self._reading.records([article_id]).get(article_id)
        return found[1].removed if found else ()

    def count_word(self, word: str) -> int:
        """See `index.store.Index`."""
        return self._rarity.count(word)

    def known_words(self, words: Sequence[str]) -> list[str]:
        """See `index.store.Index`."""
        return self._rarity.known(words)

    def match_words(self, words: Sequence[str], limit: int) -> list[int]:
        """See `index.store.Index`."""
        return self.rankings().match(words, limit, EVERYTHING)

    # Lists

    def summarise(self, scope: Scope = EVERYTHING) -> Summary:
        """See `index.store.Index`."""
        return self._remembered.find(("summary", scope), lambda: self._lists.summarise(scope))

    def list_articles(self, scope: Scope = EVERYTHING) -> list[ArticleRow]:
        """See `index.store.Index`."""
        return self._lists.list_articles(scope)

    def list_page(self, listing: Listing) -> Listed:
        """See `index.store.Index`."""
        return self._lists.list_page(listing)

    def count_by_time(self, listing: Listing) -> list[Bar]:
        """See `index.store.Index`."""
        return self._remembered.find(("bars", listing), lambda: self._lists.count_by_time(listing))

    def find_chosen(self, listing: Listing) -> list[str]:
        """See `index.store.Index`."""
        return self._lists.find_chosen(listing)

    def count_by_source(self) -> dict[str, int]:
        """See `index.store.Index`."""
        return self._remembered.find("sources", self._lists.count_by_source)

    def changes(self, limit: int = 100, article_id: str | None = None) -> list[Change]:
        """See `index.store.Index`."""
        return self._lists.changes(limit, article_id)

    def read_versions(self, article_id: str) -> list[Version]:
        """See `index.store.Index`."""
        return self._reading.versions(article_id)

    def stories_of(self, article_ids: Iterable[str]) -> dict[str, int]:
        """See `index.store.Index`."""
        return self._stories.of(article_ids)

    def articles_of_story(self, story: int, until: str | None = None) -> list[str]:
        """See `index.store.Index`."""
        return self._stories.articles(story, until)
