"""`ask`: answer a question with quotes."""

import argparse
from typing import TYPE_CHECKING

from assistant.commands.options import model_options, reading_options, scope_options, search_options
from assistant.commands.running import DONE, answer_lines, open_existing, read_scope

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.commands.options import Subparsers
    from assistant.settings import Settings


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    ask = commands.add_parser(
        "ask",
        parents=[shared, search_options(), scope_options(), reading_options(), model_options()],
        help="answer a question with quotes",
    )
    ask.description = "Answer with the sentences that answer, exactly as published, or say that the articles don't."
    ask.add_argument(
        "question",
        metavar="QUESTION",
        help="the question; - reads one a line from standard input and prints JSON lines",
    )
    ask.add_argument(
        "--any-time",
        action="store_true",
        help="do not narrow by what the question says of time (“in March 2022”, “last week”)",
    )
    ask.add_argument(
        "--supported", action="store_true", help="of a language model's answer, show only what the articles support"
    )
    return ask


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Answer one question, or one a line."""
    from assistant import as_json, printing
    from assistant.answer import only_supported
    from assistant.commands.live import write_live

    assistant = open_existing(settings)
    scope, heed_time = read_scope(chosen, assistant.library), not chosen.any_time

    def answer(question: str) -> "Answer":
        found = assistant.ask(question, scope, heed_time=heed_time)
        return only_supported(found) if chosen.supported else found

    if chosen.question == "-":
        return answer_lines(lambda line: as_json.answer_to_json(answer(line)))
    if assistant.writer and not (chosen.json or chosen.supported):
        written = write_live(assistant.stream(chosen.question, scope, heed_time=heed_time))
        printing.emit(printing.describe_rest(written))
        return DONE
    found = answer(chosen.question)
    printing.emit(as_json.answer_to_json(found) if chosen.json else printing.describe_answer(found))
    return DONE
