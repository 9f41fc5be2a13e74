"""Two small logistic models from a JSON file: of a sentence holding an answer, and of the question being answered."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

BIAS = "bias"
CERTAIN = 1e-6
"""Probabilities are kept so far from 0 and 1, so that their log-odds are finite."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each feature by its name, with a `bias`, for sentences and for whole questions."""

    sentence: dict[str, float]
    question: dict[str, float]


@cache
def load_weights(name: str) -> Weights:
    """The fitted weights that come with the program, out of `assistant/NAME.json`."""
    fields = json.loads(resources.files("assistant").joinpath(f"{name}.json").read_text(encoding="utf-8"))
    return Weights(fields["sentence"], fields["question"])


def logistic(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """The probability (0..1) that a logistic model gives; a feature that is not there counts as 0."""
    total = weights[BIAS] + sum(value * features.get(name, 0.0) for name, value in weights.items() if name != BIAS)
    return 1 / (1 + math.exp(-min(max(total, -60.0), 60.0)))


def logit(probability: float) -> float:
    """The log-odds of a probability."""
    clipped = min(max(probability, CERTAIN), 1 - CERTAIN)
    return math.log(clipped / (1 - clipped))
