"""Articles of a library on a server are put away and brought back, without being embedded again.

The one rule: an article that was put away keeps its row, in another state, and its record with its vectors; its
passages are gone from the server, so that they cost no search anything.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

import numpy as np

from index.errors import LibraryError
from index.lists import PRUNED, REMOVED
from index.milvus_client import ARTICLES, Row
from index.milvus_intents import delete_content, find_rows
from index.milvus_reading import Reading
from index.milvus_record import new_version, passage_keys
from index.milvus_rows import UNWANTED, Change, left_out_row
from index.milvus_versions import drop_versions, find_versions
from index.milvus_writing import Writing


class Kept:
    """What was put away."""

    def __init__(self, reading: Reading, writing: Writing) -> None:
        """Read and write by these."""
        self._reading = reading
        self._writing = writing
        self._collections = writing.collections

    def put_away(self, article_ids: Iterable[str], kind: str) -> int:
        """See `index.putting_away.put_away`; here each article goes on its own."""
        if kind not in (REMOVED, PRUNED):
            raise ValueError(f"{kind!r} is neither {REMOVED!r} nor {PRUNED!r}")
        token = new_version()
        names = list(dict.fromkeys(article_ids))
        records = self._reading.records(names)
        changes = []
        for name in filter(records.__contains__, names):
            row, record = records[name]
            keys = passage_keys(name, row["version"], len(record.spans))
            vectors = self._reading.vectors(keys)
            if len(vectors) < len(keys):
                raise LibraryError(f"{name} is being written at this moment: remove it again")
            width = len(next(iter(vectors.values()))) if vectors else 1
            stacked = np.asarray([vectors[key] for key in keys], dtype=np.float32).reshape(-1, width)
            changes.append(Change(record.to_entry(stacked), kind, token, "removed"))
        done = self._writing.write(changes)
        return token if any(done) else 0

    def bring_back(self, token: int) -> list[str]:
        """See `index.putting_away.bring_back`."""
        found = self._away(f"token == {int(token)}")
        if not found:
            raise LibraryError(f"nothing is put away under {token}: `article-assistant remove --list` shows what is")
        return self._bring_back(found)

    def bring_back_articles(self, article_ids: Iterable[str]) -> list[str]:
        """See `index.putting_away.bring_back_articles`; a name that was given up is free again."""
        rows = find_rows(self._collections, list(article_ids))
        free = [name for name, row in rows.items() if row["state"] == UNWANTED]
        if free:
            self._collections.delete(ARTICLES, free)
        return self._bring_back([row for row in rows.values() if row["state"] in (REMOVED, PRUNED)])

    def forget(self, token: int) -> int:
        """See `index.putting_away.forget`."""
        rows = self._away(f"token == {int(token)}")
        free = [row["id"] for row in rows if row["state"] != REMOVED]
        self._collections.upsert(ARTICLES, [left_out_row(row["id"]) for row in rows if row["state"] == REMOVED])
        if free:
            self._collections.delete(ARTICLES, free)
        delete_content(self._collections, rows)
        drop_versions(self._collections, find_versions(self._collections, {row["id"] for row in rows}))
        return len(rows)

    def make_unwanted(self, article_ids: Iterable[str]) -> None:
        """Leave out articles that are not there."""
        names = list(article_ids)
        held = find_rows(self._collections, names)
        self._collections.upsert(ARTICLES, [left_out_row(name) for name in names if name not in held])

    def _bring_back(self, rows: Sequence[Row]) -> list[str]:
        back: list[str] = []
        ordered = sorted(rows, key=lambda row: (str(row["state"]), int(row["version"])))
        for state, some in groupby(ordered, key=lambda row: str(row["state"])):
            names = [row["id"] for row in some]
            found = self._reading.records(names, state=state)
            records = [found[name][1] for name in names if name in found]
            changes = [
                Change(record.to_entry(record.vectors), told="brought back")
                for record in records
                if record.vectors is not None
            ]
            self._writing.write(changes, forced=True)
            back += [change.entry.article.id for change in changes]
        return back

    def _away(self, condition: str) -> list[Row]:
        fields = ("id", "version", "state", "token", "passages", "parts")
        rows = self._collections.query(ARTICLES, condition, fields, fresh=True)
        return [row for row in rows if row["state"] in (REMOVED, PRUNED)]
