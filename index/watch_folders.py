"""Folders and files that are remembered, followed by what the system tells of them.

The one rule: what is saved in a folder is taken in within a second or two; a folder that vanishes and comes back, or
was changed unseen, is read as a whole.
"""

import os
import stat
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.sources import walk

if TYPE_CHECKING:
    from watchfiles import Change

    Changes = set[tuple[Change, str]]

Take = Callable[[str, Sequence[str], bool], bool]
Mark = tuple[int, ...] | None
"""Which folder it is (two numbers), or which version of which file (more); None where it is not there."""
FOLDER_MARK = 2

LOOK_MILLISECONDS = 500
"""How often it is looked whether roots came, went or were remembered; what changes inside is told at once."""
CALM_MILLISECONDS, LONGEST_MILLISECONDS = 150, 1000
"""Changes are taken in when there was none for so long, or after so long."""
WHOLE_SECONDS = 600.0
"""How often each folder is read as a whole, for what the system did not tell (a network drive, too many changes)."""
AGAIN_SECONDS = 1.0


def follow_folders(list_roots: Callable[[], list[str]], take: Take, stopping: threading.Event, prune: bool) -> None:
    """Take in what changes in the roots, absolute paths of folders and files, until `stopping` is set."""
    from watchfiles import watch

    following = _Following(take, prune)
    while not stopping.is_set():
        following.see(list_roots())
        following.doubt()  # what changes from here on is told, what changed before is not
        folders = following.folders()
        try:
            for changes in (
                watch(
                    *folders,
                    watch_filter=None,
                    debounce=LONGEST_MILLISECONDS,
                    step=CALM_MILLISECONDS,
                    rust_timeout=LOOK_MILLISECONDS,
                    yield_on_timeout=True,
                    stop_event=stopping,
                    raise_interrupt=False,
                    ignore_permission_denied=True,
                )
                if folders
                else _nothing(stopping)
            ):
                following.note(changes)
                following.see(list_roots())
                following.take_what_waits()
                if following.folders() != folders:
                    break
        except (OSError, RuntimeError):  # a folder went while it was about to be watched
            stopping.wait(LOOK_MILLISECONDS / 1000)


def _nothing(stopping: threading.Event) -> "Iterable[Changes]":
    """What happens where there is no folder to watch: from time to time, nothing."""
    while not stopping.wait(LOOK_MILLISECONDS / 1000):
        yield set()


class _Following:
    """What is known of the roots, and what waits to be taken in."""

    def __init__(self, take: Take, prune: bool) -> None:
        self._take = take
        self._prune = prune
        self._marks: dict[str, Mark] = {}
        self._whole: dict[str, float] = {}
        self._paths: set[str] = set()
        self._not_before = 0.0

    def folders(self) -> dict[str, Mark]:
        """The roots that are folders and are there."""
        return {root: mark for root, mark in self._marks.items() if mark is not None and len(mark) == FOLDER_MARK}

    def note(self, changes: "Changes") -> None:
        """Let paths that changed wait; of a file that is gone, where it was."""
        from watchfiles import Change

        for change, path in changes:
            if change is not Change.deleted:
                self._paths.add(path)
            elif self._prune:
                self._whole.update(dict.fromkeys(self._roots_of(path), 0.0))

    def doubt(self) -> None:
        """Let every root wait to be read as a whole."""
        self._whole = dict.fromkeys(self._marks, 0.0)

    def see(self, roots: Sequence[str]) -> None:
        """See which roots came, went or are others than they were; these wait to be read as a whole."""
        for gone in self._marks.keys() - set(roots):
            del self._marks[gone]
        for root in roots:
            mark = _mark(root)
            if root not in self._marks or mark != self._marks[root]:
                self._marks[root] = mark
                self._whole[root] = 0.0

    def take_what_waits(self) -> None:
        """Take in roots that were not read for long, and paths that changed; what fails waits a little longer."""
        now = time.monotonic()
        if now >= self._not_before:
            self._take_whole(now)
        if now >= self._not_before:
            self._take_paths()

    def _take_whole(self, now: float) -> None:
        for root in self._marks:
            if now < self._whole[root]:
                continue
            self._paths = {path for path in self._paths if root not in self._roots_of(path)}
            # A folder that is gone for now is no reason to remove its articles.
            if self._take(root, [root], self._prune and self._marks[root] is not None):
                self._whole[root] = now + WHOLE_SECONDS
            else:
                self._not_before = now + AGAIN_SECONDS

    def _take_paths(self) -> None:
        wanted = sorted({found for path in self._paths for found in self._files_of(path)})
        self._paths.clear()
        if wanted and not self._take(wanted[0] if len(wanted) == 1 else os.path.commonpath(wanted), wanted, False):
            self._paths.update(wanted)
            self._not_before = time.monotonic() + AGAIN_SECONDS

    def _files_of(self, path: str) -> Iterator[str]:
        """Yield the file, or the files in the folder, that can be read and are not hidden below their root."""
        inside = [Path(path).relative_to(root).parts for root in self._roots_of(path)]
        if all(any(part.startswith(".") for part in parts) for parts in inside):
            return
        for found in walk(Path(path)):
            # A file that is empty is about to be written.
            if isinstance(found, Path) and _size(found) > 0:
                yield str(found)

    def _roots_of(self, path: str) -> list[str]:
        return [root for root in self._marks if root == path or path.startswith(root.rstrip(os.sep) + os.sep)]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _mark(root: str) -> Mark:
    """Which folder it is, or which version of which file."""
    try:
        status = Path(root).stat()
    except OSError:
        return None
    if stat.S_ISDIR(status.st_mode):
        return (status.st_dev, status.st_ino)
    return (status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size)
