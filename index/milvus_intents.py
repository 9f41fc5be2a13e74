"""What is being written to a server is announced before, so that what a killed writer leaves is found.

The one rule: an announcement names every row that is written and every row that is replaced, and it goes last.
"""

import json
import time
from collections.abc import Mapping, Sequence

from index.milvus_client import ARTICLES, META, PASSAGES, TEXTS, Collections, Row, clip, quote
from index.milvus_meta import meta_row
from index.milvus_record import RANDOM_BITS, part_keys, passage_keys
from index.milvus_rows import HELD, Change
from index.milvus_versions import drop_uncommitted

LOST_AFTER = 3_600.0
"""Seconds after which an announced version that was not committed is taken for a killed writer's."""
INTENT, UNSETTLED = "intent:", "unsettled:"
"""Beginnings of keys: of an announcement, and of a source whose lines have to be counted anew."""


def find_rows(collections: Collections, article_ids: Sequence[str]) -> dict[str, Row]:
    """The article rows as they are committed now, by id."""
    return {row["id"]: row for row in collections.fetch(ARTICLES, list(article_ids), HELD, fresh=True)}


def intent_key(version: int) -> str:
    """The key of the announcement of a version."""
    return f"{INTENT}{version}"


def announce(change: Change, version: int, parts: int, before: Mapping[str, Row]) -> Row:
    """The announcement of a change: enough to sweep what it writes, or what it replaces."""
    old = before.get(change.name)
    # The texts of what is kept as an earlier version stay.
    replaced = [old["version"], old["passages"], 0 if change.keeps(old) else old["parts"]] if old else [0, 0, 0]
    return meta_row(intent_key(version), [change.name, change.searched, parts, *replaced])


def announced(collections: Collections) -> dict[int, tuple[str, list[int]]]:
    """The versions that are being written, or were by a writer who was killed: article, and numbers as announced."""
    rows = collections.query(META, f"key like {quote(INTENT + '%')}", ["key", "value"], fresh=True)
    found = {}
    for row in rows:
        name, *numbers = json.loads(row["value"])
        found[int(row["key"].removeprefix(INTENT))] = (str(name), [int(number) for number in numbers])
    return found


def unsettled_row(source: str, version: int) -> Row:
    """The note that the lines of a source have to be counted anew since a version."""
    return meta_row(clip(UNSETTLED + source), [source, version])


def delete_content(collections: Collections, rows: Sequence[Row]) -> None:
    """Delete the passages and texts of versions that no row names any more."""
    passages = [key for row in rows for key in passage_keys(row["id"], row["version"], row["passages"])]
    texts = [key for row in rows for key in part_keys(row["id"], row["version"], row["parts"])]
    if passages:
        collections.delete(PASSAGES, passages)
    if texts:
        collections.delete(TEXTS, texts)


def sweep(collections: Collections, lost_after: float = LOST_AFTER) -> int:
    """Delete what killed writers left, and finish what they had committed; the number of articles seen to."""
    horizon = int((time.time() - lost_after) * 1_000_000) << RANDOM_BITS
    lost = {version: told for version, told in announced(collections).items() if version <= horizon}
    for version, (name, (passages, parts, *replaced)) in lost.items():
        row = find_rows(collections, [name]).get(name)
        held = row["version"] if row else 0
        for old, some, pieces in ((version, passages, parts), tuple(replaced)):
            if old and old != held:
                delete_content(collections, [{"id": name, "version": old, "passages": some, "parts": pieces}])
            elif old and old != version:
                drop_uncommitted(collections, name, old, some)
        if row and held == version:  # whether it came to be noted that its lines count is not known
            collections.upsert(META, [unsettled_row(row["source"], version)])
        collections.delete(META, [intent_key(version)])
    return len(lost)
