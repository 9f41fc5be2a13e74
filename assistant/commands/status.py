"""`status`: show what the library holds."""

import argparse
from typing import TYPE_CHECKING

from assistant.commands.options import model_options
from assistant.commands.running import DONE, DONE_WITH_REJECTS

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
    status.add_argument(
        "--verify",
        action="store_true",
        help="read everything and compare it: what is wrong is named, and the exit code is then 1",
    )
    return status


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Show what the library holds."""
    from assistant import as_json, printing
    from assistant.libraries import open_articles

    library = open_articles(settings)
    language_model = _reach(settings) if settings.model else None
    problems = _problems(settings) if chosen.verify else None
    if chosen.json:
        found = as_json.status_to_json(library) | {"language_model": language_model}
        printing.emit(found if problems is None else found | {"problems": list(problems)})
    else:
        described = [printing.describe_status(library), printing.describe_model(language_model)]
        described += [f"wrong      {problem}" for problem in problems or ()]
        if problems == ():
            described.append("verified   every article, passage, vector and word is in its place")
        printing.emit("\n".join(described))
    return DONE_WITH_REJECTS if problems else DONE


def _problems(settings: "Settings") -> tuple[str, ...]:
    from assistant.libraries import open_folder
    from index.verify import verify

    remedy = "`article-assistant migrate` counts and compares what is on a server with the folder that it goes to"
    return verify(open_folder(settings, "status --verify", remedy)).problems


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
