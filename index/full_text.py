"""The search by words, with a bound on its work: the rarest words choose the passages, the others help to rank them.

The one rule: a question with few postings is ranked by every passage that holds any of its words; beyond, what is left
out holds only its commonest words. A scope changes how many words choose, not how rare a word is.
"""

import threading
from collections.abc import Sequence

from index.library import Library
from index.narrowing import Narrowed
from index.text_rows import RANK

RANKED_SHARE, RANKED = 0.03, (3_000, 20_000)
"""Passages that are ranked for one question, as a share of all within these bounds: ranking one takes many times as
long as passing over it. What the bounds cost is told by `python -m benchmarks.common_words`."""
PASSED_SHARE, PASSED = 0.8, (40_000, 200_000)
"""Postings that one question may touch; the commonest words, which tell least, are then not counted."""
REMEMBERED_WORDS = 10_000
_MATCHING = "SELECT rowid FROM passage_text WHERE passage_text MATCH ?"
_SCORE = RANK.replace("(", "(passage_text, ")
"""Written out, as with `ORDER BY rank` every match would be ranked, those that a condition leaves out, too."""


class FullText:
    """The search by words of one library. Safe to use from many threads."""

    def __init__(self, library: Library) -> None:
        """Take the library; how common words are is remembered once they are."""
        self._library = library
        self._common: dict[str, int] = {}
        self._lock = threading.Lock()

    def match(self, words: Sequence[str], limit: int, within: Narrowed | None = None) -> list[int]:
        """Ids of the passages that hold the words, best BM25 first; see `RANKED` and `PASSED` for the bound.

        Only current passages of a scope with `within`: the fewer it has, the commoner may be the words that choose.
        """
        size = self._library.highest_passage()
        remembered, passed = _within(RANKED_SHARE * size, RANKED), _within(PASSED_SHARE * size, PASSED)
        ranked = remembered
        if within is not None:
            share = max(len(within.current), 1) / max(size, 1)
            ranked = min(int(ranked / share), max(passed, ranked))
        counts = sorted((self._count(word, remembered, passed), word) for word in words)
        if sum(number for number, _ in counts) <= ranked:
            return self._rank(match_expression(words), limit, within)
        counted = _up_to(counts, passed)
        if counts[0][0] > ranked:
            return self._rank_latest(_standing_together(counted), remembered, limit, within)
        return self._rank(_chosen_by(_up_to(counts, ranked), counted), limit, within)

    def _rank(self, expression: str, limit: int, within: Narrowed | None) -> list[int]:
        if within is None:
            return self._library.match_text(expression, limit)
        condition, values = within.condition()
        query = f"{_MATCHING} AND {condition} ORDER BY {_SCORE} LIMIT ?"
        return [row[0] for row in self._library.all(query, expression, *values, limit)]

    def _rank_latest(self, expression: str, most: int, limit: int, within: Narrowed | None) -> list[int]:
        """Rank the latest `most` passages that match."""
        condition, values = within.condition() if within else ("TRUE", [])
        given = (expression, *values)
        latest = f"{_MATCHING} AND {condition} ORDER BY rowid DESC LIMIT ?"
        query = (
            f"{_MATCHING} AND {condition} AND rowid >= (SELECT min(rowid) FROM ({latest})) ORDER BY {_SCORE} LIMIT ?"
        )
        return [row[0] for row in self._library.all(query, *given, *given, most, limit)]

    def _count(self, word: str, ranked: int, passed: int) -> int:
        """In how many passages a word is; beyond `passed` it does not matter."""
        known = self._common.get(word)
        if known is not None:
            return known
        number = self._library.count_matches(match_expression([word]), passed + 1)
        # A common word stays one while the library grows; a rare one is counted in a moment.
        if number > ranked:
            with self._lock:
                if len(self._common) >= REMEMBERED_WORDS:
                    self._common.clear()
                self._common[word] = number
        return number


def _chosen_by(rare: Sequence[str], counted: Sequence[str]) -> str:
    """An FTS5 expression for the passages that hold one of the rare words, ranked by all that are counted.

    The rare words, with which `counted` begins, stand in it twice, so the others must, too: BM25 adds up what stands
    in an expression. FTS5 skips postings on the right of an AND that the left rules out.
    """
    common = counted[len(rare) :]
    if not common:
        return match_expression(rare)
    return f"({match_expression(rare)}) AND ({match_expression([*counted, *common])})"


def _standing_together(counted: Sequence[str]) -> str:
    """An FTS5 expression for the passages that hold the rarest word, beside another one where there is one."""
    if len(counted) == 1:
        return match_expression(counted)
    return f"{match_expression(counted[:1])} AND ({match_expression(counted[1:])})"


def match_expression(words: Sequence[str]) -> str:
    """An FTS5 expression that matches any of the words; each is quoted, so it cannot be syntax."""
    return " OR ".join('"' + word.replace('"', '""') + '"' for word in words)


def _within(wanted: float, bounds: tuple[int, int]) -> int:
    least, most = bounds
    return int(min(max(wanted, least), most))


def _up_to(counts: Sequence[tuple[int, str]], most: int) -> list[str]:
    """The rarest words that have at most so many postings together, at least one."""
    taken: list[str] = []
    total = 0
    for number, word in counts:
        total += number
        if taken and total > most:
            break
        taken.append(word)
    return taken
