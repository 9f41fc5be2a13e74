"""`status`: show what the library holds."""

import argparse
from typing import TYPE_CHECKING

from assistant.commands.options import model_options
from assistant.commands.running import DONE

if TYPE_CHECKING:
    from assistant.commands.options import Subparsers
    from assistant.settings import Settings


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    status = commands.add_parser("status", parents=[shared, model_options()], help="show what the library holds")
    status.description = (
        "Show how many articles and passages there are, from when to when, the embedding model, and whether the "
        "language model can be reached, if one is named."
    )
    return status


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Show what the library holds."""
    from assistant import printing
    from index.library import open_library

    library = open_library(settings.library)
    language_model = _reach(settings) if settings.model else None
    printing.emit(
        printing.status_to_json(library) | {"language_model": language_model}
        if chosen.json
        else f"{printing.describe_status(library)}\n{printing.describe_model(language_model)}"
    )
    return DONE


def _reach(settings: "Settings") -> dict[str, str | bool]:
    """The language model's name and whether it answers; it is asked for one word."""
    from assistant.models import open_model
    from index.errors import ModelError

    try:
        model = open_model(settings)
    except ModelError as error:
        return {"name": settings.model, "reached": False, "trouble": str(error)}
    trouble = model.try_to_reach()
    return {"name": model.name, "reached": not trouble, "trouble": trouble}
