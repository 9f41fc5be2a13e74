"""What the bounds on the search by words cost: `python -m benchmarks.common_words LIBRARY QUESTIONS.jsonl`.

The bounds are shares of a library's passages, narrower in a library of a million than in a small one. Here several are
laid on one library: how often an answer is among the first passages, and the time on the processor. Which model
embedded the library does not matter.
"""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

import index.full_text
from benchmarks.corpora import parser, report
from index.full_text import FullText, match_expression
from index.library import Library
from index.local import open_library
from index.words import question_words

BOUNDS = ((0.05, 0.8), (0.05, 0.4), (0.05, 0.1), (0.02, 0.8), (0.02, 0.4), (0.02, 0.2), (0.02, 0.1), (0.01, 0.4))
"""Shares of all passages that are ranked, and postings that are passed over as a share of all passages."""
AT = (1, 5, 10, 100)
Asked = Sequence[tuple[Sequence[str], Sequence[str]]]


def main() -> None:
    """Search without bounds and with each pair of them."""
    arguments = parser(__doc__)
    arguments.add_argument("library", type=Path)
    arguments.add_argument("questions", type=Path)
    chosen = arguments.parse_args()
    library = open_library(chosen.library)
    rows = [json.loads(line) for line in chosen.questions.read_text(encoding="utf-8").splitlines()]
    asked = [(question_words(row["question"]), row["answers"]) for row in rows if row["answers"]]
    passages = library.summarise().passages
    figures: dict[str, str | int] = {"passages": passages, "questions": len(asked)}
    figures["unbounded"] = _measure(library, asked, lambda words: library.match_text(match_expression(words), AT[-1]))
    for ranked, passed in BOUNDS:
        for name, share in (("RANKED", ranked), ("PASSED", passed)):
            setattr(index.full_text, name, (int(share * passages),) * 2)
        bounded = FullText(library)
        name = f"ranked {ranked:g}, passed over {passed:g}"
        figures[name] = _measure(library, asked, lambda words, bounded=bounded: bounded.match(words, AT[-1]))  # type: ignore[misc]
    library.close()
    report(figures, chosen)


def _measure(library: Library, asked: Asked, match: Callable[[Sequence[str]], list[int]]) -> str:
    """How often an answer is among the first passages, and the time on the processor."""
    places, spent = [], 0.0
    for words, answers in asked:
        begin = time.process_time()
        ids = match(words)
        spent += time.process_time() - begin
        places.append(_place(library, ids, answers))
    found = [f"@{at} {np.mean([place <= at for place in places]):.3f}" for at in AT]
    return f"{'  '.join(found)}  {1000 * spent / len(asked):.1f} ms"


def _place(library: Library, ids: Sequence[int], answers: Sequence[str]) -> float:
    """The rank of the first passage in which an answer stands."""
    rows = library.find_passages(ids)
    texts = {passage: article.text[start:end].lower() for passage, article, start, end in rows.values()}
    wanted = [answer.lower() for answer in answers]
    return next((n for n, i in enumerate(ids, 1) if any(answer in texts.get(i, "") for answer in wanted)), np.inf)


if __name__ == "__main__":
    main()
