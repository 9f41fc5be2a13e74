"""From what a format holds to an `Article`: identity, address, date, authors, source and title.

Whatever the format, an article is made by `make_article`, so that all of them follow one set of rules.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from index.errors import SourceError
from index.formats.decode import tidy
from index.formats.titles import choose_title, slug_of, without_site
from index.records import Article

FUTURE_ALLOWED = timedelta(days=2)  # time zones, and morning papers that appear the evening before
LONGEST_DATE = 60  # characters; longer is no date, and slow to find that out about
DATE_SETTINGS = {"PARSERS": ["absolute-time"], "STRICT_PARSING": True}  # never "yesterday", never "May"
DEFAULT_PORTS = {"http": 80, "https": 443}

_ISO_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?!\d)|(\d{8})$")
_DATE_PARTS = re.compile(r"\d{4}.*\d|\d.*\d{4}|\d+\D+\d+\D+\d+")
_BY = re.compile(r"^\s*by[\s:]+", re.IGNORECASE)
_NAMES_END = re.compile(r"\s*;\s*|\s+(?:and|&)\s+")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the bytes of an article came from.

    `name` is for messages, `id` the identity of an article that has no URL of its own, `stem` what its file
    or address is called (a title may be made of it), `source` the folder's or the site's name.
    """

    name: str
    id: str
    stem: str = ""
    source: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a format says about an article, as it says it; empty where it says nothing."""

    title: str = ""
    url: str = ""
    source: str = ""
    published: object = None
    authors: object = None


def make_article(origin: Origin, text: str, facts: Facts) -> Article:
    """Return the article with this text (one paragraph a line).

    The article's address is the one in `facts` if it is an http(s) URL, else the origin's.

    Raises:
        SourceError: where the text is empty.
    """
    text = "\n".join(line.strip() for line in tidy(text).split("\n") if line.strip())
    if not text:
        raise SourceError("no text: it is empty")
    own = facts.url.strip() if canonical_url(facts.url) else None
    url = own or origin.url or ""
    identity = canonical_url(url)
    given = without_site(tidy(facts.title), facts.source, url)
    title, text = choose_title(given, text, slug_of(own) if own else origin.stem)
    return Article(
        id=identity or origin.id,
        title=title,
        text=text,
        url=tidy(url) if url else None,
        source=" ".join(tidy(facts.source).split()) or (site_of(own) if own else origin.source),
        published=read_date(facts.published),
        authors=read_authors(facts.authors),
    )


def origin_of_url(url: str) -> Origin:
    """Return the origin of what is fetched from an http(s) URL."""
    return Origin(name=url, id=canonical_url(url) or url, stem=slug_of(url), source=site_of(url), url=url)


def canonical_url(url: str) -> str | None:
    """Return an http(s) URL as an identity, or None where it is no such URL.

    The fragment, `utm_*` parameters, a user name and a port that goes without saying are left out.
    """
    url = tidy(url).strip()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not host or re.search(r"\s", url):
        return None
    host = f"[{host}]" if ":" in host else host
    netloc = host if port in (None, DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    query = parts.query
    if "utm_" in query.lower():
        pairs = parse_qsl(query, keep_blank_values=True)
        query = urlencode([(key, value) for key, value in pairs if not key.lower().startswith("utm_")])
    return urlunsplit((parts.scheme, netloc, parts.path or "/", query, ""))


def site_of(url: str) -> str:
    """Return the host of an http(s) URL without `www.`, or "" where it has none."""
    identity = canonical_url(url)
    return (urlsplit(identity).hostname or "").removeprefix("www.") if identity else ""


def read_date(value: object, today: date | None = None) -> date | None:
    """Return the day that `value` names in full (day, month and year), else None.

    A day more than two days after `today` (by default, this day) is not believed.
    """
    if isinstance(value, date):
        day: date | None = date(value.year, value.month, value.day)
    elif isinstance(value, str) and len(value) <= LONGEST_DATE:
        day = _parse_date(value.strip())
    else:
        return None
    return None if day is None or day > (today or date.today()) + FUTURE_ALLOWED else day


def _parse_date(text: str) -> date | None:
    iso = _ISO_DATE.match(text)
    if iso:
        try:
            return date.fromisoformat(iso.group(1) or iso.group(2))
        except ValueError:
            return None
    if not _DATE_PARTS.search(text):
        return None
    import dateparser

    try:
        moment: datetime | None = dateparser.parse(text, settings=DATE_SETTINGS)
    except (ValueError, OverflowError, ArithmeticError, TypeError):
        return None
    return moment.date() if moment else None


def read_authors(value: object) -> tuple[str, ...]:
    """Return the names in a list or in one string ("By A and B", "A; B", "A B, C D"), each once."""
    if isinstance(value, str):
        names = _split_names(_BY.sub("", value, count=1))
    elif isinstance(value, list | tuple):
        names = [name for name in value if isinstance(name, str)]
    else:
        names = []
    tidied = (" ".join(tidy(name).split()) for name in names)
    return tuple(dict.fromkeys(name for name in tidied if name))


def _split_names(names: str) -> list[str]:
    split: list[str] = []
    for part in _NAMES_END.split(names):
        pieces = part.split(",")
        # "Lind, Mara" is one person; "Mara Lind, Jo Berg" are two.
        split += pieces if all(" " in piece.strip() for piece in pieces) else [part]
    return split
