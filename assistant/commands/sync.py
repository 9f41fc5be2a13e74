"""`sync`: take articles in: files, folders, URLs, feeds; those that are named, or all that are remembered."""

import argparse
import sys
from typing import TYPE_CHECKING

from assistant.commands.running import DONE, DONE_WITH_REJECTS, progress_bar

if TYPE_CHECKING:
    from assistant.commands.options import Subparsers
    from assistant.settings import Settings


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    sync = commands.add_parser("sync", parents=[shared], help="take articles in: files, folders, URLs, feeds")
    sync.description = (
        "Bring the library up to date with the sources that are named, or with all that are remembered. Unchanged "
        "articles cost nothing; a killed sync goes on where it was."
    )
    sync.add_argument(
        "sources",
        metavar="SOURCE",
        nargs="*",
        help="a text, Markdown, HTML, PDF or JSON Lines file, a folder of these, a URL, or an RSS/Atom feed (default: "
        "what is remembered)",
    )
    sync.add_argument("--remember", action="store_true", help="remember these sources, see `sources`")
    sync.add_argument(
        "--prune",
        action="store_true",
        help="remove articles that came from these files and folders and are gone there",
    )
    return sync


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Take articles in."""
    from assistant import printing
    from assistant.ask import open_assistant

    with progress_bar(wanted=not chosen.json) as progress:
        assistant = open_assistant(settings, create=bool(chosen.sources))
        if chosen.remember:
            assistant.remember(chosen.sources)
        if chosen.sources:
            report = assistant.add(chosen.sources, prune=chosen.prune, progress=progress)
        else:
            report = assistant.sync_all(prune=chosen.prune, progress=progress)
    for rejected in report.rejected:
        print(printing.describe_rejected(rejected), file=sys.stderr)
    for notice in report.notices:
        print(notice, file=sys.stderr)
    printing.emit(printing.report_to_json(report) if chosen.json else printing.describe_report(report))
    return DONE_WITH_REJECTS if report.rejected else DONE
