"""The samples keep their own promises: each answer stands in its evidence, and eight questions have none."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parents[1] / "samples"
ARTICLES = SAMPLES / "articles"
FIELDS = {"url", "title", "text", "published", "authors", "source"}
RESERVED_HOST = re.compile(r"https://\w+\.example\.(com|net|org)/")


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def texts_by_evidence() -> dict[str, str]:
    """The text behind each name that evidence may use: a URL of the JSON Lines file, or a file's name."""
    texts = {row["url"]: row["text"] for row in rows_of(ARTICLES / "articles.jsonl")}
    for path in ARTICLES.iterdir():
        if path.suffix != ".jsonl":
            texts[path.name] = path.read_text(encoding="utf-8")
    return texts


def test_there_are_enough_articles_in_every_format():
    rows = rows_of(ARTICLES / "articles.jsonl")
    assert len(rows) >= 15
    assert {path.suffix for path in ARTICLES.iterdir()} == {".jsonl", ".txt", ".md", ".html"}


def test_each_row_is_whole_and_names_no_real_site():
    rows = rows_of(ARTICLES / "articles.jsonl")
    assert len({row["url"] for row in rows}) == len(rows)
    for row in rows:
        assert row.keys() == FIELDS
        assert RESERVED_HOST.match(row["url"]), row["url"]
        assert date(2021, 1, 1) <= date.fromisoformat(row["published"]) <= date(2024, 12, 31)
        assert row["published"][:7].replace("-", "/") in row["url"], row["url"]
        assert all(row[field] for field in ("title", "source", "authors"))
        assert 250 <= len(row["text"].split()) <= 450, row["url"]


def test_thirty_questions_of_which_eight_have_no_answer():
    questions = rows_of(SAMPLES / "questions.jsonl")
    assert len(questions) == 30
    assert len({question["id"] for question in questions}) == 30
    assert len({question["question"] for question in questions}) == 30
    unanswerable = [question for question in questions if not question["answers"]]
    assert len(unanswerable) == 8
    assert all(question["evidence"] == [] for question in unanswerable)


def test_every_answer_stands_in_its_evidence():
    texts = texts_by_evidence()
    for question in rows_of(SAMPLES / "questions.jsonl"):
        assert bool(question["answers"]) == bool(question["evidence"]), question["id"]
        for name in question["evidence"]:
            assert name in texts, f"{question['id']}: no article is called {name}"
            for answer in question["answers"]:
                assert answer.casefold() in texts[name].casefold(), f"{question['id']}: {answer!r} not in {name}"
