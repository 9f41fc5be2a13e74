"""Follows the remembered sources: folders as they change, feeds and pages when they are due, until it is stopped.

The one rule: whatever fails is told in one line and tried again; nothing that fails ends the watch.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from index.errors import AssistantError, LibraryBusyError, LibraryError
from index.lists import Change
from index.remembered import Remembered, list_sources
from index.reports import SyncReport
from index.store import Index
from index.watch_folders import follow_folders
from index.watch_web import follow_web

MOST_NAMED = 5
"""Up to so many articles that changed at once are told by their titles, more by their number."""
LEAVING_SECONDS = 3.0
"""How long `stop` waits for what is going on; all that is written is safe against being cut off there."""
AGAIN = " (it is asked again after"


class WatchStoppedError(BaseException):
    """Raised inside a sync to end it between two articles; no handler of errors is to catch it."""


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened while watching: articles that changed, or why something could not be read.

    `changes` are the latest of them, at most five; the numbers are in `report`.
    """

    at: datetime
    source: str
    report: SyncReport
    changes: tuple[Change, ...] = ()
    trouble: str = ""


class Watch:
    """Two threads that follow the remembered sources. Use it as a context manager, or `start` and `stop` it."""

    def __init__(
        self,
        library: Index,
        take: Callable[[Sequence[str], bool], SyncReport],
        tell: Callable[[News], None],
        stopping: threading.Event,
        *,
        prune: bool = False,
        every: float | None = None,
    ) -> None:
        """Be ready to follow.

        Args:
            library: whose remembered sources are followed, also those that are remembered later.
            take: syncs sources; with True it removes what is gone. It ends early when `stopping` is set.
            tell: called with what happened, by one thread at a time.
            stopping: ends the watch when it is set.
            prune: also remove articles whose files are gone.
            every: seconds between two visits of a feed or page, in place of their own schedule.
        """
        self._library = library
        self._take = take
        self._tell = tell
        self._lock = threading.Lock()
        self._told: dict[str, set[str]] = {}
        self._stopping = stopping
        self._known: list[Remembered] = []
        self._threads = [
            threading.Thread(
                target=self._run, args=(follow_folders, self._folders, prune), name="folders", daemon=True
            ),
            threading.Thread(target=self._run, args=(follow_web, self._remote, every), name="web", daemon=True),
        ]

    def start(self) -> "Watch":
        """Begin to follow."""
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        """Stop, waiting a little for what is going on."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(LEAVING_SECONDS)

    def __enter__(self) -> "Watch":
        """Start."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def take(self, label: str, sources: Sequence[str], prune: bool) -> bool:
        """Sync sources and tell what came of it under the name of `label`; False where it is to be tried again."""
        try:
            report = self._take(sources, prune)
        except WatchStoppedError:
            return True
        except LibraryBusyError:
            return False
        except Exception as error:  # a watch that ends where nobody looks is worse than one that goes on
            told = str(error) if isinstance(error, AssistantError) else f"{type(error).__name__}: {error}"
            self._report(label, SyncReport(), {told})
            return False
        self._report(label, report, {_describe(item.name, item.row, item.reason) for item in report.rejected})
        return True

    def _run(self, follow: Callable[..., None], list_them: Callable[[], object], option: object) -> None:
        try:
            follow(list_them, self.take, self._stopping, option)
        finally:
            self._library.close()

    def _folders(self) -> list[str]:
        return [each.source for each in self._remembered() if not each.is_remote]

    def _remote(self) -> list[Remembered]:
        return [each for each in self._remembered() if each.is_remote]

    def _remembered(self) -> list[Remembered]:
        """What is remembered now, or was when the library could be read last."""
        try:
            self._known = list_sources(self._library.state)
        except LibraryError as error:
            self._report(self._library.address, SyncReport(), {str(error)})
        return self._known

    def _report(self, label: str, report: SyncReport, troubles: set[str]) -> None:
        """Tell what is new: an error that stays is told once, until it is over or another one comes."""
        with self._lock:
            now = datetime.now().astimezone()
            number = report.added + report.changed + report.removed
            if number:
                changes = tuple(self._library.changes(number)) if number <= MOST_NAMED else ()
                self._tell(News(now, label, report, changes))
            for trouble in sorted(troubles - self._told.get(label, set())):
                self._tell(News(now, label, report, trouble=trouble))
            self._told[label] = troubles


def _describe(name: str, row: int | None, reason: str) -> str:
    return f"{name}{f' (entry {row})' if row else ''}: {reason.partition(AGAIN)[0]}"
