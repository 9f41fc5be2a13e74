"""What several commands need while they run: an open assistant, a progress bar, questions from standard input."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from index.errors import AssistantError, QuestionError

if TYPE_CHECKING:
    from assistant.ask import Assistant
    from assistant.settings import Settings
    from index.reports import Progress
    from index.scope import Scope
    from index.store import Index

SOURCES_SHOWN = 5

DONE, DONE_WITH_REJECTS, WRONG_USE, NOT_GOOD_ENOUGH, STOPPED = 0, 1, 2, 3, 130


def open_existing(settings: "Settings") -> "Assistant":
    """The assistant of a library that must be there; a missing one is told before the models are loaded."""
    from assistant.libraries import open_articles

    open_articles(settings)
    from assistant.ask import open_assistant

    return open_assistant(settings)


def read_scope(chosen: argparse.Namespace, library: "Index") -> "Scope":
    """The scope that was chosen on the command line; a source may be written in capitals or not.

    Raises:
        QuestionError: if no article is of that source, or the days are the wrong way round.
    """
    from index.scope import Scope

    if chosen.since and chosen.until and chosen.since > chosen.until:
        raise QuestionError(f"--since {chosen.since} is later than --until {chosen.until}: exchange them")
    sources = [source for name in chosen.sources for source in _sources_called(name, library)]
    return Scope(sources=tuple(sources), first=chosen.since, last=chosen.until, as_of=chosen.as_of)


def _sources_called(name: str, library: "Index") -> list[str]:
    known = library.count_by_source()
    found = [source for source in known if source.casefold() == name.casefold()]
    if not found:
        near = get_close_matches(name, [source for source in known if source], n=SOURCES_SHOWN, cutoff=0)
        raise QuestionError(f"no article is of the source {name!r}: there are {', '.join(near) or 'no sources yet'}")
    return found


def answer_lines(answer: Callable[[str], Any]) -> int:
    """Print one JSON line for each question on standard input; a question that fails gets `{"question", "error"}`."""
    from assistant import printing

    failed = False
    for line in sys.stdin:
        question = line.strip()
        if not question:
            continue
        try:
            printing.emit_line(answer(question))
        except AssistantError as error:
            failed = True
            printing.emit_line({"question": question, "error": str(error)})
    return DONE_WITH_REJECTS if failed else DONE


@contextmanager
def progress_bar(*, wanted: bool) -> "Iterator[Progress]":
    """A bar on standard error where that is a terminal, nothing in a pipe."""
    from tqdm import tqdm

    bar = tqdm(disable=None if wanted else True, unit="", leave=False)
    shown = ""

    def show(stage: str, done: int, total: int) -> None:
        nonlocal shown
        if stage != shown:
            shown = stage
            bar.reset()
            bar.set_description(stage)
        bar.total = total or None
        bar.update(done - bar.n)

    with bar:
        yield show
