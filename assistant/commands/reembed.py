"""`reembed`: embed the library again with another model."""

import argparse
from typing import TYPE_CHECKING

from assistant.commands.running import DONE, progress_bar

if TYPE_CHECKING:
    from assistant.commands.options import Subparsers
    from assistant.settings import Settings


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    reembed = commands.add_parser("reembed", parents=[shared], help="embed the library again with another model")
    reembed.description = (
        "Embed every passage again with the model of --embedding-model and exchange all vectors at once."
    )
    return reembed


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Exchange the embedding model."""
    from assistant import printing
    from assistant.libraries import open_folder
    from index.embedders import open_embedder
    from index.reembedding import reembed

    library = open_folder(settings, "reembed", "migrate it to a folder, reembed that, and migrate it back")
    embedder = open_embedder(settings.embedding_model)
    with progress_bar(wanted=not chosen.json) as progress:
        passages = reembed(library, embedder, progress)
    done = {"model": embedder.model, "dimension": embedder.dimension, "passages": passages}
    printing.emit(done if chosen.json else f"{passages:,} passages are embedded with {embedder.model}")
    return DONE
