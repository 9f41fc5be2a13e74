"""The command line: `article-assistant COMMAND`. It parses, calls and prints, and decides nothing else.

Heavy packages are imported by the command that needs them, so that `--help` answers at once.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import AssistantError

if TYPE_CHECKING:
    from assistant.settings import Settings

DONE, WRONG_USE, STOPPED = 0, 2, 130
DEFAULT_PORT = 7860
HIGHEST_PORT = 65535
SEARCH_MODES = ("fused", "dense", "lexical")

Command = Callable[[argparse.Namespace, "Settings"], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        The exit code: 0 done, 1 done with rejected sources or failed questions, 2 wrong use.
    """
    parser = build_parser()
    chosen = parser.parse_args(arguments)
    try:
        from assistant.settings import read_settings

        settings = read_settings(
            library=chosen.library,
            embedding_model=chosen.embedding_model,
            allow_private=chosen.allow_private or None,
            search_mode=getattr(chosen, "mode", None),
            reader=getattr(chosen, "reader", None),
        )
        return _find_command(chosen.command)(chosen, settings)
    except AssistantError as error:
        print(f"article-assistant: {error}", file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        print("article-assistant: stopped; what was committed stays", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone, as `| head` does
        return DONE


def _find_command(name: str) -> Command:
    from assistant import commands

    return commands.COMMANDS[name]


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="article-assistant",
        description="Ask questions of your own articles; get the sentences that answer, exactly as published.",
        epilog="Settings also come from ARTICLE_ASSISTANT_LIBRARY, ARTICLE_ASSISTANT_EMBEDDING_MODEL, "
        "ARTICLE_ASSISTANT_READER and ARTICLE_ASSISTANT_ALLOW_PRIVATE. Exit codes: 0 done, 1 done with rejected "
        "sources or failed questions, 2 wrong use.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    shared = _shared_options()

    sync = commands.add_parser("sync", parents=[shared], help="take articles in: files, folders, URLs, feeds")
    sync.description = (
        "Bring the library up to date with the sources. Unchanged articles cost nothing; a killed sync goes on where "
        "it was."
    )
    sync.add_argument(
        "sources",
        metavar="SOURCE",
        nargs="+",
        help="a text, Markdown, HTML, PDF or JSON Lines file, a folder of these, a URL, or an RSS/Atom feed",
    )
    sync.add_argument(
        "--prune",
        action="store_true",
        help="remove articles that came from these files and folders and are gone there",
    )

    ask = commands.add_parser(
        "ask", parents=[shared, _search_options(), _reading_options()], help="answer a question with quotes"
    )
    ask.description = "Answer with the sentences that answer, exactly as published, or say that the articles don't."
    ask.add_argument(
        "question",
        metavar="QUESTION",
        help="the question; - reads one a line from standard input and prints JSON lines",
    )

    search = commands.add_parser(
        "search", parents=[shared, _search_options()], help="list the best passages for a question"
    )
    search.description = "List the passages that match a question best."
    search.add_argument(
        "question",
        metavar="QUESTION",
        help="the question; - reads one a line from standard input and prints JSON lines",
    )
    search.add_argument("-k", metavar="N", type=_positive, default=10, help="how many passages (default: 10)")

    evaluate = commands.add_parser(
        "evaluate",
        parents=[shared, _search_options(), _reading_options()],
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

    status = commands.add_parser("status", parents=[shared], help="show what the library holds")
    status.description = "Show how many articles and passages there are, from when to when, and the embedding model."

    reembed = commands.add_parser("reembed", parents=[shared], help="embed the library again with another model")
    reembed.description = (
        "Embed every passage again with the model of --embedding-model and exchange all vectors at once."
    )

    chat = commands.add_parser("chat", parents=[shared, _reading_options()], help="open the chat page in a browser")
    chat.description = "Serve the chat page."
    chat.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    chat.add_argument("--port", type=_port, default=DEFAULT_PORT, help=f"the port (default: {DEFAULT_PORT})")
    chat.add_argument("--samples", action="store_true", help="sync the sample articles first if the library is empty")
    chat.add_argument("--no-browser", action="store_true", help="do not open a browser window")
    return parser


def _shared_options() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--library", metavar="DIR", type=Path, help="the library's folder (default: library)")
    shared.add_argument("--json", action="store_true", help="print JSON")
    shared.add_argument(
        "--embedding-model",
        metavar="NAME",
        help="a sentence-transformers model (default: the packaged all-MiniLM-L6-v2)",
    )
    shared.add_argument("--allow-private", action="store_true", help="fetch URLs on private addresses, too")
    return shared


def _search_options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--mode",
        choices=SEARCH_MODES,
        metavar="MODE",
        help="fused (default), dense or lexical search",
    )
    return options


def _reading_options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--reader",
        metavar="NAME",
        help="extractive (default, the trained one), words (needs no trained network), or the name or folder of an "
        "extractive question-answering model",
    )
    return options


def _positive(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return number


def _port(text: str) -> int:
    number = _positive(text)
    if number > HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is not a port (1 to {HIGHEST_PORT})")
    return number
