"""What the library's table shows after a click: another order, page, search or time.

The one rule: a listing is made of the one before and what the page gave; nothing is looked up for it.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.page.handling import given, to_day
from index.lists import Listing, Order
from index.scope import Scope

if TYPE_CHECKING:
    import gradio as gr

DESCENDING_FIRST = (Order.PUBLISHED, Order.ADDED, Order.PASSAGES)
MOST_LETTERS = 200
"""So much of a search is looked for."""


def turn_page(chosen: Listing, event: "gr.EventData") -> Listing:
    """Another page of the table."""
    return replace(chosen, page=int(given(event, "page") or 0))


def narrow(chosen: Listing, event: "gr.EventData") -> Listing:
    """The table by what stands in the filter's fields."""
    source = given(event, "source")
    scope = Scope(
        sources=(source,) if source else (), first=to_day(given(event, "since")), last=to_day(given(event, "until"))
    )
    return replace(chosen, words=given(event, "words")[:MOST_LETTERS], scope=scope, page=0)


def sort(chosen: Listing, event: "gr.EventData") -> Listing:
    """The table by another column, or the other way about."""
    order = Order(given(event, "order"))
    descending = not chosen.descending if order is chosen.order else order in DESCENDING_FIRST
    return replace(chosen, order=order, descending=descending, page=0)


def choose_time(chosen: Listing, event: "gr.EventData") -> Listing:
    """The table of a bar's time; of all times, where that was chosen already."""
    first, last = to_day(given(event, "since")), to_day(given(event, "until"))
    if (chosen.scope.first, chosen.scope.last) == (first, last):
        first = last = None
    return replace(chosen, scope=replace(chosen.scope, first=first, last=last), page=0)
