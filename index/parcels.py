"""Tasks and entries as rows that travel between machines: JSON and plain floats.

The one rule: what arrives is what was sent, to the bit; no code travels with it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.clean import normalise
from index.embedder import Vectors
from index.entries import Task
from index.records import Passage
from index.recurring import countable
from index.staging import from_json, to_json
from index.writer import Entry

Row = dict[str, str | bytes]
"""`told` is JSON in ASCII, in which halves of characters survive; `vectors` are little-endian float32."""
_FLOATS = np.dtype("<f4")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A task with the vectors, by embedded text, that need not be made again where it goes."""

    task: Task
    ready: dict[str, Vectors]


def pack_task(parcel: Parcel) -> Row:
    """A parcel as a row."""
    task = parcel.task
    # A source can have thousands of such lines, an article a handful of them.
    own = {digest for digest, _ in countable(normalise(task.article.text)).values()}
    told = [to_json(task.article), task.digest, sorted(task.recurring & own), list(parcel.ready)]
    return {"told": json.dumps(told), "vectors": _to_bytes(list(parcel.ready.values()))}


def unpack_task(row: Mapping[str, Any], dimension: int) -> Parcel:
    """The parcel again."""
    article, digest, recurring, texts = json.loads(row["told"])
    vectors = _to_vectors(row["vectors"], dimension)
    return Parcel(Task(from_json(article), digest, frozenset(recurring)), dict(zip(texts, vectors, strict=True)))


def pack_entry(entry: Entry) -> Row:
    """An entry as a row."""
    told = [
        to_json(entry.article),
        entry.digest,
        entry.removed,
        entry.lines,
        [(passage.start, passage.end) for passage in entry.passages],
        None if entry.signature is None else entry.signature.hex(),
    ]
    return {"told": json.dumps(told), "vectors": _to_bytes(entry.vectors)}


def unpack_entry(row: Mapping[str, Any], dimension: int) -> Entry:
    """The entry again."""
    told, digest, removed, lines, spans, signature = json.loads(row["told"])
    article = from_json(told)
    return Entry(
        article,
        digest,
        tuple((number, line) for number, line in removed),
        tuple((line, words) for line, words in lines),
        tuple(Passage(article.id, start, end, article.text[start:end]) for start, end in spans),
        _to_vectors(row["vectors"], dimension),
        None if signature is None else bytes.fromhex(signature),
    )


def _to_bytes(vectors: "list[Vectors] | Vectors") -> bytes:
    return np.asarray(vectors, dtype=_FLOATS).tobytes()


def _to_vectors(stored: bytes, dimension: int) -> Vectors:
    return np.frombuffer(stored, dtype=_FLOATS).astype(np.float32).reshape(-1, dimension)
