"""What changed in an article, sentence by sentence, and whether a quote of it still stands.

The one rule: sentences are compared as they read, so that a line broken elsewhere is no change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher, get_close_matches
from enum import StrEnum

from index.library import ARTICLE_COLUMNS, Library, to_article
from index.records import Article
from index.scope import to_datetime
from index.sentences import sentence_spans
from index.store import Index
from index.versions import REMOVED


@dataclass(frozen=True, slots=True)
class Version:
    """An article as it read from `seen` to `until` (UTC); None: since before that was kept, or until now."""

    article: Article
    seen: datetime | None
    until: datetime | None


class Kind(StrEnum):
    """What happened to a sentence."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Edit:
    """A sentence, and what happened to it; a changed one is removed, and then added as it reads now."""

    kind: Kind
    text: str


class Standing(StrEnum):
    """What has become of a quote."""

    STANDS = "stands"
    CHANGED = "changed"
    ARTICLE_REMOVED = "article removed"
    UNKNOWN = "unknown"
    """There never was such an article, or nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """What has become of a quote; `nearest` is the sentence that reads most like it now, "" where none does."""

    standing: Standing
    nearest: str = ""


def read_versions(library: Library, article_id: str) -> list[Version]:
    """Every version of an article that is kept, oldest first; what the user removed has none."""
    query = (
        f"SELECT a.seen, a.until, {ARTICLE_COLUMNS} FROM version a WHERE a.id = ? AND a.id NOT IN (SELECT v.id FROM "
        "version v JOIN removal r ON r.token = v.removal WHERE r.kind = ?) ORDER BY a.number"
    )
    found = [
        Version(to_article(row), _moment(seen), _moment(until))
        for seen, until, *row in library.all(query, article_id, REMOVED)
    ]
    current = library.one(f"SELECT a.seen, {ARTICLE_COLUMNS} FROM article a WHERE a.id = ?", article_id)
    if current:
        found.append(Version(to_article(current[1:]), _moment(current[0]), None))
    return found


def compare(before: Article, after: Article) -> list[Edit]:
    """What changed from one version to another, in the order of the text; the title is the first sentence."""
    return list(_compare(_sentences(before), _sentences(after)))


def check_quote(library: Index, article_id: str, quote: str) -> QuoteCheck:
    """Whether a quote that was shown earlier stands in the article as it reads now."""
    article = library.find_article(article_id)
    if article is None:
        gone = library.put_away_as(article_id) is not None or library.changes(1, article_id)
        return QuoteCheck(Standing.ARTICLE_REMOVED if gone else Standing.UNKNOWN)
    return check_in(article, quote)


def check_in(article: Article, quote: str) -> QuoteCheck:
    """Whether a quote stands in an article that is at hand; the standing is STANDS or CHANGED."""
    wanted = _as_read(quote)
    if wanted in _as_read(article.text):
        return QuoteCheck(Standing.STANDS)
    near = get_close_matches(wanted, _sentences(article)[1:], n=1)
    return QuoteCheck(Standing.CHANGED, near[0] if near else "")


def _compare(before: Sequence[str], after: Sequence[str]) -> Iterator[Edit]:
    for kind, from_old, to_old, from_new, to_new in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (Edit(Kind.SAME, text) for text in before[from_old:to_old])
            continue
        yield from (Edit(Kind.REMOVED, text) for text in before[from_old:to_old])
        yield from (Edit(Kind.ADDED, text) for text in after[from_new:to_new])


def _sentences(article: Article) -> list[str]:
    spans = sentence_spans(article.text)
    return [article.title, *(_as_read(article.text[start:end]) for start, end in spans)]


def _as_read(text: str) -> str:
    return " ".join(text.split())


def _moment(text: str) -> datetime | None:
    return to_datetime(text) if text else None
