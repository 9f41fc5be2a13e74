"""A turn of the conversation.

The one rule: its number is in its citations' ids, so that an older answer's `[1]` keeps its own source.
"""

from dataclasses import dataclass

from assistant.answer import Answer


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """A question with its answer, or with the trouble that prevented one; `number` counts from 1.

    Turns are told apart by identity: Gradio hashes the state that it keeps, and an answer holds a dictionary.
    """

    number: int
    question: str
    answer: Answer | None = None
    trouble: str = ""


def citation_id(turn: int, number: int) -> str:
    """The id of the passage that `[number]` in a turn's answer points to; both count from 1."""
    return f"cite-{turn}-{number}"
