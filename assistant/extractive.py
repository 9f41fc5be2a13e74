"""The reader that marks answers: an extractive question-answering model, weighed with what words and search tell.

The one rule: the weights that join the model with the other clues are fitted on questions that the model was not
trained on and that no benchmark holds: `python -m training.calibrate`.
"""

from collections import defaultdict
from collections.abc import Sequence

from assistant.candidates import Candidate, add_speaker, gather_candidates, read_question
from assistant.judging import judge
from assistant.matching import normalise
from assistant.reader import Reading
from assistant.span_models import SpanModel
from assistant.spans import Marked, mark_sentences
from assistant.weights import Weights, load_weights, logit
from index.embedder import Embedder
from index.records import Hit
from index.store import Index

AT_ONCE = 8
"""Passages that are read before it is looked whether the leader can still be caught."""
CLEAR_LEAD = 0.85
"""A probability from which on further passages are not read; they come from ever lower in the search. On the questions
of the fit, 0.97 reads 13.4 passages a question and quotes the answer of 0.798, 0.85 reads 10.9 and quotes 0.794."""
SENTENCE_FEATURES = ("reader", "agreement", "passage_similarity", "kind", "speaker")
OF_THE_BEST = ("reader", "passage_similarity", "speaker", "silent")
QUESTION_FEATURES = ("best", *OF_THE_BEST)
"""What tells whether a question is answered: how probable the best sentence is, and these of its features."""
Place = tuple[str, int]


class ExtractiveReader:
    """Reads with a model that marks answers; see `assistant.reader.Reader`."""

    def __init__(self, model: SpanModel, library: Index, embedder: Embedder, weights: Weights | None = None) -> None:
        """Read with `model`, and with the embedder and the word counts of a library."""
        self.name = model.name
        self._model = model
        self._library = library
        self._embedder = embedder
        self._weights = weights or load_weights("extractive")

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """See `assistant.reader.Reader.read`."""
        return judge(self.gather(question, hits), self._weights, question_features)

    def gather(self, question: str, hits: Sequence[Hit], clear_lead: float = CLEAR_LEAD) -> list[Candidate]:
        """The sentences of the hits that were read, with their features; reading ends at a clear lead."""
        clues = read_question(question, self._library)
        vector = self._embedder.embed_questions([question])[0]
        candidates = gather_candidates(clues, vector, hits, self._library)
        marks: dict[Place, Marked] = {}
        for begin in range(0, len(hits), AT_ONCE):
            self._mark(question, hits[begin : begin + AT_ONCE], candidates, marks)
            if max((mark.mass for mark in marks.values()), default=0.0) >= clear_lead:
                break
        kept = [item for item in candidates if _place(item) in marks]
        add_speaker(kept, clues)
        _add_marks(kept, marks)
        return kept

    def _mark(
        self, question: str, hits: Sequence[Hit], candidates: Sequence[Candidate], marks: dict[Place, Marked]
    ) -> None:
        """Read the hits; of a sentence that stands in two of them, or two windows, the surer mark is kept."""
        windows = [self._model.encoder.windows(question, hit.article.title, hit.text) for hit in hits]
        scores = iter(self._model.score([window for part in windows for window in part]))
        for hit, part in zip(hits, windows, strict=True):
            inside = [item for item in candidates if _lies_in(item, hit)]
            sentences = [(item.start - hit.start, item.end - hit.start) for item in inside]
            for window in part:
                marked = mark_sentences(window, *next(scores), sentences)
                for item, mark in zip(inside, marked, strict=True):
                    if mark and (_place(item) not in marks or mark.mass > marks[_place(item)].mass):
                        marks[_place(item)] = _in_article(mark, hit)


def question_features(scores: Sequence[float], candidates: Sequence[Candidate]) -> dict[str, float]:
    """What tells whether the best sentence answers, by the names in `QUESTION_FEATURES`; both come best first."""
    top = candidates[0].features
    return {"best": logit(scores[0]), **{name: top[name] for name in OF_THE_BEST}}


def _add_marks(candidates: Sequence[Candidate], marks: dict[Place, Marked]) -> None:
    """What the model tells of each sentence; `agreement` is how sure other articles are of the same words."""
    votes: dict[str, dict[str, float]] = defaultdict(dict)
    for item in candidates:
        words, mark = _words(item, marks), marks[_place(item)]
        votes[words][item.hit.article.id] = max(mark.best, votes[words].get(item.hit.article.id, 0.0))
    for item in candidates:
        mark = marks[_place(item)]
        item.span = mark.span
        others = [sure for article, sure in votes[_words(item, marks)].items() if article != item.hit.article.id]
        item.features["reader"] = logit(mark.mass)
        item.features["agreement"] = min(sum(others), 2.0)


def _words(item: Candidate, marks: dict[Place, Marked]) -> str:
    start, end = marks[_place(item)].span
    return normalise(item.hit.article.text[start:end])


def _in_article(mark: Marked, hit: Hit) -> Marked:
    """The same mark with its span counted in the article."""
    return Marked(mark.mass, (mark.span[0] + hit.start, mark.span[1] + hit.start), mark.best)


def _lies_in(item: Candidate, hit: Hit) -> bool:
    return item.hit.article.id == hit.article.id and hit.start <= item.start and item.end <= hit.end


def _place(item: Candidate) -> Place:
    return item.hit.article.id, item.start
