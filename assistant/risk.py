"""How well confidence tells what can be answered: ROC area, and the risk of answering at each coverage.

The one rule: equal confidences are not told apart; they count half, or together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """Answering from `confidence` on covers `coverage` (0..1] of the questions, `risk` (0..1) of them wrongly."""

    confidence: float
    coverage: float
    risk: float


Numbers = Sequence[float] | NDArray[np.float64]


def area_under_roc(positives: Numbers, negatives: Numbers) -> float | None:
    """The probability that a positive scores above a negative, a tie counted half; None where one of them is missing.

    This is the statistic of Mann and Whitney (1947), which is the area under the ROC (Hanley and McNeil, 1982).
    """
    if not len(positives) or not len(negatives):
        return None
    _, place, counts = np.unique([*positives, *negatives], return_inverse=True, return_counts=True)
    middle_ranks = np.cumsum(counts) - (counts - 1) / 2
    number = len(positives)
    above = middle_ranks[place[:number]].sum() - number * (number + 1) / 2
    return float(above / (number * len(negatives)))


def risk_coverage(confidences: Numbers, wrong: Sequence[bool] | NDArray[np.bool_]) -> tuple[RiskPoint, ...]:
    """The curve of El-Yaniv and Wiener (2010): one point for each confidence, the highest first."""
    confident, place, counts = np.unique(np.negative(confidences), return_inverse=True, return_counts=True)
    answered = np.cumsum(counts)
    mistakes = np.cumsum(np.bincount(place, weights=np.asarray(wrong, dtype=float), minlength=len(counts)))
    return tuple(
        RiskPoint(float(-negated), float(covered / len(confidences)), float(missed / covered))
        for negated, covered, missed in zip(confident, answered, mistakes, strict=True)
    )


def area_under_risk(points: Sequence[RiskPoint]) -> float | None:
    """The mean risk over all coverages (Geifman, Uziel and El-Yaniv, 2019), lower is better; None without points."""
    coverages = np.array([0.0, *(point.coverage for point in points)])
    risks = np.array([point.risk for point in points])
    return float(np.diff(coverages) @ risks) if points else None


def point_at(points: Sequence[RiskPoint], threshold: float) -> RiskPoint | None:
    """Where refusing below `threshold` lies on the curve; None where that refuses everything."""
    return next((point for point in reversed(points) if point.confidence >= threshold), None)
