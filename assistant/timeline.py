"""Questions of change (“what is the latest on…”, “how did her position change”): statements in order of date.

The one rule: the latest statement comes first and is named as such, and each is quoted from another article.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.clues import Clues, stems_of
from assistant.quotes import Quote, to_quote
from assistant.reader import Evidence
from assistant.speakers import find_speaker
from assistant.wanted_speaker import is_meant

NAMED = 0.99
"""Share of the weight of the question's names that an article must hold to be a part of the story."""
TELLING = 0.5
"""The same of all its words."""

_LATEST = re.compile(
    r"\b(?:what|which)?(?:['’]s|\s+(?:is|are|was|were))?\s*(?:the\s+)?\b(?:latest|newest|most recent)\b"
    r"(?:\s+(?:news|word|state|status|updates?|developments?|information|statements?|figures?|number))?"
    r"\s+(?:on|about|from|with|of|regarding)\b",
    re.IGNORECASE,
)
_NEWS = re.compile(
    r"^\W*(?:(?:what(?:['’]s|\s+is)\s+new|(?:is\s+there\s+|are\s+there\s+)?(?:any|some)\s+(?:news|updates?)|updates?|news)\s+"
    r"(?:about|on|with|regarding|of)\b|what(?:['’]s|\s+is)\s+(?:going\s+on|happening)\s+with\b)",
    re.IGNORECASE,
)
_LATELY = re.compile(
    r"\b(?:most recently|lately|over time|over the years|over the months|in the course of time)\b", re.IGNORECASE
)
_CHANGED = re.compile(
    r"\b(?:chang(?:ed?|ing)|evolv(?:ed?|ing)|develop(?:ed)?|shift(?:ed)?)\b(?=\W*(?:$|over|since|between|from|in|after))",
    re.IGNORECASE,
)
_HOW = re.compile(r"^\W*how\s+(?:did|do|does|has|have|had|is|was|were)\b", re.IGNORECASE)
_TIMELINE = re.compile(r"\b(?:the\s+)?(?:timeline|chronology)\s+(?:of|for)\b", re.IGNORECASE)
_VIEW = re.compile(
    r"(?P<who>\w[\w’'.-]*(?:\s+[\w’'.-]+)*?)(?:['’]s?)\s+(?:position|view|stance|opinion|attitude|tone|mind|line)s?\b"
    r"(?:\s+(?:on|about|of|towards?|regarding))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A question of change: `about` is what is searched, `read` what is asked of every article.

    `who` is the one whose words are wanted, "" where the question does not tell.
    """

    about: str
    read: str
    who: str = ""


def read_timeline(question: str) -> Timeline | None:
    """What a question of change is about; None for every other question."""
    rest = question.strip().rstrip("?!. ")
    changed = _HOW.search(rest) is not None and _CHANGED.search(rest) is not None
    if not (changed or any(cue.search(rest) for cue in (_NEWS, _LATEST, _LATELY, _TIMELINE))):
        return None
    for cue in (_NEWS, _LATEST, _LATELY, _TIMELINE, *((_CHANGED, _HOW) if changed else ())):
        rest = cue.sub(" ", rest)
    about = " ".join(rest.split())
    if not about:
        return None
    view = _VIEW.search(about)
    if view:
        subject = about[view.end() :].strip()
        who = view["who"].strip()
        return Timeline(f"{who} {subject}".strip(), f"What did {who} say{' about ' + subject if subject else ''}?", who)
    whole = about[0].isupper() and re.match(r"(?:what|who|where|which|how|when)\b", about, re.IGNORECASE)
    return Timeline(about, f"{about}?" if whole else f"What is said about {about}?")


def choose_statements(evidence: Sequence[Evidence], clues: Clues, who: str, limit: int) -> tuple[Quote, ...]:
    """The best statement of each dated article that is a part of the story, at most `limit`, latest first.

    `clues` are those of what the timeline is about. Where it is about what somebody (`who`) says, only that person's
    own words count, if there are any.
    """
    speaker = clues.speaker or tuple(who.lower().split())
    dated = [(day, item) for item in evidence if (day := item.hit.article.published) and _belongs(item, clues)]
    dated = [pair for pair in dated if speaker and _is_said_by(pair[1], speaker)] or dated
    best: dict[str, tuple[date, Evidence]] = {}
    for day, item in dated:
        best.setdefault(item.hit.article.id, (day, item))
    latest = sorted(best.values(), key=lambda pair: pair[0], reverse=True)
    return tuple(to_quote(item) for _, item in latest[:limit])


def _belongs(item: Evidence, clues: Clues) -> bool:
    stems = stems_of(f"{item.hit.article.title} {item.hit.text}")
    return clues.cover_names(stems) >= NAMED and clues.cover(stems) >= TELLING


def _is_said_by(item: Evidence, words: Sequence[str]) -> bool:
    speaker = find_speaker(item.hit.article.text, item.start, item.end)
    return speaker is not None and is_meant(words, speaker)
