"""Which reader reads: the one that comes with the program, the one that needs no trained network, or any other by name.

The one rule: where the reader cannot be had another one reads and it is said; a damaged one is never worked around.
"""

from assistant.extractive import ExtractiveReader
from assistant.reader import Reader
from assistant.scorer import WordScorer
from assistant.settings import DEFAULT_READER
from assistant.span_models import NamedModel, PackagedModel
from index.embedder import Embedder
from index.store import Index

WORDS = "words"


def open_reader(name: str, library: Index, embedder: Embedder) -> tuple[Reader, str]:
    """The reader that is named, and a notice, "" unless another one had to be taken.

    `name` is `extractive` (the one that comes with the program), `words`, or an extractive question-answering model
    that transformers can load.

    Raises:
        ModelError: if the reader's weights are damaged, or the named model cannot be loaded.
    """
    if name == WORDS:
        return WordScorer(library, embedder), ""
    if name != DEFAULT_READER:
        return ExtractiveReader(NamedModel(name), library, embedder), ""
    try:
        return ExtractiveReader(PackagedModel(), library, embedder), ""
    except ImportError:
        missing = "onnxruntime is not installed (`pip install onnxruntime`)"
    except FileNotFoundError as error:
        missing = f"its weights are missing ({error})"
    return WordScorer(
        library, embedder
    ), f"The trained reader is not in use: {missing}. Words and embeddings read instead."
