"""What the bound on the search by words costs: `python -m benchmarks.common_words LIBRARY QUESTIONS.jsonl`.

The bound is for libraries of a million passages. Here it is made as tight for a smaller one, as shares of its passages,
and the first ten passages are compared with those of the unbounded ranking, and with the questions' answers.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import index.full_text
from benchmarks.corpora import parser, report
from index.full_text import FullText, match_expression
from index.library import Library
from index.local import open_library
from index.words import question_words

SHARES = (0.01, 0.02, 0.05)
PASSED_SHARE = 0.1
WANTED = 10


def main() -> None:
    """Search with every bound."""
    arguments = parser(__doc__)
    arguments.add_argument("library", type=Path)
    arguments.add_argument("questions", type=Path)
    chosen = arguments.parse_args()
    library = open_library(chosen.library)
    rows = [json.loads(line) for line in chosen.questions.read_text(encoding="utf-8").splitlines()]
    asked = [(question_words(row["question"]), row["answers"]) for row in rows]
    passages = library.summarise().passages
    whole = [library.match_text(match_expression(words), WANTED) for words, _ in asked]
    figures: dict[str, float] = {
        "passages": passages,
        "questions": len(asked),
        "unbounded: an answer in the first ten": _answered(library, whole, [answers for _, answers in asked]),
    }
    for share in SHARES:
        for name, bound in (("RANKED", int(share * passages)), ("PASSED", int(PASSED_SHARE * passages))):
            setattr(index.full_text, name, (bound, bound))
        bounded = FullText(library)
        found = [bounded.match(words, WANTED) for words, _ in asked]
        shared = [len({*one} & {*other}) / max(len(other), 1) for one, other in zip(found, whole, strict=True)]
        name = f"a share of {share:g} ranked"
        figures[f"{name}: of the first ten, the same"] = sum(shared) / len(shared)
        figures[f"{name}: an answer in them"] = _answered(library, found, [answers for _, answers in asked])
    library.close()
    report(figures, chosen)


def _answered(library: Library, found: Sequence[Sequence[int]], answers: Sequence[Sequence[str]]) -> float:
    """The share of questions one of whose answers stands in a passage that was found."""
    hits = 0
    for ids, wanted in zip(found, answers, strict=True):
        texts = [article.text[start:end].lower() for _, article, start, end in library.find_passages(ids).values()]
        hits += any(answer.lower() in text for answer in wanted for text in texts)
    return hits / len(found)


if __name__ == "__main__":
    main()
