"""Training rows from quiz questions about news, with hard negatives: what search finds and what does not answer.

The one rule: a passage that holds an answer's words is never a negative, whatever article it is of.
"""

import random
from collections.abc import Iterable, Iterator, Sequence

from assistant.ask import Assistant
from assistant.questions import TestQuestion, holds_answer
from index.records import Hit
from index.sentences import sentence_spans
from training.public_sets import as_typed
from training.rows import Row

SEARCHED = 40
"""Passages that are looked at for a question."""
POSITIVES, NEGATIVES = 3, 9
"""How many of them become rows."""
ASKED_TIMES = 2
"""Rows of a question's positives are repeated so often, each time typed differently."""


def make_rows(assistant: Assistant, questions: Iterable[TestQuestion], seed: int = 0) -> Iterator[Row]:
    """The rows of each question: passages of its evidence with the answer, and the best-fused ones without."""
    chance = random.Random(seed)
    for question in questions:
        hits = assistant.search(question.question, SEARCHED)
        yield from rows_of_question(question, hits, chance)


def rows_of_question(question: TestQuestion, hits: Sequence[Hit], chance: random.Random) -> Iterator[Row]:
    """The rows of one question; none where no passage of its evidence was found."""
    spoken = [hit for hit in hits if holds_answer(f"{hit.article.title} {hit.text}", question.answers)]
    positives = [hit for hit in spoken if hit.article.id in question.evidence and _spans(hit.text, question.answers)]
    if not positives:
        return
    for hit in sorted(positives, key=lambda hit: -_shared_words(question.question, hit))[:POSITIVES]:
        start, end = _best_span(question, hit)
        for _ in range(ASKED_TIMES):
            asked = as_typed(question.question, chance)
            yield Row(asked, hit.article.title, hit.text, start, end, "news")
    for hit in [hit for hit in hits if hit not in spoken][:NEGATIVES]:
        yield Row(as_typed(question.question, chance), hit.article.title, hit.text, 0, 0, "news:none")


def _spans(text: str, answers: Sequence[str]) -> list[tuple[int, int]]:
    """Where an answer stands literally, letter case aside."""
    folded = text.lower()
    if len(folded) != len(text):
        return []
    found = []
    for answer in {answer.lower() for answer in answers if answer.strip()}:
        start = folded.find(answer)
        while start >= 0:
            end = start + len(answer)
            whole = not folded[start - 1 : start].isalnum() and not folded[end : end + 1].isalnum()
            found += [(start, end)] if whole else []
            start = folded.find(answer, end)
    return found


def _best_span(question: TestQuestion, hit: Hit) -> tuple[int, int]:
    """Where an answer stands several times, the one whose sentence shares most words with the question."""
    sentences = sentence_spans(hit.text)
    asked = set(question.question.lower().split())

    def shared(span: tuple[int, int]) -> int:
        around = [hit.text[left:right] for left, right in sentences if left <= span[0] < right]
        return len(asked & set(" ".join(around).lower().split()))

    return max(sorted(_spans(hit.text, question.answers)), key=shared)


def _shared_words(question: str, hit: Hit) -> int:
    return len(set(question.lower().split()) & set(hit.text.lower().split()))
