"""The models that mark answers: the one that comes with the program, run by onnxruntime, or any other by its name.

The one rule: the weights that come with the program are checked before they are used.
"""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from assistant.pairs import PairEncoder, Window, pad
from assistant.spans import Scores
from index.embedder import cores
from index.errors import ModelError
from index.runtime import load_onnxruntime
from index.weights import read_weights

MODEL_FOLDER = Path(__file__).with_name("reader_model")
TOGETHER = 4
"""Windows in one run of the model."""
REMEDY = "install the program again (`pip install --force-reinstall --no-deps article-assistant`, or `git checkout` it)"
Run = Callable[[Sequence[Window]], tuple[Scores, Scores]]


class SpanModel(Protocol):
    """Scores first and last tokens of answers."""

    name: str
    encoder: PairEncoder

    def score(self, windows: Sequence[Window]) -> list[tuple[Scores, Scores]]:
        """For each window the scores `(tokens,)` of its tokens being an answer's first and its last."""
        ...


class PackagedModel:
    """The model that comes with the program: int8 ONNX. Needs no torch."""

    name = "extractive reader"

    def __init__(self, folder: Path = MODEL_FOLDER) -> None:
        """Check and load the weights.

        Raises:
            ImportError: if onnxruntime is not installed.
            FileNotFoundError: if the program came without the weights.
            ModelError: if the weights are not those that the manifest names, or cannot be loaded.
        """
        onnxruntime = load_onnxruntime()
        manifest = folder / "manifest.json"
        if not manifest.exists():
            raise FileNotFoundError(manifest)
        for file, sha256 in json.loads(manifest.read_text(encoding="utf-8"))["sha256"].items():
            read_weights(folder / file, sha256, REMEDY)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # a thread a core runs windows of its own, which is faster
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's own errors have no common base
            raise ModelError(f"the reader's weights in {folder} cannot be loaded ({error}): {REMEDY}") from error
        self._names = [given.name for given in self._session.get_inputs()]
        self.encoder = PairEncoder((folder / "tokenizer.json").read_text(encoding="utf-8"))
        self._workers = ThreadPoolExecutor(cores(), thread_name_prefix="read")

    def score(self, windows: Sequence[Window]) -> list[tuple[Scores, Scores]]:
        """See `SpanModel.score`."""
        return score_by_length(windows, self._run, self._workers)

    def _run(self, windows: Sequence[Window]) -> tuple[Scores, Scores]:
        starts, ends = self._session.run(["start_logits", "end_logits"], pad(windows, self._names))
        return starts, ends


class NamedModel:
    """Any extractive question-answering model that transformers can load, by name or folder."""

    def __init__(self, name: str) -> None:
        """Load the model.

        Raises:
            ModelError: if it cannot be loaded, or has no fast tokenizer.
        """
        self.name = name
        try:
            from transformers import AutoModelForQuestionAnswering, AutoTokenizer

            tokenizer: Any = AutoTokenizer.from_pretrained(name)
            self._model: Any = AutoModelForQuestionAnswering.from_pretrained(name).eval()
            self.encoder = PairEncoder(tokenizer.backend_tokenizer.to_str())
        except Exception as error:  # of a hub client, a parser or a tensor library: one line is enough
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ModelError(
                f"the reader {name!r} could not be loaded ({reason}): name a folder or an extractive "
                "question-answering model that is in the local cache or can be downloaded, or leave --reader out"
            ) from error
        self._names = [given for given in tokenizer.model_input_names if given != "special_tokens_mask"]
        self._workers = ThreadPoolExecutor(cores(), thread_name_prefix="read")

    def score(self, windows: Sequence[Window]) -> list[tuple[Scores, Scores]]:
        """See `SpanModel.score`."""
        return score_by_length(windows, self._run, self._workers)

    def _run(self, windows: Sequence[Window]) -> tuple[Scores, Scores]:
        import torch

        inputs = {name: torch.from_numpy(values) for name, values in pad(windows, self._names).items()}
        with torch.inference_mode():
            found = self._model(**inputs)
        return found.start_logits.float().numpy(), found.end_logits.float().numpy()


def score_by_length(windows: Sequence[Window], run: Run, workers: ThreadPoolExecutor) -> list[tuple[Scores, Scores]]:
    """Run a model on windows of like length together, in one thread a core; the results come in the windows' order."""
    order = sorted(range(len(windows)), key=lambda number: len(windows[number].ids))
    groups = [order[begin : begin + TOGETHER] for begin in range(0, len(order), TOGETHER)]
    found: list[tuple[Scores, Scores]] = [(np.empty(0, np.float32), np.empty(0, np.float32))] * len(windows)
    results = workers.map(lambda group: run([windows[number] for number in group]), groups)
    for group, (starts, ends) in zip(groups, results, strict=True):
        for row, number in enumerate(group):
            length = len(windows[number].ids)
            found[number] = (starts[row, :length], ends[row, :length])
    return found
