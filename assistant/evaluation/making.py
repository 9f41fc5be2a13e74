"""Test questions drafted from a library by rules, each checked against every article; no language model, no reader.

The one rule: the same library, number and seed give the same questions.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice

from assistant.evaluation.checking_drafts import check_answerable, check_apart, might_answer
from assistant.evaluation.drafts import Candidate, Draft
from assistant.made_questions.fact_questions import make_facts
from assistant.made_questions.role_questions import make_roles
from assistant.made_questions.said_questions import make_said
from assistant.made_questions.standing_alone import make_stand_alone
from assistant.made_questions.story import Made, Story, holds_word, read_stored
from assistant.made_questions.topics import Lexicon
from assistant.questions import TestQuestion, holds_answer
from index.batches import batched
from index.records import Article
from index.store import Index

MOST_OF_ARTICLE = 3
LENDERS = 400
"""Articles that lend each other topics and names."""
SPARE = 10
"""Questions that are made for each that is to be turned into one without an answer: few names fit."""
TRIES = 5
"""Names that are tried in a question."""
UNANSWERABLE_SHARE = 1 / 3
LONGEST_ANSWER = 30
"""Words."""

MakeQuestions = Callable[[Iterable[Article], random.Random], Iterator[Candidate]]
"""Makes questions of articles, in their order and none before it is asked for."""


def draft_questions(
    library: Index,
    number: int,
    *,
    apart: Iterable[Article] = (),
    seed: int = 0,
    make: MakeQuestions | None = None,
) -> list[Draft]:
    """Draft about `number` questions, a third of which the library does not answer.

    `apart` are articles that the library does not have: what they alone answer must be refused. Where there are not
    enough of them, names in questions are swapped. Questions are made by rules, or by `make`; where it made too few
    names to swap, rules fill up. The same library, number and seed give the same questions, by rules.
    """
    chance = random.Random(seed)
    names = sorted(row.id for row in library.list_articles())
    chance.shuffle(names)
    refused = round(number * UNANSWERABLE_SHARE)
    enough = number + SPARE * refused if make is None else 0
    answered: list[Draft] = []
    seen: list[Candidate] = []
    for one in (make or make_by_rules)(_find(library, names), chance):
        seen.append(one)
        draft = check_answerable(library, one) if len(answered) < number - refused else None
        if draft and draft.question.question not in {other.question.question for other in answered}:
            answered.append(draft)
        if len(answered) == number - refused and len(seen) >= enough:
            break
    missing = (check_apart(library, one) for one in (make or make_by_rules)(apart, chance))
    unanswerable = list(islice((draft for draft in missing if draft), refused))
    by_rules = islice(make_by_rules(_find(library, names), chance), SPARE * refused) if make else ()
    swapped = chain(_swapped(library, seen, chance), _swapped_late(library, by_rules, chance))
    unanswerable += islice(swapped, refused - len(unanswerable))
    return [*answered, *unanswerable]


def _find(library: Index, names: Iterable[str]) -> Iterator[Article]:
    return (article for name in names if (article := library.find_article(name)))


def _swapped_late(library: Index, made: Iterable[Candidate], chance: random.Random) -> Iterator[Draft]:
    """As `_swapped`, but nothing is made before it is asked for."""
    yield from _swapped(library, list(made), chance)


def make_by_rules(articles: Iterable[Article], chance: random.Random) -> Iterator[Candidate]:
    """Questions on the articles, in their order, at most three of each; kinds take turns."""
    for batch in batched(articles, LENDERS):
        lexicon = Lexicon(article.text for article in batch)
        for article in batch:
            story = read_stored(article)
            made = [*make_said(story, lexicon, chance), *make_facts(story), *make_roles(story, chance)]
            chance.shuffle(made)
            alone = [mended for one in made if (mended := make_stand_alone(story, one))]
            by_kind = {one.origin: one for one in reversed(alone)}
            usable = [one for one in by_kind.values() if is_usable(story, one)]
            yield from (Candidate(article, story, one) for one in usable[:MOST_OF_ARTICLE])


def is_usable(story: Story, made: Made) -> bool:
    """Whether the answer is of a usable length and not given away."""
    answer = story.text[made.start : made.end]
    return bool(answer.strip()) and len(answer.split()) <= LONGEST_ANSWER and not holds_answer(made.question, [answer])


def _swapped(library: Index, made: Sequence[Candidate], chance: random.Random) -> Iterator[Draft]:
    """Questions that ask of another person, of whom the articles do not say that.

    Only people change places: what a name of anything else stands for, and whether it can do that, rules cannot tell.
    """
    pool: dict[str, list[str]] = {}
    for one in made:
        for name in one.people:
            pool.setdefault(one.made.origin, []).append(name)
    for one in made:
        lent = [name for name in pool.get(one.made.origin, ()) if not holds_word(one.story.text, name)]
        if not one.people or not lent:
            continue
        old = one.people[0]
        for new in chance.sample(lent, min(TRIES, len(lent))):
            question = one.question.replace(old, new)
            if question != one.question and not might_answer(library, question):
                yield one.to_draft(TestQuestion(one.name("swapped"), question, (), ()), f"{new} instead of {old}")
                break
