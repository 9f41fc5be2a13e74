"""Training rows as tokens, encoded as at run time (`assistant.pairs`)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.pairs import Arrays, PairEncoder, Window, pad
from training.rows import Row

LONGEST = 192
"""Tokens of question, title and passage together; the end of a longer passage is left out."""


@dataclass(frozen=True, slots=True)
class Batch:
    """`inputs` by the model's names, each `(rows, tokens)`; the answer's first and last token `(rows,)`, 0 for none."""

    inputs: Arrays
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


def encode_rows(encoder: PairEncoder, rows: Sequence[Row]) -> Batch:
    """The rows as one batch; an answer that was cut off counts as none."""
    windows = [encoder.windows(row.question, row.title, row.passage)[0] for row in rows]
    places = [find_answer(window, row.start, row.end) for window, row in zip(windows, rows, strict=True)]
    return Batch(pad(windows), np.array([start for start, _ in places]), np.array([end for _, end in places]))


def find_answer(window: Window, start: int, end: int) -> tuple[int, int]:
    """The first and the last token of the characters `start` to `end` of the passage; 0 and 0 where they are not in."""
    inside = [number for number, (left, right) in enumerate(window.offsets) if left < end and right > start]
    if not inside or window.offsets[inside[-1]][1] < end:
        return 0, 0
    return window.first + inside[0], window.first + inside[-1]
