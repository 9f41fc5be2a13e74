"""`sync`: take articles in: files, folders, URLs, feeds; those that are named, or all that are remembered."""

import argparse
import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.commands.options import positive
from assistant.commands.running import DONE, DONE_WITH_REJECTS, progress_bar
from index.errors import SourceError

STOP_SECONDS = 0.2
"""How often it is looked whether to stop: a signal is heeded between two waits."""

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.commands.options import Subparsers
    from assistant.settings import Settings
    from index.workers import Workers


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    sync = commands.add_parser("sync", parents=[shared], help="take articles in: files, folders, URLs, feeds")
    sync.description = (
        "Bring the library up to date with the sources that are named, or with all that are remembered. Unchanged "
        "articles cost nothing; a killed sync goes on where it was."
    )
    sync.add_argument(
        "sources",
        metavar="SOURCE",
        nargs="*",
        help="a text, Markdown, HTML, PDF or JSON Lines file, a folder of these, a URL, or an RSS/Atom feed (default: "
        "what is remembered)",
    )
    sync.add_argument("--remember", action="store_true", help="remember these sources, see `sources`")
    sync.add_argument(
        "--prune",
        action="store_true",
        help="remove articles that came from these files and folders and are gone there",
    )
    sync.add_argument(
        "--watch",
        action="store_true",
        help="remember these sources and follow all that are remembered, until Ctrl+C: folders as they change, feeds "
        "and pages on their own schedule",
    )
    sync.add_argument(
        "--every",
        metavar="SECONDS",
        type=positive,
        help="with --watch: ask each feed and page that often instead",
    )
    sync.add_argument(
        "--ray",
        metavar="ADDRESS",
        help="let the workers of a Ray cluster parse, clean, split and embed the articles: HOST:PORT, or local for Ray "
        "on this machine (install article-assistant[ray]); the library becomes the same",
    )
    sync.add_argument(
        "--workers",
        metavar="N",
        type=positive,
        help="with --ray: how many workers, each with a model (default: one a processor of the cluster)",
    )
    return sync


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Take articles in."""
    from assistant import as_json, printing
    from assistant.ask import open_assistant

    if chosen.watch and chosen.ray:
        raise SourceError("--watch takes in a few articles at a time, for which no cluster is needed: leave out --ray")
    if chosen.watch:
        return watch(chosen, settings)
    with _open_workers(chosen) as workers, progress_bar(wanted=not chosen.json) as progress:
        assistant = open_assistant(settings, create=bool(chosen.sources))
        if chosen.remember:
            assistant.remember(chosen.sources)
        if chosen.sources:
            report = assistant.add(chosen.sources, prune=chosen.prune, progress=progress, workers=workers)
        else:
            report = assistant.sync_all(prune=chosen.prune, progress=progress, workers=workers)
    for rejected in report.rejected:
        print(printing.describe_rejected(rejected), file=sys.stderr)
    for notice in report.notices:
        print(notice, file=sys.stderr)
    printing.emit(as_json.report_to_json(report) if chosen.json else printing.describe_report(report))
    return DONE_WITH_REJECTS if report.rejected else DONE


@contextmanager
def _open_workers(chosen: argparse.Namespace) -> "Iterator[Workers | None]":
    if not chosen.ray:
        yield None
        return
    from index.cluster import ClusterWorkers
    from index.ray_pool import RayPool

    with RayPool(chosen.ray, chosen.workers) as pool:
        yield ClusterWorkers(pool)


def watch(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Follow the remembered sources until SIGINT or SIGTERM."""
    from assistant.ask import open_assistant
    from assistant.watching import print_news, print_news_as_json, watch_sources
    from assistant.wording import count

    stopping = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopping.set())
    assistant = open_assistant(settings, create=True)
    assistant.remember(chosen.sources)
    tell = print_news_as_json if chosen.json else print_news
    with watch_sources(assistant, tell, stopping, prune=chosen.prune, every=chosen.every):
        watched = count(len(assistant.sources()), "source")
        print(f"Watching {watched} (Ctrl+C stops it)", file=sys.stderr, flush=True)
        while not stopping.wait(STOP_SECONDS):
            pass
    return DONE
