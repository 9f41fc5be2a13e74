"""The FAISS view of a library's vectors: made from the record, caught up with it, and made again where it is damaged.

The one rule: the file is only ever a shortcut. Whatever is wrong with it, the view is rebuilt from the library.
"""

import json
import os
import threading
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedder import Vectors
from index.library import Library

FILE = "dense.faiss"


def open_view(library: Library) -> "DenseView":
    """Load the view beside the library, or start an empty one, and catch up with the record."""
    view = _load(library) or DenseView(library.model)
    view.catch_up(library)
    return view


class DenseView:
    """Passage ids by inner product with a unit vector. Safe to use from many threads."""

    def __init__(self, model: tuple[str, int] | None, revision: int = 0, index: Any = None) -> None:
        """A view of `model` (name, dimension) as it was at `revision`; without an `index`, an empty one."""
        self.model = model
        self.revision = revision
        self.saved_revision = revision if index is not None else -1
        self._lock = threading.RLock()
        self._index = index if index is not None else _empty_index(model)

    def __len__(self) -> int:
        """The number of vectors."""
        return int(self._index.ntotal) if self._index is not None else 0

    def search(self, vector: Vectors, limit: int, within: NDArray[np.int64] | None = None) -> list[tuple[int, float]]:
        """The `limit` nearest passages to a unit vector `(dimension,)` as (id, inner product), nearest first.

        `within` leaves out every passage whose id is not in it.
        """
        with self._lock:
            if not len(self) or (within is not None and not len(within)):
                return []
            parameters = _only(within) if within is not None else None
            scores, ids = self._index.search(vector.reshape(1, -1), min(limit, len(self)), params=parameters)
        return [(int(i), float(score)) for i, score in zip(ids[0], scores[0], strict=True) if i >= 0]

    def catch_up(self, library: Library) -> bool:
        """Replay what was committed since the view's revision; whether there was anything."""
        with self._lock:
            if library.revision == self.revision:
                return False
            revision = library.revision
            if self.model != library.model:
                self.model, self.revision, self._index = library.model, 0, _empty_index(library.model)
            if self._index is not None:
                self._replay(library)
            self.revision = revision
            return True

    def _replay(self, library: Library) -> None:
        # What is committed between reading revision and rows is replayed twice, hence the removal first.
        ids, vectors = library.vectors_since(self.revision)
        gone = library.removed_since(self.revision)
        if self.revision and len(self):
            self._index.remove_ids(np.asarray([*gone, *ids], dtype=np.int64))
        if ids:
            self._index.add_with_ids(vectors, np.asarray(ids, dtype=np.int64))

    def save(self, folder: Path) -> None:
        """Write the view beside itself and rename it.

        Raises:
            OSError: if it cannot be written; the file from before is then still there.
        """
        if self._index is None:
            return
        import faiss

        with self._lock:
            body = faiss.serialize_index(self._index).tobytes()
            revision = self.revision
            header = {"revision": revision, "model": self.model, "crc32": zlib.crc32(body)}
        fresh = folder / f"{FILE}.new"
        with fresh.open("wb") as stream:
            stream.write(json.dumps(header).encode() + b"\n" + body)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(folder / FILE)
        self.saved_revision = revision


def _load(library: Library) -> DenseView | None:
    """The saved view; None where it is missing, damaged, of another model, or ahead of the record."""
    import faiss

    try:
        with (library.folder / FILE).open("rb") as stream:
            header = json.loads(stream.readline(10_000))
            body = stream.read()
        model = tuple(header["model"])
        if zlib.crc32(body) != header["crc32"] or model != library.model or header["revision"] > library.revision:
            return None
        index = faiss.deserialize_index(np.frombuffer(body, dtype=np.uint8))
        return DenseView((str(model[0]), int(model[1])), int(header["revision"]), index)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError):
        return None


def _only(ids: NDArray[np.int64]) -> Any:
    """FAISS's way of leaving passages out: a bit for each id up to the highest."""
    import faiss

    bits = np.zeros(int(ids.max()) + 1, dtype=bool)
    bits[ids] = True
    selector: Any = faiss.IDSelectorBitmap  # the stubs know FAISS's own signatures, not the NumPy ones over them
    parameters: Any = faiss.SearchParameters
    return parameters(sel=selector(np.packbits(bits, bitorder="little")))


def _empty_index(model: tuple[str, int] | None) -> Any:
    if model is None:
        return None
    import faiss

    return faiss.IndexIDMap2(faiss.IndexFlatIP(model[1]))
