"""`restore`: make a library of a backup."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.commands.running import DONE

if TYPE_CHECKING:
    from assistant.commands.options import Subparsers
    from assistant.settings import Settings


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    restore = commands.add_parser("restore", parents=[shared], help="make a library of a backup")
    restore.description = "Make the library's folder what a backup holds. Stop a running chat first."
    restore.add_argument("file", metavar="FILE", type=Path, help="what `backup` wrote")
    restore.add_argument("--replace", action="store_true", help="move a library that is there aside")
    return restore


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Restore a backup."""
    from assistant import printing
    from assistant.libraries import check_folder
    from index.backup import restore

    check_folder(settings, "restore", "restore into a folder, and `article-assistant migrate` that")
    aside = restore(chosen.file, settings.library, replace=chosen.replace)
    if chosen.json:
        printing.emit({"library": str(settings.library), "moved_aside": str(aside) if aside else None})
    else:
        moved = f"; what was there is in {aside}" if aside else ""
        printing.emit(f"{settings.library} is restored from {chosen.file}{moved}")
    return DONE
