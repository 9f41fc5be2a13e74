"""Fit what joins a reader's clues to probabilities, and write `assistant/scorer.json` or `assistant/extractive.json`.

    python -m training.calibrate words|extractive --library DIR QUESTIONS.jsonl [MORE.jsonl]

`DIR` is a library of the articles that the questions are about. Neither may be a benchmark that is reported, nor may
the reader's model have been trained on the questions. Each question is asked up to five times, of many passages and of
few, with those that answer it and without, so that refusing is learnt too: `situations` tells which.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from tqdm import tqdm

from assistant import extractive, scorer
from assistant.ask import Assistant, open_assistant
from assistant.candidates import Candidate
from assistant.judging import judge
from assistant.questions import TestQuestion, holds_answer, read_questions
from assistant.quotes import choose_quotes
from assistant.settings import Settings
from assistant.span_models import PackagedModel
from assistant.weights import BIAS, Weights, load_weights, logistic
from index.records import Hit
from training.gathered import Asked, Remembering, read_asked, write_asked

FOLDER = Path(__file__).resolve().parents[1] / "assistant"
HAND_SET = {"speaker": 0.7}
"""Where no question asks who said what, as in a quiz, this weight cannot be fitted: it moves words of the one asked
about ahead of words about the same matter, and no further."""
ENOUGH = 100
"""Askings that must tell of a clue before its weight is fitted."""
DEEPER = 60
"""Hits that are fetched, so that enough remain when those that answer are left out."""
FEW = 5
"""Passages where only a few are read."""
FOLDS = 5
Labels = NDArray[np.bool_]
READERS = {"words": (scorer, "scorer"), "extractive": (extractive, "extractive")}


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reader", choices=READERS)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--only", metavar="FILE", type=Path, help="of the first file only the questions listed here")
    parser.add_argument("--every", metavar="N", type=int, default=1, help="take every N-th question only")
    parser.add_argument(
        "--gathered", metavar="FILE", type=Path, help="keep what was read there; if it is there, use it"
    )
    parser.add_argument(
        "--refit", metavar="NAME", action="append", help="fit only this weight of a sentence; the rest is kept"
    )
    parser.add_argument("questions", type=Path, nargs="+")
    chosen = parser.parse_args()
    module, name = READERS[chosen.reader]
    settings = Settings(library=chosen.library, reader=chosen.reader)
    assistant = open_assistant(settings)
    first, *others = (read_questions(path) for path in chosen.questions)
    if chosen.only:
        ids = set(chosen.only.read_text(encoding="utf-8").split())
        first = [question for question in first if question.id in ids]
    questions = [question for question in (*first, *chain(*others)) if question.answers_known]
    questions = questions[:: chosen.every]
    if chosen.gathered and chosen.gathered.exists():
        asked = list(read_asked(chosen.gathered, questions, assistant.library))
    else:
        found = gather(assistant, questions, settings)
        asked = list(write_asked(chosen.gathered, found) if chosen.gathered else found)
    sentence = fit_sentences(asked, module.SENTENCE_FEATURES)
    if chosen.refit:
        sentence = load_weights(name).sentence | {one: sentence[one] for one in chosen.refit}
    question = fit_questions(asked, sentence, settings, module)
    fitted = json.dumps({"sentence": sentence, "question": question}, indent=2)
    (FOLDER / f"{name}.json").write_text(fitted + "\n")


def gather(assistant: Assistant, questions: Iterable[TestQuestion], settings: Settings) -> Iterator[Asked]:
    """Read the passages of each question, with and without the articles that answer it."""
    model = Remembering(PackagedModel())
    reader: scorer.WordScorer | extractive.ExtractiveReader = (
        scorer.WordScorer(assistant.library, assistant.embedder)
        if settings.reader == "words"
        else extractive.ExtractiveReader(model, assistant.library, assistant.embedder)
    )
    for question in tqdm(list(questions)):
        model.forget()
        hits = assistant.search(question.question, DEEPER)
        for given, answerable in situations(question, hits, settings.candidates):
            yield Asked(question, reader.gather(question.question, given), answerable)


def situations(question: TestQuestion, hits: Sequence[Hit], many: int) -> Iterator[tuple[list[Hit], bool]]:
    """The passages that a question is asked of, out of its hits, and whether they can answer it.

    One without an answer: many, and few, of those that were found. Of the others, many: as they were found; without
    the articles of the evidence; without those that hold an answer, whose articles stay, so that what is left is about
    the same matter. Few: one that holds an answer among others; others alone.
    """
    if not question.answerable:
        yield list(hits[:many]), False
        yield list(hits[:FEW]), False
        return
    speaking = [hit for hit in hits if holds_answer(f"{hit.article.title} {hit.text}", question.answers)]
    silent = [hit for hit in hits if hit not in speaking]
    yield list(hits[:many]), True
    yield [hit for hit in silent if hit.article.id not in question.evidence][:many], False
    yield silent[:many], False
    if speaking:
        few = (speaking[0], *silent[: FEW - 1])
        yield [hit for hit in hits if hit in few], True
    yield silent[:FEW], False


def fit_sentences(asked: Sequence[Asked], features: Sequence[str]) -> dict[str, float]:
    """The logistic model of a sentence holding an answer."""
    rows = [(item.features, _holds(item, one.question)) for one in asked if one.answerable for item in one.candidates]
    told = Counter(name for one in asked for name in HAND_SET if any(item.features[name] for item in one.candidates))
    given = {name: weight for name, weight in HAND_SET.items() if told[name] < ENOUGH}
    names = [name for name in features if name not in given]
    return _fit([features for features, _ in rows], [label for _, label in rows], names, "sentences") | given


def fit_questions(
    asked: Sequence[Asked], sentence: dict[str, float], settings: Settings, reader: ModuleType
) -> dict[str, float]:
    """The logistic model of the quotes holding the answer; `reader` is the module with its question features."""
    rows, labels, answerable = [], [], []
    untold = Weights(sentence, {BIAS: 0.0})

    def keep(scores: Sequence[float], candidates: Sequence[Candidate]) -> dict[str, float]:
        rows.append(reader.question_features(scores, candidates))
        return {}

    for one in asked:
        if one.candidates:
            quotes = choose_quotes(judge(one.candidates, untold, keep).evidence, settings.max_quotes)
            quoted = " ".join(quote.text for quote in quotes)
            labels.append(one.answerable and holds_answer(quoted, one.question.answers))
            answerable.append(one.answerable)
    weights = _fit(rows, labels, list(reader.QUESTION_FEATURES), "questions")
    probabilities = np.array([logistic(weights, features) for features in rows])
    _show(np.array(labels), np.array(answerable), probabilities)
    return weights


def _show(held: Labels, possible: Labels, probabilities: NDArray[np.float64]) -> None:
    """Print what each threshold would give."""
    area = roc_auc_score(possible, probabilities)
    print(f"quotes hold the answer: {held[possible].mean():.3f}; AUROC of answerable {area:.3f}")
    print("threshold  answered  of them right  refused of unanswerable  refused of answerable")
    for threshold in np.arange(0.05, 0.8, 0.05):
        given = probabilities >= threshold
        right = held[given].mean() if given.any() else float("nan")
        refused, wrongly = (~given[~possible]).mean(), (~given[possible]).mean()
        print(f"{threshold:9.2f}{given.mean():10.3f}{right:15.3f}{refused:25.3f}{wrongly:23.3f}")


def _fit(rows: Sequence[dict[str, float]], labels: Sequence[bool], names: Sequence[str], what: str) -> dict[str, float]:
    """A logistic regression, fitted on features of like size; its weights are for the features as they are."""
    matrix = np.array([[row[name] for name in names] for row in rows])
    spread = np.maximum(matrix.std(axis=0), 1e-6)
    model = LogisticRegression(C=1.0, max_iter=2000)
    held_out = cross_val_predict(model, matrix / spread, labels, cv=FOLDS, method="predict_proba")[:, 1]
    area = roc_auc_score(labels, held_out)
    print(f"{what}: {len(labels)} rows, {np.mean(labels):.3f} positive, AUROC in cross-validation {area:.3f}")
    model.fit(matrix / spread, labels)
    weights = {BIAS: float(model.intercept_[0])} | dict(zip(names, map(float, model.coef_[0] / spread), strict=True))
    return {name: round(weight, 4) for name, weight in weights.items()}


def _holds(item: Candidate, question: TestQuestion) -> bool:
    return holds_answer(item.text, question.answers)


if __name__ == "__main__":
    main()
