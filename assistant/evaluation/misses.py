"""Where a run went wrong, question by question, and at which stage.

The one rule: a miss has one kind, that of the first stage that lost it.
"""

from dataclasses import dataclass
from enum import StrEnum

from assistant.evaluation.measures import is_right
from assistant.evaluation.records import Result, Run

NEAR = 20
"""So far down the ranking a question still counts as found."""


class Kind(StrEnum):
    """The stage that lost a question, in words."""

    FAILED = "could not be asked"
    NOT_FOUND = f"nothing relevant among the first {NEAR}"
    NOT_READ = "found, but other sentences were quoted"
    REFUSED = "would have been right, but was refused"
    ANSWERED = "answered though the articles don't say"


@dataclass(frozen=True, slots=True)
class Miss:
    """A question that was lost, and where; `first` is the rank of the first relevant passage, None beyond them all."""

    kind: Kind
    result: Result
    first: int | None = None


def find_misses(run: Run) -> list[Miss]:
    """Every question that was not answered rightly, or rightly refused, in the order of the kinds."""
    misses = [miss for result in run.results if (miss := _judge(run, result))]
    return sorted(misses, key=lambda miss: list(Kind).index(miss.kind))


def _judge(run: Run, result: Result) -> Miss | None:
    question = result.question
    if result.failure:
        return Miss(Kind.FAILED, result)
    if question.must_refuse:
        return None if result.refused else Miss(Kind.ANSWERED, result)
    ranked = result.ranked(run.order)
    first = next((rank for rank, found in enumerate(ranked, 1) if result.is_relevant(found)), None)
    found = first is not None and first <= NEAR
    if question.answerable and is_right(result):
        return Miss(Kind.REFUSED, result, first) if result.refused else None
    if not found:
        return Miss(Kind.NOT_FOUND, result, first)
    return Miss(Kind.NOT_READ, result, first) if question.answerable else None
