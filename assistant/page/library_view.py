"""The library as HTML: the filter, the histogram, the table, the sources and what changed.

The one rule: a page shows what the database gave for it; nothing is loaded to be left out.
"""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from assistant.ask import Assistant
from assistant.page.templates import render
from assistant.wording import write_date
from index.lists import ArticleRow, Bar, Change, Listing, Order

COLUMNS = (
    (Order.TITLE, "Title"),
    (Order.SOURCE, "Source"),
    (Order.PUBLISHED, "Published"),
    (Order.ADDED, "Added"),
    (Order.PASSAGES, "Passages"),
)
LOWEST = 4
"""Per cent of the height: a bar with any article can be seen and clicked."""
CHANGES = 200
"""How many changes are looked at for what is told of them."""
CHANGES_TOLD = 8
TITLES_TOLD = 3
DAYS_A_MONTH = 31
TellChange = tuple[date, str, list[str], int]


@dataclass(frozen=True, slots=True)
class ShownBar:
    """A bar of the histogram; `height` is in per cent, `inside` tells whether its time is chosen."""

    first: date
    last: date
    articles: int
    name: str
    height: float
    inside: bool


def render_filter(assistant: Assistant) -> str:
    """The fields that the table is narrowed by."""
    sources = list(assistant.library.count_by_source().items())
    return render("library_filter.html", sources=sources)


def render_table(assistant: Assistant, listing: Listing) -> str:
    """The histogram and a page of the table."""
    listed = assistant.library.list_page(listing)
    everything = assistant.library.summarise().articles
    return render(
        "library_table.html",
        bars=show_bars(assistant.library.count_by_time(listing), listing),
        listed=listed,
        rows=[(row, web_address_of(row)) for row in listed.rows],
        everything=everything,
        narrowed=bool(listing.words or listing.scope),
        chosen_time=(listing.scope.first or "", listing.scope.last or ""),
        columns=COLUMNS,
        order=listing.order,
        descending=listing.descending,
    )


def render_side(assistant: Assistant) -> str:
    """The remembered sources, and what changed lately."""
    changes = tell_changes(assistant.library.changes(CHANGES))
    return render("library_side.html", sources=assistant.sources(), changes=changes)


def show_bars(bars: list[Bar], listing: Listing) -> list[ShownBar]:
    """The bars with their heights and names."""
    most = max((bar.articles for bar in bars), default=0)
    first, last = listing.scope.first or date.min, listing.scope.last or date.max
    return [
        ShownBar(
            bar.first,
            bar.last,
            bar.articles,
            name_bar(bar),
            max(LOWEST, 100 * bar.articles / most) if bar.articles else 0,
            first <= bar.last and bar.first <= last,
        )
        for bar in bars
    ]


def name_bar(bar: Bar) -> str:
    """A day, a month or a year."""
    if bar.first == bar.last:
        return write_date(bar.first)
    return f"{bar.first:%B} {bar.first.year}" if (bar.last - bar.first).days < DAYS_A_MONTH else str(bar.first.year)


def tell_changes(changes: list[Change]) -> list[TellChange]:
    """Changes of one kind on one day together: the day, the kind, some titles, and how many more there are."""
    told: list[TellChange] = []
    for (day, kind), group in groupby(changes, key=lambda one: (one.at.astimezone().date(), one.kind)):
        titles = [one.title or "Untitled" for one in group]
        told.append((day, kind, titles[:TITLES_TOLD], max(0, len(titles) - TITLES_TOLD)))
    return told[:CHANGES_TOLD]


def web_address_of(row: ArticleRow) -> str | None:
    """The row's URL where a browser may be sent to it."""
    return row.url if row.url and row.url.lower().startswith(("http://", "https://")) else None
