"""A conversation as Markdown with its citations. The one rule: nothing in published text is read as markup."""

import re
from collections.abc import Sequence

from assistant.page.citations import Block, to_blocks
from assistant.page.conversation import write_refusal
from assistant.quotes import Quote
from assistant.turns import Turn
from assistant.wording import name_source, web_address, write_date

_MARKS = re.compile(r"[\\`*_{}\[\]<>~|&#$]")
_BEGINNINGS = re.compile(r"^(\s*)([-+=]|[0-9]+(?=[.)]))", re.MULTILINE)
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def write_markdown(title: str, turns: Sequence[Turn]) -> str:
    """The whole conversation: questions as headings, answers, and under each answer its numbered sources."""
    return "\n\n".join([f"# {escape_markdown(title)}", *(_write_turn(turn) for turn in turns)]) + "\n"


def escape_markdown(text: str) -> str:
    """Text on one line that a Markdown renderer shows letter by letter: no tags, links, emphasis, lists or code."""
    marked = _escape_within(" ".join(text.split()))
    return _BEGINNINGS.sub(lambda found: f"{found[1]}{_escape_beginning(found[2])}", marked)


def _escape_within(text: str) -> str:
    return _MARKS.sub(lambda mark: _ENTITIES.get(mark[0], "\\" + mark[0]), text)


def _escape_beginning(text: str) -> str:
    """A dash that begins a line would make a list, as a number before a full stop would."""
    return f"\\{text}" if not text.isdigit() else f"{text}\u200b"


def _write_turn(turn: Turn) -> str:
    answer = turn.answer
    heading = f"## {escape_markdown(turn.question)}"
    if answer is None:
        return f"{heading}\n\n{escape_markdown(turn.trouble)}"
    if answer.refused:
        return f"{heading}\n\n{escape_markdown(write_refusal(turn.searched))}"
    body = "\n\n".join(_write_block(block, answer.quotes) for block in to_blocks(answer))
    sources = "\n".join(f"{n}. {_write_source(quote)}" for n, quote in enumerate(answer.quotes, 1))
    return f"{heading}\n\n{body}\n\nSources\n\n{sources}" if sources else f"{heading}\n\n{body}"


def _write_block(block: Block, quotes: Sequence[Quote]) -> str:
    if block.number:
        return f"> {escape_markdown(quotes[block.number - 1].text)} \\[{block.number}\\]"
    return "".join(f"\\[{part.number}\\]" if part.number else _escape_within(part.text) for part in block.parts)


def _write_source(quote: Quote) -> str:
    """Who said it, where, when; the words, so that the source can be checked without the program."""
    article = quote.article
    address = web_address(article)
    title = escape_markdown(article.title or "Untitled")
    parts = (
        escape_markdown(quote.speaker or ""),
        f"[{title}](<{address.replace('>', '%3E').replace('<', '%3C')}>)" if address else title,
        escape_markdown(name_source(article)),
        write_date(article.published) if article.published else "",
        f"“{escape_markdown(quote.text)}”",
    )
    return " · ".join(part for part in parts if part)
