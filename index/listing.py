"""A table of a library's articles, a page of it at a time: searched, narrowed, sorted and counted by the database.

The one rule: what is not shown is not loaded, so that ten thousand articles are as quick to leaf through as ten.
"""

import math
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from index.article_rows import moment_of, to_date
from index.library import Library
from index.lists import ArticleRow, Bar, Listed, Listing, Order
from index.scope import to_condition

MOST_BARS = 60
"""A histogram with more bars than that takes wider ones: days, months, years."""


def list_page(library: Library, listing: Listing) -> Listed:
    """The wanted page; the last one where there are fewer."""
    where, values = _condition(listing)
    found = library.one(f"SELECT count(*) FROM article a WHERE {where}", *values)
    total = int(found[0]) if found else 0
    pages = max(1, -(-total // listing.size))
    page = min(max(listing.page, 0), pages - 1)
    direction = "DESC" if listing.descending else "ASC"
    column = {
        Order.PASSAGES: "passages",
        Order.TITLE: "a.title COLLATE NOCASE",
        Order.SOURCE: "a.source COLLATE NOCASE",
    }
    # What has no date comes last, whichever way the dates go.
    missing = (
        f"a.{listing.order} IS NULL OR a.{listing.order} = '', "
        if listing.order in (Order.PUBLISHED, Order.ADDED)
        else ""
    )
    rows = library.all(
        "SELECT a.id, a.title, a.source, a.published, a.added, "
        "(SELECT count(*) FROM passage p WHERE p.article = a.number) AS passages, a.url, a.seen "
        f"FROM article a WHERE {where} "
        f"ORDER BY {missing}{column.get(listing.order, f'a.{listing.order}')} {direction}, a.number {direction} "
        "LIMIT ? OFFSET ?",
        *values,
        listing.size,
        page * listing.size,
    )
    return Listed(tuple(_to_row(row) for row in rows), total, page, pages)


def count_by_time(library: Library, listing: Listing) -> list[Bar]:
    """A histogram of the days of publication, gaps included, with bars as narrow as there is room for.

    The dates of the scope are left out, so that the whole of it can be seen while a part is chosen.
    """
    where, values = _condition(replace(listing, scope=replace(listing.scope, first=None, last=None)))
    query = (
        f"SELECT a.published, count(*) FROM article a WHERE {where} AND a.published IS NOT NULL GROUP BY a.published"
    )
    days = {date.fromisoformat(day): count for day, count in library.all(query, *values)}
    if not days:
        return []
    counted = sorted(days.items())

    def count(first: date, last: date) -> int:
        return sum(
            number for _, number in counted[bisect_left(counted, (first,)) : bisect_left(counted, (last, math.inf))]
        )

    return bars_between(counted[0][0], counted[-1][0], count)


def find_chosen(library: Library, listing: Listing) -> list[str]:
    """The ids of all articles of the table."""
    where, values = _condition(listing)
    return [row[0] for row in library.all(f"SELECT a.id FROM article a WHERE {where} ORDER BY a.number", *values)]


def _condition(listing: Listing) -> tuple[str, list[str]]:
    where, values = to_condition(listing.scope)
    for word in listing.words.split():
        # SQLite folds the case of ASCII letters alone.
        forms = list(dict.fromkeys((word, word.lower(), word.upper(), word.capitalize())))
        patterns = ["%" + form.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" for form in forms]
        columns = ("a.title", "a.source", "a.id")
        where += f" AND ({' OR '.join(f'{column} LIKE ? ESCAPE ?' for column in columns for _ in patterns)})"
        values += [value for _ in columns for pattern in patterns for value in (pattern, "\\")]
    return where, values


def _to_row(row: tuple[str, ...]) -> ArticleRow:
    name, title, source, published, added, passages, url, seen = row
    return ArticleRow(name, title, source, to_date(published), moment_of(added), int(passages), url, moment_of(seen))


def bars_between(first: date, last: date, count: Callable[[date, date], int]) -> list[Bar]:
    """The bars from the first day to the last, as narrow as there is room for; `count` counts from day to day."""
    for widen in (_days, _months, _years):
        spans: list[tuple[date, date]] = [widen(first)]
        while spans[-1][1] < last and (len(spans) <= MOST_BARS or widen is _years):
            spans.append(widen(spans[-1][1] + timedelta(days=1)))
        if len(spans) <= MOST_BARS or widen is _years:
            break
    return [Bar(begin, end, count(begin, end)) for begin, end in spans]


def _days(day: date) -> tuple[date, date]:
    return day, day


def _months(day: date) -> tuple[date, date]:
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def _years(day: date) -> tuple[date, date]:
    return date(day.year, 1, 1), date(day.year, 12, 31)
