"""Passages embedded per second, beside `HuggingFaceEmbeddings`: `python -m benchmarks.embedding ARTICLES.jsonl[.gz]`.

The two take turns on the same passages, so that whatever else the machine does slows both.
"""

import time
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.corpora import parser, read_articles, report
from benchmarks.stack import open_stack
from index.clean import clean
from index.embedders import open_embedder
from index.passages import split_passages


def main() -> None:
    """Embed in turns, tell the median of the rounds' ratios."""
    arguments = parser(__doc__)
    arguments.add_argument("articles", type=Path)
    arguments.add_argument("--passages", type=int, default=320, help="in each round (default: 320)")
    arguments.add_argument("--rounds", type=int, default=5)
    chosen = arguments.parse_args()
    ours, stack = open_embedder(), open_stack()
    texts: list[str] = []
    for row in read_articles(chosen.articles, chosen.passages * chosen.rounds // 8 + 1):
        text = clean(row["text"], title=row["title"], recurring=frozenset()).text
        texts += [passage.text for passage in split_passages("", text, ours.count_tokens)]
    wanted = chosen.passages * chosen.rounds
    texts = (texts * (wanted // len(texts) + 1))[:wanted]
    rates: dict[str, list[float]] = {"ours": [], "stack": []}
    least = 1.0
    for number in range(chosen.rounds):
        share = texts[number * chosen.passages : (number + 1) * chosen.passages]
        begin = time.perf_counter()
        found = ours.embed_passages(share)
        middle = time.perf_counter()
        rates["ours"].append(len(share) / (middle - begin))
        if stack is None:
            continue
        other = np.asarray(stack.embeddings.embed_documents(share), dtype=np.float32)
        rates["stack"].append(len(share) / (time.perf_counter() - middle))
        other /= np.linalg.norm(other, axis=1, keepdims=True)
        least = min(least, float((found * other).sum(axis=1).min()))
    figures: dict[str, float] = {
        "passages a round": chosen.passages,
        "rounds": chosen.rounds,
        "passages a second, ours (median)": median(rates["ours"]),
    }
    if stack is not None:
        ratios = [one / other for one, other in zip(rates["ours"], rates["stack"], strict=True)]
        figures |= {
            "passages a second, stack (median)": median(rates["stack"]),
            "ratio, median of the rounds": median(ratios),
            "ratio, least of the rounds": min(ratios),
            "least cosine between the two": least,
        }
    report(figures, chosen)


if __name__ == "__main__":
    main()
