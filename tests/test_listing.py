"""The table of the library: pages, sorting, search and the histogram, all counted by hand."""

import time
from datetime import date

import pytest

from index.listing import count_by_time, find_chosen, list_page
from index.lists import Listing, Order
from index.scope import Scope


@pytest.fixture
def shelf(library, put, article):
    put(
        article("alpha", "One. " * 40, title="Übung in Malmø", published=date(2022, 3, 9)),
        article("beta", "The second.", title="beta 100% sure", source="The Herald", published=date(2024, 1, 31)),
        article("gamma", "The third.", title="Alpha again", source="The Herald", published=None),
        article("delta", "The fourth.", title="Zebra_crossing", published=date(2022, 5, 1)),
    )
    return library


def names(listed):
    return [row.id.rsplit("/", 1)[1] for row in listed.rows]


@pytest.mark.parametrize(
    ("order", "descending", "expected"),
    [
        (Order.TITLE, False, ["gamma", "beta", "delta", "alpha"]),
        (Order.PUBLISHED, True, ["beta", "delta", "alpha", "gamma"]),
        (Order.PUBLISHED, False, ["alpha", "delta", "beta", "gamma"]),
        (Order.SOURCE, False, ["alpha", "delta", "beta", "gamma"]),
    ],
)
def test_the_table_is_sorted_and_what_has_no_date_comes_last(shelf, order, descending, expected):
    assert names(list_page(shelf, Listing(order=order, descending=descending))) == expected


def test_pages_are_cut_and_a_page_too_far_is_the_last(shelf):
    pages = [list_page(shelf, Listing(order=Order.TITLE, descending=False, page=page, size=3)) for page in (0, 1, 9)]
    assert [names(page) for page in pages] == [["gamma", "beta", "delta"], ["alpha"], ["alpha"]]
    assert [(page.total, page.page, page.pages) for page in pages] == [(4, 0, 2), (4, 1, 2), (4, 1, 2)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("alpha", {"alpha", "gamma"}),
        ("ÜBUNG", {"alpha"}),
        ("herald again", {"gamma"}),
        ("100%", {"beta"}),
        ("zebra_c", {"delta"}),
        ("z%g", set()),
        ("'; DROP TABLE article; --", set()),
    ],
)
def test_words_are_looked_for_in_title_source_and_address(shelf, words, expected):
    assert set(names(list_page(shelf, Listing(words=words)))) == expected
    assert {one.rsplit("/", 1)[1] for one in find_chosen(shelf, Listing(words=words))} == expected


def test_the_histogram_counts_what_is_searched_whatever_time_is_chosen(shelf):
    chosen = Listing(scope=Scope(first=date(2024, 1, 1)))
    assert names(list_page(shelf, chosen)) == ["beta"]
    bars = count_by_time(shelf, chosen)
    assert [(bar.first, bar.last) for bar in (bars[0], bars[-1])] == [
        (date(2022, 3, 1), date(2022, 3, 31)),
        (date(2024, 1, 1), date(2024, 1, 31)),
    ]
    assert [bar.articles for bar in bars] == [1, 0, 1] + [0] * 19 + [1]
    assert [bar.articles for bar in count_by_time(shelf, Listing(words="zebra"))] == [1]
    assert count_by_time(shelf, Listing(words="nowhere")) == []


def test_ten_thousand_articles_are_leafed_through_at_once(library):
    with library.writing():
        library.connection.execute("BEGIN")
        library.connection.executemany(
            "INSERT INTO article (id, title, text, source, published, authors, origin, digest, removed, added, seen) "
            "VALUES (?, ?, 'Text.', ?, ?, '[]', '', 'd', '[]', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z')",
            [(f"a{n}", f"Story {n}", f"Paper {n % 40}", f"20{n % 24:02}-0{n % 9 + 1}-11") for n in range(10_000)],
        )
        library.connection.execute("COMMIT")
    took = []
    for listing in (Listing(order=Order.PASSAGES), Listing(words="story 77", page=1), Listing(page=150)):
        begin = time.process_time()
        listed = list_page(library, listing)
        bars = count_by_time(library, listing)
        took.append(time.process_time() - begin)
        assert sum(bar.articles for bar in bars) == listed.total
    assert max(took) < 1, "seconds of processor time, a fiftieth of which is expected"
