"""Measure what cleaning removes, line by line: `python -m benchmarks.cleaning`, with every mistake named.

The pages of `cleaning.jsonl` are made up, in the manners of several outlets; the rules were written with the split
`dev` in view, and `held-out` was written after them.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.clean import clean

LABELS = Path(__file__).with_suffix(".jsonl")
NOISE, CONTENT = "noise", "content"


@dataclass(frozen=True, slots=True)
class Page:
    """A page's lines, each with its label, `noise` or `content`."""

    name: str
    split: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled line and whether cleaning removed it."""

    page: str
    label: str
    line: str
    removed: bool


def read_pages(path: Path) -> list[Page]:
    """Read labelled pages.

    Raises:
        ValueError: A line has another label than `noise` or `content`.
    """
    pages = []
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        lines = tuple((label, line) for label, line in row["lines"])
        if wrong := {label for label, _ in lines} - {NOISE, CONTENT}:
            raise ValueError(f"{path}: label each line of {row['name']!r} {NOISE!r} or {CONTENT!r}, not {wrong}")
        pages.append(Page(row["name"], row["split"], lines))
    return pages


def judge(page: Page) -> Iterator[Judged]:
    """Clean a page and say of each of its lines whether it went."""
    cleaned = clean("\n".join(line for _, line in page.lines))
    gone = {number for number, _ in cleaned.removed}
    for number, (label, line) in enumerate(page.lines):
        yield Judged(page.name, label, line, number in gone)


def summarise(judged: Sequence[Judged]) -> str:
    """Give precision and recall of the removal of lines as one line."""
    removed = sum(line.removed for line in judged)
    noise = sum(line.label == NOISE for line in judged)
    hits = sum(line.removed and line.label == NOISE for line in judged)
    return (
        f"{len(judged)} lines, {noise} of them noise, {removed} removed: "
        f"precision {hits / max(removed, 1):.3f}, recall {hits / max(noise, 1):.3f}"
    )


def main(arguments: Sequence[str]) -> None:
    """Print the figures of each split, then each mistake."""
    pages = read_pages(Path(arguments[0]) if arguments else LABELS)
    for split in dict.fromkeys(page.split for page in pages):
        chosen = [page for page in pages if page.split == split]
        judged = [line for page in chosen for line in judge(page)]
        print(f"{split}: {len(chosen)} pages, {summarise(judged)}")
        for line in judged:
            if line.removed != (line.label == NOISE):
                print(f"  {'removed' if line.removed else 'left'} [{line.page}] {line.line}")


if __name__ == "__main__":
    main(sys.argv[1:])
