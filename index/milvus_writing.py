"""Articles are written to a server so that each is seen whole or not at all, whoever is killed and whoever else writes.

The one rule: a version is announced, then its passages and text are written, then its article row, which is the commit;
only then is what it replaced deleted, and the announcement last. What a killed writer leaves is announced, so it is
found and swept; nobody has seen it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime

from index.errors import LibraryError
from index.lists import PRUNED
from index.milvus_client import ARTICLES, LOG, META, PASSAGES, TEXTS, Collections, Row, clip
from index.milvus_intents import (
    LOST_AFTER,
    announce,
    announced,
    delete_content,
    find_rows,
    intent_key,
    unsettled_row,
)
from index.milvus_meta import meta_row
from index.milvus_record import new_version, pack, part_keys, passage_rows, to_second
from index.milvus_rows import Change, article_row, sources_changed
from index.milvus_schema import CURRENT, NO_VECTOR
from index.milvus_versions import bound_versions, drop_versions, find_versions, keep_versions

TOGETHER = 64
"""Articles that are announced and committed together."""
SEALED_FROM = 10_000
"""Passages from which a load is a large one."""
SOURCE = "source:"
Parts = Mapping[str, list[str]]
"""By article: its record in parts."""


class Writing:
    """The changes of a library on a server."""

    def __init__(self, collections: Collections, notice: Callable[[str], None] | None = None) -> None:
        """Write to these collections; `notice` is called with the name of each step before it (tests stop there)."""
        self.collections = collections
        self.unsettled: set[str] = set()
        """Sources that were written from here since they were last settled."""
        self._notice = notice or (lambda _step: None)
        self._known_sources: set[str] = set()
        self._unsealed = 0

    def write(self, changes: Sequence[Change], *, forced: bool = False) -> list[bool]:
        """Commit changes; for each whether it was: False where the user has removed the article, unless `forced`."""
        done = []
        for begin in range(0, len(changes), TOGETHER):
            done += self._write_some(changes[begin : begin + TOGETHER], forced=forced)
        return done

    def seal(self) -> None:
        """After a large load, let the server index it at once; servers do not like to be asked for that often."""
        if self._unsealed >= SEALED_FROM:
            for kind in (PASSAGES, TEXTS, ARTICLES):
                self.collections.seal(kind)
            self._unsealed = 0

    def _write_some(self, changes: Sequence[Change], *, forced: bool) -> list[bool]:
        before = find_rows(self.collections, [one.name for one in changes])
        wanted = [one for one in changes if forced or one.is_wanted(before.get(one.name))]
        if wanted:
            first = new_version()
            # One each, in the order in which they are written: what ranks equally is found in it.
            versions = {one.name: first + place for place, one in enumerate(wanted)}
            parts = {one.name: pack(one.entry, with_vectors=one.state != CURRENT) for one in wanted}
            now = to_second(datetime.now(UTC))
            self._announce(wanted, versions, parts, before)
            self._write_content(wanted, versions, parts, before, now)
            kept = {(one.name, before[one.name]["version"]) for one in wanted if one.keeps(before.get(one.name))}
            wanted = self._commit(wanted, versions, parts, kept, now, forced=forced)
        written = {one.name for one in wanted}
        return [one.name in written for one in changes]

    def _announce(
        self, wanted: Sequence[Change], versions: Mapping[str, int], parts: Parts, before: Mapping[str, Row]
    ) -> None:
        """Say which rows will be written and which they replace: enough to sweep either."""
        rows = [announce(one, versions[one.name], len(parts[one.name]), before) for one in wanted]
        self._notice("announce")
        self.collections.upsert(META, [*rows, *self._unsettled(wanted, before)])

    def _write_content(
        self,
        wanted: Sequence[Change],
        versions: Mapping[str, int],
        parts: Parts,
        before: Mapping[str, Row],
        now: int,
    ) -> None:
        texts: list[Row] = []
        for name, bodies in parts.items():
            keys = part_keys(name, versions[name], len(bodies))
            texts += [{"id": key, "body": body, "vector": NO_VECTOR} for key, body in zip(keys, bodies, strict=True)]
        self._notice("texts")
        self.collections.upsert(TEXTS, texts)
        keep_versions(self.collections, wanted, before, now)
        passages = [
            row
            for one in wanted
            if one.searched
            for row in passage_rows(one.entry, versions[one.name], one.seen(before.get(one.name), now))
        ]
        self._unsealed += len(passages)
        middle = len(passages) // 2
        for some in (passages[:middle], passages[middle:]):  # so that a test can stop between two passages
            self._notice("passages")
            if some:
                self.collections.upsert(PASSAGES, some)

    def _commit(
        self,
        wanted: Sequence[Change],
        versions: Mapping[str, int],
        parts: Parts,
        kept_versions: Collection[tuple[str, int]],
        now: int,
        *,
        forced: bool,
    ) -> list[Change]:
        """Make the versions the ones that count; the changes that were not overtaken by another.

        The texts of `kept_versions` (article, version) stay, as they are kept as earlier ones.
        """
        names = [one.name for one in wanted]
        keys = [intent_key(versions[name]) for name in names]
        if len(self.collections.fetch(META, keys, ["key"], fresh=True)) < len(keys):
            raise LibraryError(
                f"writing to {self.collections.server.address} took longer than {LOST_AFTER:.0f} s and was given up by "
                "another writer: sync again"
            )
        before = find_rows(self.collections, names)
        kept = [one for one in wanted if forced or one.is_wanted(before.get(one.name))]
        rows = [article_row(one, versions[one.name], len(parts[one.name]), before.get(one.name), now) for one in kept]
        self._notice("commit")
        self.collections.upsert(ARTICLES, rows)
        self._tell(kept, before, now)
        self._notice("replaced")
        committed = {one.name for one in kept}
        gone = [row for name, row in before.items() if name in committed]
        delete_content(
            self.collections,
            [{**row, "parts": 0} if (row["id"], row["version"]) in kept_versions else row for row in gone],
        )
        self._settle_versions(kept, before)
        # Another writer may have committed after us: what we wrote is then its to replace, and ours to delete.
        after = find_rows(self.collections, names)
        lost = [one for one in wanted if after.get(one.name, {}).get("version") != versions[one.name]]
        delete_content(
            self.collections,
            [
                {
                    "id": one.name,
                    "version": versions[one.name],
                    "passages": one.searched,
                    "parts": len(parts[one.name]),
                }
                for one in lost
            ],
        )
        self._notice("forget")
        # Who is writing one of these articles at this moment may not have seen our commit, and would not delete what it
        # replaces: our announcement then stays, and a sweep compares it with what counts.
        ours = set(versions.values())
        busy = {name for version, (name, _) in announced(self.collections).items() if version not in ours}
        self.collections.delete(META, [key for key, name in zip(keys, names, strict=True) if name not in busy])
        return kept

    def _settle_versions(self, changes: Sequence[Change], before: Mapping[str, Row]) -> None:
        """Keep no more earlier versions than are kept, and none of what was brought back."""
        bound_versions(self.collections, {one.name for one in changes if one.keeps(before.get(one.name))})
        back = {one.name for one in changes if before.get(one.name, {}).get("state") == PRUNED}
        again = [row for row in find_versions(self.collections, back) if row["state"] == PRUNED]
        if again:
            drop_versions(self.collections, again)

    def _tell(self, changes: Sequence[Change], before: Mapping[str, Row], now: int) -> None:
        """Log what was committed, name its sources, and raise the revision."""
        number = new_version()
        told = [(one, one.kind(before.get(one.name))) for one in changes]
        self.collections.upsert(
            LOG,
            [
                {
                    "number": number + place,
                    "at": now,
                    "kind": kind,
                    "article": one.name,
                    "title": clip(one.entry.article.title),
                    "vector": NO_VECTOR,
                }
                for place, (one, kind) in enumerate(told)
                if kind
            ],
        )
        sources = {one.entry.article.source for one in changes} - self._known_sources
        rows = [meta_row(clip(SOURCE + source), source) for source in sorted(sources)]
        # Noted again: another machine may have settled the sources since it was announced, and not have seen these.
        self.collections.upsert(META, [*rows, *self._unsettled(changes, before), meta_row("revision", new_version())])
        self._known_sources |= sources

    def _unsettled(self, changes: Sequence[Change], before: Mapping[str, Row]) -> list[Row]:
        """The notes that lines of these changes' sources are to be counted."""
        sources = sources_changed(changes, before)
        self.unsettled |= sources
        version = new_version()
        return [unsettled_row(source, version) for source in sorted(sources)]
