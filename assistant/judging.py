"""Candidates become a reading: the most probable sentence first, and how probable it is that they answer."""

from collections.abc import Callable, Sequence

from assistant.candidates import Candidate
from assistant.reader import Evidence, Reading
from assistant.weights import Weights, logistic

QuestionFeatures = Callable[[Sequence[float], Sequence[Candidate]], dict[str, float]]
"""What tells whether a question is answered, from the sentences' probabilities and the sentences, best first."""


def judge(candidates: Sequence[Candidate], weights: Weights, question_features: QuestionFeatures) -> Reading:
    """Weigh the features of the candidates."""
    if not candidates:
        return Reading((), 0.0)
    scored = [(logistic(weights.sentence, item.features), item) for item in candidates]
    scored.sort(key=lambda pair: -pair[0])
    evidence = tuple(Evidence(item.hit, item.start, item.end, item.span, score) for score, item in scored)
    features = question_features([score for score, _ in scored], [item for _, item in scored])
    return Reading(evidence, logistic(weights.question, features))
