"""What articles said before they were edited, or before their source no longer had them, on a server.

The one rule: an earlier version is kept before the new one is committed, and counts only while its article is in
another version: what a writer who was killed in between has kept is the present version, and is not shown twice.
"""

from collections.abc import Collection, Mapping, Sequence

from index.lists import KEPT_VERSIONS, PRUNED, REMOVED
from index.milvus_client import ARTICLES, EARLIER, PASSAGES, TEXTS, VERSIONS, Collections, Row, within
from index.milvus_record import part_keys, passage_keys, version_key
from index.milvus_rows import UNWANTED, Change
from index.milvus_schema import FIELDS, NO_VECTOR

EDITED = "edited"
TOGETHER = 200
"""Articles whose versions one request asks for."""
FIELDS_KEPT = ("id", *FIELDS[VERSIONS])


def keep_versions(collections: Collections, changes: Sequence[Change], before: Mapping[str, Row], now: int) -> None:
    """Keep what these changes replace, as far as it is to be kept (`Change.keeps`)."""
    replaced = {one.name: (before[one.name], one.state) for one in changes if one.keeps(before.get(one.name))}
    keys = {name: passage_keys(name, row["version"], row["passages"]) for name, (row, _) in replaced.items()}
    fields = ("id", *FIELDS[PASSAGES], "words", "vector")
    found = collections.fetch(PASSAGES, [key for some in keys.values() for key in some], fields, fresh=True)
    passages = {row["id"]: row for row in found}
    whole = [name for name in replaced if all(key in passages for key in keys[name])]  # else it is replaced just now
    until = {name: max(now, replaced[name][0]["seen"]) for name in whole}
    collections.upsert(EARLIER, [{**passages[key], "until": until[name]} for name in whole for key in keys[name]])
    collections.upsert(
        VERSIONS,
        [
            {
                "id": version_key(name, row["version"]),
                "article": name,
                "version": row["version"],
                "state": PRUNED if state == PRUNED else EDITED,
                "seen": row["seen"],
                "until": until[name],
                "passages": row["passages"],
                "parts": row["parts"],
                "vector": NO_VECTOR,
            }
            for name in whole
            for row, state in [replaced[name]]
        ],
    )


def find_versions(collections: Collections, article_ids: Collection[str]) -> list[Row]:
    """The earlier versions of these articles that are kept, oldest first."""
    names, found = sorted(article_ids), []
    for begin in range(0, len(names), TOGETHER):
        some = within("article", names[begin : begin + TOGETHER])
        found += collections.query(VERSIONS, some, FIELDS_KEPT, fresh=True)
    return sorted(found, key=lambda row: int(row["version"]))


def bound_versions(collections: Collections, article_ids: Collection[str]) -> None:
    """Forget the oldest versions of these articles beyond those that are kept of one."""
    kept: dict[str, list[Row]] = {}
    for row in find_versions(collections, article_ids):
        if row["state"] == EDITED:
            kept.setdefault(row["article"], []).append(row)
    drop_versions(collections, [row for rows in kept.values() for row in rows[:-KEPT_VERSIONS]])


def drop_versions(collections: Collections, rows: Sequence[Row], *, texts: bool = True) -> None:
    """Forget earlier versions; without `texts` those stay, as they are of the present one."""
    collections.delete(VERSIONS, [row["id"] for row in rows])
    passages = [key for row in rows for key in passage_keys(row["article"], row["version"], row["passages"])]
    if passages and collections.exists(EARLIER):
        collections.delete(EARLIER, passages)
    if texts:
        parts = [key for row in rows for key in part_keys(row["article"], row["version"], row["parts"])]
        collections.delete(TEXTS, parts)


def drop_uncommitted(collections: Collections, article_id: str, version: int, passages: int) -> None:
    """Forget that a version was kept which is the present one still."""
    row = {"id": version_key(article_id, version), "article": article_id, "version": version, "passages": passages}
    drop_versions(collections, [row], texts=False)


def held_versions(collections: Collections, passages: Sequence[Row]) -> dict[tuple[str, int], Row]:
    """The versions that earlier passages are of, by article and version: those that count.

    What the user removed is gone from the past, too.
    """
    keys = {version_key(row["article"], row["version"]) for row in passages}
    versions = collections.fetch(VERSIONS, sorted(keys), FIELDS_KEPT)
    names = sorted({row["article"] for row in versions})
    rows = {row["id"]: row for row in collections.fetch(ARTICLES, names, ["id", "version", "state"])}
    return {(row["article"], row["version"]): row for row in versions if counts(row, rows.get(row["article"]))}


def counts(version: Row, row: Row | None) -> bool:
    """Whether an earlier version counts, beside its article's row."""
    if row is None:
        return True
    return row["version"] != version["version"] and row["state"] not in (REMOVED, UNWANTED)
