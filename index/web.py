"""Visits to the web as a good guest: robots.txt is heeded, and no host is asked faster than it likes.

The one rule: every request of a visit, also one that a redirect leads to, asks leave first.
"""

import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from index.answers import Page, Validators
from index.fetch import Limits, fetch
from index.robots import Robots


class Pace:
    """Lets visits to one host begin no closer together than a pause. Safe to use from many threads."""

    def __init__(self, sleep: Callable[[float], object], clock: Callable[[], float]) -> None:
        """Begin with hosts that nobody has visited."""
        self._sleep = sleep
        self._clock = clock
        self._lock = threading.Lock()
        self._free: dict[str, float] = {}

    def wait(self, host: str, pause: float) -> None:
        """Wait until the host may be visited, and let the next visit wait for `pause` seconds from then."""
        with self._lock:
            now = self._clock()
            begin = max(now, self._free.get(host, now))
            self._free[host] = begin + pause
        if begin > now:
            self._sleep(begin - now)


class Web:
    """Asks for pages within limits and remembers, as long as it lives, what each site wants of its visitors."""

    def __init__(
        self,
        limits: Limits,
        *,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Ask nobody yet; `sleep` is how it waits for a host."""
        self.limits = limits
        self._robots = Robots(limits)
        self._pace = Pace(sleep, clock)

    def get(self, url: str, known: Validators | None = None) -> Page:
        """Return what a URL answers; with the validators of a `known` version, perhaps only that it is unchanged.

        Raises:
            SourceError: where it cannot be had, or its site does not want it to be visited.
        """
        visited: set[str] = set()

        def ask_leave(address: str) -> None:
            delay = self._robots.check(address) if self.limits.heed_robots else 0.0
            host = urlsplit(address).hostname or ""
            if host not in visited:  # a redirect within a host belongs to the same visit
                visited.add(host)
                self._pace.wait(host, max(self.limits.pause, delay))

        return fetch(url, self.limits, known, ask_leave)
