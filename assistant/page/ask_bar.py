"""Where a question is written: the field with its buttons, and what it is narrowed by."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.scope import EVERYTHING, Scope

if TYPE_CHECKING:
    import gradio as gr

MAX_QUESTION = 2000


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

    prose = gr.Checkbox(
        value=bool(model),
        label=f"Answer in the words of {model}" if model else "",
        visible=bool(model),
        container=False,
        elem_id="prose",
    )
    with gr.Column(elem_id="ask-bar"), gr.Row(elem_id="ask-row"):
        question = gr.Textbox(
            label="Question",
            show_label=False,
            container=False,
            placeholder="Ask a question",
            lines=1,
            max_lines=6,
            max_length=MAX_QUESTION,
            autofocus=True,
            elem_id="question",
            html_attributes=gr.InputHTMLAttributes(enterkeyhint="send"),
        )
        send = gr.Button("Ask", elem_id="send", variant="primary", size="sm")
        stop = gr.Button("Stop", elem_id="stop", size="sm")
    return AskBar(question, send, stop, prose, [], _search_everything)


def _search_everything(*_: Any) -> Scope:
    return EVERYTHING
