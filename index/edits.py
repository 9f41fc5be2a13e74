"""What changed in an article, sentence by sentence, and whether a quote of it still stands.

The one rule: sentences are compared as they read, so that a line broken elsewhere is no change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from enum import StrEnum

from index.records import Article
from index.sentences import sentence_spans


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


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """Whether a quote stands; where it does not, `nearest` is the sentence that reads most like it, "" if none does."""

    stands: bool
    nearest: str = ""


def compare(before: Article, after: Article) -> list[Edit]:
    """What changed from one version to another, in the order of the text; the title is the first sentence."""
    return list(_compare(_sentences(before), _sentences(after)))


def check_quote(article: Article, quote: str) -> QuoteCheck:
    """Whether a quote that was shown earlier stands in its article as it reads now."""
    wanted = _as_read(quote)
    if wanted in _as_read(article.text):
        return QuoteCheck(stands=True)
    near = get_close_matches(wanted, _sentences(article)[1:], n=1)
    return QuoteCheck(stands=False, nearest=near[0] if near else "")


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
