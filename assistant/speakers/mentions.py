"""Runs of capitalised words read as names: without titles, places, dates and the words that open a sentence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.speakers.name_words import (
    DEMONYMS,
    FEMALE,
    FUNCTION_WORDS,
    KEPT_TITLES,
    MALE,
    MONTHS,
    NOT_FIRST_NAMES,
    NOT_PEOPLE,
    SUFFIXES,
    TITLES,
    WEEKDAYS,
)

LAST_LETTER_OF_ALPHABETS = 0x530
"""Capitals of the Latin, Greek and Cyrillic blocks begin names."""

_UPPER = "".join(chr(code) for code in range(LAST_LETTER_OF_ALPHABETS) if chr(code).isupper())
_ABBREVIATED_TITLES = (
    "Dr|Mr|Mrs|Ms|Mx|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Cpl|Prof|Rev|Maj|Adm|Cmdr|Hon|Supt|Det|Insp|Atty|St"
)
_WORD = (
    rf"(?:(?:{_ABBREVIATED_TITLES})\.|(?:[{_UPPER}]\.)+(?:-[{_UPPER}]\.)*"
    rf"|(?:al|el|as|ash|an)-[{_UPPER}]\w+|[{_UPPER}]\w*(?:[’'‑&-](?!s\b)\w+)*)"
)
_PARTICLE = (
    r"(?:von|van|der|den|de|del|della|dem|di|da|das|do|dos|du|la|le|los|el|al|bin|bint|ibn|ter|ten|zu|af|av|y|e)"
)
PARTICLE_FIRST = re.compile(rf"{_PARTICLE}\b", re.IGNORECASE)
"""A name that begins with a particle, whose capital only opens a sentence: “Van den Berg”."""
_SPACE = "[ \u00a0]"
_RUN = re.compile(
    rf"(?<![\w@#]){_WORD}(?:{_SPACE}(?:{_PARTICLE}{_SPACE}){{0,3}}(?:of{_SPACE}(?:the{_SPACE})?)?{_WORD})*"
    r"(?:(?:(?<=\bInc)|(?<=\bLtd)|(?<=\bCorp)|(?<=\bCo)|(?<=\bJr)|(?<=\bSr))\.)?"
)


_WORD_BEFORE = re.compile(r"[\w-]+(?=[ \u00a0]$)")

_OFFICE_FOR = re.compile(rf"\b([{_UPPER}][\w-]+){_SPACE}for{_SPACE}$")
FULL_NAME = 2
"""Words of a person's full name at least."""

_ALL_TITLES = frozenset().union(TITLES, KEPT_TITLES, MALE, FEMALE)
LONGEST_WORD = 24
"""How far before a name the word that may be a title (“actress”) is looked for, in characters."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name where it stands: `text[start:end]` with its titles, `name` without them, `titles` in lower case."""

    start: int
    end: int
    name: str
    titles: tuple[str, ...] = ()


def is_person(name: str) -> bool:
    """Tell whether `name` looks like the full name of a person: two words or more, none of an organisation or place."""
    words = [word for word in name.split() if _plain(word) not in SUFFIXES]
    if len(words) < 2 or all(word.isupper() and len(word) > 2 for word in words):  # noqa: PLR2004
        return False
    return _plain(words[0]) not in NOT_FIRST_NAMES and not any(_plain(word) in NOT_PEOPLE for word in words)


def surname(name: str) -> str:
    """Give the last word of `name` that is no suffix such as Jr."""
    words = name.split()
    while len(words) > 1 and _plain(words[-1]) in SUFFIXES:
        words.pop()
    return words[-1]


def _plain(word: str) -> str:
    return word.rstrip(".").lower()


def find_mentions(text: str) -> Iterator[Mention]:
    """Give the names of `text` in order."""
    for run in _RUN.finditer(text):
        for start, end in _split_at_dates(text, run.start(), run.end()):
            mention = _read_mention(text, start, end)
            if mention:
                yield mention


def _split_at_dates(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a run of capitalised words where a weekday or a month stands: “Biden Tuesday” is Biden."""
    first: int | None = None
    last = start
    for word in re.finditer(r"\S+", text[start:end]):
        plain = _plain(word.group())
        dated = plain in WEEKDAYS or (plain in MONTHS and (first is None or _digit_follows(text, start + word.end())))
        if not dated:
            first = start + word.start() if first is None else first
            last = start + word.end()
        elif first is not None:
            yield first, last
            first = None
    if first is not None:
        yield first, last


def _digit_follows(text: str, position: int) -> bool:
    return text[position + 1 : position + 2].isdigit()


def _read_mention(text: str, start: int, end: int) -> Mention | None:
    """Take the words that only open a sentence, and the titles, from a run of capitalised words."""
    words = [(match.group(), start + match.start()) for match in re.finditer(r"[^ \u00a0]+", text[start:end])]
    words = _without_place(words)
    words = _without_field(words, text[max(0, start - LONGEST_WORD) : start])
    while len(words) > 1 and _plain(words[0][0]) in FUNCTION_WORDS and not _is_initial(words[0][0]):
        words = words[1:]
    if not words or _plain(words[0][0]) in FUNCTION_WORDS:
        return None
    first = words[0][1]
    last_word, last_start = words[-1]
    named = _without_titles([word for word, _ in words])
    before = _WORD_BEFORE.search(text[max(0, first - LONGEST_WORD) : first])
    titles = [_title(word) for word, _ in words if is_title(word)]
    titles += [before.group().lower()] if before and is_title(before.group()) else []
    return Mention(first, last_start + len(last_word), " ".join(named), tuple(titles))


def is_title(word: str) -> bool:
    """Tell whether `word` is one that stands before names: “Mr.”, “president”, “then-Sen.”."""
    return _title(word) in _ALL_TITLES


def _title(word: str) -> str:
    """Give the part of a word that may be a title: “then-Sen.”, “Director-General”."""
    return _plain(word).rpartition("-")[2]


def _is_initial(word: str) -> bool:
    return word.endswith(".")


def _without_place(words: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Cut “Ann Hill of Leeds” to Ann Hill, and leave “University of Leeds” and “Secretary of State Ann Hill”."""
    for index, (word, _) in enumerate(words):
        if word == "of" and index:
            head = _plain(words[index - 1][0])
            if head not in NOT_PEOPLE and head not in TITLES:
                return words[:index]
    return words


def _without_field(words: list[tuple[str, int]], before: str) -> list[tuple[str, int]]:
    """Cut “(Attorney for) Kent Ann Hill” to Ann Hill: the place or field of an office is no part of the name."""
    office = _OFFICE_FOR.search(before)
    if office and is_title(office[1]) and len(words) > FULL_NAME:
        words = words[1:]
        while len(words) > FULL_NAME and _plain(words[0][0]) in NOT_PEOPLE:
            words = words[1:]
    return words


def _without_titles(words: list[str]) -> list[str]:
    """Drop the words up to the last title, and the nationality or party before a full name."""
    titles = [index for index, word in enumerate(words) if _title(word) in TITLES]
    named = words[titles[-1] + 1 :] if titles else words
    if not named or any(_plain(word) in NOT_PEOPLE for word in named):
        return words
    kept = [index for index, word in enumerate(named[:-1]) if _plain(word) in KEPT_TITLES]
    if kept:
        given = named[kept[-1] + 1 :]
        named = given if is_person(" ".join(given)) and _plain(given[-1]) not in SUFFIXES else named[kept[-1] :]
    if _plain(named[0]) in DEMONYMS and is_person(" ".join(named[1:])):
        named = named[1:]
    return named


def gender(titles: tuple[str, ...]) -> bool | None:
    """Tell whether titles are a man's (True), a woman's (False), or neither's (None)."""
    if any(title in MALE for title in titles):
        return True
    return False if any(title in FEMALE for title in titles) else None
