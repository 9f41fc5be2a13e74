"""Answers, hits, reports and figures as text for a terminal and as JSON for programs."""

import json
import textwrap
from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any

from assistant.commands.live import mark
from assistant.wording import count, describe_library, describe_scope, name_source, one_line, write_date
from index.records import Article, Hit, Rejected
from index.scope import Scope
from index.store import Index

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.quotes import Quote
    from assistant.statements import Statement
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


def samples_folder() -> str:
    """The folder of the sample articles that come with the program."""
    return str(resources.files("samples").joinpath("articles"))


def article_to_json(article: Article) -> dict[str, Any]:
    """What tells an article: id, title, url, source, published (ISO date or None)."""
    published = article.published.isoformat() if article.published else None
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "source": article.source,
        "published": published,
    }


def answer_to_json(answer: "Answer") -> dict[str, Any]:
    """An answer with its quotes and hits; every offset counts characters of the article's text."""
    return {
        "question": answer.question,
        "asked": answer.asked or answer.question,
        "refused": answer.refused,
        "confidence": round(answer.confidence, 4),
        "text": answer.text,
        "timeline": answer.timeline,
        "model": answer.model or None,
        "notice": answer.notice,
        "statements": [_statement_to_json(statement) for statement in answer.statements],
        "quotes": [_quote_to_json(quote) for quote in answer.quotes],
        "hits": hits_to_json(answer.hits),
        "scope": scope_to_json(answer.scope),
        "seconds": {stage: round(seconds, 4) for stage, seconds in answer.seconds.items()},
        "period": _period_to_json(answer),
    }


def _statement_to_json(statement: "Statement") -> dict[str, Any]:
    return {
        "text": statement.text,
        "citations": list(statement.citations),
        "support": str(statement.support),
        "missing": list(statement.missing),
        "removed_citations": statement.removed,
    }


def scope_to_json(scope: Scope) -> dict[str, Any]:
    """What was searched; only what narrows it."""
    fields = {"sources": list(scope.sources), "articles": list(scope.articles)}
    days = {"first": scope.first, "last": scope.last, "as_of": scope.as_of}
    return {name: value for name, value in fields.items() if value} | {
        name: day.isoformat() for name, day in days.items() if day
    }


def _period_to_json(answer: "Answer") -> dict[str, Any] | None:
    """The days that the question's own words of time narrowed it to; None where they did not."""
    if answer.period is None:
        return None
    first, last = answer.period.first, answer.period.last
    return {
        "words": answer.period.words,
        "first": first.isoformat() if first else None,
        "last": last.isoformat() if last else None,
    }


def _quote_to_json(quote: "Quote") -> dict[str, Any]:
    return {
        "article": article_to_json(quote.article),
        "start": quote.start,
        "end": quote.end,
        "text": quote.text,
        "span": list(quote.span),
        "speaker": quote.speaker,
        "copies": list(quote.copies),
    }


def hits_to_json(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """Hits with their ranks, from 1."""
    return [
        {
            "rank": rank,
            "score": round(hit.score, 6),
            "article": article_to_json(hit.article),
            "start": hit.start,
            "end": hit.end,
            "text": hit.text,
            "copies": list(hit.copies),
        }
        for rank, hit in enumerate(hits, 1)
    ]


def report_to_json(report: "SyncReport") -> dict[str, Any]:
    """The counts of a sync, and what was rejected."""
    counts = {name: getattr(report, name) for name in ("added", "changed", "unchanged", "removed")}
    rejects = [{"name": item.name, "row": item.row, "reason": item.reason} for item in report.rejected]
    return counts | {"rejected": len(report.rejected), "rejects": rejects, "notices": report.notices}


def status_to_json(library: Index) -> dict[str, Any]:
    """What the library holds."""
    summary = library.summarise()
    model = library.model
    return {
        "library": library.address,
        "articles": summary.articles,
        "passages": summary.passages,
        "first": summary.first.isoformat() if summary.first else None,
        "last": summary.last.isoformat() if summary.last else None,
        "embedding_model": model[0] if model else None,
        "dimension": model[1] if model else None,
        "revision": library.revision,
    }


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
    return "".join(f"{one.opens}{one.text} {mark(one)}".rstrip() for one in answer.statements).strip()


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
            lines.append(f"[{number}] {_wrap(quote.text, 4)}\n{_indent(f'{who}{_source_line(quote.article)}{copies}')}")
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
    fields = status_to_json(library)
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
