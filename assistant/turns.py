"""A turn of a conversation: a question, what came of it, and what the asker thought of that.

The one rule: a turn's number never changes, so that an older answer's `[1]` keeps its own source.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.answer import Answer
from index.lists import Summary


class Verdict(StrEnum):
    """What an asker can say of an answer."""

    GOOD = "good"
    WRONG_SOURCE = "wrong source"
    WRONG_ANSWER = "wrong answer"
    SHOULD_REFUSE = "should have refused"


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """A question with its answer, or with the trouble that prevented one; `number` counts from 1 in a conversation.

    `searched` is what the library held, within the question's scope, when it was asked. `in_tests` tells that the turn
    was made a test question.
    """

    number: int
    question: str
    answer: Answer | None = None
    trouble: str = ""
    searched: Summary | None = None
    asked: datetime | None = None
    verdict: Verdict | None = None
    in_tests: bool = False
