"""Measures how follow-ups find their article: `python -m benchmarks.follow_ups [FILE] [--library DIR]`.

The one rule: a follow-up is held against the same words asked without their conversation, so that what the rules add
can be seen; the rows of `held-out` were written before any rule and looked at after all of them.
"""

import argparse
import json
import tempfile
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from assistant.ask import Assistant, open_assistant
from assistant.conversation import exchange_of
from assistant.referents import Exchange
from assistant.settings import read_settings

SAMPLES = Path(str(resources.files("samples")))
TOP = 5
PASSAGES = 60
"""Passages that are looked at, so that five different articles are among them."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where the right article stands among those found, from 1, with and without the conversation; 0: nowhere."""

    row: dict[str, Any]
    rewritten: str
    rank: int
    rank_as_typed: int


def measure(assistant: Assistant, rows: list[dict[str, Any]]) -> list[Found]:
    """Ask the earlier questions of each row, then look where its follow-up leads."""
    found = []
    for row in rows:
        earlier: list[Exchange] = []
        for question in row["earlier"]:
            earlier.append(exchange_of(assistant.ask(question, earlier=earlier)))
        rewritten = assistant.stand_alone(row["question"], earlier)
        wanted = {assistant.library.find_id(name) for name in row["evidence"]}
        ranks = [_rank(assistant, question, wanted) for question in (rewritten, row["question"])]
        found.append(Found(row, rewritten, *ranks))
    return found


def _rank(assistant: Assistant, question: str, wanted: set[str | None]) -> int:
    articles = dict.fromkeys(hit.article.id for hit in assistant.search(question, PASSAGES))
    return next((rank for rank, article in enumerate(articles, 1) if article in wanted), 0)


def describe(split: str, found: list[Found]) -> str:
    """The figures of one split, and each follow-up that missed."""
    new = [one for one in found if one.row["new_topic"]]
    lines = [
        f"{split}: {len(found)} follow-ups, right article in the top {TOP}: "
        f"{sum(0 < one.rank <= TOP for one in found)}, first: {sum(one.rank == 1 for one in found)}; "
        f"as typed, top {TOP}: {sum(0 < one.rank_as_typed <= TOP for one in found)}, "
        f"first: {sum(one.rank_as_typed == 1 for one in found)}; "
        f"new topics left alone: {sum(one.rewritten == one.row['question'] for one in new)} of {len(new)}"
    ]
    missed = [one for one in found if not 0 < one.rank <= TOP]
    return "\n".join([*lines, *(f"  missed: {one.row['question']} -> {one.rewritten}" for one in missed)])


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=SAMPLES / "follow_ups.jsonl")
    parser.add_argument("--library", type=Path, help="one that holds the samples (default: one with nothing else)")
    chosen = parser.parse_args()
    rows = [json.loads(line) for line in chosen.file.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings(library=chosen.library or Path(folder) / "library")
        assistant = open_assistant(settings, create=True)
        if not chosen.library:
            assistant.add([str(SAMPLES / "articles")])
        found = measure(assistant, rows)
        for split in dict.fromkeys(row["split"] for row in rows):
            print(describe(split, [one for one in found if one.row["split"] == split]))


if __name__ == "__main__":
    main()
