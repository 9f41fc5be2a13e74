"""Whose words a question wants, and who is meant by a name."""

import pytest

from assistant.wanted_speaker import is_meant, is_named, wanted_speaker


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What did Maja Lind say about trees?", "maja lind"),
        ("what maja lind thinks about trees", "maja lind"),
        ("How did Sweden's minister Bo Ek respond to the strike?", "minister bo ek"),
        ("Why did Bo Ek, the pilot, warn sailors?", "bo ek pilot"),
        ("According to Bo Ek, why is the harbour closed?", "bo ek"),
        ("bo ek's message to the crew on monday", "bo ek"),
        ("How did Bo Ek apologise to the crew over the Do Not Say sign?", "bo ek"),
        ("What was said about the harbour?", ""),
        ("Who told the crew?", ""),
        ("Why is the harbour closed?", ""),
    ],
)
def test_a_question_tells_whose_words_it_wants(question, wanted):
    assert " ".join(wanted_speaker(question)) == wanted


@pytest.mark.parametrize(
    ("wanted", "speaker", "meant"),
    [
        ("ann hill", "Ann Hill", True),
        ("hill", "Ann Hill", True),
        ("ann hill", "Hill", True),
        ("ann hill", "Bo Hill", False),
        ("bo hill", "Bosse Hill", True),  # a short form
        ("president hill", "Ann Hill", True),
        ("port boss hill", "Ann Hill", True),
        ("ann hill", "harbour police", False),
        ("harbour police", "police", True),
    ],
)
def test_a_namesake_is_somebody_else(wanted, speaker, meant):
    assert is_meant(wanted.split(), speaker) is meant


def test_an_office_is_no_name():
    assert is_named(["mayor", "lind"])
    assert not is_named(["harbour", "mayor"])
    assert not is_named([])
