"""Articles and passages of a library on a server as they are committed now.

The one rule: an article is read in the version that its row names; where that was replaced between the two requests,
it is read again.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from index.embedder import Vectors
from index.errors import LibraryError
from index.milvus_client import ARTICLES, EARLIER, PASSAGES, TEXTS, Collections, Row
from index.milvus_record import Record, moment_of, part_keys, passage_keys, unpack
from index.milvus_schema import CURRENT, IS_CURRENT
from index.milvus_versions import counts, find_versions, held_versions
from index.records import Article, Entry, PassageRow, Version

PLACED = ("id", "article", "version", "begin", "stop")
HELD = ("id", "version", "state", "token", "digest", "passages", "parts")
TRIES = 5
REMEMBERED = 512
"""Records that are kept in memory; a version never changes, so that one need not be read twice."""
TOGETHER = 32
ORDERED_AT_MOST = 100_000
"""Articles that are read in the order in which they came; more are read in that of their keys."""


class Reading:
    """Reads whole articles and passages."""

    def __init__(self, collections: Collections) -> None:
        """Read from these collections."""
        self.collections = collections
        self._records: OrderedDict[tuple[str, int], Record] = OrderedDict()
        self._lock = threading.Lock()

    def rows(self, article_ids: Sequence[str], *, state: str = CURRENT) -> dict[str, Row]:
        """The rows of those articles that are in this state, by id."""
        found = self.collections.fetch(ARTICLES, list(dict.fromkeys(article_ids)), HELD)
        return {row["id"]: row for row in found if row["state"] == state}

    def records(self, article_ids: Sequence[str], *, state: str = CURRENT) -> dict[str, tuple[Row, Record]]:
        """The rows and records of those articles that are in this state, by id."""
        found: dict[str, tuple[Row, Record]] = {}
        waiting = list(dict.fromkeys(article_ids))
        for _ in range(TRIES):
            rows = self.rows(waiting, state=state)
            loaded = self._load(list(rows.values()))
            found |= {name: (rows[name], record) for (name, _), record in loaded.items()}
            waiting = [name for name in rows if name not in found]
            if not waiting:
                return found
        raise LibraryError(
            f"the text of {waiting[0]} is missing at {self.collections.server.address}: it is being written at this "
            "moment, or rows of the server were deleted by hand; sync its source again"
        )

    def article(self, article_id: str) -> Article | None:
        """The article of that id."""
        found = self.records([article_id]).get(article_id)
        return found[1].article if found else None

    def versions(self, article_id: str) -> list[Version]:
        """See `index.store.Index.read_versions`."""
        row = self.collections.fetch(ARTICLES, [article_id], [*HELD, "seen"])
        held = row[0] if row else None
        earlier = [one for one in find_versions(self.collections, [article_id]) if counts(one, held)]
        records = self._load([{**one, "id": article_id} for one in earlier])
        found = [
            Version(records[article_id, one["version"]].article, moment_of(one["seen"]), moment_of(one["until"]))
            for one in earlier
            if (article_id, one["version"]) in records
        ]
        current = self.records([article_id]).get(article_id)
        if current and row:
            found.append(Version(current[1].article, moment_of(row[0]["seen"]), None))
        return found

    def earlier_passages(self, ids: Sequence[int]) -> dict[int, PassageRow]:
        """The passages of those ids that are of earlier versions, by id."""
        if not ids or not self.collections.exists(EARLIER):
            return {}
        rows = self.collections.fetch(EARLIER, [int(number) for number in ids], PLACED)
        held = held_versions(self.collections, rows)
        records = self._load([{**one, "id": one["article"]} for one in held.values()])
        found: dict[int, PassageRow] = {}
        for row in rows:
            if record := records.get((row["article"], row["version"])):
                found[row["id"]] = (row["id"], record.article, row["begin"], row["stop"])
        return found

    def passages(self, ids: Sequence[int]) -> dict[int, PassageRow]:
        """The passages of those ids that count, by id."""
        rows = self._passages(ids, PLACED)
        records = self.records([row["article"] for row in rows])
        found: dict[int, PassageRow] = {}
        for row in rows:
            held = records.get(row["article"])
            # The version that counts may be another one, or have become another one since the passage was found.
            if held is not None and held[0]["version"] == row["version"]:
                found[row["id"]] = (row["id"], held[1].article, row["begin"], row["stop"])
        return found

    def vectors(self, ids: Sequence[int]) -> dict[int, Vectors]:
        """The vectors of those passages that are there, by id."""
        rows = self._passages(ids, ["id", "vector"])
        return {row["id"]: np.asarray(row["vector"], dtype=np.float32) for row in rows}

    def entries(self) -> Iterator[Entry]:
        """All articles as they were written, one at a time, first those that came first (see `ORDERED_AT_MOST`)."""
        rows = self.collections.scan(ARTICLES, IS_CURRENT, ["id", "number"])
        if self.collections.count(ARTICLES, IS_CURRENT) <= ORDERED_AT_MOST:
            rows = iter(sorted(rows, key=lambda row: int(row["number"])))
        while some := [row["id"] for row in islice(rows, TOGETHER)]:
            yield from self._entries(some)

    def _entries(self, names: Sequence[str]) -> Iterator[Entry]:
        records = self.records(names)
        keys = {name: passage_keys(name, row["version"], len(one.spans)) for name, (row, one) in records.items()}
        vectors = self.vectors([key for some in keys.values() for key in some])
        for name in names:
            if name not in records:
                continue
            _, record = records[name]
            if all(key in vectors for key in keys[name]):  # else it was replaced since
                width = len(next(iter(vectors.values()))) if vectors else 1
                stacked = np.asarray([vectors[key] for key in keys[name]], dtype=np.float32).reshape(-1, width)
                yield record.to_entry(stacked)

    def _passages(self, ids: Sequence[int], fields: Sequence[str]) -> list[Row]:
        if not ids or not self.collections.exists(PASSAGES):
            return []
        return self.collections.fetch(PASSAGES, [int(number) for number in ids], fields)

    def _load(self, rows: Sequence[Row]) -> dict[tuple[str, int], Record]:
        """The records of versions (rows with the `id` of the article) that are there, by article and version."""
        wanted = {(row["id"], row["version"]): part_keys(row["id"], row["version"], row["parts"]) for row in rows}
        with self._lock:
            found = {one: record for one in wanted if (record := self._records.get(one))}
        missing = {one: keys for one, keys in wanted.items() if one not in found}
        keys = [key for some in missing.values() for key in some]
        bodies = {row["id"]: row["body"] for row in self.collections.fetch(TEXTS, keys, ["id", "body"])}
        for one, own in missing.items():
            if all(key in bodies for key in own):
                found[one] = unpack([bodies[key] for key in own])
        with self._lock:
            self._records |= {one: found[one] for one in missing if one in found}
            while len(self._records) > REMEMBERED:
                self._records.popitem(last=False)
        return found
