"""Sentence spans: exact offsets on any text, and the cuts a newspaper reader would make."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import sentence_spans

NEWSLIKE = st.text(alphabet=st.sampled_from(list("ABab12 .,?!…:;()[]-\n\r\t\"'“”‘’„«»")), max_size=200)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@given(st.one_of(st.text(), NEWSLIKE, st.text(alphabet=st.characters(codec=None), max_size=60)))
def test_spans_hold_every_character_that_is_not_space_once_and_in_order(text: str):
    spans = sentence_spans(text)
    position = 0
    for start, end in spans:
        assert position <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert len(text[start:end].splitlines()) == 1
        assert not text[position:start].strip()
        position = end
    assert not text[position:].strip()


@pytest.mark.parametrize(
    "expected",
    [
        ["“It is over.", "We lost,” she said."],
        ["“Is it over?” she asked.", "He nodded."],
        ["“Is it over?” Amina Said-Lopez asked.", "He nodded."],
        ["“What a day!” said Maria Lopez.", "The crowd cheered."],
        ['"Why now?" the minister said.', '"No!" he said.', "They left."],
        ["'We are not done yet,' he said.", "'Not at all.'", "She agreed."],
        ["‘Is it over?", "We don’t know,’ he said.", "‘Really?’ Smith asked."],
        ["“We won.”", "“No, we lost.”"],
        ["“Why?”", "The minister said that all was well."],
        ["« Il est tard. »", "M. Dupont est parti."],
        ["Dr. Schmidt sagte: „Das ist z. B. gut.“", "Dann ging er."],
        ["J. R. R. Tolkien wrote it.", "George W. Bush read it."],
        ["The U.S. Senate met.", "The U.S. has left the deal.", "He lives in the U.S.", "He likes it."],
        ["Mr. Smith met Dr. Jones.", "Sen. J. D. Vance and Gov. Ann Hill met Rep. Lee."],
        ["Lt. Col. James Hill arrived on Jan. 6 at No. 10 in St. Louis.", "It rained."],
        ["It opened at 9 a.m. on Monday.", "It closed at 5 p.m.", "The shop is shut."],
        ["Acme Inc. said sales rose 3.5 per cent to $1.2 billion.", "It was Smith vs. Jones, e.g. in May."],
        ["He waited... and waited.", "Nothing came."],
        ["See https://www.example.com/a.b?c=d.", "It is good."],
        ["1. Wash the rice.", "2. Boil it."],
        ["She works at Yahoo! Japan.", "He does not."],
        ["It starts at 9 p.m. Monday.", "It ends at 5 p.m. ET on Friday."],
        ["Rep. Eli Moor, R-Ariz. and U.S. Rep. Will Hardy, D-N.Y., voted.", "They won."],
        ["“He told me, ‘We must go.’ ”", "They went."],
        ["It cost £3.50.", "It is worth 2.75."],
    ],
)
def test_cuts_where_a_reader_would(expected: list[str]):
    assert sentences(" ".join(expected)) == expected


def test_lines_are_never_joined():
    assert sentences("A heading\n\n- an item\nThe text goes\non here. Yes.") == [
        "A heading",
        "- an item",
        "The text goes",
        "on here.",
        "Yes.",
    ]


def test_a_closing_mark_stays_with_its_sentence():
    for text in (
        "He left. “We won.” Then.",
        'He left. "We won." Then.',
        "He left. 'We won.' Then.",
        "So: «We won.» Then.",
    ):
        assert sentences(text)[-1] == "Then."
        assert sentences(text)[-2].endswith(tuple("”\"'»"))


def test_nothing_comes_of_nothing():
    assert sentence_spans("") == []
    assert sentence_spans(" \n\t\n ") == []


@pytest.mark.parametrize("unit", ["a", ".", ". ", "“", "‘a", '"', " '", "(", "Mr. ", "a.” ", "“a?” ", "? a", "1."])
def test_a_line_of_a_hundred_thousand_odd_characters_is_quick(unit: str):
    text = (unit * 100_000)[:100_000]
    began = time.perf_counter()
    sentence_spans(text)
    assert time.perf_counter() - began < 2
