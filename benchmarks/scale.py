"""A library in a folder beside one on a Milvus server: `python -m benchmarks.scale LIBRARY`.

The library that is named gives real passages and vectors to make others of (see `benchmarks.corpora`); it is only read.
Both get the same articles and the same questions, in turns. Without `--server` a `milvus-lite` is started for it: a
real connection, but a server in Python for tests, whose figures say nothing of Milvus itself. With `--questions` the
library itself is migrated to the server, and its questions are asked of both.
"""

import argparse
import json
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from assistant.ask import Assistant
from assistant.readers import open_reader
from assistant.settings import Settings
from benchmarks.corpora import Source, make_entries, parser, report
from index.address import read_address
from index.embedder import Embedder, open_embedder
from index.library import open_library
from index.local import LocalLibrary
from index.moving import move
from index.opening import open_index
from index.records import Hit
from index.search import Searcher, SearchMode
from index.store import Index

WANTED, TOGETHER = 10, 50
START_SECONDS = 60.0
SIZES = "10000,30000,100000"
SERVER = "import sys; from milvus_lite.cmdline import main; sys.exit(main())"


def main() -> None:
    """Grow both libraries, ask both, tell throughput, latencies, agreement and the slope."""
    arguments = parser(__doc__)
    arguments.add_argument("library", type=Path)
    arguments.add_argument("--sizes", default=SIZES, help=f"passages, ascending (default: {SIZES})")
    arguments.add_argument("--asked", type=int, default=30, help="questions at each size (default: 30)")
    arguments.add_argument("--server", help="milvus://HOST:19530/NAME, an unused name (default: a milvus-lite)")
    arguments.add_argument("--questions", type=Path, nargs="*", help="question files: compare answers instead")
    arguments.add_argument("--first", type=int, help="so many questions a file, and a part of the library")
    arguments.add_argument("--without-reader", action="store_true", help="with --questions: compare the searches alone")
    chosen = arguments.parse_args()
    embedder = open_embedder()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), chosen.server) as address:
        remote = open_index(Path(folder) / "state", read_address(address), create=True, unfinished=True)
        if chosen.questions:
            figures = compare_answers(chosen, embedder, remote)
        else:
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
    medians: dict[str, list[float]] = {}
    before = 0
    for size in sizes:
        spent = _write_both(source, before, size, local, remote)
        found = _ask_both(questions, embedder, local, remote)
        figures |= {f"{size:,}: {name}: passages/s written": (size - before) / s for name, s in spent.items()}
        figures |= {f"{size:,}: {name}": value for name, value in found.items()}
        for name in ("folder", "server"):
            medians.setdefault(name, []).append(found[f"{name}, all: median, ms"])
        before = size
        print(json.dumps({size: found | spent}), file=sys.stderr, flush=True)
    for name, values in medians.items():
        slope = np.polyfit(np.log(sizes), np.log(values), 1)[0] if len(sizes) > 1 else float("nan")
        figures[f"{name}: slope of log median over log passages"] = float(slope)
    figures["memory here at its peak, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures


def _write_both(source: Source, begin: int, size: int, local: Index, remote: Index) -> dict[str, float]:
    spent = {"folder": 0.0, "server": 0.0}
    entries = make_entries(source, size, begin)
    while batch := list(islice(entries, TOGETHER)):
        for name, index in (("folder", local), ("server", remote)):
            start = time.perf_counter()
            index.write_all(batch)
            spent[name] += time.perf_counter() - start
    for name, index in (("folder", local), ("server", remote)):
        start = time.perf_counter()
        index.tidy()
        spent[name] += time.perf_counter() - start
    return spent


def _ask_both(questions: list[str], embedder: Embedder, local: Index, remote: Index) -> dict[str, float]:
    """Median and 95th percentile of each search in each, and which part of the ten best are the same."""
    seconds: dict[str, list[float]] = {}
    same: dict[str, list[float]] = {}
    searchers = {name: Searcher(one, one.rankings(), embedder) for name, one in (("folder", local), ("server", remote))}
    modes = {"all": SearchMode.FUSED, "vectors": SearchMode.DENSE, "words": SearchMode.LEXICAL}
    for searcher in searchers.values():
        searcher.search(questions[0], WANTED)
    for question in questions:
        for label, mode in modes.items():
            found: list[set[tuple[str, int]]] = []
            for name, searcher in searchers.items():
                start = time.perf_counter()
                hits = searcher.search(question, WANTED, mode)
                seconds.setdefault(f"{name}, {label}", []).append(1000 * (time.perf_counter() - start))
                found.append({(hit.article.id, hit.start) for hit in hits})
            same.setdefault(label, []).append(len(found[0] & found[1]) / max(len(found[0]), 1))
    figures: dict[str, float] = {}
    for name, found_times in seconds.items():
        figures[f"{name}: median, ms"] = float(np.median(found_times))
        figures[f"{name}: p95, ms"] = float(np.percentile(found_times, 95))
    return figures | {f"the same ten, {label}": float(np.mean(values)) for label, values in same.items()}


def compare_answers(chosen: argparse.Namespace, embedder: Embedder, remote: Index) -> dict[str, Any]:
    """Migrate the library, ask its questions of both, and tell how well they agree and what each finds."""
    rows = [row for file in chosen.questions for row in _read_rows(file, chosen.first)]
    local = open_library(chosen.library)
    if chosen.first:
        local = _part_of(local, rows, Path(remote.folder) / "part")
    begin = time.perf_counter()
    moved = move(local, remote, lambda *_: None)
    figures: dict[str, Any] = {
        "articles": moved.articles,
        "passages": moved.passages,
        "migrated, s": time.perf_counter() - begin,
        "nearest agree": moved.nearest_agree,
        "words agree": moved.words_agree,
    }
    figures |= {"questions": len(rows)} | _compare_searches(rows, embedder, local, remote)
    print(json.dumps(figures), file=sys.stderr, flush=True)
    return (
        figures if chosen.without_reader else figures | _compare_readings(rows, chosen.library, embedder, local, remote)
    )


def _read_rows(file: Path, first: int | None) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()[:first]]


def _part_of(whole: LocalLibrary, rows: list[dict[str, Any]], folder: Path) -> LocalLibrary:
    """A library of the articles that the questions are about, and as many others."""
    wanted = {name for row in rows for url in row.get("evidence", ()) if (name := whole.find_id(url))}
    others = [one.id for one in whole.list_articles() if one.id not in wanted]
    chosen = wanted | set(others[: len(wanted)])
    part = open_library(folder, create=True)
    if whole.model is not None:
        part.set_model(*whole.model)
    part.write_all([entry for entry in whole.iterate_entries() if entry.article.id in chosen])
    part.tidy()
    return part


def _compare_searches(rows: list[dict[str, Any]], embedder: Embedder, local: Index, remote: Index) -> dict[str, float]:
    searchers = [Searcher(index, index.rankings(), embedder) for index in (local, remote)]
    found: list[list[bool]] = [[], []]
    seconds: list[list[float]] = [[], []]
    same: list[float] = []
    first = 0
    for row in rows:
        wanted = {local.find_id(name) for name in row.get("evidence", ())}
        told: list[list[tuple[str, int]]] = []
        for number, searcher in enumerate(searchers):
            start = time.perf_counter()
            hits = searcher.search(row["question"], WANTED)
            seconds[number].append(time.perf_counter() - start)
            told.append([(hit.article.id, hit.start) for hit in hits])
            if wanted:
                found[number].append(_holds(hits[:5], wanted))
        first += told[0][:1] == told[1][:1]
        same.append(len({*told[0]} & {*told[1]}) / max(len(told[0]), 1))
    return {
        "the same ten": float(np.mean(same)),
        "the same first": first / len(rows),
        "folder: hit@5": float(np.mean(found[0])),
        "server: hit@5": float(np.mean(found[1])),
        "folder: search, median, ms": 1000 * float(np.median(seconds[0])),
        "server: search, median, ms": 1000 * float(np.median(seconds[1])),
    }


def _compare_readings(
    rows: list[dict[str, Any]], folder: Path, embedder: Embedder, local: Index, remote: Index
) -> dict[str, float]:
    """How often both give the same answer: both refuse, or the first quote is the same sentence."""
    settings = Settings(library=folder)
    assistants = []
    for index in (local, remote):
        reader, _ = open_reader(settings.reader, index, embedder)
        searcher = Searcher(index, index.rankings(), embedder)
        assistants.append(Assistant(settings, index, embedder, searcher, reader))
    agreed, refused = 0, 0
    for row in rows:
        one, other = (assistant.ask(row["question"]) for assistant in assistants)
        refused += one.refused == other.refused
        first = [None if told.refused else told.quotes[0].text for told in (one, other)]
        agreed += one.refused == other.refused and first[0] == first[1]
    return {"the same answer": agreed / len(rows), "the same refusal": refused / len(rows)}


def _holds(hits: list[Hit], wanted: set[str | None]) -> bool:
    return any(name in wanted for hit in hits for name in (hit.article.id, *hit.copies))


if __name__ == "__main__":
    main()
