"""`backup`: write the library to one file."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.commands.running import DONE

if TYPE_CHECKING:
    from assistant.commands.options import Subparsers
    from assistant.settings import Settings


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    backup = commands.add_parser("backup", parents=[shared], help="write the library to one file")
    backup.description = (
        "Write the library to one file (a zip archive), as it is at one moment, while it is used. The dense view is "
        "left out: it is made again from the library."
    )
    backup.add_argument("file", metavar="FILE", type=Path, help="the file to write")
    return backup


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Take a backup."""
    from assistant import printing
    from assistant.libraries import check_folder
    from index.backup import back_up

    check_folder(
        settings, "backup", "take it with the server's own tools, or `article-assistant migrate` it to a folder"
    )
    size = back_up(settings.library, chosen.file)
    done = {"file": str(chosen.file), "bytes": size}
    printing.emit(done if chosen.json else f"{settings.library} is in {chosen.file} ({size:,} bytes)")
    return DONE
