"""The reader that needs no trained network: sentences scored by embedding, words, kind of answer and speaker.

The one rule: its weights are fitted on questions of their own, `python -m training.fit_scorer` shows how, and never
on a benchmark that is reported.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from assistant.clues import Clues, Kind, read_clues, stems_of
from assistant.reader import Evidence, Reading
from assistant.speakers import find_speaker
from index.embedder import Embedder, Vectors
from index.library import Library
from index.records import Hit
from index.search import match_expression
from index.sentences import sentence_spans

EMBEDDED_SENTENCES = 16
"""How many sentences are embedded for a question, those that the other clues like best; 48 answered no better."""
SPREAD_OVER = 10
"""Among so many sentences it is counted over how many articles the good ones are spread."""
MIN_WORDS = 4
"""A shorter sentence ("Yes." or a subheading) is no quote."""
RANK_OFFSET = 5
LONG_SENTENCE = 40
"""Words from which on a sentence counts as long."""
SENTENCE_FEATURES = (
    *("similarity", "passage_similarity", "cover", "near_cover", "passage_cover"),
    *("names", "kind", "rank", "length", "speaker"),
)
QUESTION_FEATURES = ("best", "similarity", "passage_similarity", "cover", "passage_cover", "names", "spread")


@dataclass(slots=True)
class Candidate:
    """A sentence and what the clues say of it, by the names in `SENTENCE_FEATURES`."""

    hit: Hit
    start: int
    end: int
    features: dict[str, float]


@dataclass(frozen=True, slots=True)
class Weights:
    """Two logistic models: of a sentence holding an answer, and of the question being answered."""

    sentence: dict[str, float]
    question: dict[str, float]


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """The fitted weights that come with the program."""
    fields = json.loads(resources.files("assistant").joinpath("scorer.json").read_text(encoding="utf-8"))
    return Weights(fields["sentence"], fields["question"])


class WordScorer:
    """The embedding-and-words reader; see `assistant.reader.Reader`."""

    name = "embedding and words"

    def __init__(self, library: Library, embedder: Embedder, weights: Weights | None = None) -> None:
        """Score with the embedder and the word counts of a library."""
        self._library = library
        self._embedder = embedder
        self._weights = weights or load_weights()

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """See `assistant.reader.Reader.read`."""
        candidates = self.gather(question, hits)
        if not candidates:
            return Reading((), 0.0)
        evidence = [
            Evidence(
                item.hit,
                item.start,
                item.end,
                (item.start, item.end),
                _logistic(self._weights.sentence, item.features),
            )
            for item in candidates
        ]
        order = sorted(range(len(evidence)), key=lambda n: -evidence[n].score)
        features = question_features([evidence[n] for n in order], [candidates[n].features for n in order])
        return Reading(tuple(evidence[n] for n in order), _logistic(self._weights.question, features))

    def gather(self, question: str, hits: Sequence[Hit]) -> list[Candidate]:
        """The sentences of the hits with their features, those that were worth embedding."""
        passages = self._library.summarise().passages
        clues = read_clues(question, lambda word: self._library.count_matches(match_expression([word])), passages)
        vector = self._embedder.embed_questions([question])[0]
        stored = self._library.find_vectors([hit.passage_id for hit in hits])
        candidates: dict[tuple[str, int], Candidate] = {}
        for rank, hit in enumerate(hits, 1):
            near = float(stored[hit.passage_id] @ vector) if hit.passage_id in stored else 0.0
            for item in _sentences_of(hit, rank, near, clues):
                candidates.setdefault((hit.article.id, item.start), item)
        # Before it is embedded, a sentence has a similarity and a speaker of 0 for all: the rest puts them in order.
        promising = sorted(candidates.values(), key=lambda item: -_logistic(self._weights.sentence, item.features))
        chosen = promising[:EMBEDDED_SENTENCES]
        _add_similarity(chosen, self._embedder.embed_passages([_text(item) for item in chosen]), vector)
        if clues.speaker:
            _add_speaker(chosen, clues)
        return chosen


def question_features(evidence: Sequence[Evidence], features: Sequence[dict[str, float]]) -> dict[str, float]:
    """What tells whether the best evidence answers, by the names in `QUESTION_FEATURES`; both come best first."""
    shared = ("similarity", "passage_similarity", "cover", "passage_cover", "names")
    first = evidence[:SPREAD_OVER]
    rivals = {item.hit.article.id for item in first if item.score >= evidence[0].score / 2}
    top = {name: features[0][name] for name in shared}
    return {"best": _logit(evidence[0].score), **top, "spread": len(rivals) / SPREAD_OVER}


def _sentences_of(hit: Hit, rank: int, near: float, clues: Clues) -> list[Candidate]:
    spans = [(hit.start + start, hit.start + end) for start, end in sentence_spans(hit.text)]
    around = stems_of(hit.article.title) | stems_of(hit.text)
    stems = [stems_of(hit.article.text[start:end]) for start, end in spans]
    found = []
    for number, (start, end) in enumerate(spans):
        text = hit.article.text[start:end]
        if len(text.split()) < MIN_WORDS:
            continue
        features = {
            "similarity": 0.0,
            "passage_similarity": near,
            "cover": clues.cover(stems[number]),
            "near_cover": clues.cover(frozenset().union(*stems[max(number - 1, 0) : number + 2])),
            "passage_cover": clues.cover(around),
            "names": clues.cover_names(around),
            "kind": _kind_feature(clues, text),
            "rank": 1 / (RANK_OFFSET + rank),
            "length": min(len(text.split()) / LONG_SENTENCE, 1.0),
            "speaker": 0.0,
        }
        found.append(Candidate(hit, start, end, features))
    return found


def _kind_feature(clues: Clues, text: str) -> float:
    """1 or -1 for a sentence with or without the kind of thing asked for; 0 where the question does not tell."""
    if clues.kind is Kind.ANY:
        return 0.0
    return 1.0 if clues.holds_kind(text) else -1.0


def _add_similarity(items: Sequence[Candidate], vectors: Vectors, question: NDArray[np.float32]) -> None:
    for item, similarity in zip(items, vectors @ question, strict=True):
        item.features["similarity"] = float(similarity)


def _add_speaker(items: Sequence[Candidate], clues: Clues) -> None:
    """1 where the one asked about is speaking, -1 where another or nobody is."""
    for item in items:
        speaker = find_speaker(item.hit.article.text, item.start, item.end)
        said = speaker is not None and bool(clues.speaker & set(speaker.lower().split()))
        item.features["speaker"] = 1.0 if said else -1.0


def _text(item: Candidate) -> str:
    return item.hit.article.text[item.start : item.end]


def _logistic(weights: dict[str, float], features: dict[str, float]) -> float:
    return 1 / (1 + math.exp(-(weights["bias"] + sum(weights[name] * value for name, value in features.items()))))


def _logit(probability: float) -> float:
    clipped = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(clipped / (1 - clipped))
