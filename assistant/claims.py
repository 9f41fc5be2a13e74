"""What a sentence claims that can be looked up: its names, numbers, dates and quoted words.

The one rule: two ways to write one number (“two”, “2”; “$1.5 billion”, “1,500 million”) are the same number.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.clues import stem
from assistant.matching import normalise
from assistant.speakers.mentions import find_mentions
from assistant.speakers.name_words import DEMONYMS, FUNCTION_WORDS, MONTHS, TITLES, WEEKDAYS
from index.words import STOP_WORDS

SHORTEST_QUOTE = 2
"""Words from which on words in quotation marks must stand in the article."""
SAME_ROOT = 4
"""Letters that “Canada” and “Canadian” share."""

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORD_VALUES = {word: float(value) for value, word in enumerate(_UNITS.split())} | {
    word: 20.0 + 10 * place for place, word in enumerate(_TENS.split())
}
_ORDINALS = dict(
    zip("first second third fourth fifth sixth seventh eighth ninth tenth".split(), range(1, 11), strict=True)
)
_SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
    "dozen": 12.0,
}
_SCALE = r"(?:[\s-]?(?P<scale>hundred|thousand|million|billion|trillion|dozen|bn|[mk])\b)?"
_WORD_SCALE = _SCALE.replace("scale", "wordscale")
_NUMBER = re.compile(
    rf"(?<![\w.])(?:[$€£]\s?)?(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:st|nd|rd|th|s)?{_SCALE}"
    rf"|\b(?P<word>{'|'.join(_WORD_VALUES)})(?:-(?P<unit>{'|'.join(_UNITS.split()[1:10])}))?\b{_WORD_SCALE}"
    rf"|\b(?P<ordinal>{'|'.join(_ORDINALS)})\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“([^”]{3,})”|\"([^\"]{3,})\"|«([^»]{3,})»")
_DATED = re.compile(
    rf"\b(?:{'|'.join(sorted({*MONTHS, *WEEKDAYS} - {'may', 'march'}))}|(?<=in )May|(?<=in )March)\b", re.IGNORECASE
)
_ABBREVIATED = {
    "jan": "january",
    "feb": "february",
    "mar": "march",
    "apr": "april",
    "aug": "august",
    "sept": "september",
    "sep": "september",
    "oct": "october",
    "nov": "november",
    "dec": "december",
}
_ABBREVIATION = re.compile(rf"\b({'|'.join(_ABBREVIATED)})\.", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:[’']\w+)?")
_COMMON = re.compile(r"[^\W_][a-z]+(?:ed|ing|ly|s|ers|ors)")
_VAGUE = frozenset(("one", "first", "second", "zero"))
"""Number words that are no figures as often as not."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a text holds. `words` are its lower-case words, `stems` those of its telling words.

    `names` are names as they stand, `numbers` (value, as it stands), `days` months and weekdays, `quoted` normalised.
    """

    words: frozenset[str]
    stems: frozenset[str]
    names: tuple[str, ...]
    numbers: tuple[tuple[float, str], ...]
    days: tuple[str, ...]
    quoted: tuple[str, ...]


@lru_cache(maxsize=2048)
def read_claims(text: str) -> Claims:
    """What a text claims."""
    plain = _ABBREVIATION.sub(lambda match: _ABBREVIATED[match[1].lower()], text)
    words = frozenset(_bare(word) for word in _WORD.findall(plain.lower()))
    telling = frozenset(stem(word) for word in words if word not in STOP_WORDS and len(word) > 1)
    quoted = tuple(part for match in _QUOTED.finditer(text) if (part := normalise(next(filter(None, match.groups())))))
    return Claims(
        words,
        telling,
        tuple(dict.fromkeys(_names(plain))),
        tuple(_numbers(plain)),
        tuple(dict.fromkeys(match.group().lower() for match in _DATED.finditer(plain))),
        tuple(part for part in quoted if len(part.split()) >= SHORTEST_QUOTE),
    )


def lacking_names(claimed: Claims, held: frozenset[str]) -> list[str]:
    """The names of which a word stands nowhere in `held`; “Canadian” holds Canada."""
    return [name for name in claimed.names if not all(_stands(word, held) for word in _name_words(name))]


def lacking_numbers(claimed: Claims, held: Claims) -> list[str]:
    """The numbers, as they are written, whose values do not stand in `held`."""
    values = {value for value, _ in held.numbers}
    return [written for value, written in claimed.numbers if value not in values]


def lacking_days(claimed: Claims, held: frozenset[str]) -> list[str]:
    """The months and weekdays that do not stand in `held`."""
    return [day.capitalize() for day in claimed.days if day not in held]


def lacking_quotes(claimed: Claims, text: str) -> list[str]:
    """The quoted words that do not stand in a text, whatever their case and marks."""
    whole = f" {normalise(text)} "
    return [part for part in claimed.quoted if f" {part} " not in whole]


def _names(text: str) -> list[str]:
    return [mention.name for mention in find_mentions(text) if not _opens(text, mention.start, mention.name)]


def _opens(text: str, start: int, name: str) -> bool:
    """Whether a single word may have its capital only because it opens a sentence: “Officials”, “Speaking”."""
    opening = not text[:start].strip() or text[:start].rstrip()[-1:] in '.!?“"”:'
    return opening and " " not in name and bool(_COMMON.fullmatch(name) or _NUMBER.match(name))


def _name_words(name: str) -> list[str]:
    words = [_bare(word) for word in _WORD.findall(name.lower())]
    return [word for word in words if len(word) > 1 and word not in FUNCTION_WORDS and word not in TITLES]


def _stands(word: str, held: frozenset[str]) -> bool:
    if word in held:
        return True
    root = word[: max(SAME_ROOT, len(word) - 3)]
    related = word in DEMONYMS or any(other in DEMONYMS for other in held if other.startswith(root))
    return related and len(word) > SAME_ROOT and any(other.startswith(root) for other in held)


def _bare(word: str) -> str:
    return re.sub(r"[’']s?$", "", word)


def _numbers(text: str) -> list[tuple[float, str]]:
    found = []
    for match in _NUMBER.finditer(text):
        if match["digits"]:
            value = float(match["digits"].replace(",", ""))
        elif match["word"]:
            value = _WORD_VALUES[match["word"].lower()] + _WORD_VALUES.get((match["unit"] or "").lower(), 0.0)
        else:
            value = float(_ORDINALS[match["ordinal"].lower()])
        scale = (match["scale"] or match["wordscale"] or "").lower()
        if scale or match.group().lower() not in _VAGUE:
            found.append((round(value * _SCALES.get(scale, 1.0), 6), match.group().strip()))
    return found
