"""Training rows from the public question-answering sets: windows of whole sentences about as long as our passages.

The one rule: windows of answerable and of unanswerable rows are cut in the same way, so that length tells nothing.
"""

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from index.sentences import sentence_spans
from training.rows import Row

QUOTA = {
    "squad1.1": 7600,
    "squad2.0": 5100,
    "squadshifts_new_wiki": 5000,
    "qed_nq": 6500,
    "nq_open_oracle": 2700,
    "qamr_wiki_wikinews": 3500,
    "squadshifts_reddit": 1200,
    "squadshifts_amazon_reviews": 600,
    "policyqa": 500,
    "trecqa_sent": 800,
    "ester_news": 800,
    "quac": 500,
    "nq_openbook": 800,
    "sciq_part": 500,
}
"""How many rows of each set at most: what is nearest to articles first, reviews and policies for their variety."""
TITLED = ("squad1.1", "squad2.0", "squadshifts_new_wiki", "qed_nq", "nq_open_oracle", "nq_openbook", "quac")
"""Sets whose titles are of an article, and no numbers."""
WORDS = (45, 105)
"""The least and the most words of a window; passages have about 90."""
LONGEST_ANSWER = 40
"""Words; a longer answer is a paragraph."""
WITHOUT_ANSWER = 0.35
"""For this part of the answerable rows the same question is asked of another window of the same article, too."""
AS_TYPED = 0.15
"""The part of the questions in lower case, and as many without a question mark."""
TITLE_LEFT_OUT = 0.2
TREEBANK = "-LRB-"
"""A sign of text that was taken apart for a treebank, which no article looks like."""


def make_rows(file: Path, seed: int = 0, quota: Mapping[str, int] = QUOTA) -> Iterator[Row]:
    """The rows of the sets in `file` (gzipped JSON Lines), with unanswerable ones among them."""
    chance = random.Random(seed)
    by_set: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        for fields in map(json.loads, stream):
            if fields["dataset"] in quota and TREEBANK not in fields["context"]:
                by_set[fields["dataset"]].append(fields)
    for name, most in quota.items():
        rows = by_set[name]
        chance.shuffle(rows)
        by_title = _contexts_by_title(rows)
        for fields in rows[:most]:
            row = make_row(fields, chance)
            if row is None:
                continue
            yield row
            if row.answerable and chance.random() < WITHOUT_ANSWER:
                other = _elsewhere(row, by_title[fields.get("title") or ""], chance)
                if other is not None:
                    yield other


def make_row(fields: Mapping[str, Any], chance: random.Random) -> Row | None:
    """One row of a set as a training row, or None where its answer cannot be used."""
    context, name = fields["context"], fields["dataset"]
    title = (fields.get("title") or "").replace("_", " ") if name in TITLED else ""
    if chance.random() < TITLE_LEFT_OUT:
        title = ""
    question = as_typed(fields["question"].strip(), chance)
    if fields["is_impossible"]:
        first, last = cut_window(context, *_random_place(context, chance), chance)
        return Row(question, title, context[first:last], 0, 0, f"{name}:none")
    span = _answer_span(fields)
    if span is None:
        return None
    start, end = span
    first, last = cut_window(context, start, end, chance)
    return Row(question, title, context[first:last], start - first, end - first, name)


def cut_window(context: str, start: int, end: int, chance: random.Random) -> tuple[int, int]:
    """Whole sentences around `context[start:end]`, a random number of words before and after it."""
    spans = sentence_spans(context) or [(0, len(context))]
    inside = [number for number, (left, right) in enumerate(spans) if left < end and right > start]
    first, last = (inside[0], inside[-1]) if inside else (0, 0)
    most = chance.randint(*WORDS)
    words = [len(context[left:right].split()) for left, right in spans]
    total = sum(words[first : last + 1])
    grown = True
    while grown:
        grown = False
        for before in chance.sample((True, False), 2):
            number = first - 1 if before else last + 1
            if 0 <= number < len(spans) and total + words[number] <= most:
                first, last = min(first, number), max(last, number)
                total += words[number]
                grown = True
                break
    return min(spans[first][0], start), max(spans[last][1], end)


def as_typed(question: str, chance: random.Random) -> str:
    """The question, now and then in lower case or without its question mark, as people type."""
    if chance.random() < AS_TYPED:
        question = question.lower()
    return question.rstrip(" ?") if chance.random() < AS_TYPED else question


def _answer_span(fields: Mapping[str, Any]) -> tuple[int, int] | None:
    """The answer that most annotators gave, with its place."""
    answers = [answer for answer in fields["answers"] if answer["text"].strip()]
    if not answers:
        return None
    texts = [answer["text"] for answer in answers]
    chosen = max(answers, key=lambda answer: texts.count(answer["text"]))
    text = chosen["text"]
    start = chosen["answer_start"] + len(text) - len(text.lstrip())
    end = start + len(text.strip())
    if fields["context"][start:end] != text.strip() or len(text.split()) > LONGEST_ANSWER:
        return None
    return start, end


def _contexts_by_title(rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for fields in rows:
        found[fields.get("title") or ""].append(fields["context"])
    return found


def _random_place(context: str, chance: random.Random) -> tuple[int, int]:
    start, end = chance.choice(sentence_spans(context) or [(0, len(context))])
    return start, end


def _elsewhere(row: Row, contexts: list[str], chance: random.Random) -> Row | None:
    """The same question on a window that does not hold the answer's words."""
    for _ in range(4):
        context = chance.choice(contexts)
        first, last = cut_window(context, *_random_place(context, chance), chance)
        window = context[first:last]
        if row.answer.lower() not in window.lower():
            return Row(row.question, row.title, window, 0, 0, f"{row.origin}:elsewhere")
    return None
