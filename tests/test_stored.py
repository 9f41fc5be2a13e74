"""What is stored comes back: texts letter by letter, vectors near enough and then for ever; old libraries, too."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from older import take_back

from index import compacting
from index.compacting import compact
from index.errors import LibraryError
from index.local import open_library
from index.putting_away import bring_back, put_away
from index.search import Searcher
from index.stored import pack_text, pack_vectors, unpack_text, unpack_vectors
from index.verify import verify
from index.words import question_words, searched_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(TEXTS)
@settings(max_examples=60)
def test_a_text_comes_back_letter_by_letter_and_is_never_longer(text):
    for given_text in (text, text * 50):
        stored = pack_text(given_text)
        assert unpack_text(stored) == given_text
        assert len(stored if isinstance(stored, bytes) else stored.encode()) <= len(given_text.encode())


def test_a_damaged_text_is_told():
    stored = bytearray(pack_text("The bridge over the Tamsel. " * 20))
    stored[-1] ^= 1
    with pytest.raises(LibraryError, match="the text of an article is damaged: restore a backup"):
        unpack_text(bytes(stored))


def test_vectors_keep_their_direction_and_are_stored_alike_ever_after():
    rows = np.random.default_rng(3).normal(size=(50, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    stored = pack_vectors(rows)
    back = unpack_vectors(stored, 384)
    assert {len(one) for one in stored} == {384}
    assert np.allclose(np.linalg.norm(back, axis=1), 1, atol=1e-6)
    assert (back * rows).sum(axis=1).min() > 0.9999
    for again in (back, back.astype(np.float16)):  # a server keeps half floats
        assert pack_vectors(again) == stored
    # By hand: 3 and -4 of 5; the largest is 127.
    (one,) = pack_vectors(np.asarray([[0.6, -0.8]], dtype=np.float32))
    assert np.frombuffer(one, dtype=np.int8).tolist() == [95, -127]
    assert pack_vectors(np.empty((0, 384), dtype=np.float32)) == []


@given(TEXTS)
@settings(max_examples=200)
def test_the_index_leaves_out_only_what_no_question_is_searched_by(text):
    telling = [word for word in question_words(text) if word in question_words(f"{text} zeppelin")]
    assert set(telling) <= set(question_words(f"{searched_text(text)} zeppelin"))


def test_stop_words_and_single_letters_are_left_out_and_the_rest_stands_as_it_stood():
    assert searched_text("It was the mayor’s 2nd plan, plan B of 2.") == "   mayor’ 2nd plan, plan   2."


def test_a_library_of_the_format_before_is_brought_up_to_date(put, library, embedder, article):
    text = "\n".join(f"The council of Orsund met for the {n}th time and spoke of road {n}." for n in range(30))
    put(article("a", text), article("b", "The mill by the river grinds again."))
    put(article("a", text + "\nIt was put off."))
    token = put_away(library, [article("b").id])
    queries = {
        "passage": "SELECT id, article, start, end, vector FROM passage ORDER BY id",
        "version_passage": "SELECT id, version, start, end, vector FROM version_passage ORDER BY id",
        "article": "SELECT id, text FROM article",
        "version": "SELECT id, text FROM version ORDER BY number",
    }
    before = {name: library.all(query) for name, query in queries.items()}
    take_back(library, 5)
    assert library.one("SELECT typeof(text) FROM article") == ("text",)
    again = open_library(library.folder)
    assert {name: again.all(query) for name, query in queries.items()} == before
    assert verify(again).problems == ()
    assert bring_back(again, token)
    assert "mill" in Searcher(again, again.rankings(), embedder).search("Does the mill grind?", 1)[0].text
    again.close()


def test_room_is_given_back_once_enough_has_changed(put, library, article, monkeypatch):
    monkeypatch.setattr(compacting, "FEWEST", 5)
    for n in range(30):
        put(article(f"n{n}", "\n".join(f"Road {n * 40 + line} was widened in spring." for line in range(40))))
    segments = "SELECT count(DISTINCT segid) FROM passage_text_idx"
    assert not compact(library)
    put_away(library, [article(f"n{n}").id for n in range(25)])
    before = library.one("PRAGMA page_count")[0]
    assert compact(library)
    assert library.one(segments) == (1,)
    assert library.one("PRAGMA page_count")[0] < before
    assert not compact(library)
    assert verify(library).problems == ()
