"""How an article lies in the database: its columns, and the article again that they make.

The one rule: what is written comes back as it was.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from index.records import Article
from index.scope import to_datetime
from index.stored import pack_text, unpack_text

ARTICLE_COLUMNS = "a.id, a.title, a.text, a.url, a.source, a.published, a.authors, a.origin"


def to_columns(article: Article) -> Sequence[str | bytes | None]:
    """An article as it is written, in the order of `ARTICLE_COLUMNS`."""
    published = article.published.isoformat() if article.published else None
    authors = json.dumps(article.authors, ensure_ascii=False)
    return (
        article.id,
        article.title,
        pack_text(article.text),
        article.url,
        article.source,
        published,
        authors,
        article.origin,
    )


def to_article(row: Sequence[Any]) -> Article:
    """An article from its columns, as `ARTICLE_COLUMNS` names them."""
    article_id, title, text, url, source, published, authors, origin = row
    return Article(
        id=article_id or "",
        title=title or "",
        text=unpack_text(text or ""),
        url=url,
        source=source or "",
        published=to_date(published),
        authors=tuple(json.loads(authors or "[]")),
        origin=origin or "",
    )


def to_date(text: str | None) -> date | None:
    """A stored date."""
    return date.fromisoformat(text) if text else None


def moment_of(text: str | None) -> datetime | None:
    """A stored moment, in UTC."""
    return to_datetime(text) if text else None
