"""The page: a masthead over three tabs, each built by a module of its own."""

from typing import TYPE_CHECKING

from assistant.page.ask_tab import MOST_IN_LINE, build_ask_tab
from assistant.page.endpoints import add_endpoints
from assistant.page.evaluate_tab import build_evaluate_tab
from assistant.page.keeping import wire_history, wire_stop, wire_votes
from assistant.page.library_tab import build_library_tab
from assistant.page.masthead import render_masthead
from assistant.page.parts import Parts, Shell
from assistant.page.suggesting import wire_suggestions
from assistant.wording import NAME

if TYPE_CHECKING:
    import gradio as gr

OTHERS_AT_ONCE = 4
"""How many of each other event go on side by side; further ones wait with Gradio."""
OTHERS = 40
"""Events that go on beside questions, all kinds together."""
KEEP_SECONDS = 3600
"""Gradio's own copies of uploaded files are deleted when they are this old."""


def build_page(parts: Parts) -> "gr.Blocks":
    """Build the page from its parts."""
    import gradio as gr

    page: gr.Blocks
    with gr.Blocks(
        title=NAME, analytics_enabled=False, fill_width=True, delete_cache=(KEEP_SECONDS, KEEP_SECONDS)
    ) as page:
        masthead = gr.HTML(
            render_masthead(parts.assistant), elem_id="masthead", apply_default_css=False, js_on_load=None
        )
        shell = Shell(masthead)
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("Ask", id="ask", elem_id="ask-tab"):
                ask = build_ask_tab(parts)
            with gr.Tab("Library", id="library", elem_id="library-tab") as library:
                build_library_tab(parts, shell, library)
            with gr.Tab("Evaluate", id="evaluate", elem_id="evaluate-tab") as evaluate:
                build_evaluate_tab(parts, evaluate)
        wire_suggestions(parts, ask, page)
        add_endpoints(parts.assistant)
        wire_history(parts, ask, page)
        wire_stop(parts, ask)
        wire_votes(parts, ask)
        page.max_threads = MOST_IN_LINE + OTHERS  # Gradio's limit of all events together, too
        page.queue(default_concurrency_limit=OTHERS_AT_ONCE)

        def tell() -> str:
            return render_masthead(parts.assistant)

        for happens in (ask.asked.then, page.load):
            happens(tell, None, masthead, show_progress="hidden", queue=False, api_visibility="private")
    return page
