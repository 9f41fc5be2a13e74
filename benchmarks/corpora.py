"""What the speed benchmarks run on: real articles, and libraries of any size made out of a real one.

The one rule: what is made says so: vectors are mixtures of two real ones with noise, texts the sentences of two real
passages.
"""

import argparse
import gzip
import json
import os
import platform
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from index.embedder import Vectors
from index.library import Library
from index.records import Article, Entry, Passage
from index.stored import as_stored
from index.writer import set_model, write_entry

PASSAGES_AN_ARTICLE = 20
NOISE = 0.5
"""Length of the noise that is added to a mixture of two real vectors, before it is brought to unit length."""
SEED = 20_240_101


def read_articles(file: Path, count: int, begin: int = 0) -> list[dict[str, Any]]:
    """The rows `begin` and on of a JSON Lines file, packed or not."""
    opened: Any = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in islice(stream, begin, begin + count)]


def write_articles(rows: list[dict[str, Any]], file: Path) -> None:
    """Articles as JSON Lines."""
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


class Source:
    """The passages of a real library, to make others of."""

    def __init__(self, library: Library) -> None:
        """Read texts and vectors into memory."""
        found = [(passage, text) for passage, _, text in library.iterate_passages()]
        vectors = library.find_vectors([passage for passage, _ in found])
        self.texts = [text for passage, text in found if passage in vectors]
        self.vectors = np.stack([vectors[passage] for passage, _ in found if passage in vectors])
        self.model = library.model
        self._random = np.random.default_rng(SEED)

    def draw(self, count: int) -> tuple[list[str], Vectors]:
        """`count` made passages: texts and `(count, dimension)` unit vectors."""
        one, other = (self._random.integers(0, len(self.texts), count) for _ in range(2))
        share = self._random.uniform(0.6, 1, (count, 1)).astype(np.float32)
        dimension = self.vectors.shape[1]
        noise = self._random.normal(0, NOISE / np.sqrt(dimension), (count, dimension)).astype(np.float32)
        rows = share * self.vectors[one] + (1 - share) * self.vectors[other] + noise
        texts = [_mix(self.texts[a], self.texts[b]) for a, b in zip(one, other, strict=True)]
        unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return texts, as_stored(unit)


def fill(library: Library, source: Source, count: int) -> Iterator[tuple[list[str], Vectors]]:
    """Write `count` made passages as articles of twenty; gives each article's passages."""
    if source.model is None:
        raise SystemExit("the library to make others of is empty")
    set_model(library, *source.model)
    for entry in make_entries(source, count):
        write_entry(library, entry)
        yield [passage.text for passage in entry.passages], entry.vectors


def make_entries(source: Source, count: int, begin: int = 0) -> Iterator[Entry]:
    """Made articles of twenty passages, from the passage `begin` to the passage `count`."""
    for number in range(begin, count, PASSAGES_AN_ARTICLE):
        texts, vectors = source.draw(min(PASSAGES_AN_ARTICLE, count - number))
        name = f"https://made.example.org/{number}"
        article = Article(name, f"Made {number}", "\n".join(texts), name, "Made", None, (), "made")
        begins = np.cumsum([0, *(len(text) + 1 for text in texts)])
        passages = [Passage(name, int(b), int(b) + len(t), t) for b, t in zip(begins, texts, strict=False)]
        yield Entry(article, str(number), (), (), tuple(passages), vectors, b"")


def machine() -> str:
    """The machine in general words."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def parser(description: str | None) -> argparse.ArgumentParser:
    """A command line that can also write its result as JSON."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--json", type=Path, help="also write the figures to this file")
    return made


def report(figures: dict[str, Any], chosen: argparse.Namespace) -> None:
    """Print the figures and keep them where that was asked for."""
    figures = {"machine": machine(), **figures}
    for name, value in figures.items():
        print(f"{name:44} {value:,.4g}" if isinstance(value, float) else f"{name:44} {value}")
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _mix(one: str, other: str) -> str:
    """The first half of one text's words and the second half of another's."""
    first, second = one.split(), other.split()
    return " ".join(first[: (len(first) + 1) // 2] + second[len(second) // 2 :])
