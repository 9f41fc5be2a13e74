"""What copies cost and where they end: `python -m benchmarks.stories ARTICLES.jsonl[.gz] [--articles N] [--show N]`.

Syncs the articles into a library of its own and tells which part of that time went into signatures, stories, versions
and the log of changes; then lists the pairs of articles that stand closest to either side of the limit.
"""

import argparse
import gzip
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from itertools import islice
from pathlib import Path
from typing import Any

import index.entries
import index.sync
import index.writer
from index.embedder import DEFAULT_MODEL
from index.embedders import open_embedder
from index.library import Library
from index.local import open_library
from index.stories import ALIKE, BANDS, ROWS, alike

MEASURED = {
    "signatures": (index.entries, "sign"),
    "stories": (index.writer, "join_story"),
    "leaving stories": (index.writer, "leave_story"),
    "versions": (index.writer, "keep_version"),
    "log": (index.writer, "log_change"),
}
NEAR = 0.6
"""Pairs less alike than this are not listed."""


def main() -> None:
    """Sync, measure, list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--count", type=int, default=400, help="how many articles (default: 400)")
    parser.add_argument("--show", type=int, default=6, help="how many pairs on either side (default: 6)")
    parser.add_argument("--embedding-model", default=DEFAULT_MODEL)
    chosen = parser.parse_args()
    embedder = open_embedder(chosen.embedding_model)
    spent = {name: _timed(module, function) for name, (module, function) in MEASURED.items()}
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "articles.jsonl"
        opened = gzip.open if chosen.articles.suffix == ".gz" else open
        with opened(chosen.articles, "rt", encoding="utf-8") as source:
            rows.write_text("".join(islice(source, chosen.count)), encoding="utf-8")
        library = open_library(Path(folder) / "library", create=True)
        begin = time.perf_counter()
        index.sync.sync(library, embedder, [str(rows)])
        whole = time.perf_counter() - begin
        print(f"{library.summarise().articles:,} articles in {whole:.1f} s with {embedder.model}")
        for name, seconds in spent.items():
            print(f"  {name:16} {seconds[0]:7.3f} s  {seconds[0] / whole:7.2%}")
        print(
            f"  {'together':16} {sum(s[0] for s in spent.values()):7.3f} s  "
            f"{sum(s[0] for s in spent.values()) / whole:7.2%}"
        )
        _list_pairs(library, chosen.show)
        library.close()


def _timed(module: Any, function: str) -> list[float]:
    """Let a function of a module add up the time it takes."""
    total = [0.0]
    original: Callable[..., Any] = getattr(module, function)

    @wraps(original)
    def measured(*arguments: Any) -> Any:
        begin = time.perf_counter()
        try:
            return original(*arguments)
        finally:
            total[0] += time.perf_counter() - begin

    setattr(module, function, measured)
    return total


def _list_pairs(library: Library, show: int) -> None:
    articles = library.all("SELECT title, signature FROM article WHERE signature <> x''")
    # Shorter bands than the product's find pairs that are less alike, too.
    together: dict[bytes, list[int]] = defaultdict(list)
    for number, (_, signature) in enumerate(articles):
        for begin in range(0, BANDS * ROWS, 3):
            together[bytes([begin]) + signature[2 * begin : 2 * begin + 6]].append(number)
    pairs = {(one, other) for group in together.values() for one in group[:20] for other in group[:20] if one < other}
    alikeness = sorted((alike(articles[one][1], articles[other][1]), one, other) for one, other in pairs)
    above = [pair for pair in alikeness if pair[0] >= ALIKE]
    below = [pair for pair in alikeness if NEAR <= pair[0] < ALIKE]
    print(f"{len(above):,} pairs are copies (alike to {ALIKE} or more), {len(below):,} are alike to {NEAR} or more")
    for similarity, one, other in [*below[-show:], *above[:show]][::-1]:
        print(f"  {similarity:.2f}  {articles[one][0][:60]}  |  {articles[other][0][:60]}")


if __name__ == "__main__":
    main()
