"""What runs on a machine of a cluster: it parses, prepares and embeds what is sent to it as packed rows.

The one rule: it knows nothing but what it is sent, and its program must be that of who sends.
"""

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version_tuple

from index.embedder import Embedder
from index.embedders import open_embedder
from index.entries import prepare
from index.errors import ModelError
from index.parcels import (
    Row,
    pack_parsed,
    pack_prepared,
    pack_vectors,
    unpack_part,
    unpack_task,
    unpack_texts,
)
from index.parsing import parse_part
from index.passages import Cut

DECISIVE = ("lxml", "numpy", "onnxruntime", "pypdf", "sentencex", "sentence-transformers", "tokenizers", "trafilatura")
"""Packages whose version can change what is read, where passages end, or a vector."""
PROGRAM = "the program"


@cache
def describe_program() -> dict[str, str]:
    """The versions of all that decides what becomes of an article; of this program, a hash of its files."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.py")):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    found = {PROGRAM: digest.hexdigest()[:12], "Python": ".".join(python_version_tuple()[:2])}
    for name in DECISIVE:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found


class FarWorker:
    """A worker, with one model that it loads when it first needs it."""

    def __init__(self) -> None:
        """Begin without a model."""
        self._embedder: Embedder | None = None

    def describe(self) -> str:
        """See `describe_program`, as JSON."""
        return json.dumps(describe_program())

    def parse(self, rows: Sequence[Row]) -> list[Row]:
        """Parse packed parts of files."""
        return [pack_parsed(parse_part(unpack_part(row))) for row in rows]

    def prepare(self, rows: Sequence[Row], model: str, dimension: int, cut: Cut) -> list[Row]:
        """Clean, split and sign the articles of packed tasks.

        Raises:
            ModelError: if the model cannot be loaded here.
        """
        embedder = self._open(model, dimension)
        return [pack_prepared(prepare(unpack_task(row), embedder, cut)) for row in rows]

    def embed(self, rows: Sequence[Row], model: str, dimension: int) -> list[Row]:
        """Embed packed texts.

        Raises:
            ModelError: if the model cannot be loaded here.
        """
        embedder = self._open(model, dimension)
        return [pack_vectors(embedder.embed_passages(unpack_texts(row))) for row in rows]

    def _open(self, model: str, dimension: int) -> Embedder:
        if self._embedder is None or self._embedder.model != model:
            self._embedder = open_embedder(model, threads=1)
        if self._embedder.dimension != dimension:
            raise ModelError(
                f"{model} makes vectors of {self._embedder.dimension} dimensions on a worker, of {dimension} where the "
                "sync runs: give all machines the same model"
            )
        return self._embedder
