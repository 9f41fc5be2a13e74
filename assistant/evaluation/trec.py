"""Runs and judgements in TREC's formats, so that trec_eval and others can check the figures, and we theirs.

The one rule: what is written gives, through `ir-measures` or trec_eval, the same figures as `evaluate`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from assistant.evaluation.records import Found, Result, Run
from assistant.evaluation.relevance import Level, judge_results, name_article
from assistant.questions import TestQuestion
from index.errors import QuestionError

_FILES = {Level.ANSWER: "passages", Level.EVIDENCE: "evidence-passages", Level.ARTICLE: "articles"}
QRELS_FIELDS, RUN_FIELDS = 4, 6
_Number = TypeVar("_Number", int, float)


def write_trec(run: Run, folder: Path) -> list[Path]:
    """Write `passages`, `evidence-passages` and `articles`, each as `.qrels` and `.run`, those that there are.

    Raises:
        QuestionError: if the folder cannot be written.
    """
    written = []
    tag = (run.name or "article-assistant").replace(" ", "-")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for level, name in _FILES.items():
            judged = judge_results(run.results, level, run.order)
            if not judged.qrels:
                continue
            qrels = [f"{query} 0 {item} {grade}" for query, of in judged.qrels.items() for item, grade in of.items()]
            ranking = [
                f"{query} Q0 {item} {rank} {score:g} {tag}"
                for query, of in judged.run.items()
                for rank, (item, score) in enumerate(of.items(), 1)
            ]
            for ending, lines in (("qrels", qrels), ("run", ranking)):
                path = folder / f"{name}.{ending}"
                path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
                written.append(path)
    except OSError as error:
        raise QuestionError(f"{folder} cannot be written ({error}): name a folder that can be") from error
    return written


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Judgements, question id -> article -> grade: TREC's four columns, or BEIR's three with a header.

    What was judged irrelevant (0 or less) is left out, as for trec_eval.

    Raises:
        QuestionError: naming the line that is wrong.
    """
    qrels: dict[str, dict[str, int]] = {}
    for where, columns in _rows(path):
        beir = len(columns) == QRELS_FIELDS - 1
        if beir and columns[2] == "score":
            continue
        if len(columns) != QRELS_FIELDS and not beir:
            raise QuestionError(f"{where}: {len(columns)} columns; qrels have `question 0 article grade`")
        query, article, grade = (columns[0], *columns[-2:])
        judged = qrels.setdefault(query, {})
        if article in judged:
            raise QuestionError(f"{where}: {article} is judged twice for question {query}")
        judged[article] = _number(int, grade, "grade", where)
    return {query: {a: grade for a, grade in judged.items() if grade > 0} for query, judged in qrels.items()}


def read_ranking(path: Path) -> dict[str, list[str]]:
    """A run file's articles by question, best first; equal scores in the order that trec_eval takes.

    Raises:
        QuestionError: naming the line that is wrong.
    """
    scores: dict[str, dict[str, float]] = {}
    for where, columns in _rows(path):
        if len(columns) != RUN_FIELDS:
            raise QuestionError(f"{where}: {len(columns)} columns; a run has `question Q0 article rank score tag`")
        query, _, article, _, score, _ = columns
        ranked = scores.setdefault(query, {})
        if article in ranked:
            raise QuestionError(f"{where}: {article} is ranked twice for question {query}")
        ranked[article] = _number(float, score, "score", where)
    return {
        query: [name for name, _ in sorted(of.items(), key=lambda item: (item[1], item[0]), reverse=True)]
        for query, of in scores.items()
    }


def add_qrels(questions: Sequence[TestQuestion], qrels: dict[str, dict[str, int]], path: Path) -> list[TestQuestion]:
    """The questions with the judgements as their evidence.

    Raises:
        QuestionError: if no question is judged, or a judged question is not asked.
    """
    known = {question.id for question in questions}
    strange = [query for query in qrels if query not in known]
    if strange:
        raise QuestionError(
            f"{path} judges questions that are not asked: {', '.join(strange[:5])} ({len(strange)} of {len(qrels)})"
        )
    return [
        replace(
            question,
            evidence=tuple(qrels[question.id]),
            grades=tuple(qrels[question.id].values()),
            answers_known=question.answerable,
        )
        if question.id in qrels
        else question
        for question in questions
    ]


def run_from_ranking(name: str, path: Path, questions: Sequence[TestQuestion]) -> Run:
    """Another system's ranking of articles as a run; nothing was read, so only articles are measured.

    Raises:
        QuestionError: naming the line that is wrong, or if the file ranks nothing for any question.
    """
    rankings = read_ranking(path)
    if not any(question.id in rankings for question in questions):
        raise QuestionError(f"{path} ranks nothing for any of the {len(questions)} questions: are the ids the same?")
    results = []
    for question in questions:
        found = tuple(Found(name_article(article), 0, 0) for article in rankings.get(question.id, ()))
        evidence = {name_article(article): grade for article, grade in question.graded.items()}
        results.append(Result(replace(question, answers=(), answers_known=False), found, evidence=evidence))
    library: dict[str, str | int] = {"folder": "", "revision": 0, "articles": 0, "passages": 0}
    return Run(name, "", (path.name,), library, {"version": "", "run file": path.name}, tuple(results))


def _rows(path: Path) -> Iterator[tuple[str, list[str]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"{path} cannot be read ({error}): name a text file in UTF-8") from error
    filled = [(f"{path}, line {number}", line.split()) for number, line in enumerate(lines, 1) if line.strip()]
    if not filled:
        raise QuestionError(f"{path} is empty")
    yield from filled


def _number(kind: type[_Number], text: str, name: str, where: str) -> _Number:
    try:
        return kind(text)
    except ValueError as error:
        raise QuestionError(f"{where}: the {name} {text!r} is not a number") from error
