"""Prepare the training rows: `python -m training.prepare --data FOLDER --library DIR --rows FOLDER`.

`FOLDER` holds `extractive.jsonl.gz`, `news-articles.jsonl.gz` and `news-questions.jsonl`; `DIR` is a library of the
articles that the questions are about (see training/README.md). Written are the rows of the first three stages, general
reading, then what the product meets, then a fresh draw of both, and the part of the questions that is kept aside for
`training.calibrate`. The fourth stage is of `training.prepare_groups`.
"""

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from assistant.ask import open_assistant
from assistant.questions import TestQuestion, read_questions
from assistant.settings import Settings
from training import hard_negatives, made_questions, news_rows, public_sets
from training.rows import Row, write_rows
from training.select_articles import read_rows as read_fields

KEPT_ASIDE = 0.3
"""The part of the news questions that is not trained on."""
AGAIN = {
    "squad1.1": 1000,
    "squad2.0": 1100,
    "squadshifts_new_wiki": 500,
    "qed_nq": 1500,
    "nq_open_oracle": 800,
    "ester_news": 300,
    "trecqa_sent": 200,
    "qamr_wiki_wikinews": 200,
}
"""Rows of the public sets in the second stage, so that the first is not forgotten."""
FURTHER = {
    "squad1.1": 3250,
    "squad2.0": 2900,
    "squadshifts_new_wiki": 2500,
    "qed_nq": 2900,
    "nq_open_oracle": 1100,
    "qamr_wiki_wikinews": 1450,
    "squadshifts_reddit": 720,
    "ester_news": 290,
    "trecqa_sent": 220,
}
"""Rows of the public sets in the third stage."""
STAGES = ((2, AGAIN, 1500), (3, FURTHER, 1500))
"""The later stages: number, rows of the public sets, and how many articles questions are made from, others in each."""
HARD = 0.3
"""The part of the later stages' answerable rows whose question is asked of the passage most like it, too."""


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--without", metavar="ARTICLES.jsonl", type=Path, action="append", default=[])
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    trained, aside = split_questions(read_questions(chosen.data / "news-questions.jsonl"), chosen.seed)
    (chosen.rows / "aside.txt").parent.mkdir(parents=True, exist_ok=True)
    (chosen.rows / "aside.txt").write_text("".join(f"{question.id}\n" for question in aside))
    public = chosen.data / "extractive.jsonl.gz"
    _write(chosen.rows / "stage1.jsonl", list(public_sets.make_rows(public, chosen.seed)))
    unwanted = {article["url"] for path in chosen.without for article in read_fields(path)}
    articles = made_questions.read_articles(chosen.data / "news-articles.jsonl.gz")
    wanted = (article for article in articles if article.id not in unwanted)
    assistant, chance = open_assistant(Settings(library=chosen.library)), random.Random(chosen.seed)
    for number, quota, made_from in STAGES:
        seed = chosen.seed + number
        made = list(made_questions.make_rows(islice(wanted, made_from), seed))
        known = [*public_sets.make_rows(public, seed, quota), *made]
        asked = [row for row in known if row.answerable and chance.random() < HARD]
        rows = [*news_rows.make_rows(assistant, trained, seed), *known]
        rows += hard_negatives.make_rows(asked, known, 1, seed)
        _write(chosen.rows / f"stage{number}.jsonl", rows)


def split_questions(questions: Sequence[TestQuestion], seed: int) -> tuple[list[TestQuestion], list[TestQuestion]]:
    """The questions to train on, and those kept aside: whole articles' worth, as no evidence is in both."""
    groups: dict[str, str] = {}
    for question in questions:
        joined = {groups.get(article, article) for article in question.evidence} or {question.id}
        leader = min(joined)
        for article, group in list(groups.items()):
            if group in joined:
                groups[article] = leader
        groups.update(dict.fromkeys(question.evidence, leader))
    names = sorted(set(groups.values()))
    random.Random(seed).shuffle(names)
    aside = set(names[: round(KEPT_ASIDE * len(names))])
    kept = [bool(question.evidence) and groups[question.evidence[0]] in aside for question in questions]
    return (
        [question for question, out in zip(questions, kept, strict=True) if not out],
        [question for question, out in zip(questions, kept, strict=True) if out],
    )


def _write(file: Path, rows: Sequence[Row]) -> None:
    print(f"{file}: {write_rows(file, rows)} rows")
    for origin, count in Counter(row.origin for row in rows).most_common():
        print(f"  {count:6,} {origin}")


if __name__ == "__main__":
    main()
