"""Write `docs/commands.md` from what `--help` prints; a test compares the two."""

import os
from pathlib import Path

from assistant.cli import build_parser

TARGET = Path(__file__).with_name("commands.md")
INTRODUCTION = """# Commands

Every command takes `--library DIR` and `--json`. This page is what `--help` prints: `python -m docs.make_commands`
writes it, and a test fails where it is stale.
"""


def render_commands() -> str:
    """The page as Markdown."""
    os.environ["COLUMNS"] = "100"  # argparse wraps to the terminal otherwise
    parser = build_parser()
    subparsers = next(action for action in parser._actions if action.dest == "command")
    parts = [INTRODUCTION, "## article-assistant", _block(parser.format_help())]
    for name, subparser in (subparsers.choices or {}).items():  # type: ignore[union-attr]
        parts += [f"## {name}", _block(subparser.format_help())]
    return "\n".join(parts)


def _block(text: str) -> str:
    return f"\n```text\n{text.rstrip()}\n```\n"


if __name__ == "__main__":
    TARGET.write_text(render_commands(), encoding="utf-8")
