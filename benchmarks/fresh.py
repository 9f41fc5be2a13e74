"""Nothing new among many articles, one new one among many passages: `python -m benchmarks.fresh LIBRARY ARTICLES`.

Articles are synced twice, as one file of rows and as a folder of files, then again and again while nothing changes;
hashed words stand for the model, which does not run then. One article more is then synced with the real model into a
library of made passages (see `benchmarks.corpora`) and asked for. Medians of five.
"""

import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.corpora import Source, fill, parser, read_articles, report, write_articles
from index.dense import save_view
from index.embedders import open_embedder
from index.hashing import HashingEmbedder
from index.library import Library
from index.local import open_library
from index.search import Searcher
from index.sync import sync

ROUNDS = 5


def main() -> None:
    """Sync, sync again, and add one."""
    arguments = parser(__doc__)
    arguments.add_argument("library", type=Path, help="real, to make others of")
    arguments.add_argument("articles", type=Path, help="JSON Lines, packed or not")
    arguments.add_argument("--count", type=int, default=10_000, help="articles; fewer are given twice (default: 10000)")
    arguments.add_argument("--passages", type=int, default=100_000)
    arguments.add_argument("--made", type=Path, help="add to this library, which `benchmarks.search --keep` made")
    chosen = arguments.parse_args()
    rows = _many(read_articles(chosen.articles, chosen.count), chosen.count)
    with tempfile.TemporaryDirectory() as name:
        made = open_library(chosen.made or Path(name) / "made", create=True)
        if made.model is None:
            for _ in fill(made, Source(open_library(chosen.library)), chosen.passages):
                pass
        figures = {"articles": len(rows), **_one_more(rows, made, Path(name)), **_nothing_new(rows, Path(name))}
    report(figures, chosen)


def _many(rows: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """As many articles as wanted; what is given again has an address of its own."""
    return [
        {**row, "url": f"{row['url']}?again={number // len(rows)}"} if number >= len(rows) else row
        for number, row in zip(range(count), rows * (count // len(rows) + 1), strict=False)
    ]


def _nothing_new(rows: list[dict[str, Any]], folder: Path) -> dict[str, float]:
    write_articles(rows, folder / "rows.jsonl")
    for number, row in enumerate(rows):
        file = folder / "files" / str(number % 100) / f"{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{row['title']}\n\n{row['text']}", encoding="utf-8")
    figures = {}
    for kind, source in (("one file of rows", "rows.jsonl"), ("a folder of files", "files")):
        library, embedder = open_library(folder / f"of-{source}", create=True), HashingEmbedder()
        added = sync(library, embedder, [str(folder / source)]).added
        seconds = []
        for _ in range(ROUNDS):
            begin = time.perf_counter()
            unchanged = sync(library, embedder, [str(folder / source)]).unchanged
            seconds.append(time.perf_counter() - begin)
            if unchanged != added:
                raise SystemExit(f"{unchanged} of {added} articles were found unchanged")
        figures[f"nothing new, {kind}: s"] = median(seconds)
        library.close()
    return figures


def _one_more(rows: list[dict[str, Any]], library: Library, folder: Path) -> dict[str, float]:
    embedder, passages = open_embedder(), library.summarise().passages
    save_view(library)
    searcher = Searcher(library, library.rankings(), embedder)
    searcher.search("warm up")
    seconds, found = [], 0
    for row in rows[:ROUNDS]:
        write_articles([row], folder / "one.jsonl")
        begin = time.perf_counter()
        sync(library, embedder, [str(folder / "one.jsonl")])
        hits = searcher.search(row["title"])
        seconds.append(time.perf_counter() - begin)
        found += any(hit.article.url == row["url"] for hit in hits)
    library.close()
    return {
        "passages": passages,
        "one article more, until it is found: s": median(seconds),
        f"found, of {ROUNDS}": found,
    }


if __name__ == "__main__":
    main()
