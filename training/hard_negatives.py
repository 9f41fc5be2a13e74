"""Hard negatives: for a question, the passages of other rows that are most like it and do not hold its answer.

The one rule: a passage with the answer's words is no negative, even where it does not answer.
"""

import random
from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from assistant.matching import normalise
from training.rows import Row

TOGETHER = 500
"""Questions that are compared at a time, which bounds the memory."""
NEAREST = 12
"""Passages that are looked at for a question."""


def make_rows(asked: Sequence[Row], passages: Sequence[Row], each: int, seed: int = 0) -> Iterator[Row]:
    """For each answerable row of `asked`, up to `each` unanswerable ones on the passages most like its question."""
    for _, negatives in find(asked, passages, each, seed):
        yield from negatives


def find(asked: Sequence[Row], passages: Sequence[Row], each: int, seed: int = 0) -> Iterator[tuple[Row, list[Row]]]:
    """Each answerable row of `asked` with up to `each` unanswerable ones on the passages most like its question.

    Likeness is the cosine of tf-idf vectors. All negatives but one are drawn from further down the list, so that not
    all of them are of the article itself.
    """
    chance = random.Random(seed)
    pool = list({row.passage: row for row in passages}.values())
    vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english", dtype=np.float32)
    matrix = vectorizer.fit_transform(f"{row.title} {row.passage}" for row in pool)
    folded = [f" {normalise(f'{row.title} {row.passage}')} " for row in pool]
    questions = [row for row in asked if row.answerable]
    for begin in range(0, len(questions), TOGETHER):
        some = questions[begin : begin + TOGETHER]
        likeness = (vectorizer.transform(row.question for row in some) @ matrix.T).toarray()
        for row, scores in zip(some, likeness, strict=True):
            nearest = np.argpartition(-scores, NEAREST)[:NEAREST]
            nearest = nearest[np.argsort(-scores[nearest])]
            answer = f" {normalise(row.answer)} "
            fit = [int(n) for n in nearest if pool[n].passage != row.passage and answer not in folded[n]]
            chosen = fit[:1] + chance.sample(fit[1:], min(len(fit[1:]), each - 1))
            yield row, [_ask_of(row, pool[number]) for number in chosen]


def _ask_of(row: Row, other: Row) -> Row:
    return Row(row.question, other.title, other.passage, 0, 0, f"{row.origin}:hard")
