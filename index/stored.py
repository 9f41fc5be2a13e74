"""How texts and vectors lie in the database: texts packed, vectors as a byte a dimension.

The one rule: a text comes back letter by letter, and a vector that is stored again is stored as the same bytes.
"""

import sqlite3
import zlib
from collections.abc import Sequence

import numpy as np

from index.embedder import Vectors
from index.errors import LibraryError

LARGEST = 127
"""The largest component of a stored vector; the others are in proportion."""
PACKING = 6
UNPACKED = "unpacked"
"""The SQL function that gives a stored text back."""
DAMAGED = "the text of an article is damaged: restore a backup, or run `article-assistant recover NEW_FOLDER`"


def pack_text(text: str) -> bytes | str:
    """A text as it is stored: packed by zlib, which also notices damage, or as it is where that is shorter."""
    plain = text.encode()
    packed = zlib.compress(plain, PACKING)
    return packed if len(packed) < len(plain) else text


def unpack_text(stored: bytes | str) -> str:
    """The text again.

    Raises:
        LibraryError: if it is damaged.
    """
    if isinstance(stored, str):
        return stored
    try:
        return zlib.decompress(stored).decode()
    except (zlib.error, UnicodeDecodeError, TypeError) as error:
        raise LibraryError(f"{DAMAGED} ({error})") from error


def pack_vectors(vectors: Vectors) -> list[bytes]:
    """Unit vectors `(n, dimension)` as they are stored: in signed bytes, the largest component as 127.

    Their length need not be kept, as it is 1. The cosine to what was given is over 0.9999 for the default model
    (`python -m benchmarks.disk` tells).
    """
    rows = np.asarray(vectors, dtype=np.float32)
    if not len(rows):
        return []
    largest = np.maximum(np.abs(rows).max(axis=1, keepdims=True), np.float32(1e-12))
    return [row.tobytes() for row in np.rint(rows * (LARGEST / largest)).astype(np.int8)]


def unpack_vectors(stored: Sequence[bytes], dimension: int) -> Vectors:
    """Stored vectors as `(n, dimension)` float32, rows of unit length (all zeros where nothing is stored)."""
    rows = np.frombuffer(b"".join(stored), dtype=np.int8).reshape(-1, dimension).astype(np.float32)
    # Sums of whole numbers, exact and the same on every machine: float32 holds them up to 2 ** 24, and is quicker.
    exact = np.float32 if dimension * LARGEST**2 < 2**24 else np.float64
    squares = np.einsum("ij,ij->i", rows, rows, dtype=exact).astype(np.float64)
    lengths = np.sqrt(squares).astype(np.float32)
    return np.asarray(rows / np.maximum(lengths, np.float32(1))[:, None], dtype=np.float32)


def as_stored(vectors: Vectors) -> Vectors:
    """Unit vectors as they come back once they were stored."""
    return unpack_vectors(pack_vectors(vectors), vectors.shape[1])


def are_whole(stored: Sequence[bytes], dimension: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """For each of the stored vectors, all of this dimension, whether its largest component is what it must be."""
    rows = np.frombuffer(b"".join(stored), dtype=np.int8).reshape(-1, dimension).astype(np.int16)
    return np.asarray(np.abs(rows).max(axis=1, initial=0) == LARGEST)


def from_half_floats(stored: bytes) -> bytes:
    """A vector as formats before the sixth stored it (little-endian float16), as it is stored now."""
    return pack_vectors(np.frombuffer(stored, dtype="<f2").astype(np.float32)[None])[0]


def add_functions(connection: sqlite3.Connection) -> None:
    """Let SQL read stored texts."""
    connection.create_function(UNPACKED, 1, unpack_text, deterministic=True)
