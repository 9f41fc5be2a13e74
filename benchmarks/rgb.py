"""Noise and refusal on RGB (Chen et al., AAAI 2024): five passages a question, of which some or all do not answer.

    python -m benchmarks.rgb QUESTIONS.jsonl

Each line has `query`, `answer` (items that must all be there; an item is a text or a list of alternatives),
`negative` (passages that do not answer) and `passages_by_noise` (`{"0.2": [{"text": …}, …]}`). RGB looks for the
answers in what a language model writes, here they must stand in the quotes, as whole words. Nothing but negatives
should be refused.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from assistant.answer import Answer, apply_threshold
from assistant.questions import holds_answer
from assistant.risk import area_under_roc
from assistant.settings import Settings
from assistant.wording import write_figure
from benchmarks.passages_only import Figures, GivenTexts, open_texts, read_rows, run, take, to_article
from index.errors import QuestionError
from index.records import Article

NEGATIVES = 5
LEAST_NOISE = "0.2"


@dataclass(frozen=True, slots=True)
class Row:
    """A question, its answer (each item as its alternatives), and its texts: by ratio of noise, and noise alone."""

    question: str
    items: tuple[tuple[str, ...], ...]
    by_noise: dict[str, list[Article]]
    negatives: list[Article]

    def is_answered(self, answer: Answer) -> bool:
        """Whether the quotes together hold every item."""
        quoted = " ".join(quote.text for quote in answer.quotes)
        return all(holds_answer(quoted, alternatives) for alternatives in self.items)


def parse(row: dict[str, Any], where: str) -> Row:
    """Read one line; see `benchmarks.passages_only.read_rows`."""
    items = [[item] if isinstance(item, str) else item for item in take(row, "answer", list, where)]
    if not items or not all(isinstance(item, list) and item and all(map(_is_text, item)) for item in items):
        raise QuestionError(f'{where}: "answer" must be a list of texts, or of lists of alternative texts')
    by_noise = take(row, "passages_by_noise", dict, where)
    return Row(
        take(row, "query", str, where),
        tuple(map(tuple, items)),
        {noise: [_text_of(passage, where) for passage in take(by_noise, noise, list, where)] for noise in by_noise},
        [_text_of(passage, where) for passage in take(row, "negative", list, where)[:NEGATIVES]],
    )


def measure(path: Path, limit: int | None, settings: Settings) -> Figures:
    """Read the passages of every question, at each ratio of noise, and take the figures."""
    rows = read_rows(path, parse, limit)
    ratios = sorted({noise for row in rows for noise in row.by_noise})
    texts = [text for row in rows for given in (*row.by_noise.values(), row.negatives) for text in given]
    with open_texts(texts, settings) as opened:
        answers = {
            noise: _ask(opened, [(row, row.by_noise[noise]) for row in rows if noise in row.by_noise])
            for noise in ratios
        }
        negatives = _ask(opened, [(row, row.negatives) for row in rows if row.negatives])
    threshold = settings.refuse_below
    positives = [answer.confidence for _, answer in answers.get(LEAST_NOISE, [])]
    return {
        "reader": opened.reader,
        "threshold": threshold,
        "noise": {noise: _summarise(asked, threshold) for noise, asked in answers.items()},
        "negatives": _summarise(negatives, threshold),
        "answerability": area_under_roc(positives, [answer.confidence for _, answer in negatives]),
    }


def describe(figures: Figures) -> str:
    """The figures as a table."""
    groups = {f"noise {noise}": group for noise, group in figures["noise"].items()}
    groups["negatives only"] = figures["negatives"]
    return "\n".join(
        [
            f"{figures['reader']:24}{'questions':>10}{'answered':>10}{'unrefused':>11}{'refused':>9}",
            *(
                f"{name:24}{group['questions']:10}{write_figure(group['answered']):>10}"
                f"{write_figure(group['answered_unrefused']):>11}{write_figure(group['refused']):>9}"
                for name, group in groups.items()
            ),
            f"refused below {figures['threshold']:.2f}",
            f"AUROC, noise {LEAST_NOISE} against negatives: {write_figure(figures['answerability'])}",
        ]
    )


def _ask(texts: GivenTexts, asked: Sequence[tuple[Row, list[Article]]]) -> list[tuple[Row, Answer]]:
    bar = tqdm(asked, desc="reading", disable=None, leave=False)
    return [(row, texts.ask(row.question, given)) for row, given in bar]


def _summarise(asked: Sequence[tuple[Row, Answer]], threshold: float) -> dict[str, float | None]:
    """Shares of the questions; `answered_unrefused` is what it would be if none were refused."""
    shown = [(row, apply_threshold(answer, threshold)) for row, answer in asked]
    return {
        "questions": len(asked),
        "answered": _mean([row.is_answered(answer) for row, answer in shown]),
        "answered_unrefused": _mean([row.is_answered(answer) for row, answer in asked]),
        "refused": _mean([answer.refused for _, answer in shown]),
    }


def _text_of(passage: object, where: str) -> Article:
    text = passage.get("text") if isinstance(passage, dict) else passage
    if not isinstance(text, str) or not text.strip():
        raise QuestionError(f'{where}: a passage must be a text, or an object with a "text"')
    return to_article(text)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _mean(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    return run(__doc__, measure, describe, arguments)


if __name__ == "__main__":
    sys.exit(main())
