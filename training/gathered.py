"""Questions with the sentences that were read for them, kept in a file, so that fitting is tried without reading again.

The one rule: a line is as true as the library it was read from; change the library or the reader, and read again.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.candidates import Candidate
from assistant.pairs import PairEncoder, Window
from assistant.questions import TestQuestion
from assistant.span_models import SpanModel
from assistant.spans import Scores
from index.library import Library
from index.records import Hit

PLACES = 4
"""Decimals of a feature that are kept."""


@dataclass(slots=True)
class Asked:
    """One question with the candidate sentences that were read for it, and whether it can be answered."""

    question: TestQuestion
    candidates: list[Candidate]
    answerable: bool


class Remembering:
    """A model that scores no window twice until it is told to forget; see `assistant.span_models.SpanModel`."""

    def __init__(self, model: SpanModel) -> None:
        """Take the model that scores."""
        self.name = model.name
        self.encoder: PairEncoder = model.encoder
        self._model = model
        self._seen: dict[tuple[int, ...], tuple[Scores, Scores]] = {}

    def score(self, windows: Sequence[Window]) -> list[tuple[Scores, Scores]]:
        """See `SpanModel.score`."""
        keys = [tuple(window.ids) for window in windows]
        new = {key: window for key, window in zip(keys, windows, strict=True) if key not in self._seen}
        self._seen.update(zip(new, self._model.score(list(new.values())), strict=True))
        return [self._seen[key] for key in keys]

    def forget(self) -> None:
        """Give the memory back."""
        self._seen.clear()


def write_asked(file: Path, asked: Iterable[Asked]) -> Iterator[Asked]:
    """Pass on what was asked and write it, one JSON object a line."""
    with file.open("w", encoding="utf-8") as stream:
        for one in asked:
            candidates = [
                {
                    "passage": item.hit.passage_id,
                    "places": [item.start, item.end, *item.span],
                    "features": {name: round(value, PLACES) for name, value in item.features.items()},
                }
                for item in one.candidates
            ]
            fields = {"id": one.question.id, "answerable": one.answerable, "candidates": candidates}
            stream.write(json.dumps(fields) + "\n")
            yield one


def read_asked(file: Path, questions: Sequence[TestQuestion], library: Library) -> Iterator[Asked]:
    """Read what `write_asked` wrote, of the same questions and library."""
    by_id = {question.id: question for question in questions}
    hits = {
        passage: Hit(passage, article, start, end, article.text[start:end], 0.0)
        for article in library.iterate_articles()
        for passage, (start, end) in library.passages_of(article.id).items()
    }
    with file.open(encoding="utf-8") as stream:
        for fields in map(json.loads, stream):
            candidates = []
            for item in fields["candidates"]:
                start, end, left, right = item["places"]
                candidates.append(Candidate(hits[item["passage"]], start, end, item["features"], (left, right)))
            yield Asked(by_id[fields["id"]], candidates, fields["answerable"])
