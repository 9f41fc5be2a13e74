"""Passages as they come from web pages: cut at both ends, sentences glued together, lists and buttons in between.

The one rule: the answer's words and their place are never lost.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from training.rows import Row

BUTTONS = (
    *("Share this article", "Read more", "Advertisement", "Subscribe to our newsletter", "Skip to main content"),
    *(
        "Sign in",
        "Home | News | About us",
        "Comments (0)",
        "Click here for details",
        "Related stories",
        "Photo: archive",
    ),
    *("Last updated 3 hours ago", "Table of contents", "[edit]", "Follow us", "Cookies help us deliver this page..."),
)
CUT, GLUED, BUTTON, JOINED = 0.6, 0.5, 0.35, 0.4
"""How often each kind of disorder is in a passage."""
EVEN = 0.5
"""Whether what may stand before or after stands before, and whether a break between sentences is lost."""
LEFT_OF_CUT = 40
"""Characters of context that stay on the answer's side of a cut."""
SENTENCE_BREAK = re.compile(r"(?<=[.!?]) +(?=[A-Z])")


def disorder(row: Row, others: Sequence[Row], chance: random.Random) -> Row:
    """The row with its passage in disorder and without its title; a part of one of `others` may stand beside it."""
    before, answer, after = row.passage[: row.start], row.answer, row.passage[row.end :]
    if chance.random() < CUT:
        before, after = _cut(before, chance, left=True), _cut(after, chance, left=False)
    if chance.random() < GLUED:
        before, after = _glue(before, chance), _glue(after, chance)
    if chance.random() < BUTTON:
        before = f"{chance.choice(BUTTONS)}{chance.choice((' ', chr(10), ''))}{before}"
    if chance.random() < BUTTON:
        after = f"{after}{chance.choice((' ', chr(10), ''))}{chance.choice(BUTTONS)}"
    if others and chance.random() < JOINED:
        other = chance.choice(others)
        if row.answer.lower() not in other.passage.lower():
            some = _cut(other.passage, chance, left=False)
            if chance.random() < EVEN:
                before = f"{some}... {before}"
            else:
                after = f"{after} ...{some}"
    start = len(before)
    return replace(row, title="", passage=before + answer + after, start=start, end=start + len(answer))


def _cut(text: str, chance: random.Random, *, left: bool) -> str:
    """The text without a random part of its left or right end, cut between words."""
    if len(text) <= LEFT_OF_CUT:
        return text
    place = chance.randrange(len(text) - LEFT_OF_CUT)
    if left:
        space = text.find(" ", place)
        return text[space + 1 :] if 0 <= space < len(text) - LEFT_OF_CUT else text
    space = text.rfind(" ", 0, len(text) - place)
    return text[:space] if space > 0 else text


def _glue(text: str, chance: random.Random) -> str:
    return SENTENCE_BREAK.sub(lambda found: "" if chance.random() < EVEN else found.group(), text)
