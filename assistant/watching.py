"""Lets an assistant follow its remembered sources while it answers, and says in a line what happened.

The one rule: a stop is heeded between two articles and two requests, so that leaving takes no longer than a moment.
"""

import sys
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from assistant.as_json import report_to_json
from assistant.ask import Assistant
from assistant.printing import emit_line
from assistant.wording import count, one_line
from index.reports import SyncReport
from index.sync import sync
from index.watch import News, Watch, WatchStoppedError
from index.web import Web

if TYPE_CHECKING:
    from index.lists import Change


def watch_sources(
    assistant: Assistant,
    tell: Callable[[News], None],
    stopping: threading.Event,
    *,
    prune: bool = False,
    every: float | None = None,
) -> Watch:
    """A watch of the assistant's remembered sources, to be started; `tell` is told what happens. See `Watch`."""

    def sleep(seconds: float) -> None:
        if stopping.wait(seconds):
            raise WatchStoppedError

    def proceed(_stage: str, _done: int, _total: int) -> None:
        if stopping.is_set():
            raise WatchStoppedError

    web = Web(assistant.web.limits, sleep=sleep)

    def take(sources: Sequence[str], is_pruned: bool) -> SyncReport:
        return sync(
            assistant.library,
            assistant.embedder,
            sources,
            prune=is_pruned,
            named=False,
            limits=web.limits,
            web=web,
            cut=assistant.settings.cut,
            progress=proceed,
        )

    return Watch(assistant.library, take, tell, stopping, prune=prune, every=every)


def print_news(news: News) -> None:
    """Print what happened to standard error, in a line each."""
    print(describe_news(news), file=sys.stderr, flush=True)


def print_news_as_json(news: News) -> None:
    """Print what happened as one JSON line."""
    emit_line(news_to_json(news))


def describe_news(news: News) -> str:
    """What happened as text: one line, with the time in front; articles that changed are named where they are few."""
    time = f"{news.at:%H:%M:%S}"
    if news.trouble:
        return f"{time} not read: {one_line(news.trouble)}"
    if news.changes:
        return "\n".join(f"{time} {_describe_change(change)}" for change in reversed(news.changes))
    report = news.report
    told = {"added": report.added, "changed": report.changed, "removed": report.removed}
    numbers = ", ".join(f"{word} {count(number, 'article')}" for word, number in told.items() if number)
    return f"{time} {numbers} ({one_line(news.source)})"


def news_to_json(news: News) -> dict[str, Any]:
    """What happened, for programs."""
    changes = [{"kind": change.kind, "article": change.article_id, "title": change.title} for change in news.changes]
    return {
        "at": news.at.isoformat(timespec="seconds"),
        "source": news.source,
        "trouble": news.trouble,
        "changes": changes[::-1],
        **{name: number for name, number in report_to_json(news.report).items() if isinstance(number, int)},
    }


def _describe_change(change: "Change") -> str:
    return f"{change.kind}: {one_line(change.title or change.article_id)}"
