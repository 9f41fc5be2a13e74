"""What is read over the web: pages, rows and feeds, whose entries are read in full.

The one rule: what is in the library and has not changed is not asked for again; what failed is, later and later.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from index.answers import NOTHING_SAID, Page, Validators
from index.errors import HttpError, SourceError
from index.formats.feeds import PageKeptError, parse_feed, read_entries
from index.formats.kinds import ONE_ARTICLE, kind_of_page, read_bytes
from index.formats.origin import Origin, origin_of_url
from index.records import Article, Rejected, Unchanged
from index.schedule import Schedule
from index.visits import Visit, Visits
from index.web import Web

ENTRY_SCHEDULE = Schedule()
MOST_PAGES = 500
"""How many pages are fetched for the entries of feeds in one sync: a feed without end holds up nobody for ever."""


class Remote:
    """Reads URLs by way of a `Web`, knowing what earlier visits found."""

    def __init__(self, web: Web, visits: Visits) -> None:
        """Visit nothing yet."""
        self._web = web
        self._visits = visits
        self._pages = 0

    def read(self, url: str) -> Iterator[Article | Rejected | Unchanged]:
        """Yield what is at a URL: the articles, or that they are what they were.

        Raises:
            SourceError: where it cannot be had.
        """
        held = self._visits.find_held(url)
        try:
            page = self._web.get(url, held.validators if held else None)
        except HttpError as error:
            self._visits.wishes[url] = error.retry_after
            raise
        self._visits.wishes[url] = page.fresh
        if held and page.is_unchanged:
            self._visits.note(replace(held, validators=_newer(page, held)))
            yield from (Unchanged(article) for article in held.articles)
            return
        found: list[str] = []
        is_whole = True
        for item in self._read_page(page, url):
            yield item
            if isinstance(item, Rejected):
                is_whole = False
            else:
                found.append(item.id)
        # What could not be read is tried again, also where the page does not change.
        self._visits.note(Visit(url, page.validators if is_whole else NOTHING_SAID, articles=tuple(found)))

    def read_feed(self, data: bytes, origin: Origin, url: str = "") -> Iterator[Article | Rejected | Unchanged]:
        """Yield what is in the bytes of a feed that was read from a file or, if named, from `url`.

        Raises:
            SourceError: where they are no feed, or a feed without entries.
        """
        feed = parse_feed(data, origin)
        if url:
            self._visits.wishes[url] = max(self._visits.wishes.get(url, 0.0), feed.period)
        yield from read_entries(feed, origin, self._read_link)

    def _read_page(self, page: Page, url: str) -> Iterator[Article | Rejected | Unchanged]:
        kind, origin = kind_of_page(page), origin_of_url(page.url)
        if kind == "feed":
            return self.read_feed(page.body, origin, url)
        return read_bytes(kind, page.body, origin, self._web.limits.max_bytes, page.charset)

    def _read_link(self, url: str, fingerprint: str) -> Article | Unchanged:
        """Return the one article that a feed's entry links to; `fingerprint` is of what the feed says of it."""
        known, held = self._visits.find(url), self._visits.find_held(url, or_removed=True)
        is_same = known is not None and known.fingerprint == fingerprint
        if known and is_same and known.failures and self._visits.now() < known.due:
            later = datetime.fromtimestamp(known.due, UTC).strftime("%Y-%m-%d %H:%M")
            raise _told(f"{known.trouble} (it is asked again after {later} UTC)", held)
        if held and is_same and not held.failures:
            return Unchanged(held.articles[0])
        if self._pages == MOST_PAGES:
            raise _told(f"left for the next sync, as {MOST_PAGES} pages of entries were fetched in this one", held)
        self._pages += 1
        try:
            page = self._web.get(url, held.validators if held else None)
            if held and page.is_unchanged:
                self._visits.note(Visit(url, _newer(page, held), fingerprint, held.articles))
                return Unchanged(held.articles[0])
            kind = kind_of_page(page)
            if kind not in ONE_ARTICLE:
                raise SourceError(f"links to a {kind}, not to a page")
            article = ONE_ARTICLE[kind](page.body, origin_of_url(page.url), page.charset)
        except SourceError as error:
            self._note_failure(known or Visit(url), fingerprint, error)
            raise _told(str(error), held) from error
        self._visits.note(Visit(url, page.validators, fingerprint, (article.id,)))
        return article

    def _note_failure(self, known: Visit, fingerprint: str, error: SourceError) -> None:
        failures = known.failures + 1
        wished = error.retry_after if isinstance(error, HttpError) else 0.0
        due = self._visits.now() + ENTRY_SCHEDULE.after_failure(failures, wished)
        failed = replace(known, fingerprint=fingerprint, failures=failures, due=due, trouble=str(error))
        self._visits.note(failed)


def _told(reason: str, held: Visit | None) -> SourceError:
    return PageKeptError(f"{reason}; what was read there before is kept") if held else SourceError(reason)


def _newer(page: Page, held: Visit) -> Validators:
    """Return the version that an answer of "unchanged" names, else the one that is known."""
    return page.validators if page.validators != NOTHING_SAID else held.validators
