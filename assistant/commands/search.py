"""`search`: list the best passages for a question."""

import argparse
from typing import TYPE_CHECKING

from assistant.commands.options import positive, search_options
from assistant.commands.running import DONE, answer_lines, open_existing

if TYPE_CHECKING:
    from assistant.commands.options import Subparsers
    from assistant.settings import Settings


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    search = commands.add_parser(
        "search", parents=[shared, search_options()], help="list the best passages for a question"
    )
    search.description = "List the passages that match a question best."
    search.add_argument(
        "question",
        metavar="QUESTION",
        help="the question; - reads one a line from standard input and prints JSON lines",
    )
    search.add_argument("-k", metavar="N", type=positive, default=10, help="how many passages (default: 10)")
    return search


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """List the passages for one question, or for one a line."""
    from assistant import printing

    assistant = open_existing(settings)
    if chosen.question == "-":
        return answer_lines(lambda line: printing.hits_to_json(assistant.search(line, chosen.k)))
    hits = assistant.search(chosen.question, chosen.k)
    printing.emit(printing.hits_to_json(hits) if chosen.json else printing.describe_hits(hits))
    return DONE
