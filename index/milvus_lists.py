"""The lists of a library on a server: counts, the table of articles, the histogram, the log.

The one rule: what the server can count is counted there; what would have to be sorted here is refused beyond
`SORTED_AT_MOST` articles, with how to narrow it.
"""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from index.errors import LibraryError
from index.listing import bars_between
from index.lists import PRUNED, REMOVED, ArticleRow, Bar, Change, Listed, Listing, Order, Removal, Summary
from index.milvus_client import ARTICLES, LOG, META, PASSAGES, Collections, Row, quote, within
from index.milvus_record import moment_of, to_day, to_number, to_second
from index.milvus_schema import IS_CURRENT
from index.milvus_writing import SOURCE
from index.scope import EVERYTHING, Scope, end_of, to_datetime

SORTED_AT_MOST = 20_000
"""Articles whose rows are loaded to be sorted; Milvus does not sort what a query gives."""
SHOWN = ("id", "title", "source", "published", "added", "passages", "url", "seen", "number")
WINDOWS = (3_600, 86_400, 30 * 86_400, 0)
"""Seconds that the log is looked back for, until there is enough; 0 for all of it."""
LAST_DAY = date.max.toordinal()


class Lists:
    """The lists of a library on a server."""

    def __init__(self, collections: Collections) -> None:
        """List what is in these collections."""
        self.collections = collections

    def summarise(self, scope: Scope) -> Summary:
        """See `index.store.Index`."""
        articles = self.collections.count(ARTICLES, condition(scope, "id", IS_CURRENT))
        if not articles:
            return Summary(0, 0, None, None)
        first, last = self._ends(scope)
        return Summary(articles, self.count_passages(scope), first, last)

    def count_passages(self, scope: Scope) -> int:
        """The passages of a scope, counted by the server."""
        if not self.collections.exists(PASSAGES):
            return 0
        return self.collections.count(PASSAGES, condition(scope, "article"))

    def rows(self, scope: Scope = EVERYTHING) -> list[Row]:
        """The article rows of a scope.

        Raises:
            LibraryError: if they are more than can be sorted here.
        """
        where = condition(scope, "id", IS_CURRENT)
        total = self.collections.count(ARTICLES, where)
        if total > SORTED_AT_MOST:
            raise LibraryError(
                f"{self.collections.server.address} has {total:,} such articles, and a list of more than "
                f"{SORTED_AT_MOST:,} is not sorted on a server: narrow it by sources or days of publication"
            )
        return list(self.collections.scan(ARTICLES, where, SHOWN))

    def list_articles(self, scope: Scope) -> list[ArticleRow]:
        """See `index.store.Index`."""
        return [to_row(row) for row in sorted(self.rows(scope), key=lambda row: int(row["number"]))]

    def list_page(self, listing: Listing) -> Listed:
        """See `index.store.Index`."""
        found = self._chosen(listing)[:: -1 if listing.descending else 1]
        found.sort(key=lambda row: _sort_key(row, listing.order), reverse=listing.descending)
        if listing.order in (Order.PUBLISHED, Order.ADDED):
            found.sort(key=lambda row: getattr(row, listing.order) is None)  # what has no date comes last either way
        pages = max(1, -(-len(found) // listing.size))
        page = min(max(listing.page, 0), pages - 1)
        shown = found[page * listing.size : (page + 1) * listing.size]
        return Listed(tuple(shown), len(found), page, pages)

    def find_chosen(self, listing: Listing) -> list[str]:
        """See `index.store.Index`."""
        return [row.id for row in self._chosen(listing)]

    def count_by_time(self, listing: Listing) -> list[Bar]:
        """See `index.store.Index`: a request for each bar, however many articles there are."""
        scope = replace(listing.scope, first=None, last=None)
        if listing.words:
            days: dict[date, int] = {}
            for row in self._chosen(replace(listing, scope=scope)):
                if row.published:
                    days[row.published] = days.get(row.published, 0) + 1
            return bars_between(min(days), max(days), lambda a, b: _between(days, a, b)) if days else []
        first, last = self._ends(scope)
        if first is None or last is None:
            return []
        return bars_between(first, last, lambda a, b: self._count_between(scope, a, b))

    def count_by_source(self) -> dict[str, int]:
        """See `index.store.Index`."""
        names = [row["value"] for row in self.collections.query(META, f"key like {quote(SOURCE + '%')}", ["value"])]
        counted: dict[str, int] = {}
        for name in names:
            source = str(json.loads(name))
            if number := self.collections.count(ARTICLES, condition(Scope((source,)), "id", IS_CURRENT)):
                counted[source] = number
        return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))

    def changes(self, limit: int, article_id: str | None) -> list[Change]:
        """See `index.store.Index`."""
        fields = ("number", "at", "kind", "article", "title")
        if article_id is not None:
            found = self.collections.query(LOG, f"article == {quote(article_id)}", fields)
        else:
            found = []
            now = int(datetime.now(UTC).timestamp())
            for seconds in WINDOWS:
                since = now - seconds if seconds else 0
                if not seconds or self.collections.count(LOG, f"at >= {since}") >= limit:
                    found = list(self.collections.scan(LOG, f"at >= {since}", fields))
                    break
        found.sort(key=lambda row: -row["number"])
        return [Change(moment_of(row["at"]), row["kind"], row["article"], row["title"]) for row in found[:limit]]

    def removals(self) -> list[Removal]:
        """See `index.store.Index`."""
        fields = ("id", "title", "token", "state", "seen")
        grouped: dict[tuple[int, str], list[Row]] = {}
        for row in self.collections.scan(ARTICLES, within("state", [REMOVED, PRUNED]), fields):
            grouped.setdefault((row["token"], row["state"]), []).append(row)
        return [
            Removal(token, _moment_of(token), kind, tuple((row["id"], row["title"]) for row in rows))
            for (token, kind), rows in sorted(grouped.items(), reverse=True)
        ]

    def _chosen(self, listing: Listing) -> list[ArticleRow]:
        rows = sorted(self.rows(listing.scope), key=lambda row: int(row["number"]))
        words = [word.casefold() for word in listing.words.split()]
        return [
            to_row(row)
            for row in rows
            if all(word in f"{row['title']}\n{row['source']}\n{row['id']}".casefold() for word in words)
        ]

    def _ends(self, scope: Scope) -> tuple[date | None, date | None]:
        """The first and last day of publication, found by halving: the server counts, but gives no least or most."""
        dated = self._count_days(scope, 1, LAST_DAY)
        if not dated:
            return None, None
        low, high = 1, LAST_DAY
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self._count_days(scope, 1, middle) else (middle + 1, high)
        first, high = low, LAST_DAY
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._count_days(scope, middle, LAST_DAY) else (low, middle - 1)
        return to_day(first), to_day(low)

    def _count_between(self, scope: Scope, first: date, last: date) -> int:
        return self._count_days(scope, to_number(first), to_number(last))

    def _count_days(self, scope: Scope, first: int, last: int) -> int:
        days = f"published >= {first} and published <= {last}"
        return self.collections.count(ARTICLES, condition(scope, "id", IS_CURRENT, days))


def condition(scope: Scope, article_field: str, *others: str) -> str:
    """A scope as a condition on rows with fields `source`, `published` and `seen`, with others that hold, too.

    "" for all. For a day in the past it holds for what has not been edited since.
    """
    parts = [*others]
    if scope.as_of:
        parts.append(f"seen < {end_second(scope.as_of)}")
    if scope.sources:
        parts.append(within("source", scope.sources))
    if scope.articles:
        parts.append(within(article_field, scope.articles))
    if scope.first or scope.last:
        parts.append(f"published >= {max(to_number(scope.first), 1)}")
    if scope.last:
        parts.append(f"published <= {to_number(scope.last)}")
    return " and ".join(parts)


def end_second(day: date) -> int:
    """The second at which a local day is over."""
    return to_second(to_datetime(end_of(day)))


def to_row(row: Row) -> ArticleRow:
    """An article row as lists show it."""
    return ArticleRow(
        row["id"],
        row["title"],
        row["source"],
        to_day(row["published"]),
        moment_of(row["added"]),
        row["passages"],
        row["url"] or None,
        moment_of(row["seen"]),
    )


def _sort_key(row: ArticleRow, order: Order) -> str | int:
    if order is Order.PASSAGES:
        return row.passages
    if order is Order.PUBLISHED:
        return to_number(row.published)
    if order is Order.ADDED:
        return int(row.added.timestamp()) if row.added else 0
    return (row.title if order is Order.TITLE else row.source).lower()


def _between(days: dict[date, int], first: date, last: date) -> int:
    return sum(number for day, number in days.items() if first <= day <= last)


def _moment_of(version: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=version >> 10)
