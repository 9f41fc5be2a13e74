"""The wiring of what is kept: conversations opened, renamed, deleted and exported; votes; a page that is loaded again.

The one rule: everything here goes around Gradio's queue, so that it is done at once and in order.
"""

from typing import TYPE_CHECKING, Any

from assistant.page.ask_tab import AskTab, render_history
from assistant.page.conversation import render_past, render_turn
from assistant.page.evidence import render_evidence
from assistant.page.export import write_markdown
from assistant.page.handling import AT_ONCE
from assistant.page.identity import owner_of
from assistant.page.parts import Parts
from assistant.page.replies import STOPPED
from assistant.page.told import as_gradio
from assistant.turns import Turn, Verdict
from assistant.votes import keep_test_question

if TYPE_CHECKING:
    import gradio as gr

IN_ADDRESS = "() => [new URLSearchParams(location.search).get('conversation') || '']"
SHOW_ADDRESS = "(conversation) => { window.articleAssistant.showAddress(conversation); }"
SAVE = "(text) => { window.articleAssistant.save(text); }"


def wire_history(parts: Parts, tab: AskTab, page: "gr.Blocks") -> None:
    """Let the list of conversations be used, and bring the one in the address back when the page is loaded."""
    import gradio as gr

    shown = [tab.conversation, tab.past, tab.current, tab.follow_ups, tab.evidence, tab.history]
    exported = gr.Textbox(visible=False)

    def show(owner: str, conversation: str) -> tuple[Any, ...]:
        turns = parts.history.turns(owner, conversation)
        kept = conversation if turns else ""
        evidence = render_evidence(turns, parts.assistant.versions)
        return kept, *_render_turns(turns), "", evidence, render_history(parts, owner, kept)

    @as_gradio()
    def load(request: gr.Request, conversation: str) -> tuple[Any, ...]:
        owner = owner_of(request)
        if parts.history.turns(owner, conversation):
            return gr.skip(), *show(owner, conversation)
        # Only the list is given, as a question may have been sent already.
        return gr.skip(), *[gr.skip()] * 5, render_history(parts, owner)

    @as_gradio()
    def open_one(event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        return show(owner_of(request), event.id)

    @as_gradio()
    def begin_anew(request: gr.Request) -> tuple[Any, ...]:
        return show(owner_of(request), "")

    @as_gradio()
    def rename(event: gr.EventData, request: gr.Request, conversation: str) -> str:
        parts.history.rename(owner_of(request), event.id, event.title)
        return render_history(parts, owner_of(request), conversation)

    @as_gradio()
    def delete(event: gr.EventData, request: gr.Request, conversation: str) -> tuple[Any, ...]:
        owner = owner_of(request)
        parts.history.delete(owner, event.id)
        if event.id == conversation:
            return show(owner, "")
        return *[gr.skip()] * 5, render_history(parts, owner, conversation)

    @as_gradio()
    def export(event: gr.EventData, request: gr.Request) -> str:
        owner = owner_of(request)
        titles = {item.id: item.title for item in parts.history.conversations(owner)}
        return write_markdown(titles.get(event.id, ""), parts.history.turns(owner, event.id))

    page.load(load, tab.conversation, [tab.welcome, *shown], js=IN_ADDRESS, **AT_ONCE)
    tab.history.open(open_one, None, shown, **AT_ONCE)
    tab.history.fresh(begin_anew, None, shown, **AT_ONCE)
    tab.history.rename(rename, tab.conversation, tab.history, **AT_ONCE)
    tab.history.remove(delete, tab.conversation, shown, **AT_ONCE)
    tab.history.export(export, None, exported, **AT_ONCE).then(None, exported, None, js=SAVE, **AT_ONCE)
    tab.conversation.change(None, tab.conversation, None, js=SHOW_ADDRESS, **AT_ONCE)


def wire_stop(parts: Parts, tab: AskTab) -> None:
    """Let the stop button end what is being answered; the turn is kept as stopped."""
    import gradio as gr

    @as_gradio()
    def stop(request: gr.Request, conversation: str) -> Any:
        owner = owner_of(request)
        turns = parts.history.turns(owner, conversation)
        if not turns or turns[-1].answer:
            return gr.skip()
        last = turns[-1]
        parts.history.finish(owner, conversation, Turn(last.number, last.question, trouble=STOPPED))
        return _render_turns(parts.history.turns(owner, conversation))[1]

    tab.bar.stop.click(stop, tab.conversation, tab.current, **AT_ONCE)


def wire_votes(parts: Parts, tab: AskTab) -> None:
    """Let answers be judged, and a verdict be made a test question."""
    import gradio as gr

    @as_gradio()
    def vote(event: gr.EventData, request: gr.Request, conversation: str) -> tuple[str, str]:
        owner, number, verdict = owner_of(request), int(event.turn), Verdict(event.verdict)
        (turn,) = [turn for turn in parts.history.turns(owner, conversation) if turn.number == number]
        parts.history.judge(owner, conversation, number, None if turn.verdict is verdict else verdict)
        return _render_turns(parts.history.turns(owner, conversation))

    @as_gradio()
    def keep_test(event: gr.EventData, request: gr.Request, conversation: str) -> tuple[str, str]:
        owner, number, data = owner_of(request), int(event.turn), event._data
        (turn,) = [turn for turn in parts.history.turns(owner, conversation) if turn.number == number]
        if turn.verdict is not None:
            name = f"vote-{conversation}-{number}"
            keep_test_question(
                parts.assistant.library.folder,
                name,
                turn,
                turn.verdict,
                right=str(data.get("right", "")),
                article=str(data.get("article", "")),
            )
            parts.history.note_test(owner, conversation, number)
        return _render_turns(parts.history.turns(owner, conversation))

    for part in (tab.past, tab.current):
        part.vote(vote, tab.conversation, [tab.past, tab.current], **AT_ONCE)
        part.keep_test(keep_test, tab.conversation, [tab.past, tab.current], **AT_ONCE)


def _render_turns(turns: tuple[Turn, ...]) -> tuple[str, str]:
    """All turns but the last, and the last."""
    return render_past(turns[:-1]), render_turn(turns[-1]) if turns else ""
