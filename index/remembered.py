"""Sources that a library remembers, so that it can be brought up to date without naming them again.

The one rule: a source is remembered by its absolute path or its URL, once, and forgetting it removes no article.
"""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.database import Database, transaction
from index.errors import SourceError
from index.schedule import Schedule

REMOTE = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Remembered:
    """A remembered source: since when, when it was last read or tried, and from when on a watch asks again.

    `due` is in seconds since 1970; `failures` are in a row, and `trouble` says why the last one failed.
    """

    source: str
    added: datetime
    checked: datetime | None
    due: float
    failures: int
    trouble: str

    @property
    def is_remote(self) -> bool:
        """Whether it is asked over the web."""
        return is_remote(self.source)


def is_remote(source: str) -> bool:
    """Whether a source is asked over the web."""
    return source.lower().startswith(REMOTE)


def full_name(source: str) -> str:
    """Return the name by which a source is remembered: a URL as it is, anything else as an absolute path."""
    source = source.strip()
    return source if is_remote(source) else os.path.realpath(Path(source).expanduser())


def list_sources(database: Database) -> list[Remembered]:
    """The remembered sources, in the order they were added."""
    rows = database.all(
        "SELECT source, added, checked, due, failures, trouble FROM remembered_source ORDER BY added, source"
    )
    return [
        Remembered(source, _to_moment(added), _to_moment(checked) if checked else None, due, failures, trouble)
        for source, added, checked, due, failures, trouble in rows
    ]


def remember(database: Database, sources: Sequence[str]) -> list[str]:
    """Remember sources; those that are new are returned by the names they are remembered by.

    Raises:
        SourceError: where one is neither an http(s) URL nor a file or folder that is there; none is remembered then.
        LibraryError: if it cannot be written.
    """
    names = [_checked_name(source) for source in sources]
    known = {each.source for each in list_sources(database)}
    fresh = [name for name in dict.fromkeys(names) if name not in known]
    now = _now()
    with transaction(database) as connection:
        connection.executemany(
            "INSERT OR IGNORE INTO remembered_source (source, added) VALUES (?, ?)", [(name, now) for name in fresh]
        )
    return fresh


def forget(database: Database, sources: Sequence[str]) -> list[str]:
    """Forget sources; their articles stay. The names of those that were forgotten.

    Raises:
        SourceError: where one is not remembered; none is forgotten then.
        LibraryError: if it cannot be written.
    """
    known = {each.source for each in list_sources(database)}
    names = [source if source in known else full_name(source) for source in sources]
    for source, name in zip(sources, names, strict=True):
        if name not in known:
            there = ", ".join(sorted(known)) or "none"
            raise SourceError(f"{source} is not remembered (remembered are: {there})")
    with transaction(database) as connection:
        connection.executemany("DELETE FROM remembered_source WHERE source = ?", [(name,) for name in names])
    return list(dict.fromkeys(names))


def note_outcome(
    database: Database, source: str, trouble: str, wished: float, schedule: Schedule | None = None
) -> None:
    """Note how reading a source went ("" for well) and when to ask again; nothing where it is not remembered.

    `wished` is how many seconds its server or feed wishes to be left alone for, 0 where it does not say.
    """
    name, schedule = full_name(source), schedule or Schedule()
    row = database.one("SELECT failures FROM remembered_source WHERE source = ?", name)
    if row is None:
        return
    failures = row[0] + 1 if trouble else 0
    wait = schedule.after_failure(failures, wished) if trouble else schedule.after_success(wished)
    with transaction(database) as connection:
        connection.execute(
            "UPDATE remembered_source SET checked = ?, due = ?, failures = ?, trouble = ? WHERE source = ?",
            (_now(), time.time() + wait, failures, trouble, name),
        )


def _checked_name(source: str) -> str:
    if not source.strip():
        raise SourceError("no source: the name is empty")
    name = full_name(source)
    if not is_remote(name) and "://" in source:
        raise SourceError(f"unsupported address {source}: use http, https or a path")
    if not is_remote(name) and not Path(name).exists():
        raise SourceError(f"{source} does not exist: check the path")
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise SourceError(f"{source!r} cannot be remembered: its name is not UTF-8; rename it") from error
    return name


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _to_moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
