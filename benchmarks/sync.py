"""Sync beside the LangChain stack, in turns on the same articles: `python -m benchmarks.sync ARTICLES.jsonl[.gz]`.

Each round gives both the same new articles: ours syncs them into its growing library, the stack splits, embeds, indexes
and saves them.
"""

import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.corpora import parser, read_articles, report, write_articles
from benchmarks.stack import open_stack
from index.embedders import open_embedder
from index.local import open_library
from index.sync import sync


def main() -> None:
    """Sync in turns."""
    arguments = parser(__doc__)
    arguments.add_argument("articles", type=Path)
    arguments.add_argument("--together", type=int, default=40, help="articles in a round (default: 40)")
    arguments.add_argument("--rounds", type=int, default=5)
    chosen = arguments.parse_args()
    embedder, stack = open_embedder(), open_stack()
    ours, theirs = [], []
    rows = read_articles(chosen.articles, chosen.together * chosen.rounds)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        library = open_library(folder / "library", create=True)
        for number in range(chosen.rounds):
            share = rows[number * chosen.together : (number + 1) * chosen.together]
            write_articles(share, folder / f"{number}.jsonl")
            begin = time.perf_counter()
            sync(library, embedder, [str(folder / f"{number}.jsonl")])
            middle = time.perf_counter()
            ours.append(middle - begin)
            if stack is not None:
                stack.build(share, folder / "store")
                theirs.append(time.perf_counter() - middle)
        passages = library.summarise().passages
        library.close()
    figures: dict[str, float] = {
        "articles a round": chosen.together,
        "rounds": chosen.rounds,
        "passages, ours": passages,
        "articles a second, ours": chosen.together / median(ours),
    }
    if stack is not None:
        ratios = [other / own for own, other in zip(ours, theirs, strict=True)]
        figures |= {
            "articles a second, stack": chosen.together / median(theirs),
            "ratio, median of the rounds": median(ratios),
            "ratio, least of the rounds": min(ratios),
        }
    report(figures, chosen)


if __name__ == "__main__":
    main()
