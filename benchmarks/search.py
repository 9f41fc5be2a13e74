"""Search times over a made library, beside LangChain's FAISS and NumPy: `python -m benchmarks.search LIBRARY`.

The library that is named gives real passages and vectors to make others of (see `benchmarks.corpora`); it is only read.
All searches get the same questions in turns.
"""

import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.corpora import Source, fill, parser, report
from benchmarks.stack import open_stack
from index.dense import open_view, save_view
from index.embedder import open_embedder
from index.library import open_library
from index.search import Searcher, SearchMode

WANTED = 10


def main() -> None:
    """Make the library, ask in turns, tell medians, 95th percentiles, recall and memory."""
    arguments = parser(__doc__)
    arguments.add_argument("library", type=Path)
    arguments.add_argument("--passages", type=int, default=100_000)
    arguments.add_argument("--questions", type=int, default=60)
    arguments.add_argument("--without-stack", action="store_true", help="leave LangChain's store out")
    chosen = arguments.parse_args()
    source = Source(open_library(chosen.library))
    questions = _questions(source, chosen.questions)
    with tempfile.TemporaryDirectory() as folder:
        library = open_library(Path(folder) / "library", create=True)
        texts, rows = [], []
        for part, vectors in fill(library, source, chosen.passages):
            texts += part
            rows.append(vectors.astype(np.float16))
        matrix = np.concatenate(rows)
        begin = time.perf_counter()
        save_view(library)
        made = time.perf_counter() - begin
        begin = time.perf_counter()
        view = open_view(library)
        opened = time.perf_counter() - begin
        embedder = open_embedder()
        searcher = Searcher(library, view, embedder)
        searches: dict[str, Any] = {
            "ours, all": lambda question: searcher.search(question, WANTED),
            "ours, dense": lambda question: searcher.search(question, WANTED, SearchMode.DENSE),
            "ours, words": lambda question: searcher.search(question, WANTED, SearchMode.LEXICAL),
        }
        stack = None if chosen.without_stack else open_stack()
        if stack is not None:
            store = stack.store_of(texts, matrix.astype(np.float32))
            searches["stack, dense"] = lambda question: store.similarity_search(question, k=WANTED)
        figures = _measure(searches, questions)
        figures |= _dense_alone(view, library.ids_since(0), matrix, embedder.embed_questions(questions))
        library.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    head = {"passages": chosen.passages, "kind": str(view.kind), "view made, s": made, "view opened, s": opened}
    report({**head, **figures, "memory of everything at its peak, MB": peak}, chosen)


def _questions(source: Source, count: int) -> list[str]:
    """Questions in the words of made passages, common words among them."""
    texts, _ = source.draw(count)
    return ["What did they say about " + " ".join(text.split()[:9]) + "?" for text in texts]


def _measure(searches: dict[str, Any], questions: list[str]) -> dict[str, float]:
    seconds: dict[str, list[float]] = {name: [] for name in searches}
    for search in searches.values():
        search(questions[0])
    for question in questions:
        for name, search in searches.items():
            begin = time.perf_counter()
            search(question)
            seconds[name].append(1000 * (time.perf_counter() - begin))
    figures = {}
    for name, found in seconds.items():
        figures |= {f"{name}: median, ms": float(np.median(found)), f"{name}: p95, ms": float(np.percentile(found, 95))}
    return figures


def _dense_alone(view: Any, ids: list[int], matrix: Any, vectors: Any) -> dict[str, float]:
    """The dense search without embedding, beside exact search in NumPy, and how many of its ten nearest are found."""
    known = np.asarray(ids)
    exact, ours, recalls = [], [], []
    for vector in vectors:
        begin = time.perf_counter()
        parts = [matrix[n : n + 50_000].astype(np.float32) @ vector for n in range(0, len(matrix), 50_000)]
        nearest = np.argpartition(-np.concatenate(parts), WANTED)[:WANTED]
        middle = time.perf_counter()
        found = {passage for passage, _ in view.search(vector, WANTED)}
        ours.append(1000 * (time.perf_counter() - middle))
        exact.append(1000 * (middle - begin))
        recalls.append(len(found & set(known[nearest])) / WANTED)
    return {
        "vectors alone, ours: median, ms": float(np.median(ours)),
        "vectors alone, NumPy: median, ms": float(np.median(exact)),
        "recall@10": float(np.mean(recalls)),
    }


if __name__ == "__main__":
    main()
