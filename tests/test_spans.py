import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.pairs import Window
from assistant.spans import mark_sentences

SENTENCES = [(0, 4), (5, 9)]


def window_of(tokens):
    """A window of a question token, `tokens` words of four letters, and a last token."""
    return Window(list(range(tokens + 2)), [0] + [1] * (tokens + 1), 1, [(5 * n, 5 * n + 4) for n in range(tokens)])


def scores(tokens, **high):
    values = np.zeros(tokens + 2, dtype=np.float32)
    for place, value in high.items():
        values[int(place.removeprefix("t"))] = value
    return values


def test_the_sentence_of_the_best_span_has_nearly_all_the_mass():
    one, two = mark_sentences(window_of(2), scores(2, t2=20), scores(2, t2=20), SENTENCES)
    assert two.mass == pytest.approx(1, abs=1e-3)
    assert two.span == (5, 9)
    assert one.mass < 1e-3


def test_a_null_answer_takes_the_mass():
    marks = mark_sentences(window_of(2), scores(2, t0=20), scores(2, t0=20), SENTENCES)
    assert all(mark.mass < 1e-3 for mark in marks)


def test_an_answer_of_two_sentences_counts_for_both_and_each_marks_its_part():
    one, two = mark_sentences(window_of(2), scores(2, t1=20), scores(2, t2=20), SENTENCES)
    assert one.mass > 0.99
    assert two.mass > 0.99
    assert (one.span, two.span) == ((0, 4), (5, 9))


def test_a_sentence_outside_the_window_is_not_marked():
    assert mark_sentences(window_of(1), scores(1), scores(1), SENTENCES)[1] is None
    assert mark_sentences(Window([1, 2], [0, 1], 1, []), scores(0), scores(0), SENTENCES) == [None, None]


@given(st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_masses_are_probabilities_and_spans_lie_in_their_sentences(tokens, seed):
    chance = np.random.default_rng(seed)
    starts, ends = chance.normal(0, 5, (2, tokens + 2)).astype(np.float32)
    sentences = [(0, 5 * (tokens // 2)), (5 * (tokens // 2), 5 * tokens)]
    for (left, right), mark in zip(sentences, mark_sentences(window_of(tokens), starts, ends, sentences), strict=True):
        if left == right:
            assert mark is None
        else:
            assert 0 <= mark.best <= mark.mass <= 1
            assert left <= mark.span[0] < mark.span[1] <= right
