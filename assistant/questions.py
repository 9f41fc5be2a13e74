"""Question files: one JSON object a line, `{"id", "question", "answers", "evidence"}`; empty `answers` must be refused.

The one rule: a file with a mistake is refused with the number of the line, so that no figure is silently wrong.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import QuestionError

_TOKEN = re.compile(r"\w+")
_ENGLISH_ARTICLES = frozenset(("a", "an", "the"))


@dataclass(frozen=True, slots=True)
class TestQuestion:
    """A question with what is known of its answer; `evidence` are ids (URLs) of articles that hold it."""

    __test__ = False  # its name makes pytest look for tests in it

    id: str
    question: str
    answers: tuple[str, ...]
    evidence: tuple[str, ...]

    @property
    def answerable(self) -> bool:
        """Whether the articles answer it."""
        return bool(self.answers)


def read_questions(path: Path) -> list[TestQuestion]:
    """Read a question file.

    Raises:
        QuestionError: if the file cannot be read, is empty, or a line is not a question; the line is named.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(
            f"the question file {path} cannot be read ({error}): name a JSON Lines file in UTF-8"
        ) from error
    questions = [_to_question(line, f"{path}, line {n}") for n, line in enumerate(lines, 1) if line.strip()]
    if not questions:
        raise QuestionError(f"{path} has no questions: write one JSON object a line")
    seen: dict[str, int] = {}
    for number, question in enumerate(questions, 1):
        if question.id in seen:
            raise QuestionError(
                f"{path}: questions {seen[question.id]} and {number} have the same id {question.id!r}: make it unique"
            )
        seen[question.id] = number
    return questions


def holds_answer(text: str, answers: Sequence[str]) -> bool:
    """Whether one of the answers stands in the text: the same words in a row, case, punctuation and articles aside.

    The normalisation is that of SQuAD (Rajpurkar et al., 2016), except that a hyphen parts words as a dash does.
    """
    words = f" {_normalise(text)} "
    return any(f" {answer} " in words for answer in map(_normalise, answers) if answer)


def _normalise(text: str) -> str:
    return " ".join(word for word in _TOKEN.findall(text.lower()) if word not in _ENGLISH_ARTICLES)


def parse_object(line: str, where: str) -> dict[str, Any]:
    """The JSON object on a line.

    Raises:
        QuestionError: if it is no JSON, or no object.
    """
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise QuestionError(f"{where}: not JSON ({error.msg})") from error
    if not isinstance(row, dict):
        raise QuestionError(f"{where}: a {type(row).__name__}, not an object; each line holds one question")
    return row


def _to_question(line: str, where: str) -> TestQuestion:
    row = parse_object(line, where)
    if not isinstance(row.get("question"), str) or not _TOKEN.search(row["question"]):
        raise QuestionError(f'{where}: no "question" in words')
    if row.get("id") in (None, ""):
        raise QuestionError(f'{where}: no "id"')
    if "answers" not in row:
        raise QuestionError(f'{where}: no "answers" (an empty list means: must refuse)')
    answers, evidence = _strings(row, "answers", where), _strings(row, "evidence", where)
    return TestQuestion(str(row["id"]), row["question"], answers, evidence)


def _strings(row: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
    value = row.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise QuestionError(f'{where}: "{name}" must be a list of strings, it is {json.dumps(value)[:60]}')
    return tuple(value)
