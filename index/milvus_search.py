"""The two searches of a library on a server, each narrowed to a scope and to committed versions.

The one rule: two requests and the product's own fusion, not Milvus' `hybrid_search`. Its reciprocal rank fusion has a
constant but no weights, and it tells no ranks of the two searches, of which fusion here and each hit make use.
"""

from collections.abc import Callable, Sequence
from typing import Any

from index.embedder import Vectors
from index.milvus_client import ARTICLES, PASSAGES, Collections, Row
from index.milvus_lists import condition
from index.milvus_record import to_stems
from index.milvus_schema import CURRENT
from index.scope import Scope

SPARE = 32
"""So many passages more are asked for, as some may be of versions that do not count."""


class MilvusRankings:
    """The searches over the passages of a server."""

    def __init__(self, collections: Collections, revision: Callable[[], int]) -> None:
        """Search these collections; `revision` reads what the library is at."""
        self._collections = collections
        self._revision = revision
        self._seen = revision()

    def catch_up(self) -> bool:
        """Whether anything was committed since the last call; the server always searches what is there."""
        revision = self._revision()
        changed, self._seen = revision != self._seen, revision
        return changed

    def nearest(self, vector: Vectors, limit: int, scope: Scope) -> list[int]:
        """The passages of the scope nearest to a unit vector `(dimension,)`."""
        return self._search("vector", [float(value) for value in vector], limit, scope)

    def match(self, words: Sequence[str], limit: int, scope: Scope) -> list[int]:
        """The passages of the scope that hold any of the words, by Milvus' BM25 over stems."""
        stems = to_stems(" ".join(words))
        return self._search("sparse", stems, limit, scope) if stems else []

    def _search(self, field: str, wanted: Any, limit: int, scope: Scope) -> list[int]:
        if not self._collections.exists(PASSAGES):
            return []
        where = condition(scope, "article") if scope else ""
        found = self._collections.search(field, wanted, limit + SPARE, where)
        return [row["id"] for row in committed(self._collections, found)][:limit]


def committed(collections: Collections, passages: Sequence[Row]) -> list[Row]:
    """Those of the passages, in their order, that belong to the version of their article that counts."""
    names = list({row["article"] for row in passages})
    rows = collections.fetch(ARTICLES, names, ["id", "version", "state"])
    versions = {row["id"]: row["version"] for row in rows if row["state"] == CURRENT}
    return [row for row in passages if versions.get(row["article"]) == row["version"]]
