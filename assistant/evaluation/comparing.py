"""Run against run: each measure with its difference, an interval, and how probable such a difference is by chance.

The one rule: what is compared is paired. Only questions that both runs asked count, and those left out are named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation.measures import (
    MEANS,
    MEASURES,
    RUN_MEASURES,
    Measure,
    question_values,
    run_value,
    take_answered,
)
from assistant.evaluation.records import Result, Run
from assistant.evaluation.weighted import Answered
from index.errors import QuestionError

RESAMPLES = 10_000
RESAMPLES_OF_RUNS = 2_000
"""Fewer for measures of a whole run, which are taken anew for each."""
CONFIDENCE_LEVEL = 0.95
FEWEST = 2
"""Questions below which nothing can be said of chance."""
TINY = 1e-9
"""What adding in another order may change."""
SEED = 20240601
"""Fixed, so that the same two runs always give the same interval."""


@dataclass(frozen=True, slots=True)
class Change:
    """A measure then and now, on the `questions` that both runs measure; None where one of them has no value.

    `low` and `high` bound the difference with a confidence of 95 %: the percentile bootstrap over questions (Efron and
    Tibshirani, 1993). `p` is the two-sided randomisation test (Smucker, Allan and Carterette, 2007). They are None
    where there are fewer than two questions.
    """

    measure: Measure
    questions: int
    before: float | None
    after: float | None
    low: float | None = None
    high: float | None = None
    p: float | None = None

    @property
    def difference(self) -> float | None:
        """How much the figure has risen."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def better(self) -> bool:
        """Whether it changed for the better, noise or not."""
        return bool(self.difference) and (self.difference > 0) is self.measure.higher_is_better  # type: ignore[operator]

    @property
    def certain(self) -> bool:
        """Whether the interval leaves out that nothing changed."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that one run gets right and the other wrong, by one measure."""

    measure: Measure
    gained: bool
    before: Result
    after: Result


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs, the measures of both, and the questions that flipped.

    `settings` are those that differ, `(name, then, now)`. `only_before` and `only_after` are ids of questions that one
    run alone asked, `changed` those whose question, answers or evidence are others now: none of them is compared.
    """

    before: Run
    after: Run
    changes: tuple[Change, ...]
    flips: tuple[Flip, ...]
    settings: tuple[tuple[str, str, str], ...] = ()
    only_before: tuple[str, ...] = ()
    only_after: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Change:
        """The change of the measure of that name."""
        return next(change for change in self.changes if change.measure.name == name)


FLIPPING = ("hit@1", "hit@5", "quoted", "refusal-recall", "articles/hit@5")
"""Measures that are 0 or 1 a question and whose flips are shown."""


def compare(before: Run, after: Run) -> Comparison:
    """Compare a run with an earlier one, on the questions that both asked.

    Raises:
        QuestionError: if they have no question in common.
    """
    then = {result.question.id: result for result in before.results}
    now = {result.question.id: result for result in after.results}
    shared = [name for name in now if name in then]
    changed = tuple(name for name in shared if then[name].question != now[name].question)
    kept = [name for name in shared if name not in set(changed)]
    if not kept:
        raise QuestionError(
            f"the runs {before.name!r} ({len(then)} questions) and {after.name!r} ({len(now)} questions) have no "
            "question in common: compare runs of the same question file"
        )
    paired = [replace(run, results=tuple(of[name] for name in kept)) for run, of in ((before, then), (after, now))]
    values = [question_values(run) for run in paired]
    answered = [take_answered(run.results) for run in paired]
    return Comparison(
        before,
        after,
        tuple(
            _compare_means(measure, values[0][measure.name], values[1][measure.name])
            if measure.name in MEANS
            else _compare_runs(measure, answered[0], answered[1])
            for measure in MEASURES
        ),
        tuple(_find_flips(values[0], values[1], then, now)),
        _differing(before, after),
        tuple(name for name in then if name not in now),
        tuple(name for name in now if name not in then),
        changed,
    )


def _compare_means(measure: Measure, before: Mapping[str, float], after: Mapping[str, float]) -> Change:
    shared = [name for name in after if name in before]
    if not shared:
        return Change(measure, 0, None, None)
    then, now = (np.array([values[name] for name in shared]) for values in (before, after))
    change = Change(measure, len(shared), float(then.mean()), float(now.mean()))
    if len(shared) < FEWEST:
        return change
    low, high = bootstrap_interval(now - then)
    return replace(change, low=low, high=high, p=randomisation_test(now - then))


def bootstrap_interval(differences: NDArray[np.float64], resamples: int = RESAMPLES) -> tuple[float, float]:
    """The interval of the mean of paired differences: percentiles of the means of samples drawn with replacement."""
    random = np.random.default_rng(SEED)
    number = len(differences)
    means = [
        differences[random.integers(0, number, (share, number))].mean(axis=1) for share in _shares(resamples, number)
    ]
    return _interval(np.concatenate(means))


def randomisation_test(differences: NDArray[np.float64], resamples: int = RESAMPLES) -> float:
    """How probable a mean difference of that size is if the two runs were exchangeable, question by question.

    Every sign may be turned. The observed one counts among the drawn, so that p is never 0 (Phipson and Smyth, 2010).
    """
    random = np.random.default_rng(SEED)
    telling = differences[differences != 0]
    if not len(telling):
        return 1.0
    observed = abs(telling.sum())
    reached = 0
    for share in _shares(resamples, len(telling)):
        signs = random.integers(0, 2, (share, len(telling)), dtype=np.int8) * 2 - 1
        reached += int((np.abs(signs @ telling) >= observed - TINY).sum())
    return (reached + 1) / (resamples + 1)


def _compare_runs(measure: Measure, before: Answered, after: Answered) -> Change:
    """As `_compare_means`, of a measure that is taken on all questions together."""
    number = len(before.confidence)
    then, now = run_value(measure.name, before), run_value(measure.name, after)
    change = Change(measure, number, then, now)
    if then is None or now is None or number < FEWEST:
        return change
    random = np.random.default_rng(SEED)
    drawn = random.multinomial(number, np.full(number, 1 / number), RESAMPLES_OF_RUNS).astype(float)
    turned = random.integers(0, 2, (RESAMPLES_OF_RUNS, number)).astype(float)
    differences = _take_differences(measure, before, after, drawn, np.zeros_like(drawn))
    swapped = _take_differences(measure, before, after, 1 - turned, turned)
    reached = int((np.abs(swapped) >= abs(now - then) - TINY).sum())
    low, high = _interval(differences[~np.isnan(differences)])
    return replace(change, low=low, high=high, p=(reached + 1) / (RESAMPLES_OF_RUNS + 1))


def _take_differences(
    measure: Measure, before: Answered, after: Answered, straight: NDArray[np.float64], turned: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Differences where each question counts `straight` times for its own run and `turned` times for the other."""
    take, both = RUN_MEASURES[measure.name], before.with_others(after)
    now = take(both, np.concatenate([turned, straight], axis=1))
    return now - take(both, np.concatenate([straight, turned], axis=1))


def _interval(values: NDArray[np.float64]) -> tuple[float, float]:
    outside = (1 - CONFIDENCE_LEVEL) / 2
    if not len(values):
        return np.nan, np.nan
    low, high = np.quantile(values, [outside, 1 - outside])
    return float(low), float(high)


def _shares(resamples: int, number: int) -> Sequence[int]:
    """Resamples in shares that fit into memory."""
    most = max(4_000_000 // max(number, 1), 1)
    return [min(most, resamples - begin) for begin in range(0, resamples, most)]


def _find_flips(
    before: Mapping[str, Mapping[str, float]],
    after: Mapping[str, Mapping[str, float]],
    then: Mapping[str, Result],
    now: Mapping[str, Result],
) -> list[Flip]:
    flips = []
    for measure in MEASURES:
        if measure.name not in FLIPPING:
            continue
        values = before[measure.name]
        for name, value in after[measure.name].items():
            if name in values and value != values[name]:
                flips.append(Flip(measure, value > values[name], then[name], now[name]))
    return flips


def _differing(before: Run, after: Run) -> tuple[tuple[str, str, str], ...]:
    then = {**before.settings, "order": before.order, **_library(before)}
    now = {**after.settings, "order": after.order, **_library(after)}
    names = dict.fromkeys((*then, *now))
    return tuple(
        (name, str(then.get(name, "–")), str(now.get(name, "–"))) for name in names if then.get(name) != now.get(name)
    )


def _library(run: Run) -> dict[str, str | int]:
    return {f"library {name}": value for name, value in run.library.items()}
