"""Rewords a published sentence as a summary would: other words, other order, less of it, and the same facts.

The one rule: no name, number, date or speaker changes.
"""

import random
import re

SYNONYMS = {
    "announced": "made known", "approximately": "about", "around": "about", "attempted": "tried", "began": "started",
    "believes": "thinks", "buy": "purchase", "children": "kids", "claimed": "maintained", "company": "firm",
    "country": "nation", "died": "lost their lives", "during": "in the course of", "ended": "finished",
    "following": "after", "help": "assist", "helped": "assisted", "huge": "very large", "including": "among them",
    "increase": "rise", "increased": "went up", "injured": "hurt", "killed": "dead", "large": "big", "last": "past",
    "launched": "started", "many": "a great number of", "more than": "over", "nearly": "almost", "needs": "requires",
    "officials": "authorities", "over": "more than", "people": "persons", "percent": "per cent",
    "promised": "pledged", "received": "got", "released": "published", "reported": "told", "said": "stated",
    "say": "state", "says": "states", "several": "some", "showed": "made plain", "similar": "comparable",
    "since": "ever since", "small": "little", "started": "began", "stopped": "halted", "told": "informed",
    "wants": "would like", "while": "whereas", "won": "took", "worked": "was active", "according to": "as told by",
}  # fmt: skip
NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
MONTHS = {
    "Jan.": "January",
    "Feb.": "February",
    "Aug.": "August",
    "Sept.": "September",
    "Oct.": "October",
    "Nov.": "November",
    "Dec.": "December",
}
OFTEN, SOMETIMES = 0.8, 0.7
FEWEST_WORDS = 7
_DATELINE = re.compile(r"^[A-Z][A-Z\s.,’'/()-]{2,60}?(?:\([^)]*\)\s*)?(?:,\s*[A-Z][\w.]+\s*)?\s[—–-]+\s")
_BRACKETS = re.compile(r"\s\([^()]{1,80}\)")
_TAIL = re.compile(r",? (?:which|who|although|though|whereas|despite|as well as|adding that|because)\b[^“”\"]*(?=\.$)")
_LEAD = re.compile(
    r"^((?:On|In|At|After|During|By|Since|Last|Earlier)\b[^,“”\"]{4,40}), "
    r"((?:the|a|an|he|she|they|it|\w+)\b[^“”\"]*)\.$"
)
_ATTRIBUTED = re.compile(
    r"^(?P<said>[^“”\"]{20,}), (?P<who>[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){0,3}) (?P<verb>said|says|added)\.$"
)
_PRONOUN = re.compile(r"^(?:He|She)(?= (?:said|says|told|added|also|called|warned|argued))")
_DIGIT = re.compile(r"(?<![\w.,$£€-])(?:[2-9]|1[0-2])(?= (?!per|million|billion|trillion|a\.m|p\.m|%)[a-z])")


def reword(sentence: str, speaker: str | None, chance: random.Random) -> str:
    """The sentence in other words; `speaker` takes the place of a leading pronoun."""
    text = _BRACKETS.sub("", _DATELINE.sub("", sentence))
    if speaker and " " in speaker and speaker[0].isupper():
        text = _PRONOUN.sub(speaker, text)
    shorter = _TAIL.sub("", text)
    if len(shorter.split()) >= FEWEST_WORDS and chance.random() < OFTEN:
        text = shorter
    if (said := _ATTRIBUTED.match(text)) and chance.random() < OFTEN:
        text = f"{said['who']} {said['verb']} that {_lower_first(said['said'])}."
    elif (lead := _LEAD.match(text)) and chance.random() < OFTEN:
        text = f"{_upper_first(lead[2])} {_lower_first(lead[1])}."
    for short, long in MONTHS.items():
        text = text.replace(short, long)
    if chance.random() < OFTEN:
        text = _DIGIT.sub(lambda match: NUMBER_WORDS[int(match.group())], text)
    quoted = re.split(r"(“[^”]*”|\"[^\"]*\")", text)
    return "".join(part if number % 2 else _exchange_words(part, chance) for number, part in enumerate(quoted))


def _exchange_words(text: str, chance: random.Random) -> str:
    def other(match: re.Match[str]) -> str:
        return SYNONYMS[match.group()] if chance.random() < SOMETIMES else match.group()

    return re.sub(r"\b(?:" + "|".join(SYNONYMS) + r")\b", other, text)


def _lower_first(text: str) -> str:
    """The text with a small first letter, where its first word is no name."""
    word = text.split(" ", 1)[0]
    common = word.lower() in {
        "the",
        "a",
        "an",
        "it",
        "there",
        "they",
        "we",
        "this",
        "these",
        "in",
        "on",
        "at",
        "after",
        "by",
        "during",
        "since",
        "last",
        "earlier",
        "many",
        "some",
        "most",
    }
    return text[0].lower() + text[1:] if common else text


def _upper_first(text: str) -> str:
    return text[0].upper() + text[1:]
