"""SQuAD's measures, worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.matching import exact_match, normalise, token_f1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The  Bridge,\nan old one!", "bridge old one"),
        ("“Mayor’s office”", "mayors office"),
        ("84–82", "8482"),
        ("U.S.", "us"),
        ("theatre", "theatre"),
        ("A", ""),
    ],
)
def test_case_punctuation_articles_and_white_space_do_not_count(text, words):
    assert normalise(text) == words


@pytest.mark.parametrize(
    ("found", "answers", "exact", "f1"),
    [
        ("the bridge", ("A bridge.",), True, 1),
        ("old bridge", ("bridge", "the old bridge"), True, 1),
        # precision 1/3, recall 1
        ("old stone bridge", ("bridge",), False, 2 * (1 / 3) * 1 / (1 / 3 + 1)),
        # a word counts as often as both have it: 2 shared of 3 and of 2
        ("no no no", ("no no",), False, 2 * 2 / (3 + 2)),
        # the best answer counts: 2 of 3 and of 2, not 1 of 3 and of 3
        ("nine million euros", ("nine old ships", "nine million"), False, 2 * 2 / (3 + 2)),
        ("ship", ("bridge",), False, 0),
        ("", ("bridge",), False, 0),
        ("", (), True, 1),
        ("bridge", (), False, 0),
        ("", ("The", "bridge"), False, 0),
    ],
)
def test_measures_by_hand(found, answers, exact, f1):
    assert exact_match(found, answers) is exact
    assert token_f1(found, answers) == pytest.approx(f1)


@given(st.text(), st.lists(st.text(), max_size=3))
def test_f1_is_a_share_and_1_where_the_match_is_exact(found, answers):
    assert 0 <= token_f1(found, answers) <= 1
    if exact_match(found, answers):
        assert token_f1(found, answers) == 1
