"""`sources`: what the library remembers to bring up to date."""

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant.commands.running import DONE

if TYPE_CHECKING:
    from assistant.commands.options import Subparsers
    from assistant.settings import Settings
    from index.remembered import Remembered
    from index.store import Index

ACTIONS = ("add", "list", "remove")


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    sources = commands.add_parser(
        "sources", parents=[shared], help="remember files, folders, URLs and feeds, which `sync` brings up to date"
    )
    sources.description = (
        "Add sources to those that `sync` without arguments brings up to date and `sync --watch` follows, list them, "
        "or remove some. Their articles stay in the library."
    )
    sources.add_argument("action", choices=ACTIONS, nargs="?", default="list", help="default: list")
    sources.add_argument("sources", metavar="SOURCE", nargs="*", help="what to add or remove")
    return sources


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Add, list or remove remembered sources."""
    from assistant import printing
    from assistant.libraries import open_articles
    from index.errors import SourceError
    from index.remembered import forget, list_sources, remember

    if bool(chosen.sources) is (chosen.action == "list"):
        wanted = "takes no source" if chosen.sources else "takes at least one source"
        raise SourceError(f"`sources {chosen.action}` {wanted}: see `article-assistant sources --help`")
    library = open_articles(settings, create=chosen.action == "add")
    if chosen.action == "add":
        remember(library.state, chosen.sources)
    elif chosen.action == "remove":
        forget(library.state, chosen.sources)
    sources = list_sources(library.state)
    if chosen.json:
        printing.emit([_to_json(source, library) for source in sources])
    else:
        printing.emit("\n".join(_describe(source, library) for source in sources) or "No source is remembered.")
    return DONE


def _to_json(source: "Remembered", library: "Index") -> dict[str, Any]:
    return {
        "source": source.source,
        "articles": len(library.ids_from(source.source)),
        "added": source.added.isoformat(),
        "checked": source.checked.isoformat() if source.checked else None,
        "due": datetime.fromtimestamp(source.due, UTC).isoformat() if source.is_remote and source.due else None,
        "failures": source.failures,
        "trouble": source.trouble,
    }


def _describe(source: "Remembered", library: "Index") -> str:
    from assistant.wording import count

    checked = f"read {source.checked.astimezone():%Y-%m-%d %H:%M}" if source.checked else "not read yet"
    trouble = f", failed {count(source.failures, 'time')}: {source.trouble}" if source.failures else ""
    return f"{source.source}  ({count(len(library.ids_from(source.source)), 'article')}, {checked}{trouble})"
