"""An embedder that only counts words, for tests and for trying things out without a model.

The one rule: the same words give the same vector, on every machine.
"""

import hashlib
from collections.abc import Sequence

import numpy as np

from index.embedder import HASHING_MODEL, Vectors


class HashingEmbedder:
    """Words hashed into a vector: deterministic and instant, for tests and for trying things out without a model.

    Each lower-case word adds one to the dimension that its hash names ("the hashing trick", Weinberger et al., 2009).
    """

    model = HASHING_MODEL
    dimension = 256

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed_passages`; a text without words gets the first unit vector."""
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in _words(text):
                row[_bucket(word, self.dimension)] += 1
            if not row.any():
                row[0] = 1
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / norms, dtype=np.float32)

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed_questions`."""
        return self.embed_passages(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of words."""
        return [len(text.split()) for text in texts]


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in text.lower()).split()


def _bucket(word: str, size: int) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "little") % size
