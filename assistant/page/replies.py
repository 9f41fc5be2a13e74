"""What the conversation shows: each step of the work, then the answer, written out.

The one rule: a number in an answer links to a source only where the answer has a quote of that number.
"""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answer import Answer
from assistant.ask import Assistant
from assistant.page.markdown import escape_markdown, quote_block, write_out
from assistant.page.turns import Turn, citation_id
from assistant.quotes import Quote
from assistant.wording import name_source, write_date
from index.errors import AssistantError

PIECES = 24
PAUSE = 0.02
"""An answer is written in at most so many pieces, with so many seconds between them: in half a second it stands."""

Message = dict[str, str]
"""{"role": "user" or "assistant", "content": Markdown}"""

NO_BREAK = "\u00a0"
"""Keeps a citation on the line of the word before it."""

_MARKER = re.compile(r"(\[[0-9]{1,4}\])")


@dataclass(frozen=True, slots=True)
class Frame:
    """One state of the page while it replies; `turns` is given once, when the answer is there."""

    messages: list[Message]
    turns: tuple[Turn, ...] | None = None


def reply(assistant: Assistant, question: str, turns: Sequence[Turn], *, pause: float = PAUSE) -> Iterator[Frame]:
    """Ask, and show the steps and the answer as they come. A blank question shows nothing new.

    What the assistant cannot do (`AssistantError`) becomes a plain notice in the conversation.
    """
    asked = question.strip()
    if not asked:
        return
    number = turns[-1].number + 1 if turns else 1
    before = [*to_messages(turns), {"role": "user", "content": escape_markdown(asked)}]
    turn = Turn(number, asked, trouble="There was no answer.")
    try:
        for item in assistant.stream(asked):
            if isinstance(item, Answer):
                turn = Turn(number, asked, item)
            elif isinstance(item, str):
                yield Frame([*before, _say(f"<em>{escape_markdown(item)} …</em>")])
    except AssistantError as error:
        turn = Turn(number, asked, trouble=str(error))
    first = True
    for text in write_out(write_reply(turn), PIECES):
        yield Frame([*before, _say(text)], (*turns, turn) if first else None)
        first = False
        time.sleep(pause)


def to_messages(turns: Sequence[Turn]) -> list[Message]:
    """The whole conversation, oldest first."""
    return [
        message
        for turn in turns
        for message in ({"role": "user", "content": escape_markdown(turn.question)}, _say(write_reply(turn)))
    ]


def write_reply(turn: Turn) -> str:
    """A turn's answer as Markdown: quotes as block quotes, other text as paragraphs, markers as links."""
    answer = turn.answer
    if answer is None:
        return escape_markdown(turn.trouble)
    blocks = [_write_block(turn.number, block, answer.quotes) for block in answer.text.split("\n\n") if block.strip()]
    notice = [f"<em>{escape_markdown(answer.notice)}</em>"] if answer.notice else []
    nearest = ["<em>The nearest passages are among the sources.</em>"] if answer.refused and answer.hits else []
    return "\n\n".join([*notice, *blocks, *nearest])


def _say(content: str) -> Message:
    return {"role": "assistant", "content": content}


def _write_block(turn: int, block: str, quotes: Sequence[Quote]) -> str:
    for number, quote in enumerate(quotes, 1):
        if block == f"{quote.text} [{number}]":
            return quote_block(f"{_write_quote(quote)}{NO_BREAK}{_link(turn, number)}", _attribute(quote))
    return "".join(_write_part(turn, part, len(quotes)) for part in _MARKER.split(block.strip()))


def _write_part(turn: int, part: str, quotes: int) -> str:
    """A stretch of an answer between its markers, or a marker."""
    number = int(part[1:-1]) if _MARKER.fullmatch(part) else 0
    return _link(turn, number) if 1 <= number <= quotes else escape_markdown(part)


def _write_quote(quote: Quote) -> str:
    """The quote with its span in bold, where the span is a part of it."""
    first, last = quote.span[0] - quote.start, quote.span[1] - quote.start
    before, span, after = quote.text[:first], quote.text[first:last], quote.text[last:]
    if not before.strip() and not after.strip():
        return escape_markdown(quote.text)
    return f"{escape_markdown(before)}<strong>{escape_markdown(span)}</strong>{escape_markdown(after)}"


def _attribute(quote: Quote) -> str:
    article = quote.article
    day = write_date(article.published) if article.published else ""
    parts = (quote.speaker or "", name_source(article) or article.title, day)
    return "— " + " · ".join(escape_markdown(part) for part in parts if part)


def _link(turn: int, number: int) -> str:
    return f"[{number}](#{citation_id(turn, number)})"
