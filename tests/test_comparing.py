"""Run against run: differences by hand, intervals and p-values against what is known of them, flips both ways."""

from dataclasses import replace
from itertools import product
from math import comb

import numpy as np
import pytest
from evaluation_stand_ins import result, run_of

from assistant.evaluation.as_json import comparison_to_json
from assistant.evaluation.comparing import bootstrap_interval, compare, randomisation_test
from assistant.evaluation.describing import describe_comparison
from assistant.evaluation.gates import below_floors, find_measure, read_floor, worse_than_before
from assistant.evaluation.measures import take_figures
from assistant.evaluation.records import Order
from index.errors import QuestionError


def test_the_randomisation_test_is_the_share_of_sign_changes_that_reach_as_far():
    differences = np.array([1.0, 1.0, 1.0, -1.0, 0.0, 1.0, 1.0])
    signs = list(product((-1, 1), repeat=len(differences)))
    exact = np.mean([abs(np.dot(sign, differences)) >= 4 for sign in signs])
    assert exact == 2 * (comb(6, 0) + comb(6, 1)) / 2**6  # at most one of six against the rest
    assert randomisation_test(differences) == pytest.approx(exact, abs=0.015)
    assert randomisation_test(np.zeros(9)) == 1


def test_the_bootstrap_interval_is_that_of_the_binomial():
    # The mean of 100 draws of 0 or 1, half of each: 0.5 with a standard deviation of 0.05.
    low, high = bootstrap_interval(np.array([0.0, 1.0] * 50))
    assert (low, high) == pytest.approx((0.5 - 1.96 * 0.05, 0.5 + 1.96 * 0.05), abs=0.011)
    assert bootstrap_interval(np.full(7, 0.25)) == (0.25, 0.25)


def test_the_interval_holds_the_truth_nineteen_times_in_twenty():
    random = np.random.default_rng(7)
    held = [
        low <= 0.1 <= high for low, high in (bootstrap_interval(random.normal(0.1, 0.5, 80), 400) for _ in range(300))
    ]
    assert 0.9 <= np.mean(held) <= 0.985


@pytest.fixture
def runs():
    """Then: two of four found first, now: three of four, one of which was lost. The first was never in doubt."""
    before = [result("a", "+-"), result("b", "-+"), result("c", "-+"), result("d", "+-")]
    after = [result("a", "+-"), result("b", "+-"), result("c", "+-"), result("d", "-+")]
    return run_of(*before, name="then"), run_of(*after, name="now")


def test_a_difference_is_of_the_questions_that_both_asked(runs):
    before, after = runs
    change = compare(before, after)["hit@1"]
    assert (change.questions, change.before, change.after, change.difference) == (4, 1 / 2, 3 / 4, 1 / 4)
    assert change.low < 0 < change.high
    # Of the eight ways to turn three signs only two keep all three alike, and any sum is at least 1 away from 0.
    assert change.p == 1
    assert change.better
    assert not change.certain
    asked_more = replace(after, results=(*after.results, result("e", "+-")))
    asked_less = replace(before, results=before.results[1:])
    narrower = compare(asked_less, asked_more)
    assert (narrower.only_before, narrower.only_after) == ((), ("a", "e"))
    assert (narrower["hit@1"].questions, narrower["hit@1"].before) == (3, 1 / 3)


def test_a_question_that_was_changed_is_not_compared(runs):
    before, after = runs
    changed = replace(after.results[0], question=replace(after.results[0].question, answers=("Someone else",)))
    comparison = compare(before, replace(after, results=(changed, *after.results[1:])))
    assert comparison.changed == ("a",)
    assert comparison["hit@1"].questions == 3
    assert "not compared, of another wording" in describe_comparison(comparison)


def test_runs_of_other_questions_cannot_be_compared(runs):
    with pytest.raises(
        QuestionError, match=r"'then' \(4 questions\) and 'now' \(1 questions\) have no question in common"
    ):
        compare(runs[0], run_of(result("z", "+"), name="now"))


def test_flips_go_both_ways_and_show_what_was_retrieved(runs):
    comparison = compare(*runs)
    flips = [(flip.after.question.id, flip.gained) for flip in comparison.flips if flip.measure.name == "hit@1"]
    assert flips == [("b", True), ("c", True), ("d", False)]
    text = describe_comparison(comparison)
    assert "hit@1, gained: 2 questions" in text
    assert "now: first right at 2; first: Title 0: Text 0" in text.partition("hit@1, lost: 1 question")[2]
    assert comparison_to_json(comparison)["flips"][0]["then"] == ["first right at 2; first: Title 0: Text 0"]


def test_one_run_is_compared_with_itself_in_another_order():
    read = run_of(*(result(f"q{n}", "-+", reading=(1, 0)) for n in range(8)), name="read")
    comparison = compare(read, read.ordered(Order.READ))
    assert ("order", "search", "read") in comparison.settings
    change = comparison["hit@1"]
    assert (change.difference, change.low, change.high) == (1, 1, 1)
    assert change.p == pytest.approx(2 / 2**8, abs=0.005)
    assert comparison["auroc"].difference is None


def test_measures_of_a_whole_run_are_compared_too():
    def asked(confidence):
        unanswerable = [result(f"n{n}", answers=(), confidence=0.5, refused=True) for n in range(20)]
        return run_of(*(result(f"p{n}", "+", confidence=confidence) for n in range(20)), *unanswerable)

    change = compare(asked(0.5), asked(0.9))["auroc"]
    assert (change.before, change.after, change.low, change.high) == (0.5, 1.0, 0.5, 0.5)
    assert change.p < 0.01


def test_a_floor_is_a_ceiling_for_what_should_be_low(runs):
    figures = take_figures(runs[1])
    assert below_floors(figures, [read_floor("hit@1=0.75"), read_floor("aurc=1")]) == []
    assert below_floors(figures, [read_floor("hit@1=0.8"), read_floor("aurc=0.5"), read_floor("auroc=0.5")]) == [
        "hit@1 is 0.750, below 0.8",
        "aurc is 1.000, above 0.5",
        "auroc could not be measured; it was to be 0.5",
    ]


def test_an_unknown_measure_is_told_with_the_nearest():
    with pytest.raises(QuestionError, match=r"no measure 'hits@5': take .*hit@5"):
        find_measure("hits@5")
    with pytest.raises(QuestionError, match="no number"):
        read_floor("hit@5=much")


def test_worse_is_worse_beyond_chance_for_all_the_measures_that_are_watched():
    good = run_of(*(result(f"q{n}", "+-") for n in range(40)), name="good")
    few = run_of(*(result(f"q{n}", "-" if n < 3 else "+-") for n in range(40)), name="few")
    many = run_of(*(result(f"q{n}", "-" if n < 12 else "+-") for n in range(40)), name="many")
    assert worse_than_before(compare(good, few)) == []  # three losses of forty: p = 0.25
    assert [text.split(" was")[0] for text in worse_than_before(compare(good, many))] == ["hit@5", "mrr@10"]
    assert worse_than_before(compare(many, good)) == []
