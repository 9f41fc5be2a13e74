"""Made questions that can be put to a whole library: people by their full names, nothing left to the article.

The one rule: a question that somebody would have to ask back about is left out, not guessed at.
"""

import re
from dataclasses import replace

from assistant.made_questions.story import Made, Story, content_words, is_name_inside
from assistant.speakers.mentions import find_mentions, is_person, surname
from assistant.speakers.name_words import DEMONYMS, NOT_FIRST_NAMES, TITLES

FEWEST_WORDS = 4
FEWEST_OF_TOPIC = 2
"""Words that a topic without a name must have, small ones aside: “the league” may be any."""
_QUOTED = re.compile(r"[“\"‘].*[”\"’]")
_LEANING = re.compile(
    r"\b(?:I|we|you|my|our|us|me|your|he|she|they|it|him|them|his|her|their|its|these|those|there|here)\b",
    re.IGNORECASE,
)
_CUT_SHORT = re.compile(r"\b(?:at|by|around|before|after|until|on|to|from|of|the|a|an|and|or)(?:\s\d{1,2})?\?$")
_TOPIC_ALONE = re.compile(r"^Who (?:commented on|spoke about|talked about) ")
_NOBODY = frozenset(
    "hurricane storm typhoon cyclone museum royal airlines airways stadium arena tower bridge river lake mount county "
    "city state university college school hospital company group studio league cup open games street".split()
)
"""Words of names that are no person's."""
_ADDED = re.compile(r"(?:also|now|still|already|then|currently|once|perhaps)\b")
"""How the answer begins that only adds to what was told before."""
_NO_FACT = re.compile(r"^(?:When|Where|How)\b.*\b(?:say|said|says|tell|told|add|added|almost|nearly|roughly)\b")
"""What was left of a sentence that told when somebody spoke, or about how much something is."""
_NO_TOPIC = re.compile(r"\b(?:know|want|think|believe|say|see|go|come|make|take|find|give|tell|become|begin|ask|try)$")
_ALL_CAPITALS = re.compile(r"\b[A-Z]{3,}\b")


def make_stand_alone(story: Story, made: Made) -> Made | None:
    """The question with people named in full; None where it does not stand alone."""
    question, names = made.question, made.names
    for name in dict.fromkeys((*names, *_mentioned(question))):
        full = _full_name(story, name, made)
        if full != name and not re.search(_whole(full), question):
            question = _replace_outside_quotations(question, name, full)
            names = tuple(full if one == name else one for one in names)
    end = made.end - len(" of") if story.text[: made.end].endswith("s of") else made.end  # “hundreds of”
    mended = replace(made, question=question, names=names, end=end)
    return mended if _stands_alone(story, mended) else None


def is_plain_person(name: str) -> bool:
    """Whether a name is certainly the full name of a person, and nothing but it."""
    words = [word.lower().rstrip(".") for word in name.split()]
    return (
        is_person(name)
        and not _ALL_CAPITALS.search(name)
        and not set(words) & (_NOBODY | DEMONYMS)
        and words[0] not in TITLES
        and words[0] not in NOT_FIRST_NAMES
        and not re.search(r"(?:ing|ed)$", words[0])
    )


def is_known_person(story: Story, name: str, position: int = 0) -> bool:
    """Whether a name is a person's by more than two capitals: by a title in the article, or by speaking there."""
    names = story.narration.names
    full = names.resolve(name, position)
    if not is_plain_person(full):
        return False
    last = re.escape(surname(full))
    before = rf"{last}(?:,[^.,]{{2,60}},)?\s(?:said|says|told|added|wrote|tweeted)\b"
    after = rf"(?:said|says|added)\s[^.,]{{0,30}}\b{last}\b"
    return names.is_male(full) is not None or re.search(rf"\b(?:{before}|{after})", story.text) is not None


def _stands_alone(story: Story, made: Made) -> bool:
    question = made.question
    bare = _QUOTED.sub("", question)
    if not question[:1].isupper() or not question.endswith("?") or len(question.split()) < FEWEST_WORDS:
        return False
    if any(unfit.search(bare) for unfit in (_LEANING, _CUT_SHORT, _TOPIC_ALONE, _NO_FACT)):
        return False
    if made.topic and not _is_telling(story, made.topic):
        return False
    if made.origin == "made:role" and _ADDED.match(story.text, made.start):
        return False
    if made.origin == "made:who" and not is_known_person(story, story.text[made.start : made.end], made.start):
        return False
    return bare != question or _names_something(story, question.split(" ", 1)[1])


def _is_telling(story: Story, topic: str) -> bool:
    """Whether a topic names something, or is of two words that say together what it is."""
    if _NO_TOPIC.search(topic):
        return False
    return _names_something(story, topic) or len(content_words(topic)) >= FEWEST_OF_TOPIC


def _names_something(story: Story, words: str) -> bool:
    """Whether a name or a number is in the words; a single word is a name if it has its capital inside sentences."""
    names = (one.name for one in find_mentions(f"about {words}"))
    told = f"{story.title}\n{story.text}"
    return re.search(r"\d", words) is not None or any(
        " " in one or is_name_inside(told, one, -len(one)) for one in names
    )


def _full_name(story: Story, name: str, made: Made) -> str:
    """The full name that the article gives a person; the name itself where it gives none."""
    if made.speaker and is_plain_person(made.speaker) and name in made.names and surname(made.speaker) in name.split():
        return made.speaker
    if " " in name:
        return name
    full = story.narration.names.resolve(name, made.start)
    return full if is_plain_person(full) and name in full.split() else name


def _mentioned(question: str) -> list[str]:
    return [one.name for one in find_mentions(_QUOTED.sub(lambda match: " " * len(match[0]), question)) if one.start]


def _replace_outside_quotations(question: str, name: str, full: str) -> str:
    quoted = _QUOTED.search(question)
    start, end = quoted.span() if quoted else (len(question), len(question))
    outside = (re.sub(_whole(name), lambda _: full, part) for part in (question[:start], question[end:]))
    return question[start:end].join(outside)


def _whole(name: str) -> str:
    return rf"(?<!\w){re.escape(name)}(?!\w)"
