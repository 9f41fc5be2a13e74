"""`evaluate`: measure retrieval, quotes and refusals on question files."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.commands.options import reading_options, search_options
from assistant.commands.running import DONE, DONE_WITH_REJECTS, open_existing, progress_bar

if TYPE_CHECKING:
    from assistant.commands.options import Subparsers
    from assistant.settings import Settings


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    evaluate = commands.add_parser(
        "evaluate",
        parents=[shared, search_options(), reading_options()],
        help="measure retrieval, quotes and refusals on a question file",
    )
    evaluate.description = (
        'Measure on questions of your own: JSON lines of {"id", "question", "answers": [...], "evidence": [url, ...]}; '
        "empty answers mean: must refuse."
    )
    evaluate.add_argument(
        "questions",
        metavar="QUESTIONS.jsonl",
        nargs="+",
        type=Path,
        help="question files, evaluated together",
    )
    return evaluate


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Measure on question files."""
    from assistant import printing
    from assistant.evaluate import evaluate
    from assistant.questions import read_questions

    questions = [question for path in chosen.questions for question in read_questions(path)]
    assistant = open_existing(settings)
    with progress_bar(wanted=not chosen.json) as progress:
        evaluation = evaluate(assistant, questions, lambda done, total: progress("asking", done, total))
    printing.emit(printing.evaluation_to_json(evaluation) if chosen.json else printing.describe_evaluation(evaluation))
    for question, failure in evaluation.failures:
        print(f"failed: {question}: {failure}", file=sys.stderr)
    for question, article in evaluation.missing_evidence:
        print(f"evidence not in the library: {question}: {article}", file=sys.stderr)
    return DONE_WITH_REJECTS if evaluation.failures else DONE
