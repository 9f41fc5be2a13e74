"""RSS and Atom feeds become articles: an entry's full content, else the page that it links to.

A teaser never passes for an article unless it is as long as one.
"""

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from index.errors import SourceError
from index.formats.origin import Facts, Origin, canonical_url, make_article, origin_of_url, read_authors, read_date
from index.formats.pages import strip_markup
from index.records import Article, Rejected, Unchanged
from index.schedule import feed_period

FEWEST_CHARACTERS = 500  # of content, or of a teaser, from which it stands for the article


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed: its link or "", its content and its teaser as plain text, and its facts."""

    link: str
    content: str
    teaser: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed holds, and the seconds that it says pass between two versions of it, 0 where it does not say."""

    entries: tuple[Entry, ...]
    period: float


class PageKeptError(SourceError):
    """A page could not be read, but what was read there before is in the library: no teaser takes its place."""


ReadLink = Callable[[str, str], Article | Unchanged]
"""Returns the article at a link, given the fingerprint of what the feed says of it; raises SourceError."""


def read_entries(feed: Feed, origin: Origin, read_link: ReadLink) -> Iterator[Article | Rejected | Unchanged]:
    """Yield an article for each entry, or why there is none; `row` is the entry's number.

    `read_link` is called where a feed holds a teaser only.
    """
    first_entries: dict[str, int] = {}
    for number, entry in enumerate(feed.entries, start=1):
        first = first_entries.setdefault(entry.link, number) if entry.link else number
        if first != number:
            yield Rejected(origin.name, f"the same link as entry {first}: {entry.link}", number)
            continue
        try:
            yield _read_entry(entry, number, origin, read_link)
        except SourceError as error:
            yield Rejected(origin.name, f"{entry.link or 'entry without a link'}: {error}", number)


def _read_entry(entry: Entry, number: int, origin: Origin, read_link: ReadLink) -> Article | Unchanged:
    own = origin_of_url(entry.link) if entry.link else replace(origin, id=f"{origin.id}#{number}", stem="", url=None)
    if len(entry.content) >= FEWEST_CHARACTERS:
        return make_article(own, entry.content, entry.facts)
    reason = "it has no link"
    if entry.link:
        try:
            found = read_link(entry.link, _fingerprint(entry))
            return _complete(found, entry.facts) if isinstance(found, Article) else found
        except PageKeptError:
            raise
        except SourceError as error:
            reason = str(error)
    longest = max(entry.content, entry.teaser, key=len)
    if len(longest) >= FEWEST_CHARACTERS:
        return make_article(own, longest, entry.facts)
    raise SourceError(
        f"the feed holds {len(longest)} characters of it (an article has {FEWEST_CHARACTERS}), "
        f"and its page could not be read: {reason}"
    )


def _fingerprint(entry: Entry) -> str:
    """Return a digest of all that a feed says of an entry: where it changes, the page may have changed, too."""
    return hashlib.sha256(repr(entry).encode("utf-8", "backslashreplace")).hexdigest()


def _complete(article: Article, facts: Facts) -> Article:
    """Return the article of an entry's page with the feed's facts where the page has none."""
    return replace(
        article,
        published=article.published or read_date(facts.published),
        authors=article.authors or read_authors(facts.authors),
    )


def parse_feed(data: bytes, origin: Origin) -> Feed:
    """Return what is in the bytes of a feed.

    Raises:
        SourceError: where they are no feed, or a feed without entries.
    """
    import feedparser

    try:
        # Its own cleaning takes quadratic time on hostile markup, and `strip_markup` leaves nothing to clean.
        feed = feedparser.parse(
            io.BytesIO(data),
            response_headers={"content-location": origin.url or ""},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
        title = str(feed.feed.get("title", ""))
        entries = tuple(_take_entry(entry, title) for entry in feed.entries)
        said = [feed.feed.get(name, "") for name in ("ttl", "sy_updateperiod", "sy_updatefrequency")]
    except Exception as error:  # a parser meets every kind of broken feed: none may stop the others
        raise SourceError(f"damaged feed: {type(error).__name__}: {error}") from error
    if not entries and not feed.get("version"):
        raise SourceError("no RSS or Atom feed")
    if not entries:
        raise SourceError("the feed has no entries")
    return Feed(entries, feed_period(*said))


def _take_entry(entry: Any, site: str) -> Entry:
    link = str(entry.get("link", ""))
    contents = [strip_markup(str(content.get("value", ""))) for content in entry.get("content", [])]
    names = [str(author.get("name", "")) for author in entry.get("authors", [])]
    return Entry(
        link=link if canonical_url(link) else "",
        content=max(contents, key=len, default=""),
        teaser=strip_markup(str(entry.get("summary", ""))),
        facts=Facts(
            title=strip_markup(str(entry.get("title", ""))),
            source=strip_markup(site),
            published=_day_of(entry),
            authors=names or str(entry.get("author", "")),
        ),
    )


def _day_of(entry: Any) -> date | None:
    """Return the day as the feed writes it (in its own time zone), else as feedparser understood it."""
    for key in ("published", "updated"):
        written = read_date(entry.get(key))
        parsed = entry.get(f"{key}_parsed")
        if written or parsed:
            return written or read_date(date(*parsed[:3]))
    return None
