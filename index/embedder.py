"""What turns texts into vectors: the `Embedder` Protocol, and the names of the models that need no download.

The one rule: an embedder tells its model's name, and a library refuses vectors of another model.
"""

import os
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
HASHING_MODEL = "hashing"

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors of unit length."""

    model: str
    dimension: int

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed what will be found: `(len(texts), dimension)` float32, rows of unit length."""
        ...

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Embed what is asked: `(len(texts), dimension)` float32, rows of unit length."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of the model's tokens in each text, without special tokens."""
        ...


def cores() -> int:
    """How many threads share the work of a model."""
    return os.cpu_count() or 1
