"""The numbered citations of an answer: where they stand in its text, and what each is called on the page.

The one rule: a number in an answer links to a source only where the answer has a quote of that number.
"""

import re
from dataclasses import dataclass

from assistant.answer import Answer

_MARKER = re.compile(r"\[([0-9]{1,4})\]")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an answer: text, or the citation `number` (then `text` is empty)."""

    text: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of an answer: the quote `number` alone, or text with citations in it."""

    parts: tuple[Part, ...] = ()
    number: int = 0


def citation_id(turn: int, number: int) -> str:
    """The id of the sentence that `[number]` in a turn's answer points to; both count from 1."""
    return f"cite-{turn}-{number}"


def to_blocks(answer: Answer) -> tuple[Block, ...]:
    """The answer's paragraphs, in which a quote with its own marker is known as a quote."""
    quotes = {f"{quote.text} [{number}]": number for number, quote in enumerate(answer.quotes, 1)}
    paragraphs = (block.strip() for block in re.split(r"\n{2,}", answer.text))
    return tuple(
        Block(number=quotes[block]) if block in quotes else Block(split_markers(block, len(answer.quotes)))
        for block in paragraphs
        if block
    )


def split_markers(text: str, quotes: int) -> tuple[Part, ...]:
    """The text and its citations in order; the texts and `[n]` of the citations put together are `text`."""
    parts: list[Part] = []
    position = 0
    for marker in _MARKER.finditer(text):
        if not 1 <= int(marker[1]) <= quotes:
            continue
        parts += [Part(text[position : marker.start()]), Part("", int(marker[1]))]
        position = marker.end()
    return tuple(part for part in (*parts, Part(text[position:])) if part.text or part.number)
