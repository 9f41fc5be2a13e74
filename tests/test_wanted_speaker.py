"""Whose words a question wants, and who is meant by a name."""

import pytest

from assistant.candidates import Candidate, add_speaker
from assistant.clues import read_clues
from assistant.wanted_speaker import ask_in_full, is_meant, is_named, wanted_speaker
from index.records import Article, Hit
from index.sentences import sentence_spans


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
        ("What is Maja Lind's opinion of the harbour?", "maja lind"),
        ("Maja Lind tribute to the crew", "maja lind"),
        ("What was the reaction to the strike?", ""),
        ("According to a new study, how deep is the harbour?", ""),
        ("How deep is it, according to the port's figures?", ""),
        ("What was said about the harbour?", ""),
        ("Who told the crew?", ""),
        ("Why is the harbour closed?", ""),
    ],
)
def test_a_question_tells_whose_words_it_wants(question, wanted):
    assert " ".join(wanted_speaker(question)) == wanted


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("maja lind's reaction to the strike", "What did maja lind say about the strike?"),
        ("What is Maja Lind’s view on trees?", "What did Maja Lind say about trees?"),
        ("What was the reaction to the strike?", "What was the reaction to the strike?"),
        ("What did Maja Lind say about trees?", "What did Maja Lind say about trees?"),
    ],
)
def test_a_noun_for_words_is_read_as_a_question(typed, read):
    assert ask_in_full(typed) == read


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
        ("ann lindqist", "Ann Lindqvist", True),
        ("bo lindqist", "Ann Lindqvist", False),
        ("zoe nuñez", "Zoé Nunez", True),
    ],
)
def test_a_namesake_is_somebody_else(wanted, speaker, meant):
    assert is_meant(wanted.split(), speaker) is meant


def test_an_office_is_no_name():
    assert is_named(["mayor", "lind"])
    assert not is_named(["harbour", "mayor"])
    assert not is_named(["bureau", "statistics"])
    assert not is_named([])


TEXT = "“It leaks,” mayor Ann Hill said on Monday.\n“It never leaked,” Bo Hill said.\nThe harbour was built in 1931.\n"


@pytest.mark.parametrize(
    ("question", "expected", "silent"),
    [
        ("What did Ann Hill say about the harbour?", [1.0, -1.0, -1.0], [0.0, 1.0, 0.0]),
        ("What did Hill say about the harbour?", [1.0, 1.0, -1.0], [0.0, 0.0, 0.0]),
        ("What did the mayor say about the harbour?", [0.0, 0.0, -1.0], [0.0, 0.0, 0.0]),
        ("When was the harbour built?", [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]),
    ],
)
def test_sentences_tell_whether_the_one_asked_about_speaks(question, expected, silent):
    article = Article("a", "The harbour", TEXT)
    hit = Hit(1, article, 0, len(TEXT), TEXT, 0.0)
    candidates = [Candidate(hit, start, end, {}, (start, end)) for start, end in sentence_spans(TEXT)]
    add_speaker(candidates, read_clues(question, lambda _: 1, 10))
    assert [candidate.features["speaker"] for candidate in candidates] == expected
    assert [candidate.features["silent"] for candidate in candidates] == silent
