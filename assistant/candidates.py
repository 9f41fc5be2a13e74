"""The sentences of the hits as candidates for quotes, with what words, search and speaker tell of each.

The one rule: a feature is worth the same for every reader; what only a model can tell is added by that reader.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.clues import Clues, Kind, read_clues, stems_of
from assistant.speakers import find_speaker
from assistant.speakers.mentions import is_person
from assistant.wanted_speaker import is_meant, is_named
from index.noise.lines import is_glued_link
from index.records import Hit
from index.sentences import sentence_spans
from index.store import Index

MIN_WORDS = 4
"""A shorter sentence ("Yes." or a subheading) is no quote."""
_ASKS = re.compile(r"[^\"“”‘«»„]*\?$")
"""A question that the article itself asks, mostly a subheading, answers none; what somebody asks in quotes may."""
RANK_OFFSET = 5
LONG_SENTENCE = 40
"""Words from which on a sentence counts as long."""


@dataclass(slots=True)
class Candidate:
    """A sentence of a hit's article, `article.text[start:end]`, and what tells whether it answers, by name.

    `span` are the offsets in the article of the words to mark, the whole sentence where no reader says otherwise.
    """

    hit: Hit
    start: int
    end: int
    features: dict[str, float]
    span: tuple[int, int]

    @property
    def text(self) -> str:
        """The sentence as published."""
        return self.hit.article.text[self.start : self.end]


def read_question(question: str, library: Index) -> Clues:
    """The clues of a question, its words weighed by their rarity in the library."""
    passages = library.summarise().passages
    return read_clues(question, library.count_word, passages)


def gather_candidates(
    clues: Clues, vector: NDArray[np.float32], hits: Sequence[Hit], library: Index
) -> list[Candidate]:
    """Every sentence of the hits once, in the order of the hits; `vector` is the question's, `(dimension,)`."""
    stored = library.find_vectors([hit.passage_id for hit in hits])
    candidates: dict[tuple[str, int], Candidate] = {}
    for rank, hit in enumerate(hits, 1):
        near = float(stored[hit.passage_id] @ vector) if hit.passage_id in stored else 0.0
        for item in _sentences_of(hit, rank, near, clues):
            candidates.setdefault((hit.article.id, item.start), item)
    return list(candidates.values())


def _sentences_of(hit: Hit, rank: int, near: float, clues: Clues) -> list[Candidate]:
    spans = [(hit.start + start, hit.start + end) for start, end in sentence_spans(hit.text)]
    around = stems_of(hit.article.title) | stems_of(hit.text)
    stems = [stems_of(hit.article.text[start:end]) for start, end in spans]
    found = []
    for number, (start, end) in enumerate(spans):
        text = hit.article.text[start:end]
        # A library that was filled before cleaning knew such links still holds them.
        if len(text.split()) < MIN_WORDS or _ASKS.match(text) or is_glued_link(text):
            continue
        features = {
            "passage_similarity": near,
            "cover": clues.cover(stems[number]),
            "near_cover": clues.cover(frozenset().union(*stems[max(number - 1, 0) : number + 2])),
            "passage_cover": clues.cover(around),
            "names": clues.cover_names(around),
            "kind": _kind_feature(clues, text),
            "rank": 1 / (RANK_OFFSET + rank),
            "length": min(len(text.split()) / LONG_SENTENCE, 1.0),
        }
        found.append(Candidate(hit, start, end, features, (start, end)))
    return found


def add_speaker(items: Sequence[Candidate], clues: Clues) -> None:
    """`speaker` is 1 where the one asked about is speaking, -1 where another or nobody is.

    0 where the question asks of no one, or names an office only and somebody speaks who may hold it. `silent` is 1
    where the question names a person and another person is speaking.
    """
    named = is_named(clues.speaker)
    for item in items:
        item.features["speaker"] = item.features["silent"] = 0.0
        if clues.speaker:
            speaker = find_speaker(item.hit.article.text, item.start, item.end)
            if speaker and is_meant(clues.speaker, speaker):
                item.features["speaker"] = 1.0
                continue
            item.features["speaker"] = -1.0 if named or not speaker else 0.0
            item.features["silent"] = float(named and speaker is not None and is_person(speaker))


def _kind_feature(clues: Clues, text: str) -> float:
    """1 or -1 for a sentence with or without the kind of thing asked for; 0 where the question does not tell."""
    if clues.kind is Kind.ANY:
        return 0.0
    return 1.0 if clues.holds_kind(text) else -1.0
