"""How the two searches are best fused: hit@k and MRR@10 of passages for each weight and constant.

python -m benchmarks.fusion --library DIR QUESTIONS.jsonl
"""

import argparse
from pathlib import Path

from tqdm import tqdm

from assistant.ask import open_assistant
from assistant.evaluation.measures import take_figures
from assistant.evaluation.records import Found, Result, Run
from assistant.questions import TestQuestion, holds_answer, read_questions
from assistant.settings import Settings
from index.records import Hit
from index.search import SearchMode, fold_copies, fuse

RETRIEVED = 20
DENSE_WEIGHTS = (0.0, 0.3, 0.5, 0.7, 1.0)
CONSTANTS = (10, 30, 60)
MEASURES = ("hit@1", "hit@5", "hit@10", "hit@20", "mrr@10")


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("questions", type=Path)
    chosen = parser.parse_args()
    searcher = open_assistant(Settings(library=chosen.library)).searcher
    questions = [question for question in read_questions(chosen.questions) if question.answerable]
    asked = []
    for question in tqdm(questions, disable=None):
        found = {
            mode: searcher.search(question.question, searcher.depth, mode)
            for mode in (SearchMode.DENSE, SearchMode.LEXICAL)
        }
        asked.append((question, found))
    print("dense weight   k   " + "  ".join(f"{name:>6}" for name in MEASURES))
    show("dense alone", [outcome(question, found[SearchMode.DENSE]) for question, found in asked])
    for constant in CONSTANTS:
        for weight in DENSE_WEIGHTS:
            fused = [outcome(question, order_fused(found, weight, constant)) for question, found in asked]
            show(f"{weight:12.1f} {constant:3}", fused)


def order_fused(found: dict[str, list[Hit]], weight: float, constant: int) -> list[Hit]:
    """The hits of both searches in fused order."""
    hits = {hit.passage_id: hit for ranking in found.values() for hit in ranking}
    rankings = {SearchMode(mode): [hit.passage_id for hit in ranking] for mode, ranking in found.items()}
    scores = fuse(rankings, {SearchMode.DENSE: weight, SearchMode.LEXICAL: 1.0}, constant)
    return fold_copies([hits[passage] for passage in scores], RETRIEVED)


def outcome(question: TestQuestion, hits: list[Hit]) -> Result:
    """What became of a question that was only searched for."""
    return Result(
        question,
        tuple(
            Found(hit.article.id, hit.start, hit.end, holds_answer(hit.text, question.answers))
            for hit in hits[:RETRIEVED]
        ),
    )


def show(name: str, results: list[Result]) -> None:
    """Print one row of the table."""
    figures = take_figures(Run("", "", (), {}, {}, tuple(results)))
    print(f"{name:18}" + "  ".join(f"{figures[measure] or 0.0:6.3f}" for measure in MEASURES), flush=True)


if __name__ == "__main__":
    main()
