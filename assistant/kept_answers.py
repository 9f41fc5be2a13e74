"""Answers as they are kept on disk: JSON, with every article apart, as one article is in many answers.

The one rule: what comes back is what was kept, checked again as it was when it was made; no code is stored.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from assistant.answer import Answer

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FIELD = "article"
"""What holds an article wherever one is in an answer."""
APART = "@article"
"""What holds its digest instead."""


def encode_answer(answer: Answer) -> tuple[str, dict[str, str]]:
    """The answer as JSON, in which digests stand for its articles; and the articles as JSON by their digests."""
    articles: dict[str, str] = {}

    def put_apart(value: Any) -> Any:
        if isinstance(value, list):
            return [put_apart(item) for item in value]
        if not isinstance(value, dict):
            return value
        if not isinstance(value.get(FIELD), dict):
            return {name: put_apart(item) for name, item in value.items()}
        article = json.dumps(value[FIELD], ensure_ascii=False)
        digest = sha256(article.encode()).hexdigest()
        articles[digest] = article
        return {APART: digest, **{name: put_apart(item) for name, item in value.items() if name != FIELD}}

    whole = _adapter().dump_python(answer, mode="json")
    return json.dumps(put_apart(whole), ensure_ascii=False), articles


def decode_answer(kept: str, articles: Mapping[str, str]) -> Answer:
    """The answer again; every quote is checked against its article.

    Raises:
        KeyError: if an article is missing.
        ValueError: if it is no answer, as one of a later version of the program may not be.
    """
    opened = {digest: json.loads(article) for digest, article in articles.items()}

    def put_back(value: Any) -> Any:
        if isinstance(value, list):
            return [put_back(item) for item in value]
        if not isinstance(value, dict):
            return value
        kept = {name: put_back(item) for name, item in value.items() if name != APART}
        return {FIELD: opened[value[APART]], **kept} if APART in value else kept

    return _adapter().validate_python(put_back(json.loads(kept)))


@lru_cache(maxsize=1)
def _adapter() -> "TypeAdapter[Answer]":
    from pydantic import TypeAdapter

    return TypeAdapter(Answer)
