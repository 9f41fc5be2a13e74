"""A sentence of a prose answer with what the articles do for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

NOT_SUPPORTED = "(not supported)"


class Support(StrEnum):
    """What the articles do for a sentence."""

    SUPPORTED = "supported"
    WEAK = "weak"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Statement:
    """A generated sentence, checked.

    `citations` are numbers of the answer's quotes (from 1): the sentences that support it best. `missing` are the
    names, numbers, dates and quoted words that stand in no passage that it cites. `removed` counts citations that
    pointed nowhere. `opens` is the white space before it.
    """

    text: str
    citations: tuple[int, ...]
    support: Support
    missing: tuple[str, ...] = ()
    removed: int = 0
    opens: str = " "

    @property
    def supported(self) -> bool:
        """Whether it may stand without a warning."""
        return self.support is not Support.UNSUPPORTED


def write_statements(statements: Sequence[Statement]) -> str:
    """The sentences as text, each with its markers behind it."""
    parts = [f"{one.opens}{one.text}{''.join(f' [{number}]' for number in one.citations)}" for one in statements]
    return "".join(parts).strip()


def write_marks(statement: Statement) -> str:
    """What stands behind a checked sentence: its citations, and a warning where the articles do not support it."""
    marks = [f"[{number}]" for number in statement.citations]
    if not statement.supported:
        lacking = f": {', '.join(statement.missing)}" if statement.missing else ""
        marks.append(f"{NOT_SUPPORTED[:-1]}{lacking})")
    return " ".join(marks)
