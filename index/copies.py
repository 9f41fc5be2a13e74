"""Copies among the hits: near-identical passages become one hit that names the other articles.

The one rule: a passage is folded away only where what it says is shown by the hit that stays.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from index.records import Hit
from index.scope import Scope, end_of
from index.store import Index

COPY_SIMILARITY = 0.7
SHINGLE = 3
_WORD = re.compile(r"\w+")

Shingles = frozenset[tuple[str, ...]]
_NO_STORIES: Mapping[str, int] = {}


def fold_copies(hits: Sequence[Hit], limit: int, stories: Mapping[str, int] = _NO_STORIES) -> list[Hit]:
    """Keep the first `limit` hits; a later near-identical passage of another article becomes a copy of the earlier.

    Near-identical: the sets of three-word shingles have a Jaccard similarity of at least 0.7. In two articles of one
    story (article id -> its number), whose passages may be cut elsewhere, 0.7 of the shorter passage is enough.
    """
    kept: list[Hit] = []
    shingles: list[Shingles] = []
    for hit in hits:
        own = _shingles(hit.text)
        original = next((n for n in range(len(kept)) if _is_copy(hit, own, kept[n], shingles[n], stories)), None)
        if original is None:
            if len(kept) == limit:
                break
            kept.append(hit)
            shingles.append(own)
        elif hit.article.id not in (kept[original].article.id, *kept[original].copies):
            kept[original] = replace(kept[original], copies=(*kept[original].copies, hit.article.id))
    return kept


def name_copies(library: Index, hits: Sequence[Hit], stories: Mapping[str, int], scope: Scope) -> list[Hit]:
    """Name all other articles of a hit's story among its copies, found or not; those that had come by `as_of`."""
    until = end_of(scope.as_of) if scope.as_of else None
    named = []
    for hit in hits:
        story = stories.get(hit.article.id)
        others = library.articles_of_story(story, until) if story is not None else []
        known = (hit.article.id, *hit.copies)
        named.append(replace(hit, copies=(*hit.copies, *(other for other in others if other not in known))))
    return named


def _is_copy(hit: Hit, own: Shingles, other: Hit, theirs: Shingles, stories: Mapping[str, int]) -> bool:
    shared = len(own & theirs)
    story = stories.get(hit.article.id)
    if story is not None and hit.article.id != other.article.id and story == stories.get(other.article.id):
        return shared >= COPY_SIMILARITY * min(len(own), len(theirs))
    return shared >= COPY_SIMILARITY * (len(own) + len(theirs) - shared)


def _shingles(text: str) -> Shingles:
    words = _WORD.findall(text.lower())
    return frozenset(tuple(words[n : n + SHINGLE]) for n in range(max(len(words) - SHINGLE + 1, 1)))
