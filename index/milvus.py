"""A library on a Milvus server as an `Index`: how it is opened, and how it is changed.

The one rule: articles, passages, vectors and words lie there, and nothing of them on this machine.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from index.address import Server
from index.errors import LibraryError
from index.library import UNFINISHED
from index.lists import PRUNED, REMOVED, Removal
from index.milvus_client import ARTICLES, EMBEDDED, KINDS, Collections, within
from index.milvus_holding import Holding
from index.milvus_intents import find_rows, sweep
from index.milvus_kept import Kept
from index.milvus_lines import Lines
from index.milvus_meta import read_meta, write_meta
from index.milvus_record import new_version
from index.milvus_rows import UNWANTED, Change
from index.milvus_schema import FORMAT, make_collection
from index.milvus_writing import Writing
from index.records import Article, Entry


def open_milvus(server: Server, folder: Path, *, create: bool = False, unfinished: bool = False) -> "MilvusLibrary":
    """Open the library on a server, with `folder` for what is kept on this machine.

    Raises:
        LibraryError: if there is none, it is of another format, or the server does not let us in.
    """
    collections = Collections(server)
    others = [kind for kind in KINDS if kind not in EMBEDDED]
    found = read_meta(collections, "format") if all(collections.exists(kind) for kind in others) else None
    if found is None and create:  # none is there, or whoever made it was killed
        for kind in others:
            make_collection(collections, kind)
        write_meta(collections, "format", FORMAT)
    elif found is None:
        raise LibraryError(
            f"there is no library at {server.address}: make one with `article-assistant sync SOURCE --library "
            f"{server.address}`, or `article-assistant migrate FOLDER {server.address}`"
        )
    elif found != FORMAT:
        raise LibraryError(
            f"the library at {server.address} has format {found}, this program reads format {FORMAT}: update "
            "article-assistant, or sync the sources into a new library"
        )
    origin = read_meta(collections, UNFINISHED)
    if origin and not unfinished:
        raise LibraryError(
            f"the library at {server.address} is only partly there: end what was begun with `article-assistant migrate "
            f"{origin} {server.address}`"
        )
    return MilvusLibrary(collections, folder)


class MilvusLibrary(Holding):
    """A library on a server; `open_milvus` gives one. Safe to use from many threads."""

    def __init__(self, collections: Collections, folder: Path, notice: Callable[[str], None] | None = None) -> None:
        """Take its collections, and the folder for what is kept here; `notice` as in `index.milvus_writing`."""
        super().__init__(collections, folder)
        self._writing = Writing(collections, notice)
        self._kept = Kept(self._reading, self._writing)
        self._lines = Lines(collections, self._reading, self._remembered)

    def set_model(self, model: str, dimension: int) -> None:
        """See `index.store.Index`."""
        for kind in EMBEDDED:
            make_collection(self.collections, kind, dimension)
        if self.model is None:  # else another process was quicker
            write_meta(self.collections, "model", [model, dimension])

    def writing(self) -> AbstractContextManager[None]:
        """Be the only one who syncs from this machine; others may write at the same time, see `milvus_writing`."""
        return self.state.writing()

    def write_all(self, entries: Sequence[Entry]) -> list[bool]:
        """See `index.store.Index`, and `index.milvus_writing`."""
        cleaning = self._lines.cleaning
        changes = [Change(entry, expected=cleaning.get(entry.article.id)) for entry in entries]
        return self._remembered.changing(lambda: self._writing.write(changes))

    def put_away(self, article_ids: Iterable[str], kind: str = REMOVED) -> int:
        """See `index.store.Index`."""
        return self._remembered.changing(lambda: self._kept.put_away(article_ids, kind))

    def bring_back(self, token: int) -> list[str]:
        """See `index.store.Index`."""
        return self._remembered.changing(lambda: self._kept.bring_back(token))

    def bring_back_articles(self, article_ids: Iterable[str]) -> list[str]:
        """See `index.store.Index`."""
        return self._remembered.changing(lambda: self._kept.bring_back_articles(article_ids))

    def forget(self, token: int) -> int:
        """See `index.store.Index`."""
        number = self._kept.forget(token)
        self._remembered.changing(lambda: write_meta(self.collections, "revision", new_version()))
        return number

    def removals(self) -> list[Removal]:
        """See `index.store.Index`."""
        return self._lists.removals()

    def put_away_as(self, article_id: str) -> str | None:
        """See `index.store.Index`."""
        row = find_rows(self.collections, [article_id]).get(article_id)
        states = {REMOVED: REMOVED, UNWANTED: REMOVED, PRUNED: PRUNED}
        return states.get(row["state"]) if row else None

    def settled(self, source: str) -> frozenset[int]:
        """See `index.store.Index`."""
        return self._lines.settled(source)

    def keep_settled(self, source: str, digests: Collection[int]) -> None:
        """See `index.store.Index`."""
        self._remembered.changing(lambda: self._lines.keep_settled(source, digests))

    def unwanted(self) -> list[str]:
        """See `index.store.Index`."""
        return [row["id"] for row in self.collections.scan(ARTICLES, within("state", [REMOVED, UNWANTED]), ["id"])]

    def make_unwanted(self, article_ids: Collection[str]) -> None:
        """See `index.store.Index`."""
        self._kept.make_unwanted(article_ids)

    def unfinished_from(self) -> str:
        """See `index.store.Index`."""
        return str(read_meta(self.collections, UNFINISHED) or "")

    def set_unfinished(self, origin: str) -> None:
        """See `index.store.Index`."""
        write_meta(self.collections, UNFINISHED, origin)

    def resettle(self) -> Iterator[list[tuple[Article, str]]]:
        """See `index.milvus_lines`."""
        written = frozenset(self._writing.unsettled)
        for articles in self._lines.resettle(written):
            self._remembered.changing(lambda: None)  # what is boilerplate was decided
            yield articles
        self._writing.unsettled -= written

    def tidy(self) -> str:
        """Sweep what killed writers left, and have a large load indexed."""
        sweep(self.collections)
        self._writing.seal()
        return ""
