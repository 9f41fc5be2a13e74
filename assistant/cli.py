"""The command line: `article-assistant COMMAND`. It parses, and hands over to the command's module.

Heavy packages are imported by the command that needs them, so that `--help` answers at once.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from assistant.commands import NAMES
from assistant.commands.options import shared_options
from assistant.commands.running import DONE, STOPPED, WRONG_USE
from index.errors import AssistantError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        The exit code: 0 done, 1 done with rejected sources or failed questions, 2 wrong use, 3 not good
            enough.
    """
    chosen = build_parser().parse_args(arguments)
    try:
        from assistant.settings import SETTING_NAMES, read_settings

        options = {name: value for name, value in vars(chosen).items() if name in SETTING_NAMES}
        return int(chosen.run(chosen, read_settings(**options)))
    except AssistantError as error:
        print(f"article-assistant: {error}", file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        print("article-assistant: stopped; what was committed stays", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone, as `| head` does
        return DONE


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="article-assistant",
        description="Ask questions of your own articles; get the sentences that answer, exactly as published.",
        epilog="Settings also come from ARTICLE_ASSISTANT_LIBRARY, ARTICLE_ASSISTANT_EMBEDDING_MODEL, "
        "ARTICLE_ASSISTANT_READER, ARTICLE_ASSISTANT_MODEL, ARTICLE_ASSISTANT_MODEL_URL, "
        "ARTICLE_ASSISTANT_HISTORY, ARTICLE_ASSISTANT_ALLOW_PRIVATE and ARTICLE_ASSISTANT_IGNORE_ROBOTS. "
        "Exit codes: 0 done, 1 done with rejected sources or failed questions, 2 wrong use, 3 not good enough.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    shared = shared_options()
    for name in NAMES:
        command = import_module(f"assistant.commands.{name}")
        command.add_parser(commands, shared).set_defaults(run=command.run)
    return parser
