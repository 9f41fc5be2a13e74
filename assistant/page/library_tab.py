"""The library tab: a table of the articles, adding and removing them, sources and changes. Components and wiring.

The one rule: what is shown is fetched when the tab is opened, so that the page itself is not kept waiting by it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.ask import Assistant
from assistant.page.choosing import choose_time, narrow, sort, turn_page
from assistant.page.handling import AT_ONCE, given
from assistant.page.library_view import render_filter, render_side, render_table
from assistant.page.library_ways import build_ways, wire_ways
from assistant.page.masthead import render_masthead
from assistant.page.parts import Parts, Shell
from assistant.page.removing import bring_back, put_away
from assistant.page.templates import acts
from assistant.page.told import as_gradio
from index.lists import Listing

if TYPE_CHECKING:
    import gradio as gr

LIVE = """
let waiting;
const look = (form) => trigger("look", Object.fromEntries(new FormData(form)));
const later = (form, wait) => { clearTimeout(waiting); waiting = setTimeout(() => look(form), wait); };
element.addEventListener("input", (event) => event.target.form && later(event.target.form, 200));
element.addEventListener("reset", (event) => later(event.target, 0));
element.addEventListener("submit", (event) => { event.preventDefault(); later(event.target, 0); });
"""
"""A field of the filter narrows the table as it is written in."""
SHOW_TIME = """
() => {
  const form = document.querySelector("#library-filter form");
  const chosen = document.querySelector("#library-table .chosen-time");
  if (form && chosen) { form.since.value = chosen.dataset.since; form.until.value = chosen.dataset.until; }
}
"""
"""What is chosen in the histogram stands in the fields, too."""
TABLE_ACTS = ("order", "turn", "span", "remove", "remove_found", "samples")


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The parts of the tab; `listing` is what the table shows, a session each."""

    listing: "gr.State"
    fields: "gr.HTML"
    removed: "gr.HTML"
    table: "gr.HTML"
    side: "gr.HTML"
    outcome: "gr.HTML"
    masthead: "gr.HTML"


def build_library_tab(parts: Parts, shell: Shell, tab: "gr.Tab") -> None:
    """Build the tab where it is to stand."""
    import gradio as gr

    assistant = parts.assistant

    def html(name: str, script: str | None = None) -> gr.HTML:
        return gr.HTML("", elem_id=name, apply_default_css=False, js_on_load=script)

    listing = gr.State(Listing())
    with gr.Row(elem_id="library"):
        with gr.Column(elem_id="shelf"):
            fields = html("library-filter", LIVE)
            removed = html("removed", acts("undo"))
            table = html("library-table", acts(*TABLE_ACTS))
        with gr.Column(elem_id="adding"):
            ways = build_ways()
            outcome = html("outcome")
            side = html("library-side", acts("sync", "forget"))
    shelf = _Shelf(listing, fields, removed, table, side, outcome, shell.masthead)

    def show_after(added: Any, *emptied: Any) -> None:
        added.then(
            lambda chosen: (*_state(assistant, chosen), render_filter(assistant), *[None] * len(emptied)),
            listing,
            [table, side, shelf.masthead, fields, *emptied],
            **AT_ONCE,
        )

    @as_gradio()
    def open_tab(chosen: Listing) -> tuple[str, ...]:
        return render_filter(assistant), "", *_state(assistant, chosen)

    wire_ways(parts, ways, table, side, outcome, show_after)
    _wire_table(assistant, shelf)
    _wire_removing(assistant, shelf)
    tab.select(open_tab, listing, [fields, removed, table, side, shelf.masthead], **AT_ONCE)


def _state(assistant: Assistant, chosen: Listing) -> tuple[str, str, str]:
    return render_table(assistant, chosen), render_side(assistant), render_masthead(assistant)


def _wire_table(assistant: Assistant, shelf: _Shelf) -> None:
    import gradio as gr

    def change(happens: Any, alter: Callable[[Listing, gr.EventData], Listing]) -> Any:
        @as_gradio()
        def changed(chosen: Listing, event: gr.EventData) -> tuple[Listing, str]:
            new = alter(chosen, event)
            return new, render_table(assistant, new)

        return happens(changed, shelf.listing, [shelf.listing, shelf.table], trigger_mode="always_last", **AT_ONCE)

    change(shelf.fields.look, narrow)
    change(shelf.table.order, sort)
    change(shelf.table.turn, turn_page)
    change(shelf.table.span, choose_time).then(None, None, None, js=SHOW_TIME, **AT_ONCE)


def _wire_removing(assistant: Assistant, shelf: _Shelf) -> None:
    import gradio as gr

    @as_gradio()
    def remove(chosen: Listing, event: gr.EventData) -> tuple[str, ...]:
        return put_away(assistant, [given(event, "article")]), *_state(assistant, chosen)

    @as_gradio()
    def remove_found(chosen: Listing) -> tuple[str, ...]:
        return put_away(assistant, assistant.library.find_chosen(chosen)), *_state(assistant, chosen)

    @as_gradio()
    def undo(chosen: Listing, event: gr.EventData) -> tuple[str, ...]:
        return bring_back(assistant, given(event, "token")), *_state(assistant, chosen)

    @as_gradio()
    def forget(event: gr.EventData) -> str:
        assistant.forget([given(event, "source")])
        return render_side(assistant)

    shown = [shelf.removed, shelf.table, shelf.side, shelf.masthead]
    for happens, work in (
        (shelf.table.remove, remove),
        (shelf.table.remove_found, remove_found),
        (shelf.removed.undo, undo),
    ):
        happens(work, shelf.listing, shown, **AT_ONCE)
    shelf.side.forget(forget, None, shelf.side, **AT_ONCE)
