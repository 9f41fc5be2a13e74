"""The workers of a cluster as the `Workers` of a sync: what is sent to them, in which batches, and what comes back.

The one rule: files are read, vectors looked up and entries written here, in the order of the sources; on the way are
never more than a few batches for each worker, and for less than one of them nobody is asked.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Protocol

from index.embedder import Embedder, Vectors
from index.entries import Prepared, Task, make_entries
from index.parcels import (
    Row,
    pack_part,
    pack_task,
    pack_texts,
    unpack_parsed,
    unpack_prepared,
    unpack_vectors,
)
from index.parsing import Opened, Part, Read, parse_part
from index.passages import Cut
from index.records import Entry
from index.store import Index

READ_BYTES = 1 << 20
"""Files are sent in batches of about so many bytes: some seconds of PDF, a tenth of one of plain text."""
READ_ITEMS = 1_000
"""Batches also end after so many items, most of which are then files that have not changed."""
BATCH_CHARACTERS = 60_000
"""Articles are sent, and passages embedded, in batches of about this length: a second or two of a worker."""
HERE_BYTES = READ_BYTES
"""So much is parsed here first: what cannot be read is tried at each sync, for which no cluster need start."""
HERE_CHARACTERS = BATCH_CHARACTERS
"""So much is cleaned, split and embedded here if that is all."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a worker is asked: rows, the other arguments, and what to call it when it fails.

    Nobody is asked about one without rows.
    """

    rows: Sequence[Row]
    arguments: tuple[Any, ...] = ()
    named: str = ""


class Pool(AbstractContextManager["Pool"], Protocol):
    """Some workers, each a `index.far_worker.FarWorker`; started when they are first needed."""

    def map(self, method: str, batches: Iterable[Batch]) -> Iterator[list[Row]]:
        """Yield what that method of a worker makes of each batch, in order, taking no more than a few ahead.

        Two of these may be under way, one taking what the other gives.

        Raises:
            AssistantError: if the workers fail again and again.
        """
        ...


class ClusterWorkers:
    """The `Workers` of a sync that are somewhere else."""

    def __init__(self, pool: Pool) -> None:
        """Take the pool, which whoever made it ends."""
        self._pool = pool

    def parse(self, items: Iterable[Opened]) -> Iterator[Read]:
        """See `index.workers.Workers.parse`."""
        waiting, size = iter(items), 0
        while size < HERE_BYTES:
            item = next(waiting, None)
            if item is None:
                return
            yield parse_part(item) if isinstance(item, Part) else item
            size += _size_of(item)
        sent: deque[list[Opened]] = deque()

        def batches() -> Iterator[Batch]:
            for batch in _by_bytes(waiting):
                sent.append(batch)
                parts = [item for item in batch if isinstance(item, Part)]
                yield Batch([pack_part(part) for part in parts], named=parts[0].origin.name if parts else "")

        for rows in self._pool.map("parse", batches()):
            parsed = iter(rows)
            for item in sent.popleft():
                yield unpack_parsed(next(parsed)) if isinstance(item, Part) else item

    def make(self, tasks: Iterable[Task], library: Index, embedder: Embedder, cut: Cut) -> Iterator[list[Entry]]:
        """See `index.workers.Workers.make`."""
        waiting, few, length = iter(tasks), list[Task](), 0
        while length < HERE_CHARACTERS:
            task = next(waiting, None)
            if task is None:
                yield from make_entries(few, library.find_embedded, embedder, cut)
                return
            few.append(task)
            length += len(task.article.text)
        yield from self._make_there(chain(few, waiting), library, embedder, cut)

    def _make_there(self, tasks: Iterable[Task], library: Index, embedder: Embedder, cut: Cut) -> Iterator[list[Entry]]:
        looked_up = _LookedUp(library)
        model = (embedder.model, embedder.dimension)
        sent: deque[_Group] = deque()

        def batches() -> Iterator[Batch]:
            for items in _by_length(self._prepare(tasks, *model, cut)):
                group = looked_up.find(items)
                sent.append(group)
                rows = [pack_texts(group.missing)] if group.missing else []
                yield Batch(rows, model, items[0].article.id)

        for rows in self._pool.map("embed", batches()):
            group = sent.popleft()
            looked_up.take(group, [vector for row in rows for vector in unpack_vectors(row, embedder.dimension)])
            yield [item.to_entry(group.known, embedder.dimension) for item in group.items]

    def _prepare(self, tasks: Iterable[Task], model: str, dimension: int, cut: Cut) -> Iterator[Prepared]:
        def batches() -> Iterator[Batch]:
            rows: list[Row] = []
            length, first = 0, ""
            for task in tasks:
                rows.append(pack_task(task))
                first = first or task.article.id
                length += len(task.article.text)
                if length >= BATCH_CHARACTERS:
                    yield Batch(rows, (model, dimension, cut), first)
                    rows, length, first = [], 0, ""
            if rows:
                yield Batch(rows, (model, dimension, cut), first)

        for rows in self._pool.map("prepare", batches()):
            for row in rows:
                prepared = unpack_prepared(row)
                if prepared is not None:
                    yield prepared


@dataclass(slots=True)
class _Group:
    """Articles that are embedded together: the vectors that are known, by text, and the texts that must be embedded."""

    items: list[Prepared]
    known: dict[str, Vectors]
    missing: list[str] = field(default_factory=list)


class _LookedUp:
    """Which texts need no embedding: the library has them, or another group that is on its way embeds them."""

    def __init__(self, library: Index) -> None:
        self._library = library
        self._waiting: dict[str, list[_Group]] = {}
        """By text that is being embedded, the other groups that wait for it."""

    def find(self, items: list[Prepared]) -> _Group:
        """The group of these articles. What earlier groups hold must be in the library, or not have been given out."""
        texts = {text for item in items for text in item.texts()}
        known = self._library.find_embedded(texts)
        group = _Group(items, known)
        for text in sorted(texts - known.keys()):
            if text in self._waiting:
                self._waiting[text].append(group)
            else:
                self._waiting[text] = []
                group.missing.append(text)
        return group

    def take(self, group: _Group, vectors: Sequence[Vectors]) -> None:
        """Note what a group's missing texts were embedded as, for it and whoever waits for them."""
        for text, vector in zip(group.missing, vectors, strict=True):
            for one in (group, *self._waiting.pop(text)):
                one.known[text] = vector


def _size_of(item: Opened) -> int:
    return len(item.data) if isinstance(item, Part) else 0


def _by_bytes(items: Iterable[Opened]) -> Iterator[list[Opened]]:
    batch: list[Opened] = []
    size = 0
    for item in items:
        batch.append(item)
        size += _size_of(item)
        if size >= READ_BYTES or len(batch) >= READ_ITEMS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _by_length(items: Iterable[Prepared]) -> Iterator[list[Prepared]]:
    batch: list[Prepared] = []
    length = 0
    for item in items:
        batch.append(item)
        length += len(item.article.text)
        if length >= BATCH_CHARACTERS:
            yield batch
            batch, length = [], 0
    if batch:
        yield batch
