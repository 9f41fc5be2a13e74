"""Question and passage become the tokens that the reader's model sees; training and answering encode alike.

The one rule: every token of a passage knows its characters, so that what the model marks is a slice of the passage.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

LONGEST = 256
"""Tokens of one window: question, title and a part of the passage."""
STRIDE = 48
"""Tokens that two windows of a long passage share, so that an answer at a border is whole in one of them."""
LONGEST_QUESTION = 64
"""Tokens; the rest of a longer question is not read."""
LONGEST_TITLE = 200
"""Characters."""

Arrays = dict[str, NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Window:
    """One input of the model: question, title and (a part of) a passage.

    `ids` and `types` have one number a token. Tokens `first` and on, to the last but one, are the passage's, and
    `offsets` are their characters in it, `(start, end)` each.
    """

    ids: list[int]
    types: list[int]
    first: int
    offsets: list[tuple[int, int]]


class PairEncoder:
    """Encodes questions with titled passages. Safe to use from many threads."""

    def __init__(self, tokenizer: str, longest: int = LONGEST) -> None:
        """Take what a `tokenizer.json` holds; `longest` are the tokens of a window."""
        self._pairs = Tokenizer.from_str(tokenizer)
        self._pairs.no_padding()
        self._pairs.enable_truncation(longest, stride=STRIDE, strategy="only_second")
        self._questions = Tokenizer.from_str(tokenizer)
        self._questions.no_padding()
        self._questions.enable_truncation(LONGEST_QUESTION)

    def windows(self, question: str, title: str, passage: str) -> list[Window]:
        """The windows of one passage, in order; there is at least one, and each holds the question and the title."""
        ends = self._questions.encode(question).offsets
        question = question[: max((end for _, end in ends), default=0)]
        lead = f"{title[:LONGEST_TITLE]}\n" if title else ""
        encoding = self._pairs.encode(question, lead + passage)
        return [_to_window(part, len(lead)) for part in (encoding, *encoding.overflowing)]


def pad(windows: Sequence[Window], names: Sequence[str] = ("input_ids", "attention_mask", "token_type_ids")) -> Arrays:
    """The windows as one batch: arrays `(windows, tokens of the longest)`, filled up with 0, by the model's names."""
    width = max(len(window.ids) for window in windows)
    arrays = {name: np.zeros((len(windows), width), dtype=np.int64) for name in names}
    for row, window in enumerate(windows):
        length = len(window.ids)
        columns = {"input_ids": window.ids, "attention_mask": [1] * length, "token_type_ids": window.types}
        for name in names:
            arrays[name][row, :length] = columns[name]
    return arrays


def _to_window(encoding: Encoding, lead: int) -> Window:
    """Tokens of the second text that lie behind the title are the passage's."""
    tokens = list(_passage_tokens(encoding, lead))
    first = tokens[0] if tokens else len(encoding.ids) - 1
    offsets = [(start - lead, end - lead) for start, end in encoding.offsets[first : first + len(tokens)]]
    return Window(encoding.ids, encoding.type_ids, first, offsets)


def _passage_tokens(encoding: Encoding, lead: int) -> Iterator[int]:
    for token, (sequence, (start, end)) in enumerate(zip(encoding.sequence_ids, encoding.offsets, strict=True)):
        if sequence == 1 and start >= lead and end > start:
            yield token
