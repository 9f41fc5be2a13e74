"""Does confidence mean what it says: the reliability diagram and the expected calibration error.

The one rule: a bin without questions has no bar and no weight.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10
Confidences = Sequence[float] | NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bin:
    """Confidences from `low` on, below `high` (the last takes 1 in): their mean, and the share that was right."""

    low: float
    high: float
    questions: int
    confidence: float
    right: float


def reliability(confidences: Confidences, right: Sequence[bool] | NDArray[np.bool_], bins: int = BINS) -> list[Bin]:
    """The bars of the reliability diagram (DeGroot and Fienberg, 1983), bins of equal width, empty ones left out."""
    sure, correct = np.asarray(confidences, dtype=float), np.asarray(right, dtype=float)
    places = place_in_bins(sure, bins)
    counts = np.bincount(places, minlength=bins)
    sums = np.bincount(places, weights=sure, minlength=bins)
    rights = np.bincount(places, weights=correct, minlength=bins)
    return [
        Bin(
            number / bins,
            (number + 1) / bins,
            int(counts[number]),
            float(sums[number] / counts[number]),
            float(rights[number] / counts[number]),
        )
        for number in range(bins)
        if counts[number]
    ]


def place_in_bins(confidences: NDArray[np.float64], bins: int) -> NDArray[np.intp]:
    """The number of each confidence's bin."""
    return np.minimum((confidences * bins).astype(np.intp), bins - 1)


def calibration_error(
    confidences: Confidences, right: Sequence[bool] | NDArray[np.bool_], bins: int = BINS
) -> float | None:
    """The expected calibration error (Naeini, Cooper and Hauskrecht, 2015; Guo et al., 2017); None without questions.

    The mean distance between confidence and share of right answers, over the bins, weighed by their questions.
    """
    if len(confidences) == 0:
        return None
    filled = reliability(confidences, right, bins)
    return sum(bar.questions * abs(bar.confidence - bar.right) for bar in filled) / len(confidences)
