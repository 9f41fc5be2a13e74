"""The conversation with its evidence, and the conversations before it: components and wiring.

The one rule: only the answer is streamed through Gradio's queue. What goes around it cannot be lost or overtake it.
"""

from collections.abc import AsyncIterator, Callable, Generator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from assistant.page.ask_bar import AskBar, build_ask_bar
from assistant.page.conversation import render_past, render_welcome
from assistant.page.evidence import render_evidence
from assistant.page.handling import given
from assistant.page.identity import owner_of
from assistant.page.line import Line, in_turn
from assistant.page.parts import Parts
from assistant.page.replies import reply
from assistant.page.templates import acts, render
from assistant.page.told import as_gradio
from index.errors import AssistantError

if TYPE_CHECKING:
    import gradio as gr

KNOWN = "(...given) => ((given[1] ||= new URLSearchParams(location.search).get('conversation') || ''), given)"
"""A question that is sent while a reloaded page is still filled belongs to the conversation in its address."""
ANSWERED_AT_ONCE = 4
"""How many questions are answered side by side; further ones stand in line and are told their place."""
MOST_IN_LINE = 200
"""Gradio hands over so many questions at once; yet further ones wait with it, and are not told how long."""


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
                with gr.Column(elem_id="newest"):
                    current = html("current", "", "submit", "vote", "keep_test")
                    follow_ups = html("follow-ups", "", "submit")
            bar = build_ask_bar(parts.assistant.writer.model.name if parts.assistant.writer else "")
        evidence = html("evidence", render_evidence((), parts.assistant.versions))
    conversation = gr.Textbox(visible=False)
    line = Line(ANSWERED_AT_ONCE)

    async def answer(
        event: gr.EventData, request: gr.Request, question: str, known: str, prose: bool, *narrowing: Any
    ) -> AsyncIterator[tuple[Any, ...]]:
        with as_gradio():
            work = partial(stream, event, request, question, known, prose, *narrowing)
            async for shown in in_turn(line, work):
                yield shown

    def stream(
        event: gr.EventData,
        request: gr.Request,
        question: str,
        known: str,
        prose: bool,
        *narrowing: Any,
        place: Callable[[], int],
    ) -> Generator[tuple[int, tuple[Any, ...]], None, None]:
        owner, clicked = owner_of(request), given(event, "question")
        before = parts.history.turns(owner, known)
        same, unlike = gr.skip(), bool(clicked)
        scope, heed_time = bar.to_scope(*narrowing), not given(event, "anytime")
        ask = partial(reply, parts, owner, known, clicked or question, scope, before)
        if not (clicked or question).strip():
            yield 0, (same,) * 7  # work that shows nothing at all would empty the page
        for frame in ask(prose=prose, heed_time=heed_time, place=place):
            shown: tuple[Any, ...] = (same, same, same, frame.current, same, same, same)
            if frame.begun:
                listed = _list_again(parts, owner, frame.conversation)
                written = same if unlike else ""
                shown = (written, frame.conversation, render_past(before), frame.current, "", same, listed)
            elif frame.turn:
                evidence = render_evidence((*before, frame.turn), parts.assistant.versions)
                shown = (same, same, same, frame.current, same, evidence, same)
            yield frame.place, shown

    asked = gr.on(
        [bar.question.submit, bar.send.click, welcome.submit, past.submit, current.submit, follow_ups.submit],
        answer,
        [bar.question, conversation, bar.prose, *bar.narrowing],
        [bar.question, conversation, past, current, follow_ups, evidence, history],
        js=KNOWN,
        concurrency_limit=MOST_IN_LINE,
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


def render_history(parts: Parts, owner: str, shown: str = "") -> str:
    """The owner's conversations as HTML; `shown` is the one on the page."""
    return render("history.html", conversations=parts.history.conversations(owner), shown=shown)
