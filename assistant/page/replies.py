"""Asking from the page: the question is kept, each step is shown, and what came of it is kept and shown.

The one rule: a question that was begun always ends as a kept turn: answered, with its trouble, or stopped. Whoever
stops it ends the turn in the history; the work is given up at its next step. (Gradio's own way of cancelling an event
loses a question that is sent in the same moment.)
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answer import Answer
from assistant.conversation import exchange_of
from assistant.events import Draft, Rewritten
from assistant.history import History
from assistant.page.conversation import render_turn, render_working
from assistant.page.parts import Parts
from assistant.turns import Turn
from index.errors import AssistantError, QuestionError
from index.scope import EVERYTHING, Scope

MAX_QUESTION = 2000
"""Characters; an article that was pasted as a question by mistake is told so, and left in the field."""
STOPPED = "Stopped before it was answered."
UNKEPT = "This is not kept yet, and will be when you ask again or reload the page"


@dataclass(frozen=True, slots=True)
class Frame:
    """One state of the page while it replies: the first is `begun`, the last has the finished and kept `turn`.

    `place` is that among the questions which wait, where this one does; the next frame can take its time then.
    """

    conversation: str
    current: str
    turn: Turn | None = None
    begun: bool = False
    place: int = 0


def at_once() -> int:
    """The place of a question that waits for nobody."""
    return 0


def reply(  # noqa: PLR0913 - what a question is asked with
    parts: Parts,
    owner: str,
    conversation: str,
    question: str,
    scope: Scope = EVERYTHING,
    before: Sequence[Turn] = (),
    *,
    prose: bool = True,
    heed_time: bool = True,
    place: Callable[[], int] = at_once,
) -> Iterator[Frame]:
    """Ask, after the turns `before`, and show the steps and the answer as they come. A blank question shows nothing.

    `prose` asks for a language model's words where there is one. While `place` gives a place among those who wait, that
    is shown, and nothing is done yet; the question is kept and can be stopped.

    What the assistant cannot do (`AssistantError`) becomes a plain notice in the conversation. So does an answer that
    cannot be kept, under the answer: it is shown, and kept when the database is there again.

    Raises:
        AssistantError: if the question is too long, or cannot be kept. It is not answered then.
    """
    asked = question.strip()
    if not asked:
        return
    _check_length(asked)
    conversation, number = parts.history.begin(owner, asked, conversation)
    turn = Turn(number, asked, trouble=STOPPED)
    earlier = [exchange_of(turn.answer) for turn in before if turn.answer]
    watch = _Watch(parts.history, conversation, number)
    try:
        steps: list[str] = []
        yield Frame(conversation, render_working(number, asked, steps, place=place()), begun=True)
        while (waiting := place()) and not watch.is_stopped():
            yield Frame(conversation, render_working(number, asked, steps, place=waiting), place=waiting)
        work = parts.assistant.stream(asked, scope, earlier, prose=prose, heed_time=heed_time)
        for item in () if waiting else work:
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


def _check_length(question: str) -> None:
    if len(question) > MAX_QUESTION:
        raise QuestionError(
            f"the question has {len(question):,} characters, and {MAX_QUESTION:,} can be asked at most: shorten it"
        )


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
