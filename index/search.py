"""A question becomes hits: dense and lexical search, fused by reciprocal rank, near-identical passages folded.

The one rule: a question reaches the full-text index as quoted words, never as query syntax.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum

from index.copies import fold_copies, name_copies
from index.embedder import Embedder, cores
from index.errors import QuestionError
from index.readable import Rankings
from index.records import Hit
from index.scope import EVERYTHING, Scope
from index.store import Index
from index.words import has_words, question_words

RRF_K = 10
DENSE_WEIGHT, LEXICAL_WEIGHT = 0.7, 1.0
"""The constant and the weights of the fusion, chosen on training questions: `python -m benchmarks.fusion` shows how."""
DEPTH = 100
"""How many passages each of the two searches contributes."""


class SearchMode(StrEnum):
    """Which of the two searches are used."""

    FUSED = "fused"
    DENSE = "dense"
    LEXICAL = "lexical"


class Searcher:
    """Search over an index with the embedder that made its vectors."""

    def __init__(
        self,
        library: Index,
        rankings: Rankings,
        embedder: Embedder,
        depth: int = DEPTH,
        dense_weight: float = DENSE_WEIGHT,
    ) -> None:
        """Check that library and embedder belong together; `dense_weight` is the dense search's in the fusion.

        Raises:
            ModelError: if the library was embedded with another model.
        """
        library.check_model(embedder.model, embedder.dimension)
        self.library = library
        self.rankings = rankings
        self.embedder = embedder
        self.depth = depth
        self.dense_weight = dense_weight
        self._beside = ThreadPoolExecutor(cores(), thread_name_prefix="dense-search")

    def search(
        self, question: str, limit: int = 20, mode: SearchMode = SearchMode.FUSED, scope: Scope = EVERYTHING
    ) -> list[Hit]:
        """The best `limit` passages for a question, best first, each with its near-identical copies folded in.

        Nothing outside the `scope` is a hit; for a day in the past a hit's article reads as it did then.

        Raises:
            QuestionError: if the question has no words.
        """
        if not has_words(question):
            raise QuestionError(f"the question {question[:80]!r} has no words: ask in words")
        if self.rankings.catch_up():
            self.library.check_model(self.embedder.model, self.embedder.dimension)
        depth = max(self.depth, limit)
        rankings: dict[SearchMode, Sequence[int]] = {}
        # Neither SQLite nor FAISS nor the model holds the interpreter's lock: the two searches go side by side.
        nearest = None
        if mode is not SearchMode.LEXICAL:
            nearest = self._beside.submit(self._nearest, question, depth, scope)
        if mode is not SearchMode.DENSE:
            words = question_words(question)
            rankings[SearchMode.LEXICAL] = self.rankings.match(words, depth, scope) if words else []
        if nearest is not None:
            rankings[SearchMode.DENSE] = nearest.result()
        hits = self._load(rankings, limit, scope)
        stories = self.library.stories_of({hit.article.id for hit in hits})
        return name_copies(self.library, fold_copies(hits, limit, stories), stories, scope)

    def _nearest(self, question: str, depth: int, scope: Scope) -> list[int]:
        return self.rankings.nearest(self.embedder.embed_questions([question])[0], depth, scope)

    def _load(self, rankings: Mapping[SearchMode, Sequence[int]], limit: int, scope: Scope) -> list[Hit]:
        weights = {SearchMode.DENSE: self.dense_weight, SearchMode.LEXICAL: LEXICAL_WEIGHT}
        scores = fuse(rankings, weights)
        ranks = {mode: {passage: n for n, passage in enumerate(ranking, 1)} for mode, ranking in rankings.items()}
        # Some of these will fold into one another: twice the limit leaves enough.
        rows = self.library.find_passages(list(scores)[: 2 * limit], earlier=bool(scope.as_of))
        hits = []
        for passage, score in scores.items():
            if passage in rows:
                _, article, start, end = rows[passage]
                dense = ranks.get(SearchMode.DENSE, {}).get(passage)
                lexical = ranks.get(SearchMode.LEXICAL, {}).get(passage)
                hits.append(Hit(passage, article, start, end, article.text[start:end], score, dense, lexical))
        return hits


def fuse(
    rankings: Mapping[SearchMode, Sequence[int]], weights: Mapping[SearchMode, float], k: int = RRF_K
) -> dict[int, float]:
    """Reciprocal rank fusion: passage id -> sum of `weight / (k + rank)` over the rankings, best first.

    Cormack, Clarke & Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods",
    SIGIR 2009, with a weight for each ranking.
    """
    scores: dict[int, float] = {}
    for mode, ranking in rankings.items():
        for rank, passage in enumerate(ranking, 1):
            scores[passage] = scores.get(passage, 0.0) + weights[mode] / (k + rank)
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))
