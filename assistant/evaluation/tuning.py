"""Settings tried on one half of the questions, and what they are worth on the other half.

The one rule: no figure that is reported was taken on a question that a setting was chosen by.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.ask import Assistant
from assistant.evaluation.asking import run_evaluation
from assistant.evaluation.comparing import Change, Comparison, compare
from assistant.evaluation.trying import (
    Trial,
    Tried,
    Value,
    try_candidates,
    try_cuts,
    try_thresholds,
    try_weights,
    under,
)
from assistant.questions import TestQuestion
from index.embedder import cores
from index.errors import QuestionError
from index.reports import Progress, silent

FEWEST = 10
"""Questions that each half must have; with fewer, nothing could be told from chance."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """What was tried, what is `recommended` by name, and what that changes on the other half of the questions.

    `comparison` is None where the settings that are in use were the best of those tried.
    """

    trials: tuple[Trial, ...]
    recommended: dict[str, Value]
    measure: str
    comparison: Comparison | None = None

    @property
    def change(self) -> Change | None:
        """The change of the measure that counts."""
        return self.comparison[self.measure] if self.comparison else None

    @property
    def better(self) -> bool:
        """Whether the recommended settings are better beyond chance."""
        return bool(self.change and self.change.certain and self.change.better)


def tune(
    assistant: Assistant,
    questions: Sequence[TestQuestion],
    progress: Progress = silent,
    passage_lengths: Sequence[int] = (),
    passage_overlaps: Sequence[int] = (),
) -> Tuning:
    """Try settings one after another, each with the best of those before it; the assistant stays as it was.

    Passage lengths, and overlaps in sentences, are tried in libraries that are made for it, which takes as long as
    embedding all articles anew for each.

    Raises:
        QuestionError: if there are too few questions for two halves.
    """
    first, second = split_questions(questions)
    measure = "mrr@10" if any(question.answerable for question in questions) else "articles/mrr@10"
    tried = Tried(first, measure, progress)
    with try_cuts(assistant, passage_lengths, passage_overlaps, tried) as cut:
        tuned = try_weights(cut, tried)
        goal = measure
        if any(question.answers_known for question in questions):
            goal = "handled"
            tuned, run = try_candidates(tuned, tried)
            if any(question.must_refuse for question in first):
                tuned = under(tuned, refuse_below=try_thresholds(tuned, run, tried))
        recommended = _differing(assistant, tuned)
        comparison = None
        if recommended:
            runs = [
                run_evaluation(one, second, tried.shown(name), name=name, at_once=cores())
                for name, one in (("in use", assistant), ("recommended", tuned))
            ]
            comparison = compare(*runs)
    return Tuning(tuple(tried.trials), recommended, goal, comparison)


def split_questions(questions: Sequence[TestQuestion]) -> tuple[list[TestQuestion], list[TestQuestion]]:
    """Two halves with as many questions of each kind, by their ids alone.

    Raises:
        QuestionError: if a half would be too small.
    """

    def place(question: TestQuestion) -> tuple[bool, bool, bytes]:
        return question.must_refuse, question.answerable, hashlib.blake2b(question.id.encode()).digest()

    ordered = sorted(questions, key=place)
    if len(ordered) < 2 * FEWEST:
        raise QuestionError(
            f"{len(ordered)} questions are too few to tune by: at least {2 * FEWEST} are needed, half of them to "
            "choose by and half to report on"
        )
    return ordered[::2], ordered[1::2]


def _differing(before: Assistant, after: Assistant) -> dict[str, Value]:
    names = ("passage_tokens", "passage_overlap", "dense_weight", "candidates", "refuse_below")
    return {
        name: getattr(after.settings, name)
        for name in names
        if getattr(after.settings, name) != getattr(before.settings, name)
    }
