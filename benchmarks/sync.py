"""Sync beside the LangChain stack, in turns on the same articles: `python -m benchmarks.sync ARTICLES.jsonl[.gz]`.

Each round gives both the same new articles: ours syncs them into its growing library, the stack splits, embeds, indexes
and saves them. Then nothing new is synced, and one article more.
"""

import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.corpora import parser, read_articles, report, write_articles
from benchmarks.stack import Stack
from index.dense import open_view
from index.embedder import open_embedder
from index.library import open_library
from index.search import Searcher
from index.sync import sync


def main() -> None:
    """Sync in turns."""
    arguments = parser(__doc__)
    arguments.add_argument("articles", type=Path)
    arguments.add_argument("--together", type=int, default=40, help="articles in a round (default: 40)")
    arguments.add_argument("--rounds", type=int, default=5)
    chosen = arguments.parse_args()
    embedder, stack = open_embedder(), Stack()
    ours, theirs = [], []
    rows = read_articles(chosen.articles, chosen.together * chosen.rounds + 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        library = open_library(folder / "library", create=True)
        for number in range(chosen.rounds):
            share = rows[number * chosen.together : (number + 1) * chosen.together]
            write_articles(share, folder / f"{number}.jsonl")
            begin = time.perf_counter()
            sync(library, embedder, [str(folder / f"{number}.jsonl")])
            middle = time.perf_counter()
            stack.build(share, folder / "store")
            ours.append(middle - begin)
            theirs.append(time.perf_counter() - middle)
        again = [str(folder / f"{number}.jsonl") for number in range(chosen.rounds)]
        begin = time.perf_counter()
        unchanged = sync(library, embedder, again).unchanged
        nothing_new = time.perf_counter() - begin
        searcher = Searcher(library, open_view(library), embedder)
        searcher.search("warm up")
        write_articles(rows[-1:], folder / "one.jsonl")
        begin = time.perf_counter()
        sync(library, embedder, [str(folder / "one.jsonl")])
        searcher.search(rows[-1]["title"])
        one_more = time.perf_counter() - begin
        passages = library.summarise().passages
        library.close()
    ratios = [other / own for own, other in zip(ours, theirs, strict=True)]
    report(
        {
            "articles a round": chosen.together,
            "rounds": chosen.rounds,
            "passages, ours": passages,
            "articles a second, ours": chosen.together / median(ours),
            "articles a second, stack": chosen.together / median(theirs),
            "ratio, median of the rounds": median(ratios),
            "ratio, least of the rounds": min(ratios),
            "nothing new: articles": unchanged,
            "nothing new: s": nothing_new,
            "one more article, embedded and found: s": one_more,
        },
        chosen,
    )


if __name__ == "__main__":
    main()
