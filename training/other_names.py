"""Questions that a passage does not answer because a name or a year in them is another.

The one rule: what is put into the question does not stand in the passage or its title, and what it replaces does.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from training.rows import Row

NAME = re.compile(r"(?<=[a-z,’'] )[A-Z][\w’-]+(?: (?:[A-Z][\w’-]+|of(?= [A-Z])|de(?= [A-Z])))*")
YEAR = re.compile(r"\b(?:1[4-9]|20)\d\d\b")
FEW_WORDS = 3
TRIES = 6
SAME_ARTICLE = 0.5
NEAR = 15
"""Years by which a wrong year lies off at most."""


def names_by_title(rows: Iterable[Row]) -> dict[str, list[str]]:
    """The names in the rows' passages, by the title of their articles; those of all under ""."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        names = [name for name in NAME.findall(row.passage) if len(name.split()) <= FEW_WORDS]
        for title in {row.title, ""}:
            found[title].update(dict.fromkeys(names))
    return {title: list(names) for title, names in found.items()}


def ask_of_another(row: Row, names: Mapping[str, Sequence[str]], chance: random.Random) -> Row | None:
    """The row with another name or year in its question, and so without an answer; None where it has none to change.

    Names out of the same article are taken as often as others, as they are the harder to tell.
    """
    around = f"{row.title} {row.passage}".lower()
    places = [
        found
        for pattern in (NAME, YEAR)
        for found in pattern.finditer(row.question)
        if found.group().lower() in around and found.group().lower() not in row.answer.lower()
    ]
    if not places:
        return None
    place = chance.choice(places)
    for _ in range(TRIES):
        if YEAR.fullmatch(place.group()):
            other = str(int(place.group()) + chance.choice((-1, 1)) * chance.randint(1, NEAR))
        else:
            same_article = row.title and chance.random() < SAME_ARTICLE
            other = chance.choice(names.get(row.title if same_article else "") or names[""])
        alike = len(other.split()) == len(place.group().split()) or len(other.split()) < FEW_WORDS
        if alike and not any(word in around for word in other.lower().split()) and other not in row.question:
            question = row.question[: place.start()] + other + row.question[place.end() :]
            return Row(question, row.title, row.passage, 0, 0, f"{row.origin}:other-name")
    return None
