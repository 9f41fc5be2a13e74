"""How near two spellings are: accents aside, and one slip of the pen apart.

The one rule: the first letter is never the slip.
"""

import string
import unicodedata

SHORTEST_NAME = 6
"""Letters from which on two names one slip apart are one: Zelensky and Zelenskyy, but not Meyer and Meier."""


def fold(text: str) -> str:
    """The text without accents, as it is searched."""
    if text.isascii():
        return text
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


def slips(word: str) -> frozenset[str]:
    """What one slip makes of a word in lower case: a letter too many, too few or wrong, or two that change places."""
    letters = string.ascii_lowercase
    parts = [(word[:place], word[place:]) for place in range(1, len(word) + 1)]
    made = {head + tail[1:] for head, tail in parts if tail}
    made |= {head + tail[1] + tail[0] + tail[2:] for head, tail in parts if len(tail) > 1}
    made |= {head + letter + tail[1:] for head, tail in parts if tail for letter in letters}
    made |= {head + letter + tail for head, tail in parts for letter in letters}
    return frozenset(made - {word})


def are_alike(one: str, other: str) -> bool:
    """Whether two names in lower case are the same, accents aside, or long and one slip apart."""
    one, other = fold(one), fold(other)
    return one == other or (
        min(len(one), len(other)) >= SHORTEST_NAME
        and one[0] == other[0]
        and abs(len(one) - len(other)) <= 1
        and other in slips(one)
    )
