"""What a long piece of work tells: how far it is while it runs, and what it did.

The one rule: what could not be taken in stands in the report, with the reason, and never only in a log.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from index.records import Rejected

Progress = Callable[[str, int, int], None]
"""Called with a stage ("reading", say), how many are done and how many there are (0: not known yet)."""


def silent(_stage: str, _done: int, _total: int) -> None:
    """The progress of somebody who does not want to know."""


@dataclass(slots=True)
class SyncReport:
    """What a sync did, in articles; `rejected` are the sources and rows that could not be taken in."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
