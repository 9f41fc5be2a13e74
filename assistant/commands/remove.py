"""`remove`: take articles out of the library, and bring them back."""

import argparse
from typing import TYPE_CHECKING

from assistant.commands.running import DONE
from index.errors import QuestionError

if TYPE_CHECKING:
    from assistant.commands.options import Subparsers
    from assistant.settings import Settings
    from index.store import Index


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    remove = commands.add_parser("remove", parents=[shared], help="take articles out, or bring them back")
    remove.description = (
        "Take articles out of the library. They are out of every answer at once, and later syncs of their source leave "
        "them out, too; --undo brings them back exactly as they were."
    )
    remove.add_argument("articles", metavar="ARTICLE", nargs="*", help="an id, a URL, or the end of a file's path")
    how = remove.add_mutually_exclusive_group()
    how.add_argument("--undo", action="store_true", help="bring back these articles, or what was removed last")
    how.add_argument("--list", action="store_true", help="show what was removed and can be brought back")
    how.add_argument("--forget", action="store_true", help="give up for good what was removed: it cannot be undone")
    return remove


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Remove, bring back, list or forget."""
    from assistant import printing, printing_changes
    from assistant.libraries import open_articles

    library = open_articles(settings)
    removals = library.removals()
    if chosen.list:
        printing.emit(
            printing_changes.removals_to_json(removals) if chosen.json else printing_changes.describe_removals(removals)
        )
        return DONE
    if chosen.forget:
        done = "forgotten", sum(library.forget(removal.token) for removal in removals)
    elif chosen.undo and chosen.articles:
        away = {article: title for removal in removals for article, title in removal.articles}
        done = "brought back", len(library.bring_back_articles([_match(name, list(away)) for name in chosen.articles]))
    elif chosen.undo:
        if not removals:
            raise QuestionError("nothing was removed that could be brought back")
        done = "brought back", len(library.bring_back(removals[0].token))
    else:
        if not chosen.articles:
            raise QuestionError("name the articles to remove, or use --undo, --list or --forget")
        names = [_find(name, library) for name in chosen.articles]
        library.put_away(names)
        done = "removed", len(set(names))
    what, number = done
    printing.emit({what.replace(" ", "_"): number} if chosen.json else f"{what} {number:,}")
    return DONE


def _find(name: str, library: "Index") -> str:
    found = library.find_id(name)
    if found is None:
        raise QuestionError(f"no article, or more than one, is called {name!r}: give its id or URL")
    return found


def _match(name: str, ids: list[str]) -> str:
    found = [article for article in ids if article == name] or [a for a in ids if a.endswith("/" + name)]
    if len(found) != 1:
        raise QuestionError(f"{len(found)} removed articles are called {name!r}: `remove --list` shows their ids")
    return found[0]
