"""Question files: what is read, what is told of a mistake, and when an answer stands in a text."""

import json

import pytest

from assistant.questions import TestQuestion, holds_answer, read_question_files, read_questions
from index.errors import QuestionError

LINE = '{"id": "%s", "question": "Who won?", "answers": ["Maja Lind"]}'


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
        ('{"id": 1, "question": "Who?", "answer": ["Ann"]}', 'is "answer" meant for it'),
        ('{"id": 1, "question": "Who?", "answers": ["?!"]}', 'line 1: "answers" hold no words'),
        ('{"id": [1], "question": "Who?", "answers": []}', 'line 1: no "id"'),
        (
            '{"id": 1, "question": "Who?", "evidence": {"a": "high"}}',
            'line 1: grades in "evidence" must be whole numbers',
        ),
        ('[\n{"id": 1},\n{"id": 2}]', "is a JSON array; .*jq"),
        ("id,question,answers\n1,Who?,Ann", "looks like a table .*questions accept"),
        ("<html>", "is HTML or XML"),
        ("%PDF-1.7", "is a PDF"),
        ('{"id": 1, "question": "Who?", "answers": "Ann"}', 'line 1: "answers" must be a list of strings, it is "Ann"'),
        ('{"id": 1, "question": "A?", "answers": []}\n' * 2, "line 1 and .*line 2 have the same id '1'"),
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


def test_ids_are_unique_over_all_files(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).write_text("\n" + LINE % "7")
    with pytest.raises(QuestionError, match=r"one, line 2 and .*two, line 2 have the same id '7'"):
        read_question_files([tmp_path / "one", tmp_path / "two"])


def test_unknown_fields_and_the_want_of_answers_are_told(tmp_path):
    path = tmp_path / "questions"
    rows = [
        {"id": 1, "question": "Who?", "answers": [], "evidences": ["a"], "asked": "today"},
        {"id": 2, "question": "Who?", "evidence": ["a"], "asked": "today"},
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    questions, notices = read_question_files([path])
    assert [(question.must_refuse, question.answerable) for question in questions] == [(True, False), (False, False)]
    assert notices == [
        f'{path}, 2 lines from line 1: the field "asked" is not known and is left unread',
        f'{path}, line 1: the field "evidences" is not known (is "evidence" meant?) and is left unread',
        "none of the 2 questions has an answer: retrieval of the evidence and refusals can be measured, answers cannot",
    ]


def test_evidence_may_be_graded(tmp_path):
    path = tmp_path / "questions"
    path.write_text('{"id": 1, "question": "Who?", "evidence": {"a": 2, "b": 1}}')
    assert read_questions(path) == [TestQuestion("1", "Who?", (), ("a", "b"), (2, 1), answers_known=False)]
    assert read_questions(path)[0].graded == {"a": 2, "b": 1}
