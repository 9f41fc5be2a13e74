"""Asking from the page: the question is kept, each step is shown, and what came of it is kept and shown.

The one rule: a question that was begun always ends as a kept turn: answered, with its trouble, or stopped. Whoever
stops it ends the turn in the history; the work is given up at its next step. (Gradio's own way of cancelling an event
loses a question that is sent in the same moment.)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answer import Answer
from assistant.conversation import exchange_of
from assistant.events import Draft, Rewritten
from assistant.history import History
from assistant.page.conversation import render_turn, render_working
from assistant.page.parts import Parts
from assistant.turns import Turn
from index.errors import AssistantError
from index.scope import EVERYTHING, Scope

STOPPED = "Stopped before it was answered."
UNKEPT = "This is not kept yet, and will be when you ask again or reload the page"


@dataclass(frozen=True, slots=True)
class Frame:
    """One state of the page while it replies: the first is `begun`, the last has the finished and kept `turn`."""

    conversation: str
    current: str
    turn: Turn | None = None
    begun: bool = False


def reply(
    parts: Parts,
    owner: str,
    conversation: str,
    question: str,
    scope: Scope = EVERYTHING,
    before: Sequence[Turn] = (),
    *,
    prose: bool = True,
    heed_time: bool = True,
) -> Iterator[Frame]:
    """Ask, after the turns `before`, and show the steps and the answer as they come. A blank question shows nothing.

    `prose` asks for a language model's words where there is one.

    What the assistant cannot do (`AssistantError`) becomes a plain notice in the conversation. So does an answer that
    cannot be kept, under the answer: it is shown, and kept when the database is there again.

    Raises:
        AssistantError: if the question cannot be kept. It is not answered then.
    """
    asked = question.strip()
    if not asked:
        return
    conversation, number = parts.history.begin(owner, asked, conversation)
    turn = Turn(number, asked, trouble=STOPPED)
    earlier = [exchange_of(turn.answer) for turn in before if turn.answer]
    watch = _Watch(parts.history, conversation, number)
    try:
        steps: list[str] = []
        yield Frame(conversation, render_working(number, asked, steps), begun=True)
        for item in parts.assistant.stream(asked, scope, earlier, prose=prose, heed_time=heed_time):
            if watch.is_stopped():
                break  # which is kept already
            if isinstance(item, Answer):
                turn = Turn(number, asked, item, searched=parts.assistant.library.summarise(item.scope))
            elif isinstance(item, Rewritten):
                steps.append(f"Asking “{item.question}”")
            elif isinstance(item, Draft):
                yield Frame(conversation, render_working(number, asked, steps, item))
            elif isinstance(item, str):
                steps.append(item)
                yield Frame(conversation, render_working(number, asked, steps))
    except AssistantError as error:
        turn = Turn(number, asked, trouble=str(error))
    finally:
        unkept = _keep(parts, owner, conversation, turn)
    yield Frame(conversation, render_turn(turn, unkept), turn)


class _Watch:
    """Looks whether somebody stopped a question: that is told by way of the history."""

    def __init__(self, history: History, conversation: str, number: int) -> None:
        self._history: History | None = history
        self._turn = (conversation, number)

    def is_stopped(self) -> bool:
        """Whether it was; never again asked of a database that is away, which can take its time to say so."""
        try:
            return self._history is not None and self._history.is_ended(*self._turn)
        except AssistantError:
            self._history = None
            return False


def _keep(parts: Parts, owner: str, conversation: str, turn: Turn) -> str:
    """Keep a turn; why it could not be, if so."""
    try:
        parts.history.finish(owner, conversation, turn)
    except AssistantError as error:
        return f"{UNKEPT}: {error}"
    return ""
