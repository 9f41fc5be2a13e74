"""Suggested questions before the first one, follow-ups after an answer, and the sources to narrow by.

The one rule: nothing here keeps the page or an answer waiting; what is not ready yet is not shown.
"""

from typing import TYPE_CHECKING, Any

from assistant.page.ask_tab import AskTab
from assistant.page.conversation import render_chips, render_welcome
from assistant.page.handling import AT_ONCE
from assistant.page.identity import owner_of
from assistant.page.parts import Parts
from assistant.suggestions import Suggestions

if TYPE_CHECKING:
    import gradio as gr

LOOK_SECONDS = 5
"""How often an open page looks for suggestions that have become ready."""
MOST_SOURCES = 500


def wire_suggestions(parts: Parts, ask: AskTab, page: "gr.Blocks") -> None:
    """Fill the welcome, the follow-ups and the list of sources of the ask tab."""
    import gradio as gr

    assistant = parts.assistant
    suggestions = Suggestions(assistant)
    looking = gr.Timer(LOOK_SECONDS, active=True)

    def welcome() -> tuple[str, gr.Timer]:
        suggestions.refresh()
        ready = suggestions.ready()
        return render_welcome(assistant.summary(), ready), gr.Timer(active=not ready and suggestions.working)

    page.load(welcome, None, [ask.welcome, looking], **AT_ONCE)
    looking.tick(welcome, None, [ask.welcome, looking], **AT_ONCE)

    def name_sources() -> gr.Dropdown:
        counted = list(assistant.library.count_by_source())[:MOST_SOURCES]
        return gr.Dropdown(choices=[name for name in counted if name])

    page.load(name_sources, None, ask.bar.narrowing[0], **AT_ONCE)

    def follow_up(request: gr.Request, conversation: str) -> Any:
        owner = owner_of(request)
        turns = parts.history.turns(owner, conversation)
        answer = turns[-1].answer if turns else None
        if answer is None or answer.refused:
            return gr.skip()
        found = suggestions.follow_ups(answer, [turn.question for turn in turns])
        # Who has asked on meanwhile is offered what follows the newer answer.
        stale = len(parts.history.turns(owner, conversation)) != len(turns)
        return gr.skip() if stale else render_chips("Ask next", found)

    ask.asked.then(follow_up, ask.conversation, ask.follow_ups, **AT_ONCE)
