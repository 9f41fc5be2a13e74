"""Where a question is written: the field with its buttons, and what it is narrowed by."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.page.handling import to_day
from index.scope import Scope

if TYPE_CHECKING:
    import gradio as gr


@dataclass(frozen=True, slots=True)
class AskBar:
    """The parts of the bar; `to_scope` makes a scope of the values of the `narrowing` fields.

    `prose` is whether a language model is to write; it is shown only where there is one.
    """

    question: "gr.Textbox"
    send: "gr.Button"
    stop: "gr.Button"
    prose: "gr.Checkbox"
    narrowing: "list[gr.Component]"
    to_scope: Callable[..., Scope]


def build_ask_bar(model: str = "") -> AskBar:
    """Build the bar where it is to stand; Enter sends, and the script makes Escape stop.

    `model` is the name of the language model, "" for none.
    """
    import gradio as gr

    with gr.Column(elem_id="ask-bar"):
        prose = gr.Checkbox(
            value=bool(model),
            label=f"Answer in the words of {model}" if model else "",
            visible=bool(model),
            container=False,
            elem_id="prose",
        )
        with gr.Row(elem_id="ask-row"):
            question = gr.Textbox(
                label="Question",
                show_label=False,
                container=False,
                placeholder="Ask a question",
                lines=1,
                max_lines=6,
                autofocus=True,
                elem_id="question",
                html_attributes=gr.InputHTMLAttributes(enterkeyhint="send"),
            )
            send = gr.Button("Ask", elem_id="send", variant="primary", size="sm")
            stop = gr.Button("Stop", elem_id="stop", size="sm")
        with gr.Accordion("Narrow by source and date", open=False, elem_id="narrowing"), gr.Row():
            sources = gr.Dropdown([], multiselect=True, label="Sources", elem_id="narrow-sources", min_width=220)
            since = gr.DateTime(include_time=False, type="string", label="Published from", elem_id="narrow-since")
            until = gr.DateTime(include_time=False, type="string", label="Published to", elem_id="narrow-until")
    return AskBar(question, send, stop, prose, [sources, since, until], to_scope)


def to_scope(sources: list[str] | None, since: str | None, until: str | None) -> Scope:
    """The scope of what stands in the narrowing fields; a day that is none narrows nothing."""
    return Scope(sources=tuple(sources or ()), first=to_day(since), last=to_day(until))
