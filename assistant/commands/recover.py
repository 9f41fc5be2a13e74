"""`recover`: have back what can be read of a damaged library."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.commands.running import DONE

if TYPE_CHECKING:
    from assistant.commands.options import Subparsers
    from assistant.settings import Settings


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    recover = commands.add_parser("recover", parents=[shared], help="have back what can be read of a damaged library")
    recover.description = (
        "Read what can be read of the damaged library in --library and make a whole one of it in a new folder. Only "
        "articles whose vectors are lost are embedded again."
    )
    recover.add_argument("folder", metavar="NEW_FOLDER", type=Path, help="where the recovered library will be")
    return recover


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Recover into a new folder."""
    from assistant import printing
    from assistant.libraries import check_folder
    from index.embedders import open_embedder
    from index.recovery import recover

    check_folder(settings, "recover", "a server keeps its own copies: use its tools")
    found = recover(settings.library, chosen.folder, lambda model: open_embedder(model or settings.embedding_model))
    told = (
        f"{found.articles:,} articles came back into {chosen.folder}; {found.embedded_again:,} of them were embedded "
        f"again; {found.unreadable:,} rows could not be read"
    )
    printing.emit(asdict(found) if chosen.json else told)
    return DONE
