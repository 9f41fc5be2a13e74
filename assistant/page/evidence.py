"""The evidence of a turn: its quotes at their stored places, in their paragraphs and in their whole articles.

The one rule: the pieces of a passage, put together again, are the article's text between two offsets, letter by letter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answer import Answer
from assistant.page.changes import Change, LookUp, as_now, list_changes, tell_standing
from assistant.page.conversation import write_age
from assistant.page.marking import Excerpt, Mark, Piece, cut_excerpts, mark_paragraphs
from assistant.page.templates import render
from assistant.turns import Turn
from assistant.wording import count, name_source, web_address, write_date
from index.records import Article, Hit

NEAREST = 3
"""How many of the nearest passages a refusal shows; the command line shows as many."""
OUTLETS = 3
"""How many of the outlets that printed the same are named."""


@dataclass(frozen=True, slots=True)
class Card:
    """An article as the panel shows it; `numbers` are its citations, none for a nearest passage.

    `also` tells of the copies, `earlier` that the library's article no longer reads so, `changes` are its edits.
    """

    title: str
    address: str | None
    details: tuple[str, ...]
    age: str
    numbers: tuple[int, ...]
    excerpts: tuple[Excerpt, ...]
    paragraphs: tuple[tuple[Piece, ...], ...]
    also: str
    earlier: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """A passage that was read and not quoted; `probability` that it answers, None where it was not told."""

    title: str
    address: str | None
    details: str
    text: str
    probability: float | None


def render_evidence(turns: Sequence[Turn], look_up: LookUp) -> str:
    """The whole panel as HTML; all turns are in it, and the script shows one."""
    shown = [
        (turn, turn.answer, build_cards(turn.answer, look_up), list_others(turn.answer))
        for turn in turns
        if turn.answer
    ]
    return render("evidence.html", turns=shown)


def build_cards(answer: Answer, look_up: LookUp) -> tuple[Card, ...]:
    """A card for each quoted article, in the order of the citations; for a refusal, the nearest passages."""
    grouped: dict[str, tuple[Article, list[Mark], list[str]]] = {}
    for article, mark, copies in _find_marks(answer):
        _, marks, others = grouped.setdefault(article.id, (article, [], []))
        marks.append(mark)
        others.extend(copies)
    return tuple(
        _to_card(article, marks, list(dict.fromkeys(others)), look_up) for article, marks, others in grouped.values()
    )


def list_others(answer: Answer) -> tuple[Other, ...]:
    """What was read and is not on a card, in the order of reading."""
    shown = {article.id for article, _, _ in _find_marks(answer)}
    scores = answer.read_probabilities or (None,) * len(answer.read)
    return tuple(
        _to_other(hit, score)
        for hit, score in zip(answer.read, scores, strict=True)
        if not (hit.article.id in shown and _is_on_card(answer, hit))
    )


def _is_on_card(answer: Answer, hit: Hit) -> bool:
    """Whether the passage, or a sentence of it, is what a card shows."""
    return any(
        article.id == hit.article.id and mark.start < hit.end and mark.end > hit.start
        for article, mark, _ in _find_marks(answer)
    )


def _find_marks(answer: Answer) -> list[tuple[Article, Mark, tuple[str, ...]]]:
    if answer.refused:
        return [
            (hit.article, Mark(hit.start, hit.end, (hit.end, hit.end)), hit.copies) for hit in answer.hits[:NEAREST]
        ]
    return [
        (quote.article, Mark(quote.start, quote.end, quote.span, number, quote.speaker or ""), quote.copies)
        for number, quote in enumerate(answer.quotes, 1)
    ]


def _to_card(article: Article, marks: Sequence[Mark], copies: Sequence[str], look_up: LookUp) -> Card:
    ordered = sorted(marks, key=lambda mark: mark.start)
    versions = look_up(article.id)
    return Card(
        title=article.title or "Untitled",
        address=web_address(article),
        details=_describe(article),
        age=write_age(article.published, date.today()) if article.published else "",
        numbers=tuple(mark.number for mark in marks if mark.number),
        excerpts=cut_excerpts(article.text, ordered),
        paragraphs=mark_paragraphs(article.text, ordered),
        also=_write_copies(copies, look_up),
        earlier=tell_standing(as_now(versions), (article.text[mark.start : mark.end] for mark in ordered)),
        changes=list_changes(versions),
    )


def _describe(article: Article) -> tuple[str, ...]:
    day = write_date(article.published) if article.published else ""
    return tuple(part for part in (name_source(article), day, ", ".join(article.authors)) if part)


def _write_copies(copies: Sequence[str], look_up: LookUp) -> str:
    """How many other articles say the same, and who published them."""
    if not copies:
        return ""
    found = [name_source(article) for copy in copies if (article := as_now(look_up(copy)))]
    outlets = [name for name in dict.fromkeys(found) if name]
    named = ", ".join(outlets[:OUTLETS]) + (" and others" if len(outlets) > OUTLETS else "")
    return f"Also in {count(len(copies), 'other article')}{f': {named}' if named else ''}"


def _to_other(hit: Hit, probability: float | None) -> Other:
    return Other(
        hit.article.title or "Untitled",
        web_address(hit.article),
        " · ".join(_describe(hit.article)[:2]),
        hit.text,
        probability,
    )
