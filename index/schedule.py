"""When a source is asked again: as it wishes itself within bounds, and after failures less and less often.

The one rule: whatever a server says or does, it is asked neither too often nor never again.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
PERIODS = {"hourly": HOUR, "daily": DAY, "weekly": 7 * DAY, "monthly": 30 * DAY, "yearly": 365 * DAY}
"""The values of `sy:updatePeriod` (RSS 1.0 syndication module)."""
MOST_DOUBLINGS = 16


@dataclass(frozen=True, slots=True)
class Schedule:
    """The bounds in seconds: `usual` where nothing is said, never under `least` nor over `most`."""

    least: float = 5 * MINUTE
    usual: float = 30 * MINUTE
    most: float = DAY

    def after_success(self, wished: float) -> float:
        """Seconds until the next visit, where the server or the feed wishes for `wished` (0: it does not say)."""
        return self._bounded(wished or self.usual)

    def after_failure(
        self, failures: int, wished: float = 0.0, draw: Callable[[float, float], float] = random.uniform
    ) -> float:
        """Seconds until the next try after so many failures in a row.

        Doubles from `least` on with each failure, by at least half of that at random, so that the visitors that one
        failure drove away do not all come back at once; no sooner than the server wished.
        """
        longest = self._bounded(self.least * 2.0 ** min(max(failures, 1) - 1, MOST_DOUBLINGS))
        return max(draw(longest / 2, longest), min(wished, self.most))

    def _bounded(self, seconds: float) -> float:
        return min(max(seconds, self.least), self.most)


def feed_period(ttl: object, period: object, frequency: object) -> float:
    """Seconds between two versions of a feed by its `ttl` (minutes) or `sy:updatePeriod` and `-Frequency`, else 0."""
    minutes = _to_number(ttl)
    if minutes > 0:
        return minutes * MINUTE
    return PERIODS.get(str(period).strip().lower(), 0.0) / max(_to_number(frequency), 1.0)


def _to_number(value: object) -> float:
    text = str(value).strip()
    return float(text) if text.isdecimal() and text.isascii() and len(text) < len("1000000000") else 0.0
