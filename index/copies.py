"""Copies among the hits: near-identical passages become one hit that names the other articles.

The one rule: a passage is folded away only where what it says is shown by the hit that stays.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

from index.readable import Readable
from index.records import Hit
from index.scope import Scope, end_of

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
    lengths: list[int] = []
    holders: dict[tuple[str, ...], list[int]] = {}  # most pairs share nothing, and are not even looked at
    for hit in hits:
        own = _shingles(hit.text)
        shared = Counter(chain.from_iterable(map(holders.__getitem__, holders.keys() & own)))
        original = next(
            (n for n in sorted(shared) if _is_copy(hit, len(own), kept[n], lengths[n], shared[n], stories)), None
        )
        if original is None:
            if len(kept) == limit:
                break
            for shingle in own:
                holders.setdefault(shingle, []).append(len(kept))
            kept.append(hit)
            lengths.append(len(own))
        elif hit.article.id not in (kept[original].article.id, *kept[original].copies):
            kept[original] = replace(kept[original], copies=(*kept[original].copies, hit.article.id))
    return kept


def name_copies(library: Readable, hits: Sequence[Hit], stories: Mapping[str, int], scope: Scope) -> list[Hit]:
    """Name all other articles of a hit's story among its copies, found or not; those that had come by `as_of`."""
    until = end_of(scope.as_of) if scope.as_of else None
    named = []
    for hit in hits:
        story = stories.get(hit.article.id)
        others = library.articles_of_story(story, until) if story is not None else []
        known = (hit.article.id, *hit.copies)
        named.append(replace(hit, copies=(*hit.copies, *(other for other in others if other not in known))))
    return named


def _is_copy(hit: Hit, own: int, other: Hit, theirs: int, shared: int, stories: Mapping[str, int]) -> bool:
    """Whether two passages with so many shingles, of which so many are in both, are near-identical."""
    story = stories.get(hit.article.id)
    if story is not None and hit.article.id != other.article.id and story == stories.get(other.article.id):
        return shared >= COPY_SIMILARITY * min(own, theirs)
    return shared >= COPY_SIMILARITY * (own + theirs - shared)


def _shingles(text: str) -> Shingles:
    words = _WORD.findall(text.lower())
    runs = [words[n:] for n in range(SHINGLE)] if len(words) > SHINGLE else [[word] for word in words]
    return frozenset(zip(*runs, strict=False)) or frozenset([()])
