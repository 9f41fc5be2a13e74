"""What `Assistant.stream` tells while it answers. Who does not know an event passes over it; the last is the answer."""

from dataclasses import dataclass
from typing import TypeAlias

from assistant.answer import Answer
from assistant.quotes import Quote
from assistant.statements import Statement


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A follow-up was made to stand alone: `question` is searched and answered in place of what was `asked`."""

    asked: str
    question: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A prose answer while it is written.

    `statements` were checked, with the `quotes` that they cite so far; the `tail` is still being written, without
    its markers.
    """

    statements: tuple[Statement, ...]
    quotes: tuple[Quote, ...]
    tail: str


Told: TypeAlias = str | Rewritten | Draft | Answer
"""A `str` is a step of the work, told before it is taken."""
