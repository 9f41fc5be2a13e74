"""Questions that name a source of the library are answered from it, and from all where it does not say."""

from datetime import date

import pytest

from assistant.ask import open_assistant
from assistant.named_source import find_source
from assistant.settings import Settings

SOURCES = ("Example Courier", "The Tamsel Post", "www.halmnews.co.uk", "orsund.example.org")


@pytest.mark.parametrize(
    ("question", "source", "rest"),
    [
        ("According to the Example Courier, who opened it?", "Example Courier", "who opened it?"),
        ("Who opened it, according to Tamsel Post?", "The Tamsel Post", "Who opened it?"),
        ("who opened it according to halm news", "www.halmnews.co.uk", "who opened it"),
        ("What did The Tamsel Post write about the ferry?", "The Tamsel Post", "What is said about the ferry?"),
        ("What is known of the ferry (in the Example Courier)?", "Example Courier", "What is known of the ferry?"),
    ],
)
def test_a_source_is_known_by_its_name(question, source, rest):
    found = find_source(question, lambda: SOURCES)
    assert (found.source, found.question) == (source, rest)


@pytest.mark.parametrize(
    "question",
    [
        "Who bought the Example Courier?",
        "What did Bo Ek say about The Tamsel Post?",
        "According to Bo Ek, who opened it?",
        "Who paid for the ships in the Example Courier strike?",
        "What happened in halm news",  # in small letters it may be anything
    ],
)
def test_what_is_only_spoken_of_is_no_source(question):
    assert find_source(question, lambda: SOURCES) is None


def test_the_sources_are_listed_only_where_one_may_be_named():
    def fail():
        raise AssertionError("listed")

    assert find_source("Who opened the bridge?", fail) is None


def test_a_question_with_a_source_is_answered_from_it(library, put, article, tmp_path):
    put(
        article("courier", "The bridge over the Tamsel cost nine million euros.", published=date(2024, 5, 6)),
        article("post", "The bridge over the Tamsel cost ten million euros.", source="The Tamsel Post"),
        article("ferry", "Maja Lind opened the ferry to Halm.", source="The Tamsel Post"),
    )
    library.close()
    assistant = open_assistant(Settings(library=tmp_path / "library", embedding_model="hashing", reader="words"))
    for name, cost in (("the Example Courier", "nine"), ("The Tamsel Post", "ten")):
        answer = assistant.ask(f"How much did the bridge over the Tamsel cost, according to {name}?")
        assert {quote.article.source for quote in answer.quotes} == {name.removeprefix("the ")}
        assert cost in answer.quotes[0].text
        assert answer.question.endswith(f"according to {name}?")
        assert answer.scope.sources == (name.removeprefix("the "),)
    # What it does not tell, others may say of it; with the words unheeded, everything is asked at once.
    assert not assistant.ask("Who opened the ferry to Halm, according to the Example Courier?").scope
    assert not assistant.ask("What did the bridge cost, according to the Example Courier?", heed_time=False).scope
