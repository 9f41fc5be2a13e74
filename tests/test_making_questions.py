"""Drafted questions: each is answered where it says, by nothing else, and counts once it was accepted."""

import csv
import json
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.clues import stems_of
from assistant.evaluation.checking_drafts import ANSWERS_WELL
from assistant.evaluation.checking_drafts import read_about as about
from assistant.evaluation.drafts import Draft
from assistant.evaluation.making import draft_questions
from assistant.evaluation.reviewing import add_to_file, read_review, write_review
from assistant.questions import TestQuestion, holds_answer, read_questions
from index.errors import QuestionError
from index.hashing import HashingEmbedder
from index.local import open_library
from index.sync import sync, sync_articles
from samples import samples_folder


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """A library of all sample articles but three, those three, and drafts from both."""
    everything = open_library(tmp_path_factory.mktemp("all"), create=True)
    sync(everything, HashingEmbedder(), [samples_folder()])
    articles = list(everything.iterate_articles())
    library, apart = open_library(tmp_path_factory.mktemp("samples"), create=True), articles[:3]
    sync_articles(library, HashingEmbedder(), articles[3:])
    return library, apart, draft_questions(library, 24, apart=apart)


def test_an_answer_stands_in_its_article_and_not_in_the_question(samples):
    library, _, drafts = samples
    answered = [draft for draft in drafts if draft.question.answerable]
    assert len(answered) >= 10
    for draft in answered:
        article = library.find_article(draft.question.evidence[0])
        assert " ".join(article.text[draft.start : draft.end].split()) == draft.question.answers[0]
        assert draft.question.answers[0] in draft.sentence
        assert not holds_answer(draft.question.question, draft.question.answers)


def test_no_other_article_has_what_is_asked_with_another_answer(samples):
    library, _, drafts = samples
    for draft in drafts:
        clues = about(draft.question.question, library)
        for _, article, text in library.iterate_passages():
            cover = clues.cover(stems_of(f"{article.title} {text}"))
            if article.id not in draft.question.evidence and cover == 1:
                assert holds_answer(text, draft.question.answers)


def test_what_must_be_refused_is_of_articles_that_are_not_there_or_of_swapped_names(samples):
    library, apart, drafts = samples
    refused = [draft for draft in drafts if draft.question.must_refuse]
    swapped = [draft for draft in draft_questions(library, 24) if draft.question.must_refuse]
    assert {draft.question.id.split("-")[0] for draft in swapped} == {"swapped"}
    assert {draft.question.id.split("-")[0] for draft in refused} >= {"apart"}
    refused += swapped
    assert all(draft.kind == "article not in the library" or " instead of " in draft.kind for draft in refused)
    titles = {article.title for article in apart}
    for draft in refused:
        assert draft.question.id.startswith("apart") is (draft.title in titles)
        clues = about(draft.question.question, library)
        covers = [clues.cover(stems_of(f"{a.title} {text}")) for _, a, text in library.iterate_passages()]
        assert max(covers) < ANSWERS_WELL


def test_the_same_library_gives_the_same_questions(samples):
    library, apart, drafts = samples
    assert draft_questions(library, 24, apart=apart) == drafts
    assert draft_questions(library, 24, apart=apart, seed=1) != drafts
    assert len({draft.question.id for draft in drafts}) == len(drafts)


def test_an_ambiguous_question_is_dropped_and_a_second_witness_becomes_evidence(library, put, article):
    first = "Tove Aune, the chairman of the Skarvik Harbour Board, said on Monday that the cranes had come at last."
    put(article("first", first), article("other", "Fishing was poor this spring, and nobody knew why that was so."))
    before = {draft.question.question: draft for draft in draft_questions(library, 9) if draft.question.answerable}
    question = next(question for question in before if "chairman" in question and question.startswith("Who"))
    assert before[question].question.evidence == ("https://news.example.org/first",)
    put(
        article(
            "second", "Nobody knew why but Tove Aune, the chairman of the Skarvik Harbour Board, who left on Sunday."
        )
    )
    both = {draft.question.question: draft for draft in draft_questions(library, 9)}
    assert set(both[question].question.evidence) == {f"https://news.example.org/{name}" for name in ("first", "second")}
    put(article("third", "Bo Ek, the chairman of the Skarvik Harbour Board, did not want to speak of ships yesterday."))
    assert question not in {draft.question.question for draft in draft_questions(library, 9)}


@pytest.fixture
def review(tmp_path):
    drafts = [
        Draft(TestQuestion("a", "Who won?", ("Maja Lind", "Lind"), ("u1", "u2")), "who", "It was Maja Lind.", "Title"),
        Draft(TestQuestion("b", "Who lost?", ("=Bo",), ("u1",)), "who", "=Bo lost, it said.", "Title"),
        Draft(TestQuestion("c", "Who flew?", (), ()), "x instead of y", "Nobody", "Title"),
    ]
    path = tmp_path / "review.csv"
    path.write_text(write_review(drafts))
    return path, drafts


def mark(path, *marks, **changed):
    """Write under accept, as a spreadsheet that parts columns by semicolons."""
    text = path.read_text()
    rows = list(csv.DictReader(text.splitlines(), delimiter=text[len("accept")]))
    for row, verdict in zip(rows, marks, strict=True):
        row["accept"] = verdict
        row.update(changed if verdict else {})
    with path.open("w") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def test_accepted_rows_come_back_as_they_were_or_were_mended(review, tmp_path):
    path, drafts = review
    assert read_review(path) == ([], 3)
    mark(path, "y", "X", "no")
    accepted, left = read_review(path)
    assert (accepted, left) == ([drafts[0].question, drafts[1].question], 1)
    mark(path, "", "", "yes", question="Who swam?")
    assert read_review(path)[0][0].question == "Who swam?"
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": "old", "question": "Who?", "answers": []}')
    assert add_to_file(questions, accepted) == 3
    assert [question.id for question in read_questions(questions)] == ["old", "a", "b"]
    before = questions.read_text()
    with pytest.raises(QuestionError, match="has a, b already"):
        add_to_file(questions, accepted)
    assert questions.read_text() == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,question\n", "has no column accept, answers, evidence"),
        ("accept,id,question,answers,evidence\nmaybe,a,Who?,,\n", "line 2: 'maybe' under accept"),
        ("accept,id,question,answers,evidence\ny,,Who?,,\n", "line 2: an accepted question must have an id"),
    ],
)
def test_a_mistake_in_a_review_table_is_told(tmp_path, text, message):
    (tmp_path / "review.csv").write_text(text)
    with pytest.raises(QuestionError, match=message):
        read_review(tmp_path / "review.csv")


def test_questions_are_made_accepted_and_evaluated_by_commands(tmp_path, capsys):
    options = ["--library", str(tmp_path / "library"), "--embedding-model", "hashing"]
    assert main(["sync", samples_folder(), *options]) == 0
    capsys.readouterr()
    assert main(["questions", "make", "review.csv", "--number", "12", "--json", *options]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert counts["questions"] >= 8
    assert main(["questions", "make", "review.csv", *options]) == 2
    assert "is there already" in capsys.readouterr().err
    rows = list(csv.DictReader(Path("review.csv").read_text().splitlines()))
    mark(Path("review.csv"), *("y" for _ in rows))
    assert main(["questions", "accept", "review.csv", "questions.jsonl", "--json", *options]) == 0
    assert json.loads(capsys.readouterr().out)["accepted"] == len(rows)
    assert main(["evaluate", "questions.jsonl", "--reader", "words", "--json", *options]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert json.loads(captured.out)["figures"]["articles/hit@5"] > 0.8
