"""The words of a sentence that say who speaks: “Ann Hill said”, “said the minister”, “according to police”."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from assistant.speakers.narration import QUOTED, Narration, Subject
from assistant.speakers.subjects import WINDOW, main_subject, subject_after, subject_before

MAXIMAL_VERBS = 12
"""How many verbs of saying one sentence is searched for; more are a list or no prose."""

_SAY = "said|says|say"
_TELL = "told|tells|tell"
# With these, what somebody says follows even without “that”.
_CLAIM = (
    "argued|argues|insisted|insists|claimed|claims|warned|warns|maintained|maintains|alleged|alleges|contended|"
    "contends|admitted|admits|acknowledged|acknowledges|testified|testifies|conceded|concedes|reiterated|reiterates|"
    "cautioned|cautions|vowed|vows|pledged|pledges|promised|promises|predicted|predicts|complained|complains|"
    "explained|explains|stressed|stresses"
)
# These report speech only beside a quotation or before “that”.
_OTHER = (
    "added|adds|noted|notes|announced|announces|confirmed|confirms|declared|declares|stated|states|"
    "wondered|wonders|tweeted|tweets|posted|posts|wrote|writes|revealed|reveals|recalled|recalls|remembered|"
    "remembers|suggested|suggests|responded|responds|replied|replies|answered|answers|continued|continues|concluded|"
    "concludes|commented|comments|remarked|remarks|observed|observes|called|calls|described|describes|dubbed|"
    "branded|joked|jokes|quipped|quips|reported|reports|hinted|hints|emphasised|"
    "emphasized|emphasises|emphasizes|asserted|asserts|denied|agreed|agrees|disagreed|countered|counters|"
    "exclaimed|shouted|yelled|whispered|sighed|laughed|shared|captioned|emailed|texted|texts|underlined|highlighted|labelled|labeled"
)
# These, when somebody is to do something: “urged residents to leave”.
_REQUEST = (
    "urged|urges|asked|asks|advised|advises|encouraged|encourages|ordered|orders|instructed|instructs|implored|implores|"
    r"begged|begs|demanded|demands|called\s+on|calls\s+on|called\s+upon|calls\s+upon"
)
_VERB = re.compile(
    rf"\b(?:(?P<say>{_SAY})|(?P<tell>{_TELL})|(?P<claim>{_CLAIM})|(?P<request>{_REQUEST})|(?P<other>{_OTHER}))\b"
)
_PARTICIPLE = re.compile(
    r"(?:,|\bby)\s+(?:(?P<say>saying|telling|insisting|claiming|arguing|warning)|"
    r"(?P<other>adding|noting|stressing|writing|calling|explaining|describing|stating|asking|declaring|tweeting))\b"
)
_SOURCE = re.compile(r"\b[Aa]ccording\s+to\s+")
_QUOTED_AS_SAYING = re.compile(r"\b(?:quoted|quotes|cited)\s+(?=[^.;]{2,60}?\s+(?:as\s+)?saying\b)")
_WAS_QUOTED = re.compile(r"\s(?:was|is|were|are|has\s+been)\s+(?:quoted|cited)\b[^.;]{0,60}?\bsaying\b")
_COLON = re.compile(rf":\s*(?={QUOTED}|$)")
_PASSIVE = re.compile(
    r"(?:\b(?:is|was|are|were|be|been|being|got|to|not|having|can|could|may|might|must|should|will|would|do|does|did)|"
    r"n[’']t)(?:\s+(?:also|often|once|even|[a-z]+ly))?\s*$"
)
_THAT = re.compile(r"\s+(?:[\w’'-]+\s+){0,4}?that\b")
_SAYS_THAT = re.compile(r"\s+that\b")
_TO_DO = re.compile(r"\s+(?:[\w’'-]+\s+){1,5}?(?:not\s+)?to\s+[a-z]")
_NOT_SPEECH = re.compile(r"\s+(?:goodbye|hello|yes|no|nothing|(?:the|a)\s+(?:truth|story|lie|joke)|lies)\b")
_OBJECT = re.compile(r"\s+[\d$£€]")
_BESIDE = re.compile(rf"(?:[^.;?!{QUOTED}]{{0,60}}?){QUOTED}")
_AFTER = re.compile(rf"{QUOTED}[^.;:?!{QUOTED}]{{0,60}}$")
_ANY_VERB = re.compile(r"\s*(?:(?:also|then|later)\s+)?(?:[a-z]{2,}(?:ed|s)|began|went\s+on|spat|sang)\b")


@dataclass(frozen=True, slots=True)
class Attribution:
    """A subject that says something; `beside` tells that it stands next to a quotation."""

    subject: Subject
    beside: bool


def find_attribution(narration: Narration, start: int, end: int) -> Attribution | None:
    """Find who the sentence `start..end` says is speaking.

    One that stands next to a quotation goes before others; of several the first counts.
    """
    found = list(_attributions(narration, start, end))
    return next((one for one in found if one.beside), found[0] if found else None)


def _attributions(narration: Narration, start: int, end: int) -> Iterator[Attribution]:
    finders = (_passive, _by_verb, _by_source, _by_participle, _by_colon)
    found = False
    for finder in finders:
        for attribution in finder(narration, start, end):
            found = True
            yield attribution
    if not found:
        yield from _by_any_verb(narration, start, end)


def _passive(narration: Narration, start: int, end: int) -> Iterator[Attribution]:
    """“was quoted as saying”, “the agency quoted Ann Hill as saying”."""
    for match in islice(_QUOTED_AS_SAYING.finditer(narration.masked, start, end), MAXIMAL_VERBS):
        subject = subject_after(narration, match.end(), end)
        if subject:
            yield Attribution(subject, beside=True)
    for match in islice(_WAS_QUOTED.finditer(narration.masked, start, end), MAXIMAL_VERBS):
        subject = subject_before(narration, start, match.start())
        if subject:
            yield Attribution(subject, beside=True)


def _by_verb(narration: Narration, start: int, end: int) -> Iterator[Attribution]:
    """“Ann Hill said”, “said Ann Hill”."""
    masked = narration.masked
    for verb in islice(_VERB.finditer(masked, start, end), MAXIMAL_VERBS):
        before = masked[max(start, verb.start() - WINDOW) : verb.start()].rstrip()
        if _PASSIVE.search(before) or _is_no_speech(masked, verb, end):
            continue
        subject = _subject_of(narration, verb, before, start, end)
        if subject is None:
            continue
        beside = _is_beside(narration, subject, verb, start, end)
        if beside or _reports(masked, verb, end):
            yield Attribution(subject, beside)


def _reports(masked: str, verb: re.Match[str], end: int) -> bool:
    """Tell whether the verb reports speech without a quotation beside it."""
    if verb.group("request") and _TO_DO.match(masked, verb.end(), end):
        return True
    return not (verb.group("other") or verb.group("request")) or _THAT.match(masked, verb.end(), end) is not None


def _subject_of(narration: Narration, verb: re.Match[str], before: str, start: int, end: int) -> Subject | None:
    """Find the subject of a verb of saying: behind it after a quotation, or after a comma if a person stands there."""
    reports = _SAYS_THAT.match(narration.masked, verb.end(), end)
    inverted = None if reports else subject_after(narration, verb.end(), end)
    if inverted and before.rstrip("-–—, \u00a0").endswith(QUOTED):
        return inverted
    subject = subject_before(narration, start, verb.start())
    if before.endswith(",") and inverted and not (subject and narration.is_person(subject)):
        return inverted if subject is None or narration.is_person(inverted) else subject
    return subject


def _is_no_speech(masked: str, verb: re.Match[str], end: int) -> bool:
    """Tell whether the verb has an object that is not what somebody says: “said goodbye”, “claimed 12 lives”."""
    pattern = _OBJECT if verb.group("claim") else _NOT_SPEECH
    return pattern.match(masked, verb.end(), end) is not None


def _is_beside(narration: Narration, subject: Subject, verb: re.Match[str], start: int, end: int) -> bool:
    """Tell whether a quotation ends right before the subject and its verb, or begins soon after them."""
    first = min(subject.start, verb.start())
    before = narration.masked[max(start, first - WINDOW) : first]
    return _AFTER.search(before) is not None or _BESIDE.match(narration.masked, verb.end(), end) is not None


def _by_source(narration: Narration, start: int, end: int) -> Iterator[Attribution]:
    """“according to Ann Hill”."""
    for match in islice(_SOURCE.finditer(narration.masked, start, end), MAXIMAL_VERBS):
        subject = subject_after(narration, match.end(), end)
        if subject:
            yield Attribution(subject, beside=False)


def _by_participle(narration: Narration, start: int, end: int) -> Iterator[Attribution]:
    """“Ann Hill resigned, saying …”."""
    masked = narration.masked
    for match in islice(_PARTICIPLE.finditer(masked, start, end), MAXIMAL_VERBS):
        beside = _BESIDE.match(masked, match.end(), end) is not None
        if not (match.group("say") or beside or _THAT.match(masked, match.end(), end)):
            continue
        subject = main_subject(narration, start, match.start())
        if subject:
            yield Attribution(subject, beside)


def _by_colon(narration: Narration, start: int, end: int) -> Iterator[Attribution]:
    """“Ann Hill was blunt: ‘No.’”, or a sentence that ends in a colon."""
    match = _COLON.search(narration.masked, start, end)
    subject = main_subject(narration, start, match.start()) if match else None
    if subject:
        yield Attribution(subject, beside=True)


def _by_any_verb(narration: Narration, start: int, end: int) -> Iterator[Attribution]:
    """“‘We won,’ Ann Hill beamed”: whatever the verb, where the quotation ends in a comma, ? or !."""
    for _, closing in islice(narration.quotations_between(start, end), MAXIMAL_VERBS):
        if narration.text[closing - 2] not in ",?!":
            continue
        verb = _ANY_VERB.match(narration.masked, closing, end)
        subject = subject_after(narration, verb.end() if verb else closing, end)
        if subject and (verb or _ANY_VERB.match(narration.masked, subject.end, end)):
            yield Attribution(subject, beside=True)
