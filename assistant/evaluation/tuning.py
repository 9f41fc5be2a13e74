"""Settings tried on one half of the questions, and what they are worth on the other half.

The one rule: no figure that is reported was taken on a question that a setting was chosen by.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.ask import Assistant
from assistant.evaluation.asking import run_evaluation
from assistant.evaluation.comparing import Change, Comparison, compare
from assistant.evaluation.measures import is_right, take_figures
from assistant.evaluation.records import Result, Run
from assistant.questions import TestQuestion
from assistant.readers import open_reader
from index.embedder import cores
from index.errors import QuestionError
from index.local import open_library
from index.reports import Progress, silent
from index.search import Searcher, SearchMode
from index.sync import sync_articles

DENSE_WEIGHTS = (0.3, 0.5, 0.7, 1.0, 1.5)
CANDIDATES = (8, 16, 24, 40)
FEWEST = 10
"""Questions that each half must have; with fewer, nothing could be told from chance."""

Value = int | float


@dataclass(frozen=True, slots=True)
class Trial:
    """A value of a setting with its figure on the first half of the questions; more is better."""

    setting: str
    value: Value
    measure: str
    figure: float


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
    tried = _Tried(first, measure, progress)
    with _try_cuts(assistant, passage_lengths, passage_overlaps, tried) as cut:
        tuned = _try_weights(cut, tried)
        goal = measure
        if any(question.answers_known for question in questions):
            goal = "handled"
            tuned, run = _try_candidates(tuned, tried)
            if any(question.must_refuse for question in first):
                tuned = _with(tuned, refuse_below=_try_thresholds(tuned, run, tried))
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


class _Tried:
    """The questions that settings are chosen by, and what was found."""

    def __init__(self, questions: Sequence[TestQuestion], measure: str, progress: Progress) -> None:
        self.questions = questions
        self.measure = measure
        self.trials: list[Trial] = []
        self._progress = progress

    def shown(self, name: str) -> Callable[[int, int], None]:
        return lambda done, total: self._progress(name, done, total)

    def note(self, setting: str, value: Value, measure: str, figure: float | None) -> float:
        self.trials.append(Trial(setting, value, measure, figure or 0.0))
        return figure or 0.0

    def search(self, assistant: Assistant, setting: str, value: Value) -> float:
        shown = self.shown(f"{setting} {value}")
        run = run_evaluation(assistant, self.questions, shown, reading=False, at_once=cores())
        return self.note(setting, value, self.measure, take_figures(run)[self.measure])


@contextmanager
def _try_cuts(
    assistant: Assistant, lengths: Sequence[int], overlaps: Sequence[int], tried: _Tried
) -> Iterator[Assistant]:
    """The assistant with the best passage length, then the best overlap, on a library that is gone afterwards."""
    made: list[Assistant] = []
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:

        def best_of(one: Assistant, setting: str, values: Sequence[int]) -> Assistant:
            in_use = getattr(one.settings, setting)
            found = {in_use: (tried.search(one, setting, in_use), one)} if values else {in_use: (0.0, one)}
            for value in values:
                if value not in found:
                    made.append(_cut_anew(one, Path(folder) / str(len(made)), **{setting: value}))
                    found[value] = (tried.search(made[-1], setting, value), made[-1])
            return found[_best({value: figure for value, (figure, _) in found.items()}, in_use)][1]

        try:
            yield best_of(best_of(assistant, "passage_tokens", lengths), "passage_overlap", overlaps)
        finally:
            for one in made:
                one.library.close()


def _cut_anew(assistant: Assistant, folder: Path, **cut: Any) -> Assistant:
    settings = replace(assistant.settings, **cut)
    library = open_library(folder, create=True)
    sync_articles(library, assistant.embedder, assistant.library.iterate_articles(), cut=settings.cut)
    searcher = Searcher(library, library.rankings(), assistant.embedder, dense_weight=settings.dense_weight)
    reader, notice = open_reader(settings.reader, library, assistant.embedder)
    return Assistant(settings, library, assistant.embedder, searcher, reader, notice)


def _try_weights(assistant: Assistant, tried: _Tried) -> Assistant:
    in_use = assistant.settings.dense_weight
    if assistant.settings.search_mode is not SearchMode.FUSED:
        return assistant
    figures = {
        weight: tried.search(_with(assistant, dense_weight=weight), "dense_weight", weight)
        for weight in sorted({*DENSE_WEIGHTS, in_use})
    }
    return _with(assistant, dense_weight=_best(figures, in_use))


def _try_candidates(assistant: Assistant, tried: _Tried) -> tuple[Assistant, Run]:
    """The assistant that reads as many passages as are best, and what it answered."""
    in_use = assistant.settings.candidates
    runs, figures = {}, {}
    for number in sorted({*CANDIDATES, in_use}):
        one = _with(assistant, candidates=number)
        runs[number] = run_evaluation(one, tried.questions, tried.shown(f"candidates {number}"), at_once=cores())
        answerable = [result for result in runs[number].results if result.question.answerable]
        right = sum(map(is_right, answerable)) / len(answerable) if answerable else 0.0
        figures[number] = tried.note("candidates", number, "right if none were refused", right)
    best = int(_best(figures, in_use))
    return _with(assistant, candidates=best), runs[best]


def _try_thresholds(assistant: Assistant, run: Run, tried: _Tried) -> float:
    """The threshold under which most questions are handled rightly; nothing needs to be asked again."""
    in_use = assistant.settings.refuse_below
    values = sorted({in_use, *(round(number / 50, 2) for number in range(50))})
    figures = {
        value: tried.note("refuse_below", value, "handled", _share_handled(run.results, value)) for value in values
    }
    return float(_best(figures, in_use))


def _share_handled(results: Sequence[Result], refuse_below: float) -> float:
    known = [result for result in results if result.question.answers_known]
    refused = {result.question.id: not result.quotes or result.confidence < refuse_below for result in known}
    handled = (
        refused[result.question.id]
        if result.question.must_refuse
        else is_right(result) and not refused[result.question.id]
        for result in known
        if not result.failure
    )
    return sum(handled) / len(known)


def _best(figures: dict[Any, float], in_use: Value) -> Any:
    """The value with the highest figure; of equal ones that in use, else the one nearest to it."""
    return min(figures, key=lambda value: (-round(figures[value], 9), abs(value - in_use)))


def _with(assistant: Assistant, **settings: Any) -> Assistant:
    """The same assistant under other settings."""
    other = copy(assistant)
    other.settings = replace(assistant.settings, **settings)
    if "dense_weight" in settings:
        searcher = assistant.searcher
        other.searcher = Searcher(
            searcher.library, searcher.rankings, searcher.embedder, searcher.depth, settings["dense_weight"]
        )
    return other


def _differing(before: Assistant, after: Assistant) -> dict[str, Value]:
    names = ("passage_tokens", "passage_overlap", "dense_weight", "candidates", "refuse_below")
    return {
        name: getattr(after.settings, name)
        for name in names
        if getattr(after.settings, name) != getattr(before.settings, name)
    }
