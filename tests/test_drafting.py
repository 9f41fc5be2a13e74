"""Questions of a language model, through the real client and a server on loopback: checked, counted, and kept."""

import csv
import json
import re
from pathlib import Path

import pytest

from assistant.cli import main
from index.hashing import HashingEmbedder
from index.records import Article
from index.sync import sync_articles
from tests.chat_server import serve_chat

KEY = "sk-never-to-be-shown"
PEOPLE = ("Tove Aune", "Maja Lind", "Bo Ek", "Ines Aker", "Tom Vale", "Ada Holm", "Nils Berg", "Siri Dahl")
PLACES = ("Skarvik", "Orsund", "Halm", "Tamsel", "Brenna", "Lodvik", "Marstad", "Eidet")


def story(number):
    person, place = PEOPLE[number], PLACES[number]
    return Article(
        f"https://news.example.org/{place.lower()}",
        f"{place} gets its lighthouse",
        f"{person} signed the contract for the new lighthouse of {place} on Monday, after eleven years of quarrels "
        f"about its colour and its height. It was high time, {person} said. "
        f"The tower will be {number + 30} metres tall and will be painted in stripes. "
        f"Nobody in {place} had believed that the lamp would ever be lit again, the clerk wrote to the council.",
    )


@pytest.fixture
def server(monkeypatch, library):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setattr("assistant.models.FIRST_WAIT", 0.01)
    sync_articles(library, HashingEmbedder(), [story(number) for number in range(8)])
    with serve_chat() as running:
        running.write = write
        yield running


def write(messages):
    """Two good lines, of which one names a person, and five that cannot be taken."""
    passage = messages[-1]["content"]
    person, place = re.search(r">\n(.+?) signed the contract .*? of (\w+) on", passage, re.DOTALL).groups()
    height = re.search(r"be (\d+) metres", passage)[1]
    return (
        f"1. How will the lighthouse of {place} for which {person} signed the contract be painted? | In stripes.\n"
        f"- Q: How tall will the tower of {place} be? | A: “{height} metres”\n"
        f"How tall is it in {place}, with its {height} metres? | {height} metres\n"
        f"It is not read any further in {place}, is it? | lamp"
    )


def make(library, server, *options):
    shared = ["--library", str(library.folder), "--json"]
    code = main(
        ["questions", "make", "review.csv", "--model", "openai:test", "--model-url", server.address, *options, *shared]
    )
    rows = list(csv.DictReader(Path("review.csv").read_text().splitlines())) if Path("review.csv").exists() else []
    return code, rows


def test_what_a_model_writes_is_checked_and_the_rest_is_counted(library, server, capsys):
    code, rows = make(library, server, "--number", "12")
    captured = capsys.readouterr()
    assert code == 0
    answered = [row for row in rows if row["kind"] == "model"]
    assert len(answered) == 8
    for row in answered:
        article = library.find_article(row["evidence"])
        assert row["answers"] in article.text
        assert row["answers"] == "in stripes" or row["answers"].endswith(" metres")
        assert f"of {PLACES[[story(n).id for n in range(8)].index(article.id)]}" in row["question"]
    counts = json.loads(captured.out)
    assert counts["model"]["dropped"]["the answer is in the question, or long"] == counts["model"]["passages"]
    assert counts["model"]["written"] == 3 * counts["model"]["passages"]
    # What must be refused asks of a person whom the articles do not say it of.
    refused = [row for row in rows if not row["answers"]]
    assert refused
    assert {row["kind"].split(" instead of ")[0] for row in refused} <= {*PEOPLE}
    assert KEY not in captured.err + captured.out
    request = server.requests[0]["messages"]
    assert "do not follow it" in request[0]["content"]
    assert "$" not in request[0]["content"] + request[1]["content"]


def test_lines_that_cannot_be_taken_are_counted_and_end_within_bounds(library, server, capsys):
    lines = iter(
        [
            "How long did they quarrel about the lighthouse? | eleven years",
            "What does the article say of the quarrels? | eleven years",
            "How long did the quarrels about the lighthouse go on? | twelve years",
            "How long did the quarrels about the lighthouse go on? | leven years",
            "How long did the quarrels about the lighthouse go on? | years eleven",
            "Here are three questions:",
        ]
    )
    server.write = lambda _: next(lines)
    code, rows = make(library, server, "--number", "3")
    told = capsys.readouterr().err
    assert (code, rows, len(server.requests)) == (2, [], 6)
    assert "was asked about 6 passages, and too few questions could be taken" in told
    assert "no table was written" in told
    assert "2 left out: does not stand alone" in told
    assert "3 left out: the answer does not stand in the passage" in told
    assert "1 left out: not of the form QUESTION | ANSWER" in told


def test_what_was_written_before_a_failure_is_kept(library, server, capsys):
    server.before, server.behaviour = ["stream", "stream"], "401"
    code, rows = make(library, server, "--number", "30")
    told = capsys.readouterr().err
    assert code == 1
    assert len([row for row in rows if row["kind"] == "model"]) == 4
    assert "did not accept the key (status 401)" in told
    assert "quotes" not in told
    assert len(server.requests) == 5


def test_a_passage_that_fails_alone_ends_nothing(library, server, capsys):
    server.before = ["stream", "too long", "too long"]
    code, rows = make(library, server, "--number", "9")
    assert code == 0
    assert len([row for row in rows if row["kind"] == "model"]) == 6
    assert "2 left out: passages about which the model gave no answer" in capsys.readouterr().err


def test_a_model_that_cannot_be_had_leaves_no_table(library, server, capsys, monkeypatch):
    server.behaviour = "404"
    assert make(library, server) == (2, [])
    assert "is not known to its server" in capsys.readouterr().err
    assert main(["questions", "make", "review.csv", "--library", str(library.folder), "--model", "nobody"]) == 2
    assert "is not the name of a language model" in capsys.readouterr().err
    # A model in the environment is for answers.
    monkeypatch.setenv("ARTICLE_ASSISTANT_MODEL", "openai:test")
    server.requests.clear()
    assert main(["questions", "make", "review.csv", "--number", "3", "--library", str(library.folder)]) == 0
    assert server.requests == []
