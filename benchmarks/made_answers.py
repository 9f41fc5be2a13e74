"""Makes answers out of news passages, with errors planted in some, to measure the checks of generated sentences.

The one rule: sound and planted sentences are reworded by the same rules, so that wording alone tells nothing.
Everything follows from the articles and a seed; no text of an article is kept.
"""

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.claims import read_claims
from assistant.speakers import find_speaker
from assistant.speakers.mentions import Mention, find_mentions, is_person
from benchmarks.rewording import reword
from index.passages import CountTokens, split_passages
from index.records import Article, Hit, Passage
from index.sentences import sentence_spans

PLANTS = ("number", "name", "passage", "invented", "speaker")
SHORTEST, LONGEST = 9, 38
"""Words of a sentence that is made a statement."""
STATEMENTS = 3
"""Statements of an answer at most."""
OTHER_PASSAGES = 3
"""Passages of other articles, those with the most names in common, in an answer besides its own two."""
OWN_PASSAGES = 2
FEWEST_STATEMENTS = 2
FEWEST_WORDS = 150
OPENING = 1500
"""Characters of an article whose names tell which articles are near it."""
HALF = 0.5
LARGEST_YEAR = 2100
NEAREST = 12
"""Articles with the most names in common, among which the passages of other articles are sought."""
SPEECH = re.compile(r"\b(?:said|says|told|added|warned|argued|called|announced|wrote|insisted)\b")
INVENTED = (
    "{who} is expected to give a full account to a committee of {place} next spring.",
    "{who} later apologised for the delay and offered to pay for the damage.",
    "Critics of {who} have since filed a complaint with a court in {place}.",
    "{who} plans to publish a book about these events before the end of the year.",
    "A survey showed that most people in {place} agreed with {who} on this point.",
    "{who} had been warned about the risks several months earlier, but did nothing.",
    "An independent review of {place} found no evidence of any wrongdoing.",
    "{who} has since moved abroad and no longer speaks to reporters.",
    "Officials in {place} are now considering a ban, although no vote has been scheduled.",
    "{who} received an award for this work at a ceremony held in {place}.",
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a made answer, the passages that it cites (from 0), and the planted error, "" where it is sound."""

    text: str
    cited: tuple[int, ...]
    planted: str
    source: str


@dataclass(frozen=True, slots=True)
class MadeAnswer:
    """An answer with the passages that it was made from."""

    passages: tuple[Hit, ...]
    statements: tuple[Statement, ...]


def read_articles(path: Path, limit: int | None = None) -> list[Article]:
    """Articles of a JSON Lines file, packed or not, each text once."""
    articles: dict[str, Article] = {}
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if len(row.get("text", "").split()) >= FEWEST_WORDS:
                articles.setdefault(row["text"][:200], Article(row["url"], row.get("title") or "", row["text"]))
            if limit and len(articles) >= limit:
                break
    return list(articles.values())


def make_answers(
    articles: Sequence[Article], count_tokens: CountTokens, *, answers: int = 200, errors: int = 100, seed: int = 1
) -> list[MadeAnswer]:
    """Make answers, one an article, `errors` of them with one planted error, of every kind as many.

    Raises:
        ValueError: if the articles do not give so many.
    """
    chance = random.Random(seed)
    names = {article.id: _names(article.text[:OPENING]) for article in articles}
    order = list(articles)
    chance.shuffle(order)
    left = Counter(PLANTS[number % len(PLANTS)] for number in range(errors))
    left[""] = answers - errors
    made: list[MadeAnswer] = []
    for article in order:
        sound = _make_sound(article, articles, names, count_tokens, chance)
        kinds = sorted((kind for kind in left if left[kind]), key=lambda kind: (kind == "", -left[kind]))
        # Where an article takes several kinds of errors, that one is planted of which most are still to be made.
        planted = next(((kind, one) for kind in kinds if sound and (one := _plant(sound, kind, chance))), None)
        if planted:
            left[planted[0]] -= 1
            made.append(planted[1])
        if len(made) == answers:
            chance.shuffle(made)
            return made
    raise ValueError(f"{len(articles)} articles gave {len(made)} answers of {answers}: give more articles")


def _make_sound(
    article: Article,
    articles: Sequence[Article],
    names: dict[str, frozenset[str]],
    count_tokens: CountTokens,
    chance: random.Random,
) -> MadeAnswer | None:
    own = _split(article, count_tokens)
    if len(own) < OWN_PASSAGES:
        return None
    first = chance.randrange(len(own) - 1)
    hits = own[first : first + OWN_PASSAGES]
    others = sorted(articles, key=lambda other: (-len(names[other.id] & names[article.id]), other.id))[:NEAREST]
    for other in [other for other in others if other.id != article.id and not _alike(other, article)][:OTHER_PASSAGES]:
        hits.append(max(_split(other, count_tokens), key=lambda hit: len(_names(hit.text) & names[article.id])))
    statements = list(_statements(hits[:OWN_PASSAGES], chance))
    chance.shuffle(statements)
    if len(statements) < FEWEST_STATEMENTS or len(hits) < OWN_PASSAGES + OTHER_PASSAGES:
        return None
    return MadeAnswer(tuple(hits), tuple(statements[:STATEMENTS]))


def _plant(answer: MadeAnswer, kind: str, chance: random.Random) -> MadeAnswer | None:
    """The answer with one error of a kind; None where none of its sentences takes one."""
    if not kind:
        return answer
    for number, one in enumerate(answer.statements):
        changed = _change(one, kind, answer.passages, chance)
        if changed:
            statements = (*answer.statements[:number], changed, *answer.statements[number + 1 :])
            return MadeAnswer(answer.passages, statements)
    return None


def _split(article: Article, count_tokens: CountTokens) -> list[Hit]:
    passages = split_passages(article.id, article.text, count_tokens)
    return [_to_hit(number, article, passage) for number, passage in enumerate(passages)]


def _to_hit(number: int, article: Article, passage: Passage) -> Hit:
    return Hit(number, article, passage.start, passage.end, passage.text, 1.0)


def _statements(hits: Sequence[Hit], chance: random.Random) -> Iterator[Statement]:
    seen: set[str] = set()
    for number, hit in enumerate(hits):
        for start, end in sentence_spans(hit.text):
            text = hit.text[start:end]
            if text in seen or not SHORTEST <= len(text.split()) <= LONGEST or not text.endswith("."):
                continue
            seen.add(text)
            claims = read_claims(text)
            if claims.names or claims.numbers:
                speaker = find_speaker(hit.article.text, hit.start + start, hit.start + end)
                reworded = reword(text, speaker, chance)
                if reworded != text:
                    yield Statement(reworded, (number,), "", text)


def _change(one: Statement, kind: str, hits: Sequence[Hit], chance: random.Random) -> Statement | None:
    if kind == "passage":
        return _other_passage(one, hits)
    changes = {"number": _other_number, "name": _other_name, "speaker": _other_speaker, "invented": _invent}
    text = changes[kind](one, hits, chance)
    return Statement(text, one.cited, kind, one.source) if text and text != one.text else None


def _other_number(one: Statement, hits: Sequence[Hit], chance: random.Random) -> str | None:
    """Another number: one of the passage as often as one that stands nowhere."""
    figures = list(re.finditer(r"(?<![\w.,-])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\w,]*\d)", one.text))
    if not figures:
        return None
    figure = chance.choice(figures)
    held = {value for value, _ in read_claims(one.source).numbers}
    beside = [written for number, written in read_claims(hits[one.cited[0]].text).numbers if number not in held]
    here = [written for written in beside if written[:1].isdigit() and " " not in written]
    made = int(float(figure.group().replace(",", "")) * chance.choice((0.5, 1.5, 2, 3)) + chance.randint(1, 4))
    other = f"{made:,}" if made > LARGEST_YEAR else str(made)
    if here and chance.random() < HALF:
        other = chance.choice(here)
    return one.text[: figure.start()] + other + one.text[figure.end() :]


def _other_name(one: Statement, hits: Sequence[Hit], chance: random.Random) -> str | None:
    """Another name, of the same article as often as of another; never that of the one who speaks."""
    speaker = (find_speaker(one.text, 0, len(one.text)) or "").split()
    there = [m for m in _good_mentions(one.text) if not set(m.name.split()) & set(speaker)]
    if not there:
        return None
    mention = chance.choice(there)
    from_here = chance.random() < HALF
    own = hits[one.cited[0]].article.text
    texts = [own] if from_here else [hit.article.text for hit in hits[OWN_PASSAGES:]]
    avoid = set(re.findall(r"\w+", f"{one.source} {one.text} {'' if from_here else own}".lower()))
    return _exchange(one.text, mention, texts, avoid, chance)


def _other_speaker(one: Statement, hits: Sequence[Hit], chance: random.Random) -> str | None:
    """Another person of the same article says it, or one of another article where there is no other."""
    said = find_speaker(one.text, 0, len(one.text))
    if not said or not SPEECH.search(one.text):
        return None
    there = [m for m in find_mentions(one.text) if set(m.name.split()) & set(said.split()) and is_person(said)]
    if not there:
        return None
    avoid = set(re.findall(r"\w+", f"{one.source} {one.text}".lower()))
    own = [hits[one.cited[0]].article.text]
    return _exchange(one.text, there[0], own, avoid, chance, people=True) or _exchange(
        one.text, there[0], [hit.article.text for hit in hits[OWN_PASSAGES:]], avoid, chance, people=True
    )


def _other_passage(one: Statement, hits: Sequence[Hit]) -> Statement | None:
    """The same words with the number of another article's passage, the one that is nearest."""
    stems = read_claims(one.text).stems
    number = max(range(OWN_PASSAGES, len(hits)), key=lambda n: len(stems & read_claims(hits[n].text).stems))
    return Statement(one.text, (number,), "passage", one.source)


def _invent(one: Statement, hits: Sequence[Hit], chance: random.Random) -> str | None:
    """A sentence about the passage's own people and places that the article does not have."""
    found = _good_mentions(hits[one.cited[0]].text)
    people = sorted({m.name for m in found if is_person(m.name)})
    places = sorted({m.name for m in found if not is_person(m.name)})
    if not people or not places:
        return None
    return chance.choice(INVENTED).format(who=chance.choice(people), place=chance.choice(places))


def _exchange(
    text: str, mention: Mention, texts: Sequence[str], avoid: set[str], chance: random.Random, *, people: bool = False
) -> str | None:
    person = people or is_person(mention.name)
    others = sorted(
        {
            other.name
            for one in texts
            for other in _good_mentions(one)
            if is_person(other.name) == person and not set(re.findall(r"\w+", other.name.lower())) & avoid
        }
    )
    if not others:
        return None
    start = text.find(mention.name, mention.start)
    return text[:start] + chance.choice(others) + text[start + len(mention.name) :] if start >= 0 else None


def _good_mentions(text: str) -> list[Mention]:
    """Names that are sure to be ones: not a single word at the beginning of a sentence."""
    return [
        m
        for m in find_mentions(text)
        if len(m.name) > 3 and (" " in m.name or not re.search(r"(?:^|[.!?“\"\n])\s*$", text[: m.start]))  # noqa: PLR2004
    ]


def _names(text: str) -> frozenset[str]:
    return frozenset(mention.name for mention in _good_mentions(text))


def _alike(one: Article, other: Article) -> bool:
    """Whether two articles are copies of one story: a long piece of one stands in the other."""
    pieces = [one.text[start : start + 80] for start in range(0, len(one.text) - 80, max(len(one.text) // 8, 1))]
    return any(piece in other.text for piece in pieces)
