"""What each command does: open the parts, call them, print what came of it as text or JSON."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from assistant import printing
from assistant.settings import Settings
from index.errors import AssistantError

if TYPE_CHECKING:
    from assistant.ask import Assistant
    from index.sync import Progress

DONE, DONE_WITH_REJECTS = 0, 1


def run_sync(chosen: argparse.Namespace, settings: Settings) -> int:
    """Take articles in."""
    from assistant.ask import open_assistant

    with _progress_bar(wanted=not chosen.json) as progress:
        assistant = open_assistant(settings, create=True)
        report = assistant.add(chosen.sources, prune=chosen.prune, progress=progress)
    for rejected in report.rejected:
        print(printing.describe_rejected(rejected), file=sys.stderr)
    for notice in report.notices:
        print(notice, file=sys.stderr)
    printing.emit(printing.report_to_json(report) if chosen.json else printing.describe_report(report))
    return DONE_WITH_REJECTS if report.rejected else DONE


def run_ask(chosen: argparse.Namespace, settings: Settings) -> int:
    """Answer one question, or one a line."""
    assistant = _open(settings)
    if chosen.question == "-":
        return _answer_lines(lambda line: printing.answer_to_json(assistant.ask(line)))
    answer = assistant.ask(chosen.question)
    printing.emit(printing.answer_to_json(answer) if chosen.json else printing.describe_answer(answer))
    return DONE


def run_search(chosen: argparse.Namespace, settings: Settings) -> int:
    """List the passages for one question, or for one a line."""
    assistant = _open(settings)
    if chosen.question == "-":
        return _answer_lines(lambda line: printing.hits_to_json(assistant.search(line, chosen.k)))
    hits = assistant.search(chosen.question, chosen.k)
    printing.emit(printing.hits_to_json(hits) if chosen.json else printing.describe_hits(hits))
    return DONE


def run_evaluate(chosen: argparse.Namespace, settings: Settings) -> int:
    """Measure on question files."""
    from assistant.evaluate import evaluate
    from assistant.questions import read_questions

    questions = [question for path in chosen.questions for question in read_questions(path)]
    assistant = _open(settings)
    with _progress_bar(wanted=not chosen.json) as progress:
        evaluation = evaluate(assistant, questions, lambda done, total: progress("asking", done, total))
    printing.emit(printing.evaluation_to_json(evaluation) if chosen.json else printing.describe_evaluation(evaluation))
    for question, failure in evaluation.failures:
        print(f"failed: {question}: {failure}", file=sys.stderr)
    for question, article in evaluation.missing_evidence:
        print(f"evidence not in the library: {question}: {article}", file=sys.stderr)
    return DONE_WITH_REJECTS if evaluation.failures else DONE


def run_status(chosen: argparse.Namespace, settings: Settings) -> int:
    """Show what the library holds."""
    from index.library import open_library

    library = open_library(settings.library)
    printing.emit(printing.status_to_json(library) if chosen.json else printing.describe_status(library))
    return DONE


def run_reembed(chosen: argparse.Namespace, settings: Settings) -> int:
    """Exchange the embedding model."""
    from index.embedder import open_embedder
    from index.library import open_library
    from index.sync import reembed

    library = open_library(settings.library)
    embedder = open_embedder(settings.embedding_model)
    with _progress_bar(wanted=not chosen.json) as progress:
        passages = reembed(library, embedder, progress)
    done = {"model": embedder.model, "dimension": embedder.dimension, "passages": passages}
    printing.emit(done if chosen.json else f"{passages:,} passages are embedded with {embedder.model}")
    return DONE


def run_chat(chosen: argparse.Namespace, settings: Settings) -> int:
    """Serve the chat page."""
    from assistant.ask import open_assistant
    from assistant.page import launch_page

    assistant = open_assistant(settings, create=True)
    if chosen.samples and not assistant.summary().articles:
        print("The library is empty: taking in the sample articles", file=sys.stderr)
        with _progress_bar(wanted=True) as progress:
            assistant.add([printing.samples_folder()], progress=progress)
    launch_page(assistant, chosen.host, chosen.port, open_browser=not chosen.no_browser)
    return DONE


COMMANDS: dict[str, Callable[[argparse.Namespace, Settings], int]] = {
    "sync": run_sync,
    "ask": run_ask,
    "search": run_search,
    "evaluate": run_evaluate,
    "status": run_status,
    "reembed": run_reembed,
    "chat": run_chat,
}


def _open(settings: Settings) -> "Assistant":
    from index.library import open_library

    open_library(settings.library)  # a missing library is told before the models are loaded
    from assistant.ask import open_assistant

    return open_assistant(settings)


def _answer_lines(answer: Callable[[str], Any]) -> int:
    """Print one JSON line for each question on standard input; a question that fails gets `{"question", "error"}`."""
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
def _progress_bar(*, wanted: bool) -> "Iterator[Progress]":
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
