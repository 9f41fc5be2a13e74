"""The sources panel: every quote at its stored place in its paragraph, and in its whole article.

The one rule: the pieces of a passage, put together again, are the article's text between two offsets, letter by letter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.answer import Answer
from assistant.page.templates import render
from assistant.page.turns import Turn, citation_id
from assistant.wording import count, name_source, web_address, write_date
from index.records import Article

NEAREST = 3
"""How many of the nearest passages a refusal shows; the command line shows as many."""
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
    copies: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: `plain`, or marked with `before`, `span` and `after`; `number` is the mark's."""

    plain: str = ""
    before: str = ""
    span: str = ""
    after: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A paragraph with its highlighted quotes; `cut_before` and `cut_after` tell that it is not whole.

    `speakers` are who says which of them: (number, name).
    """

    pieces: tuple[Piece, ...]
    cut_before: bool
    cut_after: bool
    speakers: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """An article as the panel shows it; `numbers` are its citations, none for a nearest passage."""

    title: str
    address: str | None
    details: tuple[str, ...]
    numbers: tuple[int, ...]
    excerpts: tuple[Excerpt, ...]
    paragraphs: tuple[tuple[Piece, ...], ...]


def render_sources(turns: Sequence[Turn]) -> str:
    """The whole panel as HTML, newest turn first."""
    shown = [(turn, turn.answer, build_cards(turn.answer)) for turn in reversed(turns) if turn.answer]
    return render("sources.html", turns=shown, citation_id=citation_id)


def build_cards(answer: Answer) -> tuple[Card, ...]:
    """A card for each quoted article, in the order of the citations; for a refusal, the nearest passages."""
    grouped: dict[str, tuple[Article, list[Mark]]] = {}
    for article, mark in _find_marks(answer):
        grouped.setdefault(article.id, (article, []))[1].append(mark)
    return tuple(_to_card(article, marks) for article, marks in grouped.values())


def mark_text(text: str, start: int, end: int, marks: Iterable[Mark]) -> tuple[Piece, ...]:
    """`text[start:end]` in pieces; `marks` lie in it and come in order, and where two overlap the later is cut."""
    pieces: list[Piece] = []
    position = start
    for mark in marks:
        begin = max(mark.start, position)
        stop = max(mark.end, begin)
        first, last = (min(max(offset, begin), stop) for offset in mark.span)
        if begin > position:
            pieces.append(Piece(plain=text[position:begin]))
        if (first, last) == (begin, stop):
            last = first  # stressing all of a quote would stress nothing
        pieces.append(Piece("", text[begin:first], text[first:last], text[last:stop], mark.number))
        position = stop
    return (*pieces, Piece(plain=text[position:end])) if position < end else tuple(pieces)


def _find_marks(answer: Answer) -> list[tuple[Article, Mark]]:
    if answer.refused:
        return [(hit.article, Mark(hit.start, hit.end, (hit.end, hit.end))) for hit in answer.hits[:NEAREST]]
    return [
        (quote.article, Mark(quote.start, quote.end, quote.span, number, quote.speaker or "", len(quote.copies)))
        for number, quote in enumerate(answer.quotes, 1)
    ]


def _to_card(article: Article, marks: Sequence[Mark]) -> Card:
    ordered = sorted(marks, key=lambda mark: mark.start)
    day = write_date(article.published) if article.published else ""
    copies = max(mark.copies for mark in marks)
    also = f"also in {count(copies, 'other article')}" if copies else ""
    return Card(
        title=article.title or "Untitled",
        address=web_address(article),
        details=tuple(part for part in (name_source(article), day, ", ".join(article.authors), also) if part),
        numbers=tuple(mark.number for mark in marks if mark.number),
        excerpts=_cut_excerpts(article.text, ordered),
        paragraphs=_mark_paragraphs(article.text, ordered),
    )


def _mark_paragraphs(text: str, marks: Sequence[Mark]) -> tuple[tuple[Piece, ...], ...]:
    """The whole text, a line each without the blank ones; a mark that goes over lines is marked in each."""
    paragraphs: list[tuple[Piece, ...]] = []
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line.rstrip())
        if end > start:
            within = [
                replace(mark, start=max(mark.start, start), end=min(mark.end, end))
                for mark in marks
                if mark.start < end and mark.end > start
            ]
            paragraphs.append(mark_text(text, start, end, within))
        start += len(line)
    return tuple(paragraphs)


def _cut_excerpts(text: str, marks: Sequence[Mark]) -> tuple[Excerpt, ...]:
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
