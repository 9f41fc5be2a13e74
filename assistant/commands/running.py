"""What several commands need while they run: an open assistant, a progress bar, questions from standard input."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from index.errors import AssistantError

if TYPE_CHECKING:
    from assistant.ask import Assistant
    from assistant.settings import Settings
    from index.sync import Progress

DONE, DONE_WITH_REJECTS, WRONG_USE, STOPPED = 0, 1, 2, 130


def open_existing(settings: "Settings") -> "Assistant":
    """The assistant of a library that must be there; a missing one is told before the models are loaded."""
    from index.library import open_library

    open_library(settings.library)
    from assistant.ask import open_assistant

    return open_assistant(settings)


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
