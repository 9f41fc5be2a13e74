"""What was counted on a server, kept until the library changes.

The one rule: what we commit counts at once, what other machines commit within `LATE` seconds; a question would ask the
server ten times more otherwise.
"""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

REMEMBERED = 4_096
"""Counts that are kept in memory."""
LATE = 2.0
"""Seconds that counts may be behind the commits of other machines."""
_Found = TypeVar("_Found")


class Remembered:
    """Counts of a library. Safe to use from many threads."""

    def __init__(self, revision: Callable[[], int]) -> None:
        """Start with none; `revision` asks the server what the library is at."""
        self._ask = revision
        self._counts: dict[Any, Any] = {}
        self._revision = -1
        self._looked_at = 0.0
        self._lock = threading.Lock()

    def revision(self) -> int:
        """The revision, at most `LATE` seconds old."""
        with self._lock:
            self._look()
            return self._revision

    def find(self, key: Any, count: Callable[[], _Found]) -> _Found:
        """What was counted under a key; counted now where it is not known."""
        with self._lock:
            self._look()
            counts = self._counts
            if key in counts:
                return counts[key]  # type: ignore[no-any-return]
        found = count()
        counts[key] = found
        return found

    def changing(self, change: Callable[[], _Found]) -> _Found:
        """Make a change, and forget what was counted before it."""
        try:
            return change()
        finally:
            with self._lock:
                self._counts, self._revision, self._looked_at = {}, -1, 0.0

    def _look(self) -> None:
        late = self._revision < 0 or time.monotonic() - self._looked_at > LATE
        if late or len(self._counts) > REMEMBERED:
            revision = self._ask()
            if revision != self._revision or len(self._counts) > REMEMBERED:
                self._counts, self._revision = {}, revision
            self._looked_at = time.monotonic()
