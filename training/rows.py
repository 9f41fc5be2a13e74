"""Training rows: a question, a passage with its title, and where in the passage the answer stands, if it does.

The one rule: `row.passage[row.start:row.end]` is the answer, or both are 0 and the passage does not answer.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from index.errors import AssistantError


@dataclass(frozen=True, slots=True)
class Row:
    """One question on one passage; `origin` names the set it comes from.

    Rows of one `group`, where it is not "", are the same question on several passages: they are trained on together.
    """

    question: str
    title: str
    passage: str
    start: int
    end: int
    origin: str
    group: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the passage answers."""
        return self.end > self.start

    @property
    def answer(self) -> str:
        """The words that answer, "" where none do."""
        return self.passage[self.start : self.end]

    def __post_init__(self) -> None:
        """Check that the answer lies in the passage.

        Raises:
            AssistantError: if it does not.
        """
        if not 0 <= self.start <= self.end <= len(self.passage):
            raise AssistantError(
                f"an answer at {self.start}:{self.end} leaves its passage of {len(self.passage)} characters "
                f"({self.origin}: {self.question!r})"
            )


def by_group(rows: Iterable[Row]) -> list[list[Row]]:
    """The rows that are trained on together, in the order of the first of each; a row without a group is alone."""
    groups: dict[str | int, list[Row]] = {}
    for number, row in enumerate(rows):
        groups.setdefault(row.group or number, []).append(row)
    return list(groups.values())


def write_rows(file: Path, rows: Iterable[Row]) -> int:
    """Write one JSON object a line, making the folder; returns how many."""
    file.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with file.open("w", encoding="utf-8") as stream:
        for row in rows:
            stream.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
            count += 1
    return count


def read_rows(file: Path) -> Iterator[Row]:
    """Read what `write_rows` wrote."""
    with file.open(encoding="utf-8") as stream:
        for line in stream:
            yield Row(**json.loads(line))
