"""The two searches of a library on a server, each narrowed to a scope and to committed versions.

The one rule: two requests and the product's own fusion, not Milvus' `hybrid_search`. Its reciprocal rank fusion has a
constant but no weights, and it tells no ranks of the two searches, of which fusion here and each hit make use. What is
found by words is put in order in between; see `index.milvus_words`.
"""

from collections.abc import Callable, Sequence
from typing import Any

from index.embedder import Vectors
from index.milvus_client import ARTICLES, EARLIER, PASSAGES, Collections, Row
from index.milvus_lists import condition, end_second
from index.milvus_schema import CURRENT
from index.milvus_versions import held_versions
from index.milvus_words import Rarity, rank, written
from index.narrowing import take_turns
from index.scope import Scope
from index.tokens import to_tokens

SPARE = 32
"""So many passages more are asked for, as some may be of versions that do not count."""
PROPOSED, PROPOSED_AT_MOST = 3, 10_000
"""So many times the passages that are wanted are proposed by Milvus' BM25, in which a title counts fully (twice as many
held all of the hundred best for each of 113 questions on 26,794 passages), and at most so many."""
DECIMALS = 6
"""Of an inner product; a server adds up in another order in each of its segments, and the rest is rounding."""
FOUND = ("article", "version", "begin")
RANKED = (*FOUND, "words", "title_words")


class MilvusRankings:
    """The searches over the passages of a server."""

    def __init__(self, collections: Collections, revision: Callable[[], int], rarity: Rarity) -> None:
        """Search these collections; `revision` reads what the library is at, `rarity` how rare words are in it."""
        self._collections = collections
        self._rarity = rarity
        self._revision = revision
        self._seen = revision()

    def catch_up(self) -> bool:
        """Whether anything was committed since the last call; the server always searches what is there."""
        revision = self._revision()
        changed, self._seen = revision != self._seen, revision
        return changed

    def nearest(self, vector: Vectors, limit: int, scope: Scope) -> list[int]:
        """The passages of the scope nearest to a unit vector `(dimension,)`."""
        wanted = [float(value) for value in vector]
        found = self._committed(self._search(PASSAGES, "vector", wanted, limit + SPARE, scope, FOUND))
        if scope.as_of:
            found += self._held(self._search(EARLIER, "vector", wanted, limit + SPARE, scope, FOUND))
        # What is equally near comes in the order in which it was written, as in a folder.
        found.sort(key=lambda row: (-round(row["score"], DECIMALS), *written(row)))
        return [row["id"] for row in found[:limit]]

    def match(self, words: Sequence[str], limit: int, scope: Scope) -> list[int]:
        """The passages of the scope that hold any of the words, by BM25 over stems as in a folder.

        What only an earlier day's version says is ranked on its own, and the two rankings take turns, as there.
        """
        tokens = " ".join(to_tokens([" ".join(words)])[0])
        if not tokens:
            return []
        current = self._committed(self._match(PASSAGES, tokens, words, limit, scope))
        if not scope.as_of:
            return [row["id"] for row in current[:limit]]
        earlier = self._held(self._match(EARLIER, tokens, words, limit, scope))
        return take_turns([row["id"] for row in current], [row["id"] for row in earlier])[:limit]

    def _match(self, kind: str, tokens: str, words: Sequence[str], limit: int, scope: Scope) -> list[Row]:
        most = min(PROPOSED * limit, PROPOSED_AT_MOST)
        proposed = self._search(kind, "sparse", tokens, most + SPARE, scope, RANKED)
        return rank(proposed, words, self._rarity)[: limit + SPARE]

    def _search(self, kind: str, field: str, wanted: Any, limit: int, scope: Scope, fields: Sequence[str]) -> list[Row]:
        if not self._collections.exists(kind):
            return []
        where = condition(scope, "article")
        if kind == EARLIER and scope.as_of:
            where += f" and until >= {end_second(scope.as_of)}"
        return self._collections.search_all(kind, field, [wanted], limit, where, fields)[0]

    def _committed(self, found: Sequence[Row]) -> list[Row]:
        """Those of the passages, in their order, that belong to the version of their article that counts."""
        names = list({row["article"] for row in found})
        rows = self._collections.fetch(ARTICLES, names, ["id", "version", "state"])
        versions = {row["id"]: row["version"] for row in rows if row["state"] == CURRENT}
        return [row for row in found if versions.get(row["article"]) == row["version"]]

    def _held(self, found: Sequence[Row]) -> list[Row]:
        """Those of the passages, in their order, that belong to an earlier version that counts."""
        held = held_versions(self._collections, found)
        return [row for row in found if (row["article"], row["version"]) in held]
