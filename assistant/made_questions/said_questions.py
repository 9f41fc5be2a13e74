"""Questions on attributed speech: what somebody said about something, how they called it, and who said it.

The one rule: a topic that the answer repeats is second choice, so that matching words alone does not find it.
"""

import random
import re
from collections.abc import Iterator, Sequence

from assistant.made_questions.said import MARKS, Said, find_said, is_speaker, name_forms
from assistant.made_questions.story import Made, Story, content_words, holds_word, is_name_inside
from assistant.made_questions.topics import Lexicon, in_other_words, topics_of
from assistant.speakers import find_speaker
from assistant.speakers.attributions import find_attribution
from assistant.speakers.mentions import is_person, surname
from assistant.speakers.name_words import FUNCTION_WORDS
from assistant.speakers.narration import QUOTED

FROM_OUTSIDE = 0.9
"""The part of the questions whose topic is looked for in the title or the sentence before, at first."""
QUOTED_BACK = 0.6
"""The part of the short quotations that a question repeats as they are."""
OFTEN = 3
"""How often an article has the topic of which it is asked who spoke."""
LONGEST_ECHO = 13
"""The most words of a clause that a question repeats."""
_CALLED = re.compile(
    rf"\b(?P<verb>called|calls|dubbed|branded|labeled|labelled|described|describes)\s"
    rf"(?P<what>(?!it\b|him\b|her\b|them\b|himself|herself|itself|themselves|on\b|for\b)[^,.;{QUOTED}]{{3,50}}?)\s(?:as\s)?(?:(?:an?|the)\s)?(?={QUOTED})"
)
_BASE = {"called": "call", "calls": "call", "dubbed": "dub", "branded": "brand", "labeled": "label",
         "labelled": "label", "described": "describe", "describes": "describe"}  # fmt: skip
_FIRST_OR_PRONOUN = re.compile(
    r"\b(?:us|(?i:I|we|you|my|our|me|your|he|she|they|it|its|his|her|their|this|these|those|here))\b|[—;:]"
)
_ASK_WHAT = (
    (10, "What did {name} say about {topic}?"),
    (2, "What did {name} say on {topic}?"),
    (3, "What does {name} say about {topic}?"),
    (2, "What has {name} said about {topic}?"),
    (1, "What were {name}'s comments on {topic}?"),
    (1, "What did {name} have to say about {topic}?"),
    (1, "Tell me what {name} said about {topic}"),
    (2, "what {name} said about {topic}"),
)
_ASK_WHAT_MANY = tuple(one for one in _ASK_WHAT if "does" not in one[1] and "has" not in one[1])
_ASK_VIEW = ((3, "What was {name}'s view on {topic}?"), (2, "What does {name} think about {topic}?"))
_ASK_RESPONSE = ((2, "How did {name} respond to {topic}?"), (2, "How did {name} react to {topic}?"))
_ASK_WHO_TOPIC = ((3, "Who commented on {topic}?"), (3, "Who spoke about {topic}?"), (2, "Who talked about {topic}?"))


def make_said(story: Story, lexicon: Lexicon, chance: random.Random) -> Iterator[Made]:
    """All questions on the speech of a story."""
    said = [one for one in find_said(story) if is_speaker(story, one.speaker, lexicon)]
    for one in said:
        yield from _what_said(story, one, said, lexicon, chance)
        yield from _who_said(story, one, said, lexicon, chance)
    yield from _called(story, chance)


def _named_in(story: Story, said: Said) -> bool:
    """Whether the passage of what is said names its speaker outside of it."""
    passage = story.passage_at(said.start, said.end)
    if passage is None:
        return False
    around = story.text[passage.start : said.start] + " " + story.text[said.end : passage.end]
    return holds_word(around, surname(said.speaker) if is_person(said.speaker) else said.speaker)


def _alone(story: Story, said: Said, others: Sequence[Said]) -> bool:
    """Whether the speaker says nothing else in the passage."""
    passage = story.passage_at(said.start, said.end)
    return passage is not None and not any(
        one is not said and one.speaker == said.speaker and passage.start < one.end and one.start < passage.end
        for one in others
    )


def _what_said(
    story: Story, said: Said, others: Sequence[Said], lexicon: Lexicon, chance: random.Random
) -> Iterator[Made]:
    forms = name_forms(story, said.speaker)
    if not forms or not _named_in(story, said):
        return
    outside = (
        _outside_topics(story, said, lexicon) if _alone(story, said, others) and chance.random() < FROM_OUTSIDE else []
    )
    own = topics_of(story.text[said.start : said.end], story.text, lexicon, said.speaker)[:3]
    if not outside and not own:
        return
    topic = chance.choice(outside or own)
    if not outside:
        topic = in_other_words(topic, chance)
    name = chance.choice(forms)
    human = is_person(said.speaker)
    one = human or name[:1].isupper() or name.startswith("the ")
    asked = (
        (_ASK_WHAT if one else _ASK_WHAT_MANY)
        + (_ASK_VIEW if human else ())
        + (_ASK_RESPONSE if human and outside else ())
    )
    yield Made(
        _ask(asked, chance, name=name, topic=topic), said.start, said.end, "made:said", (name,), topic, said.speaker
    )


def _outside_topics(story: Story, said: Said, lexicon: Lexicon) -> list[str]:
    """Topics of the sentence before, or of the title if the passage has them too, that what is said does not repeat."""
    passage = story.passage_at(said.start, said.end)
    if passage is None:
        return []
    before = [one for one in story.sentences if passage.start <= one[0] and one[1] <= said.start][-1:]
    near = "".join(story.text[start:end] for start, end in before if QUOTED not in story.narration.masked[start:end])
    words = content_words(story.text[said.start : said.end])
    around = content_words(passage.text)
    titled = [one for one in topics_of(story.title, story.text, lexicon, said.speaker) if content_words(one) <= around]
    found = topics_of(near, story.text, lexicon, said.speaker)[:2] + titled[:2]
    return [one for one in found if not content_words(one) & words]


def _who_said(
    story: Story, said: Said, others: Sequence[Said], lexicon: Lexicon, chance: random.Random
) -> Iterator[Made]:
    """Who said it: by the clause itself where it is short, else by its topic."""
    span = _name_span(story, said)
    if span is None:
        return
    words = story.text[said.start : said.end]
    topics = topics_of(words, story.text, lexicon, said.speaker)[:2]
    if not said.direct and len(words.split()) <= LONGEST_ECHO and not _FIRST_OR_PRONOUN.search(words):
        words = words.replace(".”", "”").replace('."', '"')
        opened = words[0].lower() + words[1:] if _opens_commonly(story, said, words.split()) else words
        question = chance.choice(("Who said that {}?", "Who said {}?", "Who has said that {}?")).format(opened)
    elif said.direct and len(words.split()) <= LONGEST_ECHO and chance.random() < QUOTED_BACK:
        question = f"Who said “{words}”?"
    elif (
        topics
        and story.text.lower().count(topics[0].split()[-1].lower()) >= OFTEN
        and _only_one_on(story, said, others, topics[0])
    ):
        question = _ask(_ASK_WHO_TOPIC, chance, name="", topic=topics[0])
    else:
        return
    topic = "" if words in question or "said" in question else topics[0]
    yield Made(question, *span, "made:who-said", (), topic, said.speaker)


def _only_one_on(story: Story, said: Said, others: Sequence[Said], topic: str) -> bool:
    passage = story.passage_at(said.start, said.end)
    return passage is not None and not any(
        one.speaker != said.speaker and passage.start <= one.start < passage.end
        and content_words(topic) & content_words(story.text[one.start : one.end])
        for one in others
    )  # fmt: skip


def _opens_commonly(story: Story, said: Said, words: Sequence[str]) -> bool:
    """Whether the first word has its capital only because it opens the sentence."""
    first, following = words[0], " ".join(words[1:2])
    if first[0].islower() or (first.isupper() and len(first) > 1):
        return False
    common = first.lower() in FUNCTION_WORDS or f" {first.lower()} " in story.text or first.endswith(("ed", "ing"))
    return common or not (following[:1].isupper() or is_name_inside(story.text, first, said.start))


def _name_span(story: Story, said: Said) -> tuple[int, int] | None:
    """Where the speaker's name stands in the passage, nearest to what is said and not in it."""
    passage = story.passage_at(said.start, said.end)
    if passage is None or (not is_person(said.speaker) and not said.speaker.istitle() and not said.speaker.isupper()):
        return None
    for name in (said.speaker, surname(said.speaker)) if is_person(said.speaker) else (said.speaker,):
        places = [
            (passage.start + one.start(), passage.start + one.end())
            for one in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", passage.text)
        ]
        places = [one for one in places if one[1] <= said.start or one[0] >= said.end]
        if places:
            return min(places, key=lambda place: min(abs(place[0] - said.end), abs(said.start - place[1])))
    return None


def _called(story: Story, chance: random.Random) -> Iterator[Made]:
    """“Ann Hill called the plan “a gift””."""
    for start, end in story.sentences:
        match = _CALLED.search(story.narration.masked, start, end)
        speaker = find_speaker(story.text, start, end) if match else None
        if not match or not speaker or not name_forms(story, speaker):
            continue
        ((opening, closing),) = story.narration.quotations_between(match.end(), match.end() + 1)
        inner = story.text[opening + 1 : closing].rstrip(MARKS + ",. ")
        subject = find_attribution(story.narration, start, end)
        if not inner or not subject or subject.subject.end > match.start() or match.start() - subject.subject.end > 12:  # noqa: PLR2004
            continue
        what, name = match["what"], chance.choice(name_forms(story, speaker))
        asked = "How did {} {} {}?" if _BASE[match["verb"]] == "describe" else "What did {} {} {}?"
        question = asked.format(name, _BASE[match["verb"]], what)
        yield Made(question, opening + 1, opening + 1 + len(inner), "made:called", (name,), what, speaker)
        span = _name_span(story, Said(opening, closing, speaker, True))
        if span:
            yield Made(f"Who {match['verb']} {what} “{inner}”?", *span, "made:who-said", (), what, speaker)


def _ask(templates: Sequence[tuple[int, str]], chance: random.Random, name: str, topic: str) -> str:
    weights = [weight for weight, _ in templates]
    return chance.choices([template for _, template in templates], weights)[0].format(name=name, topic=topic)
