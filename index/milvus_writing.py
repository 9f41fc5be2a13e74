"""Articles are written to a server so that each is seen whole or not at all, whoever is killed and whoever else writes.

The one rule: a version is announced, then its passages and text are written, then its article row, which is the commit;
only then is what it replaced deleted, and the announcement last. What a killed writer leaves is announced, so it is
found and swept; nobody has seen it.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from index.errors import LibraryError
from index.milvus_client import ARTICLES, LOG, META, PASSAGES, TEXTS, Collections, Row, clip, quote
from index.milvus_meta import meta_row
from index.milvus_record import (
    RANDOM_BITS,
    new_version,
    pack,
    part_keys,
    passage_keys,
    passage_rows,
    to_number,
    to_second,
)
from index.milvus_schema import CURRENT, NO_VECTOR
from index.records import Entry
from index.versions import PRUNED

UNWANTED = "unwanted"
LOST_AFTER = 3_600.0
"""Seconds after which an announced version that was not committed is taken for a killed writer's."""
TOGETHER = 64
"""Articles that are announced and committed together."""
SEALED_FROM = 10_000
"""Passages from which a load is a large one."""
INTENT, SOURCE = "intent:", "source:"
HELD = ("id", "version", "state", "token", "title", "digest", "added", "seen", "passages", "parts")
"""What a writer has to know of the row that it replaces."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of an article: its entry, its new state, and what the log says of it."""

    entry: Entry
    state: str = CURRENT
    token: int = 0
    told: str = ""

    @property
    def searched(self) -> int:
        """How many passages it is found by."""
        return len(self.entry.passages) if self.state == CURRENT else 0


class Writing:
    """The changes of a library on a server."""

    def __init__(self, collections: Collections, notice: Callable[[str], None] | None = None) -> None:
        """Write to these collections; `notice` is called with the name of each step before it (tests stop there)."""
        self.collections = collections
        self._notice = notice or (lambda _step: None)
        self._known_sources: set[str] = set()
        self._unsealed = 0

    def find_rows(self, article_ids: Sequence[str]) -> dict[str, Row]:
        """The article rows as they are committed now, by id."""
        return {row["id"]: row for row in self.collections.fetch(ARTICLES, list(article_ids), HELD, fresh=True)}

    def write(self, changes: Sequence[Change], *, forced: bool = False) -> list[bool]:
        """Commit changes; for each whether it was: False where the user has removed the article, unless `forced`."""
        done = []
        for begin in range(0, len(changes), TOGETHER):
            done += self._write_some(changes[begin : begin + TOGETHER], forced=forced)
        return done

    def _write_some(self, changes: Sequence[Change], *, forced: bool) -> list[bool]:
        version = new_version()
        before = self.find_rows([one.entry.article.id for one in changes])
        wanted = [one for one in changes if forced or _is_wanted(before.get(one.entry.article.id))]
        if wanted:
            parts = {one.entry.article.id: pack(one.entry, with_vectors=one.state != CURRENT) for one in wanted}
            self._announce(version, wanted, parts, before)
            self._write_content(version, wanted, parts)
            wanted = self._commit(version, wanted, parts, forced=forced)
        written = {one.entry.article.id for one in wanted}
        return [one.entry.article.id in written for one in changes]

    def _announce(
        self, version: int, wanted: Sequence[Change], parts: dict[str, list[str]], before: dict[str, Row]
    ) -> None:
        """Say which rows will be written and which they replace: enough to sweep either."""
        told = []
        for one in wanted:
            name, old = one.entry.article.id, before.get(one.entry.article.id)
            replaced = [old["version"], old["passages"], old["parts"]] if old else [0, 0, 0]
            told.append([name, one.searched, len(parts[name]), *replaced])
        rows = [meta_row(f"{INTENT}{version}:{number}", one) for number, one in enumerate(told)]
        self._notice("announce")
        self.collections.upsert(META, rows)

    def _write_content(self, version: int, wanted: Sequence[Change], parts: dict[str, list[str]]) -> None:
        texts: list[Row] = []
        for name, bodies in parts.items():
            keys = part_keys(name, version, len(bodies))
            texts += [{"id": key, "body": body, "vector": NO_VECTOR} for key, body in zip(keys, bodies, strict=True)]
        self._notice("texts")
        self.collections.upsert(TEXTS, texts)
        passages = [row for one in wanted if one.searched for row in passage_rows(one.entry, version)]
        self._unsealed += len(passages)
        middle = len(passages) // 2
        for some in (passages[:middle], passages[middle:]):  # so that a test can stop between two passages
            self._notice("passages")
            if some:
                self.collections.upsert(PASSAGES, some)

    def _commit(
        self, version: int, wanted: Sequence[Change], parts: dict[str, list[str]], *, forced: bool
    ) -> list[Change]:
        """Make the versions the ones that count; the changes that were not overtaken by a removal."""
        names = [one.entry.article.id for one in wanted]
        keys = [f"{INTENT}{version}:{number}" for number in range(len(wanted))]
        announced = self.collections.fetch(META, keys, ["key"], fresh=True)
        if len(announced) < len(keys):
            raise LibraryError(
                f"writing to {self.collections.server.address} took longer than {LOST_AFTER:.0f} s and was given up by "
                "another writer: sync again"
            )
        before = self.find_rows(names)
        now = to_second(datetime.now(UTC))
        kept = [one for one in wanted if forced or _is_wanted(before.get(one.entry.article.id))]
        rows = [_article_row(one, version, len(parts[one.entry.article.id]), before, now) for one in kept]
        self._notice("commit")
        self.collections.upsert(ARTICLES, rows)
        self._tell(kept, before, now)
        self._notice("replaced")
        committed = {one.entry.article.id for one in kept}
        self.delete_content([row for name, row in before.items() if name in committed])
        # Another writer may have committed after us: what we wrote is then its to replace, and ours to delete.
        after = self.find_rows(names)
        lost = [one for one in wanted if after.get(one.entry.article.id, {}).get("version") != version]
        self.delete_content(
            [
                {
                    "id": one.entry.article.id,
                    "version": version,
                    "passages": one.searched,
                    "parts": len(parts[one.entry.article.id]),
                }
                for one in lost
            ]
        )
        self._notice("forget")
        # Who is writing one of these articles at this moment may not have seen our commit, and would not delete what it
        # replaces: our announcement then stays, and a sweep compares it with what counts.
        busy = {name for other, name in self._announced() if other != version}
        self.collections.delete(
            META, [key for key, one in zip(keys, wanted, strict=True) if one.entry.article.id not in busy]
        )
        return kept

    def _announced(self) -> list[tuple[int, str]]:
        """The versions and articles that are being written, or were by a writer who was killed."""
        found = self.collections.query(META, f"key like {quote(INTENT + '%')}", ["key", "value"], fresh=True)
        return [(int(row["key"].split(":")[1]), str(json.loads(row["value"])[0])) for row in found]

    def _tell(self, changes: Sequence[Change], before: dict[str, Row], now: int) -> None:
        """Log what was committed, name its sources, and raise the revision."""
        number = new_version()
        self.collections.upsert(
            LOG,
            [
                {
                    "number": number + place,
                    "at": now,
                    "kind": one.told or _kind_of(one, before),
                    "article": one.entry.article.id,
                    "title": clip(one.entry.article.title),
                    "vector": NO_VECTOR,
                }
                for place, one in enumerate(changes)
                if one.told or _kind_of(one, before)
            ],
        )
        sources = {one.entry.article.source for one in changes} - self._known_sources
        rows = [meta_row(clip(SOURCE + source), source) for source in sorted(sources)]
        self.collections.upsert(META, [*rows, meta_row("revision", new_version())])
        self._known_sources |= sources

    def delete_content(self, rows: Sequence[Row]) -> None:
        """Delete the passages and texts of versions that no row names any more."""
        passages = [key for row in rows for key in passage_keys(row["id"], row["version"], row["passages"])]
        texts = [key for row in rows for key in part_keys(row["id"], row["version"], row["parts"])]
        if passages:
            self.collections.delete(PASSAGES, passages)
        if texts:
            self.collections.delete(TEXTS, texts)

    def seal(self) -> None:
        """After a large load, let the server index it at once; servers do not like to be asked for that often."""
        if self._unsealed >= SEALED_FROM:
            for kind in (PASSAGES, TEXTS, ARTICLES):
                self.collections.seal(kind)
            self._unsealed = 0

    def sweep(self, lost_after: float = LOST_AFTER) -> int:
        """Delete what killed writers left, and finish what they had committed; the number of articles seen to."""
        found = self.collections.query(META, f"key like {quote(INTENT + '%')}", ["key", "value"], fresh=True)
        horizon = int((time.time() - lost_after) * 1_000_000) << RANDOM_BITS
        swept = 0
        for row in found:
            version = int(row["key"].split(":")[1])
            if version > horizon:
                continue
            name, passages, parts, *replaced = json.loads(row["value"])
            held = self.find_rows([name]).get(name, {"version": 0})["version"]
            for old, some, pieces in ((version, passages, parts), tuple(replaced)):
                if old and old != held:
                    self.delete_content([{"id": name, "version": old, "passages": some, "parts": pieces}])
            self.collections.delete(META, [row["key"]])
            swept += 1
        return swept


def _is_wanted(row: Row | None) -> bool:
    return row is None or row["state"] in (CURRENT, PRUNED)


def _kind_of(change: Change, before: dict[str, Row]) -> str:
    """What the log says of an article that was written; "" where only its cleaning changed."""
    row = before.get(change.entry.article.id)
    if row is None or row["state"] != CURRENT:
        return "added"
    return "changed" if row["digest"] != change.entry.digest else ""


def _article_row(change: Change, version: int, parts: int, before: dict[str, Row], now: int) -> Row:
    entry, one = change.entry, change.entry.article
    row = before.get(one.id)
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
        "published": to_number(one.published),
        "added": row["added"] if row else now,
        "seen": row["seen"] if row and row["digest"] == entry.digest else now,
        "passages": change.searched,
        "parts": parts,
        "vector": NO_VECTOR,
    }
