"""Fit what joins the clues of a checked sentence to a probability, and write `assistant/checker.json`.

    python -m training.fit_checker ARTICLES.jsonl.gz [--articles N]

The articles must not be those of a benchmark that is reported. Answers are made of them and errors planted by
`benchmarks.made_answers`; half of the articles fit the weights and the other half shows what they are worth.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from assistant.checking import FEATURES, Checker
from assistant.weights import BIAS
from benchmarks.made_answers import MadeAnswer, make_answers, read_articles
from index.embedder import Embedder
from index.embedders import open_embedder

TARGET = Path(__file__).parents[1] / "assistant" / "checker.json"
SEED = 20
ANSWERS, ERRORS = 70, 35
THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


def main() -> None:
    """Fit, show and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, default=760)
    chosen = parser.parse_args()
    embedder = open_embedder()
    articles = read_articles(chosen.file, chosen.articles)
    half = len(articles) // 2
    fitted = rows_of(
        embedder, make_answers(articles[:half], embedder.count_tokens, answers=ANSWERS, errors=ERRORS, seed=SEED)
    )
    shown = rows_of(
        embedder, make_answers(articles[half:], embedder.count_tokens, answers=ANSWERS, errors=ERRORS, seed=SEED + 1)
    )
    model = LogisticRegression(max_iter=2000, C=1.0).fit(*_arrays(fitted))
    weights = {BIAS: round(float(model.intercept_[0]), 4)}
    weights |= {name: round(float(value), 4) for name, value in zip(FEATURES, model.coef_[0], strict=True)}
    values, sound = _arrays(shown)
    probabilities = model.predict_proba(values)[:, 1]
    missing = np.array([bool(row[2]) for row in shown])
    print(json.dumps(weights, indent=2))
    for threshold in THRESHOLDS:
        flagged = missing | (probabilities < threshold)
        right = int((flagged & ~sound).sum())
        print(f"below {threshold}: precision {right / max(flagged.sum(), 1):.3f}, recall {right / (~sound).sum():.3f}")
    TARGET.write_text(json.dumps({"sentence": weights, "question": {}}, indent=2) + "\n", encoding="utf-8")


Row = tuple[dict[str, float], bool, tuple[str, ...]]
"""The features of a statement, whether it is sound, and what is missing."""


def rows_of(embedder: Embedder, answers: list[MadeAnswer]) -> list[Row]:
    """The features of every statement."""
    checker = Checker(embedder, {BIAS: 0.0})
    rows = []
    for answer in tqdm(answers, unit=" answers"):
        for one in answer.statements:
            found = checker.features(one.text, [answer.passages[number] for number in one.cited])
            if found:
                rows.append((found[0], not one.planted, found[2]))
    return rows


def _arrays(rows: list[Row]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([[row[0][name] for name in FEATURES] for row in rows]), np.array([row[1] for row in rows])


if __name__ == "__main__":
    main()
