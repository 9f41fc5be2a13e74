"""Work in a thread of its own, told about while it goes on.

The one rule: what is told is the latest; news that came in between is left out, so that telling never slows the work.
"""

from collections.abc import Callable, Generator
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

from assistant.page.templates import render
from index.reports import Progress

TELL_SECONDS = 0.25
"""How often the progress is told."""

Done = TypeVar("Done")


def follow(work: Callable[[Progress], Done], begin: str, stages: dict[str, str]) -> Generator[str, None, Done]:
    """Do the work, which is given whom to tell how far it is; yields HTML, and returns what the work returned.

    `stages` are the work's words for its stages with the page's; `begin` is shown before the first. Raises what the
    work raises.
    """
    news: SimpleQueue[tuple[str, int, int] | None] = SimpleQueue()
    ended: list[Done | BaseException] = []

    def run() -> None:
        try:
            ended.append(work(lambda stage, done, total: news.put((stage, done, total))))
        except BaseException as error:
            ended.append(error)
        news.put(None)

    Thread(target=run, name="work of the page", daemon=True).start()
    yield render("progress.html", stage=begin, done=0, total=0)
    while True:
        latest = news.get()
        while latest is not None:
            try:
                latest = news.get(timeout=TELL_SECONDS) if news.empty() else news.get_nowait()
            except Empty:
                break
        if latest is None:
            result = ended[0]
            if isinstance(result, BaseException):
                raise result
            return result
        stage, done, total = latest
        yield render("progress.html", stage=stages.get(stage, stage), done=done, total=total)
