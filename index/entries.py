"""What was staged becomes entries: cleaned, split, embedded and signed, here or wherever a `Maker` has it done.

The one rule: an entry depends on its task alone, so that it is the same whoever makes it, and in whatever company.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from index.ahead import work_ahead
from index.clean import Cleaned, clean, normalise
from index.embedder import Embedder, Vectors
from index.passages import Cut, split_passages
from index.records import Article, Passage
from index.recurring import countable, recurring_in
from index.reuse import embedded_text
from index.store import Index
from index.stories import sign
from index.writer import Entry

EMBED_TOGETHER = 256
"""Passages are embedded about this many at a time, sorted by length; more gains nothing and costs memory."""

FindEmbedded = Callable[[Collection[str]], dict[str, Vectors]]
"""The vectors of those texts (see `index.reuse.embedded_text`) that need not be made again."""


@dataclass(frozen=True, slots=True)
class Task:
    """An article as it was read; `recurring` are digests of lines that are boilerplate of its source."""

    article: Article
    digest: str
    recurring: frozenset[int]


class Maker(Protocol):
    """Makes entries of tasks, in their order, some at a time."""

    def __call__(self, tasks: Iterable[Task], library: Index, embedder: Embedder, cut: Cut) -> Iterator[list[Entry]]:
        """Make the entries with this model; `library` has the vectors that need not be made again.

        Raises:
            AssistantError: if they cannot be made; those that were given are good.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A task whose article is cleaned and split."""

    article: Article
    digest: str
    removed: tuple[tuple[int, str], ...]
    lines: tuple[tuple[int, int], ...]
    passages: tuple[Passage, ...]


def make_here(tasks: Iterable[Task], library: Index, embedder: Embedder, cut: Cut) -> Iterator[list[Entry]]:
    """Make them here: the `Maker` of every sync that names no other."""
    return make_entries(tasks, library.find_embedded, embedder, cut)


def make_entries(
    tasks: Iterable[Task], find_embedded: FindEmbedded, embedder: Embedder, cut: Cut
) -> Iterator[list[Entry]]:
    """Make the entries of tasks, about `EMBED_TOGETHER` passages at a time; no text is embedded that is found."""
    # Splitting goes on while onnxruntime, which holds no interpreter's lock, embeds what was split before.
    for batch in _by_passages(work_ahead(lambda task: _prepare(task, embedder, cut), tasks)):
        yield _embed(batch, find_embedded, embedder)


def is_cleaned_otherwise(task: Task, removed: tuple[tuple[int, str], ...]) -> bool:
    """Whether cleaning would take out something else than was `removed`."""
    return _clean(task)[0].removed != removed


def _clean(task: Task) -> tuple[Cleaned, dict[str, tuple[int, int]]]:
    lines = countable(normalise(task.article.text))
    recurring = recurring_in(lines, task.recurring)
    return clean(task.article.text, title=task.article.title, recurring=recurring), lines


def _prepare(task: Task, embedder: Embedder, cut: Cut) -> _Prepared:
    cleaned, lines = _clean(task)
    passages = tuple(split_passages(task.article.id, cleaned.text, embedder.count_tokens, *cut))
    tidy = replace(task.article, text=cleaned.text)
    return _Prepared(tidy, task.digest, cleaned.removed, tuple(lines.values()), passages)


def _embed(batch: Sequence[_Prepared], find_embedded: FindEmbedded, embedder: Embedder) -> list[Entry]:
    """Embed what is not embedded yet, each text once."""
    texts = {embedded_text(item.article.title, passage.text) for item in batch for passage in item.passages}
    known = find_embedded(texts)
    missing = sorted(texts - known.keys())
    known.update(zip(missing, embedder.embed_passages(missing), strict=True))
    entries = []
    for item in batch:
        rows = [known[embedded_text(item.article.title, passage.text)] for passage in item.passages]
        vectors = np.asarray(rows, dtype=np.float32).reshape(-1, embedder.dimension)
        signature = sign(item.article.text)
        entries.append(Entry(item.article, item.digest, item.removed, item.lines, item.passages, vectors, signature))
    return entries


def _by_passages(items: Iterable[_Prepared]) -> Iterator[list[_Prepared]]:
    """Group prepared articles so that each group has about `EMBED_TOGETHER` passages."""
    batch: list[_Prepared] = []
    waiting = 0
    for item in items:
        batch.append(item)
        waiting += len(item.passages)
        if waiting >= EMBED_TOGETHER:
            yield batch
            batch, waiting = [], 0
    if batch:
        yield batch
