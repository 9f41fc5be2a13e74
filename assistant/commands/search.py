"""`search`: list the best passages for a question."""

import argparse
from typing import TYPE_CHECKING

from assistant.commands.options import positive, scope_options, search_options
from assistant.commands.running import DONE, answer_lines, open_existing, read_scope

if TYPE_CHECKING:
    from assistant.commands.options import Subparsers
    from assistant.settings import Settings


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    search = commands.add_parser(
        "search", parents=[shared, search_options(), scope_options()], help="list the best passages for a question"
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
    from assistant import as_json, printing

    assistant = open_existing(settings)
    scope = read_scope(chosen, assistant.library)
    if chosen.question == "-":
        return answer_lines(lambda line: as_json.hits_to_json(assistant.search(line, chosen.k, scope)))
    hits = assistant.search(chosen.question, chosen.k, scope)
    printing.emit(as_json.hits_to_json(hits) if chosen.json else printing.describe_hits(hits))
    return DONE
