"""What was staged becomes entries: cleaned, split, signed and embedded, here or on whichever machine.

The one rule: an entry depends on its task alone, so that it is the same whoever makes it, and in whatever company.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.ahead import work_ahead
from index.clean import clean, normalise
from index.embedded import embedded_text
from index.embedder import Embedder, Vectors
from index.passages import Cut, split_passages
from index.records import Article, Entry, Passage
from index.recurring import countable, recurring_in
from index.stories import sign

EMBED_TOGETHER = 256
"""Passages are embedded about this many at a time, sorted by length; more gains nothing and costs memory."""

FindEmbedded = Callable[[Collection[str]], dict[str, Vectors]]
"""The vectors of those texts (see `index.embedded.embedded_text`) that need not be made again."""


Removed = tuple[tuple[int, str], ...]
"""What cleaning took out of an article: (number of the line, line)."""


@dataclass(frozen=True, slots=True)
class Task:
    """An article as it was read; `recurring` are digests of lines that are boilerplate of its source.

    Where it is there already and is only to be cleaned again, `removed` is what was taken out before: if that is what
    cleaning takes out now, no entry is made.
    """

    article: Article
    digest: str
    recurring: frozenset[int]
    removed: Removed | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A task whose article is cleaned, split and signed: all of an entry but the vectors."""

    article: Article
    digest: str
    removed: Removed
    lines: tuple[tuple[int, int], ...]
    passages: tuple[Passage, ...]
    signature: bytes

    def texts(self) -> list[str]:
        """What is embedded of each passage."""
        return [embedded_text(self.article.title, passage.text) for passage in self.passages]

    def to_entry(self, known: Mapping[str, Vectors], dimension: int) -> Entry:
        """The entry, with the vector that is known of each text."""
        vectors = np.asarray([known[text] for text in self.texts()], dtype=np.float32).reshape(-1, dimension)
        return Entry(self.article, self.digest, self.removed, self.lines, self.passages, vectors, self.signature)


def make_entries(
    tasks: Iterable[Task], find_embedded: FindEmbedded, embedder: Embedder, cut: Cut
) -> Iterator[list[Entry]]:
    """Make the entries of tasks, about `EMBED_TOGETHER` passages at a time; no text is embedded that is found."""
    # Splitting goes on while onnxruntime, which holds no interpreter's lock, embeds what was split before.
    prepared = work_ahead(lambda task: prepare(task, embedder, cut), tasks)
    for batch in _by_passages(item for item in prepared if item is not None):
        yield _embed(batch, find_embedded, embedder)


def prepare(task: Task, embedder: Embedder, cut: Cut) -> Prepared | None:
    """Clean, split and sign; None where nothing is to be done, see `Task`."""
    lines = countable(normalise(task.article.text))
    recurring = recurring_in(lines, task.recurring)
    cleaned = clean(task.article.text, title=task.article.title, recurring=recurring)
    if cleaned.removed == task.removed:
        return None
    passages = tuple(split_passages(task.article.id, cleaned.text, embedder.count_tokens, *cut))
    tidy = replace(task.article, text=cleaned.text)
    return Prepared(tidy, task.digest, cleaned.removed, tuple(lines.values()), passages, sign(cleaned.text))


def _embed(batch: Sequence[Prepared], find_embedded: FindEmbedded, embedder: Embedder) -> list[Entry]:
    """Embed what is not embedded yet, each text once."""
    texts = {text for item in batch for text in item.texts()}
    known = find_embedded(texts)
    missing = sorted(texts - known.keys())
    known.update(zip(missing, embedder.embed_passages(missing), strict=True))
    return [item.to_entry(known, embedder.dimension) for item in batch]


def _by_passages(items: Iterable[Prepared]) -> Iterator[list[Prepared]]:
    """Group prepared articles so that each group has about `EMBED_TOGETHER` passages."""
    batch: list[Prepared] = []
    waiting = 0
    for item in items:
        batch.append(item)
        waiting += len(item.passages)
        if waiting >= EMBED_TOGETHER:
            yield batch
            batch, waiting = [], 0
    if batch:
        yield batch
