"""The library tab: a table of the articles, adding and removing them, sources and changes. Components and wiring.

The one rule: what is shown is fetched when the tab is opened, so that the page itself is not kept waiting by it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from assistant.ask import Assistant
from assistant.page.adding import add_address, add_files, add_pasted, add_samples, describe_trouble, sync_sources
from assistant.page.library_view import render_filter, render_side, render_table
from assistant.page.masthead import render_masthead
from assistant.page.parts import Parts, Shell
from assistant.page.templates import acts, render
from assistant.wording import count
from index.errors import AssistantError
from index.lists import Listing, Order
from index.scope import Scope

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
MOST_TITLES = 2
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
AT_ONCE: dict[str, Any] = {**QUIET, "queue": False}
DESCENDING_FIRST = (Order.PUBLISHED, Order.ADDED, Order.PASSAGES)


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

    def html(name: str, script: str | None = None) -> gr.HTML:
        return gr.HTML("", elem_id=name, apply_default_css=False, js_on_load=script)

    listing = gr.State(Listing())
    with gr.Row(elem_id="library"):
        with gr.Column(elem_id="shelf"):
            fields = html("library-filter", LIVE)
            removed = html("removed", acts("undo"))
            table = html("library-table", acts(*TABLE_ACTS))
        with gr.Column(elem_id="adding"):
            ways = _build_ways()
            outcome = html("outcome")
            side = html("library-side", acts("sync", "forget"))
    shelf = _Shelf(listing, fields, removed, table, side, outcome, shell.masthead)
    _wire_adding(parts, shelf, ways)
    _wire_table(parts.assistant, shelf)
    _wire_removing(parts, shelf)

    def opened(chosen: Listing) -> tuple[str, ...]:
        return render_filter(parts.assistant), "", *_state(parts.assistant, chosen)

    tab.select(opened, listing, [fields, removed, table, side, shell.masthead], **AT_ONCE)


@dataclass(frozen=True, slots=True)
class _Ways:
    """The fields by which articles are added."""

    files: "gr.File"
    address: "gr.Textbox"
    remember: "gr.Checkbox"
    fetch: "gr.Button"
    title: "gr.Textbox"
    text: "gr.Textbox"
    paste: "gr.Button"


def _build_ways() -> _Ways:
    import gradio as gr

    with gr.Column(elem_id="add"):
        with gr.Tab("Files"):
            files = gr.File(show_label=False, file_count="multiple", height=150, elem_id="files")
        with gr.Tab("Web address"):
            address = gr.Textbox(label="A page or a feed", placeholder="https://", max_lines=1)
            remember = gr.Checkbox(label="Remember it, and ask it for new articles by “Sync now”")
            fetch = gr.Button("Add", size="sm")
        with gr.Tab("Paste"):
            title = gr.Textbox(label="Title", max_lines=1)
            text = gr.Textbox(label="Text", lines=5, max_lines=12)
            paste = gr.Button("Add", size="sm")
    return _Ways(files, address, remember, fetch, title, text, paste)


def _state(assistant: Assistant, chosen: Listing) -> tuple[str, str, str]:
    return render_table(assistant, chosen), render_side(assistant), render_masthead(assistant)


def _wire_adding(parts: Parts, shelf: _Shelf, ways: _Ways) -> None:
    import gradio as gr

    assistant = parts.assistant

    def adding(happens: Callable[..., Any], work: Callable[..., Iterator[str]], inputs: Any, *emptied: Any) -> None:
        added = happens(work, inputs, shelf.outcome, concurrency_limit=1, concurrency_id="adding", **QUIET)
        added.then(
            lambda chosen: (*_state(assistant, chosen), render_filter(assistant), *[None] * len(emptied)),
            shelf.listing,
            [shelf.table, shelf.side, shelf.masthead, shelf.fields, *emptied],
            **AT_ONCE,
        )

    def add_uploads(paths: list[str] | None) -> Iterator[str]:
        yield from add_files(assistant, parts.uploads, paths or [])

    def add_remote(address: str, remember: bool) -> Iterator[str]:
        yield from add_address(assistant, address, remember=remember)

    def add_text(title: str, text: str) -> Iterator[str]:
        yield from add_pasted(assistant, title, text)

    def add_samples_now() -> Iterator[str]:
        yield from add_samples(assistant)

    def sync_now() -> Iterator[str]:
        yield from sync_sources(assistant)

    adding(ways.files.upload, add_uploads, ways.files, ways.files)
    adding(partial(gr.on, [ways.fetch.click, ways.address.submit]), add_remote, [ways.address, ways.remember])
    adding(ways.paste.click, add_text, [ways.title, ways.text])
    adding(shelf.table.samples, add_samples_now, None)
    adding(shelf.side.sync, sync_now, None)

    def forget(event: gr.EventData) -> str:
        assistant.forget([given(event, "source")])
        return render_side(assistant)

    shelf.side.forget(forget, None, shelf.side, **AT_ONCE)


def _wire_table(assistant: Assistant, shelf: _Shelf) -> None:
    import gradio as gr

    def change(happens: Any, alter: Callable[[Listing, gr.EventData], Listing]) -> Any:
        def changed(chosen: Listing, event: gr.EventData) -> tuple[Listing, str]:
            new = alter(chosen, event)
            return new, render_table(assistant, new)

        return happens(changed, shelf.listing, [shelf.listing, shelf.table], trigger_mode="always_last", **AT_ONCE)

    change(shelf.fields.look, narrow)
    change(shelf.table.order, sort)
    change(shelf.table.turn, turn_page)
    change(shelf.table.span, choose_time).then(None, None, None, js=SHOW_TIME, **AT_ONCE)


def _wire_removing(parts: Parts, shelf: _Shelf) -> None:
    import gradio as gr

    assistant = parts.assistant

    def remove(chosen: Listing, event: gr.EventData) -> tuple[str, ...]:
        return put_away(assistant, [given(event, "article")]), *_state(assistant, chosen)

    def remove_found(chosen: Listing) -> tuple[str, ...]:
        return put_away(assistant, assistant.library.find_chosen(chosen)), *_state(assistant, chosen)

    def undo(chosen: Listing, event: gr.EventData) -> tuple[str, ...]:
        return bring_back(assistant, given(event, "token")), *_state(assistant, chosen)

    shown = [shelf.removed, shelf.table, shelf.side, shelf.masthead]
    for happens, work in (
        (shelf.table.remove, remove),
        (shelf.table.remove_found, remove_found),
        (shelf.removed.undo, undo),
    ):
        happens(work, shelf.listing, shown, **AT_ONCE)


def turn_page(chosen: Listing, event: "gr.EventData") -> Listing:
    """Another page of the table."""
    return replace(chosen, page=int(given(event, "page") or 0))


def narrow(chosen: Listing, event: "gr.EventData") -> Listing:
    """The table by what stands in the filter's fields."""
    source = given(event, "source")
    scope = Scope(
        sources=(source,) if source else (), first=to_day(given(event, "since")), last=to_day(given(event, "until"))
    )
    return replace(chosen, words=given(event, "words")[:200], scope=scope, page=0)


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


def put_away(assistant: Assistant, articles: list[str]) -> str:
    """Remove articles; what can be undone as HTML."""
    try:
        titles = [
            found.title or "Untitled"
            for one in articles[:MOST_TITLES]
            if (found := assistant.library.find_article(one))
        ]
        token = assistant.remove(articles)
    except AssistantError as error:
        return describe_trouble(str(error))
    what = f"“{titles[0]}”" if len(articles) == 1 and titles else count(len(articles), "article")
    return render("removed.html", told=f"Removed {what}.", token=token) if token else ""


def bring_back(assistant: Assistant, token: str) -> str:
    """Undo a removal; what came of it as HTML."""
    try:
        back = assistant.undo(int(token))
    except AssistantError as error:
        return describe_trouble(str(error))
    return render("removed.html", told=f"{count(len(back), 'article')} brought back.", token=0)


def given(event: "gr.EventData", name: str) -> str:
    """What the page gave with an event under a name; "" for nothing."""
    data = event._data
    return str(data.get(name) or "") if isinstance(data, dict) else ""


def to_day(text: str) -> date | None:
    """A day as a date field gives it; None for none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
