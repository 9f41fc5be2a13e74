"""The noun phrase before or after a verb: a pronoun, a name, an office or a group of people.

The one rule: it is looked for in the narration only, that is, outside quotation marks.
"""

import re

from assistant.speakers.mentions import Mention, is_title
from assistant.speakers.narration import QUOTED, Narration, Subject
from assistant.speakers.role_words import can_speak
from assistant.speakers.subject_patterns import (
    ADVERBS,
    BARRIER,
    GROUP,
    GROUP_AFTER,
    LEAD_IN,
    MAIN_PRONOUN,
    NO_SUBJECT,
    OPENING,
    OWNED,
    PHRASE,
    PHRASE_AFTER,
    PHRASE_END,
    PHRASE_START,
    PREPOSITION,
    PRONOUN,
    PRONOUN_AFTER,
    QUALIFIER,
    RELATIVE,
    SECOND_VERB,
)

WINDOW = 260
"""How many characters before or after a verb its subject is looked for."""

LONGEST_BARRIER = 14
"""How far before a name a preposition is looked for, in characters."""

MAXIMAL_COMMAS = 6
"""How many commas a subject and its verb may have between them."""

_AND = " and "


def _skip_adverbs(narration: Narration, low: int, end: int) -> int:
    """Go back from `end` over adverbs, auxiliaries and brackets; give where the words before them end."""
    while True:
        window = narration.masked[max(low, end - WINDOW) : end].rstrip()
        adverbs = ADVERBS.search(window)
        end = max(low, end - WINDOW) + len(window)
        if not adverbs:
            return end
        end -= len(window) - adverbs.start()


def subject_before(narration: Narration, low: int, end: int) -> Subject | None:
    """Find the subject of the verb that follows offset `end`, not before offset `low`."""
    end = _skip_adverbs(narration, low, end)
    if end <= low:
        return None
    if SECOND_VERB.search(narration.masked, max(low, end - LONGEST_BARRIER), end):
        return main_subject(narration, low, end)
    if narration.masked[end - 1] in ",–—-":
        return _before_apposition(narration, low, end - 1)
    if narration.masked[end - 1] == QUOTED and narration.text[end - 2] == ",":  # “…, who was in “Dune,” said”
        return _before_apposition(narration, low, end - 2)
    return _ending(narration, low, end)


def subject_after(narration: Narration, start: int, high: int) -> Subject | None:
    """Find the subject that follows its verb (“said Ann Hill”, “according to police”) at offset `start`."""
    window = narration.masked[start : min(high, start + WINDOW)]
    start += len(window) - len(window.lstrip())
    window = window.lstrip()
    pronoun = PRONOUN_AFTER.match(window)
    if pronoun:
        return Subject(start, start + pronoun.end())
    chunk = PHRASE_AFTER.match(window)
    if not chunk:
        return None
    return _name_after(narration, start, start + chunk.end()) or _phrase_after(start, chunk.group())


def main_subject(narration: Narration, start: int, end: int) -> Subject | None:
    """Find the subject of the main clause of a sentence: its first pronoun, person or opening noun phrase."""
    candidates = [
        Subject(start + match.start(), start + match.end())
        for match in MAIN_PRONOUN.finditer(narration.masked[start:end])
    ]
    for mention in narration.named_outside(start, end):
        subject = Subject(mention.start, mention.end, mention)
        genitive = narration.text[mention.end : mention.end + 1] in ("’", "'")
        barred = BARRIER.search(narration.masked[max(start, mention.start - LONGEST_BARRIER) : mention.start])
        if narration.is_person(subject) and not genitive and not barred:
            candidates.append(subject)
    if candidates:
        return min(candidates, key=lambda subject: subject.start)
    for mention in narration.names.between(start, start + 1):
        return Subject(mention.start, mention.end, mention)
    opening = LEAD_IN.match(narration.masked, start, end)
    return Subject(start, opening.end()) if opening else None


def _ending(narration: Narration, low: int, end: int) -> Subject | None:
    """Find the pronoun, name or noun phrase that ends exactly at `end`."""
    window = narration.masked[max(low, end - WINDOW) : end]
    offset = end - len(window)
    pronoun = PRONOUN.search(window)
    if pronoun:
        return Subject(offset + pronoun.start(), end)
    relative = RELATIVE.search(window)
    if relative:
        return _ending(narration, low, offset + relative.start())
    mention = narration.names.ending_at(end)
    if mention and mention.start >= low and narration.masked[mention.start] != QUOTED:
        named = Subject(mention.start, end, mention)
        start = mention.start if narration.is_person(named) else _start_of_pair(narration, mention)
        return _head(narration, low, start, end) or named
    phrase = PHRASE.match(window)
    if phrase:
        start = offset + phrase.start("phrase")
        return _head(narration, low, start, end) or Subject(start, end)
    return _group(narration, window, offset, low) or _opening(window, offset)


def _start_of_pair(narration: Narration, mention: Mention) -> int:
    """Give where a name begins that has an “and” in it: “Centers for Disease Control and Prevention”."""
    end = mention.start - len(_AND)
    first = narration.names.ending_at(end) if narration.text.startswith(_AND, max(end, 0)) else None
    return first.start if first else mention.start


def _head(narration: Narration, low: int, start: int, end: int) -> Subject | None:
    """Find what stands before “of the”, “for”, “in” that a phrase follows: “a spokesperson for the ministry”."""
    window = narration.masked[max(low, start - WINDOW) : start].rstrip()
    preposition = PREPOSITION.search(window)
    if not preposition:
        return None
    head = _ending(narration, low, max(low, start - WINDOW) + preposition.start())
    if head is None or (head.mention is not None and not can_speak(head.mention.name)):
        return head
    return Subject(head.start, end)


def _group(narration: Narration, window: str, offset: int, low: int) -> Subject | None:
    """Find a group without an article that ends the window: “local police”, “Ukrainian officials”."""
    group = GROUP.search(window)
    if not group:
        return None
    qualifiers = group.group("before")
    start = group.end("before")
    while qualifiers:
        last = re.search(r"\S+\s+$", qualifiers)
        if not last or not QUALIFIER.fullmatch(last.group()):
            break
        start -= len(last.group())
        qualifiers = qualifiers[: last.start()]
    subject = Subject(offset + start, offset + len(window))
    return _head(narration, low, subject.start, subject.end) or subject


def _opening(window: str, offset: int) -> Subject | None:
    """Find the few words that open a sentence: “Aid groups”."""
    opening = OPENING.search(window)
    if not opening or any(word.lower() in NO_SUBJECT for word in opening.group(1).split()):
        return None
    return Subject(offset + opening.start(1), offset + len(window))


def _before_apposition(narration: Narration, low: int, comma: int) -> Subject | None:
    """Find the subject before an apposition that ends at `comma`: “Ann Hill, the mayor, said”."""
    phrases: list[Subject] = []
    described: Subject | None = None
    end = comma
    for depth in range(MAXIMAL_COMMAS):
        subject = _ending(narration, low, _skip_adverbs(narration, low, end))
        begin = max(narration.masked.rfind(mark, low, end) for mark in ",–—")
        whole = subject is not None and (begin < 0 or subject.start <= begin + 2)
        if subject and (narration.is_person(subject) or _is_pronoun(narration.text, subject)) and (depth or whole):
            return subject
        if subject and narration.is_person(subject):
            described = subject
        elif subject and depth:
            phrases.append(subject)
        if begin < 0:
            break
        end = begin
    return described or (phrases[0] if phrases else None)


def _name_after(narration: Narration, start: int, end: int) -> Subject | None:
    """Find the person named in `start..end`, or right after it between commas: “said the mayor, Ann Hill”."""
    phrase = narration.masked[start:end]
    stop = PHRASE_END.search(phrase)
    named = narration.named_outside(start, start + (stop.start() if stop else len(phrase)))
    subjects = [Subject(mention.start, mention.end, mention) for mention in named]
    owned = [one for one in narration.named_outside(start, end) if OWNED.search(narration.text, start, one.start)]
    people = [one for one in (Subject(o.start, o.end, o) for o in owned) if narration.is_person(one)]
    people = people or [subject for subject in subjects if narration.is_person(subject)]
    if subjects and subjects[0].start == start and not _is_genitive(narration.text, subjects[0]):
        return _bearer(narration, subjects[0], end)
    if people and not _is_genitive(narration.text, people[0]):
        return people[0]
    beyond = narration.names.between(end + 2, end + 3)
    if narration.masked[end : end + 1] == "," and beyond:
        named_beyond = Subject(beyond[0].start, beyond[0].end, beyond[0])
        return named_beyond if narration.is_person(named_beyond) else None
    return None


def _bearer(narration: Narration, subject: Subject, end: int) -> Subject:
    """Give the person whom a title or a firm's role leads up to: “Acme president Ann Hill”; else `subject`."""
    mention = subject.mention
    later = [Subject(one.start, one.end, one) for one in narration.names.between(subject.end, end)]
    person = next((one for one in later if narration.is_person(one)), None)
    if mention is None or person is None:
        return subject
    role = narration.text[subject.end : person.start].strip()
    leads = role.islower() and (can_speak(role) or is_title(role.split()[-1])) and not role.startswith(("and ", "or "))
    return person if leads or is_title(mention.name.split()[-1]) else subject


def _phrase_after(start: int, phrase: str) -> Subject | None:
    """Find the office or group that opens `phrase`."""
    stop = PHRASE_END.search(phrase)
    if stop:
        phrase = phrase[: stop.start()]
    group = GROUP_AFTER.match(phrase)
    if PHRASE_START.match(phrase):
        return Subject(start, start + len(phrase.rstrip(".")))
    return Subject(start, start + group.end()) if group else None


def _is_pronoun(text: str, subject: Subject) -> bool:
    return PRONOUN.fullmatch(text, subject.start, subject.end) is not None


def _is_genitive(text: str, subject: Subject) -> bool:
    return text[subject.end : subject.end + 1] in ("’", "'")
