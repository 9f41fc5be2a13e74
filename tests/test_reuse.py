"""What is embedded once is never embedded again, wherever in the library it stands, and no vector is another text's."""

import pytest
from older import take_back

import index.reuse
import index.writer
from index.embedded import embedded_text, hash_of
from index.hashing import HashingEmbedder
from index.local import open_library
from index.putting_away import put_away
from index.reuse import find_embedded

LONG = "\n".join(f"Fact {n} of the council is that road {n * 7} is long and that its hill is high." for n in range(40))


@pytest.fixture
def embedded(monkeypatch):
    """The texts that were embedded."""
    texts, original = [], HashingEmbedder.embed_passages
    monkeypatch.setattr(
        HashingEmbedder, "embed_passages", lambda self, given: texts.extend(given) or original(self, given)
    )
    return texts


def vectors_by_text(library):
    rows = [(passage, embedded_text(article.title, text)) for passage, article, text in library.iterate_passages()]
    vectors = library.find_vectors([passage for passage, _ in rows])
    return [(text, vectors[passage]) for passage, text in rows]


def all_are_right(library):
    expected = HashingEmbedder()
    for text, vector in vectors_by_text(library):
        assert vector @ expected.embed_passages([text])[0] > 0.9999, text


def test_a_passage_of_another_article_is_not_embedded_again(put, library, article, embedded):
    put(article("one", LONG, title="Roads"))
    once = len(embedded)
    assert once > 5
    put(article("two", f"{LONG}\nThe last fact is about the harbour of Orsund.", title="Roads"))
    assert 1 <= len(embedded) - once <= 2
    assert all("harbour" in text for text in embedded[once:])
    put(article("three", LONG, title="Hills"))
    assert all(text.startswith("Hills\n") for text in embedded[once + 2 :])
    assert len(embedded) >= 2 * once
    all_are_right(library)


def test_twins_that_come_together_are_embedded_once(put, library, article, embedded):
    put(*(article(name, LONG, title="Roads") for name in ("one", "two", "three")))
    assert len(embedded) == len(set(embedded)) == len(library.passages_of(article("one").id))
    all_are_right(library)


def test_what_was_put_away_is_not_embedded_again_for_another_article(put, library, article, embedded):
    put(article("one", LONG, title="Roads"))
    once = len(embedded)
    put_away(library, [article("one").id])
    put(article("two", LONG, title="Roads"))
    assert len(embedded) == once
    all_are_right(library)


def test_texts_that_share_a_hash_keep_their_own_vectors(put, library, article, embedded, monkeypatch):
    for module in (index.reuse, index.writer):
        monkeypatch.setattr(module, "hash_of", lambda text: 7)
    put(article("one", "The quay of Orsund was rebuilt in May. It took four years."))
    put(article("two", "The mill by the river grinds again. Its wheel is new."))
    assert len(embedded) == 2
    all_are_right(library)


def test_a_hash_is_of_64_bits_and_of_nothing_but_the_text():
    assert hash_of("Roads\nThe quay") == hash_of(embedded_text("Roads", "The quay")) != hash_of("The quay")
    assert embedded_text("", "The quay") == "The quay"
    assert -(2**63) <= hash_of("\ud800") < 2**63


def test_a_library_of_format_4_learns_what_was_embedded(put, library, article, embedded):
    put(article("one", LONG, title="Roads"))
    put(article("one", LONG.replace("Fact 0", "No fact"), title="Roads"))
    put(article("gone", "The quay of Orsund was rebuilt in May. It took four years."))
    put_away(library, [article("gone").id])
    hashes = {
        table: library.all(f"SELECT id, embedded FROM {table} ORDER BY id") for table in ("passage", "version_passage")
    }
    assert all(number is not None for rows in hashes.values() for _, number in rows)
    take_back(library, 4)
    again = open_library(library.folder)
    assert {table: again.all(f"SELECT id, embedded FROM {table} ORDER BY id") for table in hashes} == hashes
    texts = [text for text, _ in vectors_by_text(again)]
    assert sorted(find_embedded(again, {*texts, "Nobody wrote this."})) == sorted(set(texts))
    again.close()
