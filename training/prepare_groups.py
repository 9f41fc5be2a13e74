"""Prepare stages of groups: `python -m training.prepare_groups --data FOLDER --rows FOLDER --without ARTICLES.jsonl`.

Each question is asked of a passage that answers and of the ones most like it that do not, as a group
(`training.group_loss`); a part of the passages is in disorder, as on web pages, and a part of the questions asks about
another name or year. Needs no library: passages are found by tf-idf.

The one rule: no question that `training.prepare` kept aside is among the rows.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from assistant.made_questions.story import count_words
from assistant.questions import TestQuestion, read_questions
from index.passages import split_passages
from index.records import Article, Hit
from training import hard_negatives, made_questions, news_rows, public_sets
from training.disorder import disorder
from training.other_names import ask_of_another, names_by_title
from training.prepare import split_questions
from training.rows import Row, by_group, write_rows
from training.select_articles import read_rows as read_fields


@dataclass(frozen=True, slots=True)
class Mix:
    """What a stage is drawn from.

    `sets` are the most questions of each public set, `made_from` the number of articles that questions are made from,
    after `skipped` ones of which earlier stages made theirs. `other_name` is the part of the answerable public
    questions that is asked about another name or year, too.
    """

    sets: Mapping[str, int]
    made_from: int
    skipped: int
    other_name: float


MIXES = {
    4: Mix(
        {
            "squad1.1": 5600,
            "squad2.0": 5100,
            "squadshifts_new_wiki": 2500,
            "qed_nq": 2600,
            "nq_open_oracle": 1000,
            "qamr_wiki_wikinews": 500,
            "squadshifts_reddit": 200,
            "ester_news": 400,
            "trecqa_sent": 200,
        },
        made_from=400,
        skipped=3800,
        other_name=0.3,
    ),
    5: Mix(
        {
            "squadshifts_amazon_reviews": 4000,
            "squadshifts_reddit": 4000,
            "squad1.1": 3500,
            "squad2.0": 5100,
            "squadshifts_new_wiki": 1500,
            "qed_nq": 1500,
            "qamr_wiki_wikinews": 2000,
            "nq_open_oracle": 600,
            "sciq_part": 400,
            "ester_news": 300,
        },
        made_from=500,
        skipped=4200,
        other_name=0.5,
    ),
}
"""The stages; the fifth is mostly of questions that no earlier one drew."""
PUBLIC_NEGATIVES = (1, 2)
"""The least and the most passages that are like a public question's and do not answer it."""
NEWS_NEGATIVES = 3
NEWS_SEARCHED = 40
MADE_NEGATIVES = 1
DISORDERED = 0.3
"""The part of the public groups whose passages are in disorder."""


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--without", metavar="ARTICLES.jsonl", type=Path, action="append", default=[])
    parser.add_argument("--stage", type=int, choices=MIXES, default=4)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    mix, seed = MIXES[chosen.stage], chosen.seed + chosen.stage
    chance = random.Random(seed)
    trained, _ = split_questions(read_questions(chosen.data / "news-questions.jsonl"), chosen.seed)
    unwanted = {article["url"] for path in chosen.without for article in read_fields(path)}
    articles = made_questions.read_articles(chosen.data / "news-articles.jsonl.gz")
    wanted = [article for article in articles if article.id not in unwanted]
    public = list(public_sets.make_rows(chosen.data / "extractive.jsonl.gz", seed, mix.sets))
    rows = list(group_public(public, mix.other_name, chance))
    sources = islice(wanted, mix.skipped, mix.skipped + mix.made_from)
    rows += group_made(made_questions.make_rows(sources, seed), chance)
    rows += group_news(trained, wanted, chance)
    file = chosen.rows / f"stage{chosen.stage}.jsonl"
    print(f"{file}: {write_rows(file, rows)} rows, {len(by_group(rows))} groups")
    for origin, count in Counter(row.origin for row in rows).most_common():
        print(f"  {count:6,} {origin}")


def group_public(rows: Sequence[Row], other_name: float, chance: random.Random) -> Iterator[Row]:
    """Rows of the public sets: answerable ones in groups with negatives, and some again with another name."""
    plain = [row for row in rows if not row.origin.endswith(":elsewhere")]
    elsewhere = {(row.question, row.origin): row for row in rows if row.origin.endswith(":elsewhere")}
    names = names_by_title(plain)
    for row in plain:
        if not row.answerable:
            yield disorder(row, (), chance) if chance.random() < DISORDERED / 2 else row
    for row, found in hard_negatives.find(plain, rows, max(PUBLIC_NEGATIVES), chance.randrange(1 << 30)):
        near = elsewhere.get((row.question, f"{row.origin}:elsewhere"))
        negatives = [*([near] if near else []), *found][: chance.randint(*PUBLIC_NEGATIVES)]
        group = [row, *negatives]
        if chance.random() < DISORDERED:
            group = [disorder(one, found, chance) for one in group]
        yield from _join(group, f"public-{chance.randrange(1 << 60)}")
        other = ask_of_another(row, names, chance) if chance.random() < other_name else None
        if other:
            yield other


def group_made(rows: Iterable[Row], chance: random.Random) -> Iterator[Row]:
    """Rows made of articles: answerable ones with the passage most like the question, the others alone."""
    made = list(rows)
    yield from (row for row in made if not row.answerable)
    for number, (row, negatives) in enumerate(hard_negatives.find(made, made, MADE_NEGATIVES, chance.randrange(99))):
        yield from _join([row, *negatives], f"made-{number}")


def group_news(questions: Sequence[TestQuestion], articles: Sequence[Article], chance: random.Random) -> Iterator[Row]:
    """Quiz questions about news: a passage of the evidence that answers, and the most likely ones that do not."""
    evidence = {article for question in questions for article in question.evidence}
    hits = [
        Hit(number, article, part.start, part.end, part.text, 0.0)
        for article in articles
        if article.id in evidence
        for number, part in enumerate(split_passages(article.id, article.text, count_words))
    ]
    vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english", dtype=np.float32)
    matrix = vectorizer.fit_transform(f"{hit.article.title} {hit.text}" for hit in hits)
    for question in questions:
        likeness = (vectorizer.transform([question.question]) @ matrix.T).toarray()[0]
        nearest = [hits[number] for number in np.argsort(-likeness)[:NEWS_SEARCHED]]
        rows = list(news_rows.rows_of_question(question, nearest, chance))
        negatives = [row for row in rows if not row.answerable]
        for number, row in enumerate({row.passage: row for row in rows if row.answerable}.values()):
            chosen = negatives[:1] + chance.sample(negatives[1:], min(len(negatives[1:]), NEWS_NEGATIVES - 1))
            asked = [replace(one, question=row.question) for one in chosen]
            yield from _join([row, *asked], f"news-{question.id}-{number}")


def _join(rows: Iterable[Row], group: str) -> Iterator[Row]:
    return (replace(row, group=group) for row in rows)


if __name__ == "__main__":
    main()
