"""A question as it is searched and read: without “Can you tell me …”, and in the words that the reader is used to.

The one rule: it asks the same; only a question of change is read as one that every article of the story can answer.
"""

import re
from dataclasses import dataclass

from assistant.timeline import Timeline, read_timeline
from assistant.wanted_speaker import ask_in_full

_ME = r"(?:\s+(?:me|us))?"
_PREFACE = re.compile(
    rf"^\W*(?:(?:hi|hello|hey|ok(?:ay)?|so|well|please)\b[\s,!.]*)*(?:"
    rf"(?:can|could|would|will)\s+(?:you|anyone|anybody|someone|somebody)\s+(?:please\s+)?(?:tell|show|remind|explain\s+to){_ME}"
    rf"|(?:do|does|did)\s+(?:you|anyone|anybody|somebody|someone)\s+(?:happen\s+to\s+)?know"
    rf"|(?:i|we)(?:\s+(?:want|would\s+like|need)|[’']d\s+like)\s+to\s+know|(?:i\s+was\s+|i[’']m\s+|i\s+am\s+|i\s+)?wonder(?:ing)?"
    rf"|tell{_ME}|remind{_ME}|any\s+idea|what\s+do\s+(?:you|we)\s+know"
    r")\b[\s,:]*(?P<rest>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_ASKS = re.compile(
    r"(?:if|whether|who|whom|whose|what|which|when|where|why|how|is|are|was|were|did|does|do|has|have|had|will|would|can)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"(?:(?:something|everything|all|more|anything)\s+)?about\s+(?P<matter>.+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrased:
    """The words that are searched, and the question that is read; `timeline` is there for a question of change."""

    searched: str
    read: str
    timeline: Timeline | None


def phrase(question: str) -> Phrased:
    """Phrase a question for search and reader."""
    plain = without_preface(question)
    timeline = read_timeline(plain)
    if timeline:
        return Phrased(timeline.about, timeline.read, timeline)
    return Phrased(plain, ask_in_full(plain), None)


def without_preface(question: str) -> str:
    """The question without the words that only lead up to it: “Do you know when the bridge opens?” without the first.

    “Tell me about the bridge” asks what is said about it.
    """
    preface = _PREFACE.match(question)
    if preface is None:
        return question
    rest = preface["rest"].strip()
    if _ASKS.match(rest):
        return rest
    about = _ABOUT.match(rest)
    matter = about["matter"].strip(" ?!.") if about else ""
    return f"What is said about {matter}?" if matter else question
