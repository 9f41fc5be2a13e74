"""Runs as tables for a spreadsheet: a row a question.

The one rule: what an article says is text; a spreadsheet must not take it for a formula.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from assistant.evaluation.measures import is_right, question_values
from assistant.evaluation.records import Run

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV; texts that a spreadsheet would run get an apostrophe in front, as spreadsheets themselves do."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def read_cell(cell: str) -> str:
    """The text that `write_table` wrote into a cell."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def run_to_csv(run: Run) -> str:
    """A run, a row a question, with its value in every measure that has one."""
    values = question_values(run)
    names = [name for name in sorted(values) if values[name]]
    header = ["id", "question", "answers", "evidence", "failure", "refused", "confidence", "right", "seconds", "marked"]
    return write_table(
        [*header, *names],
        (
            [
                result.question.id,
                result.question.question,
                " | ".join(result.question.answers),
                " | ".join(result.question.evidence),
                result.failure,
                int(result.refused),
                round(result.confidence, 6),
                int(is_right(result)),
                round(sum(result.seconds.values()), 4),
                result.quotes[0].marked if result.quotes else "",
                *(values[name].get(result.question.id, "") for name in names),
            ]
            for result in run.results
        ),
    )


def _harmless(cell: object) -> object:
    return "'" + cell if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
