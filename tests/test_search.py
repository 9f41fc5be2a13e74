"""Fusion by hand, questions as data, copies folded, and the two searches against the record."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import QuestionError
from index.full_text import match_expression
from index.search import Searcher, SearchMode, fold_copies, fuse
from index.words import question_words

EQUAL = {SearchMode.DENSE: 1.0, SearchMode.LEXICAL: 1.0}


@pytest.fixture
def searcher(library, embedder, put, article):
    put(
        article("bridge"),
        article("harbour", "The harbour of Orsund was closed by ice. Ships waited outside for three days."),
        article("election", "Voters in Orsund elected Maja Lind as mayor. She won 54 per cent of the votes."),
    )
    return Searcher(library, library.rankings(), embedder)


def test_reciprocal_rank_fusion_by_hand():
    scores = fuse({SearchMode.DENSE: [7, 8], SearchMode.LEXICAL: [8, 9]}, EQUAL, k=60)
    assert list(scores) == [8, 7, 9]
    assert scores == {8: 1 / 62 + 1 / 61, 7: 1 / 61, 9: 1 / 62}


def test_fusion_weighs_the_searches():
    scores = fuse(
        {SearchMode.DENSE: [7], SearchMode.LEXICAL: [9]}, {SearchMode.DENSE: 1.0, SearchMode.LEXICAL: 0.5}, k=10
    )
    assert scores == {7: 1 / 11, 9: 0.5 / 11}


def test_question_words_leave_stop_words_out_unless_there_is_nothing_else():
    assert question_words("What did the mayor say about Canada's 2 bridges?") == [
        "mayor",
        "say",
        "canada",
        "2",
        "bridges",
    ]
    assert question_words("Who is he?") == ["who", "is", "he"]


def test_words_are_stemmed_and_ored(searcher):
    hits = searcher.search("Which mayors were electing?", mode=SearchMode.LEXICAL)
    assert [hit.article.title for hit in hits] == ["Election"]
    assert hits[0].lexical_rank == 1
    assert hits[0].dense_rank is None


def test_dense_scores_are_inner_products_of_the_stored_vectors(searcher, library, embedder):
    question = embedder.embed_questions(["ice in the harbour"])[0]
    found = searcher.rankings.view.search(question, 10)
    stored = library.find_vectors([passage for passage, _ in found])
    expected = sorted(((float(vector @ question), passage) for passage, vector in stored.items()), reverse=True)
    assert [passage for passage, _ in found] == [passage for _, passage in expected]
    np.testing.assert_allclose([score for _, score in found], [score for score, _ in expected], rtol=1e-3)


def test_the_offsets_of_a_hit_give_its_text(searcher):
    for hit in searcher.search("Orsund harbour mayor bridge"):
        assert hit.article.text[hit.start : hit.end] == hit.text


def test_near_identical_passages_are_folded_into_the_first(library, embedder, put, article):
    text = "The ferry between Orsund and Halm stops on the first of June. The company found no buyer for its two ships."
    put(article("first", text), article("second", text + " It was founded in 1921."), article("other"))
    hits = Searcher(library, library.rankings(), embedder).search("When does the ferry to Halm stop?")
    ferry = [hit for hit in hits if "ferry" in hit.text]
    assert len(ferry) == 1
    assert {ferry[0].article.id, *ferry[0].copies} == {
        "https://news.example.org/first",
        "https://news.example.org/second",
    }


def test_folding_stops_at_the_limit(searcher):
    hits = searcher.search("Orsund")
    assert fold_copies(hits, 1) == hits[:1]


def test_articles_that_arrive_later_are_found(searcher, put, article):
    assert not [hit for hit in searcher.search("comet") if "comet" in hit.text]
    put(article("comet", "A comet was seen over the bay on Friday night by hundreds of people."))
    assert "comet" in searcher.search("comet")[0].text


def test_a_question_without_words_is_an_error(searcher):
    with pytest.raises(QuestionError, match="ask in words"):
        searcher.search(" ?! ")


@settings(max_examples=100, deadline=None)
@given(question=st.text(min_size=1, max_size=200))
def test_any_question_reaches_full_text_as_data(question):
    import sqlite3

    words = question_words(question)
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5 (text)")
    if words:
        connection.execute("SELECT * FROM t WHERE t MATCH ?", (match_expression(words),)).fetchall()
    connection.close()


@pytest.mark.parametrize(
    "question", ['"', "a AND b OR (c", "NEAR(a b)", "title:x", "x* -y ^z", "'; DROP TABLE article; --"]
)
def test_query_syntax_does_nothing(searcher, question):
    assert isinstance(searcher.search(question + " Orsund"), list)
    assert searcher.library.summarise().articles == 3


def test_a_question_of_ten_thousand_characters_is_searched(searcher):
    assert searcher.search("Orsund harbour " * 700)
