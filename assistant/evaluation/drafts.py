"""A question that was made of an article, and the draft that it becomes when it has been checked.

The one rule: an id depends on the article and the question alone, so that a draft is known again.
"""

import hashlib
from dataclasses import dataclass

from assistant.made_questions.standing_alone import is_known_person
from assistant.made_questions.story import Made, Story
from assistant.questions import TestQuestion
from index.records import Article


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

    def to_draft(self, question: TestQuestion, kind: str) -> Draft:
        """The draft of `question`, which was made of this one."""
        return Draft(question, kind, self.sentence, self.article.title, self.made.start, self.made.end)
