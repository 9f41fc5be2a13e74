"""`changes`: what happened lately, or what changed in an article, sentence by sentence."""

import argparse
from typing import TYPE_CHECKING

from assistant.commands.options import positive
from assistant.commands.running import DONE
from index.errors import QuestionError

if TYPE_CHECKING:
    from assistant.commands.options import Subparsers
    from assistant.settings import Settings

SHOWN = 20


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    changes = commands.add_parser(
        "changes", parents=[shared], help="show what happened lately, or what changed in an article"
    )
    changes.description = (
        "Show what was added, changed and removed lately; of an article that is named, each edit sentence by sentence."
    )
    changes.add_argument("article", metavar="ARTICLE", nargs="?", help="an id, a URL, or the end of a file's path")
    changes.add_argument(
        "-n", dest="limit", metavar="N", type=positive, default=SHOWN, help=f"how many changes (default: {SHOWN})"
    )
    return changes


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Show changes."""
    from assistant import printing, printing_changes
    from assistant.libraries import open_articles

    library = open_articles(settings)
    if chosen.article is None:
        changes = library.changes(chosen.limit)
        printing.emit(
            [printing_changes.change_to_json(change) for change in changes]
            if chosen.json
            else printing_changes.describe_changes(changes)
        )
        return DONE
    versions = library.read_versions(library.find_id(chosen.article) or chosen.article)
    if not versions:
        raise QuestionError(f"no article, or more than one, is called {chosen.article!r}: give its id or URL")
    printing.emit(
        printing_changes.versions_to_json(versions) if chosen.json else printing_changes.describe_versions(versions)
    )
    return DONE
