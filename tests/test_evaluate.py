"""The figures, worked out by hand."""

import pytest

from assistant.answer import Answer
from assistant.evaluate import Outcome, measure
from assistant.questions import TestQuestion, holds_answer, read_questions
from assistant.quotes import Quote
from index.errors import QuestionError
from index.records import Hit


def hits_of(article, *texts):
    made = [article(f"n{n}", text) for n, text in enumerate(texts)]
    return tuple(Hit(n, a, 0, len(a.text), a.text, 1 / (n + 1)) for n, a in enumerate(made))


def quoting(article, question, *texts):
    quotes = tuple(Quote(a, 0, len(a.text), a.text, (0, len(a.text))) for a in [article(text=text) for text in texts])
    return Answer(question, not quotes, 0.9 if quotes else 0.1, "", quotes, seconds={"search": 0.25, "read": 0.5})


@pytest.fixture
def evaluation(article):
    """Three questions with an answer: found first and quoted, found third and refused, failed. One without: refused."""
    url = "https://news.example.org/"
    first = TestQuestion("q1", "Who won?", ("Maja Lind",), (url + "n0",))
    third = TestQuestion("q2", "Who lost?", ("Bo Ek",), (url + "n1", url + "missing"))
    broken = TestQuestion("q3", "Who failed?", ("Nobody",), ())
    absent = TestQuestion("q4", "Who flew?", (), ())
    outcomes = [
        Outcome(first, quoting(article, "Who won?", "It was Maja Lind."), hits_of(article, "Maja Lind won.", "No.")),
        Outcome(third, quoting(article, "Who lost?"), hits_of(article, "No.", "No.", "In the end Bo Ek lost.")),
        Outcome(broken, None, failure="no words"),
        Outcome(absent, quoting(article, "Who flew?"), hits_of(article, "No.")),
    ]
    return measure(outcomes, {url + "n0": url + "n0", url + "n1": url + "n1"})


def test_a_hit_is_a_passage_with_an_answer(evaluation):
    assert evaluation.passages == pytest.approx(
        {"hit@1": 1 / 3, "hit@5": 2 / 3, "hit@10": 2 / 3, "hit@20": 2 / 3, "mrr@10": (1 + 1 / 3 + 0) / 3}
    )


def test_articles_are_measured_where_evidence_is_in_the_library(evaluation):
    assert evaluation.with_evidence == 2
    assert evaluation.articles == pytest.approx(
        {"hit@1": 1 / 2, "hit@5": 1, "hit@10": 1, "hit@20": 1, "mrr@10": (1 + 1 / 2) / 2}
    )


def test_refusals_have_precision_and_recall(evaluation):
    assert evaluation.refusal_precision == 1 / 2
    assert evaluation.refusal_recall == 1
    assert evaluation.answer_in_quotes == 1 / 3


def test_failures_and_missing_evidence_are_named(evaluation):
    assert evaluation.failures == (("q3", "no words"),)
    assert evaluation.missing_evidence == (("q2", "https://news.example.org/missing"),)
    assert evaluation.seconds == 0.75


def test_a_copy_counts_where_its_original_stands(article):
    copied = Hit(1, article("first"), 0, 3, "The", 1.0, copies=("https://news.example.org/second",))
    question = TestQuestion("q", "Who?", ("The bridge",), ("second",))
    outcome = Outcome(question, quoting(article, "Who?"), (copied,))
    assert measure([outcome], {"second": "https://news.example.org/second"}).articles["hit@1"] == 1


@pytest.mark.parametrize(
    ("text", "answers", "held"),
    [
        ("They won 84–82 at home.", ("84-82",), True),
        ("The Alaska Airlines jet landed.", ("alaska airlines",), True),
        ("He bought an apple.", ("The Apple",), True),
        ("In 1994 it rained.", ("199",), False),
        ("Washingtonians voted.", ("Washington",), False),
        ("anything", ("",), False),
    ],
)
def test_an_answer_is_held_as_whole_words(text, answers, held):
    assert holds_answer(text, answers) is held


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("", "has no questions"),
        ("{", "line 1: not JSON"),
        ("[1]", "line 1: a list, not an object"),
        ('{"id": 1, "answers": []}', 'line 1: no "question"'),
        ('{"question": "Who?", "answers": []}', 'line 1: no "id"'),
        ('{"id": 1, "question": "Who?"}', 'line 1: no "answers"'),
        ('{"id": 1, "question": "Who?", "answers": "Ann"}', 'line 1: "answers" must be a list of strings, it is "Ann"'),
        ('{"id": 1, "question": "A?", "answers": []}\n' * 2, "questions 1 and 2 have the same id '1'"),
    ],
)
def test_a_mistake_in_a_question_file_is_told_with_its_line(tmp_path, lines, message):
    path = tmp_path / "questions.jsonl"
    path.write_text(lines)
    with pytest.raises(QuestionError, match=message):
        read_questions(path)


def test_a_missing_question_file_is_told(tmp_path):
    with pytest.raises(QuestionError, match="cannot be read"):
        read_questions(tmp_path / "none.jsonl")
