"""Lines that come back in many articles of one source, on a server: counted and settled after each sync.

The one rule is the folder's (see `index.settling`): which lines are cleaned away depends on the articles that are
there, not on the order they came in. Of a large source a sample is counted, the same one from whichever machine.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from index.clean import Cleaned, is_recurring, restore
from index.milvus_client import ARTICLES, META, Collections, clip, quote, within
from index.milvus_intents import UNSETTLED
from index.milvus_meta import meta_row, pack_digests, read_meta, unpack_digests, write_meta
from index.milvus_reading import Reading
from index.milvus_remembered import Remembered
from index.milvus_schema import IS_CURRENT
from index.milvus_words import KEYS_END
from index.records import Article

COUNTED = 2_000
"""Articles of a source whose lines are counted at most; a source that has no more is known exactly."""
SETTLED_AT_MOST = 2_000
"""Lines that are boilerplate of a source; the commonest are kept."""
SETTLED, UNCLEANED = "settled:", "uncleaned:"
"""Beginnings of keys: of what is boilerplate of a source, and of what was found to be, or no longer to be."""
LOOKED_FOR, TOGETHER = 100, 64
"""Lines that one request looks for, and articles that are cleaned again together."""


class Lines:
    """The boilerplate of a library on a server."""

    def __init__(self, collections: Collections, reading: Reading, remembered: Remembered) -> None:
        """Count in these collections, and read articles by `reading`."""
        self._collections = collections
        self._reading = reading
        self._remembered = remembered
        self.cleaning: dict[str, str] = {}
        """What is being cleaned again: article id -> digest that it was read with."""

    def settled(self, source: str) -> frozenset[int]:
        """See `index.store.Index`."""
        return self._remembered.find((SETTLED, source), lambda: self._settled(source))

    def keep_settled(self, source: str, digests: Collection[int]) -> None:
        """See `index.store.Index`."""
        write_meta(self._collections, clip(SETTLED + source), pack_digests(sorted(digests)[:SETTLED_AT_MOST]))

    def resettle(self, written: Collection[str]) -> Iterator[list[tuple[Article, str]]]:
        """Decide again what is boilerplate in the sources that changed, among them those `written` from here.

        Yields:
            As `index.settling.resettle`. Killed halfway, the next call begins with the same articles again.
        """
        marks = {json.loads(value)[0]: (key, value) for key, value in self._noted(UNSETTLED)}
        for source in sorted({*marks, *written}):
            self._decide(source)
            if source in marks:
                self._forget(*marks[source])
        notes = self._noted(UNCLEANED)
        names: set[str] = set()
        for _, value in notes:
            source, packed = json.loads(value)
            names |= self._holders(source, sorted(unpack_digests(packed)))
        yield from self._uncleaned(sorted(names))
        for note in notes:
            self._forget(*note)

    def _settled(self, source: str) -> frozenset[int]:
        return unpack_digests(read_meta(self._collections, clip(SETTLED + source), fresh=True) or "")

    def _decide(self, source: str) -> None:
        before, after = self._settled(source), self._count(source)
        if before == after:
            return
        key = clip(UNCLEANED + source)
        waiting = read_meta(self._collections, key, fresh=True)
        changed = (before ^ after) | unpack_digests(waiting[1] if waiting else "")
        # First what is to be cleaned again: a writer who is killed in between has changed nothing.
        self._collections.upsert(META, [meta_row(key, [source, pack_digests(sorted(changed)[: 3 * SETTLED_AT_MOST])])])
        self.keep_settled(source, after)

    def _count(self, source: str) -> frozenset[int]:
        where = f"{IS_CURRENT} and {within('source', [source])}"
        total, halved = self._collections.count(ARTICLES, where, fresh=True), 0
        while total >> halved > COUNTED:  # so that the sample stays as it is until the source has doubled
            halved += 1
        if halved:
            where += f" and spread < {KEYS_END >> halved}"
        counts: Counter[tuple[int, int]] = Counter()
        articles = 0
        for row in self._collections.scan(ARTICLES, where, ["lines", "line_words"], fresh=True):
            articles += 1
            counts.update(zip(row["lines"], row["line_words"], strict=True))
        found = [digest for (digest, words), n in counts.most_common() if is_recurring(words, n, articles)]
        return frozenset(found[:SETTLED_AT_MOST])

    def _uncleaned(self, names: Sequence[str]) -> Iterator[list[tuple[Article, str]]]:
        for begin in range(0, len(names), TOGETHER):
            found = self._reading.records(names[begin : begin + TOGETHER])
            records = [found[name][1] for name in names[begin : begin + TOGETHER] if name in found]
            self.cleaning = {one.article.id: one.digest for one in records}
            try:
                yield [
                    (replace(one.article, text=restore(Cleaned(one.article.text, one.removed))), one.digest)
                    for one in records
                ]
            finally:
                self.cleaning = {}

    def _holders(self, source: str, digests: Sequence[int]) -> set[str]:
        """The articles of a source in which any of these lines stands."""
        found: set[str] = set()
        for begin in range(0, len(digests), LOOKED_FOR):
            some = ", ".join(map(str, digests[begin : begin + LOOKED_FOR]))
            where = f"{IS_CURRENT} and {within('source', [source])} and array_contains_any(lines, [{some}])"
            found.update(row["id"] for row in self._collections.scan(ARTICLES, where, ["id"], fresh=True))
        return found

    def _noted(self, kind: str) -> list[tuple[str, str]]:
        rows = self._collections.query(META, f"key like {quote(kind + '%')}", ["key", "value"], fresh=True)
        return [(row["key"], row["value"]) for row in rows]

    def _forget(self, key: str, value: str) -> None:
        """Delete a note, unless somebody has noted something else since."""
        found = self._collections.fetch(META, [key], ["value"], fresh=True)
        if found and found[0]["value"] == value:
            self._collections.delete(META, [key])
