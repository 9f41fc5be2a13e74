"""Training rows made of news articles by rules: what people said, and plain facts, with questions that have no answer.

    python -m training.made_questions ARTICLES.jsonl.gz ROWS.jsonl

The one rule: no question is on an article that the caller did not give, and the same seed makes the same rows.
"""

import argparse
import gzip
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.made_questions.fact_questions import make_facts
from assistant.made_questions.role_questions import make_roles
from assistant.made_questions.said_questions import make_said
from assistant.made_questions.story import Made, Story, count_words, read_story
from assistant.made_questions.topics import Lexicon
from index.batches import batched
from index.clean import countable_lines, normalise, recurring_lines
from index.formats.origin import Origin
from index.formats.rows import read_rows
from index.passages import CountTokens
from index.records import Article, Passage
from training.public_sets import as_typed
from training.rows import Row, write_rows
from training.unanswerable import Pools, pools_of, turn_unanswerable

TOGETHER = 400
"""Articles that lend each other names and topics, and whose recurring lines are counted together."""
MOST_ROWS = 8
"""Of an article."""
MOST_OF_PASSAGE = 3
MOST_OF_KIND = {"made:said": 4, "made:role": 1, "made:who-is": 1, "made:how-old": 1}
"""Two of each other kind. Answerable rows of one origin in an article."""
SELDOM = {"made:role": 0.5, "made:who-is": 0.5}
"""In which part of the articles a kind is used that nearly each would give."""
MOST_ALIKE = 8
"""How often one question is asked in all: answers shall be read, not remembered."""
WITHOUT_ANSWER = 0.75
"""For so many answerable rows an unanswerable one is sought, and found for about 0.6 of them."""
TITLE_LEFT_OUT = 0.1
LONGEST_ROW = 1 << 24


def make_rows(articles: Iterable[Article], seed: int = 0, count_tokens: CountTokens = count_words) -> Iterator[Row]:
    """Make rows of all articles, in their order; `count_tokens` is the embedder's, by which passages are split."""
    chance = random.Random(seed)
    asked = Counter[str]()
    for batch in batched(articles, TOGETHER):
        yield from _rows_of_batch(batch, asked, chance, count_tokens)


def _rows_of_batch(
    batch: Sequence[Article], asked: Counter[str], chance: random.Random, count_tokens: CountTokens
) -> Iterator[Row]:
    recurring = _recurring(batch)
    lexicon = Lexicon(article.text for article in batch)
    stories: list[tuple[Story, list[Made]]] = []
    for article in batch:
        story = read_story(article, count_tokens, recurring[article.source])
        made = [*make_said(story, lexicon, chance), *make_facts(story), *make_roles(story, chance)]
        stories.append((story, _choose(made, chance)))
    pools = pools_of((made for _, chosen in stories for made in chosen), (story for story, _ in stories))
    for story, chosen in stories:
        asked.update(made.question for made in chosen)
        new = [made for made in chosen if asked[made.question] <= MOST_ALIKE]
        yield from _rows_of_story(story, new, pools, chance)


def _recurring(batch: Sequence[Article]) -> dict[str, frozenset[str]]:
    """The boilerplate of each source."""
    articles: Counter[str] = Counter(article.source for article in batch)
    counts: dict[str, Counter[str]] = {source: Counter() for source in articles}
    for article in batch:
        counts[article.source].update(countable_lines(normalise(article.text)))
    return {source: recurring_lines(counts[source], articles[source]) for source in articles}


def _choose(made: Sequence[Made], chance: random.Random) -> list[Made]:
    """The questions in the order in which they are used: kinds take turns, what was said comes twice as often."""
    by_kind: dict[str, list[Made]] = {}
    for one in made:
        by_kind.setdefault(one.origin, []).append(one)
    turns: list[tuple[float, int, Made]] = []
    for kind, questions in by_kind.items():
        if chance.random() >= SELDOM.get(kind, 1):
            continue
        chance.shuffle(questions)
        most = MOST_OF_KIND.get(kind, 2)
        pace = 2 / most
        turns += [(turn * pace + chance.random(), len(turns) + turn, one) for turn, one in enumerate(questions[:most])]
    return [one for _, _, one in sorted(turns, key=lambda turn: turn[:2])]


@dataclass(slots=True)
class _Room:
    """How many rows an article and its passages still take, and which questions it has."""

    left: int
    used: Counter[int]
    asked: set[str]

    def take(self, passage: Passage, question: str) -> bool:
        free = self.left > 0 and self.used[passage.start] < MOST_OF_PASSAGE and question not in self.asked
        if free:
            self.left -= 1
            self.used[passage.start] += 1
            self.asked.add(question)
        return free


def _rows_of_story(story: Story, chosen: Sequence[Made], pools: Pools, chance: random.Random) -> Iterator[Row]:
    room = _Room(MOST_ROWS, Counter(), set())
    title = "" if chance.random() < TITLE_LEFT_OUT else story.title
    for made in chosen:
        holding = [one for one in story.passages if one.start <= made.start and made.end <= one.end]
        if not holding:
            continue
        passage = chance.choice(holding) if made.origin != "made:said" else holding[0]
        if not room.take(passage, made.question):
            continue
        span = made.start - passage.start, made.end - passage.start
        yield Row(as_typed(made.question, chance), title, passage.text, *span, made.origin)
        if chance.random() < WITHOUT_ANSWER:
            twin = turn_unanswerable(story, made, passage, pools, chance)
            if twin and room.take(twin[1], f"{twin[0]} {twin[1].start}"):
                question = as_typed(twin[0], chance)
                yield Row(question, title, twin[1].text, 0, 0, f"{made.origin}:none")


def read_articles(file: Path) -> Iterator[Article]:
    """The articles of a gzipped JSON Lines file, read as the product reads them."""
    with gzip.open(file) as stream:
        for item in read_rows(stream, Origin(str(file), str(file), file.stem), LONGEST_ROW):
            if isinstance(item, Article):
                yield item


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    print(f"{write_rows(chosen.rows, make_rows(read_articles(chosen.articles), chosen.seed))} rows")


if __name__ == "__main__":
    main()
