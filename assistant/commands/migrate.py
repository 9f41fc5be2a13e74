"""`migrate`: copy a library to another place without embedding it again."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from assistant.commands.running import DONE, progress_bar

if TYPE_CHECKING:
    from assistant.commands.options import Subparsers
    from assistant.settings import Settings


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    migrate = commands.add_parser("migrate", help="copy a library to a folder or a Milvus server")
    migrate.description = (
        "Copy a library with its vectors from a folder to a Milvus server, or back; nothing is embedded again. The "
        "copy is counted and asked a sample of questions before it can be opened; killed or cut off, the same "
        "command goes on. Earlier versions, the log of changes and what was put away are not copied; what was removed "
        "stays out."
    )
    migrate.add_argument("origin", metavar="FROM", help="a folder, milvus://HOST:19530/NAME, or https://HOST/NAME")
    migrate.add_argument("target", metavar="TO", help="an empty folder or a new name on a server")
    migrate.add_argument("--json", action="store_true", help="print JSON")
    return migrate


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Copy and verify."""
    from assistant import printing
    from assistant.libraries import open_articles
    from assistant.settings import read_settings
    from index.moving import move

    source = open_articles(read_settings(library=chosen.origin))
    target = open_articles(read_settings(library=chosen.target), create=True, unfinished=True)
    with progress_bar(wanted=not chosen.json) as progress:
        done = move(source, target, progress)
    told = (
        f"{done.articles:,} articles with {done.passages:,} passages are at {target.address}; {done.written:,} were "
        f"written now. Of a sample, both give {done.nearest_agree:.0%} of the nearest passages and "
        f"{done.words_agree:.0%} of those with the same words."
    )
    printing.emit(asdict(done) if chosen.json else told)
    return DONE
