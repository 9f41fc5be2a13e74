"""Parts, tasks, texts and what is made of them as rows that travel between machines: JSON and plain bytes.

The one rule: what arrives is what was sent, to the bit; no code travels with it.
"""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from index.clean import normalise
from index.embedder import Vectors
from index.entries import Prepared, Task
from index.formats.origin import Origin
from index.parsing import Parsed, Part
from index.records import Article, Passage, Rejected
from index.recurring import countable
from index.staging import from_json, to_json

Row = tuple[str, bytes]
"""JSON in ASCII, in which halves of characters survive, and bytes: those of a file, a signature, float32 vectors."""
_FLOATS = np.dtype("<f4")


def pack_part(part: Part) -> Row:
    """A part of a file as a row."""
    origin = [part.origin.name, part.origin.id, part.origin.stem, part.origin.source, part.origin.url]
    return _row([part.kind, origin, part.real, part.max_bytes, part.first_row], part.data)


def unpack_part(row: Row) -> Part:
    """The part again."""
    kind, origin, real, max_bytes, first_row = json.loads(row[0])
    return Part(kind, row[1], Origin(*origin), real, max_bytes, first_row)


def pack_parsed(parsed: Parsed) -> Row:
    """What was parsed as a row."""
    found = [
        [row, to_json(item)] if isinstance(item, Article) else [row, [item.name, item.reason, item.row]]
        for row, item in parsed.found
    ]
    return _row([parsed.name, found, parsed.is_read])


def unpack_parsed(row: Row) -> Parsed:
    """What was parsed again."""
    name, found, is_read = json.loads(row[0])
    items = ((place, from_json(item) if isinstance(item, str) else Rejected(*item)) for place, item in found)
    return Parsed(name, tuple(items), is_read)


def pack_task(task: Task) -> Row:
    """A task as a row."""
    # A source can have thousands of such lines, an article a handful of them.
    own = {digest for digest, _ in countable(normalise(task.article.text)).values()} if task.recurring else set()
    return _row([to_json(task.article), task.digest, sorted(task.recurring & own), task.removed])


def unpack_task(row: Row) -> Task:
    """The task again, without the lines that are not in its article."""
    article, digest, recurring, removed = json.loads(row[0])
    return Task(from_json(article), digest, frozenset(recurring), None if removed is None else _pairs(removed))


def pack_prepared(prepared: Prepared | None) -> Row:
    """What was prepared as a row; None travels, too."""
    if prepared is None:
        return _row(None)
    spans = [(passage.start, passage.end) for passage in prepared.passages]
    return _row(
        [to_json(prepared.article), prepared.digest, prepared.removed, prepared.lines, spans], prepared.signature
    )


def unpack_prepared(row: Row) -> Prepared | None:
    """What was prepared again."""
    told = json.loads(row[0])
    if told is None:
        return None
    article, (digest, removed, lines, spans) = from_json(told[0]), told[1:]
    passages = tuple(Passage(article.id, start, end, article.text[start:end]) for start, end in spans)
    return Prepared(article, digest, _pairs(removed), _pairs(lines), passages, row[1])


def pack_texts(texts: Sequence[str]) -> Row:
    """Texts to be embedded as a row."""
    return _row(list(texts))


def unpack_texts(row: Row) -> list[str]:
    """The texts again."""
    return [str(text) for text in json.loads(row[0])]


def pack_vectors(vectors: Vectors) -> Row:
    """Vectors as a row."""
    return _row(None, np.asarray(vectors, dtype=_FLOATS).tobytes())


def unpack_vectors(row: Row, dimension: int) -> Vectors:
    """The vectors again."""
    return np.frombuffer(row[1], dtype=_FLOATS).astype(np.float32).reshape(-1, dimension)


def _row(told: object, data: bytes = b"") -> Row:
    return json.dumps(told), data


def _pairs(told: Sequence[Sequence[Any]]) -> tuple[tuple[Any, Any], ...]:
    return tuple((one, other) for one, other in told)
