"""The reader on SQuAD 2.0 (Rajpurkar et al., 2018): exact match and F1 of the words that the first quote marks.

    python -m benchmarks.squad FILE.jsonl

Each line has `id`, `title`, `context`, `question`, `answers` ([{"text", "answer_start"}]) and `is_impossible`. The
reader sees the passages of the one context. The best threshold is found on the same questions, as the official script
does, and each measure has its own.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from assistant.matching import exact_match, token_f1
from assistant.risk import area_under_roc
from assistant.settings import Settings
from assistant.wording import write_figure
from benchmarks.passages_only import Figures, open_texts, read_rows, run, take, to_article
from index.errors import QuestionError
from index.records import Article

MEASURES: dict[str, Callable[[str, Sequence[str]], float]] = {"exact_match": exact_match, "f1": token_f1}
ABOVE_ALL = 2.0
"""Any number above the highest confidence, 1."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question on one context; without answers it is impossible."""

    question: str
    article: Article
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What was marked for a question if it is not refused ("" where nothing was), and how surely (0..1)."""

    row: Row
    words: str
    confidence: float


def parse(row: dict[str, Any], where: str) -> Row:
    """Read one line; see `benchmarks.passages_only.read_rows`."""
    answers = take(row, "answers", list, where)
    if not all(isinstance(answer, dict) and isinstance(answer.get("text"), str) for answer in answers):
        raise QuestionError(f'{where}: each of "answers" must be an object with a "text"')
    if take(row, "is_impossible", bool, where) == bool(answers):
        raise QuestionError(f'{where}: "is_impossible" contradicts "answers", of which there are {len(answers)}')
    article = to_article(take(row, "context", str, where), take(row, "title", str, where).replace("_", " "))
    return Row(take(row, "question", str, where), article, tuple(answer["text"] for answer in answers))


def measure(path: Path, limit: int | None, settings: Settings) -> Figures:
    """Read every context for its questions and take the figures."""
    rows = read_rows(path, parse, limit)
    with open_texts([row.article for row in rows], settings) as texts:
        found = []
        for row in tqdm(rows, desc="reading", disable=None, leave=False):
            answer = texts.ask(row.question, [row.article])
            found.append(Found(row, answer.marked, answer.confidence))
        return {"reader": texts.reader, **summarise(found, settings.refuse_below)}


def summarise(found: Sequence[Found], threshold: float) -> Figures:
    """The figures at a threshold and at the best ones."""
    possible = np.array([bool(one.row.answers) for one in found])
    confidences = np.array([one.confidence for one in found])
    groups = {"all": np.ones_like(possible), "answerable": possible, "unanswerable": ~possible}
    figures: Figures = {
        "threshold": threshold,
        "refused": float((confidences < threshold).mean()),
        "answerability": area_under_roc(confidences[possible].tolist(), confidences[~possible].tolist()),
        **{group: {"questions": int(members.sum())} for group, members in groups.items()},
        "best": {},
    }
    for name, compare in MEASURES.items():
        given = np.array([float(compare(one.words, one.row.answers)) for one in found])
        refused = np.array([float(compare("", one.row.answers)) for one in found])
        scores = np.where(confidences >= threshold, given, refused)
        for group, members in groups.items():
            figures[group][name] = float(scores[members].mean()) if members.any() else None
        best, at = find_best_threshold(confidences, given, refused)
        figures["best"] |= {name: best, f"{name}_threshold": at}
    return figures


def find_best_threshold(
    confidences: NDArray[np.float64], given: NDArray[np.float64], refused: NDArray[np.float64]
) -> tuple[float, float]:
    """The best mean score and the threshold that gives it, over all arrays `(questions,)`; 2 refuses everything."""
    thresholds = [*np.unique(confidences).tolist(), ABOVE_ALL]
    means = [float(np.where(confidences >= threshold, given, refused).mean()) for threshold in thresholds]
    best = int(np.argmax(means))
    return means[best], thresholds[best]


def describe(figures: Figures) -> str:
    """The figures as a table."""
    groups = {
        f"all, refused below {figures['threshold']:.2f}": figures["all"],
        "  answerable": figures["answerable"],
        "  unanswerable": figures["unanswerable"],
        "all, best thresholds": {"questions": figures["all"]["questions"], **figures["best"]},
    }
    best = figures["best"]
    return "\n".join(
        [
            f"{figures['reader']:28}{'questions':>10}{'exact':>8}{'F1':>8}",
            *(
                f"{name:28}{group['questions']:10}{write_figure(group['exact_match']):>8}{write_figure(group['f1']):>8}"
                for name, group in groups.items()
            ),
            f"{'  which are':38}{best['exact_match_threshold']:8.2f}{best['f1_threshold']:8.2f}",
            f"{'answerable, AUROC':38}{write_figure(figures['answerability']):>8}",
            f"{'refused':38}{write_figure(figures['refused']):>8}",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    return run(__doc__, measure, describe, arguments)


if __name__ == "__main__":
    sys.exit(main())
