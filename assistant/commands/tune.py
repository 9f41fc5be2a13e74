"""`tune`: try settings on half of the questions, report on the other half, keep what is better."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.commands.options import not_negative, positive, reading_options
from assistant.commands.running import DONE, open_existing, progress_bar

if TYPE_CHECKING:
    from assistant.commands.options import Subparsers
    from assistant.settings import Settings


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    tune = commands.add_parser(
        "tune", parents=[shared, reading_options()], help="try settings on question files, and keep what is better"
    )
    tune.description = (
        "Try the weight of the dense search, the number of passages read and the refusing threshold (and the "
        "length and overlap of passages, if asked to) on half of the questions, and report on the other half. "
        "Settings that are better beyond chance are written into the library's settings.json, which every "
        "command then honours; where none are, it says so and writes nothing."
    )
    tune.add_argument(
        "questions", metavar="QUESTIONS.jsonl", nargs="+", type=Path, help="question files, taken together"
    )
    tune.add_argument(
        "--passage-tokens",
        dest="lengths",
        metavar="N",
        nargs="+",
        type=positive,
        default=[],
        help="try passages of these lengths, too; embeds all articles anew for each",
    )
    tune.add_argument(
        "--passage-overlap",
        dest="overlaps",
        metavar="N",
        nargs="+",
        type=not_negative,
        default=[],
        help="try passages that share so many sentences with their neighbours (default: 1); embeds anew, too",
    )
    tune.add_argument("--dry-run", action="store_true", help="write nothing")
    return tune


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Try, report and keep."""
    from assistant import printing
    from assistant.evaluation.as_json import tuning_to_json
    from assistant.evaluation.describing import describe_tuning
    from assistant.evaluation.tuning import tune
    from assistant.questions import read_question_files
    from assistant.settings import write_recommended

    questions, notices = read_question_files(chosen.questions)
    for notice in notices:
        print(notice, file=sys.stderr)
    assistant = open_existing(settings)
    with progress_bar(wanted=not chosen.json) as progress:
        tuning = tune(assistant, questions, progress, chosen.lengths, chosen.overlaps)
    printing.emit(tuning_to_json(tuning) if chosen.json else describe_tuning(tuning))
    if tuning.better and not chosen.dry_run:
        path = write_recommended(settings.library, tuning.recommended)
        print(f"written to {path}; remove the file to go back", file=sys.stderr)
        if {"passage_tokens", "passage_overlap"} & tuning.recommended.keys():
            print("passages of articles that come are cut so; for all, sync into a new folder", file=sys.stderr)
    return DONE
