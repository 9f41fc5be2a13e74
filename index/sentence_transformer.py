"""Any model that sentence-transformers loads, by name or folder; it brings torch.

The one rule: a thread a core embeds its share of the texts, and torch itself takes one thread.
"""

import copy
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.embedder import DEFAULT_MODEL, Vectors, cores
from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH_SIZE = 8
"""Measured on two cores: 8 passages of 120 tokens stay in the cache, 64 are a third slower."""


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
