"""The conversation as HTML: questions, the steps of the work, answers with their citations, refusals, votes.

The one rule: it formats what the turns hold and decides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answer import Answer
from assistant.events import Draft
from assistant.page.citations import to_blocks
from assistant.page.templates import render
from assistant.quotes import Quote
from assistant.turns import Turn, Verdict
from assistant.wording import count, name_source, web_address, write_date, write_days
from index.lists import Summary

LONG_QUESTION = 240
"""A question of more characters is written smaller."""
OLD_DAYS = 365
"""An article that is older gets a badge with its age."""
DAYS_A_YEAR = 365.25
VERDICTS = tuple(Verdict)
VERDICTS_ON_REFUSALS = (Verdict.GOOD, Verdict.WRONG_ANSWER)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said a quote, and where it was published; `copied` is the quote with all of it, as text."""

    speaker: str
    title: str
    source: str
    published: str
    age: str
    address: str
    copied: str


def render_past(turns: Sequence[Turn]) -> str:
    """The turns that are finished, oldest first."""
    return "".join(render_turn(turn) for turn in turns)


def render_turn(turn: Turn, unkept: str = "") -> str:
    """A finished turn; `unkept` is why it is not in the history, where it is not."""
    answer = turn.answer
    today = date.today()
    return render(
        "turn.html",
        turn=turn,
        answer=answer,
        unkept=unkept,
        blocks=to_blocks(answer) if answer and not answer.refused else (),
        attributions=[attribute(quote, today) for quote in answer.quotes] if answer else [],
        pieces=[split_quote(quote) for quote in answer.quotes] if answer else [],
        headline=write_refusal(turn.searched) if answer and answer.refused else "",
        narrowed=bool(answer and answer.scope),
        scope=write_scope(answer) if answer else "",
        empty=turn.searched is not None and not turn.searched.articles,
        verdicts=VERDICTS_ON_REFUSALS if answer and answer.refused else VERDICTS,
        seconds=sum(answer.seconds.values()) if answer else 0.0,
        long=len(turn.question) > LONG_QUESTION,
    )


def render_working(
    number: int, question: str, steps: Sequence[str], draft: Draft | None = None, *, place: int = 0
) -> str:
    """A turn that is being answered: the steps so far, the last of which is being taken, and what is written yet.

    `place` is that among the questions which wait for their turn, where this one does.
    """
    long = len(question) > LONG_QUESTION
    return render("working.html", number=number, question=question, long=long, steps=steps, draft=draft, place=place)


def render_welcome(summary: Summary, suggestions: Sequence[str] = ()) -> str:
    """What stands where no question was asked yet; `suggestions` are questions that the library answers."""
    return render("welcome.html", summary=summary, period=write_period(summary), suggestions=suggestions)


def render_chips(label: str, questions: Sequence[str]) -> str:
    """Questions that are asked by a click; "" for none."""
    return render("chips.html", label=label, questions=questions) if questions else ""


def write_scope(answer: Answer) -> str:
    """What was searched, where that is a part: "Published March 2022 · The Herald"."""
    scope = answer.scope
    days = write_days(scope.first, scope.last)
    parts = (
        f"Published {days}" if days else "",
        *scope.sources,
        f"As of {write_date(scope.as_of)}" if scope.as_of else "",
    )
    return " · ".join(part for part in parts if part)


def attribute(quote: Quote, today: date) -> Attribution:
    """Who said a quote and where; how old it is where that matters."""
    article = quote.article
    day = article.published
    return Attribution(
        speaker=quote.speaker or "",
        title=article.title or "Untitled",
        source=name_source(article),
        published=f"As published {write_date(day)}" if day else "",
        age=write_age(day, today) if day else "",
        address=web_address(article) or "",
        copied=write_quote(quote),
    )


def write_quote(quote: Quote) -> str:
    """The quote as it was published, and under it who said it, the title, the source, the day and the address."""
    article = quote.article
    parts = (
        quote.speaker or "",
        article.title or "Untitled",
        name_source(article),
        write_date(article.published) if article.published else "",
        web_address(article) or "",
    )
    return f"{quote.text}\n— {' · '.join(part for part in parts if part)}"


def write_age(day: date, today: date) -> str:
    """How many years ago, for what is older than a year; else nothing."""
    days = (today - day).days
    return f"{count(int(days / DAYS_A_YEAR) or 1, 'year')} old" if days > OLD_DAYS else ""


def split_quote(quote: Quote) -> tuple[str, str, str]:
    """The quote before, in and after its span; no span where it is the whole quote, as that would stress nothing."""
    first, last = quote.span[0] - quote.start, quote.span[1] - quote.start
    before, span, after = quote.text[:first], quote.text[first:last], quote.text[last:]
    return (before, span, after) if before.strip() or after.strip() else (quote.text, "", "")


def write_refusal(searched: Summary | None) -> str:
    """That nothing answers, and what was searched, with its period in months."""
    if searched is None:
        return "The articles don’t say."
    if not searched.articles:
        return "There are no articles to answer this from."
    period = write_period(searched)
    which = f"None of the {count(searched.articles, 'article')}" if searched.articles > 1 else "The one article"
    verb = "answers this" if searched.articles > 1 else "does not answer this"
    return f"{which}{f' ({period})' if period else ''} {verb}."


def write_period(summary: Summary) -> str:
    """From when to when, in months: "January 2022 – June 2024"."""
    months = [f"{day:%B} {day.year}" for day in (summary.first, summary.last) if day]
    return " – ".join(dict.fromkeys(months))
