"""Passages are exact slices of whole sentences, overlap by one and never cross a subheading."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from index.passages import is_subheading, split_passages


def count_words(texts):
    return [len(text.split()) for text in texts]


def test_passages_hold_whole_sentences_and_share_one():
    text = "One two three four. Five six seven. Eight nine ten eleven twelve. Thirteen fourteen."
    passages = split_passages("a", text, count_words, budget=8)
    assert [passage.text for passage in passages] == [
        "One two three four. Five six seven.",
        "Five six seven. Eight nine ten eleven twelve.",
        "Eight nine ten eleven twelve. Thirteen fourteen.",
    ]


def test_a_passage_takes_in_the_sentence_that_brings_it_nearer_to_the_budget():
    text = "One two three four five six. Seven eight nine. Ten."
    assert [passage.text for passage in split_passages("a", text, count_words, budget=8)] == [
        "One two three four five six. Seven eight nine.",
        "Seven eight nine. Ten.",
    ]


def test_no_passage_is_longer_than_a_quarter_above_the_budget():
    text = " ".join("word " * (length - 1) + "end." for length in [7, 5, 8, 3, 3, 3, 6, 1, 8, 8, 2])
    counts = count_words([passage.text for passage in split_passages("a", text, count_words, budget=8)])
    assert max(counts) <= 10


def test_the_overlap_is_left_out_where_it_does_not_fit():
    text = "One two three four five six. Seven eight nine ten eleven twelve. Thirteen."
    passages = split_passages("a", text, count_words, budget=8)
    assert [passage.text for passage in passages] == [
        "One two three four five six.",
        "Seven eight nine ten eleven twelve. Thirteen.",
    ]


def test_more_sentences_are_shared_or_none_as_is_chosen():
    text = "One two. Three four. Five six. Seven eight. Nine ten. Eleven twelve."

    def cut(overlap):
        return [passage.text for passage in split_passages("a", text, count_words, budget=6, overlap=overlap)]

    assert cut(0) == ["One two. Three four. Five six.", "Seven eight. Nine ten. Eleven twelve."]
    assert cut(2) == [
        "One two. Three four. Five six.",
        "Three four. Five six. Seven eight.",
        "Five six. Seven eight. Nine ten.",
        "Seven eight. Nine ten. Eleven twelve.",
    ]
    assert cut(9) == cut(2)  # a passage always brings something new


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=30), st.integers(4, 12), st.integers(0, 4))
def test_whatever_is_shared_passages_are_slices_in_order_with_every_sentence(lengths, budget, overlap):
    text = " ".join(" ".join([f"W{n}", *["word"] * (length - 1)]) + "." for n, length in enumerate(lengths))
    passages = split_passages("a", text, count_words, budget, overlap)
    assert all(text[one.start : one.end] == one.text for one in passages)
    assert (passages[0].start, passages[-1].end) == (0, len(text))
    for one, following in pairwise(passages):
        shared = text[following.start : max(one.end, following.start)]
        assert one.start < following.start <= one.end + 1
        assert one.end < following.end
        assert shared.count(".") <= overlap


def test_a_passage_never_crosses_a_subheading():
    before = "The council met for six hours on Monday and put off the vote again."
    after = "Nobody in the hall could say where the money for the new bridge would come from."
    passages = split_passages("a", f"{before}\nWho pays for it\n{after}", count_words, budget=100)
    assert [passage.text for passage in passages] == [before, f"Who pays for it\n{after}"]


def test_rows_of_a_table_are_no_subheadings():
    assert not is_subheading("Norway 12", "Sweden 9")
    assert not is_subheading(
        "- Bread flour", "Knead the dough for ten minutes and let it rest in a warm place until it has doubled."
    )
    assert not is_subheading(
        "“We lost.”", "The captain left the hall without another word to the reporters who waited outside."
    )


def test_one_endless_word_is_cut_into_passages():
    passages = split_passages("a", "x" * 5000, count_words, budget=100)
    assert "".join(passage.text for passage in passages) == "x" * 5000
    assert all(len(passage.text) <= 100 * 8 for passage in passages)


def test_a_sentence_longer_than_the_budget_is_cut_at_white_space():
    text = " ".join(f"word{n}" for n in range(100)) + "."
    passages = split_passages("a", text, count_words, budget=20)
    assert len(passages) > 4
    assert " ".join(passage.text for passage in passages) == text


WORDS = st.sampled_from(
    ["The", "vote", "failed.", "Mr. Hall", "said", "“No.”", "\n", "\n\n", "U.S.", "3.5", "Why?", "é", "- item", "#"]
)
TEXTS = st.one_of(st.text(max_size=400), st.lists(WORDS, max_size=80).map(" ".join))


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.integers(min_value=1, max_value=40))
def test_every_passage_is_its_slice_and_no_word_is_lost(text, budget):
    passages = split_passages("a", text, count_words, budget=budget)
    covered = set()
    for passage in passages:
        assert text[passage.start : passage.end] == passage.text
        covered.update(range(passage.start, passage.end))
    assert all(position in covered for position, character in enumerate(text) if not character.isspace())
    assert [passage.start for passage in passages] == sorted(passage.start for passage in passages)
