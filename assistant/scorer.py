"""The reader that needs no trained network: sentences scored by embedding, words, kind of answer and speaker.

The one rule: its weights are fitted on questions of their own, and never on a benchmark that is reported:
`python -m training.calibrate words`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.candidates import Candidate, add_speaker, gather_candidates, read_question
from assistant.judging import judge
from assistant.reader import Reading
from assistant.weights import Weights, load_weights, logistic, logit
from index.embedder import Embedder, Vectors
from index.records import Hit
from index.store import Index

EMBEDDED_SENTENCES = 16
"""How many sentences are embedded for a question, those that the other clues like best; 48 answered no better."""
SPREAD_OVER = 10
"""Among so many sentences it is counted over how many articles the good ones are spread."""
SENTENCE_FEATURES = (
    *("similarity", "passage_similarity", "cover", "near_cover", "passage_cover"),
    *("names", "kind", "rank", "length", "speaker"),
)
QUESTION_FEATURES = ("best", "similarity", "passage_similarity", "cover", "passage_cover", "names", "spread")


class WordScorer:
    """The embedding-and-words reader; see `assistant.reader.Reader`."""

    name = "embedding and words"

    def __init__(self, library: Index, embedder: Embedder, weights: Weights | None = None) -> None:
        """Score with the embedder and the word counts of a library."""
        self._library = library
        self._embedder = embedder
        self._weights = weights or load_weights("scorer")

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """See `assistant.reader.Reader.read`."""
        return judge(self.gather(question, hits), self._weights, question_features)

    def gather(self, question: str, hits: Sequence[Hit]) -> list[Candidate]:
        """The sentences of the hits with their features, those that were worth embedding."""
        clues = read_question(question, self._library)
        vector = self._embedder.embed_questions([question])[0]
        candidates = gather_candidates(clues, vector, hits, self._library)
        # What is not known before it is embedded counts as 0 for all: the rest puts them in order.
        promising = sorted(candidates, key=lambda item: -logistic(self._weights.sentence, item.features))
        chosen = promising[:EMBEDDED_SENTENCES]
        _add_similarity(chosen, self._embedder.embed_passages([item.text for item in chosen]), vector)
        add_speaker(chosen, clues)
        return chosen


def question_features(scores: Sequence[float], candidates: Sequence[Candidate]) -> dict[str, float]:
    """What tells whether the best sentence answers, by the names in `QUESTION_FEATURES`; both come best first."""
    shared = ("similarity", "passage_similarity", "cover", "passage_cover", "names")
    first = zip(scores[:SPREAD_OVER], candidates, strict=False)
    rivals = {item.hit.article.id for score, item in first if score >= scores[0] / 2}
    top = {name: candidates[0].features[name] for name in shared}
    return {"best": logit(scores[0]), **top, "spread": len(rivals) / SPREAD_OVER}


def _add_similarity(items: Sequence[Candidate], vectors: Vectors, question: NDArray[np.float32]) -> None:
    for item, similarity in zip(items, vectors @ question, strict=True):
        item.features["similarity"] = float(similarity)
