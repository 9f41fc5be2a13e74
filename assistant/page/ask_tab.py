"""The conversation with its evidence, and the conversations before it: components and wiring.

The one rule: only the answer is streamed through Gradio's queue. What goes around it cannot be lost or overtake it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.page.ask_bar import AskBar, build_ask_bar
from assistant.page.conversation import render_past, render_welcome
from assistant.page.evidence import render_evidence
from assistant.page.identity import owner_of
from assistant.page.parts import Parts
from assistant.page.replies import reply
from assistant.page.templates import acts, render
from assistant.page.told import as_gradio
from index.errors import AssistantError

if TYPE_CHECKING:
    import gradio as gr

KNOWN = "(...given) => ((given[1] ||= new URLSearchParams(location.search).get('conversation') || ''), given)"
"""A question that is sent while a reloaded page is still filled belongs to the conversation in its address."""


@dataclass(frozen=True, slots=True)
class AskTab:
    """What other modules may fill: `welcome` before the first question, `follow_ups` under the last answer.

    `asked` is the event that a question is answered by; chain `.then` to it for what comes after an answer.
    """

    bar: AskBar
    welcome: "gr.HTML"
    past: "gr.HTML"
    current: "gr.HTML"
    follow_ups: "gr.HTML"
    evidence: "gr.HTML"
    history: "gr.HTML"
    conversation: "gr.Textbox"
    asked: Any


def build_ask_tab(parts: Parts) -> AskTab:
    """Build the tab where it is to stand."""
    import gradio as gr

    def html(name: str, value: str = "", *events: str) -> gr.HTML:
        return gr.HTML(value, elem_id=name, apply_default_css=False, js_on_load=acts(*events) if events else None)

    with gr.Row(elem_id="ask"):
        history = html(
            "history", render("history.html", conversations=(), shown=""), "open", "fresh", "rename", "remove", "export"
        )
        with gr.Column(elem_id="conversation"):
            with gr.Column(elem_id="scroll"):
                welcome = html("welcome", render_welcome(parts.assistant.summary()), "submit")
                past = html("past", "", "submit", "vote", "keep_test")
                current = html("current", "", "submit", "vote", "keep_test")
                follow_ups = html("follow-ups", "", "submit")
            bar = build_ask_bar(parts.assistant.writer.model.name if parts.assistant.writer else "")
        evidence = html("evidence", render_evidence((), parts.assistant.versions))
    conversation = gr.Textbox(visible=False)

    def answer(
        event: gr.EventData, request: gr.Request, question: str, known: str, prose: bool, *narrowing: Any
    ) -> Iterator[tuple[Any, ...]]:
        with as_gradio():
            yield from stream(event, request, question, known, prose, *narrowing)

    def stream(
        event: gr.EventData, request: gr.Request, question: str, known: str, prose: bool, *narrowing: Any
    ) -> Iterator[tuple[Any, ...]]:
        owner, clicked = owner_of(request), _clicked(event, "question")
        before = parts.history.turns(owner, known)
        same, unlike = gr.skip(), bool(clicked)
        scope, heed_time = bar.to_scope(*narrowing), not _clicked(event, "anytime")
        asked = clicked or question
        for frame in reply(parts, owner, known, asked, scope, before, prose=prose, heed_time=heed_time):
            if frame.begun:
                listed = _list_again(parts, owner, frame.conversation)
                written = same if unlike else ""
                yield written, frame.conversation, render_past(before), frame.current, "", same, listed
            elif frame.turn is None:
                yield same, same, same, frame.current, same, same, same
            else:
                shown = render_evidence((*before, frame.turn), parts.assistant.versions)
                yield same, same, same, frame.current, same, shown, same

    asked = gr.on(
        [bar.question.submit, bar.send.click, welcome.submit, past.submit, current.submit, follow_ups.submit],
        answer,
        [bar.question, conversation, bar.prose, *bar.narrowing],
        [bar.question, conversation, past, current, follow_ups, evidence, history],
        js=KNOWN,
        trigger_mode="always_last",  # a question that is sent before the last one has ended waits for it
        show_progress="hidden",
        api_name="ask_page",
        api_visibility="undocumented",
    )
    return AskTab(bar, welcome, past, current, follow_ups, evidence, history, conversation, asked)


def _list_again(parts: Parts, owner: str, shown: str) -> Any:
    """The list, or leave to keep the one that is shown: an answer that has begun does not end for it."""
    import gradio as gr

    try:
        return render_history(parts, owner, shown)
    except AssistantError:
        return gr.skip()


def _clicked(event: "gr.EventData", name: str) -> str:
    """What the chip that was clicked gives under a name, its question for one; "" where a question was written."""
    data = event._data
    return str(data.get(name) or "") if isinstance(data, dict) else ""


def render_history(parts: Parts, owner: str, shown: str = "") -> str:
    """The owner's conversations as HTML; `shown` is the one on the page."""
    return render("history.html", conversations=parts.history.conversations(owner), shown=shown)
