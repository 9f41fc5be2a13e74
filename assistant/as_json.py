"""Answers, hits, reports and what a library holds, as JSON for programs.

The one rule: every offset counts characters of the article's text, and a date is written as ISO 8601 has it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from index.records import Article, Hit
from index.scope import Scope
from index.store import Index

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.quotes import Quote
    from assistant.statements import Statement
    from index.reports import SyncReport


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
        "before": quote.before,
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
