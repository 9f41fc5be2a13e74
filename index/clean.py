"""Takes out of an article's text what is not the article, before any offset is counted.

The one rule: whole lines go or stay, exactly as published, and what went can be put back (`restore`).
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from index.noise.lines import find_noise
from index.noise.link_lists import find_listed, keep_labelled_facts

LONGEST_RECURRING = 200  # characters; boilerplate is shorter, and longer lines would fill the library's counts
FEWEST_ARTICLES = 5  # articles of a source that a line stands in before it can be boilerplate
SENTENCE_WORDS = 4  # a line of so many words says something: then a small share of the articles is telling
SENTENCE_SHARE, NAME_SHARE = 0.03, 0.2  # of a source's articles; names of places come back in many tables
WIRE_COPY_SHARE = 1 / 3  # of the characters; an article that recurs to that part is a copy, not boilerplate

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An article's text, and what was taken out: (index of the line in the normalised text, line).

    Blank lines that would have stood doubled are among `removed`, as "".
    """

    text: str
    removed: tuple[tuple[int, str], ...]


def normalise(text: str) -> str:
    r"""Return `text` with \n line ends, no control characters, trailing spaces or runs of blank lines.

    All other characters stay as published. Normalising twice changes nothing.
    """
    plain = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " "))
    return "\n".join(_single_blanks([line.rstrip() for line in plain.split("\n")]))


def clean(text: str, *, title: str = "", recurring: Collection[str] = ()) -> Cleaned:
    """Normalise an article's text and take out the lines that are not the article.

    Args:
        text: As published.
        title: The article's; its words tell lists of the article from lists of links.
        recurring: Lines known to come back in many articles of the source (`recurring_lines`).

    Returns:
        Never an empty text where there was one: if every line looks like noise, all stay.
    """
    lines = normalise(text).split("\n")
    rows = [line for line in lines if line]
    gone = keep_labelled_facts(rows, [find_noise(row) is not None for row in rows])
    gone = find_listed(rows, _with_recurring(rows, gone, recurring), title)
    if all(gone):
        return Cleaned("\n".join(lines), ())
    return _take_out(lines, gone)


def restore(cleaned: Cleaned) -> str:
    """Return the normalised text that was cleaned, whole."""
    gone = dict(cleaned.removed)
    kept = iter(cleaned.text.split("\n") if cleaned.text else ())
    count = len(gone) + (cleaned.text.count("\n") + 1 if cleaned.text else 0)
    return "\n".join(gone[number] if number in gone else next(kept) for number in range(count))


def countable_lines(text: str) -> frozenset[str]:
    """Return the lines of a normalised text that may turn out to be boilerplate of its source."""
    return frozenset(line for line in text.split("\n") if line and len(line) <= LONGEST_RECURRING)


def is_recurring(words: int, count: int, articles: int) -> bool:
    """Say whether a line of so many words is boilerplate, standing in `count` of the `articles` of its source."""
    share = SENTENCE_SHARE if words >= SENTENCE_WORDS else NAME_SHARE
    return count >= max(FEWEST_ARTICLES, share * articles)


def recurring_lines(counts: Mapping[str, int], articles: int) -> frozenset[str]:
    """Return which lines of a source are boilerplate, given in how many of its `articles` each stands."""
    return frozenset(line for line, count in counts.items() if is_recurring(len(line.split()), count, articles))


def _single_blanks(lines: list[str]) -> list[str]:
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    if kept and not kept[-1]:
        kept.pop()
    return kept


def _with_recurring(rows: list[str], gone: list[bool], recurring: Collection[str]) -> list[bool]:
    found = [row in recurring for row in rows]
    length = sum(len(row) for row, hit in zip(rows, found, strict=True) if hit)
    if length > WIRE_COPY_SHARE * sum(map(len, rows)):
        return gone
    return [lost or hit for lost, hit in zip(gone, found, strict=True)]


def _take_out(lines: list[str], gone: list[bool]) -> Cleaned:
    """Remove the lines that are gone (a flag for each that is not blank) and the blank lines then doubled."""
    flags = iter(gone)
    noisy = [bool(line) and next(flags) for line in lines]
    last = max(number for number, line in enumerate(lines) if line and not noisy[number])
    kept: list[str] = []
    removed: list[tuple[int, str]] = []
    for number, line in enumerate(lines):
        doubled = not line and (number > last or not kept or not kept[-1])
        if noisy[number] or doubled:
            removed.append((number, line))
        else:
            kept.append(line)
    return Cleaned("\n".join(kept), tuple(removed))
