"""What `Assistant.stream` tells while it answers. Who does not know an event passes over it; the last is the answer."""

from dataclasses import dataclass
from typing import TypeAlias

from assistant.answer import Answer


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A follow-up was made to stand alone: `question` is searched and answered in place of what was `asked`."""

    asked: str
    question: str


Event: TypeAlias = str | Rewritten | Answer
"""A `str` is a step of the work, told before it is taken."""
