"""Whose words a question wants, and whether somebody who speaks is the one meant.

The one rule: a namesake is somebody else; the words of Ann Hill do not answer what Bo Hill said.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.slips import are_alike
from assistant.speakers.mentions import is_title
from assistant.speakers.name_words import DEMONYMS, NOT_PEOPLE
from assistant.speakers.role_words import can_speak
from index.words import STOP_WORDS

_WORD = r"[\w’'.-]+"
_STEMS = (
    "respond|react|comment|promis|warn|claim|argu|call|announc|describ|propos|demand|ask|urg|explain|apologi[sz]|admit|"
    "insist|predict|recommend|suggest|blam|criticis|criticiz|prais|complain|pledg|vow|advis|believ"
)
_SAYING = (
    rf"(?:sa(?:y|ys|id)|t(?:ell|ells|old)|thinks?|thought|den(?:y|ies|ied)|(?:{_STEMS})(?:e|ed|s|es|ted|ing)?|"
    r"wr(?:ite|ote|itten))"
)
_WORDS_OF = (
    r"(?:reactions?|responses?|reply|warnings?|messages?|statements?|comments?|remarks?|opinions?|position|stance|views?|"
    r"thoughts?|tribute)\s+(?:to|on|about|over|of|towards?|regarding)"
)
_ASKING = r"(?:what|how|why|who|whose|where|when|which|is|are|was|were|did|does|do|has|have|had|can|will|would)\b"
_HEADLINE = rf"^(?!{_ASKING})(?P<who>{_WORD}(?:\s+{_WORD}){{0,3}}?)\s+{_WORDS_OF}\b"
_OPINION = (
    rf"^(?:what|how)(?:\s+(?:is|are|was|were)|[’']s)(?P<who>(?:\s+{_WORD}){{1,5}}?)(?:[’']s|s[’'])\s+{_WORDS_OF}\b"
)
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b(?:what|how|why)\b[^?]*?\b(?:did|does|do|has|have|had|is|was)(?P<who>(?:[\s,]+{_WORD}){{1,7}}?)[\s,]+{_SAYING}\b",
        rf"\b(?:what|how|why)(?P<who>(?:\s+{_WORD}){{1,5}}?)\s+(?:says|said|thinks|thought|tells|told|believes)\b",
        r"\baccording to\b(?P<who>[^,?]*)",
        _HEADLINE,
        _OPINION,
    )
)
_WRITTEN = frozenset(
    "study studies poll polls survey surveys research report reports data figures statistics analysis estimate "
    "estimates index ranking documents records policy law rules lawsuit complaint indictment census forecast article "
    "articles news guide website list book theory legend tradition".split()
)
"""What is quoted without a speaker: “according to a new study”."""
_NAMED_WORDS = tuple(re.compile(form, re.IGNORECASE) for form in (_HEADLINE, _OPINION))
_POSSESSIVE = re.compile(r"[’']s?$")


def wanted_speaker(question: str) -> tuple[str, ...]:
    """The words, in lower case and order, that name whose words the question wants; none where it wants nobody's."""
    for form in _FORMS:
        match = form.search(question)
        if match:
            named = _naming(match.group("who").lower())
            return () if named and named[-1] in _WRITTEN else named
    return ()


def ask_in_full(question: str) -> str:
    """A question that names somebody's words by a noun, as the reader is used to them: “Ann Hill reaction to the fire”.

    That one is read as “What did Ann Hill say about the fire?”; every other question as it is.
    """
    for form in _NAMED_WORDS:
        match = form.search(question)
        subject = question[match.end() :].strip(" ?!.") if match else ""
        if match and subject:
            return f"What did {_POSSESSIVE.sub('', match['who'].strip())} say about {subject}?"
    return question


def is_named(wanted: Sequence[str]) -> bool:
    """Tell whether the words are a person's name, and no office, kin or body, of which they do not tell who speaks."""
    return bool(wanted) and not _is_office(wanted[-1]) and NOT_PEOPLE.isdisjoint(wanted)


def is_meant(wanted: Sequence[str], speaker: str) -> bool:
    """Tell whether `speaker`, a name as `find_speaker` gives it, is the one whom the words `wanted` name."""
    words = _plain(speaker.lower())
    shared = {one: other for one in wanted for other in words if are_alike(one, other)}
    return bool(shared) and not (len(shared) == 1 and _are_namesakes(wanted, words, *shared.popitem()))


def _naming(who: str) -> tuple[str, ...]:
    """The words that name somebody: “Sweden’s minister Ann Hill” without the country."""
    words = who.split()
    named = [word for word in words[:-1] if not _POSSESSIVE.search(word)] + words[-1:]
    return tuple(word for word in _plain(" ".join(named)) if word not in STOP_WORDS and len(word) > 1)


def _plain(name: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"[’']s?(?=\s|$)", "", name))


def _are_namesakes(wanted: Sequence[str], speaker: Sequence[str], surname: str, theirs: str) -> bool:
    """Tell whether both have a first name before the one word that they share, and not the same or a short form."""
    one, other = _first_name(wanted, surname), _first_name(speaker, theirs)
    return bool(one and other) and one[:1] != other[:1]


def _first_name(words: Sequence[str], surname: str) -> str:
    before = next((first for first, second in pairwise(words) if second == surname), "")
    return "" if _is_office(before) or before in DEMONYMS | NOT_PEOPLE else before


def _is_office(word: str) -> bool:
    return is_title(word) or can_speak(word)
