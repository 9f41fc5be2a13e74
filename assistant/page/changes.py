"""What became of a quoted article since: whether its quotes stand, and what each edit changed, sentence by sentence.

The one rule: an answer shows its article as it was when it was quoted; what changed is told beside it, never over it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.wording import write_date
from index.edits import Edit, Kind, check_quote, compare
from index.records import Article, Version

REMOVED = "This article is no longer in the library. It is shown as it was when it was quoted."
CHANGED = "This article was changed since, and no longer says this. It is shown as it was when it was quoted."

LookUp = Callable[[str], Sequence[Version]]
"""Finds every version of an article that is kept, oldest first; see `Assistant.versions`."""


@dataclass(frozen=True, slots=True)
class Change:
    """One edit of an article: its day, "" where that was not kept, and the sentences that went or came."""

    day: str
    edits: tuple[Edit, ...]


def as_now(versions: Sequence[Version]) -> Article | None:
    """The article as the library holds it now, None where it is not there any more."""
    return versions[-1].article if versions and versions[-1].until is None else None


def tell_standing(now: Article | None, quotes: Iterable[str]) -> str:
    """What a reader has to know of quotes of an article; "" where they stand in it as it reads `now`."""
    if now is None:
        return REMOVED
    checks = [check_quote(now, quote) for quote in quotes]
    fallen = [check for check in checks if not check.stands]
    if not fallen:
        return ""
    nearest = next((check.nearest for check in fallen if check.nearest), "")
    return f"{CHANGED} It now reads: “{nearest}”" if nearest else CHANGED


def list_changes(versions: Sequence[Version]) -> tuple[Change, ...]:
    """What each edit that is kept changed, the last first; an edit of white space alone is none."""
    found = []
    for before, after in pairwise(versions):
        edits = tuple(edit for edit in compare(before.article, after.article) if edit.kind is not Kind.SAME)
        if edits:
            found.append(Change(write_date(after.seen.date()) if after.seen else "", edits))
    return tuple(reversed(found))
