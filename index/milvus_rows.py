"""The rows of an article on a server: what is to become of it, as it is committed.

The one rule: all that tells whether an article is a copy, and which lines it shares with others, is in its one row, so
that it is committed with it and never half.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.clean import Cleaned, restore
from index.lists import PRUNED
from index.milvus_client import ARTICLES, Row, clip
from index.milvus_record import to_key, to_number
from index.milvus_schema import CURRENT, FIELDS, MOST_LINES, NUMBERS, TEXT
from index.records import Entry
from index.stories import bands_of, sign

UNWANTED = "unwanted"
HELD = (
    *("id", "version", "state", "token", "title", "source", "digest", "edition"),
    *("number", "added", "seen", "passages", "parts"),
)
"""What a writer has to know of the row that it replaces."""
DIMENSIONS = 2**32 - 1
"""Of a sparse vector; the bands of two different signatures seldom meet there, and signatures are compared."""
Bands = dict[int, float]


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of an article: its entry, its new state, and what the log says of it.

    With `expected` it is committed only while the article has that digest: its text was read on the server, and must
    not replace what another writer has read since.
    """

    entry: Entry
    state: str = CURRENT
    token: int = 0
    told: str = ""
    expected: str | None = None

    @property
    def name(self) -> str:
        """The article's id."""
        return self.entry.article.id

    @property
    def searched(self) -> int:
        """How many passages it is found by."""
        return len(self.entry.passages) if self.state == CURRENT else 0

    def is_wanted(self, row: Row | None) -> bool:
        """Whether it may replace that row: what the user removed stays out."""
        if self.expected is not None:
            return row is not None and row["state"] == CURRENT and row["digest"] == self.expected
        return row is None or row["state"] in (CURRENT, PRUNED)

    def seen(self, row: Row | None, now: int) -> int:
        """Since when the article reads as it will, in seconds."""
        return int(row["seen"]) if row and row["edition"] == edition_of(self.entry) else now

    def keeps(self, row: Row | None) -> bool:
        """Whether what that row says is kept as an earlier version: it was edited, or its source has it no more."""
        if row is None or row["state"] != CURRENT:
            return False
        return self.state == PRUNED or (self.state == CURRENT and row["edition"] != edition_of(self.entry))

    def kind(self, row: Row | None) -> str:
        """What the log says of it; "" where it is not edited."""
        if self.told:
            return self.told
        if row is None or row["state"] != CURRENT:
            return "added"
        return "changed" if row["edition"] != edition_of(self.entry) else ""


def edition_of(entry: Entry) -> int:
    """A number for what the publisher wrote, however it was cleaned."""
    one = entry.article
    text = restore(Cleaned(one.text, entry.removed))
    return to_key(json.dumps([one.title, one.url, str(one.published), one.authors, text]))


def article_row(change: Change, version: int, parts: int, row: Row | None, now: int) -> Row:
    """The row that commits a change; `row` is what it replaces, `parts` how many its record has."""
    entry, one = change.entry, change.entry.article
    signature = sign(one.text) if entry.signature is None else entry.signature
    lines = entry.lines[:MOST_LINES]
    return {
        "id": one.id,
        "version": version,
        "state": change.state,
        "token": change.token,
        "title": clip(one.title),
        "url": clip(one.url or ""),
        "source": clip(one.source),
        "origin": clip(one.origin),
        "digest": entry.digest,
        "edition": edition_of(entry),
        "published": to_number(one.published),
        "number": row["number"] if row else version,
        "spread": to_key(one.id),
        "added": row["added"] if row else now,
        "seen": change.seen(row, now),
        "passages": change.searched,
        "parts": parts,
        "signature": base64.b64encode(signature).decode(),
        "bands": to_bands(signature) or _no_bands(one.id),
        "lines": [digest for digest, _ in lines],
        "line_words": [words for _, words in lines],
    }


def left_out_row(article_id: str) -> Row:
    """The row of an article that the user gave up: it holds nothing."""
    empty: dict[str, Any] = {TEXT: "", NUMBERS: []}
    rest = {name: empty.get(kind, 0) for name, kind in FIELDS[ARTICLES].items()}
    return {**rest, "id": article_id, "state": UNWANTED, "bands": _no_bands(article_id)}


def sources_changed(changes: Sequence[Change], before: Mapping[str, Row]) -> set[str]:
    """The sources whose lines are counted anew after these changes: not where only the cleaning changes."""
    found = set()
    for one in changes:
        row = before.get(one.name)
        if row is None or (row["state"], row["digest"]) != (one.state, one.entry.digest):
            found |= {clip(one.entry.article.source)} | ({row["source"]} if row else set())
    return found


def to_bands(signature: bytes) -> Bands:
    """The bands of a signature as a sparse vector: the inner product of two is how many they share."""
    return {band % DIMENSIONS: 1.0 for band in bands_of(signature)} if signature else {}


def _no_bands(article_id: str) -> Bands:
    """What stands for the bands of what is no story; a row needs some."""
    return {to_key(article_id) % DIMENSIONS: 1.0}
