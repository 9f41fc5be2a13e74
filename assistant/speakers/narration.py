"""An article with its quotations masked, so that the words of the narration can be read without them."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from assistant.speakers.mentions import Mention, is_person
from assistant.speakers.names import Names
from assistant.speakers.quotations import quotation_spans

QUOTED = "\ufffc"
"""Stands in a narration for every character of a quotation, marks included."""

_PARAGRAPH = re.compile(r"[^\n\r]+")


@dataclass(frozen=True, slots=True)
class Subject:
    """Who does it, as written: `text[start:end]`. `mention` is set where it is a name."""

    start: int
    end: int
    mention: Mention | None = None


class Narration:
    """An article with its quotations masked: `masked` is as long as `text`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.names = Names(text)
        self.quotations: list[tuple[int, int]] = []
        for paragraph in _PARAGRAPH.finditer(text):
            offset = paragraph.start()
            self.quotations += [(offset + start, offset + end) for start, end in quotation_spans(paragraph.group())]
        self.masked = self._mask()

    def _mask(self) -> str:
        pieces, position = [], 0
        for start, end in self.quotations:
            pieces += [self.text[position:start], QUOTED * (end - start)]
            position = end
        return "".join([*pieces, self.text[position:]])

    def is_person(self, subject: Subject) -> bool:
        """Tell whether `subject` is a name that stands for a person."""
        mention = subject.mention
        if mention is None:
            return False
        return bool(mention.titles) or is_person(self.names.resolve(mention.name, mention.start))

    def named_outside(self, start: int, end: int) -> list[Mention]:
        """Give the names that begin between the offsets and stand outside quotations."""
        return [mention for mention in self.names.between(start, end) if self.masked[mention.start] != QUOTED]

    def quotations_between(self, start: int, end: int) -> list[tuple[int, int]]:
        """Give the quotations that share a character with `start..end`."""
        first = bisect_left(self.quotations, (start, start))
        first -= first > 0 and self.quotations[first - 1][1] > start
        return self.quotations[first : bisect_left(self.quotations, (end, end))]
