"""The page's layout and wiring: the conversation on the left, its sources on the right, articles added below them."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.ask import Assistant
from assistant.page.adding import add_address, add_files, add_pasted
from assistant.page.evidence import render_sources
from assistant.page.replies import reply
from assistant.page.templates import render
from assistant.page.turns import Turn
from assistant.wording import NAME, describe_library

if TYPE_CHECKING:
    import gradio as gr

ANSWERED_AT_ONCE = 4
"""How many questions are answered side by side; further ones wait their turn."""
KEEP_SECONDS = 3600
"""Gradio's own copies of uploaded files are deleted when they are this old."""
WELCOME = """### Ask your articles

Every answer is made of sentences from your articles, exactly as published, each with a link to where it stands. \
Where the articles don't say, you are told so.

Ask who said something, and in which words; when and where it happened; how much, or how many.
"""


def build_page(assistant: Assistant, uploads: Path) -> "gr.Blocks":
    """Build the page; files that are added through it are kept in the folder `uploads`."""
    import gradio as gr

    page: gr.Blocks
    with gr.Blocks(
        title=NAME, analytics_enabled=False, fill_width=True, delete_cache=(KEEP_SECONDS, KEEP_SECONDS)
    ) as page:
        masthead = gr.HTML(render_masthead(assistant), elem_id="masthead")
        with gr.Row(elem_id="columns"):
            with gr.Column(scale=3, min_width=320, elem_id="conversation"):
                chat, question = _build_conversation()
            with gr.Column(scale=2, min_width=320, elem_id="evidence"):
                sources = gr.HTML(render_sources(()), elem_id="sources")
                _build_adding(assistant, uploads, masthead)
        turns = gr.State(())
        page.queue(default_concurrency_limit=ANSWERED_AT_ONCE)

        def answer(asked: str, earlier: tuple[Turn, ...]) -> Iterator[tuple[Any, ...]]:
            yield "", *[gr.skip()] * 3
            for frame in reply(assistant, asked, earlier):
                news = (gr.skip(), gr.skip()) if frame.turns is None else (render_sources(frame.turns), frame.turns)
                yield gr.skip(), frame.messages, *news

        question.submit(
            answer,
            [question, turns],
            [question, chat, sources, turns],
            show_progress="hidden",
            api_name="ask",
            api_visibility="undocumented",
        ).then(lambda: render_masthead(assistant), None, masthead, show_progress="hidden", api_visibility="private")
        chat.clear(lambda: (render_sources(()), ()), None, [sources, turns], api_visibility="private")
        page.load(lambda: render_masthead(assistant), None, masthead, show_progress="hidden", api_visibility="private")
    return page


def render_masthead(assistant: Assistant) -> str:
    """The name and the library's state as HTML."""
    return render("masthead.html", name=NAME, library=describe_library(assistant.summary()))


def _build_conversation() -> "tuple[gr.Chatbot, gr.Textbox]":
    import gradio as gr

    chat = gr.Chatbot(
        show_label=False,
        container=False,
        height=None,
        layout="bubble",
        placeholder=WELCOME,
        latex_delimiters=[],
        buttons=[],
        feedback_options=None,
        elem_id="chat",
    )
    question = gr.Textbox(
        label="Question",
        show_label=False,
        container=False,
        placeholder="Ask a question",
        lines=1,
        max_lines=6,
        max_length=2000,
        autofocus=True,
        submit_btn=True,
        elem_id="question",
        html_attributes=gr.InputHTMLAttributes(enterkeyhint="send"),
    )
    return chat, question


def _build_adding(assistant: Assistant, uploads: Path, masthead: "gr.HTML") -> None:
    import gradio as gr

    def state(outcome: str) -> tuple[str, str]:
        return outcome, render_masthead(assistant)

    with gr.Accordion("Add articles", open=False, elem_id="add"):
        with gr.Tab("Files"):
            files = gr.File(show_label=False, file_count="multiple", height=120, elem_id="files")
        with gr.Tab("Web address"):
            address = gr.Textbox(label="A page or a feed", placeholder="https://", max_lines=1)
            fetch = gr.Button("Add", size="sm")
        with gr.Tab("Paste"):
            title = gr.Textbox(label="Title", max_lines=1)
            text = gr.Textbox(label="Text", lines=5, max_lines=12)
            paste = gr.Button("Add", size="sm")
        outcome = gr.HTML(elem_id="outcome")
    shown = [outcome, masthead]
    files.upload(
        lambda paths: (*state(add_files(assistant, uploads, paths)), None),
        files,
        [*shown, files],
        api_visibility="private",
    )
    gr.on(
        [fetch.click, address.submit],
        lambda given: state(add_address(assistant, given)),
        address,
        shown,
        api_visibility="private",
    )
    paste.click(
        lambda given, body: state(add_pasted(assistant, given, body)), [title, text], shown, api_visibility="private"
    )
