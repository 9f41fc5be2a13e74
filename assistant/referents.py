"""Whom and what an earlier question and its answer spoke of: what “he”, “it” and “there” of a follow-up mean.

The one rule: a referent is words that stand in the earlier question, or in the article that answered it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.speakers.mentions import Mention, find_mentions, is_person
from assistant.speakers.name_words import DEMONYMS
from assistant.speakers.names import Names
from index.records import Article

_WHO = re.compile(
    r"^\W*(?:and |but )?(?:who|whom|whose|which \w+|what \w+(?= (?:is|was|did|has|won)\b))\b", re.IGNORECASE
)
_BEFORE = re.compile(r"\b(?:the |an? )?(?:\d{4} )?$", re.IGNORECASE)
_NOUN_AFTER = re.compile(
    r"\s(?P<noun>(?!(?:is|was|did|has|had|will|would|can)\b)[a-z]+)(?=\W*$|\s(?:of|in|for|during|on|at|after|that|which)\b)"
)
_NO_NOUN = re.compile(
    r"\w+(?:ed|ing|[^s]s|ly)|afloat|alone|aloud|held|won|lost|hit|struck|sank|fell|made|built|found|sold|left|run|ran|go|do|be"
)
_AUXILIARY = re.compile(
    r"\b(?:do|does|did|was|is|were|are|has|had|have|will|would|can|could)\s+(?:the\s+)?$", re.IGNORECASE
)
_HIS = re.compile(r"\b(?:he|him|his|himself)\b", re.IGNORECASE)
_HER = re.compile(r"\b(?:she|her|hers|herself)\b", re.IGNORECASE)
_GENITIVE = re.compile(r"[’']s?$")
NEAR = 160
"""Characters behind a person's name in which a pronoun tells whether it is a man."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question, as it was searched, with what answered it.

    `article` is the one that the first quote is from, None where the answer was refused; `quoted` is that quote,
    `marked` the words that it marks, `speaker` who says it.
    """

    question: str
    article: Article | None = None
    quoted: str = ""
    marked: str = ""
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A name with the words that belong to it; `compound` where it cannot be a person's: “the Ever Given”."""

    words: str
    name: str
    compound: bool


def find_person(exchange: Exchange, *, male: bool | None) -> str | None:
    """The full name of the person whom “he” (`male`), “she” or “they” (None) means, likeliest first.

    Where the question was “who”, that is the one in the answer's marked words; else the one asked about, else the
    speaker, else who stands in the quote.
    """
    names = Names(exchange.article.text) if exchange.article else None
    for name in _people(exchange, names):
        known = _is_male(name, exchange.article, names)
        if male is None or known in (male, None):
            return name
    return None


def find_things(exchange: Exchange) -> list[str]:
    """The named things and places of the earlier question, those that its article speaks of most first.

    Where it names none, those of the article's title.
    """
    text = f"{exchange.article.title}\n{exchange.article.text}" if exchange.article else ""
    title = exchange.article.title if exchange.article else ""
    asked = [one.words for one in _phrases(exchange.question) if not _is_someone(one, exchange)]
    # A word that only the title has is no name there: it opens the title.
    told = [one for one in _phrases(title) if text.count(one.name) > 1]
    titled = [one.words for one in told if not _is_someone(one, exchange)]

    def spoken_of(phrase: str) -> tuple[bool, int]:
        core = _core(phrase)
        return core in title, text.count(core)

    return sorted(dict.fromkeys(asked or titled), key=spoken_of, reverse=True)


def names_of(text: str) -> list[Mention]:
    """The names in a question, without a genitive's ending."""
    return list(find_mentions(text))


def _people(exchange: Exchange, names: Names | None) -> Iterator[str]:
    def resolve(mention: Mention) -> str:
        return names.resolve(mention.name, len(exchange.article.text)) if names and exchange.article else mention.name

    def people_in(text: str) -> Iterator[str]:
        for mention in find_mentions(text):
            name = resolve(mention)
            if is_person(name) and not _is_compound(text, mention):
                yield name

    if _WHO.match(exchange.question):
        yield from people_in(exchange.marked)
    yield from people_in(exchange.question)
    if exchange.speaker and is_person(exchange.speaker):
        yield exchange.speaker
    yield from people_in(exchange.quoted)
    # A single name (“Modi”) whose article gives no full one may still be a person's.
    yield from (m.name for m in find_mentions(exchange.question) if m.titles)


def _is_male(name: str, article: Article | None, names: Names | None) -> bool | None:
    """By the titles in the article, else by the first “he” or “she” that follows the name in it."""
    if not article or not names:
        return None
    known = names.is_male(name)
    if known is not None:
        return known
    for found in re.finditer(re.escape(name), article.text):
        after = article.text[found.end() : found.end() + NEAR]
        his, her = _HIS.search(after), _HER.search(after)
        if his or her:
            return bool(his and (not her or his.start() < her.start()))
    return None


def _phrases(text: str) -> Iterator[_Phrase]:
    """Names with the words that belong to them: “the 2022 World Cup final”."""
    for mention in find_mentions(text):
        if mention.name.lower() in DEMONYMS:
            continue
        noun = _NOUN_AFTER.match(text, mention.end)
        if noun and (_NO_NOUN.fullmatch(noun["noun"]) or _AUXILIARY.search(text[: mention.start])):
            noun = None
        before = _BEFORE.search(text[: mention.start])
        start = before.start() if before and (noun or before.group().strip()[-1:].isdigit()) else mention.start
        words = _GENITIVE.sub("", text[start : noun.end() if noun else mention.end].strip())
        yield _Phrase(words, mention.name, _is_compound(text, mention))


def _is_compound(text: str, mention: Mention) -> bool:
    """Whether a name that looks like a person's is a thing's or a part of it: “the James Webb telescope”."""
    return text[: mention.start].lower().endswith("the ") and not mention.titles


def _is_someone(phrase: _Phrase, exchange: Exchange) -> bool:
    if phrase.compound or _core(phrase.words) != phrase.name:
        return False
    if not exchange.article:
        return is_person(phrase.name)
    return is_person(Names(exchange.article.text).resolve(phrase.name, len(exchange.article.text)))


def _core(phrase: str) -> str:
    return re.sub(r"^(?:the|an?)\s+", "", phrase, flags=re.IGNORECASE)
