"""How a question is phrased for search and reader: without what only leads up to it."""

import pytest

from assistant.phrasing import phrase, without_preface


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Can you tell me who opened the bridge?", "who opened the bridge?"),
        ("Hi, could you please tell us when the ferry sails?", "when the ferry sails?"),
        ("Do you know why the harbour is shut?", "why the harbour is shut?"),
        ("does anyone know if the ferry sails", "if the ferry sails"),
        ("I'd like to know what Maja Lind said", "what Maja Lind said"),
        ("Any idea where the lock is?", "where the lock is?"),
        ("I was wondering how much the lock cost.", "how much the lock cost."),
        ("Tell me about the bridge over the Tamsel", "What is said about the bridge over the Tamsel?"),
        ("What do we know about the cracks?", "What is said about the cracks?"),
        # These ask what they say.
        ("Did Maja Lind know that the lock was cracked?", "Did Maja Lind know that the lock was cracked?"),
        ("What did the mayor tell us about the lock?", "What did the mayor tell us about the lock?"),
        ("wonder of the harbour", "wonder of the harbour"),
        ("Tell Bridge cost", "Tell Bridge cost"),
        ("Does anyone know?", "Does anyone know?"),
        ("Tell me", "Tell me"),
    ],
)
def test_what_leads_up_to_a_question_is_left_out(typed, plain):
    assert without_preface(typed) == plain


def test_a_question_is_searched_and_read_in_its_own_words_or_in_usual_ones():
    told = phrase("Do you know Maja Lind's opinion of the lock?")
    assert (told.searched, told.read, told.timeline) == (
        "Do you know Maja Lind's opinion of the lock?",
        "Do you know Maja Lind's opinion of the lock?",
        None,
    )
    noun = phrase("Please tell me what Maja Lind's opinion of the lock is")
    assert noun.searched == "what Maja Lind's opinion of the lock is"
    headline = phrase("Maja Lind reaction to the strike")
    assert (headline.searched, headline.read) == (
        "Maja Lind reaction to the strike",
        "What did Maja Lind say about the strike?",
    )
    change = phrase("Can you tell me what is new about the lock?")
    assert (change.searched, change.read) == ("the lock", "What is said about the lock?")
