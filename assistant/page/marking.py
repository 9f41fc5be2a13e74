"""Text with marks in it, as pieces: the paragraph around a quote, and whole articles.

The one rule: the pieces, put together again, are the text between two offsets, letter by letter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CONTEXT = 700
"""Characters of a paragraph that are shown before and after a quote; longer ones are cut between words."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What to highlight of an article: `start:end`, and `span` in it. `number` 0 is a passage that is no citation."""

    start: int
    end: int
    span: tuple[int, int]
    number: int = 0
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: `plain`, or marked with `before`, `span` and `after`; `number` is the mark's.

    `first` tells the piece that a mark begins with, as one that goes over lines has several.
    """

    plain: str = ""
    before: str = ""
    span: str = ""
    after: str = ""
    number: int | None = None
    first: bool = False


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A paragraph with its highlighted quotes; `cut_before` and `cut_after` tell that it is not whole.

    `speakers` are who says which of them: (number, name).
    """

    pieces: tuple[Piece, ...]
    cut_before: bool
    cut_after: bool
    speakers: tuple[tuple[int, str], ...]


def mark_text(text: str, start: int, end: int, marks: Iterable[Mark]) -> tuple[Piece, ...]:
    """`text[start:end]` in pieces; `marks` come in order, and where two overlap the later is cut."""
    pieces: list[Piece] = []
    position = start
    for mark in marks:
        begin = min(max(mark.start, position), end)
        stop = min(max(mark.end, begin), end)
        first, last = (min(max(offset, begin), stop) for offset in mark.span)
        if begin > position:
            pieces.append(Piece(plain=text[position:begin]))
        if (first, last) == (begin, stop):
            last = first  # stressing all of a quote would stress nothing
        pieces.append(Piece("", text[begin:first], text[first:last], text[last:stop], mark.number, mark.start >= start))
        position = stop
    return (*pieces, Piece(plain=text[position:end])) if position < end else tuple(pieces)


def mark_paragraphs(text: str, marks: Sequence[Mark]) -> tuple[tuple[Piece, ...], ...]:
    """The whole text, a line each without the blank ones; a mark that goes over lines is marked in each."""
    paragraphs: list[tuple[Piece, ...]] = []
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line.rstrip())
        if end > start:
            within = [mark for mark in marks if mark.start < end and mark.end > start]
            paragraphs.append(mark_text(text, start, end, within))
        start += len(line)
    return tuple(paragraphs)


def cut_excerpts(text: str, marks: Sequence[Mark]) -> tuple[Excerpt, ...]:
    """The paragraphs that hold the marks, where two marks in one paragraph share it."""
    regions: list[tuple[int, int, list[Mark]]] = []
    for mark in marks:
        start, end = _find_paragraph(text, mark)
        if regions and start <= regions[-1][1]:
            earlier, earlier_end, together = regions.pop()
            regions.append((min(earlier, start), max(earlier_end, end), [*together, mark]))
        else:
            regions.append((start, end, [mark]))
    return tuple(
        Excerpt(
            pieces=mark_text(text, start, end, within),
            cut_before=start > 0 and text[start - 1] != "\n",
            cut_after=end < len(text) and text[end] != "\n",
            speakers=tuple((mark.number, mark.speaker) for mark in within if mark.speaker),
        )
        for start, end, within in regions
    )


def _find_paragraph(text: str, mark: Mark) -> tuple[int, int]:
    """The lines around a mark, at most `CONTEXT` characters and a word of them on either side."""
    start = text.rfind("\n", 0, mark.start) + 1
    end = text.find("\n", mark.end)
    end = len(text) if end < 0 else end
    if mark.start - start > CONTEXT:
        start = text.rfind(" ", start, mark.start - CONTEXT) + 1 or mark.start - CONTEXT
    if end - mark.end > CONTEXT:
        space = text.find(" ", mark.end + CONTEXT, end)
        end = mark.end + CONTEXT if space < 0 else space
    return start, end
