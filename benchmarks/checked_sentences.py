"""Measures the checks of generated sentences: `python -m benchmarks.checked_sentences ARTICLES.jsonl`.

200 answers are made out of the passages of real articles and an error is planted in 100 of them, of five kinds; a
sentence is flagged where the checker calls it unsupported. The one rule: nothing was fitted on these articles.
"""

import argparse
from collections import Counter
from pathlib import Path
from statistics import median
from time import perf_counter

from assistant.checking import Checker
from assistant.statements import Support
from benchmarks.made_answers import PLANTS, make_answers, read_articles
from index.embedder import DEFAULT_MODEL
from index.embedders import open_embedder

SEED = 2024


def main() -> None:
    """Print precision and recall of the flags, recall by the kind of error, and every mistake if wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--answers", type=int, default=200)
    parser.add_argument("--errors", type=int, default=100)
    parser.add_argument("--articles", type=int, help="how many articles are read at most (default: all)")
    parser.add_argument("--embedding-model", default=DEFAULT_MODEL)
    parser.add_argument("--mistakes", action="store_true", help="print every sentence that was judged wrongly")
    chosen = parser.parse_args()
    embedder = open_embedder(chosen.embedding_model)
    articles = read_articles(chosen.file, chosen.articles)
    answers = make_answers(articles, embedder.count_tokens, answers=chosen.answers, errors=chosen.errors, seed=SEED)
    checker = Checker(embedder)
    judged: Counter[tuple[str, Support]] = Counter()
    seconds = []
    for answer in answers:
        for one in answer.statements:
            begin = perf_counter()
            finding = checker.check(one.text, [answer.passages[number] for number in one.cited])
            seconds.append(perf_counter() - begin)
            judged[one.planted, finding.support] += 1
            if chosen.mistakes and bool(one.planted) != (finding.support is Support.UNSUPPORTED):
                print(f"{one.planted or 'sound'} | {finding.probability:.2f} {finding.missing} | {one.text}")
                print(f"    from: {one.source}")
    flagged = {kind: judged[kind, Support.UNSUPPORTED] for kind in ("", *PLANTS)}
    planted = {kind: sum(judged[kind, support] for support in Support) for kind in ("", *PLANTS)}
    right, errors = sum(flagged[kind] for kind in PLANTS), sum(planted[kind] for kind in PLANTS)
    print(f"{len(answers)} answers, {sum(planted.values())} sentences, {errors} planted errors")
    print(f"precision {right / max(right + flagged[''], 1):.3f}, recall {right / errors:.3f}")
    for kind in PLANTS:
        print(f"  {kind:10} {flagged[kind]} of {planted[kind]} flagged")
    weak = judged["", Support.WEAK]
    print(f"of {planted['']} sound sentences {flagged['']} were flagged and {weak} called weak")
    print(f"median {1000 * median(seconds):.0f} ms a sentence")


if __name__ == "__main__":
    main()
