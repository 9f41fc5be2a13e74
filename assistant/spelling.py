"""Words of a question that no article has are read as the words of the library that they nearly are.

The one rule: a word that the library or the language has stays as it was typed, and what is changed is shown.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant.candidates import read_question
from assistant.clues import stems_of
from assistant.slips import fold, slips
from assistant.span_models import MODEL_FOLDER
from index.store import Index
from index.words import STOP_WORDS

SHORTEST = 6
"""Letters of a word that may be mistyped: of shorter ones too many are one slip from another."""
SHORTEST_PART = 3
"""Letters of a part of a word that is written as two elsewhere."""
LOOKED_AT = 100
"""Passages that are read to see how the library spells a word, and what they are about."""
SAME_MATTER = 0.2
"""The share of the weight of a question's other words that has to stand beside the word that is meant."""
ENDINGS = (
    *(("iest", "y"), ("ier", "y"), ("ies", "y"), ("ied", "y"), ("s", ""), ("es", ""), ("ed", ""), ("ed", "e")),
    *(("ing", ""), ("ing", "e"), ("er", ""), ("er", "e"), ("est", ""), ("est", "e"), ("ly", ""), ("ness", "")),
)
"""How forms of a word end, and what its basic form has instead."""
_WORD = re.compile(r"[^\W\d_]+")
_PAIR = re.compile(r"(?=(?<![^\W_])(?P<pair>[^\W\d_]{3,}[- ][^\W\d_]{3,})(?![^\W_]))")


def respell(question: str, library: Index) -> str:
    """The question as the library writes it: Stoltenburg as Stoltenberg, “mega-flood” as “megaflood”.

    What is meant by a slip has to stand beside other words of the question in an article.
    """
    for match in reversed(list(_PAIR.finditer(question))):
        joined = _join(match["pair"], library)
        if joined:
            question = question[: match.start("pair")] + joined + question[match.end("pair") :]
    for match in reversed(list(_WORD.finditer(question))):
        word = match.group()
        if len(word) < SHORTEST or word.isupper() or is_language(word) or library.count_word(word):
            continue
        before, after = question[: match.start()], question[match.end() :]
        meant = _find_meant(word, f"{before} {after}", library) or _take_apart(word, library)
        if meant:
            question = f"{before}{meant}{after}"
    return question


def is_language(word: str) -> bool:
    """Whether a word, or what it is a form of, is whole in the reader's vocabulary: English, or a well-known name."""
    plain = fold(word.lower())
    basic = (plain.removesuffix(ending) + instead for ending, instead in ENDINGS if plain.endswith(ending))
    return any(form in _vocabulary() for form in (plain, *basic))


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    """The words that the reader's tokenizer leaves whole; none where the program came without it."""
    try:
        tokenizer = json.loads((MODEL_FOLDER / "tokenizer.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return frozenset()
    return frozenset(word for word in tokenizer["model"]["vocab"] if word.isalpha())


def _join(pair: str, library: Index) -> str | None:
    """“mega-flood” and “mega flood” as “megaflood”, if the library has that alone."""
    parts = _WORD.findall(pair)
    if any(part.lower() in STOP_WORDS for part in parts):
        return None
    joined = "".join(parts)
    if not library.count_word(joined) or library.count_word(" ".join(parts)):
        return None
    written = re.compile(rf"(?<![\w#@]){joined}\b", re.IGNORECASE)  # not “wildfire” for “wild fir”, which share a stem
    return joined if any(written.search(text) for text in _passages([joined], library)) else None


def _take_apart(word: str, library: Index) -> str | None:
    """“megaflood” as “mega flood”, if the library has these words one after the other."""
    for place in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        pair = f"{word[:place]} {word[place:]}"
        if library.count_word(pair):
            written = re.compile(rf"\b{word[:place]}[- ]{word[place:]}\b", re.IGNORECASE)
            if any(written.search(text) for text in _passages([pair], library)):
                return pair
    return None


def _find_meant(word: str, rest: str, library: Index) -> str | None:
    """What the library has in place of a mistyped word, as it is mostly written there; None where nothing fits."""
    near = library.known_words(sorted(slips(fold(word.lower()))))
    if not near:
        return None
    others = " ".join(one for one in _WORD.findall(rest) if library.count_word(one))  # another slip tells nothing
    clues = read_question(others, library)
    found: Counter[str] = Counter()
    for text in _passages(near, library):
        if not clues.weights or clues.cover(stems_of(text)) >= SAME_MATTER:
            found.update(written for written in _WORD.findall(text) if fold(written.lower()) in near)
    return found.most_common(1)[0][0] if found else None


def _passages(words: Sequence[str], library: Index) -> Iterator[str]:
    """The passages with any of the words, each behind its title."""
    rows = library.find_passages(library.match_words(words, LOOKED_AT))
    for _, article, start, end in rows.values():
        yield f"{article.title} {article.text[start:end]}"
