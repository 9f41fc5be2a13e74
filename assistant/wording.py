"""Dates, articles and libraries in words, the same ones on the page and in the terminal."""

from datetime import date, timedelta
from pathlib import PurePath
from urllib.parse import urlsplit

from index.lists import Summary
from index.records import Article
from index.scope import Scope

NAME = "Article Assistant"


def write_date(day: date) -> str:
    """A date written out: "10 March 2022"."""
    return f"{day.day} {day:%B} {day.year}"


def write_days(first: date | None, last: date | None) -> str:
    """The days from `first` to `last`, as short as they can be named: "March 2022", "since 9 July 2024"."""
    if not first or not last:
        return f"since {write_date(first)}" if first else f"until {write_date(last)}" if last else ""
    if first == last:
        return write_date(first)
    if first.day == 1 and (last + timedelta(days=1)).day == 1 and first.year == last.year:
        if (first.month, last.month) == (1, 12):
            return str(first.year)
        begin = f"{first:%B} to " if first.month != last.month else ""
        return f"{begin}{last:%B} {last.year}"
    return f"{write_date(first)} to {write_date(last)}"


def count(number: int, noun: str) -> str:
    """A number with its noun: "1 article", "1,329 articles"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def write_figure(value: float | None) -> str:
    """A measure with three digits; a dash where there was nothing to measure."""
    return "–" if value is None else f"{value:.3f}"


def describe_library(summary: Summary) -> str:
    """How many articles there are, and from when to when."""
    if not summary.articles:
        return "No articles yet"
    days = [write_date(day) for day in (summary.first, summary.last) if day]
    return ", ".join(part for part in (count(summary.articles, "article"), " to ".join(dict.fromkeys(days))) if part)


def describe_scope(scope: Scope) -> str:
    """What was searched: "in The Courier, published 1 March 2024 to 31 March 2024"; "" for everything."""
    days = f"{write_date(scope.first) if scope.first else 'the first'} to "
    days += write_date(scope.last) if scope.last else "today"
    parts = [
        f"in {' and '.join(scope.sources)}" if scope.sources else "",
        f"published {days}" if scope.first or scope.last else "",
        f"in {count(len(scope.articles), 'chosen article')}" if scope.articles else "",
        f"as the library was on {write_date(scope.as_of)}" if scope.as_of else "",
    ]
    return ", ".join(part for part in parts if part)


def web_address(article: Article) -> str | None:
    """The article's URL where a browser may be sent to it; None for every other scheme."""
    try:
        parts = urlsplit(article.url or "")
    except ValueError:
        return None
    return article.url if parts.scheme in ("http", "https") and parts.netloc else None


def name_source(article: Article) -> str:
    """Who published the article, else the host that it is from, else its file."""
    if article.source:
        return article.source
    address = web_address(article)
    return (urlsplit(address).hostname or "") if address else PurePath(article.origin).name


def one_line(text: str) -> str:
    """Text of others on one line, without what would steer a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
