"""`status`: show what the library holds."""

import argparse
from typing import TYPE_CHECKING

from assistant.commands.running import DONE

if TYPE_CHECKING:
    from assistant.commands.options import Subparsers
    from assistant.settings import Settings


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    status = commands.add_parser("status", parents=[shared], help="show what the library holds")
    status.description = "Show how many articles and passages there are, from when to when, and the embedding model."
    return status


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Show what the library holds."""
    from assistant import printing
    from index.library import open_library

    library = open_library(settings.library)
    printing.emit(printing.status_to_json(library) if chosen.json else printing.describe_status(library))
    return DONE
