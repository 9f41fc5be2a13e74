"""Question files: one JSON object a line, `{"id", "question", "answers", "evidence"}`; empty `answers` must be refused.

The one rule: a file with a mistake is refused with the number of the line, so that no figure is silently wrong.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from index.errors import QuestionError

_TOKEN = re.compile(r"\w+")
_ENGLISH_ARTICLES = frozenset(("a", "an", "the"))
FIELDS = ("id", "question", "answers", "evidence")
SHOWN = 60
"""Characters of a wrong value that are shown."""
_OTHER_FORMATS = (
    ("[", "a JSON array; each line must hold one object: `jq -c '.[]'` makes it so"),
    ("PK\x03\x04", "a zip archive or an office document"),
    ("%PDF", "a PDF"),
    ("<", "HTML or XML"),
)


@dataclass(frozen=True, slots=True)
class TestQuestion:
    """A question with what is known of its answer; `evidence` are ids (URLs) of articles that hold it.

    `grades` tell how relevant each piece of evidence is, where somebody graded it. Without `answers_known` only
    retrieval can be measured.
    """

    __test__ = False  # its name makes pytest look for tests in it

    id: str
    question: str
    answers: tuple[str, ...]
    evidence: tuple[str, ...]
    grades: tuple[int, ...] = ()
    answers_known: bool = True

    @property
    def answerable(self) -> bool:
        """Whether it is known what the articles answer."""
        return bool(self.answers)

    @property
    def must_refuse(self) -> bool:
        """Whether the articles don't say."""
        return self.answers_known and not self.answers

    @property
    def graded(self) -> dict[str, int]:
        """The grade of each piece of evidence, 1 where there is none."""
        return dict(zip(self.evidence, self.grades or (1,) * len(self.evidence), strict=True))


def read_questions(path: Path) -> list[TestQuestion]:
    """Read a question file.

    Raises:
        QuestionError: if the file cannot be read, is empty, or a line is not a question; the line is named.
    """
    return read_question_files([path])[0]


def read_question_files(paths: Sequence[Path]) -> tuple[list[TestQuestion], list[str]]:
    """Read question files together, with notices of what is odd in them but no mistake.

    Raises:
        QuestionError: as `read_questions`, and if an id is in two lines.
    """
    seen: dict[str, str] = {}
    questions: list[TestQuestion] = []
    notices: list[str] = []
    for path in paths:
        unknown: dict[str, list[int]] = {}
        before = len(questions)
        for number, line in enumerate(_lines(path), 1):
            if not line.strip():
                continue
            where = f"{path}, line {number}"
            row = parse_object(line, where)
            question = _to_question(row, where)
            if question.id in seen:
                raise QuestionError(f"{seen[question.id]} and {where} have the same id {question.id!r}: make it unique")
            seen[question.id] = where
            questions.append(question)
            for name in row.keys() - FIELDS:
                unknown.setdefault(name, []).append(number)
        if len(questions) == before:
            raise QuestionError(f"{path} has no questions: write one JSON object a line")
        notices += [_describe_unknown(path, name, unknown[name]) for name in sorted(unknown)]
    if not any(question.answerable for question in questions):
        notices.append(f"none of the {len(questions)} questions has an answer: {_what_is_left(questions)}")
    return questions, notices


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


def _lines(path: Path) -> list[str]:
    """The lines of a text file; a file of another format is told from a file with a mistake.

    Raises:
        QuestionError: if it cannot be read, or is of another format.
    """
    remedy = "name a JSON Lines file in UTF-8"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"the question file {path} cannot be read ({error}): {remedy}") from error
    begin = text.lstrip()
    for sign, name in _OTHER_FORMATS:
        # A line that is a whole array is a mistake in that line; an array over many lines is another format.
        if begin.startswith(sign) and (sign != "[" or not _is_json(begin.splitlines()[0])):
            raise QuestionError(f"{path} is {name}: {remedy}")
    first = begin.splitlines()[0] if begin else ""
    if "question" in first.lower() and not first.startswith("{") and re.search(r"[,;\t]", first):
        raise QuestionError(
            f"{path} looks like a table (its first line is {first[:SHOWN]!r}): {remedy}, or make one of a review table "
            "with `article-assistant questions accept`"
        )
    return text.split("\n")


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except json.JSONDecodeError:
        return False
    return True


def _to_question(row: dict[str, Any], where: str) -> TestQuestion:
    if not isinstance(row.get("question"), str) or not _TOKEN.search(row["question"]):
        raise QuestionError(f'{where}: no "question" in words{_suggest("question", row)}')
    if row.get("id") in (None, "") or isinstance(row["id"], (list, dict, bool)):
        raise QuestionError(f'{where}: no "id"{_suggest("id", row)}')
    evidence = _evidence(row, where)
    if "answers" not in row and not evidence:
        raise QuestionError(
            f'{where}: no "answers" (an empty list means: must refuse){_suggest("answers", row)}; only with "evidence" '
            "may they be left out"
        )
    answers = _strings(row, "answers", where)
    if answers and not any(_normalise(answer) for answer in answers):
        raise QuestionError(f'{where}: "answers" hold no words: {json.dumps(answers)[:SHOWN]}')
    grades = tuple(evidence.values()) if set(evidence.values()) - {1} else ()
    return TestQuestion(str(row["id"]), row["question"], answers, tuple(evidence), grades, "answers" in row)


def _evidence(row: dict[str, Any], where: str) -> Mapping[str, int]:
    """The evidence with its grades; a list has no grades, which is 1 for all."""
    value = row.get("evidence", [])
    if isinstance(value, dict):
        wrong = {name: grade for name, grade in value.items() if not isinstance(grade, int) or isinstance(grade, bool)}
        if wrong:
            raise QuestionError(f'{where}: grades in "evidence" must be whole numbers, not {json.dumps(wrong)[:SHOWN]}')
        return value
    return dict.fromkeys(_strings(row, "evidence", where), 1)


def _strings(row: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
    value = row.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise QuestionError(f'{where}: "{name}" must be a list of strings, it is {json.dumps(value)[:SHOWN]}')
    return tuple(value)


def _suggest(name: str, row: dict[str, Any]) -> str:
    near = get_close_matches(name, row.keys() - FIELDS, 1)
    return f'; is "{near[0]}" meant for it?' if near else ""


def _describe_unknown(path: Path, name: str, numbers: Sequence[int]) -> str:
    lines = f"line {numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} lines from line {numbers[0]}"
    near = get_close_matches(name, FIELDS, 1)
    meant = f' (is "{near[0]}" meant?)' if near else ""
    return f'{path}, {lines}: the field "{name}" is not known{meant} and is left unread'


def _what_is_left(questions: Sequence[TestQuestion]) -> str:
    refusing = sum(question.must_refuse for question in questions)
    if refusing == len(questions):
        return "nothing but refusals can be measured"
    return "retrieval of the evidence" + (" and refusals" if refusing else "") + " can be measured, answers cannot"
