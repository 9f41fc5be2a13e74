"""Where a passage answers: the model's scores of first and last tokens become probabilities of its sentences.

The one rule: a sentence's probability is the mass of all spans that touch it, so that an answer of a whole statement
or of two sentences comes out whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.pairs import Window

LONGEST_ANSWER = 48
"""Tokens of a span at most."""

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Marked:
    """What the model marks in one sentence of a passage.

    `mass` is the probability (0..1) that an answer lies here; `span` are the characters in the passage of the best
    span's part in the sentence, and `best` is that span's own probability.
    """

    mass: float
    span: tuple[int, int]
    best: float


def mark_sentences(
    window: Window, starts: Scores, ends: Scores, sentences: Sequence[tuple[int, int]]
) -> list[Marked | None]:
    """Mark each of the passage's sentences, given as characters; None where the window does not hold it.

    `starts` and `ends` are the scores `(tokens,)` of the window. The probabilities of all spans and of the null
    answer, which is both at the first token (Devlin et al., 2019), add up to 1.
    """
    if not window.offsets:
        return [None] * len(sentences)
    spans = _span_probabilities(window, starts, ends)
    firsts = np.array([start for start, _ in window.offsets])
    lasts = np.array([end for _, end in window.offsets])
    return [_mark(spans, np.flatnonzero((lasts > left) & (firsts < right)), window) for left, right in sentences]


def _span_probabilities(window: Window, starts: Scores, ends: Scores) -> Scores:
    """`[i, j]` is the probability of the span from the passage's token i to its token j, both within."""
    length = len(window.offsets)
    part = slice(window.first, window.first + length)
    scores = starts[part, None] + ends[None, part]
    rows, columns = np.ogrid[:length, :length]
    scores = np.where((columns >= rows) & (columns - rows < LONGEST_ANSWER), scores, -np.inf)
    null = starts[0] + ends[0]
    highest = max(float(scores.max()), float(null))
    odds = np.exp(scores - highest)
    return np.asarray(odds / (odds.sum() + np.exp(null - highest)), dtype=np.float32)


def _mark(spans: Scores, tokens: NDArray[np.intp], window: Window) -> Marked | None:
    if not len(tokens):
        return None
    first, last = int(tokens[0]), int(tokens[-1])
    touching = spans[: last + 1, first:]
    row, column = np.unravel_index(int(touching.argmax()), touching.shape)
    start, end = max(int(row), first), min(int(column) + first, last)
    marked = (window.offsets[start][0], window.offsets[end][1])
    return Marked(min(float(touching.sum()), 1.0), marked, float(touching[row, column]))
