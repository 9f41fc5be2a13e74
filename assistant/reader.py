"""Reading: hits become evidence, sentences that may answer, and a probability that the best of them does.

The one rule: every sentence and every marked span is an exact slice of its article.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.records import Hit


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a hit's article, `article.text[start:end]`, that may answer.

    `span` are the offsets in the article of the words to mark. `score` is the probability (0..1) that the sentence
    holds an answer, as far as the reader can tell from the sentence and its passage alone.
    """

    hit: Hit
    start: int
    end: int
    span: tuple[int, int]
    score: float

    @property
    def text(self) -> str:
        """The sentence as published."""
        return self.hit.article.text[self.start : self.end]

    @property
    def marked(self) -> str:
        """The words to mark."""
        return self.hit.article.text[self.span[0] : self.span[1]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading found: evidence, best first, each sentence once, and the probability that it answers (0..1)."""

    evidence: tuple[Evidence, ...]
    probability: float


class Reader(Protocol):
    """Reads the passages that search found."""

    name: str

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """Find the sentences that may answer in `hits`, which come best first."""
        ...
