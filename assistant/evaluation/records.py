"""What a run keeps: each question with what was retrieved, quoted and refused, and the settings it was asked under.

The one rule: a run holds all that its figures, its comparison and its report need, so that a library that has
changed since does not change them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from assistant.questions import TestQuestion


class Order(StrEnum):
    """In which order the passages of a run are measured: as search found them, or as reading then ordered them."""

    SEARCH = "search"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Found:
    """A retrieved passage, `article.text[start:end]`; `holds` tells whether an answer stands in it.

    `copies` are ids of articles with a near-identical passage. `text` is kept for the first few alone.
    """

    article: str
    start: int
    end: int
    holds: bool = False
    copies: tuple[str, ...] = ()
    title: str = ""
    text: str = ""

    @property
    def articles(self) -> frozenset[str]:
        """The ids of the articles that it stands for."""
        return frozenset((self.article, *self.copies))


@dataclass(frozen=True, slots=True)
class Quoted:
    """A sentence that the answer quotes; `marked` are the words in it that the reader marked."""

    article: str
    title: str
    text: str
    marked: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one question.

    `found` are the first passages as search ordered them, `reading` are places in `found` in the order that reading
    gave them; passages that were not read follow as search had them. `evidence` maps the ids of articles that the
    library has and the question names to their grade, `missing` are those it does not have, and `evidence_passages`
    counts the passages of the evidence that hold an answer. `quotes` are those that the answer has if it is not
    refused. `failure` tells why asking failed; "" where it did not.
    """

    question: TestQuestion
    found: tuple[Found, ...] = ()
    reading: tuple[int, ...] = ()
    quotes: tuple[Quoted, ...] = ()
    refused: bool = False
    confidence: float = 0.0
    evidence: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    evidence_passages: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)
    failure: str = ""

    def ranked(self, order: Order) -> tuple[Found, ...]:
        """The passages in that order."""
        if order is Order.SEARCH:
            return self.found
        unread = [place for place in range(len(self.found)) if place not in set(self.reading)]
        return tuple(self.found[place] for place in (*self.reading, *unread))

    def is_relevant(self, found: Found) -> bool:
        """Whether a passage holds an answer; where no answer is known, whether its article is evidence."""
        return found.holds if self.question.answerable else bool(found.articles & self.evidence.keys())

    @property
    def shown(self) -> tuple[Quoted, ...]:
        """The quotes that the user saw."""
        return () if self.refused or self.failure else self.quotes


@dataclass(frozen=True, slots=True)
class Run:
    """Questions that were asked of a library: `made` is the UTC time in ISO format, `settings` are by name.

    `library` tells what was asked: folder, revision, articles and passages. `threshold` is the confidence below which
    answers were refused. `notices` tell what is odd about the questions or the reader.
    """

    name: str
    made: str
    questions: tuple[str, ...]
    library: Mapping[str, str | int]
    settings: Mapping[str, str | int | float]
    results: tuple[Result, ...]
    order: Order = Order.SEARCH
    threshold: float = 0.0
    notices: tuple[str, ...] = ()

    def ordered(self, order: Order) -> "Run":
        """The same run, measured in another order."""
        return replace(self, order=order)

    @property
    def failures(self) -> tuple[tuple[str, str], ...]:
        """(question id, why) of those that could not be asked."""
        return tuple((result.question.id, result.failure) for result in self.results if result.failure)

    @property
    def missing_evidence(self) -> tuple[tuple[str, str], ...]:
        """(question id, article id) of evidence that is not in the library."""
        return tuple((result.question.id, name) for result in self.results for name in result.missing)
