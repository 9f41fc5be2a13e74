"""Questions on people's offices and ages, by what stands before a name or between commas after it.

The one rule: an office is asked for only where the text tells whose it is.
"""

import random
import re
from collections.abc import Iterator

from assistant.made_questions.story import Made, Story
from assistant.speakers.mentions import Mention, find_mentions, is_person, is_title, surname
from assistant.speakers.name_words import DEMONYMS
from assistant.speakers.role_words import can_speak

LONGEST_ROLE = 10
"""Words."""
_NO_ROLE = re.compile(
    r"\b(?:his|her|their|its|whom?|which|where|when|said|told|says|wrote|called|added|announced|was|is|has)\b"
)
_AGE = re.compile(r"^, (?P<age>\d{1,2}),\s")
_APPOSITION = re.compile(
    r"^, (?P<role>(?:(?:the|a|an|who is the|who is)\s)?(?!\w+ing\b)[a-z][^,.;:()—–”“\"‘]{5,80}?)(?=[,.]\s|[,.]$|\.\n|,)"
)
_OFFICES = (
    "Governor|Mayor|President|Prime Minister|Chancellor|Attorney General|Chief Executive|Chairman|Foreign Minister|"
    "Defense Minister|Police Chief|Premier"
)
_ROLE_NAMES = {"Gov.": "governor", "CEO": "CEO", "CFO": "CFO"} | {one: one.lower() for one in _OFFICES.split("|")}
_NOBODY = frozenset(
    "former the vice then lt lieutenant deputy interim acting democratic republican gop company board by as and but "
    "for since when while assistant senior co".split()
)
_ROLE = re.compile(
    rf"^(?P<whose>[A-Z][\w.&’'-]*(?:\s[A-Z][\w.&’'-]*){{0,2}})\s(?P<role>{'|'.join(map(re.escape, _ROLE_NAMES))})$"
)


def make_roles(story: Story, chance: random.Random) -> Iterator[Made]:
    """All questions on the people whom a story names."""
    for mention in story.narration.names.mentions:
        yield from _roles(story, mention, chance)


def _roles(story: Story, mention: Mention, chance: random.Random) -> Iterator[Made]:
    """What stands before a name or, between commas, after it."""
    if not is_person(mention.name):
        return
    name_at = mention.end - len(mention.name)
    if story.text[name_at : mention.end] != mention.name:
        return
    after = story.text[mention.end : mention.end + 100]
    age, apposition = _AGE.match(after), _APPOSITION.match(after)
    if age:
        at = mention.end + age.start("age")
        name = chance.choice((mention.name, surname(mention.name)))
        yield Made(f"How old is {name}?", at, at + len(age["age"]), "made:how-old", (name,))
    if apposition:
        yield from _apposition(mention, name_at, apposition, chance)
    before = _ROLE.match(" ".join(story.text[mention.start : name_at].split()))
    if before and not _NOBODY & {word.lower().rstrip(".") for word in before["whose"].split()}:
        role, whose = _ROLE_NAMES[before["role"]], before["whose"]
        owner = f"the {whose}" if whose.lower() in DEMONYMS or whose in ("US", "U.S.", "UK") else f"{whose}'s"
        yield Made(f"Who is {owner} {role}?", name_at, mention.end, "made:who-is", (whose,))


def _apposition(mention: Mention, name_at: int, match: re.Match[str], chance: random.Random) -> Iterator[Made]:
    role = re.sub(r"^who is\s", "", match["role"])
    bare = re.sub(r"^(?:the|an?)\s", "", role)
    office = can_speak(bare) or any(map(is_title, re.split(r"\s(?:of|at|for|in)\s", bare)[0].split()))
    if not office or len(bare.split()) > LONGEST_ROLE or _NO_ROLE.search(bare):
        return
    start = mention.end + match.end("role") - len(role)
    question = chance.choice(("Who is {}?", "What does {} do?", "What is {}'s job?", "Who is {}?")).format(mention.name)
    yield Made(question, start, start + len(role), "made:role", (mention.name,))
    names = tuple(bare[one.start : one.end] for one in find_mentions(bare))
    if names and not role.startswith(("a ", "an ")):
        yield Made(f"Who is the {bare}?", name_at, mention.end, "made:who-is", names)
