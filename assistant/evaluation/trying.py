"""The values of settings that are tried, each setting with the best of those before it.

The one rule: the assistant and the library that are in use stay as they are; what is tried is made beside them.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.ask import Assistant
from assistant.evaluation.asking import run_evaluation
from assistant.evaluation.measures import is_right, take_figures
from assistant.evaluation.records import Result, Run
from assistant.questions import TestQuestion
from assistant.readers import open_reader
from index.embedder import cores
from index.local import open_library
from index.reports import Progress
from index.search import Searcher, SearchMode
from index.sync import sync_articles

DENSE_WEIGHTS = (0.3, 0.5, 0.7, 1.0, 1.5)
CANDIDATES = (8, 16, 24, 40)

Value = int | float


@dataclass(frozen=True, slots=True)
class Trial:
    """A value of a setting with its figure on the first half of the questions; more is better."""

    setting: str
    value: Value
    measure: str
    figure: float


class Tried:
    """The questions that settings are chosen by, and what was found."""

    def __init__(self, questions: Sequence[TestQuestion], measure: str, progress: Progress) -> None:
        """Take the questions, the measure that rankings are chosen by, and whom to tell how far it is."""
        self.questions = questions
        self.measure = measure
        self.trials: list[Trial] = []
        self._progress = progress

    def shown(self, name: str) -> Callable[[int, int], None]:
        """The progress of one run, under its name."""
        return lambda done, total: self._progress(name, done, total)

    def note(self, setting: str, value: Value, measure: str, figure: float | None) -> float:
        """Keep a trial; its figure, 0 where there is none."""
        self.trials.append(Trial(setting, value, measure, figure or 0.0))
        return figure or 0.0

    def search(self, assistant: Assistant, setting: str, value: Value) -> float:
        """Ask all questions without reading, and keep how well they rank."""
        shown = self.shown(f"{setting} {value}")
        run = run_evaluation(assistant, self.questions, shown, reading=False, at_once=cores())
        return self.note(setting, value, self.measure, take_figures(run)[self.measure])


@contextmanager
def try_cuts(
    assistant: Assistant, lengths: Sequence[int], overlaps: Sequence[int], tried: Tried
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


def try_weights(assistant: Assistant, tried: Tried) -> Assistant:
    """The assistant with the best weight of the dense search; as it is where the searches are not fused."""
    in_use = assistant.settings.dense_weight
    if assistant.settings.search_mode is not SearchMode.FUSED:
        return assistant
    figures = {
        weight: tried.search(under(assistant, dense_weight=weight), "dense_weight", weight)
        for weight in sorted({*DENSE_WEIGHTS, in_use})
    }
    return under(assistant, dense_weight=_best(figures, in_use))


def try_candidates(assistant: Assistant, tried: Tried) -> tuple[Assistant, Run]:
    """The assistant that reads as many passages as are best, and what it answered."""
    in_use = assistant.settings.candidates
    runs, figures = {}, {}
    for number in sorted({*CANDIDATES, in_use}):
        one = under(assistant, candidates=number)
        runs[number] = run_evaluation(one, tried.questions, tried.shown(f"candidates {number}"), at_once=cores())
        answerable = [result for result in runs[number].results if result.question.answerable]
        right = sum(map(is_right, answerable)) / len(answerable) if answerable else 0.0
        figures[number] = tried.note("candidates", number, "right if none were refused", right)
    best = int(_best(figures, in_use))
    return under(assistant, candidates=best), runs[best]


def try_thresholds(assistant: Assistant, run: Run, tried: Tried) -> float:
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


def under(assistant: Assistant, **settings: Any) -> Assistant:
    """The same assistant under other settings."""
    other = copy(assistant)
    other.settings = replace(assistant.settings, **settings)
    if "dense_weight" in settings:
        searcher = assistant.searcher
        other.searcher = Searcher(
            searcher.library, searcher.rankings, searcher.embedder, searcher.depth, settings["dense_weight"]
        )
    return other
