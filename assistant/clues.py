"""What a question tells about its answer: its telling words, the kind of thing it asks for, whose words it wants.

The one rule: words count by their stems and weigh by their rarity in the library.
"""

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

from assistant.slips import fold
from assistant.wanted_speaker import wanted_speaker
from index.words import question_words

COMMON_SHARE = 0.01
_WORD = re.compile(r"\w+(?:[’']\w+)?")
_NAME = re.compile(r"(?<![.!?“\"] )(?<!^)(?<!^[“\"])\b[A-ZÀ-Þ][\w’'-]+")
_NAME_OR_NUMBER = re.compile(r"(?<!^)\b[A-ZÀ-Þ][\w’'-]+|\d[\d.,]*")
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|[mb]illions?|half)\b"
)
_DATE = re.compile(
    r"\b(?:1[5-9]|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Jan|Feb|Aug|Sept?|Oct|Nov|Dec)\.|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)


class Kind(Enum):
    """The kind of thing a question asks for, told by its question word."""

    NAME = "name"
    NUMBER = "number"
    DATE = "date"
    ANY = "any"


_KINDS = (
    (
        Kind.NUMBER,
        re.compile(
            r"\bhow (?:many|much|old|long|far|tall|big|high|often|large|deep|fast)\b|"
            r"\bwhat (?:percentage|per ?cent|share|number|score|age|price|amount)\b",
            re.IGNORECASE,
        ),
    ),
    (
        Kind.DATE,
        re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|month)\b|\bsince what\b", re.IGNORECASE),
    ),
    (
        Kind.NAME,
        re.compile(
            r"\bwho(?:m|se)?\b|\bwhere\b|\b(?:which|what) (?:country|city|state|company|team|player|actor|artist|"
            r"person|island|school|airline|nation|place|town|film|movie|show|university)\b",
            re.IGNORECASE,
        ),
    ),
)
_PATTERNS = {Kind.NAME: _NAME, Kind.NUMBER: _NUMBER, Kind.DATE: _DATE}


@dataclass(frozen=True, slots=True)
class Clues:
    """`weights` are the question's telling stems with their rarity, `names` those of its names and numbers.

    `speaker` are the words that name who is to be quoted, in their order. `words` are all words of the question,
    lower-case: a thing that it names itself is not what it asks for.
    """

    weights: dict[str, float]
    names: dict[str, float]
    kind: Kind
    speaker: tuple[str, ...]
    words: frozenset[str]

    def cover(self, stems: Collection[str]) -> float:
        """The share (0..1) of the question's weight that stands in `stems`."""
        return _share(self.weights, stems)

    def cover_names(self, stems: Collection[str]) -> float:
        """The share (0..1) of its names' weight that stands in `stems`; of all words where it has no names."""
        return _share(self.names or self.weights, stems)

    def holds_kind(self, sentence: str) -> bool:
        """Whether the sentence holds a thing of the kind asked for that the question does not name itself."""
        pattern = _PATTERNS.get(self.kind)
        if pattern is None:
            return False
        return any(match.group().lower() not in self.words for match in pattern.finditer(sentence))


def read_clues(question: str, count_passages: Callable[[str], int], passages: int) -> Clues:
    """Take a question apart.

    `count_passages` tells in how many of the library's `passages` a word stands. A word weighs
    `ln(1 + (N - n + 0.5) / (n + 0.5))`, BM25's inverse document frequency (Robertson & Zaragoza, 2009). A word that is
    no name counts as if it stood in one passage in a hundred besides: in a small library its absence tells little.
    """
    weights: dict[str, float] = {}
    names: dict[str, float] = {}
    named = {word for name in _NAME_OR_NUMBER.findall(question) for word in re.findall(r"\w+", name.lower())}
    for word in question_words(question):
        found = count_passages(word) + (0 if word in named else COMMON_SHARE * passages)
        found = min(found, passages)
        weight = math.log(1 + (passages - found + 0.5) / (found + 0.5))
        weights[stem(fold(word))] = weight
        if word in named:
            names[stem(fold(word))] = weight
    kind = next((kind for kind, pattern in _KINDS if pattern.search(question)), Kind.ANY)
    words = frozenset(word.lower() for word in _WORD.findall(question))
    return Clues(weights, names, kind, wanted_speaker(question), words)


def stems_of(text: str) -> frozenset[str]:
    """The stems of a text's words."""
    return frozenset(stem(word) for word in re.findall(r"\w+", fold(text.lower())))


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The English (Porter) stem of a lower-case word, as the full-text index makes it."""
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("porter")


def _share(weights: Mapping[str, float], stems: Collection[str]) -> float:
    total = sum(weights.values())
    return sum(weight for stem, weight in weights.items() if stem in stems) / total if total else 0.0
