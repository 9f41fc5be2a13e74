"""How a turn lies in the history's database, and how it comes back.

The one rule: what another version of the program kept and this one cannot read is a turn that says so, never an error.
"""

import json
import zlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from assistant.answer import Answer
from assistant.kept_answers import decode_answer, encode_answer
from assistant.turns import Turn, Verdict
from index.errors import AssistantError
from index.lists import Summary

TITLE_LENGTH = 80
UNREADABLE = "This answer was kept by another version of the program and cannot be shown: ask again."
UNFINISHED = "This was not answered."


def to_outcome(turn: Turn) -> tuple[dict[str, bytes | str | None], dict[str, bytes]]:
    """What came of a question as it is stored: the columns of its turn, and by digest the articles that it shows."""
    answer, articles = encode_answer(turn.answer) if turn.answer else (None, {})
    outcome = {
        "answer": _pack(answer) if answer else None,
        "trouble": storable(turn.trouble),
        "searched": _write_summary(turn.searched),
    }
    return outcome, {digest: _pack(article) for digest, article in articles.items()}


def to_turn(row: Row[Any], articles: Mapping[str, str]) -> Turn:
    """A turn from its row and the articles (digest -> record) that its answer shows."""
    answer: Answer | None = None
    trouble = row.trouble
    if row.answer is not None:
        try:
            answer = decode_answer(unpack(row.answer), articles)
        except (KeyError, ValueError, AssistantError):
            trouble = UNREADABLE
    return Turn(
        row.number,
        row.question,
        answer,
        trouble or ("" if answer else UNFINISHED),
        _read_summary(row.searched),
        datetime.fromisoformat(row.asked),
        Verdict(row.verdict) if row.verdict else None,
        bool(row.in_tests),
    )


def to_title(text: str) -> str:
    """A question as the title of its conversation: on one line, and not too long."""
    words = " ".join(text.split())
    return words if len(words) <= TITLE_LENGTH else words[: TITLE_LENGTH - 1].rsplit(" ", 1)[0] + "…"


def storable(text: str) -> str:
    """The text without what a database cannot hold: halves of characters, and PostgreSQL's end of a text."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def unpack(record: bytes) -> str:
    """What was stored packed."""
    return zlib.decompress(record).decode()


def _pack(text: str) -> bytes:
    return zlib.compress(text.encode())


def _write_summary(summary: Summary | None) -> str | None:
    if summary is None:
        return None
    days = [day.isoformat() if day else None for day in (summary.first, summary.last)]
    return json.dumps([summary.articles, summary.passages, *days])


def _read_summary(kept: str | None) -> Summary | None:
    if kept is None:
        return None
    articles, passages, *days = json.loads(kept)
    first, last = (date.fromisoformat(day) if day else None for day in days)
    return Summary(articles, passages, first, last)
