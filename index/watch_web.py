"""Feeds and pages that are remembered, asked when they are due.

The one rule: each has a schedule of its own; a slow one holds up the others, but never a folder.
"""

import threading
import time
from collections.abc import Callable, Sequence

from index.remembered import Remembered

LOOK_SECONDS = 1.0
"""How often it is looked whether something is due or was remembered."""
AGAIN_SECONDS = 5.0
MOST_DOUBLINGS = 10

Take = Callable[[str, Sequence[str], bool], bool]


def follow_web(
    list_remote: Callable[[], list[Remembered]], take: Take, stopping: threading.Event, every: float | None
) -> None:
    """Take in what is due until `stopping` is set; `every` so many seconds, else when each is due by its schedule."""
    later: dict[str, float] = {}
    while not stopping.is_set():
        for source in list_remote():
            now = time.time()
            if stopping.is_set() or now < max(due_at(source, every), later.get(source.source, 0.0)):
                continue
            if take(source.source, [source.source], False):
                later.pop(source.source, None)
            else:  # not even its outcome could be noted
                later[source.source] = time.time() + AGAIN_SECONDS
        stopping.wait(LOOK_SECONDS)


def due_at(source: Remembered, every: float | None) -> float:
    """When a source is due (seconds since 1970): by its schedule, or `every` so many seconds, later after failures."""
    if every is None or source.checked is None:
        return source.due
    wait = every * 2.0 ** min(source.failures, MOST_DOUBLINGS)
    return min(source.checked.timestamp() + wait, source.due) if source.failures else source.checked.timestamp() + wait
