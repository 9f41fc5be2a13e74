"""What is said in an article: the words inside quotation marks and the clauses that are reported, with their speaker.

The one rule: a span is what is said alone, without the words that tell who says it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.made_questions.story import Story, holds_word
from assistant.made_questions.topics import Lexicon
from assistant.speakers import find_speaker
from assistant.speakers.attributions import find_attribution
from assistant.speakers.mentions import is_person, is_title, surname
from assistant.speakers.narration import QUOTED, Subject
from assistant.speakers.role_words import GROUPS

WORDS = (5, 40)
"""The fewest and the most words of a span."""
MOST_CAPITALS = 0.5
COMMON = 4
"""How often the corpus has a word as a noun that is no surname."""
LONGEST_CAPITALS = 6
"""Longer names in capitals are headings."""
_GROUP = re.compile(rf"(?:[a-z]+\s)?(?:{GROUPS})")
MARKS = "“”\"‘’'«»„"
_SAY = r"(?:said|says)"
_CLAIM = "|".join(
    "argued argues insisted insists claimed claims warned warns alleged contended admitted acknowledged testified "
    "conceded cautioned predicted predicts explained stressed believes believed added noted notes announced confirmed "
    "declared stated revealed suggested suggests concluded emphasized tweeted wrote denied".split()
)
_WHOM = (
    r"(?:told|tells)\s(?:reporters|lawmakers|the\s\w+|(?>[A-Z][\w.&’']*(?:\s[A-Z][\w.&]*){0,3})|a\s\w+(?:\s\w+)?|\w+)"
)
_WHEN = r"(?:\s(?:on\s)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\s(?:last|this)\s\w+|\searlier)?"
_WHERE = r"(?:\s(?:in|at|on|during|after|to|of)\s[^,.;]{3,50}?(?=\sthat\s))?"
_OPENS = (
    r"(?:the|an?|it|he|she|they|there|this|these|his|her|their|its|some|many|most|all|no|more|people|about|nearly|"
    r"at\sleast|(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)[A-Z]\w+|\d)"
)
_AFTER = re.compile(
    rf"(?:,[^,]{{3,90}},|\s\([^)]*\))?\s(?:(?:also|has|later|then|[a-z]+ly)\s){{0,2}}"
    rf"(?:(?:{_SAY}|{_WHOM}){_WHEN}(?:{_WHERE}\sthat\s|\s(?={_OPENS}\b))|(?:{_CLAIM}){_WHEN}{_WHERE}\sthat\s)(?P<clause>\S.*)$",
    re.DOTALL,
)
_CLOSING = re.compile(
    rf"(?:,[^,]{{3,90}},)?\s(?:{_SAY}|{_WHOM}|added|noted|explained|warned)(?:\s[^,{QUOTED}]{{0,60}})?\.?$"
)
_DEPENDENT = re.compile(
    r"^(?:When|While|If|After|Before|As|Although|Though|Because|Since)\b|\b(?:which|whom?|that|as)\s(?:the\s)?$"
)
_GLUED = re.compile(r"\w[:?!.][A-Z][a-z]")
_INVERTED = re.compile(rf",\s(?:{_SAY}|according\sto)\s$")
_ACCORDING = re.compile(r"^According to [^,]{3,80}, (?P<clause>.+)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Said:
    """What `speaker` says, `text[start:end]`, and `subject`, where the sentence names the speaker, if it does."""

    start: int
    end: int
    speaker: str
    direct: bool
    subject: Subject | None = None


def find_said(story: Story) -> Iterator[Said]:
    """What is said in a story, with its speaker."""
    for start, end in story.sentences:
        attribution = find_attribution(story.narration, start, end)
        subject = attribution.subject if attribution else None
        speaker = find_speaker(story.text, start, end)
        if not speaker:
            continue
        for first, last in _quoted(story, start, end):
            yield Said(first, last, speaker, True, subject)
        span = _reported(story, start, end, subject) if subject else None
        if span and WORDS[0] <= len(story.text[span[0] : span[1]].split()) <= WORDS[1]:
            yield Said(*span, speaker, False, subject)


def _quoted(story: Story, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The whole sentences inside the quotations of a sentence."""
    text = story.text
    for opening, closing in story.narration.quotations_between(start, end):
        first, last = max(opening, start), min(closing, end)
        piece = text[first:last]
        first += len(piece) - len(piece.lstrip(MARKS + " "))
        inner = text[first:last].rstrip(MARKS + " ")
        ended = inner[-1:] in tuple(",.?!…") or text[last : last + 1] in (",", ".")
        trimmed = inner.rstrip(",. ")
        if ended and inner[:1].isupper() and not _is_name(trimmed) and WORDS[0] <= len(trimmed.split()) <= WORDS[1]:
            yield first, first + len(trimmed)


def _is_name(words: str) -> bool:
    """Tell whether words in quotation marks are the name of a work: most have capitals."""
    capitals = [word for word in words.split() if word[0].isupper()]
    return len(capitals) > MOST_CAPITALS * len(words.split())


def _reported(story: Story, start: int, end: int, subject: Subject) -> tuple[int, int] | None:
    """The clause that the subject is reported to have said."""
    masked = story.narration.masked
    after, before = _AFTER.match(masked, subject.end, end), masked[start : subject.start]
    source = _ACCORDING.match(masked[start:end])
    if source:
        return _tidy(story, start + source.start("clause"), end)
    if after and not _DEPENDENT.search(before):
        return _tidy(story, after.start("clause"), end)
    if QUOTED in before[:1]:
        return None
    inverted = _INVERTED.search(before)
    if inverted:
        return _tidy(story, start, start + inverted.start())
    if before.endswith(", ") and _CLOSING.match(masked, subject.end, end):
        return _tidy(story, start, subject.start - 2)
    return None


def _tidy(story: Story, start: int, end: int) -> tuple[int, int] | None:
    """The span without “But” before and the full stop after it; None where it holds another attribution."""
    piece = story.text[start:end]
    lead = re.match(r"(?:But|And|So|Still,|However,|Meanwhile,|Also,)\s", piece)
    start += lead.end() if lead else 0
    trimmed = story.text[start:end].rstrip(" .,")
    if re.search(r"\b(?:according to|said|told)\b", story.narration.masked[start : start + len(trimmed)]):
        return None
    if _GLUED.search(trimmed):
        return None
    if trimmed.count("“") != trimmed.count("”") or trimmed.count('"') % 2:
        return None
    return start, start + len(trimmed)


def is_speaker(story: Story, speaker: str, lexicon: Lexicon) -> bool:
    """Tell whether `speaker` is no place, and no common word written with a capital."""
    words = speaker.split()
    place = holds_word(story.text, f"in {speaker}") or holds_word(story.text, f"in the {speaker}")
    if place or is_title(words[-1]) or (speaker.isupper() and len(speaker) > LONGEST_CAPITALS):
        return False
    return not (is_person(speaker) and (words[-1].islower() or lexicon.count(surname(speaker)) >= COMMON))


def name_forms(story: Story, speaker: str) -> list[str]:
    """How a question may name the speaker; none where that would be vague."""
    if is_person(speaker):
        titled = [
            " ".join(story.text[one.start : one.end].split())
            for one in story.narration.names.mentions
            if one.titles
            and story.narration.names.resolve(one.name, one.start) == speaker
            and is_title(story.text[one.start : one.end].split()[0])
        ]
        short = [form for form in titled if len(form.split()) <= 4 and "." not in form]  # noqa: PLR2004
        return [surname(speaker), surname(speaker), speaker, speaker, *short[:1]]
    if _GROUP.fullmatch(speaker.lower()):
        return [speaker.lower()]
    if speaker[:1].isupper():
        words = speaker.split()
        named = holds_word(story.text, f"the {speaker} said") or holds_word(story.text, f"to the {speaker}.")
        named = named or words[-1].islower() or (is_title(words[0]) and "of" in words)
        return [f"the {speaker}" if named else speaker]
    return [f"the {speaker}"] if re.search(r"\s(?:of|for|at|in)\s|company|ministry|department", speaker) else []
