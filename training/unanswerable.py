"""Questions that a passage does not answer, made of ones that it or another passage of the article does.

The one rule: what was put into a question stands neither in the passage nor in the title.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.made_questions.story import Made, Story, content_words, holds_word
from assistant.speakers import find_speaker
from assistant.speakers.mentions import is_person, is_title, surname
from index.records import Passage

TRIES = 8
MOST_SHARED = 0.6
"""The part of a question's words that another passage may have at most, to be asked it."""
_HAPPENED = ("killed", "injured", "arrested", "rescued", "evacuated", "hired", "wounded", "charged", "fired", "sold",
             "built", "bought")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pools:
    """What other articles can lend a question: people, other names, and topics."""

    people: tuple[str, ...]
    others: Mapping[str, tuple[str, ...]]
    topics: tuple[str, ...]


def pools_of(made: Iterable[Made], stories: Iterable[Story]) -> Pools:
    """Collect the pools of some articles."""
    questions = list(made)
    people = {
        one.name
        for story in stories
        for one in story.narration.names.mentions
        if is_person(one.name) and len(one.titles) == 1 and not is_title(one.name.split()[-1]) and one.name.istitle()
    }
    people |= {one.speaker for one in questions if one.speaker and is_person(one.speaker)}
    others: dict[str, set[str]] = defaultdict(set)
    for one in questions:
        others[_kind(one)].update(name for name in one.names if _is_lendable(one, name))
    topics = {one.topic for one in questions if one.topic}
    return Pools(
        tuple(sorted(people)), {kind: tuple(sorted(names)) for kind, names in others.items()}, tuple(sorted(topics))
    )


def _kind(made: Made) -> str:
    """What kind of name the question has: a question for an office lends only to the same office."""
    if made.origin != "made:who-is":
        return made.origin
    return "of" if " of " in made.question else made.question.rpartition(" ")[2]


def _is_lendable(made: Made, name: str) -> bool:
    return (made.origin == "made:who-is" or not is_person(name)) and not is_title(name.rsplit(maxsplit=1)[-1])


def turn_unanswerable(
    story: Story, made: Made, passage: Passage, pools: Pools, chance: random.Random
) -> tuple[str, Passage] | None:
    """A question with a passage that does not answer it, in one of three ways; None where none can be had."""
    ways = [_other_name, _other_topic, _other_passage]
    chance.shuffle(ways)
    for way in ways:
        found = way(story, made, passage, pools, chance)
        if found:
            return found
    return None


def _other_name(
    story: Story, made: Made, passage: Passage, pools: Pools, chance: random.Random
) -> tuple[str, Passage] | None:
    """Another speaker, person or place is asked about."""
    if not made.names:
        return None
    name = chance.choice(made.names)
    known = is_person(made.speaker or name) and made.origin != "made:who-is"
    for other in _draw(pools.people if known else pools.others.get(_kind(made), ()), chance):
        new = surname(other) if known and " " not in name else other
        alike = known or len(new.split()) == len(name.split())
        if alike and _is_strange(new, story, passage):
            return made.question.replace(name, new), passage
    return None


def _other_topic(
    story: Story, made: Made, passage: Passage, pools: Pools, chance: random.Random
) -> tuple[str, Passage] | None:
    """Another topic, or another thing that was done, is asked about."""
    if made.topic:
        for other in _draw(pools.topics, chance):
            if not content_words(other) & content_words(f"{story.title} {passage.text}"):
                return made.question.replace(made.topic, other), passage
        return None
    done = next((word for word in _HAPPENED if holds_word(made.question, word)), None)
    others = [word for word in _HAPPENED if word != done and not holds_word(story.text, word)]
    return (made.question.replace(done, chance.choice(others)), passage) if done and others else None


def _other_passage(
    story: Story, made: Made, passage: Passage, pools: Pools, chance: random.Random
) -> tuple[str, Passage] | None:
    """The same question of a passage of the article where the answer does not stand."""
    answer = story.text[made.start : made.end]
    asked = content_words(made.question)
    usable = [
        one
        for one in story.passages
        if (one.end <= passage.start or one.start >= passage.end)
        and not holds_word(one.text, answer.split()[-1] if answer[:1].isupper() else answer)
        and (_is_silent(story, made, one) if made.speaker else _is_apart(asked, one))
    ]
    return (made.question, chance.choice(usable)) if usable else None


def _is_silent(story: Story, made: Made, passage: Passage) -> bool:
    """Whether the speaker says nothing in the passage."""
    spoken = [
        find_speaker(story.text, start, end)
        for start, end in story.sentences
        if passage.start <= start and end <= passage.end
    ]
    if made.origin == "made:who-said":
        return not any(spoken) or not content_words(made.question) & content_words(passage.text)
    return made.speaker not in spoken


def _is_apart(asked: set[str], passage: Passage) -> bool:
    return len(asked & content_words(passage.text)) <= MOST_SHARED * len(asked)


def _is_strange(name: str, story: Story, passage: Passage) -> bool:
    words = [word for word in name.split() if word[:1].isupper()]
    return bool(words) and not any(holds_word(f"{story.title} {passage.text}", word) for word in words)


def _draw(pool: tuple[str, ...], chance: random.Random) -> list[str]:
    return [chance.choice(pool) for _ in range(TRIES)] if pool else []
