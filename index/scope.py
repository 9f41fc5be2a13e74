"""Which articles a question is put to: by source, by date, by name, or as the library was on a day.

The one rule: an empty scope is the whole library as it is now, and costs nothing.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
"""How moments are stored: in UTC, so that their order as text is their order in time."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What to search; what is left empty narrows nothing, and an empty scope is false.

    `sources` and `articles` name sources and article ids exactly. `first` and `last` are days of publication, both
    included: an article without a date is then left out. `as_of` asks for the library as it was at the end of that day
    (local time): articles that came later are left out, and edited ones read as they did.
    """

    sources: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    articles: tuple[str, ...] = ()
    as_of: date | None = None

    def __bool__(self) -> bool:
        return any((self.sources, self.first, self.last, self.articles, self.as_of))


EVERYTHING = Scope()


def to_condition(scope: Scope) -> tuple[str, list[str]]:
    """The scope as an SQL condition on a table `a` of articles or of their earlier versions, with its values."""
    parts: list[str] = []
    values: list[str] = []
    for column, chosen in (("source", scope.sources), ("id", scope.articles)):
        if chosen:
            parts.append(f"a.{column} IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(chosen))
    for comparison, day in ((">=", scope.first), ("<=", scope.last)):
        if day:
            parts.append(f"a.published {comparison} ?")
            values.append(day.isoformat())
    if scope.as_of:
        parts.append("a.seen < ?")
        values.append(end_of(scope.as_of))
    return " AND ".join(parts) or "TRUE", values


def end_of(day: date) -> str:
    """The moment at which a local day is over, as it is stored."""
    if day == date.max:
        return "9999-12-31T23:59:59Z"
    return to_moment(datetime.combine(day + timedelta(days=1), time()))


def to_moment(moment: datetime) -> str:
    """A moment (local time where it has no zone) as it is stored."""
    from datetime import UTC

    try:
        there = moment.astimezone(UTC)
    except (OverflowError, ValueError, OSError):  # a day outside the system's calendar: the zone does not matter there
        there = moment.replace(tzinfo=UTC)
    return there.strftime(TIME_FORMAT).rjust(len("YYYY-MM-DDTHH:MM:SSZ"), "0")  # years before 1000 come without noughts


def to_datetime(moment: str) -> datetime:
    """A stored moment, in UTC."""
    return datetime.fromisoformat(moment)
