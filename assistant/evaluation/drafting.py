"""Test questions that a language model writes; each is then checked as those that are made by rules.

The one rule: nothing is believed of the model. Its answer must stand in the passage word for word, and what it wrote
before it failed is kept.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from assistant.evaluation.drafts import Candidate
from assistant.evaluation.making import LENDERS, MOST_OF_ARTICLE, is_usable
from assistant.made_questions.story import Made, Story, read_stored
from assistant.models import LanguageModel
from assistant.prompts import questions_prompt
from assistant.speakers.mentions import find_mentions, is_person
from assistant.trouble import QUOTES
from index.batches import batched
from index.errors import GenerationError
from index.records import Article, Passage

ORIGIN = "made:model"
FEWEST_WORDS = 40
"""Of a passage that is worth sending."""
SHORTEST, LONGEST = 4, 30
"""Words of a question."""
ROUNDS = 3
"""Passages of an article that are asked about at most, each when the other articles had their turn."""
MOST_FAILURES = 3
"""In a row, after which the model is not asked again."""
_LINE = re.compile(
    r"^\W*(?:\d+[.)]\s*)?(?:Q(?:uestion)?:\s*)?(?P<question>[^|]+\?)\s*\|\s*(?:A(?:nswer)?:\s*)?(?P<answer>[^|]+)$"
)
_LEANING = re.compile(
    r"\b(?:the|this|that) (?:article|passage|text|story|report|author)\b|\b(?:he|she|they|him|them)\b", re.IGNORECASE
)
_AROUND = " \t\"'“”‘’.,;:"


class ModelDrafter:
    """Asks a model for questions on passages, and keeps account of what became of them.

    `asked` counts the passages, `written` the questions, `dropped` those that could not be taken, by reason; `trouble`
    tells why the model is not asked any more, "" while it is.
    """

    def __init__(self, model: LanguageModel, most: int, progress: Callable[[int], None] = lambda _: None) -> None:
        """Ask about at most so many passages; `progress` is told how many it were."""
        self.model = model
        self.most = most
        self.asked = 0
        self.written = 0
        self.dropped: Counter[str] = Counter()
        self.trouble = ""
        self._progress = progress
        self._failures = 0

    def make(self, articles: Iterable[Article], chance: random.Random) -> Iterator[Candidate]:
        """Questions on the articles in their order, a passage of each, then another of each."""

        @lru_cache(maxsize=LENDERS)
        def opened(article: Article) -> tuple[Story, list[Passage]]:
            story = read_stored(article)
            long_enough = [passage for passage in story.passages if len(passage.text.split()) >= FEWEST_WORDS]
            return story, chance.sample(long_enough, min(ROUNDS, len(long_enough)))

        for batch in batched(articles, LENDERS):
            for turn in range(ROUNDS):
                for article in batch:
                    if self.trouble:
                        return
                    story, passages = opened(article)
                    if turn < len(passages):
                        yield from self._ask(article, story, passages[turn])

    def _ask(self, article: Article, story: Story, passage: Passage) -> Iterator[Candidate]:
        if self.asked == self.most:
            self.trouble = (
                f"{self.model.name} was asked about {self.most} passages, and too few questions could be taken"
            )
            return
        self.asked += 1
        try:
            text = self.model.complete(questions_prompt(article.title, passage.text, MOST_OF_ARTICLE))
        except (GenerationError, KeyboardInterrupt) as error:
            self._fail(error)
            return
        self._failures = 0
        self._progress(self.asked)
        lines = [line for line in text.splitlines() if line.strip()]
        read = [self._read(line, story, passage) for line in lines[:MOST_OF_ARTICLE]]
        self.written += len(read)
        self.dropped.update(why for why in read if isinstance(why, str))
        yield from (Candidate(article, story, made) for made in read if isinstance(made, Made))

    def _fail(self, error: BaseException) -> None:
        self._failures += 1
        self.dropped["passages about which the model gave no answer"] += 1
        if isinstance(error, KeyboardInterrupt):
            self.trouble = f"{self.model.name} was stopped"
        elif self._failures == MOST_FAILURES:
            self.trouble = str(error).removesuffix(QUOTES).strip(" .")

    def _read(self, line: str, story: Story, passage: Passage) -> Made | str:
        """A line as a question with the offsets of its answer, or why it cannot be taken."""
        match = _LINE.match(line.strip())
        if not match:
            return "not of the form QUESTION | ANSWER"
        question = " ".join(match["question"].split())
        if not SHORTEST <= len(question.split()) <= LONGEST or _LEANING.search(question):
            return "does not stand alone"
        words = match["answer"].strip(_AROUND).split()
        exactly = r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)"
        found = re.search(exactly, passage.text, re.IGNORECASE) if words else None
        if not found:
            return "the answer does not stand in the passage"
        mentions = (question[one.start : one.end] for one in find_mentions(question) if one.start)
        people = tuple(name for name in mentions if is_person(name))
        made = Made(question, passage.start + found.start(), passage.start + found.end(), ORIGIN, people)
        return made if is_usable(story, made) else "the answer is in the question, or long"
