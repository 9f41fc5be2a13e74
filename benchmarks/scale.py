"""A library in a folder beside one on a Milvus server: `python -m benchmarks.scale LIBRARY`.

The library that is named gives real passages and vectors to make others of (see `benchmarks.corpora`); it is only read.
Both get the same articles and the same questions, in turns. Without `--server` a `milvus-lite` is started for it: a
real connection, but a server in Python for tests, whose figures say nothing of Milvus itself.
"""

import argparse
import json
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.corpora import Source, make_entries, parser, report
from index.address import read_address
from index.batches import batched
from index.embedder import Embedder
from index.embedders import open_embedder
from index.errors import LibraryError
from index.local import open_library
from index.opening import open_index
from index.search import Searcher, SearchMode
from index.store import Index

WANTED, TOGETHER = 10, 50
MODES = {"all": SearchMode.FUSED, "vectors": SearchMode.DENSE, "words": SearchMode.LEXICAL}
START_SECONDS = 60.0
SIZES = "10000,30000,100000,300000"
SERVER = "import sys; from milvus_lite.cmdline import main; sys.exit(main())"


def main() -> None:
    """Grow both libraries, ask both, tell throughput, latencies, agreement and the slope."""
    arguments = parser(__doc__)
    arguments.add_argument("library", type=Path)
    arguments.add_argument("--sizes", default=SIZES, help=f"passages, ascending (default: {SIZES})")
    arguments.add_argument("--asked", type=int, default=30, help="questions at each size (default: 30)")
    arguments.add_argument("--server", help="milvus://HOST:19530/NAME, an unused name (default: a milvus-lite)")
    chosen = arguments.parse_args()
    embedder = open_embedder()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), chosen.server) as address:
        remote = open_index(Path(folder) / "state", read_address(address), create=True, unfinished=True)
        sizes = [int(size) for size in chosen.sizes.split(",")]
        figures = grow(sizes, chosen, embedder, open_library(Path(folder) / "local", create=True), remote)
    report(figures, chosen)


@contextmanager
def serving(folder: Path, address: str | None) -> Iterator[str]:
    """The address of a library on the server that is named, or on one that is started for it."""
    if address:
        yield address
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["server", "--data-dir", str(folder / "data"), "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and not _answers(port):
            time.sleep(0.2)
        yield f"milvus://127.0.0.1:{port}/scale"
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def grow(
    sizes: list[int], chosen: argparse.Namespace, embedder: Embedder, local: Index, remote: Index
) -> dict[str, Any]:
    """Fill both to each size in turn, and ask both."""
    source = Source(open_library(chosen.library))
    if source.model is None:
        raise SystemExit("the library to make others of is empty")
    for index in (local, remote):
        index.set_model(*source.model)
    texts, _ = source.draw(chosen.asked)
    questions = ["What did they say about " + " ".join(text.split()[:9]) + "?" for text in texts]
    figures: dict[str, Any] = {}
    medians: dict[str, dict[int, float]] = {}
    places, before = {"folder": local, "server": remote}, 0
    for size in sizes:
        spent = _write(source, before, size, places)
        found = _ask(questions, embedder, places)
        figures |= {f"{size:,}: {name}: passages/s written": (size - before) / s for name, s in spent.items()}
        figures |= {f"{size:,}: {name}": value for name, value in found.items()}
        for name in places:
            medians.setdefault(name, {})[size] = found[f"{name}, all: median, ms"]
        before = size
        print(json.dumps({size: found | spent}), file=sys.stderr, flush=True)
    for name, by_size in medians.items():
        logs = np.log(list(by_size)), np.log(list(by_size.values()))
        slope = np.polyfit(*logs, 1)[0] if len(by_size) > 1 else float("nan")
        figures[f"{name}: slope of log median over log passages"] = float(slope)
    figures["memory here at its peak, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures


def _write(source: Source, begin: int, size: int, places: Mapping[str, Index]) -> dict[str, float]:
    """Seconds that each took to grow from `begin` to `size` passages, in turns."""
    spent = dict.fromkeys(places, 0.0)
    entries = make_entries(source, size, begin)
    for batch in batched(entries, TOGETHER):
        for name, index in places.items():
            start = time.perf_counter()
            index.write_all(batch)
            spent[name] += time.perf_counter() - start
    for name, index in places.items():
        start = time.perf_counter()
        index.tidy()
        spent[name] += time.perf_counter() - start
    return spent


def _ask(questions: list[str], embedder: Embedder, places: dict[str, Index]) -> dict[str, Any]:
    """Median and 95th percentile of each search in each, and which part of the ten best are the same.

    A server that gives no answer in time is told of, and taken out of `places`: the folder goes on alone.
    """
    seconds: dict[str, list[float]] = {}
    same: dict[str, list[float]] = {}
    figures: dict[str, Any] = {}
    searchers = {name: Searcher(one, one.rankings(), embedder) for name, one in places.items()}
    for question, (label, mode) in product([questions[0], *questions], MODES.items()):
        found: list[set[tuple[str, int]]] = []
        for name in list(searchers):
            start = time.perf_counter()
            try:
                hits = searchers[name].search(question, WANTED, mode)
            except LibraryError as error:
                if name == "folder":
                    raise
                figures[f"{name}, {label}: gave no answer"] = str(error)
                del searchers[name], places[name]
                continue
            seconds.setdefault(f"{name}, {label}", []).append(1000 * (time.perf_counter() - start))
            found.append({(hit.article.id, hit.start) for hit in hits})
        if len(found) > 1:
            same.setdefault(label, []).append(len(found[0] & found[1]) / max(len(found[0]), 1))
    for name, (_, *warm) in seconds.items():  # the first question of each was to warm up
        if warm:
            figures[f"{name}: median, ms"] = float(np.median(warm))
            figures[f"{name}: p95, ms"] = float(np.percentile(warm, 95))
    return figures | {f"the same ten, {label}": float(np.mean(values)) for label, values in same.items()}


if __name__ == "__main__":
    main()
