from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.pairs import LONGEST, LONGEST_QUESTION, PairEncoder, pad
from index.weights import packaged_model_folder

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=300)


@pytest.fixture(scope="module")
def encoder():
    return PairEncoder((packaged_model_folder() / "tokenizer.json").read_text(encoding="utf-8"))


@settings(deadline=None)
@given(question=TEXTS, title=TEXTS, passage=TEXTS)
def test_every_token_of_the_passage_knows_its_characters(encoder, question, title, passage):
    for window in encoder.windows(question, title, passage):
        assert len(window.ids) == len(window.types) <= LONGEST
        assert window.first + len(window.offsets) <= len(window.ids)
        for start, end in window.offsets:
            assert 0 <= start < end <= len(passage)
            assert passage[start:end].strip()


def test_the_title_stands_before_the_passage_and_is_never_marked(encoder):
    (window,) = encoder.windows("Who built it?", "Bridge opens", "Ida Moen built the bridge.")
    assert window.offsets[0] == (0, 3)
    assert window.types[window.first] == 1
    assert window.first > len(encoder.windows("Who built it?", "", "Ida Moen built the bridge.")[0].ids) - 7


def test_a_long_passage_is_read_in_windows_that_overlap(encoder):
    passage = " ".join(f"Harbour number {n} froze." for n in range(200))
    windows = encoder.windows("Which harbour froze?", "Cold", passage)
    assert len(windows) > 1
    covered = sorted(span for window in windows for span in window.offsets)
    assert covered[0][0] == 0
    assert covered[-1][1] == len(passage)
    for before, after in pairwise(windows):
        assert after.offsets[0][0] < before.offsets[-1][1]


def test_a_question_of_ten_thousand_characters_leaves_room_for_the_passage(encoder):
    (window,) = encoder.windows("Which harbour froze? " * 500, "Cold", "The harbour of Stavik froze.")
    assert window.first <= LONGEST_QUESTION + 5
    assert window.offsets[-1][1] == len("The harbour of Stavik froze.")


def test_windows_of_different_lengths_are_padded(encoder):
    windows = [encoder.windows("Who?", "", passage)[0] for passage in ("Ida.", "Ida Moen came by boat.")]
    arrays = pad(windows)
    assert arrays["input_ids"].shape == (2, len(windows[1].ids))
    assert arrays["attention_mask"].sum(axis=1).tolist() == [len(windows[0].ids), len(windows[1].ids)]
    assert arrays["input_ids"][1].tolist() == windows[1].ids
