"""What was asked in the chat becomes candidates, and only what somebody called right is taken for right."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import page_stand_in as given
import pytest

from assistant.cli import main
from assistant.evaluation.reviewing import read_review
from assistant.history import open_history
from assistant.questions import TestQuestion, read_questions
from assistant.turns import Turn, Verdict
from index.errors import QuestionError
from index.hashing import HashingEmbedder
from index.scope import Scope
from index.sync import sync_articles


@pytest.fixture
def asked(library):
    """Keeps turns in the library's history, in conversations of two owners."""
    sync_articles(library, HashingEmbedder(), [given.HARBOUR, given.HOSTILE])
    history = open_history(library.folder)

    def _asked(answer, verdict=None, *, owner="me", question="", in_tests=False):
        conversation, number = history.begin(owner, question or answer.question)
        history.finish(owner, conversation, Turn(number, question or answer.question, answer))
        if verdict:
            history.judge(owner, conversation, number, verdict)
        if in_tests:
            history.note_test(owner, conversation, number)

    return _asked


def collect(library, *options):
    code = main(["questions", "collect", "review.csv", "--library", str(library.folder), *options])
    rows = csv.DictReader(Path("review.csv").read_text().splitlines()) if code == 0 else []
    return code, {row["question"]: row for row in rows}


def test_good_answers_come_with_their_gold_and_what_is_not_known_must_be_filled_in(library, asked, capsys):
    asked(given.answer("Who pays for it?", given.COST), Verdict.GOOD)
    asked(given.answer("How high is it?", given.RAISED), Verdict.WRONG_ANSWER, owner="you")
    asked(given.answer("Who is building?", given.MAYOR), Verdict.WRONG_SOURCE)
    asked(given.answer("Who is the king?", given.MAYOR), Verdict.SHOULD_REFUSE)
    asked(given.refusal("Why is the sky blue?"))
    asked(given.refusal("Who won?"), Verdict.GOOD, owner="you")
    asked(given.refusal("When does work begin?"), Verdict.WRONG_ANSWER)
    asked(given.answer("Nobody judged this?", given.COST))
    code, rows = collect(library)
    assert code == 0
    harbour = given.HARBOUR.id
    assert {question: (row["answers"], row["evidence"]) for question, row in rows.items()} == {
        "Who pays for it?": ("14 million euros", harbour),
        "How high is it?": ("?", ""),
        "Who is building?": ("building for our grandchildren", "?"),
        "Who is the king?": ("", ""),
        "Why is the sky blue?": ("", ""),
        "Who won?": ("", ""),
        "When does work begin?": ("?", ""),
    }
    assert list(rows)[-1] == "Why is the sky blue?"  # what nobody judged comes last
    assert rows["Who pays for it?"]["sentence"] == given.COST.text
    assert "me" not in {cell for row in rows.values() for cell in row.values()}
    assert collect(library)[0] == 2
    assert "is there already" in capsys.readouterr().err


def test_what_is_not_known_cannot_be_accepted_and_the_rest_is_evaluated(library, asked, capsys):
    asked(given.answer("What do the harbour and its wall cost in euros?", given.COST), Verdict.GOOD)
    asked(given.answer("How high is the wall?", given.RAISED), Verdict.WRONG_ANSWER)
    collect(library)
    text = Path("review.csv").read_text()
    Path("review.csv").write_text(text.replace("\n,", "\ny,"))
    with pytest.raises(QuestionError, match=r"line [23]: answers is still '\?'"):
        read_review(Path("review.csv"))
    Path("review.csv").write_text(text.replace("\n,", "\ny,").replace(",?,", ",60 centimetres,"))
    options = ["--library", str(library.folder), "--embedding-model", "hashing"]
    assert main(["questions", "accept", "review.csv", "questions.jsonl", *options]) == 0
    assert {(item.question, item.answers) for item in read_questions(Path("questions.jsonl"))} == {
        ("What do the harbour and its wall cost in euros?", ("14 million euros",)),
        ("How high is the wall?", ("60 centimetres",)),
    }
    capsys.readouterr()
    assert main(["evaluate", "questions.jsonl", "--reader", "words", "--json", *options]) == 0
    assert json.loads(capsys.readouterr().out)["figures"]["articles/hit@1"] == 1
    Path("review.csv").unlink()
    assert collect(library, "--known", "questions.jsonl")[0] == 2
    told = capsys.readouterr().err
    assert "2 left out: they are in a question file already" in told
    assert "nothing to collect" in told


def test_of_a_question_asked_often_the_latest_verdict_counts_and_a_follow_up_stands_alone(library, asked):
    asked(given.answer("What does it cost?", given.RAISED), Verdict.WRONG_ANSWER)
    asked(given.answer("What does it  cost", given.COST), Verdict.GOOD)
    asked(given.refusal("what does it cost?"))
    follow_up = replace(given.answer("What does the wall cost?", given.COST), asked="And the wall?")
    asked(follow_up, Verdict.GOOD, question="And the wall?")
    rows = collect(library)[1]
    assert {question: row["answers"] for question, row in rows.items()} == {
        "What does it cost": "14 million euros",
        "What does the wall cost?": "14 million euros",
    }


def test_what_proves_nothing_is_left_out_and_counted(library, asked, capsys):
    asked(given.answer("Gone?", given.MINISTER), Verdict.GOOD)
    asked(replace(given.refusal("In there?"), scope=Scope(sources=("Example Courier",))))
    asked(given.answer("A test already?", given.COST), Verdict.GOOD, in_tests=True)
    asked(given.refusal("Kept?"))
    code, rows = collect(library)
    assert (code, list(rows)) == (0, ["Kept?"])
    told = capsys.readouterr().err
    assert "1 left out: what they quote is no longer in the library" in told
    assert "1 left out: they were refused, or should have been, within chosen sources or days" in told
    assert "1 left out: they are in a question file already" in told


def test_a_chat_that_nobody_used_is_told(library, tmp_path, capsys):
    code, _ = collect(library)
    assert (code, (tmp_path / "review.csv").exists()) == (2, False)
    assert "nothing to collect" in capsys.readouterr().err
    assert not (library.folder / "history.db").exists()


def test_known_ids_count_too(library, asked):
    from assistant.evaluation.collecting import collect_asked

    asked(given.refusal("Why is the sky blue?"))
    (turn,) = open_history(library.folder).all_turns()
    (draft,) = collect_asked([turn], library).drafts
    mended = TestQuestion(draft.question.id, "Why is the evening sky red?", (), ())
    assert collect_asked([turn], library, [mended]).drafts == ()
