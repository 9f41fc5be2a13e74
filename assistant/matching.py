"""Found words against expected ones: SQuAD's normalisation, exact match and F1 (Rajpurkar et al., 2016).

The one rule: no answers mean that nothing is right but finding nothing (Rajpurkar et al., 2018).
"""

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation + "“”‘’–—…")  # beyond SQuAD's: how newspapers set it


def normalise(text: str) -> str:
    """The words in lower case, without punctuation and English articles, one space between them."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(found: str, answers: Sequence[str]) -> bool:
    """Whether the found words are one of the answers; where there is none, whether nothing was found."""
    return normalise(found) in _expected(answers)


def token_f1(found: str, answers: Sequence[str]) -> float:
    """The best harmonic mean of precision and recall of words, over the answers; 0..1."""
    words = normalise(found).split()
    return max(_f1(words, answer.split()) for answer in _expected(answers))


def _expected(answers: Sequence[str]) -> set[str]:
    """The normalised answers; an answer of which nothing is left is none."""
    return {words for words in map(normalise, answers) if words} or {""}


def _f1(found: list[str], expected: list[str]) -> float:
    if not found or not expected:
        return float(found == expected)
    shared = (Counter(found) & Counter(expected)).total()
    return 2 * shared / (len(found) + len(expected))
