"""Drafted questions as a table to read through, and the accepted rows as a question file.

The one rule: a question counts from the moment that somebody accepted it, and a file that is there is only added to.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.evaluation.drafts import Draft
from assistant.evaluation.tables import read_cell, write_table
from assistant.questions import TestQuestion, read_questions
from index.errors import QuestionError

COLUMNS = ("accept", "id", "question", "answers", "evidence", "kind", "sentence", "title")
NEEDED = COLUMNS[:5]
BETWEEN = " | "
TO_FILL_IN = "?"
"""Stands for what only the reader of a table can know; a row that has it cannot be accepted."""
YES, NO = ("y", "yes", "x", "1", "true"), ("", "n", "no", "0", "false")


def write_review(drafts: Sequence[Draft]) -> str:
    """A table with a row a draft and an empty first column: write y into it to accept a row, after mending it."""
    return write_table(
        COLUMNS,
        (
            [
                "",
                draft.question.id,
                draft.question.question,
                BETWEEN.join(draft.question.answers),
                BETWEEN.join(draft.question.evidence),
                draft.kind,
                draft.sentence,
                draft.title,
            ]
            for draft in drafts
        ),
    )


def read_review(path: Path) -> tuple[list[TestQuestion], int]:
    """The accepted questions of a review table, and how many rows were not accepted.

    Raises:
        QuestionError: if the table cannot be read, or a row is wrong; its line is named.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"the review table {path} cannot be read ({error}): name a CSV file in UTF-8") from error
    first = text.split("\n", 1)[0]
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ","
    )
    missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise QuestionError(f"{path} has no column {', '.join(missing)}: its first line must name {', '.join(NEEDED)}")
    accepted, left = [], 0
    for row in reader:
        where = f"{path}, line {reader.line_num}"
        if _is_accepted(row, where):
            accepted.append(_to_question(row, where))
        else:
            left += 1
    return accepted, left


def add_to_file(path: Path, questions: Sequence[TestQuestion]) -> int:
    """Add questions to a question file, which is made where there is none.

    Returns:
        How many questions it has now.

    Raises:
        QuestionError: if the file has a mistake, has one of the ids already, or cannot be written.
    """
    before = read_questions(path) if path.exists() and path.stat().st_size else []
    taken = {question.id for question in before}
    twice = [question.id for question in questions if question.id in taken]
    if twice:
        raise QuestionError(f"{path} has {', '.join(twice[:5])} already ({len(twice)} of {len(questions)} questions)")
    lines = [json.dumps(to_row(question), ensure_ascii=False) for question in questions]
    try:
        kept = path.read_text(encoding="utf-8") if before else ""
        beside = path.with_name(path.name + ".new")
        beside.write_text(
            kept + ("\n" if kept and not kept.endswith("\n") else "") + "".join(f"{line}\n" for line in lines),
            encoding="utf-8",
        )
        beside.replace(path)
    except OSError as error:
        raise QuestionError(f"{path} cannot be written ({error}): name a file in a folder that can be") from error
    return len(before) + len(questions)


def to_row(question: TestQuestion) -> dict[str, object]:
    """A question as a line of a question file."""
    return {
        "id": question.id,
        "question": question.question,
        "answers": list(question.answers),
        "evidence": list(question.evidence),
    }


def _is_accepted(row: Mapping[str, str | None], where: str) -> bool:
    verdict = (row["accept"] or "").strip().lower()
    if verdict not in (*YES, *NO):
        raise QuestionError(f"{where}: {verdict!r} under accept; write y, or n or nothing")
    return verdict in YES


def _to_question(row: Mapping[str, str | None], where: str) -> TestQuestion:
    name, question = (read_cell(row[column] or "").strip() for column in ("id", "question"))
    if not name or not question:
        raise QuestionError(f"{where}: an accepted question must have an id and a question")
    answers, evidence = (
        tuple(part.strip() for part in read_cell(row[column] or "").split(BETWEEN.strip()) if part.strip())
        for column in ("answers", "evidence")
    )
    for column, parts in (("answers", answers), ("evidence", evidence)):
        if TO_FILL_IN in parts:
            raise QuestionError(
                f"{where}: {column} is still {TO_FILL_IN!r}: write what is right in its place, or leave it empty"
            )
    return TestQuestion(name, question, answers, evidence)
