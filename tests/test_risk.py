"""Confidence against what is right, worked out by hand, and the ROC area against every pair compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.risk import RiskPoint, area_under_risk, area_under_roc, point_at, risk_coverage

SCORES = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), min_size=1, max_size=12)


def test_the_roc_area_counts_pairs_and_ties_half():
    # 0.9 beats both, 0.5 ties with one and beats the other.
    assert area_under_roc([0.9, 0.5], [0.5, 0.1]) == (1 + 1 + 0.5 + 1) / 4
    assert area_under_roc([0.1], [0.9]) == 0
    assert area_under_roc([0.5, 0.5], [0.5]) == 0.5


@given(SCORES, SCORES)
def test_the_roc_area_is_the_share_of_pairs_in_order(positives, negatives):
    pairs = [(p > n) + 0.5 * (p == n) for p in positives for n in negatives]
    assert area_under_roc(positives, negatives) == pytest.approx(sum(pairs) / len(pairs))


def test_without_one_of_the_kinds_there_is_no_area():
    assert area_under_roc([], [0.5]) is None
    assert area_under_roc([0.5], []) is None
    assert area_under_risk(risk_coverage([], [])) is None


def test_risk_at_each_coverage():
    points = risk_coverage([0.2, 0.9, 0.5, 0.7], [True, False, False, True])
    assert points == (
        RiskPoint(0.9, 1 / 4, 0),
        RiskPoint(0.7, 2 / 4, 1 / 2),
        RiskPoint(0.5, 3 / 4, 1 / 3),
        RiskPoint(0.2, 4 / 4, 2 / 4),
    )
    assert area_under_risk(points) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_equal_confidences_are_answered_together():
    points = risk_coverage([0.5, 0.9, 0.5], [True, False, False])
    assert points == (RiskPoint(0.9, 1 / 3, 0), RiskPoint(0.5, 1, 1 / 3))
    assert area_under_risk(points) == pytest.approx(1 / 3 * 0 + 2 / 3 * 1 / 3)


@pytest.mark.parametrize(("threshold", "confidence"), [(0.0, 0.2), (0.2, 0.2), (0.3, 0.5), (0.9, 0.9)])
def test_a_threshold_lies_at_the_last_point_that_it_lets_through(threshold, confidence):
    points = risk_coverage([0.2, 0.9, 0.5], [True, False, False])
    assert point_at(points, threshold).confidence == confidence


def test_a_threshold_above_all_refuses_everything():
    assert point_at(risk_coverage([0.2], [True]), 0.3) is None
