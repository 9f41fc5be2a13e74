"""History and a follow-up become a question that stands alone, by rules that need no model.

The one rule: what is searched is what is shown. Nothing of the conversation reaches the search but through the
rewritten question, and a question that stands alone is left as it is.
"""

import re
from collections.abc import Callable, Sequence

from assistant.answer import Answer
from assistant.referents import Exchange, find_person, find_things, names_of
from index.records import Article

ABOUT_THE_ARTICLE = 0.5
"""A question without a name goes on about the last article where that holds this share of its words, by rarity."""
LONGEST_TITLE = 80
LONGEST_FRAGMENT = 4
"""Words of a question at most that is a mere “In what time?”."""
QUOTED_WORDS = 12

_AUXILIARIES = r"do|does|did|is|was|are|were|has|have|had|will|would|can|could|should|may|might"
_OPENER = re.compile(r"^(?:and|but|or|so|also|then|ok(?:ay)?|well)\b[\s,]*", re.IGNORECASE)
_WHAT_ABOUT = re.compile(r"^(?:what|how) about\b\s*|^(?:what|and) of\b\s*", re.IGNORECASE)
_QUESTION = re.compile(
    rf"^(?:(?:in|on|at|by|for|to|from|with|of|since|until|under|after|before)\s+)?"
    rf"(?:who|whom|whose|what|which|when|where|why|how|{_AUXILIARIES})\b",
    re.IGNORECASE,
)
_VERB = re.compile(rf"\b(?:{_AUXILIARIES})\b|\b\w+(?:ed|s)\b", re.IGNORECASE)
_ASKED = re.compile(
    rf"^(?P<asked>(?:\w+\s+)??(?:who|whom|whose|what|which|when|where|why|how)\b.*?)\s+(?P<rest>(?:{_AUXILIARIES})\b.*)$",
    re.IGNORECASE,
)
_WHO = re.compile(r"^who\s+(?=\w)", re.IGNORECASE)
_PLACE = re.compile(r"^(?:in|on|at|from|for|by|to)\s+", re.IGNORECASE)
_PERSONAL = re.compile(r"\b(?:he|him|his|she|her|hers)\b(?P<noun>)", re.IGNORECASE)
_PRONOUN = re.compile(
    r"\b(?:he|him|his|she|her|hers|it(?!\s+(?:take|took|taken|rain\w*|snow\w*|true|seem\w*|possible)\b)|its|"
    r"they|them|their|theirs|th(?:is|at)(?=\W*$)|(?:this|that|these|those)\s+(?P<noun>(?-i:[a-z]+))|"
    rf"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )there(?!\s+(?:{_AUXILIARIES})\b))\b",
    re.IGNORECASE,
)
# What names nothing and yet leans on what was said before: “Why did it take so long?”, “What will a new one cost?”.
_HOLLOW = re.compile(r"\bit(?=\s+(?:take|took|taken|seem\w*|possible)\b)|\b(?:an? \w+|another) one\b", re.IGNORECASE)
_HIS, _HERS = frozenset(("he", "him", "his")), frozenset(("she", "her", "hers"))
_POSSESSIVE = frozenset(("his", "its", "their", "theirs", "hers"))
_NOT_NOUNS = frozenset("in on at to from for of by with about after before and or when while as say do think".split())

Covers = Callable[[str], float]
"""Which share (0..1) of a follow-up's words, weighed by their rarity, a text holds."""


def exchange_of(answer: Answer) -> Exchange:
    """What a follow-up needs to know of an answer."""
    if answer.refused or not answer.quotes:
        return Exchange(answer.question)
    quote = answer.quotes[0]
    return Exchange(answer.question, quote.article, quote.text, quote.marked, quote.speaker or "")


def stand_alone(question: str, earlier: Sequence[Exchange], covers: Covers) -> str:
    """The follow-up as a question that can be asked alone; the very same where it is one already."""
    rewritten = _rewrite(question, earlier, covers)
    return question if rewritten == question else rewritten[:1].upper() + rewritten[1:]


def _rewrite(question: str, earlier: Sequence[Exchange], covers: Covers) -> str:
    asked = " ".join(question.split())
    if not earlier or not asked:
        return question
    last = earlier[-1]
    bare = _OPENER.sub("", asked)
    opened = bare != asked
    rest = _WHAT_ABOUT.sub("", bare)
    if rest != bare or (opened and not _QUESTION.match(rest)):
        return _ask_of_another(rest, last)
    if _is_fragment(rest):
        return _ask_further(rest, last)
    replaced, carried = _replace_pronouns(rest, earlier)
    if carried:
        return _with_topic(replaced, last)
    goes_on = not names_of(rest) and last.article and covers(_whole(last.article)) >= ABOUT_THE_ARTICLE
    return _with_topic(rest, last) if opened or goes_on else question


def _whole(article: Article) -> str:
    return f"{article.title}\n{article.text}"


def _is_fragment(question: str) -> bool:
    """Whether it is a question word with next to nothing: “Why?”, “For how long?”, “Since when?”."""
    words = question.rstrip("?!. ").split()
    return len(words) <= LONGEST_FRAGMENT and bool(_QUESTION.match(question)) and not _VERB.search(" ".join(words))


def _ask_further(fragment: str, last: Exchange) -> str:
    """“Why?” after “When did Sweden join NATO?” is “Why did Sweden join NATO?”."""
    fragment, before = fragment.rstrip("?!. "), last.question.rstrip("?!. ")
    asked = _ASKED.match(before)
    if asked and not _WHO.match(before):
        return f"{fragment} {asked['rest']}?"
    if last.marked and _WHO.match(before):
        return f"{fragment} ({_WHO.sub(f'{last.marked} ', before)})?"
    return f"{fragment} ({before})?"


def _ask_of_another(rest: str, last: Exchange) -> str:
    """“And Japan?” after “How many medals did China win?” is “How many medals did Japan win?”."""
    rest, before = rest.rstrip("?!. "), last.question
    replaced, _ = _replace_pronouns(rest, [last])
    mentions = names_of(rest)
    named = rest[mentions[0].start :] if mentions else ""
    place = _PLACE.match(rest)
    bare = rest[place.end() :] if place else rest
    if mentions and named == bare:
        there = names_of(before)
        if place:
            there = [m for m in there if before[: m.start].lower().endswith(place.group().lower())]
        subject = [m for m in there if re.search(rf"\b(?:{_AUXILIARIES})\s+$", before[: m.start], re.IGNORECASE)]
        if target := next(iter(subject or there[-1:]), None):
            return before[: target.start] + named + before[target.end :]
    return _with_topic(f"What about {replaced}?", last)


def _replace_pronouns(question: str, earlier: Sequence[Exchange]) -> tuple[str, bool]:
    """The question with what its pronouns mean in their place, and whether there were any to explain.

    A pronoun that follows a name of the question itself is that name's and is left alone.
    """
    names = names_of(question)
    own = min((mention.start for mention in names), default=len(question))

    def explain(word: str, match: re.Match[str]) -> str | None:
        last = earlier[-1]
        if word in _HIS or word in _HERS:
            return next((name for one in reversed(earlier) if (name := find_person(one, male=word in _HIS))), None)
        if word in ("this", "that"):
            return f"“{' '.join(last.quoted.strip('“”').split()[:QUOTED_WORDS])}”" if last.quoted else None
        if match["noun"]:
            return None
        if word.startswith("the") and last.marked and last.question.lower().startswith("who"):
            return last.marked
        return next(iter(find_things(last)), None)

    def replace(match: re.Match[str]) -> str:
        word = match.group().lower()
        if match.start() > own or match["noun"] in _NOT_NOUNS:
            return match.group()
        found.append(word)
        meant = explain(word, match)
        if meant is None or word == "there":
            return f"in {meant}" if meant else match.group()
        return _in_form(meant, match, question)

    found: list[str] = []
    people = {match.group().lower() for match in _PRONOUN.finditer(question)} & (_HIS | _HERS)
    # In “What did she say about it?” the topic behind the question tells what “it” is.
    pattern = _PERSONAL if people else _PRONOUN
    replaced = pattern.sub(replace, question)
    hollow = _HOLLOW.search(question)
    return replaced, bool(found) or bool(hollow and not names)


def _in_form(name: str, match: re.Match[str], question: str) -> str:
    """The name, as a genitive where the pronoun is one: “her” before a noun, “its”, “their”."""
    word = match.group().lower()
    following = re.match(r"\s+([a-z]+)", question[match.end() :])
    genitive = word in _POSSESSIVE or (word == "her" and following is not None and following[1] not in _NOT_NOUNS)
    return f"{name}{'’' if name.endswith('s') else '’s'}" if genitive else name


def _with_topic(question: str, last: Exchange) -> str:
    """The question with the topic of the last one behind it, unless it is named already."""
    topic = next((thing for thing in find_things(last)), "")
    if not topic and last.article:
        topic = last.article.title[:LONGEST_TITLE]
    core = re.sub(r"^(?:the|an?)\s+", "", topic, flags=re.IGNORECASE)
    if not topic or core.lower() in question.lower():
        return question
    return f"{question.rstrip('?!. ')} ({topic})?"
