"""The same answers for programs: named endpoints of the page, which are tools where MCP is served.

The one rule: an endpoint gives what the command line prints with `--json`, offsets and all.
"""

from datetime import date
from typing import Any

from assistant.as_json import answer_to_json, hits_to_json
from assistant.ask import Assistant
from assistant.page.told import as_gradio
from index.errors import QuestionError
from index.scope import Scope

MOST_PASSAGES = 100
AT_ONCE = 4


def add_endpoints(assistant: Assistant) -> None:
    """Add the endpoints to the page that is being built."""
    import gradio as gr

    def ask(
        question: str, sources: list[str] | None = None, since: str = "", until: str = "", any_time: bool = False
    ) -> dict[str, Any]:
        """Answer a question with sentences quoted from the articles, or say that they don't answer it.

        Args:
            question: The question, in whole words.
            sources: Only articles of these sources; none given means all.
            since: Only articles published on this day or later, as 2024-03-31.
            until: Only articles published on this day or earlier, as 2024-03-31.
            any_time: Leave words of time in the question (in March 2022, last week) alone.
        """
        with as_gradio():
            answer = assistant.ask(question, to_scope(sources, since, until), heed_time=not any_time)
            return answer_to_json(answer)

    def search(
        question: str, limit: int = 10, sources: list[str] | None = None, since: str = "", until: str = ""
    ) -> list[dict[str, Any]]:
        """List the passages of the articles that match a question best, with their places.

        Args:
            question: The question, or the words to look for.
            limit: How many passages, at most 100.
            sources: Only articles of these sources; none given means all.
            since: Only articles published on this day or later, as 2024-03-31.
            until: Only articles published on this day or earlier, as 2024-03-31.
        """
        with as_gradio():
            if not 1 <= limit <= MOST_PASSAGES:
                raise QuestionError(f"{limit} passages cannot be listed: ask for 1 to {MOST_PASSAGES}")
            return hits_to_json(assistant.search(question, limit, to_scope(sources, since, until)))

    for function in (ask, search):
        gr.events.api(function, api_name=function.__name__, concurrency_limit=AT_ONCE, concurrency_id="programs")


def to_scope(sources: list[str] | None, since: str, until: str) -> Scope:
    """The scope that a program gives in words.

    Raises:
        QuestionError: if a day is none.
    """
    return Scope(sources=tuple(sources or ()), first=_to_day(since), last=_to_day(until))


def _to_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise QuestionError(f"{text!r} is not a day: write it as 2024-03-31") from None
