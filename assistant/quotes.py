"""Sentences as quotes, with exact offsets and who is speaking.

The one rule: a quote is checked against its article when it is made; one that differs is an error, never an answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.matching import normalise
from assistant.reader import Evidence
from assistant.speakers import find_speaker
from index.errors import AssistantError
from index.records import Article
from index.sentences import sentence_spans

SAME_SENTENCE = 0.8
"""Two sentences that share this part of their words say the same."""
ENOUGH_OF_THE_BEST = 0.35
"""A second or third quote must be at least this part as probable as the first."""
LONGEST_BEFORE = 600
"""Characters before a quote in which the sentence before it is looked for."""
_WHOLE = re.compile(r"\s.*\s.*[.!?…][\"”’'»)]*$")
"""A sentence, and no heading or credit."""
_LEANING = re.compile(
    r"(?P<quoted>[\"“‘'«„])?\W*(?:(?:But|And|So|Yet|Still|Instead|However|Then|Now|Also|In fact),?\s+)?"
    r"(?:(?P<person>he|she|his|her)|they|them|their|it|its|it[’']s|that[’']s|this|that|these|those|both|neither|none|such)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence exactly as published: `article.text[start:end] == text`.

    `span` are the offsets in `article.text` of the words to mark, `start <= span[0] < span[1] <= end`.
    `speaker` is the full name of who says it, where somebody does. `copies` are ids of articles with the same passage.
    """

    article: Article
    start: int
    end: int
    text: str
    span: tuple[int, int]
    speaker: str | None = None
    copies: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the quote against its article.

        Raises:
            AssistantError: if the offsets do not give the quoted text, or the span leaves it.
        """
        if self.article.text[self.start : self.end] != self.text:
            raise AssistantError(
                f"a quote of {self.article.id} does not stand at {self.start}:{self.end}: sync the article again"
            )
        if not self.start <= self.span[0] < self.span[1] <= self.end:
            raise AssistantError(
                f"the marked span {self.span} leaves its quote {self.start}:{self.end} of {self.article.id}"
            )

    @property
    def marked(self) -> str:
        """The words to mark."""
        return self.article.text[self.span[0] : self.span[1]]

    @property
    def before(self) -> str:
        """The sentence before it, exactly as published, where this one opens with a word that means it (“They …”).

        Elsewhere "", so too for “She said …” where the speaker is known.
        """
        opening = _LEANING.match(self.text)
        if opening is None or (self.speaker and opening["person"] and not opening["quoted"]):
            return ""
        first = max(self.start - LONGEST_BEFORE, 0)
        window = self.article.text[first : self.start]
        whole = [(start, end) for start, end in sentence_spans(window) if start or not first]
        before = window[slice(*whole[-1])] if whole else ""
        return before if _WHOLE.search(before) else ""


def choose_quotes(evidence: Sequence[Evidence], limit: int) -> tuple[Quote, ...]:
    """The one to `limit` sentences to show, most probable first; a further one only where it adds something."""
    chosen: list[Evidence] = []
    for item in evidence:
        if len(chosen) == limit or (chosen and item.score < ENOUGH_OF_THE_BEST * chosen[0].score):
            break
        if not any(_say_the_same(item, other) for other in chosen):
            chosen.append(item)
    return tuple(to_quote(item) for item in chosen)


def to_quote(item: Evidence) -> Quote:
    """Evidence as a quote, with its speaker."""
    article = item.hit.article
    speaker = find_speaker(article.text, item.start, item.end)
    return Quote(article, item.start, item.end, item.text, item.span, speaker, item.hit.copies)


def _say_the_same(one: Evidence, other: Evidence) -> bool:
    """Whether the same words answer in both, or nearly the same sentence stands there twice."""
    answer, before = f" {normalise(one.marked)} ", f" {normalise(other.marked)} "
    if answer in before or before in answer:
        return True
    words, others = set(re.findall(r"\w+", one.text.lower())), set(re.findall(r"\w+", other.text.lower()))
    return len(words & others) >= SAME_SENTENCE * min(len(words), len(others))
