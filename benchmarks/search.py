"""Search times over a made library, beside LangChain's FAISS and NumPy: `python -m benchmarks.search LIBRARY`.

The library that is named gives real passages and vectors to make others of (see `benchmarks.corpora`); it is only read.
All searches get the same questions in turns.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.corpora import Source, fill, parser, report
from benchmarks.stack import open_stack
from index.dense import open_view, save_view
from index.embedders import open_embedder
from index.library import Library
from index.local import open_library
from index.local_rankings import LocalRankings
from index.search import Searcher, SearchMode

WANTED = 10
AT_ONCE = 10_000
SERVE = """
import json, sys
from pathlib import Path
from index.embedders import open_embedder
from index.library import Library
from index.local import open_library
from index.search import Searcher
library = open_library(Path(sys.argv[1]))
searcher = Searcher(library, library.rankings(), open_embedder())
for question in json.load(sys.stdin):
    searcher.search(question, 10)
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


def main() -> None:
    """Make the library, ask in turns, tell medians, 95th percentiles, recall and memory."""
    arguments = parser(__doc__)
    arguments.add_argument("library", type=Path)
    arguments.add_argument("--passages", type=int, default=100_000)
    arguments.add_argument("--questions", type=int, default=60)
    arguments.add_argument("--without-stack", action="store_true", help="leave LangChain's store out")
    arguments.add_argument("--keep", type=Path, help="make the library in this folder and leave it there")
    chosen = arguments.parse_args()
    source = Source(open_library(chosen.library))
    questions = _questions(source, chosen.questions)
    with tempfile.TemporaryDirectory() as name:
        folder = chosen.keep or Path(name) / "library"
        library = open_library(folder, create=True)
        if library.model is None:
            for _ in fill(library, source, chosen.passages):
                pass
        begin = time.perf_counter()
        save_view(library)
        made = time.perf_counter() - begin
        begin = time.perf_counter()
        view = open_view(library)
        opened = time.perf_counter() - begin
        head = {"passages": len(view), "kind": str(view.kind), "view made, s": made, "view opened, s": opened}
        head |= _serve(folder, questions)
        embedder = open_embedder()
        searcher = Searcher(library, LocalRankings(library, view), embedder)
        searches: dict[str, Any] = {
            "ours, all": lambda question: searcher.search(question, WANTED),
            "ours, dense": lambda question: searcher.search(question, WANTED, SearchMode.DENSE),
            "ours, words": lambda question: searcher.search(question, WANTED, SearchMode.LEXICAL),
        }
        ids = library.ids_since(0)
        matrix = _vectors(library, ids)
        stack = None if chosen.without_stack else open_stack()
        if stack is not None:
            store = stack.store_of([text for _, _, text in library.iterate_passages()], matrix.astype(np.float32))
            searches["stack, dense"] = lambda question: store.similarity_search(question, k=WANTED)
        figures = _measure(searches, questions)
        figures |= _dense_alone(view, ids, matrix, embedder.embed_questions(questions))
        library.close()
    report({**head, **figures}, chosen)


def _serve(folder: Path, questions: list[str]) -> dict[str, float]:
    """The memory of a process that opens the library and answers the questions, and nothing else."""
    done = subprocess.run(
        [sys.executable, "-c", SERVE, str(folder)],
        input=json.dumps(questions),
        check=True,
        capture_output=True,
        text=True,
    )
    return {"memory of a process that searches, MB": int(done.stdout) / 1024}


def _vectors(library: Library, ids: list[int]) -> Any:
    """The stored vectors of the passages, in half floats."""
    parts = [library.find_vectors(ids[begin : begin + AT_ONCE]) for begin in range(0, len(ids), AT_ONCE)]
    return np.concatenate([np.stack(list(part.values())).astype(np.float16) for part in parts])


def _questions(source: Source, count: int) -> list[str]:
    """Questions in the words of made passages, common words among them."""
    texts, _ = source.draw(count)
    return ["What did they say about " + " ".join(text.split()[:9]) + "?" for text in texts]


def _measure(searches: dict[str, Any], questions: list[str]) -> dict[str, float]:
    """Times by the clock and on the processor: beside other processes the second tells more."""
    seconds: dict[str, list[float]] = {name: [] for name in searches}
    worked: dict[str, list[float]] = {name: [] for name in searches}
    for search in searches.values():
        search(questions[0])
    for question in questions:
        for name, search in searches.items():
            begin, work = time.perf_counter(), time.process_time()
            search(question)
            worked[name].append(1000 * (time.process_time() - work))
            seconds[name].append(1000 * (time.perf_counter() - begin))
    figures = {}
    for name, found in seconds.items():
        figures |= {f"{name}: median, ms": float(np.median(found)), f"{name}: p95, ms": float(np.percentile(found, 95))}
        figures[f"{name}: on the processor, median, ms"] = float(np.median(worked[name]))
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
