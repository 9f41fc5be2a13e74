"""`talk`: a conversation in the terminal, where a follow-up knows what was asked before."""

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.commands.options import model_options, reading_options, search_options
from assistant.commands.running import DONE, DONE_WITH_REJECTS, open_existing
from index.errors import AssistantError

if TYPE_CHECKING:
    from assistant.commands.options import Subparsers
    from assistant.settings import Settings

AS_WRITTEN = "="
ANEW = "/new"


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    talk = commands.add_parser(
        "talk",
        parents=[shared, search_options(), reading_options(), model_options()],
        help="ask questions one after the other, with follow-ups",
    )
    talk.description = (
        "Read questions from standard input, one a line, and answer each. A follow-up (“And Japan?”, “Why did he "
        "resign?”) is made into a question that stands alone, which is shown. A line that begins with = is asked as it "
        "is written; /new forgets what was asked before. With --json each answer is a JSON line."
    )
    return talk


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Answer question after question."""
    from assistant import as_json, printing
    from assistant.conversation import exchange_of
    from assistant.referents import Exchange

    assistant = open_existing(settings)
    earlier: list[Exchange] = []
    failed = False
    for question in _questions(prompting=sys.stdin.isatty() and not chosen.json):
        if question == ANEW:
            earlier.clear()
            continue
        known = [] if question.startswith(AS_WRITTEN) else earlier
        try:
            answer = assistant.ask(question.removeprefix(AS_WRITTEN).strip(), earlier=known)
        except AssistantError as error:
            failed = True
            if chosen.json:
                printing.emit_line({"question": question, "error": str(error)})
            else:
                print(f"article-assistant: {error}", file=sys.stderr)
            continue
        earlier.append(exchange_of(answer))
        if chosen.json:
            printing.emit_line(as_json.answer_to_json(answer))
        else:
            print(printing.describe_answer(answer), end="\n\n", flush=True)
    return DONE_WITH_REJECTS if failed else DONE


def _questions(*, prompting: bool) -> Iterator[str]:
    while True:
        if prompting:
            print("> ", end="", flush=True)
        line = sys.stdin.readline()
        if not line:
            return
        if line.strip():
            yield line.strip()
