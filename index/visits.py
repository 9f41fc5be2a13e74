"""What earlier visits to the web found, so that what has not changed is neither sent nor read again.

The one rule: a visit is written down only after its articles are in the library; a killed sync visits again.
"""

import json
import time
from dataclasses import dataclass

from index.answers import NOTHING_SAID, Validators
from index.database import transaction
from index.lists import REMOVED
from index.store import Index


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of a URL: its version, the ids of the articles read there, and what a feed said of it.

    After a failure: how many in a row, why, and until when (seconds since 1970) it is left alone.
    """

    url: str
    validators: Validators = NOTHING_SAID
    fingerprint: str = ""
    articles: tuple[str, ...] = ()
    failures: int = 0
    due: float = 0.0
    trouble: str = ""


class Visits:
    """The visits that a library knows of, and those of this sync, which `save` writes down."""

    def __init__(self, library: Index | None = None, pipeline: int = 0) -> None:
        """Without a library nothing is known and nothing is kept."""
        self._library = library
        self._pipeline = pipeline
        self._fresh: dict[str, Visit] = {}
        self.wishes: dict[str, float] = {}
        """By URL, the seconds that its server or feed wishes to pass before the next visit."""

    def find(self, url: str) -> Visit | None:
        """What is known of a URL, unless its articles were made by another version of the program."""
        if url in self._fresh or self._library is None:
            return self._fresh.get(url)
        row = self._library.state.one(
            "SELECT etag, modified, fingerprint, articles, failures, due, trouble FROM visit "
            "WHERE url = ? AND pipeline = ?",
            url,
            self._pipeline,
        )
        if row is None:
            return None
        etag, modified, fingerprint, articles, failures, due, trouble = row
        return Visit(url, Validators(etag, modified), fingerprint, tuple(json.loads(articles)), failures, due, trouble)

    def find_held(self, url: str, *, or_removed: bool = False) -> Visit | None:
        """What is known of a URL whose articles are all in the library: only then need they not be read again.

        With `or_removed` those that the user removed count, too: no feed brings them back.
        """
        known, library = self.find(url), self._library
        if known is None or library is None or not known.articles:
            return None
        for article in known.articles:
            is_removed = or_removed and library.put_away_as(article) == REMOVED
            if library.find_digest(article) is None and not is_removed:
                return None
        return known

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def note(self, visit: Visit) -> None:
        """Remember a visit until it is saved."""
        self._fresh[visit.url] = visit

    def save(self) -> None:
        """Write down the visits of this sync. To be called when their articles are in the library.

        Raises:
            LibraryError: if it cannot be written.
        """
        if self._library is None or not self._fresh:
            return
        rows = [
            (
                visit.url,
                self._pipeline,
                visit.validators.etag,
                visit.validators.modified,
                visit.fingerprint,
                json.dumps(visit.articles),
                visit.failures,
                visit.due,
                visit.trouble,
            )
            for visit in self._fresh.values()
        ]
        with transaction(self._library.state) as connection:
            connection.executemany("INSERT OR REPLACE INTO visit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._fresh.clear()
