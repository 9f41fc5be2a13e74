"""A library is copied to another place, a folder or a server, with its vectors: nothing is embedded again.

The one rule: the copy cannot be opened until it was counted and asked, and agrees; until then it names where it is
from, and the same command goes on where it was.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.batches import batched
from index.errors import LibraryError, SourceError
from index.lists import PRUNED
from index.records import Entry
from index.remembered import list_sources, remember
from index.reports import Progress
from index.scope import EVERYTHING
from index.store import Index
from index.words import question_words

TOGETHER = 64
SAMPLED = 25
"""So many passages are looked for in both libraries, by their vector and by their words."""
BEST = 10
AGREES = 0.9
"""The part of the nearest passages that must be the same: two approximate indexes never agree wholly."""
SAMPLE_WORDS = 8
Span = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Moved:
    """What was copied: all that is there now, what this run wrote, and how well both find the same (0..1)."""

    articles: int
    passages: int
    written: int
    nearest_agree: float
    words_agree: float


def move(source: Index, target: Index, progress: Progress) -> Moved:
    """Copy what is in `source` to `target`, an empty library or one that this was begun in.

    Copied are the articles as they read now with their passages, vectors and dates, which lines are boilerplate, what
    the user removed (as left out, not to be brought back), and which sources are remembered. Not copied are earlier
    versions, the log and what was put away.

    Raises:
        LibraryError: if the target holds another library, or does not agree with the source in the end.
        ModelError: if it was begun with another embedding model.
    """
    _begin(source, target)
    with source.writing(), target.writing():
        total, done, written = source.summarise().articles, 0, 0
        seen: set[str] = set()
        for entries in batched(source.iterate_entries(), TOGETHER):
            there = target.find_digests([entry.article.id for entry in entries])
            missing = [entry for entry in entries if there.get(entry.article.id) != entry.digest]
            written += sum(target.write_all(missing)) if missing else 0
            seen.update(entry.article.id for entry in entries)
            done += len(entries)
            progress("copying", done, total)
        if target.summarise().articles > len(seen):  # something was removed from the source since the copy was begun
            target.put_away([one.id for one in target.iterate_articles() if one.id not in seen], PRUNED)
        for name in source.count_by_source():
            target.keep_settled(name, source.settled(name))
        target.make_unwanted(source.unwanted())
        target.tidy()
        nearest, words = _check(source, target)
    _remember(source, target)
    target.set_unfinished("")
    found = target.summarise()
    return Moved(found.articles, found.passages, written, nearest, words)


def _begin(source: Index, target: Index) -> None:
    if source.model is None:
        raise LibraryError(f"the library at {source.address} holds nothing: there is nothing to migrate")
    origin = target.unfinished_from()
    if origin and origin != source.address:
        raise LibraryError(
            f"{target.address} is being migrated from {origin}, not from {source.address}: end that first"
        )
    if not origin and target.summarise().articles:
        raise LibraryError(
            f"{target.address} holds {target.summarise().articles:,} articles already: name an empty place"
        )
    target.set_unfinished(source.address)
    if target.model is None:
        target.set_model(*source.model)
    target.check_model(*source.model)


def _check(source: Index, target: Index) -> tuple[float, float]:
    """Count both, and look for a sample of passages in both; how well they agree.

    Raises:
        LibraryError: if they do not.
    """
    ours, theirs = source.summarise(), target.summarise()
    if ours != theirs:
        raise LibraryError(
            f"{target.address} has {theirs.articles:,} articles with {theirs.passages:,} passages, {source.address} "
            f"{ours.articles:,} with {ours.passages:,}: run the same command again"
        )
    one, other = source.rankings(), target.rankings()
    chance = random.Random(0)
    nearest: list[float] = []
    words: list[float] = []
    for entry in _sample(source, chance):
        number = chance.randrange(len(entry.passages))
        vector, some = entry.vectors[number], question_words(entry.passages[number].text)[:SAMPLE_WORDS]
        our_ids, their_ids = (by.nearest(vector, BEST, EVERYTHING) for by in (one, other))
        same = (_spans(source, source.match_words(some, BEST)), _spans(target, target.match_words(some, BEST)))
        nearest.append(_overlap(_spans(source, our_ids), _spans(target, their_ids)))
        words.append(_overlap(*same))
    agreed = _mean(nearest)
    if agreed < AGREES:
        raise LibraryError(
            f"of the {BEST} nearest passages to {len(nearest)} of them, {agreed:.0%} are the same in {source.address} "
            f"and {target.address}, and {AGREES:.0%} should be: run the same command again"
        )
    return agreed, _mean(words)


def _sample(source: Index, chance: random.Random) -> Iterator[Entry]:
    """Some articles, drawn without knowing how many there are (Vitter's algorithm R)."""
    kept: list[Entry] = []
    for number, entry in enumerate(entry for entry in source.iterate_entries() if entry.passages):
        if number < SAMPLED:
            kept.append(entry)
        elif (place := chance.randrange(number + 1)) < SAMPLED:
            kept[place] = entry
    return iter(kept)


def _overlap(ours: set[Span], theirs: set[Span]) -> float:
    return len(ours & theirs) / max(len(ours), 1)


def _spans(index: Index, ids: Sequence[int]) -> set[Span]:
    return {(article.id, start, end) for _, article, start, end in index.find_passages(ids).values()}


def _remember(source: Index, target: Index) -> None:
    for each in list_sources(source.state):
        try:
            remember(target.state, [each.source])
        except SourceError:
            continue  # a folder of another machine


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 1.0
