"""Generated text becomes sentences with the passages that they cite, while it is still being written.

The one rule: a marker that points to no passage is taken out and counted; it never becomes a link.
"""

import re
from dataclasses import dataclass

from index.sentences import sentence_spans

_BRACKETED = re.compile(
    r"[ \t\u00a0]*[\[【](?:passages?\s*|sources?\s*)?"
    r"(?P<numbers>\d{1,3}(?:\s*[,;&–-]\s*\d{1,3})*)[\]】]",
    re.IGNORECASE,
)
_OPEN_MARKER = re.compile(r"[ \t\u00a0]*[\[【][^\]】]{0,24}$")
_RANGE = re.compile(r"(\d+)\s*[–-]\s*(\d+)")
_MARKUP = re.compile(r"\*\*|__|^#{1,6}\s+|^\s*[-*•]\s+", re.MULTILINE)
LONGEST_RANGE = 10


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence without its markers.

    `passages` are the numbers it cites (from 1), each once; `removed` how many of its numbers point nowhere; `opens` is
    the white space before it: a line break where a paragraph begins.
    """

    text: str
    passages: tuple[int, ...]
    removed: int
    opens: str


class CitationReader:
    """Takes generated text piece by piece and gives its sentences as soon as each is whole."""

    def __init__(self, passages: int) -> None:
        """There are `passages` to cite, numbered from 1."""
        self._passages = passages
        self._text = ""
        self._opens = ""

    @property
    def tail(self) -> str:
        """What is being written, without markers, whole or begun."""
        return _MARKUP.sub("", _BRACKETED.sub("", _OPEN_MARKER.sub("", self._text))).lstrip()

    def feed(self, piece: str) -> list[Cited]:
        """Take a piece; give the sentences that are whole since: those behind which another has begun."""
        self._text += piece
        return self._cut(whole=False)

    def finish(self) -> list[Cited]:
        """The sentences that are left."""
        return self._cut(whole=True)

    def _cut(self, *, whole: bool) -> list[Cited]:
        plain, markers = _take_markers(self._text if whole else _OPEN_MARKER.sub("", self._text))
        spans = sentence_spans(plain)
        ready = spans if whole else spans[:-1]
        found = []
        for number, (start, end) in enumerate(ready):
            # A marker behind the full stop still belongs to the sentence that it follows.
            following = spans[number + 1][0] if number + 1 < len(spans) else len(plain)
            mine = [value for place, values in markers if start < place <= following for value in values]
            known = tuple(dict.fromkeys(value for value in mine if 1 <= value <= self._passages))
            removed = sum(not 1 <= value <= self._passages for value in mine)
            text = _MARKUP.sub("", plain[start:end]).strip()
            if text:
                found.append(Cited(text, known, removed, self._opens))
                self._opens = "\n\n" if "\n" in plain[end:following] else " "
        if ready:
            begin = spans[len(ready)][0] if len(ready) < len(spans) else len(plain)
            self._text = self._text[_place_in(self._text, begin) :]
        return found


def _take_markers(text: str) -> tuple[str, list[tuple[int, list[int]]]]:
    """The text without markers, and each marker's place in it with its numbers."""
    plain, markers, position = [], [], 0
    length = 0
    for match in _BRACKETED.finditer(text):
        plain.append(text[position : match.start()])
        length += match.start() - position
        position = match.end()
        markers.append((length, _numbers(match["numbers"])))
    plain.append(text[position:])
    return "".join(plain), markers


def _place_in(text: str, place: int) -> int:
    """Where the character `place` of the text without markers stands in the text with them."""
    removed = 0
    for match in _BRACKETED.finditer(text):
        if match.start() - removed >= place:
            break
        removed += match.end() - match.start()
    return place + removed


def _numbers(written: str) -> list[int]:
    """“1, 3–5” is 1, 3, 4, 5."""
    numbers: list[int] = []
    for part in re.split(r"\s*[,;&]\s*", written):
        span = _RANGE.fullmatch(part)
        if span and 0 <= int(span[2]) - int(span[1]) <= LONGEST_RANGE:
            numbers += range(int(span[1]), int(span[2]) + 1)
        elif not span:
            numbers.append(int(part))
    return numbers
