"""Fit the weights of the embedding-and-words scorer on questions of its own and write `assistant/scorer.json`.

    python -m training.fit_scorer --library DIR QUESTIONS.jsonl

`DIR` is a library of the articles that the questions are about; neither may be a benchmark that is reported. Each
question is asked twice: as it is, and with the articles that answer it left out, so that refusing is learnt too.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from tqdm import tqdm

from assistant.ask import Assistant, open_assistant
from assistant.questions import TestQuestion, holds_answer, read_questions
from assistant.quotes import choose_quotes
from assistant.reader import Evidence
from assistant.scorer import QUESTION_FEATURES, SENTENCE_FEATURES, Candidate, question_features
from assistant.settings import Settings

TARGET = Path(__file__).resolve().parents[1] / "assistant" / "scorer.json"
HAND_SET = {"speaker": 0.7}
"""Quiz questions do not ask who said what, so this weight is not fitted: it moves words of the one asked about ahead
of words about the same matter, and no further."""
Labels = NDArray[np.bool_]

DEEPER = 60
"""Hits that are fetched when the answering articles are left out, so that enough remain."""


@dataclass(slots=True)
class Asked:
    """One question with the candidate sentences that were read for it, and whether it can be answered."""

    question: TestQuestion
    candidates: list[Candidate]
    answerable: bool


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument("--every", metavar="N", type=int, default=1, help="take every N-th question only")
    parser.add_argument("questions", type=Path)
    chosen = parser.parse_args()
    settings = Settings(library=chosen.library)
    assistant = open_assistant(settings)
    questions = [question for question in read_questions(chosen.questions) if question.answerable]
    asked = list(gather(assistant, questions[:: chosen.every], settings))
    sentence = fit_sentences(asked)
    question = fit_questions(asked, sentence, settings)
    chosen.target.write_text(json.dumps({"sentence": sentence, "question": question}, indent=2) + "\n")


def gather(assistant: Assistant, questions: Iterable[TestQuestion], settings: Settings) -> Iterable[Asked]:
    """Read the passages of each question, with and without the articles that answer it."""
    for question in tqdm(list(questions)):
        hits = assistant.search(question.question, DEEPER)
        with_answer = hits[: settings.candidates]
        without = [hit for hit in hits if not _answers(hit.article.id, hit.text, question)][: settings.candidates]
        yield Asked(question, assistant.reader.gather(question.question, with_answer), answerable=True)
        yield Asked(question, assistant.reader.gather(question.question, without), answerable=False)


def fit_sentences(asked: Sequence[Asked]) -> dict[str, float]:
    """The logistic model of a sentence holding an answer."""
    rows = [(item.features, _holds(item, one.question)) for one in asked if one.answerable for item in one.candidates]
    names = [name for name in SENTENCE_FEATURES if name not in HAND_SET]
    weights = _fit([features for features, _ in rows], [label for _, label in rows], names, "sentences")
    return weights | HAND_SET


def fit_questions(asked: Sequence[Asked], sentence: dict[str, float], settings: Settings) -> dict[str, float]:
    """The logistic model of the quotes holding the answer."""
    rows, labels, answerable = [], [], []
    for one in asked:
        scored = sorted(((score(item.features, sentence), item) for item in one.candidates), key=lambda pair: -pair[0])
        if not scored:
            continue
        evidence = [Evidence(item.hit, item.start, item.end, (item.start, item.end), value) for value, item in scored]
        quotes = choose_quotes(evidence, settings.max_quotes)
        rows.append(question_features(evidence, [item.features for _, item in scored]))
        quoted = " ".join(quote.text for quote in quotes)
        labels.append(one.answerable and holds_answer(quoted, one.question.answers))
        answerable.append(one.answerable)
    weights = _fit(rows, labels, list(QUESTION_FEATURES), "questions")
    probabilities = np.array([score(features, weights) for features in rows])
    held, possible = np.array(labels), np.array(answerable)
    _show(held, possible, probabilities)
    return weights


def _show(held: Labels, possible: Labels, probabilities: NDArray[np.float64]) -> None:
    """Print what each threshold would give."""
    area = roc_auc_score(possible, probabilities)
    print(f"quotes hold the answer: {held[possible].mean():.3f}; AUROC of answerable {area:.3f}")
    print("threshold  answered  of them right  refused of unanswerable  refused of answerable")
    for threshold in np.arange(0.1, 0.8, 0.05):
        given = probabilities >= threshold
        right = held[given].mean() if given.any() else float("nan")
        refused, wrongly = (~given[~possible]).mean(), (~given[possible]).mean()
        print(f"{threshold:9.2f}{given.mean():10.3f}{right:15.3f}{refused:25.3f}{wrongly:23.3f}")


def score(features: dict[str, float], weights: dict[str, float]) -> float:
    """The probability that a logistic model gives."""
    return float(1 / (1 + np.exp(-(weights["bias"] + sum(weights[name] * value for name, value in features.items())))))


def _fit(rows: Sequence[dict[str, float]], labels: Sequence[bool], names: Sequence[str], what: str) -> dict[str, float]:
    matrix = np.array([[row[name] for name in names] for row in rows])
    model = LogisticRegression(C=1.0, max_iter=1000)
    held_out = cross_val_predict(model, matrix, labels, cv=5, method="predict_proba")[:, 1]
    area = roc_auc_score(labels, held_out)
    print(f"{what}: {len(labels)} rows, {np.mean(labels):.3f} positive, AUROC in 5-fold cross-validation {area:.3f}")
    model.fit(matrix, labels)
    weights = {"bias": float(model.intercept_[0])} | dict(zip(names, map(float, model.coef_[0]), strict=True))
    return {name: round(weight, 4) for name, weight in weights.items()}


def _answers(article: str, passage: str, question: TestQuestion) -> bool:
    return article in question.evidence or holds_answer(passage, question.answers)


def _holds(item: Candidate, question: TestQuestion) -> bool:
    return holds_answer(item.hit.article.text[item.start : item.end], question.answers)


if __name__ == "__main__":
    main()
