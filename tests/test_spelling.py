"""Mistyped words of a question: what one slip makes of a word, and which word of the library is meant by it."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ask import open_assistant
from assistant.settings import Settings
from assistant.slips import are_alike, fold, slips
from assistant.spelling import respell

WORDS = st.text(alphabet=string.ascii_lowercase, min_size=2, max_size=9)


def test_the_slips_of_a_short_word_are_all_that_there_are():
    letters = string.ascii_lowercase
    expected = (
        {"a"} | {f"a{one}" for one in letters} | {f"a{one}b" for one in letters} | {f"ab{one}" for one in letters}
    )
    assert slips("ab") == expected - {"ab"}


@given(WORDS, WORDS)
def test_a_slip_can_be_made_good_by_another(one, other):
    assert (one in slips(other)) == (other in slips(one)) or one[0] != other[0]
    assert all(slip[0] == one[0] and abs(len(slip) - len(one)) <= 1 and slip != one for slip in slips(one))


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("zelensky", "zelenskyy", True),
        ("saldana", "saldaña", True),
        ("meyer", "meier", False),
        ("sunak", "sunak", True),
        ("giuliani", "guiliani", True),
        ("jensen", "hensen", False),
        ("lindqvist", "lindgren", False),
    ],
)
def test_names_are_alike_by_accent_or_one_slip_in_a_long_one(one, other, alike):
    assert are_alike(one, other) is are_alike(other, one) is alike


def test_accents_fold_as_in_the_full_text(library, put, article):
    put(article("a", "Zoé Saldaña and Łukasz Nuñez saw Åse Çelik in Málaga."))
    for word in ("Zoé", "Saldaña", "Nuñez", "Åse", "Çelik", "Málaga"):
        assert library.count_word(fold(word)) == 1


@pytest.fixture
def courier(library, put, article):
    """A library about a harbour whose mayor, ferry and flood are easily mistyped."""
    put(
        article("ferry", "Mayor Margarethe Lindqvist said that the ferry to Halmstedt would sail again."),
        article("flood", "A megaflood would drown the quays of Halmstedt, a study showed. #GateKey, wildfires."),
        article("screen", "In the series, the captain Tobias Kvernmo is played by a singer."),
        article(
            "storm", "Storm surges broke the sea wall of Orsund, and the sea-wall fund paid. Hakon, noisier, XXXVII."
        ),
    )
    return library


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("What did Lindqist say about the ferry?", "What did Lindqvist say about the ferry?"),  # a letter too few
        ("what did lindqvisst say about the ferry", "what did Lindqvist say about the ferry"),  # one too many
        ("Lindqvits's ferry", "Lindqvist's ferry"),  # two that changed places, before an apostrophe
        ("ferry to Halmstadt", "ferry to Halmstedt"),  # a wrong one
        ("margarete lindqist ferry", "Margarethe Lindqvist ferry"),  # each beside the other
        ("Lindqist", "Lindqvist"),  # there is nothing else to go by
        ("the mega-flood of Halmstedt", "the megaflood of Halmstedt"),
        ("the mega flood of Halmstedt", "the megaflood of Halmstedt"),
        ("the wild fir of Halmstedt", "the wild fir of Halmstedt"),  # whose stem is that of “wildfire”
        ("the gate key of Halmstedt", "the gate key of Halmstedt"),  # of which there is a hashtag
        ("Who paid for the seawalll?", "Who paid for the seawalll?"),  # two slips
        ("Who paid for Orsund's seawall?", "Who paid for Orsund's sea wall?"),
        ("What did Fabian Kvermno say about the ferry?", "What did Fabian Kvermno say about the ferry?"),  # another
        ("What did Margarethe Lindqvist say?", "What did Margarethe Lindqvist say?"),
        ("Who drowned in the fairy tale?", "Who drowned in the fairy tale?"),  # English, though not in the library
        ("Who are the noisiest of Orsund?", "Who are the noisiest of Orsund?"),  # a form of an English word
        ("Who won final XXXVIII of Orsund?", "Who won final XXXVIII of Orsund?"),
        ("Who is Kvermnu?", "Who is Kvermnu?"),  # two slips
        ("Which Haken sails?", "Which Haken sails?"),  # too short
        ("What did Mxyzptlk say?", "What did Mxyzptlk say?"),
    ],
)
def test_a_question_is_read_as_the_library_spells_it(courier, typed, read):
    assert respell(typed, courier) == read


def test_what_was_respelt_is_answered_and_shown(courier, tmp_path):
    courier.close()
    settings = Settings(library=tmp_path / "library", embedding_model="hashing", reader="words", refuse_below=0)
    assistant = open_assistant(settings)
    answer = assistant.ask("What did Lindqist say about the ferry?")
    assert (answer.question, answer.asked) == (
        "What did Lindqvist say about the ferry?",
        "What did Lindqist say about the ferry?",
    )
    assert answer.quotes[0].speaker == "Margarethe Lindqvist"
    hits, same = assistant.search_and_answer("What did Lindqist say about the ferry?", 3)
    assert hits[0].article.title == "Ferry"
    assert same.quotes[0].text == answer.quotes[0].text
    assert assistant.ask("what did lindqvist say about the ferry").asked == ""  # a small letter is no other question
