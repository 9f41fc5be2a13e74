"""One article as the product keeps it, and a question made of it: what the makers of questions hand on.

The one rule: offsets count characters of the cleaned text, so that a passage's answer is found by subtraction.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.speakers.narration import QUOTED, Narration
from index.clean import clean
from index.passages import DEFAULT_BUDGET, CountTokens, split_passages
from index.records import Article, Passage
from index.sentences import sentence_spans

TOKENS_PER_WORD = 1.3
"""The packaged embedder's, measured on news."""
_WORD = re.compile(r"\w+")
_SMALL_WORDS = frozenset(
    "the a an of in on at to for with by from about and or is are was were be been did does do has have had will would "
    "what who when where how many much say said says that it he she they his her their its this there as against "
    "between into after before percent percentage".split()
)


@dataclass(frozen=True, slots=True)
class Made:
    """A question whose answer is `text[start:end]` of a story.

    `names` and `topic` are the parts of the question that another can stand in for; `speaker` is asked about.
    """

    question: str
    start: int
    end: int
    origin: str
    names: tuple[str, ...] = ()
    topic: str = ""
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A cleaned article with its passages and sentences; `narration` is the text with its quotations masked."""

    title: str
    text: str
    passages: tuple[Passage, ...]
    sentences: tuple[tuple[int, int], ...]
    narration: Narration

    def narrated(self) -> Iterator[tuple[int, int]]:
        """The sentences that hold no quotation."""
        for start, end in self.sentences:
            if QUOTED not in self.narration.masked[start:end]:
                yield start, end

    def passage_at(self, start: int, end: int) -> Passage | None:
        """The first passage that holds the offsets."""
        return next((one for one in self.passages if one.start <= start and end <= one.end), None)


def count_words(texts: Sequence[str]) -> list[int]:
    """About the number of tokens of each text, without a tokenizer."""
    return [round(TOKENS_PER_WORD * len(text.split())) for text in texts]


def read_story(article: Article, count_tokens: CountTokens, recurring: frozenset[str] = frozenset()) -> Story:
    """Clean and split an article as the product does."""
    text = clean(article.text, title=article.title, recurring=recurring).text
    return read_stored(replace(article, text=text), count_tokens)


def read_stored(article: Article, count_tokens: CountTokens = count_words) -> Story:
    """Split an article that is clean, as a library keeps it: offsets are those of its text."""
    passages = tuple(split_passages(article.id, article.text, count_tokens, DEFAULT_BUDGET))
    return Story(article.title, article.text, passages, tuple(sentence_spans(article.text)), Narration(article.text))


def content_words(text: str) -> set[str]:
    """The words of a text that say what it is about, without plural and tense endings."""
    return {_stem(word) for word in _WORD.findall(text.lower()) if word not in _SMALL_WORDS}


def _stem(word: str) -> str:
    for ending in ("ies", "ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)]
    return word


def is_name_inside(text: str, word: str, start: int) -> bool:
    """Whether the word that stands at `start`, at the beginning of a sentence, has its capital inside of one, too."""
    inside = re.compile(rf"[\w,][ \u00a0]{re.escape(word)}(?!\w)")
    return any(match.end() != start + len(word) for match in inside.finditer(text))


def holds_word(text: str, words: str) -> bool:
    """Whether `words` stand in the text as whole words, whatever their case."""
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE) is not None
