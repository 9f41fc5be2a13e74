"""Public collections in BEIR's format, and RealTimeQA's, as articles and questions.

The one rule: a line that is wrong is told with its number; nothing of a collection is left out silently.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.evaluation.trec import add_qrels, read_qrels
from assistant.questions import TestQuestion, parse_object
from index.errors import QuestionError
from index.records import Article

QRELS = ("qrels/test.tsv", "qrels.tsv", "qrels/dev.tsv")


def read_corpus(folder: Path) -> list[Article]:
    """The articles of a BEIR folder (Thakur et al., 2021): `corpus.jsonl` with `_id`, `title`, `text`."""
    articles = []
    for where, row in _rows(folder / "corpus.jsonl"):
        name, text = _field(row, "_id", where), _field(row, "text", where)
        articles.append(Article(name, str(row.get("title") or ""), text, origin=str(folder / "corpus.jsonl")))
    return articles


def read_queries(folder: Path) -> list[TestQuestion]:
    """The judged questions of a BEIR folder, with their judgements; their answers are not known."""
    path = next((folder / name for name in QRELS if (folder / name).exists()), None)
    if path is None:
        raise QuestionError(f"{folder} has no judgements: one of {', '.join(QRELS)}")
    qrels = read_qrels(path)
    questions = [
        TestQuestion(_field(row, "_id", where), _field(row, "text", where), (), ())
        for where, row in _rows(folder / "queries.jsonl")
    ]
    judged = add_qrels(questions, qrels, path)
    return [question for question in judged if question.evidence]


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(
            f"{path} cannot be read ({error}): a BEIR folder has corpus.jsonl, queries.jsonl and qrels"
        ) from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            where = f"{path}, line {number}"
            yield where, parse_object(line, where)


def _field(row: dict[str, Any], name: str, where: str) -> str:
    value = row.get(name)
    if not isinstance(value, (str, int)) or not str(value).strip():
        raise QuestionError(f'{where}: no "{name}"')
    return str(value)
