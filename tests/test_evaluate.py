"""The figures, worked out by hand."""

import pytest

from assistant.answer import Answer
from assistant.ask import Assistant
from assistant.evaluate import Outcome, evaluate, measure
from assistant.printing import describe_evaluation, evaluation_to_json
from assistant.questions import TestQuestion, holds_answer, read_questions
from assistant.quotes import Quote
from assistant.reader import Evidence, Reading
from assistant.risk import RiskPoint
from assistant.settings import Settings
from index.dense import open_view
from index.errors import QuestionError
from index.records import Hit
from index.search import Searcher


def hits_of(article, *texts):
    made = [article(f"n{n}", text) for n, text in enumerate(texts)]
    return tuple(Hit(n, a, 0, len(a.text), a.text, 1 / (n + 1)) for n, a in enumerate(made))


def quotes_of(article, *texts):
    return tuple(Quote(a, 0, len(a.text), a.text, (0, len(a.text))) for a in [article(text=text) for text in texts])


def quoting(article, question, *texts, read=()):
    quotes = quotes_of(article, *texts)
    confidence = 0.9 if quotes else 0.1
    return Answer(question, not quotes, confidence, "", quotes, seconds={"search": 0.25, "read": 0.5}, read=read)


@pytest.fixture
def evaluation(article):
    """Three questions with an answer: found first and quoted, found third (first when read) and refused, failed.

    One without an answer: refused.
    """
    url = "https://news.example.org/"
    first = TestQuestion("q1", "Who won?", ("Maja Lind",), (url + "n0",))
    third = TestQuestion("q2", "Who lost?", ("Bo Ek",), (url + "n1", url + "missing"))
    broken = TestQuestion("q3", "Who failed?", ("Nobody",), ())
    absent = TestQuestion("q4", "Who flew?", (), ())
    won, lost = hits_of(article, "Maja Lind won.", "No."), hits_of(article, "No.", "No.", "In the end Bo Ek lost.")
    quoted, refused = quotes_of(article, "It was Maja Lind."), quotes_of(article, "Bo Ek lost.")
    outcomes = [
        Outcome(first, quoting(article, "Who won?", quoted[0].text, read=won[::-1]), won, unrefused=quoted),
        Outcome(third, quoting(article, "Who lost?", read=lost[::-1]), lost, unrefused=refused),
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


def test_the_words_that_the_first_quote_marks_are_compared(evaluation, article):
    # "it was maja lind" for "maja lind": precision 2/4, recall 1, so F1 2/3; the other two quote nothing.
    assert evaluation.exact_match == 0
    assert evaluation.f1 == pytest.approx(2 / 3 / 3)
    text = "It was Maja Lind."
    marked = Quote(article(text=text), 0, len(text), text, (7, 16))
    answer = Answer("Who?", False, 0.9, "", (marked, *quotes_of(article, "Bo Ek.")))
    assert measure([Outcome(TestQuestion("q", "Who?", ("Maja Lind",), ()), answer)], {}).exact_match == 1


def test_an_answer_of_articles_alone_is_not_met_by_refusing(article):
    assert measure([Outcome(TestQuestion("q", "Which?", ("A",), ()), quoting(article, "Which?"))], {}).f1 == 0


def test_the_first_passage_after_reading_is_measured_for_refused_answers_too(evaluation):
    assert evaluation.hit_after_reading == 1 / 3  # the second question's; reading moved the first one's away


def test_confidence_tells_what_is_answerable(evaluation):
    # 0.9, 0.1 and 0 (failed) against 0.1: won, tied, lost.
    assert evaluation.answerability == 1 / 2


def test_risk_counts_the_quotes_that_were_refused(evaluation):
    expected = (RiskPoint(0.9, 1 / 4, 0), RiskPoint(0.1, 3 / 4, 1 / 3), RiskPoint(0, 1, 2 / 4))
    assert evaluation.risk_coverage == expected
    assert evaluation.risk_coverage_area == pytest.approx(1 / 4 * 0 + 1 / 2 * 1 / 3 + 1 / 4 * 1 / 2)


def test_an_unanswerable_question_that_fails_is_no_gain(article):
    outcomes = [
        Outcome(TestQuestion("a", "Who?", ("Maja Lind",), ()), quoting(article, "Who?", "Maja Lind.")),
        Outcome(TestQuestion("b", "Who?", (), ()), None, failure="gone"),
    ]
    assert measure(outcomes, {}).answerability == 0


class OnceReader:
    """Marks the first word of each hit and is as sure as it is told; counts how often it reads."""

    name = "once"

    def __init__(self, probability):
        self.probability = probability
        self.read_times = 0

    def read(self, question, hits):
        self.read_times += 1
        evidence = [Evidence(hit, hit.start, hit.end, (hit.start, hit.start + 4), 0.5) for hit in hits]
        return Reading(tuple(evidence), self.probability)


def test_each_question_is_asked_once_and_the_threshold_is_applied_afterwards(library, embedder, put, article):
    put(article("a", "Lind opened the long bridge over the river Tamsel on Monday morning."))
    reader = OnceReader(0.4)
    assistant = Assistant(
        Settings(refuse_below=0.5), library, embedder, Searcher(library, open_view(library), embedder), reader
    )
    evaluation = evaluate(assistant, [TestQuestion("q", "Who opened the bridge?", ("Lind",), ())])
    outcome = evaluation.outcomes[0]
    assert reader.read_times == 1
    assert outcome.answer.refused
    assert (outcome.answer.quotes, outcome.answer.text) == ((), "The articles don't say.")
    assert (evaluation.answer_in_quotes, evaluation.exact_match, evaluation.risk_coverage_area) == (0, 0, 0)
    assert assistant.settings.refuse_below == 0.5
    assistant.settings = Settings(refuse_below=0.4)
    assert evaluate(assistant, [outcome.question]).exact_match == 1


def test_the_figures_are_printed(evaluation):
    table = dict(line.rsplit(maxsplit=1) for line in describe_evaluation(evaluation).splitlines()[4:])
    assert {name: float(value) for name, value in table.items()} == {
        "hit@1 after reading": 0.333,
        "quoted text holds an answer": 0.333,
        "first quote, exact match": 0,
        "first quote, F1": 0.222,
        "refusal precision": 0.5,
        "refusal recall": 1,
        "answerable, AUROC": 0.5,
        "area under risk-coverage": 0.292,
        "median seconds a question": 0.75,
        "failed questions": 1,
        "evidence not in the library": 1,
    }
    figures = evaluation_to_json(evaluation)
    assert figures["risk_coverage"][0] == {"confidence": 0.9, "coverage": 0.25, "risk": 0}


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
