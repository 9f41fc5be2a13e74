"""Suggested questions: each was answered from its own article, and only while that reads as it did."""

import pytest

from assistant.ask import Assistant
from assistant.scorer import WordScorer
from assistant.settings import Settings
from assistant.suggestions import FILE, Suggestions, reads_well
from index.putting_away import put_away
from index.search import Searcher

HARBOUR = (
    "The council of Orsund approved a new harbour wall on Tuesday.\n"
    "“The wall will stand for a hundred years,” said Maja Lind, the mayor of Orsund. "
    "Lind said that the ferry companies should pay a part of the wall.\n"
    "Three firms were hired in March 2023. The town bought 40 pumps for the harbour last year.\n"
)
MILL = (
    "The paper mill of Aster closed in June 2022.\n"
    "“We have lost our best customers,” said Tom Vale, the owner of the mill. Vale said that the machines were sold "
    "to a company in Norby.\n"
    "The mill employed 300 workers. Two hundred people attended a meeting in the town hall.\n"
)


@pytest.fixture
def assistant(library, embedder, put, article):
    put(article("harbour", HARBOUR, title="Orsund builds a wall"), article("mill", MILL, title="Mill of Aster closes"))
    searcher = Searcher(library, library.rankings(), embedder)
    return Assistant(Settings(refuse_below=0.01), library, embedder, searcher, WordScorer(library, embedder))


def test_what_is_suggested_is_answered_and_kept_for_the_next_start(assistant, library):
    suggestions = Suggestions(assistant, pause=0)
    assert suggestions.ready() == []
    offered = suggestions.make()
    assert len(offered) == 2, "one of each article"
    for question in offered:
        answer = assistant.ask(question, heed_time=False)
        assert not answer.refused
        assert reads_well(question)
    assert {assistant.ask(question).quotes[0].article.title for question in offered} == {
        "Orsund builds a wall", "Mill of Aster closes",
    }  # fmt: skip
    assert Suggestions(assistant).ready() == offered
    put_away(library, ["https://news.example.org/mill"])
    assert len(Suggestions(assistant).ready()) == 1


def test_nothing_is_offered_that_is_not_answered(assistant):
    assistant.settings = Settings(refuse_below=1.1)
    suggestions = Suggestions(assistant, pause=0)
    assert suggestions.make() == []
    answered = Assistant(
        Settings(refuse_below=0.01), assistant.library, assistant.embedder, assistant.searcher, assistant.reader
    ).ask("Who is the mayor of Orsund?")
    assert suggestions.follow_ups(answered) == []


def test_follow_ups_are_on_what_was_quoted_and_ask_nothing_twice(assistant):
    answer = assistant.ask("How many workers did the mill of Aster employ?")
    suggestions = Suggestions(assistant, pause=0)
    found = suggestions.follow_ups(answer)
    assert 1 <= len(found) <= 3
    assert answer.question not in found
    for question in found:
        assert assistant.ask(question, heed_time=False).quotes[0].article.id in {
            one.article.id for one in answer.quotes
        }
    assert not set(found) & set(suggestions.follow_ups(answer, [question.lower() for question in found]))


def test_a_damaged_file_is_made_anew(assistant, library):
    (library.folder / FILE).write_text('[{"question": 1}, ')
    suggestions = Suggestions(assistant, pause=0)
    assert suggestions.ready() == []
    assert suggestions.make()
    assert Suggestions(assistant).ready()
