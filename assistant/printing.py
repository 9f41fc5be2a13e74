"""Answers, hits, reports and figures as text for a terminal.

The one rule: what is told here is told to programs as well, see `assistant.as_json`; nothing is worked out here.
"""

import json
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant import as_json
from assistant.statements import write_marks
from assistant.wording import count, describe_library, describe_scope, name_source, one_line, write_date
from index.records import Article, Hit, Rejected
from index.store import Index

if TYPE_CHECKING:
    from assistant.answer import Answer
    from index.reports import SyncReport

WIDTH = 100
NEAREST = 3
"""How many of the nearest passages a refusal shows."""
SNIPPET = 300


def emit(output: Any) -> None:
    """Print text as it is, anything else as indented JSON."""
    print(output if isinstance(output, str) else json.dumps(output, ensure_ascii=False, indent=2))


def emit_line(output: Any) -> None:
    """Print one JSON line, at once."""
    print(json.dumps(output, ensure_ascii=False), flush=True)


def describe_answer(answer: "Answer") -> str:
    """An answer as text: the quotes with speaker, title, source and date; or the refusal with the nearest passages."""
    asked_as = f"Asked as: {answer.question}" if answer.asked else ""
    notice = [text for text in (answer.notice, asked_as, _about(answer)) if text]
    prose = [_wrap(part, 0) for part in _prose(answer).split("\n\n")] if answer.statements else []
    return "\n\n".join([*notice, *prose, *_sources(answer)])


def describe_rest(answer: "Answer") -> str:
    """What is left to tell of an answer whose prose stands on the screen already; all of one that has none."""
    return "\n\n".join(_sources(answer)) if answer.statements else describe_answer(answer)


def describe_model(model: dict[str, str | bool] | None) -> str:
    """Which language model answers, as a line of the status."""
    if model is None:
        return "answers    in quotes; no language model is named (`--model`)"
    return f"answers    by {model['name']}: {model['trouble'] or 'reached'}"


def _prose(answer: "Answer") -> str:
    """The sentences of a language model, each with its marks."""
    return "".join(f"{one.opens}{one.text} {write_marks(one)}".rstrip() for one in answer.statements).strip()


def _sources(answer: "Answer") -> list[str]:
    """The quotes, or the nearest passages of a refusal; and what the answer took."""
    if answer.refused:
        nearest = [_indent(f"{_source_line(hit.article)}\n{_shorten(hit.text)}") for hit in answer.hits[:NEAREST]]
        lines = [answer.text, *(["The nearest passages:"] if nearest else []), *nearest]
    else:
        lines = []
        for number, quote in enumerate(answer.quotes, 1):
            who = f"{quote.speaker} · " if quote.speaker else ""
            if answer.timeline and not answer.statements:
                who = f"{'The latest' if number == 1 else 'Before that'} · {who}"
            copies = f"\nalso in {count(len(quote.copies), 'other article')}" if quote.copies else ""
            before = f"It follows: {answer.before(quote)}\n" if answer.before(quote) else ""
            about = f"{before}{who}{_source_line(quote.article)}{copies}"
            lines.append(f"[{number}] {_wrap(quote.text, 4)}\n{_indent(about)}")
    by = f"{answer.model}, " if answer.model else ""
    removed = sum(one.removed for one in answer.statements)
    took = f"({by}confidence {answer.confidence:.2f}, {sum(answer.seconds.values()):.2f} s)"
    told = [f"({count(removed, 'citation')} pointed to no passage and {'was' if removed == 1 else 'were'} removed)"]
    return [*lines, *(told if removed else []), took]


def describe_hits(hits: Sequence[Hit]) -> str:
    """Hits as text."""
    if not hits:
        return "No passage matches."
    return "\n\n".join(
        f"{rank:2}. {_source_line(hit.article)}  ({hit.score:.4f})\n{_indent(_shorten(hit.text))}"
        for rank, hit in enumerate(hits, 1)
    )


def describe_report(report: "SyncReport") -> str:
    """The counts of a sync in a line."""
    return (
        f"{report.added:,} added, {report.changed:,} changed, {report.unchanged:,} unchanged, "
        f"{report.removed:,} removed, {len(report.rejected):,} rejected"
    )


def describe_rejected(rejected: Rejected) -> str:
    """What could not be taken in, and why."""
    row = f", row {rejected.row}" if rejected.row is not None else ""
    return one_line(f"rejected: {rejected.name}{row}: {rejected.reason}")


def describe_status(library: Index) -> str:
    """What the library holds, a line each."""
    fields = as_json.status_to_json(library)
    model = (
        f"{fields['embedding_model']} ({fields['dimension']} dimensions)" if fields["embedding_model"] else "none yet"
    )
    return (
        f"library    {fields['library']}\nholds      {describe_library(library.summarise())}\n"
        f"passages   {fields['passages']:,}\nembedding  {model}\nrevision   {fields['revision']}"
    )


def _about(answer: "Answer") -> str:
    narrowed = describe_scope(answer.scope)
    if answer.period:
        return f"Asked {narrowed}, as the question says (“{answer.period.words}”); `--any-time` asks everything."
    return f"Asked {narrowed}." if narrowed else ""


def _source_line(article: Article) -> str:
    published = write_date(article.published) if article.published else ""
    return " · ".join(part for part in (article.title, name_source(article), published) if part)


def _shorten(text: str) -> str:
    return textwrap.shorten(text, SNIPPET, placeholder=" …")


def _wrap(text: str, indent: int) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="", subsequent_indent=" " * indent, break_long_words=False)


def _indent(text: str) -> str:
    return "\n".join(
        textwrap.fill(line, WIDTH, initial_indent="    ", subsequent_indent="    ") for line in text.splitlines()
    )
