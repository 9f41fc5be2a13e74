"""Whether a library answers a drafted question, and whether it is its own article that does.

The one rule: what is asked is checked with words alone, so that no search or reader that is measured chose the
questions it will be measured by.
"""

from collections.abc import Iterator
from dataclasses import replace

from assistant.candidates import read_question
from assistant.clues import Clues, stem, stems_of
from assistant.evaluation.drafts import Candidate, Draft
from assistant.questions import TestQuestion, holds_answer
from index.records import Article
from index.store import Index
from index.words import question_words

ANSWERS_WELL = 0.75
"""The share of a question's words, by their rarity, that the passage of its answer and its title must have."""
AS_WELL = 0.9
"""Another passage that has this part of what the right one has might be asked just as well."""
LOOKED_AT = 40
"""Passages of other articles that are checked, those that share most with the question."""
_ASKING = frozenset(
    "say says said think thinks thought react reacts reacted reaction view views comment comments commented speak "
    "speaks spoke call calls called tell tells told job old much many opinion describe described respond "
    "responded".split()
)
"""Words that ask; what an article says in other words is not to be missed for want of them."""


def check_answerable(library: Index, one: Candidate) -> Draft | None:
    """The draft, if its own article answers the question and no other article might be meant.

    An article that has the question's words as well, and the same answer, is evidence, too; one with another answer
    makes the question ambiguous, and it is dropped.
    """
    clues = read_about(one.question, library)
    passage = one.story.passage_at(one.made.start, one.made.end)
    right = clues.cover(stems_of(f"{one.article.title} {passage.text}")) if passage else 0.0
    if not passage or right < ANSWERS_WELL:
        return None
    also = []
    for article, text, copied in _others(library, one, clues):
        if copied:
            also.append(article.id)
        elif clues.cover(stems_of(f"{article.title} {text}")) >= AS_WELL * right:
            if not holds_answer(text, [one.answer]):
                return None
            also.append(article.id)
    evidence = tuple(dict.fromkeys((one.article.id, *also)))
    kind = one.made.origin.removeprefix("made:")
    return one.to_draft(TestQuestion(one.name(kind), one.question, (one.answer,), evidence), kind)


def check_apart(library: Index, one: Candidate) -> Draft | None:
    """The draft of a question on an article that the library does not have, if no article there answers it."""
    if library.find_id(one.article.id) or might_answer(library, one.question, one.answer):
        return None
    return one.to_draft(TestQuestion(one.name("apart"), one.question, (), ()), "article not in the library")


def might_answer(library: Index, question: str, answer: str = "") -> bool:
    """Whether a passage has what the question asks about: nearly all of its words, or fewer and the answer."""
    clues = read_about(question, library)
    for article, text in _matching(library, clues, question):
        cover = clues.cover(stems_of(f"{article.title} {text}"))
        if cover >= ANSWERS_WELL or (answer and cover >= ANSWERS_WELL / 2 and holds_answer(text, [answer])):
            return True
    return False


def read_about(question: str, library: Index) -> Clues:
    """What a question is about; the words that ask are left out."""
    clues = read_question(question, library)
    asking = {stem(word) for word in _ASKING}
    about = {word: weight for word, weight in clues.weights.items() if word not in asking}
    return replace(clues, weights=about or clues.weights)


def _others(library: Index, one: Candidate, clues: Clues) -> Iterator[tuple[Article, str, bool]]:
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
