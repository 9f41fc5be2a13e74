"""Wire copies: found whatever the order, kept as one story, folded in a search, named though they were not found."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import stories
from index.copies import fold_copies
from index.putting_away import bring_back, put_away
from index.scope import Scope
from index.search import Searcher
from index.stories import ALIKE, alike, sign
from index.sync import sync_articles

WORDS = [f"{a}{b}{c}" for a in "brmsl" for b in "aeiou" for c in ("nd", "st", "rk", "lm")]


def report(seed, sentences=30):
    """A text of made-up sentences; each seed gives another."""
    chosen = random.Random(seed)
    lines = [" ".join(chosen.choices(WORDS, k=12)).capitalize() + "." for _ in range(sentences)]
    return "\n".join(lines)


def shared_part(one, other, size=stories.SHINGLE):
    """The Jaccard similarity, counted."""
    sets = []
    for text in (one, other):
        words = re.findall(r"\w+", text.lower())
        sets.append({tuple(words[n : n + size]) for n in range(len(words) - size + 1)})
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


def stories_by_name(library):
    """The stories as sets of article names."""
    found = {}
    for row in library.list_articles():
        if row.story is not None:
            found.setdefault(row.story, set()).add(row.id.rpartition("/")[2])
    return sorted(map(sorted, found.values()))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), kept=st.integers(0, 60))
def test_signatures_estimate_what_two_texts_share(seed, kept):
    one = report(seed, 60)
    other = "\n".join([*one.split("\n")[:kept], *report(seed + 20_000, 60 - kept).split("\n")])
    assert abs(alike(sign(one), sign(other)) - shared_part(one, other)) < 0.2  # four standard deviations at 120 hashes


def test_a_text_is_alike_to_itself_whatever_its_case_and_marks():
    text = report(1)
    assert alike(sign(text), sign(text.upper().replace(".", " –"))) == 1.0
    assert sign("Too short to be a story.") == b""
    assert sign("again and again " * 200) == b""
    assert alike(b"", b"") == 0.0


def test_a_signature_never_changes_between_versions_of_the_program():
    assert sign(report(1))[:8].hex() == "c27c981fc95fa449"


def test_copies_are_one_story_whatever_the_order(tmp_path, library, embedder, article):
    text = report(1)
    first = article("first", text, source="Wire")
    second = article("second", text + "\nMore on this later.", source="Courier")
    third = article("third", "By our own reporter.\n" + text, source="Post")
    others = [article(f"other{n}", report(n)) for n in range(5, 9)]
    for order in ([first, second, third, *others], [*others[:2], third, others[2], first, others[3], second]):
        put_away(library, [row.id for row in library.list_articles()])
        for one in order:
            sync_articles(library, embedder, [one])
        assert stories_by_name(library) == [["first", "second", "third"]]
        numbers = library.all("SELECT number, story FROM article WHERE story IS NOT NULL")
        assert {story for _, story in numbers} == {min(number for number, _ in numbers)}


def test_a_search_gives_one_of_the_copies_and_names_the_others(library, embedder, put, article):
    told = "The ferry between Orsund and Halm stops on the first of June, the company said."
    text = told + "\n" + report(1)
    put(*(article(name, text, source=name) for name in ("wire", "courier", "post")), article("x", report(7)))
    searcher = Searcher(library, library.rankings(), embedder, depth=1)
    hits = searcher.search("When does the ferry between Orsund and Halm stop?", 1)
    assert len(hits) == 1
    names = {name.rpartition("/")[2] for name in (hits[0].article.id, *hits[0].copies)}
    assert names == {"wire", "courier", "post"}
    narrowed = searcher.search("When does the ferry stop?", 1, scope=Scope(sources=("post",)))
    assert narrowed[0].article.source == "post"
    assert len(narrowed[0].copies) == 2


def test_passages_of_one_story_are_folded_though_they_are_cut_elsewhere(library, embedder, put, article):
    text = report(1, 60)
    put(article("wire", text), article("post", report(99, 3) + "\n" + text))
    searcher = Searcher(library, library.rankings(), embedder)
    hits = searcher.search(text.split("\n")[20], 20)
    for number, hit in enumerate(hits):
        for other in hits[:number]:
            words = [set(re.findall(r"\w+ \w+ \w+", one.text.lower())) for one in (hit, other)]
            assert hit.article.id == other.article.id or len(words[0] & words[1]) < 0.8 * min(map(len, words))


def test_what_only_one_copy_says_is_not_folded_away(library, embedder, put, article):
    text = report(1, 60)
    put(article("wire", text), article("post", text + "\nThe mayor of Brede resigned on Sunday evening."))
    hits = Searcher(library, library.rankings(), embedder).search("Who resigned in Brede on Sunday?", 20)
    assert any("mayor of Brede resigned" in hit.text for hit in hits)
    assert fold_copies(hits, 20) == hits


def test_removal_edit_and_undo_take_articles_out_of_their_story_and_back(library, embedder, put, article):
    text = report(1, 40)
    lines = text.split("\n")
    # Alike in a chain: the ends are no copies of one another, the middle is one of both.
    left = article("left", "\n".join([*lines, *report(12, 6).split("\n")]))
    middle = article("middle", text)
    right = article("right", "\n".join([*lines[:-2], *report(3, 2).split("\n")]))
    put(left, middle, right, article("copy", left.text))
    assert stories_by_name(library) == [["copy", "left", "middle", "right"]]
    token = put_away(library, [middle.id])
    assert stories_by_name(library) == [["copy", "left"]]
    bring_back(library, token)
    assert stories_by_name(library) == [["copy", "left", "middle", "right"]]
    put(article("middle", report(50)))
    assert stories_by_name(library) == [["copy", "left"]]
    put_away(library, [left.id])
    assert stories_by_name(library) == []
    bands = {row[0] for row in library.all("SELECT DISTINCT article FROM band")}
    assert bands == {row[0] for row in library.all("SELECT number FROM article WHERE signature <> x''")}


def test_a_library_without_signatures_gets_them_at_the_next_sync(library, embedder, put, article):
    put(article("a", report(1)), article("b", report(1)))
    library.connection.executescript("UPDATE article SET signature = NULL, story = NULL; DELETE FROM band")
    put(article("c", report(2)))
    assert stories_by_name(library) == [["a", "b"]]


def test_many_copies_cost_no_more_than_a_few(library, embedder, put, article, monkeypatch):
    compared = 0
    original = stories.alike

    def count(one, other):
        nonlocal compared
        compared += 1
        return original(one, other)

    monkeypatch.setattr(stories, "alike", count)
    put(*(article(f"n{n:03}", report(1)) for n in range(150)))
    assert len(stories_by_name(library)[0]) == 150
    assert compared <= 150 * stories.LOOKED_AT


@pytest.mark.parametrize("changed", range(0, 30, 5))
def test_alike_enough_is_a_copy_and_less_is_not(library, embedder, put, article, changed):
    one = report(1, 60)
    other = "\n".join([*one.split("\n")[changed:], *report(2, changed).split("\n")])
    put(article("one", one), article("other", other))
    texts = [library.find_article(article(name).id).text for name in ("one", "other")]
    assert bool(stories_by_name(library)) == (alike(*map(sign, texts)) >= ALIKE)
