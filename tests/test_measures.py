"""The figures, worked out by hand, and compared with what `ir-measures` makes of the same rankings."""

import math

import ir_measures
import numpy as np
import pytest
from evaluation_stand_ins import result, run_of
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evaluation import weighted
from assistant.evaluation.calibration import Bin, calibration_error, reliability
from assistant.evaluation.measures import MEASURES, RUN_MEASURES, question_values, take_answered, take_figures
from assistant.evaluation.records import Found, Order
from assistant.evaluation.relevance import Level, judge_results
from assistant.risk import RiskPoint, area_under_risk, area_under_roc, risk_coverage


@pytest.fixture
def run():
    """Three questions with an answer: found first and quoted, found third (first when read) and refused, failed.

    One without an answer: refused.
    """
    return run_of(
        result("q1", "+--", quote="It was Maja Lind.", reading=(1, 0), evidence={"a0": 1}),
        result(
            *("q2", "--+"),
            answers=("Bo Ek",),
            quote="Bo Ek lost.",
            refused=True,
            confidence=0.1,
            reading=(2, 0, 1),
            evidence={"a1": 1, "b": 1},
            missing=("gone",),
            evidence_passages=2,
        ),
        result("q3", answers=("Nobody",), confidence=0.0, failure="no words", seconds={}),
        result("q4", "-", answers=(), confidence=0.1, refused=True),
    )


@pytest.fixture
def figures(run):
    return take_figures(run)


def test_a_hit_is_a_passage_with_an_answer(figures):
    assert {name: figures[name] for name in ("hit@1", "hit@5", "hit@20", "mrr@10")} == pytest.approx(
        {"hit@1": 1 / 3, "hit@5": 2 / 3, "hit@20": 2 / 3, "mrr@10": (1 + 1 / 3 + 0) / 3}
    )


def test_reading_puts_passages_into_another_order(run):
    # Read: q1 a1, a0, then a2 unread: the answer second. q2 a2 first.
    read = take_figures(run.ordered(Order.READ))
    assert read["hit@1"] == pytest.approx(1 / 3)
    assert read["mrr@10"] == pytest.approx((1 / 2 + 1) / 3)
    assert read["read-hit@1"] == take_figures(run)["read-hit@1"] == pytest.approx(1 / 3)


def test_articles_are_measured_where_evidence_is_in_the_library(figures):
    assert figures.counts["with evidence"] == 2
    assert figures["articles/hit@1"] == 1 / 2
    assert figures["articles/mrr@10"] == (1 + 1 / 2) / 2
    # q1 has its one article; q2 has the second of a1 and b: half of them.
    assert figures["articles/recall@10"] == (1 + 1 / 2) / 2
    assert figures["articles/map@100"] == (1 + (1 / 2) / 2) / 2
    # q2: 1/log2(1 + 2) of the ideal 1 + 1/log2(3).
    assert figures["articles/ndcg@10"] == pytest.approx((1 + (1 / math.log2(3)) / (1 + 1 / math.log2(3))) / 2)


def test_grades_count_in_ndcg():
    # Grade 1 first and grade 2 second: 1 + 2/log2(3) of the ideal 2 + 1/log2(3).
    graded = run_of(result("q", "--", evidence={"a0": 1, "a1": 2}))
    expected = (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3))
    assert take_figures(graded)["articles/ndcg@10"] == pytest.approx(expected)


def test_recall_of_passages_is_of_those_in_the_evidence_that_hold_an_answer():
    # a0 holds an answer but is no evidence; a1 is evidence and holds one; of the evidence two passages hold one.
    taken = take_figures(run_of(result("q", "++", evidence={"a1": 1}, evidence_passages=2)))
    assert taken["recall@10"] == 1 / 2
    assert taken["map@100"] == (1 / 2) / 2
    assert taken["ndcg@10"] == pytest.approx((1 / math.log2(3)) / (1 + 1 / math.log2(3)))
    assert taken.counts["with evidence passages"] == 1


def test_refusals_have_precision_and_recall(figures):
    assert figures["refusal-precision"] == 1 / 2
    assert figures["refusal-recall"] == 1
    assert figures["quoted"] == 1 / 3


def test_the_words_that_the_first_quote_marks_are_compared(figures):
    # "it was maja lind" for "maja lind": precision 2/4, recall 1, so F1 2/3; the other two quote nothing.
    assert figures["exact-match"] == 0
    assert figures["f1"] == pytest.approx(2 / 3 / 3)
    exact = run_of(result("q", "+", quote="Maja Lind"))
    assert take_figures(exact)["exact-match"] == 1


def test_an_answer_of_articles_alone_is_not_met_by_refusing():
    assert take_figures(run_of(result("q", answers=("A",), refused=True)))["f1"] == 0


def test_confidence_tells_what_is_answerable(figures):
    # 0.9, 0.1 and 0 (failed) against 0.1: won, tied, lost.
    assert figures["auroc"] == 1 / 2


def test_risk_counts_the_quotes_that_were_refused(run, figures):
    answered = take_answered(run.results)
    expected = (RiskPoint(0.9, 1 / 4, 0), RiskPoint(0.1, 3 / 4, 1 / 3), RiskPoint(0, 1, 2 / 4))
    assert risk_coverage(answered.confidence, ~answered.right) == expected
    assert figures["aurc"] == pytest.approx(1 / 4 * 0 + 1 / 2 * 1 / 3 + 1 / 4 * 1 / 2)


def test_an_unanswerable_question_that_fails_is_no_gain():
    taken = take_figures(
        run_of(result("a", "+", quote="Maja Lind."), result("b", answers=(), failure="gone", seconds={}))
    )
    assert (taken["auroc"], taken["refusal-recall"], taken["refusal-precision"]) == (0, 0, None)


def test_what_is_not_known_is_not_measured():
    retrieval = run_of(result("q", "-", answers=(), evidence={"a0": 1}, confidence=0.5))
    unknown = retrieval.results[0].question
    object.__setattr__(unknown, "answers_known", False)
    taken = take_figures(retrieval)
    measured = {name for name, value in taken.values.items() if value is not None}
    assert {name for name in measured if not name.startswith("seconds")} == {
        measure.name for measure in MEASURES if measure.name.startswith("articles/")
    }


def test_seconds_are_percentiles_of_the_questions_that_did_not_fail():
    seconds = [{"search": value / 2, "read": value / 2} for value in (1.0, 2.0, 3.0, 4.0)]
    results = [result(f"q{n}", seconds=part) for n, part in enumerate(seconds)]
    taken = take_figures(run_of(*results, result("q9", failure="broken", seconds={})))
    # Between the second and third of four; and 0.9 * 3 places after the first, so 0.7 from the third to the fourth.
    assert (taken["seconds-p50"], taken["seconds-p90"]) == pytest.approx((2.5, 3.7))


def test_a_copy_counts_where_its_original_stands_and_only_there():
    copied = result("q", "", names=("second",), evidence={"second": 1})
    object.__setattr__(copied, "found", (Found("first", 0, 3, True, ("second",)), Found("second", 9, 12)))
    taken = take_figures(run_of(copied))
    assert taken["articles/hit@1"] == 1
    assert taken["articles/map@100"] == 1


def test_confidence_is_compared_with_what_is_right():
    confidences, right = [0.05, 0.15, 0.12, 0.95, 1.0], [False, True, False, True, True]
    assert reliability(confidences, right) == [
        Bin(0.0, 0.1, 1, 0.05, 0.0),
        Bin(0.1, 0.2, 2, pytest.approx(0.135), 0.5),
        Bin(0.9, 1.0, 2, pytest.approx(0.975), 1.0),
    ]
    # |0.05 - 0| once, |0.135 - 0.5| twice, |0.975 - 1| twice.
    assert calibration_error(confidences, right) == pytest.approx((0.05 + 2 * 0.365 + 2 * 0.025) / 5)
    assert calibration_error([], []) is None


RANKINGS = st.lists(st.text("+-", max_size=30), min_size=1, max_size=6)


@settings(deadline=None)
@given(RANKINGS, st.data())
def test_rankings_are_measured_as_ir_measures_does(rankings, data):
    """The same rankings as trec_eval would get them, and the names under which it knows the measures."""
    results = []
    for number, ranking in enumerate(rankings):
        named = data.draw(st.sets(st.integers(0, 35), min_size=1, max_size=5))
        evidence = {f"a{place}": 1 + place % 2 for place in sorted(named)}
        results.append(result(f"q{number}", ranking, evidence=evidence))
    ours = question_values(run_of(*results))
    qrels = [
        ir_measures.Qrel(item.question.id, article, grade)
        for item in results
        for article, grade in item.evidence.items()
    ]
    run = [
        ir_measures.ScoredDoc(item.question.id, passage.article, 1 / (1 + place))
        for item in results
        for place, passage in enumerate(item.found)
    ]
    theirs = {"hit@5": "Success@5", "mrr@10": "RR@10", "recall@20": "R@20", "map@100": "AP@100", "ndcg@10": "nDCG@10"}
    for name, trec in theirs.items():
        measure = ir_measures.parse_measure(trec)
        expected = {found.query_id: found.value for found in ir_measures.iter_calc([measure], qrels, run)}
        assert ours["articles/" + name] == pytest.approx(expected)


def test_a_relevant_passage_that_nothing_found_is_asked_for():
    judged = judge_results([result("q", "--")], Level.ANSWER, Order.SEARCH)
    assert judged.qrels == {"q": {"never-retrieved": 1}}


SURE = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0])
ITEMS = st.lists(
    st.tuples(SURE, st.booleans(), st.booleans(), st.integers(0, 3), st.sampled_from([0.5, 1.0, 4.0])),
    min_size=1,
    max_size=9,
)


@settings(deadline=None)
@given(ITEMS)
def test_a_weight_counts_a_question_as_often(items):
    """What is taken for many weightings at once is what each, written out, gives one by one."""
    repeated = [item for item in items for _ in range(item[3])]
    sure, right, answerable, _, seconds = (np.array(column) for column in zip(*items, strict=True))
    flags = np.ones(len(items), dtype=bool)
    answered = weighted.Answered(sure, right, answerable, sure < 0.3, flags, seconds)
    weights = np.array([[item[3] for item in items]], dtype=float)
    positives, negatives = ([item[0] for item in repeated if item[2] is kind] for kind in (True, False))
    refused = [not item[2] for item in repeated if item[0] < 0.3]
    expected = {
        "auroc": area_under_roc(positives, negatives),
        "aurc": area_under_risk(risk_coverage([item[0] for item in repeated], [not item[1] for item in repeated])),
        "ece": calibration_error([item[0] for item in repeated], [item[1] for item in repeated]),
        "refusal-precision": np.mean(refused) if refused else None,
        "seconds-p90": np.percentile([item[4] for item in repeated], 90) if repeated else None,
    }
    for name, value in expected.items():
        found = RUN_MEASURES[name](answered, weights)[0]
        assert found == pytest.approx(np.nan if value is None else value, nan_ok=True), name
