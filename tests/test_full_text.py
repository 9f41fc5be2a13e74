"""The search by words does bounded work: what it leaves out has common words alone; few postings change nothing."""

import pytest

import index.full_text
import index.narrowing
from index.full_text import FullText, _within, match_expression
from index.narrowing import narrow
from index.scope import Scope

WORDS = ["ferry", "island", "harbour", "council", "said"]


@pytest.fixture
def towns(put, library, article):
    """Sixty articles: all have "said", every 2nd "council", every 6th "harbour", every 20th "island", one "ferry"."""
    for n in range(60):
        parts = [f"Report {n} is long. Somebody said so in town {n}, said it twice and {'said it ' * (n % 4)}again."]
        for every, word in ((2, "council"), (6, "harbour"), (20, "island"), (60, "ferry")):
            if n % every == 0:
                parts.append(f"The {word} was named.")
        put(article(f"n{n}", " ".join(parts)))
    return library


@pytest.fixture
def bounds(monkeypatch):
    def _bounds(ranked, passed):
        monkeypatch.setattr(index.full_text, "RANKED", (ranked, ranked))
        monkeypatch.setattr(index.full_text, "PASSED", (passed, passed))

    return _bounds


def whole(library, words, limit=100):
    return library.match_text(match_expression(words), limit)


def holding(library, *words):
    return {i for i in whole(library, list(words)) if all(i in whole(library, [word]) for word in words)}


def test_the_bounds_grow_with_the_library_up_to_a_limit():
    assert [_within(0.05 * size, (5_000, 20_000)) for size in (1_000, 200_000, 10_000_000)] == [5_000, 10_000, 20_000]


def test_few_postings_are_ranked_as_they_always_were(towns, bounds):
    bounds(200, 200)
    assert FullText(towns).match(WORDS, 100) == whole(towns, WORDS)
    assert len(whole(towns, WORDS)) == 60
    assert FullText(towns).match(["nowhere"], 10) == []


def test_the_rarest_words_choose_and_all_words_rank(towns, bounds):
    bounds(14, 1000)  # ferry, island and harbour have 1 + 3 + 10 postings
    chosen = set(whole(towns, ["ferry", "island", "harbour"]))
    expected = [passage for passage in whole(towns, WORDS) if passage in chosen]
    assert len(expected) == 12
    assert FullText(towns).match(WORDS, 100) == expected
    assert FullText(towns).match(WORDS, 5) == expected[:5] == whole(towns, WORDS)[:5]


def test_the_commonest_words_do_not_count_beyond_the_bound(towns, bounds):
    bounds(4, 20)  # "council" (30) and "said" (60) are not even passed over
    chosen = set(whole(towns, ["ferry", "island"]))
    expected = [passage for passage in whole(towns, ["ferry", "island", "harbour"]) if passage in chosen]
    assert FullText(towns).match(WORDS, 100) == expected


def test_where_every_word_is_common_two_must_stand_together(towns, bounds):
    bounds(20, 1000)
    found = FullText(towns).match(["council", "said"], 100)
    assert len(found) == 20  # the latest of thirty
    assert set(found) == set(sorted(holding(towns, "council", "said"))[-20:])
    assert found == [passage for passage in whole(towns, ["council", "said"]) if passage in set(found)]
    assert len(FullText(towns).match(["said"], 100)) == 20


def test_common_words_are_counted_once_and_rare_ones_each_time(towns, bounds, put, article, monkeypatch):
    bounds(14, 1000)
    counted, original = [], type(towns).count_matches
    monkeypatch.setattr(
        type(towns),
        "count_matches",
        lambda self, expression, most=-1: counted.append(expression) or original(self, expression, most),
    )
    searching = FullText(towns)
    searching.match(["ferry", "said"], 10)
    put(article("late", "Another ferry was named."))
    assert len(searching.match(["ferry", "said"], 10)) == 2
    assert counted == ['"ferry"', '"said"', '"ferry"']


def test_counting_ends_at_the_bound(towns):
    assert towns.count_matches('"said"') == 60
    assert towns.count_matches('"said"', 7) == 7


@pytest.mark.parametrize("listed", [0, 50_000])
@pytest.mark.parametrize("ranked", [6, 14, 200])
def test_within_a_scope_what_is_found_is_of_it_and_in_the_same_order(towns, bounds, monkeypatch, listed, ranked):
    monkeypatch.setattr(index.narrowing, "LISTED", listed)
    bounds(ranked, 1000)
    chosen = narrow(towns, Scope(articles=tuple(f"https://news.example.org/n{n}" for n in range(0, 60, 3))))
    expected = [passage for passage in whole(towns, WORDS) if passage in set(chosen.current.tolist())]
    assert len(expected) == len(chosen.current) == 20
    found = FullText(towns).match(WORDS, 100, chosen)
    # A third of all passages: three times as many may be chosen from, so that 14 rank all with "council" here.
    assert found == [passage for passage in expected if ranked == 200 or passage in set(found)]
    assert len(found) == {6: 10, 14: 10, 200: 20}[ranked]
    assert set(holding(towns, "harbour")) & set(expected) <= set(found)


def test_a_narrow_scope_is_searched_by_common_words_too(towns, bounds):
    bounds(2, 100)
    only = narrow(towns, Scope(articles=("https://news.example.org/n7",)))
    assert len(only.current) == 1
    assert FullText(towns).match(["said", "council"], 10, only) == only.current.tolist()
    assert FullText(towns).match(["ferry"], 10, only) == []
