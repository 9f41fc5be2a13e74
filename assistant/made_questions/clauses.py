"""Plain sentences taken apart, subject, verb and rest, so that a question can be turned without a parser.

The one rule: a sentence of another build than “subject verb rest” is left alone.
"""

import re
from dataclasses import dataclass

from assistant.made_questions.story import Story
from assistant.speakers.role_words import GROUPS

_REGULAR = (
    "kill injure wound arrest charge accuse release open close launch create hire fire employ raise earn donate award "
    "receive invest announce record sign score play capture seize rescue evacuate destroy damage collect "
    "gather attract draw_ house serve accept reject approve pass reach gain join recall deploy purchase acquire offer "
    "pledge contribute contain include produce manufacture publish retire marry move graduate die resign return arrive "
    "start finish end_ visit accompany attack invade defeat attend host name_ appoint nominate elect replace succeed "
    "survive paint design direct perform unveil introduce ban_ sue settle order deliver import export "
    "complete visit suspend cancel cover treat test infect vaccinate help support back_ lead_ discover reveal found "
    "establish operate own rename merge transfer pardon convict sentence execute crash land lift issue target "
    "detain deport remove register collapse"
)
_IRREGULAR = (
    "won:win lost:lose sold:sell bought:buy built:build spent:spend paid:pay cost:cost cut:cut hit:hit took:take "
    "gave:give made:make wrote:write led:lead left:leave became:become began:begin beat:beat broke:break held:hold "
    "shot:shoot stole:steal sent:send brought:bring caught:catch met:meet fell:fall rose:rise grew:grow "
    "drew:draw had:have got:get ran:run saw:see set:set won:win fought:fight threw:throw tied:tie sank:sink "
    "banned:ban planned:plan dropped:drop shipped:ship scrapped:scrap committed:commit admitted:admit "
    "transferred:transfer"
)
_AUXILIARY = r"(?:was|were|is|are|has|have|had|will|would)"
_NO_SUBJECT = re.compile(
    r"\b(?:that|who|which|whose|what|when|where|if|as|because|while|although|but|i|we|you|he|she|they|it|this|these|"
    r"there|here|not|no|to|by|one|some|many|most|also|is|are|was|were|has|have|had|those|such)\b",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"[,;:()]|\s[—–-]\s|\s(?:but|while|because|although|though|which|who|that|where|whose|according|since|as|so|and|"
    r"despite|amid|including|when|after|before|until)\s"
)
_UNCLEAR = re.compile(r"\b(?:I|we|you|my|our|us|me|he|she|they|it|them|him|this|these|those)\b")
_LONGEST_SUBJECT = 6


def _past_forms() -> dict[str, str]:
    forms = dict(pair.split(":") for pair in _IRREGULAR.split())
    for base in _REGULAR.split():
        if not base.endswith("_"):
            ending = (
                base + "d" if base.endswith("e") else base[:-1] + "ied" if re.search(r"[^aeo]y$", base) else base + "ed"
            )
            forms.setdefault(ending, base)
    return forms


BASE_OF = _past_forms()
BASE_OF |= {"agreed to pay": "agree to pay", "offered to pay": "offer to pay"}
"""The base form of each past form that is known."""
_PRESENT = {"has": "have"} | {
    f"{base}s": base for base in "employ cost own operate serve include contain earn make".split()
}
_CAPTION = frozenset("seen pictured shown consoled photographed".split())
_CLAUSE = re.compile(
    r"^(?P<subject>[^,;:()—–]{3,60}?)\s(?:(?:now|also|recently|already|currently|later|then)\s)?"
    rf"(?:(?P<auxiliary>{_AUXILIARY})\s"
    r"(?P<participle>(?:been\s)?\w+(?:ed|en|t|n|d|g|k|m)\b|(?<=ll\s)(?:be\s)?\w+\b)|"
    rf"(?P<present>{'|'.join(_PRESENT)})|(?P<past>{'|'.join(sorted(BASE_OF, key=len, reverse=True))}))(?P<rest>\s.*)$",
    re.DOTALL,
)
LEAD_IN = re.compile(
    r"^(?:(?:In|On|Last|Earlier|By|Since|During|After|At)\s[^,;:]{2,30},\s|(?:But|And|Meanwhile,|However,|Still,|Then,)\s)?"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A main clause: `rest` begins at offset `rest_at` of the text and ends before the next clause."""

    subject: str
    subject_at: int
    fronted: str
    verb: str
    told: str
    rest: str
    rest_at: int
    lead: str

    def asked(self) -> str:
        """The clause turned for a question, without its rest: “did the council close”."""
        return f"{self.fronted} {self.subject} {self.verb}"


def read_clause(story: Story, start: int, end: int) -> Clause | None:
    """Take the sentence `start..end` apart, or give None."""
    sentence = story.text[start:end].rstrip(" .")
    lead = LEAD_IN.match(sentence)
    offset = lead.end() if lead else 0
    match = _CLAUSE.match(sentence[offset:])
    if not match or not sentence.isprintable():
        return None
    subject = match["subject"]
    rest = _first_clause(match["rest"])
    if not _is_subject(story, subject, start + offset) or _UNCLEAR.search(rest):
        return None
    if match["participle"] in _CAPTION:
        return None
    fronted, verb = _turned(match)
    told = f"{fronted} {verb}" if match["auxiliary"] else match["past"] or match["present"]
    rest_at = start + offset + match.start("rest")
    asked = _in_question(story, subject)
    return Clause(asked, start + offset, fronted, verb, told, rest, rest_at, sentence[:offset])


def _turned(match: re.Match[str]) -> tuple[str, str]:
    """The verb as a question has it: what goes before the subject, and what stays behind it."""
    if match["auxiliary"]:
        return match["auxiliary"], match["participle"]
    return ("did", BASE_OF[match["past"]]) if match["past"] else ("does", _PRESENT[match["present"]])


def _first_clause(rest: str) -> str:
    """The rest up to where another clause or an apposition begins; a comma inside a number or a date is none."""
    for stop in _STOP.finditer(rest):
        around = rest[stop.start() - 1 : stop.start() + 6]
        if not (stop.group() == "," and re.match(r"\d,(?:\d{3}| (?:19|20)\d)", around)):
            return rest[: stop.start()]
    return rest


def _is_subject(story: Story, subject: str, start: int) -> bool:
    words = subject.split()
    if len(words) > _LONGEST_SUBJECT or _NO_SUBJECT.search(subject) or re.search(r"ing\b|ly\b", words[-1]):
        return False
    determined = len(words) > 1 and (
        words[0].lower() in ("the", "a", "an") or re.search(r"[’']s$", words[0]) is not None
    )
    determined = determined or re.fullmatch(f"(?:{GROUPS})", subject.lower()) is not None
    named = story.narration.names.between(start, start + 1)
    return determined or any(one.end == start + len(subject) for one in named)


def _in_question(story: Story, subject: str) -> str:
    first, _, others = subject.partition(" ")
    if first == "The" or first.lower() in ("a", "an"):
        return f"the {others}"
    common = not others and f" {subject.lower()} " in story.text
    return subject.lower() if common or re.fullmatch(f"(?:{GROUPS})", subject.lower()) else subject
