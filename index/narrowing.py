"""The searches within a scope: which passages are in it, and what the library held on an earlier day.

The one rule: the articles of a scope are found once, never once a matching passage.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedder import Vectors
from index.library import Library
from index.scope import Scope, end_of, to_condition

Ids = NDArray[np.int64]
LISTED = 50_000
"""Up to so many passages of a scope are listed to compare with; beyond, each match is asked which article it is of."""

_HELD = (
    "a.until >= ? AND (a.removal IS NULL OR a.removal IN (SELECT token FROM removal WHERE kind = 'pruned')) "
    "AND a.id NOT IN (SELECT v.id FROM version v JOIN removal r ON r.token = v.removal WHERE r.kind = 'removed')"
)
"""Earlier versions that were the current ones at a moment. What a user removed is gone from the past, too."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The passages of a scope: sorted ids of the current ones; earlier ones with `(n, dimension)` vectors."""

    scope: Scope
    current: Ids
    earlier: Ids
    earlier_vectors: Vectors

    def condition(self) -> tuple[str, list[str]]:
        """An SQL condition that a row of `passage_text` is of the scope, with its values."""
        where, values = to_condition(self.scope)
        articles = f"(SELECT a.number FROM article a WHERE {where})"
        # The plus keeps SQLite from asking the full-text index once for each passage of the scope: 40 times slower.
        if len(self.current) <= LISTED:
            return f"+rowid IN (SELECT p.id FROM passage p WHERE p.article IN {articles})", values
        return f"(SELECT p.article FROM passage p WHERE p.id = +passage_text.rowid) IN {articles}", values


def narrow(library: Library, scope: Scope) -> Narrowed:
    """Find the passages of a scope; see `index.scope.Scope` for what belongs to it."""
    where, values = to_condition(scope)
    query = f"SELECT p.id FROM passage p WHERE p.article IN (SELECT a.number FROM article a WHERE {where})"
    current = np.sort(np.fromiter((row[0] for row in library.all(query, *values)), dtype=np.int64))
    rows: list[tuple[int, bytes]] = []
    if scope.as_of:
        where, values = _held(scope)
        query = f"SELECT p.id, p.vector FROM version a JOIN version_passage p ON p.version = a.number WHERE {where}"
        rows = library.all(query, *values)
    earlier = np.fromiter((row[0] for row in rows), dtype=np.int64)
    return Narrowed(scope, current, earlier, library.to_vectors([row[1] for row in rows]))


def match_earlier(library: Library, expression: str, limit: int, scope: Scope) -> list[int]:
    """Ids of the earlier versions' passages of the scope that match an FTS5 expression, best BM25 first."""
    where, values = _held(scope)
    query = (
        "SELECT rowid FROM version_text WHERE version_text MATCH ? AND +rowid IN (SELECT p.id FROM version a "
        f"JOIN version_passage p ON p.version = a.number WHERE {where}) ORDER BY rank LIMIT ?"
    )
    return [row[0] for row in library.all(query, expression, *values, limit)]


def nearest_earlier(narrowed: Narrowed, vector: Vectors, limit: int) -> list[tuple[int, float]]:
    """The earlier passages nearest to a unit vector, as (id, inner product), nearest first."""
    if not len(narrowed.earlier):
        return []
    scores = narrowed.earlier_vectors @ vector
    best = np.argsort(-scores, kind="stable")[:limit]
    return [(int(narrowed.earlier[n]), float(scores[n])) for n in best]


def take_turns(one: list[int], other: list[int]) -> list[int]:
    """Two rankings as one that takes from each in turn."""
    shared = min(len(one), len(other))
    turns = [number for pair in zip(one, other, strict=False) for number in pair]
    return turns + one[shared:] + other[shared:]


def _held(scope: Scope) -> tuple[str, list[str]]:
    where, values = to_condition(scope)
    return f"{where} AND {_HELD}", [*values, end_of(scope.as_of)] if scope.as_of else values
