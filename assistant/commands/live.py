"""A prose answer in the terminal while it is written: its words as they come, its marks when a sentence was checked."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from assistant.statements import write_marks

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.events import Draft, Told
    from assistant.statements import Statement


def write_live(events: "Iterable[Told]") -> "Answer":
    """Write what is told; give the answer at the end, of which everything but the prose is still to be printed."""
    from assistant.answer import Answer
    from assistant.events import Draft, Rewritten

    pen = _Pen()
    for event in events:
        if isinstance(event, Rewritten):
            print(f"Asked as: {event.question}\n", flush=True)
        elif isinstance(event, Draft):
            pen.write(event)
        elif isinstance(event, Answer):
            pen.finish(event)
            return event
    raise AssertionError("the last event is an answer")


class _Pen:
    """Knows how much of a sentence is on the screen."""

    def __init__(self) -> None:
        self.statements = 0
        self.sentence = ""
        self.begun = False

    def write(self, draft: "Draft") -> None:
        for statement in draft.statements[self.statements :]:
            self._complete(statement)
        if draft.tail.startswith(self.sentence):
            self._put(("" if self.sentence or not self.begun else " ") + draft.tail[len(self.sentence) :])
            self.sentence = draft.tail
        sys.stdout.flush()

    def finish(self, answer: "Answer") -> None:
        for statement in answer.statements[self.statements :]:
            self._complete(statement)
        if self.begun:
            print("\n", flush=True)

    def _complete(self, statement: "Statement") -> None:
        lead = "" if self.sentence or not self.begun else statement.opens
        left = statement.text[len(self.sentence) :] if statement.text.startswith(self.sentence) else ""
        self._put(f"{lead}{left} {write_marks(statement)}".rstrip())
        self.statements, self.sentence = self.statements + 1, ""

    def _put(self, text: str) -> None:
        if text.strip():
            sys.stdout.write(text)
            self.begun = True
