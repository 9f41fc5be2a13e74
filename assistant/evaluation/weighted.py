"""Measures of a whole run, taken for many weightings of its questions at once: one for each resample.

The one rule: a weight of n counts a question n times, so that weights of 1 give the figure itself. NaN stands for a
measure that cannot be taken.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation.calibration import BINS, place_in_bins

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Answered:
    """What these measures are taken on, an item a question, in the run's order.

    `confidence` is how sure the answer is; of a question that failed the worst: sure where it should refuse. `right`
    tells whether the quotes would hold an answer if they were not refused, `seconds` is NaN where asking failed.
    `known` are questions of which it is known whether the articles answer them.
    """

    confidence: Floats
    right: Flags
    answerable: Flags
    refused: Flags
    known: Flags
    seconds: Floats

    def with_others(self, other: "Answered") -> "Answered":
        """The questions of both, the other's after these."""
        return Answered(*(np.concatenate([getattr(self, name), getattr(other, name)]) for name in self.__slots__))


Measured = Callable[[Answered, Floats], Floats]
"""Takes weights, `(resamples, questions)`, and gives a figure each, `(resamples,)`."""


def refusal_precision(items: Answered, weights: Floats) -> Floats:
    """The share of refused questions that the articles do not answer."""
    refused = items.refused & items.known
    return _divide(weights @ (refused & ~items.answerable), weights @ refused)


def area_under_roc(items: Answered, weights: Floats) -> Floats:
    """The probability that an answerable question has more confidence than another; a tie counts half."""
    positive, negative = items.answerable, items.known & ~items.answerable
    ours, theirs = items.confidence[positive][:, None], items.confidence[negative][None, :]
    won = (ours > theirs) + 0.5 * (ours == theirs)
    pairs = weights[:, positive].sum(axis=1) * weights[:, negative].sum(axis=1)
    return _divide(((weights[:, positive] @ won) * weights[:, negative]).sum(axis=1), pairs)


def area_under_risk(items: Answered, weights: Floats) -> Floats:
    """The mean risk over all coverages; equal confidences are answered together."""
    sure, wrong = items.confidence[items.known], ~items.right[items.known]
    taken = weights[:, items.known]
    if not len(sure):
        return np.full(len(weights), np.nan)
    levels, places = np.unique(-sure, return_inverse=True)
    by_level = np.zeros((len(sure), len(levels)))
    by_level[np.arange(len(sure)), places] = 1.0
    added = taken @ by_level
    covered = added.cumsum(axis=1)
    mistakes = ((taken * wrong) @ by_level).cumsum(axis=1)
    risks = np.divide(mistakes, covered, out=np.zeros_like(covered), where=covered > 0)
    return _divide((added * risks).sum(axis=1), covered[:, -1])


def calibration_error(items: Answered, weights: Floats) -> Floats:
    """The mean distance between confidence and share of right answers, over bins, weighed by their questions."""
    sure, right = items.confidence[items.known], items.right[items.known]
    taken = weights[:, items.known]
    in_bin = np.zeros((len(sure), BINS))
    in_bin[np.arange(len(sure)), place_in_bins(sure, BINS)] = 1.0
    apart = np.abs((taken * (sure - right)) @ in_bin)  # n·|mean confidence - share right| in each bin
    return _divide(apart.sum(axis=1), taken.sum(axis=1))


def percentile(percent: int) -> Measured:
    """The function that gives a percentile of the seconds, between two questions on the straight line."""

    def take(items: Answered, weights: Floats) -> Floats:
        timed = ~np.isnan(items.seconds)
        order = np.argsort(items.seconds[timed])
        seconds = items.seconds[timed][order]
        last = weights[:, timed][:, order].cumsum(axis=1)
        number = last[:, -1] if len(seconds) else np.zeros(len(weights))
        place = np.maximum(number - 1, 0) * percent / 100
        below = _at(seconds, last, np.floor(place))
        above = _at(seconds, last, np.ceil(place))
        return np.where(number > 0, below + (above - below) * (place - np.floor(place)), np.nan)

    return take


def _at(ordered: Floats, last: Floats, place: Floats) -> Floats:
    """The items at those places (from 0), where item n stands at the places below `last[:, n]`."""
    if not len(ordered):
        return np.full(len(place), np.nan)
    return np.asarray(ordered[np.minimum((last <= place[:, None]).sum(axis=1), len(ordered) - 1)], dtype=float)


def _divide(part: Floats, whole: Floats) -> Floats:
    return np.asarray(np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0))
