"""The FAISS view of a library's vectors: made from the record, caught up with it, and made again where it is damaged.

The one rule: the file is only ever a shortcut, and there is none while the whole view is made in a moment. Whatever is
wrong with it, the view is rebuilt from the library.
"""

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.dense_file import FILE, read_header, read_view, write_view
from index.dense_kinds import (
    Kind,
    empty_exact,
    empty_lists,
    held_ids,
    kind_for,
    kind_of,
    parameters,
    proposals,
    sample_size,
    suits,
)
from index.embedder import Vectors
from index.library import Library

__all__ = ["FILE", "DenseView", "is_damaged", "open_view", "save_view"]

AT_ONCE = 10_000
"""Vectors that are in memory as float32 while an index is filled."""
LATE = 0.02
"""The part of the vectors that may be newer than the file; as many are replayed in a moment when it is opened."""


def open_view(library: Library) -> "DenseView":
    """Load the view beside the library, or start an empty one, and catch up with the record."""
    found = read_view(library.folder)
    view = DenseView(library)
    # A file of another model, or one that is ahead of the record, is not this library's.
    if found is not None and found[0].model == library.model and found[0].revision <= library.revision:
        view = DenseView(library, found[0].revision, found[1])
    view.catch_up(library, moving=False)
    return view


def is_damaged(library: Library) -> bool:
    """Whether there is a view beside the library that cannot be read; `open_view` makes another one."""
    return (library.folder / FILE).exists() and read_view(library.folder) is None


def save_view(library: Library) -> None:
    """Bring the file up to date; it may lag behind by a small part. A library that is searched whole needs none.

    Raises:
        OSError: if it cannot be written; the file from before is then still there.
    """
    header = read_header(library.folder)
    is_ours = header is not None and header.model == library.model and header.revision <= library.revision
    size = library.count_passages()
    if kind_for(size, Kind.LISTS if is_ours else Kind.EXACT) is Kind.EXACT:
        (library.folder / FILE).unlink(missing_ok=True)
        return
    if header is not None and is_ours and library.count_since(header.revision) <= LATE * size:
        return
    view = open_view(library)
    changed = view.reorganise()
    if changed or view.saved_revision != view.revision:
        view.save()


class DenseView:
    """Passage ids by inner product with a unit vector. Safe to use from many threads."""

    def __init__(self, library: Library, revision: int = 0, index: Any = None) -> None:
        """A view of the library's vectors as they were at `revision`; without an `index`, an empty one."""
        self.model = library.model
        self.revision = revision
        self.saved_revision = revision if index is not None else -1
        self._library = library
        self._lock = threading.RLock()
        self._moving: threading.Thread | None = None
        self._index = index if index is not None else self._empty()

    def __len__(self) -> int:
        """The number of vectors."""
        return int(self._index.ntotal) if self._index is not None else 0

    @property
    def library(self) -> Library:
        """The library whose vectors these are."""
        return self._library

    @property
    def kind(self) -> Kind:
        """How the vectors are searched at present."""
        return kind_of(self._index)

    def ids(self) -> list[int]:
        """The passages that the view holds, in no order."""
        with self._lock:
            return held_ids(self._index) if self._index is not None else []

    def search(self, vector: Vectors, limit: int, within: NDArray[np.int64] | None = None) -> list[tuple[int, float]]:
        """The `limit` nearest passages to a unit vector `(dimension,)` as (id, inner product), nearest first.

        `within` leaves out every passage whose id is not in it. From `Kind.LISTS` nearly all of the nearest come;
        the inner products are those of the stored vectors in either kind.
        """
        with self._lock:
            if not len(self) or (within is not None and not len(within)):
                return []
            coded = self.kind is Kind.LISTS
            wanted = min(proposals(limit, len(self)) if coded else limit, len(self))
            given = parameters(self._index, within)
            scores, ids = self._index.search(vector.reshape(1, -1), wanted, params=given)
        found = [(int(i), float(score)) for i, score in zip(ids[0], scores[0], strict=True) if i >= 0]
        return self._score_again(vector, found)[:limit] if coded else sorted(found, key=_by_score)

    def _score_again(self, vector: Vectors, found: list[tuple[int, float]]) -> list[tuple[int, float]]:
        stored = self._library.find_vectors([passage for passage, _ in found])
        if not stored:
            return []
        # Not by BLAS: its threads go on spinning for a while, beside the search by words.
        scores = np.einsum("ij,j->i", np.stack(list(stored.values())), vector)
        return sorted(zip(stored, scores.tolist(), strict=True), key=_by_score)

    def catch_up(self, library: Library, *, moving: bool = True) -> bool:
        """Replay what was committed since the view's revision; whether there was anything.

        With `moving`, an index that no longer suits the number of vectors is exchanged in the background.
        """
        with self._lock:
            revision = library.revision
            if revision == self.revision:
                return False
            if self.model != library.model:
                self.model, self.revision, self._index = library.model, 0, None
            if self._index is None:
                self._index = self._empty()
            if self._index is not None:
                self._replay(self._index, self.revision)
            self.revision = revision
        if moving:
            self._move_behind()
        return True

    def reorganise(self) -> bool:
        """Exchange the index for one of the kind that suits the number of vectors; whether that was needed.

        Questions are answered meanwhile; what is committed meanwhile is in the new index, too.
        """
        with self._lock:
            if self._index is None or suits(self._index, len(self)):
                return False
            model, size, before = self.model, len(self), self._library.revision
        fresh = self._made_for(size)
        with self._lock:
            if self.model != model or self._library.model != model:
                return False  # embedded again with another model meanwhile; the next catch-up begins anew
            self._index, self.revision = fresh, before
            self.catch_up(self._library, moving=False)
        return True

    def save(self) -> None:
        """Write the view beside the library, where its kind is worth a file.

        Raises:
            OSError: if it cannot be written; the file from before is then still there.
        """
        with self._lock:
            if self._index is None or self.model is None or self.kind is Kind.EXACT:
                return
            write_view(self._library.folder, self.revision, self.model, self._index)
            self.saved_revision = self.revision

    def _move_behind(self) -> None:
        """Reorganise in a thread of its own where that is due and not yet begun."""
        with self._lock:
            busy = self._moving is not None and self._moving.is_alive()
            if busy or self._index is None or suits(self._index, len(self)):
                return
            self._moving = threading.Thread(target=self._reorganise_quietly, name="reorganise", daemon=True)
            self._moving.start()

    def _reorganise_quietly(self) -> None:
        try:
            self.reorganise()
        finally:
            self._library.close()  # this thread's own connection

    def _made_for(self, size: int) -> Any:
        """A filled index of the kind that suits `size` vectors."""
        fresh = self._empty()
        if not suits(fresh, size):
            ids = np.asarray(self._library.ids_since(0), dtype=np.int64)
            chosen = np.random.default_rng(0).choice(ids, sample_size(len(ids)), replace=False)
            stored = self._library.find_vectors([int(i) for i in np.sort(chosen)])
            fresh = empty_lists(np.stack(list(stored.values())), size)
        self._fill(fresh)
        return fresh

    def _replay(self, index: Any, revision: int) -> None:
        # What is committed between reading revision and rows is replayed twice, hence the removal first.
        if not index.ntotal:
            self._fill(index)
            return
        ids = self._library.ids_since(revision)
        gone = self._library.removed_since(revision)
        if gone or ids:
            index.remove_ids(np.asarray([*gone, *ids], dtype=np.int64))
        for begin in range(0, len(ids), AT_ONCE):
            stored = self._library.find_vectors(ids[begin : begin + AT_ONCE])
            if stored:
                index.add_with_ids(np.stack(list(stored.values())), np.asarray(list(stored), dtype=np.int64))

    def _fill(self, index: Any) -> None:
        for ids, vectors in self._library.iterate_vectors(AT_ONCE):
            index.add_with_ids(vectors, np.asarray(ids, dtype=np.int64))

    def _empty(self) -> Any:
        return empty_exact(self.model[1]) if self.model else None


def _by_score(found: tuple[int, float]) -> tuple[float, int]:
    """Nearest first; what is equally near in the order in which it was written."""
    return -found[1], found[0]
