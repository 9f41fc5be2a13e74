"""A verdict becomes a test question, in a file in the library's folder that `evaluate` reads.

The one rule: a line is written only where what is right is known; a turn has one line, the last that was given.
"""

import json
from pathlib import Path

from filelock import FileLock

from assistant.questions import read_questions
from assistant.turns import Turn, Verdict
from index.errors import QuestionError

FILE = "test-questions.jsonl"


def right_answers(turn: Turn, verdict: Verdict, right: str = "") -> tuple[str, ...]:
    """What a test of the turn should expect: nothing for a refusal, else the words given, else the marked ones.

    Raises:
        QuestionError: if nobody said what is right.
    """
    if is_to_refuse(turn, verdict):
        return ()
    given = tuple(_on_one_line(line) for line in right.splitlines() if line.strip())
    marked = _on_one_line(turn.answer.marked) if turn.answer and verdict is not Verdict.WRONG_ANSWER else ""
    if not given and not marked:
        raise QuestionError("say which words are the right answer, so that the test can look for them")
    return given or (marked,)


def is_to_refuse(turn: Turn, verdict: Verdict) -> bool:
    """Whether the right thing to do is to refuse: it was not done, or was and is called good."""
    refused = turn.answer is not None and turn.answer.refused
    return verdict is Verdict.SHOULD_REFUSE or (refused and verdict is Verdict.GOOD)


def keep_test_question(
    folder: Path, name: str, turn: Turn, verdict: Verdict, right: str = "", article: str = ""
) -> Path:
    """Write a turn as a test question, in place of an earlier line of that `name`; `right` has one answer a line.

    The evidence is `article`, an article's address or id, else for a good answer the articles that it quotes.

    Raises:
        QuestionError: if nobody said what is right, or the file has a mistake, or cannot be written.
    """
    quoted = [quote.article.id for quote in turn.answer.quotes] if turn.answer else []
    evidence = [article.strip()] if article.strip() else quoted if verdict is Verdict.GOOD else []
    line = {
        "id": name,
        "question": _on_one_line(turn.answer.question if turn.answer else turn.question),
        "answers": list(right_answers(turn, verdict, right)),
        "evidence": [] if is_to_refuse(turn, verdict) else list(dict.fromkeys(evidence)),
    }
    path = folder / FILE
    with FileLock(path.with_suffix(".lock")):
        try:
            if path.exists():
                read_questions(path)
            before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
            kept = [other for other in before if other.strip() and str(json.loads(other)["id"]) != name]
            arriving = path.with_suffix(".arriving")
            arriving.write_text(
                "".join(f"{row}\n" for row in (*kept, json.dumps(line, ensure_ascii=False))), encoding="utf-8"
            )
            arriving.replace(path)
        except OSError as error:
            raise QuestionError(f"{path} cannot be written ({error.strerror}): free space") from error
    return path


def _on_one_line(text: str) -> str:
    """The text without line breaks of any alphabet, as a question file has one question a line."""
    return " ".join(text.split())
