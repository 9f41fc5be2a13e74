"""Holds a generated sentence against the passages that it cites: supported, weak or unsupported, and by which words.

The one rule: a name, number, date or quoted words that stand in no cited passage are told by themselves, and no
likeness of the rest makes up for them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.claims import (
    Claims,
    lacking_days,
    lacking_names,
    lacking_numbers,
    lacking_quotes,
    read_claims,
)
from assistant.quotes import Quote
from assistant.speakers import find_speaker
from assistant.speakers.mentions import is_person, surname
from assistant.statements import Support
from assistant.weights import load_weights, logistic
from assistant.wording import name_source, write_date
from index.embedder import Embedder
from index.records import Hit
from index.sentences import sentence_spans

SUPPORTED_FROM = 0.85
UNSUPPORTED_BELOW = 0.7
"""Probabilities of being supported between which a sentence is weak: `python -m training.fit_checker` prints both."""
EMBEDDED = 4
"""Sentences of the cited passages that are embedded: those that share most words with the sentence that is checked."""
FEATURES = ("cover", "similarity", "new_words", "names", "near_names", "numbers", "near_numbers", "days", "quotes")


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a check. `quote` is the sentence that supports best, None where there is no sentence at all.

    `missing` are the names, numbers, dates and quoted words that stand in no cited passage, and who really says it;
    `probability` is that of being supported (0..1).
    """

    support: Support
    probability: float
    quote: Quote | None = None
    missing: tuple[str, ...] = ()


@dataclass(slots=True)
class _Sentence:
    """A sentence of a cited passage, with what stands around it."""

    hit: Hit
    start: int
    end: int
    claims: Claims
    near: Claims

    @property
    def text(self) -> str:
        return self.hit.article.text[self.start : self.end]


class Checker:
    """Checks sentences with an embedder. Safe to use from many threads."""

    def __init__(self, embedder: Embedder, weights: Mapping[str, float] | None = None) -> None:
        """Compare with this embedder."""
        self._embedder = embedder
        self._weights = load_weights("checker").sentence if weights is None else weights

    def check(self, sentence: str, cited: Sequence[Hit]) -> Finding:
        """Hold a sentence, without its citations, against the passages that it cites."""
        found = self.features(sentence, cited)
        if found is None:
            return Finding(Support.UNSUPPORTED, 0.0)
        features, best, missing = found
        probability = logistic(self._weights, features)
        support = Support.SUPPORTED if probability >= SUPPORTED_FROM else Support.WEAK
        if missing or probability < UNSUPPORTED_BELOW:
            support = Support.UNSUPPORTED
        return Finding(support, probability, _to_quote(best), missing)

    def features(
        self, sentence: str, cited: Sequence[Hit]
    ) -> tuple[dict[str, float], "_Sentence", tuple[str, ...]] | None:
        """What tells of support, by the names in `FEATURES`, the best sentence, what is missing; None for nothing."""
        candidates = [one for hit in cited for one in _sentences(hit)]
        claimed = read_claims(sentence)
        if not candidates or not claimed.stems:
            return None
        candidates.sort(key=lambda one: -_cover(claimed, one.claims))
        candidates = candidates[:EMBEDDED]
        vectors = self._embedder.embed_passages([sentence, *(one.text for one in candidates)])
        similar = vectors[1:] @ vectors[0]
        scores = [_cover(claimed, one.claims) + float(near) for one, near in zip(candidates, similar, strict=True)]
        order = np.argsort(scores)[::-1]
        best = candidates[int(order[0])]
        second = [candidates[int(order[1])]] if len(order) > 1 else []
        held = _passages(cited)
        missing = _missing(claimed, held, cited)
        pair = read_claims(" ".join(one.text for one in (best, *second)))
        near = _join(best.near, pair)
        features = {
            "cover": max(_cover(claimed, best.claims), _cover(claimed, pair) - 0.1),
            "similarity": float(similar[int(order[0])]),
            "names": min(len(lacking_names(claimed, held.words | _told(cited))), 2),
            "near_names": min(len(_names_not_near(claimed, best, near)), 2),
            "numbers": min(len(lacking_numbers(claimed, held)), 2),
            "near_numbers": min(len(lacking_numbers(claimed, pair)), 2),
            "days": min(len(lacking_days(claimed, near.words | _told(cited))), 1),
            "quotes": min(len(lacking_quotes(claimed, " ".join(hit.text for hit in cited))), 1),
            "new_words": _new_words(claimed, held),
        }
        return features, best, (*missing, *_other_speaker(sentence, best))


def _sentences(hit: Hit) -> list[_Sentence]:
    spans = sentence_spans(hit.text)
    found = []
    for number, (start, end) in enumerate(spans):
        first, last = spans[max(number - 1, 0)][0], spans[min(number + 1, len(spans) - 1)][1]
        claims, near = read_claims(hit.text[start:end]), read_claims(hit.text[first:last])
        found.append(_Sentence(hit, hit.start + start, hit.start + end, claims, near))
    return found


def _cover(claimed: Claims, held: Claims) -> float:
    """The share (0..1) of the sentence's telling words that stand in a text."""
    return len(claimed.stems & held.stems) / len(claimed.stems)


def _new_words(claimed: Claims, held: Claims) -> float:
    return 1 - len(claimed.stems & held.stems) / len(claimed.stems)


def _passages(cited: Sequence[Hit]) -> Claims:
    return read_claims("\n".join(hit.text for hit in cited))


def _told(cited: Sequence[Hit]) -> frozenset[str]:
    """The words of what is told beside the passages: title, source, date; and of the people's full names."""
    words: set[str] = set()
    for hit in cited:
        article = hit.article
        day = write_date(article.published) if article.published else ""
        words |= read_claims(f"{article.title}\n{name_source(article)}\n{day}").words
    return frozenset(words)


def _missing(claimed: Claims, held: Claims, cited: Sequence[Hit]) -> tuple[str, ...]:
    told = _told(cited)
    texts = frozenset().union(*(read_claims(hit.article.text).words for hit in cited))
    # A first name may stand elsewhere in the article; the last word of a name must stand in the passage.
    names = [
        name
        for name in lacking_names(claimed, held.words | told)
        if name in lacking_names(claimed, texts) or not read_claims(surname(name)).words & (held.words | told)
    ]
    dates = read_claims(" ".join(write_date(hit.article.published) for hit in cited if hit.article.published))
    numbers = [one for one in lacking_numbers(claimed, held) if one in lacking_numbers(claimed, dates)]
    quotes = lacking_quotes(claimed, "\n".join(hit.text for hit in cited))
    return (*names, *numbers, *lacking_days(claimed, held.words | told), *quotes)


def _names_not_near(claimed: Claims, best: _Sentence, near: Claims) -> list[str]:
    """Names that stand neither in the best sentence nor beside it, nor are its speaker's."""
    speaker = find_speaker(best.hit.article.text, best.start, best.end) or ""
    return lacking_names(claimed, near.words | read_claims(speaker).words | read_claims(best.hit.article.title).words)


def _other_speaker(sentence: str, best: _Sentence) -> tuple[str, ...]:
    """Who says it in the article, where the sentence has another person say it; nothing where they agree."""
    said = find_speaker(sentence, 0, len(sentence))
    speaker = find_speaker(best.hit.article.text, best.start, best.end)
    if not (said and speaker and is_person(speaker) and (is_person(said) or said[0].isupper())):
        return ()
    return () if set(said.lower().split()) & set(speaker.lower().split()) else (f"{speaker} says it",)


def _join(one: Claims, other: Claims) -> Claims:
    return Claims(
        one.words | other.words,
        one.stems | other.stems,
        one.names + other.names,
        one.numbers + other.numbers,
        one.days + other.days,
        one.quoted + other.quoted,
    )


def _to_quote(best: _Sentence) -> Quote:
    article = best.hit.article
    speaker = find_speaker(article.text, best.start, best.end)
    return Quote(article, best.start, best.end, best.text, (best.start, best.end), speaker, best.hit.copies)
