"""Questions on plain facts of narrated sentences: who, when, where, how many and how much.

The one rule: the words of the question stand in the sentence; a sentence that cannot be turned by rules is left out.
"""

import re
from collections.abc import Iterator

from assistant.made_questions.clauses import BASE_OF, LEAD_IN, Clause, read_clause
from assistant.made_questions.story import Made, Story
from assistant.speakers.mentions import find_mentions, is_person

LONGEST_QUESTION = 18
"""Words."""
SHORTEST_QUESTION = 4
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.)"
)
_YEAR = r"(?:19|20)\d\d"
_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_NUMBER = (
    r"(?:(?:at least|more than|nearly|about|around|over|almost|up to|as many as|some|an estimated|roughly|"
    r"fewer than)\s)?"
    r"(?:\d[\d,]*(?:\.\d+)?(?:\s(?:million|billion|thousand))?|two|three|four|five|six|seven|eight|nine|ten|eleven|"
    r"twelve|dozens of|hundreds of|thousands of|millions of)"
)
_UNITS = r"(?:year|minute|hour|day|week|month|second)s?\b"
_COUNTED = (
    rf"(?:(?!{_UNITS}|other|points?\sof|of\b|percent|per\b|and\b|in\b|to\b|million)[a-z]+\s){{0,2}}"
    rf"(?!{_UNITS}|(?:times|others|percentage|was|has|is|does)\b)(?:[a-z]{{3,}}(?<!s)s|people|children|men|women)"
)
_MANY = re.compile(rf"^\s(?P<number>{_NUMBER})\s(?P<counted>{_COUNTED})(?=\s|$)", re.IGNORECASE)
_MANY_FIRST = re.compile(
    rf"^(?P<number>{_NUMBER})\s(?P<counted>{_COUNTED})\s(?P<rest>(?:were|are|have|had|will|died|attended|took|voted|live|"
    rf"work|remain|lost|gathered|signed|joined|applied|participated|attend)\s?[^,;:()—–]*)",
    re.IGNORECASE,
)
_THERE = re.compile(
    rf"^There\s(?P<verb>were|are|have been)\s(?P<number>{_NUMBER})\s(?P<counted>{_COUNTED})(?P<rest>[^,;:()—–]*)"
)
_SHARE = re.compile(
    r"^(?P<number>(?:(?:about|nearly|more than|some|around|only|almost|over)\s)?\d+(?:\.\d+)?(?:%|\sper\s?cent))\sof\s"
    r"(?P<rest>(?:the\s)?[A-Za-z][^,;:()—–]*)",
    re.IGNORECASE,
)
_BASES = "|".join(sorted(set(BASE_OF.values())))
_HAS_VERB = re.compile(rf"\b(?:are|is|were|was|have|has|had|will|would|could|live|{_BASES})\b")
_MONEY = (
    r"(?:(?:more than|nearly|about|around|over|almost|up to|at least|roughly)\s)?"
    r"(?:US|A|C)?[$£€]\d[\d,]*(?:\.\d+)?(?:\s(?:million|billion|trillion))?"
)
_MUCH = re.compile(
    rf"^(?P<before>[^$£€]{{0,50}}?\sfor|(?:\s[A-Z]\w+){{1,2}}|)\s(?P<money>{_MONEY})(?!-)(?P<after>\s.*|)$", re.DOTALL
)
_PRICE = re.compile(
    r"^(?P<thing>The\s(?:[\w’'.-]+\s){0,4}?(?:price|value|cost|fee|salary|fine|budget|average|bill|prize|deal)\b"
    r"[^,;:()—–$]{0,40}?)"
    rf"\s(?P<verb>is|was)\s(?P<money>{_MONEY})(?P<after>\s(?:in|for|on|as of)\s[^,;:()—–$]{{2,40}}|)(?=,|$)"
)
_MONEY_VERBS = frozenset(
    "pay raise spend donate earn cost lose invest receive win owe offer pledge contribute buy sell purchase acquire "
    "fine commit award".split()
)
_DATE = re.compile(
    rf"\s(?:in|on)\s(?P<date>(?:(?:late|early|mid-?)\s?)?(?:{_MONTH}\s)?{_YEAR}|{_MONTH}\s\d{{1,2}}(?:, {_YEAR})?|"
    rf"{_MONTH}(?!,?\s?\d)|{_DAY}(?:\s(?:morning|afternoon|evening|night))?)(?=\s|$)"
    rf"|\s(?P<past>last\s(?:week|month|year|summer|spring|fall|winter)|(?<!last\s){_DAY})$"
)
_OWN = re.compile(r"\b(?:his|her|their|its)\b")
_UNFIT = re.compile(
    r"\b(?:early|late|earlier|later|on|of|until|by|since|from|through|and|to|the|before|after|for|next|out|an?|than|that|"
    r"its|their|with|beginning|starting|ending)$"
)
_NEEDS_NO_OBJECT = frozenset(
    "die close open begin start launch retire resign return arrive end marry graduate crash".split()
)
_LEAD_DATE = re.compile(
    rf"^(?:In|On)\s(?P<date>(?:{_MONTH}\s)?{_YEAR}|{_MONTH}(?:\s\d{{1,2}}(?:, {_YEAR})?)?|{_DAY}),\s$"
)
_PLACE = re.compile(r"\s(?P<at>in|at|near|outside)\s(?:the\s)?(?=[A-Z])")


def make_facts(story: Story) -> Iterator[Made]:
    """All questions on the facts of a story."""
    for start, end in story.narrated():
        yield from _named(_first_words(story, start, end))
        clause = read_clause(story, start, end)
        if clause:
            for made in (_who(story, clause), _how_many(clause), _how_much(clause), _when(clause), _where(clause)):
                yield from _named(made)


def _named(made: Made | None) -> Iterator[Made]:
    """The question with the names in it, if it is of a usable length."""
    if made is None or (_UNFIT.search(made.question[:-1]) and made.origin != "made:how-much"):
        return
    if SHORTEST_QUESTION <= len(made.question.split()) <= LONGEST_QUESTION:
        names = tuple(made.question[one.start : one.end] for one in find_mentions(made.question) if one.start)
        yield Made(made.question.replace(" ?", "?"), made.start, made.end, made.origin, names)


def _first_words(story: Story, start: int, end: int) -> Made | None:
    """A sentence that opens with a number: “Two men were arrested in Leeds”."""
    sentence = story.text[start:end].rstrip(" .")
    lead = LEAD_IN.match(sentence)
    at = lead.end() if lead else 0
    share, many, there = (one.match(sentence[at:]) for one in (_SHARE, _MANY_FIRST, _THERE))
    price = _PRICE.match(sentence[at:])
    if price:
        span = start + at + price.start("money"), start + at + price.end("money")
        thing = price["thing"][0].lower() + price["thing"][1:]
        return Made(f"What {price['verb']} {thing}{price['after']}?", *span, "made:how-much")
    match = share or many or there
    if not match or len(match["rest"].split()) < 2:  # noqa: PLR2004
        return None
    rest = _until_clause(match["rest"])
    span = start + at + match.start("number"), start + at + match.end("number")
    if share:
        return Made(f"What percentage of {rest}?", *span, "made:how-many") if _HAS_VERB.search(rest) else None
    if many:
        return Made(f"How many {match['counted']} {rest}?", *span, "made:how-many")
    middle = f"{match['verb']} there" if match["verb"] != "have been" else "have there been"
    return Made(f"How many {match['counted']} {middle}{rest}?", *span, "made:how-many")


def _until_clause(rest: str) -> str:
    return re.split(r"\s(?:but|while|because|although|which|who|that|according|since|as|despite|including)\s", rest)[0]


def _who(story: Story, clause: Clause) -> Made | None:
    """A person did it: the question has the sentence's own order."""
    mention = next(iter(story.narration.names.between(clause.subject_at, clause.subject_at + 1)), None)
    whole = mention is not None and mention.end - mention.start == len(clause.subject)
    if mention is None or not whole or not is_person(story.narration.names.resolve(mention.name, mention.start)):
        return None
    if clause.fronted in ("are", "have") or not re.search(r"\s\S+\s", clause.rest) or _OWN.search(clause.rest):
        return None
    bare = story.text[: mention.end].endswith(mention.name)
    start = mention.end - len(mention.name) if bare else mention.start
    return Made(f"Who {clause.told}{clause.rest}?", start, mention.end, "made:who")


def _how_many(clause: Clause) -> Made | None:
    match = _MANY.match(clause.rest)
    if not match:
        return None
    span = clause.rest_at + match.start("number"), clause.rest_at + match.end("number")
    return Made(f"How many {match['counted']} {clause.asked()}{clause.rest[match.end() :]}?", *span, "made:how-many")


def _how_much(clause: Clause) -> Made | None:
    match = _MUCH.match(clause.rest)
    verb = BASE_OF.get(clause.verb.split()[-1], clause.verb.split()[-1])
    if not match or verb not in _MONEY_VERBS:
        return None
    span = clause.rest_at + match.start("money"), clause.rest_at + match.end("money")
    after = "" if match["before"].endswith("for") else match["after"]
    if not re.match(
        r"(?:\s(?:in|for|on|to|from|at|last|this)\s(?![$£€\d])|\s(?:an?|per)\s(?:hour|day|week|month|year)|$)", after
    ):
        return None
    return Made(f"How much {clause.asked()}{match['before']}{after}?", *span, "made:how-much")


def _when(clause: Clause) -> Made | None:
    lead = _LEAD_DATE.match(clause.lead)
    if lead and (clause.rest or clause.verb in _NEEDS_NO_OBJECT or clause.fronted in ("was", "were")):
        at = clause.subject_at - len(clause.lead) + lead.start("date")
        return Made(f"When {clause.asked()}{clause.rest}?", at, at + len(lead["date"]), "made:when")
    match = _DATE.search(clause.rest)
    if not match or clause.lead or clause.fronted in ("is", "are") or _UNFIT.search(clause.rest[: match.start()]):
        return None
    if clause.fronted == "did" and not match.start() and clause.verb not in _NEEDS_NO_OBJECT:
        return None
    group = "date" if match["date"] else "past"
    span = clause.rest_at + match.start(group), clause.rest_at + match.end(group)
    question = f"When {clause.asked()}{clause.rest[: match.start()]}{clause.rest[match.end() :]}?"
    return Made(question, *span, "made:when")


def _where(clause: Clause) -> Made | None:
    """Something was done, or happened, in a place that ends the clause."""
    match = _PLACE.search(clause.rest)
    if not match or clause.fronted not in ("was", "were", "did"):
        return None
    place = next(find_mentions(clause.rest[match.end() :]), None)
    if place is None or place.start or is_person(place.name):
        return None
    after = clause.rest[match.end() + place.end :]
    if after and not _DATE.fullmatch(after):
        return None
    span = clause.rest_at + match.end(), clause.rest_at + match.end() + place.end
    return Made(f"Where {clause.asked()}{clause.rest[: match.start()]}{after}?", *span, "made:where")
