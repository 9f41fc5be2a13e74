"""Test questions drafted from a library by rules, each checked against every article; no language model, no reader.

The one rule: what is asked is checked with words alone, so that no search or reader that is measured chose the
questions it will be measured by.
"""

import hashlib
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from assistant.candidates import read_question
from assistant.clues import Clues, stem, stems_of
from assistant.made_questions.fact_questions import make_facts
from assistant.made_questions.role_questions import make_roles
from assistant.made_questions.said_questions import make_said
from assistant.made_questions.standing_alone import is_known_person, make_stand_alone
from assistant.made_questions.story import Made, Story, holds_word, read_stored
from assistant.made_questions.topics import Lexicon
from assistant.questions import TestQuestion, holds_answer
from index.batches import batched
from index.records import Article
from index.store import Index
from index.words import question_words

ANSWERS_WELL = 0.75
"""The share of a question's words, by their rarity, that the passage of its answer and its title must have."""
AS_WELL = 0.9
"""Another passage that has this part of what the right one has might be asked just as well."""
LOOKED_AT = 40
"""Passages of other articles that are checked, those that share most with the question."""
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
_ASKING = frozenset(
    "say says said think thinks thought react reacts reacted reaction view views comment comments commented speak "
    "speaks spoke call calls called tell tells told job old much many opinion describe described respond "
    "responded".split()
)
"""Words that ask; what an article says in other words is not to be missed for want of them."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted question; the answer stands at `start` and `end` of its article, whose `sentence` is for review.

    `kind` tells how it was made. Of one that must be refused, `sentence` is what it was turned from.
    """

    question: TestQuestion
    kind: str
    sentence: str
    title: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that was made of an article, before it is checked."""

    article: Article
    story: Story
    made: Made

    def name(self, kind: str) -> str:
        """An id that is the same each time, and of one question alone."""
        place = f"{self.article.id} {self.made.start} {self.made.question}"
        return f"{kind}-{hashlib.blake2b(place.encode(), digest_size=5).hexdigest()}"

    @property
    def question(self) -> str:
        """What is asked, on one line."""
        return " ".join(self.made.question.split())

    @property
    def answer(self) -> str:
        """The answer as it stands in the article, on one line."""
        return " ".join(self.story.text[self.made.start : self.made.end].split())

    @property
    def people(self) -> tuple[str, ...]:
        """The people that the question names, without whom there is any doubt about."""
        return tuple(name for name in self.made.names if is_known_person(self.story, name))

    @property
    def sentence(self) -> str:
        """The sentence that the answer stands in, on one line."""
        start, end = next(
            (span for span in self.story.sentences if span[0] <= self.made.start < span[1]),
            (self.made.start, self.made.end),
        )
        return " ".join(self.story.text[start : max(end, self.made.end)].split())


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


def check_answerable(library: Index, one: Candidate) -> Draft | None:
    """The draft, if its own article answers the question and no other article might be meant.

    An article that has the question's words as well, and the same answer, is evidence, too; one with another answer
    makes the question ambiguous, and it is dropped.
    """
    clues = _read(one.question, library)
    passage = one.story.passage_at(one.made.start, one.made.end)
    right = clues.cover(stems_of(f"{one.article.title} {passage.text}")) if passage else 0.0
    if not passage or right < ANSWERS_WELL:
        return None
    also = []
    for article, text, copied in _others(library, one, clues, passage.text):
        if copied:
            also.append(article.id)
        elif clues.cover(stems_of(f"{article.title} {text}")) >= AS_WELL * right:
            if not holds_answer(text, [one.answer]):
                return None
            also.append(article.id)
    evidence = tuple(dict.fromkeys((one.article.id, *also)))
    name = one.name(one.made.origin.removeprefix("made:"))
    return _draft(one, TestQuestion(name, one.question, (one.answer,), evidence), one.made.origin.removeprefix("made:"))


def check_apart(library: Index, one: Candidate) -> Draft | None:
    """The draft of a question on an article that the library does not have, if no article there answers it."""
    if library.find_id(one.article.id) or _might_answer(library, one.question, one.answer):
        return None
    return _draft(one, TestQuestion(one.name("apart"), one.question, (), ()), "article not in the library")


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
            if question != one.question and not _might_answer(library, question):
                yield _draft(one, TestQuestion(one.name("swapped"), question, (), ()), f"{new} instead of {old}")
                break


def _might_answer(library: Index, question: str, answer: str = "") -> bool:
    """Whether a passage has what the question asks about: nearly all of its words, or fewer and the answer."""
    clues = _read(question, library)
    for article, text in _matching(library, clues, question):
        cover = clues.cover(stems_of(f"{article.title} {text}"))
        if cover >= ANSWERS_WELL or (answer and cover >= ANSWERS_WELL / 2 and holds_answer(text, [answer])):
            return True
    return False


def _read(question: str, library: Index) -> Clues:
    """What a question is about; the words that ask are left out."""
    clues = read_question(question, library)
    asking = {stem(word) for word in _ASKING}
    about = {word: weight for word, weight in clues.weights.items() if word not in asking}
    return replace(clues, weights=about or clues.weights)


def _others(library: Index, one: Candidate, clues: Clues, own: str) -> Iterator[tuple[Article, str, bool]]:
    """Passages of other articles that match the question, and whether they are copies of its own passage."""
    stories = library.stories_of([one.article.id])
    copies = {name for story in stories.values() for name in library.articles_of_story(story)}
    for article, text in _matching(library, clues, one.question):
        if article.id != one.article.id:
            yield article, text, article.id in copies and holds_answer(text, [one.answer])


def _matching(library: Index, clues: Clues, question: str) -> Iterator[tuple[Article, str]]:
    """The passages that share most with a question, by the full-text index; `clues` are the question's."""
    rarest = sorted(question_words(question), key=lambda word: -clues.weights.get(word, 0.0))
    ids = library.match_words(rarest, LOOKED_AT)
    rows = library.find_passages(ids)
    for passage in ids:
        if passage in rows:
            _, article, start, end = rows[passage]
            yield article, article.text[start:end]


def _draft(one: Candidate, question: TestQuestion, kind: str) -> Draft:
    return Draft(question, kind, one.sentence, one.article.title, one.made.start, one.made.end)
