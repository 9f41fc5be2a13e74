"""The ways by which articles come from the page: files, a web address, pasted text, the samples, a sync.

The one rule: one way is gone at a time, in a queue of its own, so that questions are answered meanwhile.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from assistant.page.adding import add_address, add_files, add_pasted, add_samples, sync_sources
from assistant.page.handling import QUIET
from assistant.page.parts import Parts

if TYPE_CHECKING:
    import gradio as gr


@dataclass(frozen=True, slots=True)
class Ways:
    """The fields by which articles are added."""

    files: "gr.File"
    address: "gr.Textbox"
    remember: "gr.Checkbox"
    fetch: "gr.Button"
    title: "gr.Textbox"
    text: "gr.Textbox"
    paste: "gr.Button"


def build_ways() -> Ways:
    """Build the fields where they are to stand."""
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
    return Ways(files, address, remember, fetch, title, text, paste)


def wire_ways(
    parts: Parts, ways: Ways, table: "gr.HTML", side: "gr.HTML", outcome: "gr.HTML", after: Callable[..., None]
) -> None:
    """Let articles come, and tell in `outcome` how it goes.

    `after` is given each event and the fields that are to be emptied, to show the library as it is then.
    """
    import gradio as gr

    assistant = parts.assistant

    def adding(happens: Callable[..., Any], work: Callable[..., Iterator[str]], inputs: Any, *emptied: Any) -> None:
        after(happens(work, inputs, outcome, concurrency_limit=1, concurrency_id="adding", **QUIET), *emptied)

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
    adding(table.samples, add_samples_now, None)
    adding(side.sync, sync_now, None)
