"""The library tab: articles are added here."""

from typing import TYPE_CHECKING

from assistant.page.adding import add_address, add_files, add_pasted
from assistant.page.masthead import render_masthead
from assistant.page.parts import Parts, Shell

if TYPE_CHECKING:
    pass


def build_library_tab(parts: Parts, shell: Shell) -> None:
    """Build the tab where it is to stand."""
    import gradio as gr

    assistant, uploads = parts.assistant, parts.uploads

    def state(outcome: str) -> tuple[str, str]:
        return outcome, render_masthead(assistant)

    with gr.Column(elem_id="add"):
        with gr.Tab("Files"):
            files = gr.File(show_label=False, file_count="multiple", height=160, elem_id="files")
        with gr.Tab("Web address"):
            address = gr.Textbox(label="A page or a feed", placeholder="https://", max_lines=1)
            fetch = gr.Button("Add", size="sm")
        with gr.Tab("Paste"):
            title = gr.Textbox(label="Title", max_lines=1)
            text = gr.Textbox(label="Text", lines=5, max_lines=12)
            paste = gr.Button("Add", size="sm")
        outcome = gr.HTML(elem_id="outcome")
    shown = [outcome, shell.masthead]
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
