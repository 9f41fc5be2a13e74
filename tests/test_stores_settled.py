"""Stories and boilerplate, wherever the articles lie: the same tests over a folder and over a Milvus server."""

from dataclasses import replace

import pytest
from conftest import make_article, needs_milvus
from test_stories import report
from test_sync import PROMPT, story

from index import milvus_lines
from index.address import read_address
from index.opening import open_index
from index.scope import Scope
from index.search import Searcher
from index.sync import sync_articles


def name_of(article_id):
    return article_id.rpartition("/")[2]


def stories(library):
    """The stories as lists of article names, each in the order in which they came."""
    found = library.stories_of([article.id for article in library.iterate_articles()])
    told = {number: [name_of(one) for one in library.articles_of_story(number)] for number in found.values()}
    assert sorted(map(name_of, found)) == sorted(name for names in told.values() for name in names)
    return sorted(told.values())


def test_copies_are_one_story_whatever_the_order_and_however_they_come_and_go(made, embedder):
    library = made("stories")
    text = report(1)
    first = make_article("first", text, source="Wire")
    second = make_article("second", text + "\nMore on this later.", source="Courier")
    third = make_article("third", "By our own reporter.\n" + text, source="Post")
    others = [make_article(f"other{n}", report(n)) for n in range(5, 8)]
    assert library.stories_of(["https://news.example.org/first"]) == {}
    # Put away and brought back in another order, they are still who came first.
    for order in ([[third, others[0]], [first], [*others, second]], [[second], [others[1], third, first]]):
        library.put_away([article.id for article in library.iterate_articles()])
        for some in order:
            sync_articles(library, embedder, some)
        assert stories(library) == [["third", "first", "second"]]
    found = library.stories_of([first.id, others[1].id])
    assert list(found) == [first.id]
    # A search gives one of the copies and names the others, wherever they are from.
    told = "The ferry between Orsund and Halm stops on the first of June, the company said."
    sync_articles(library, embedder, [make_article(n, f"{told}\n{report(30)}", source=n) for n in ("x", "y", "z")])
    searcher = Searcher(library, library.rankings(), embedder, depth=1)
    hits = searcher.search("When does the ferry between Orsund and Halm stop?", 1)
    assert len(hits) == 1
    assert sorted(map(name_of, (hits[0].article.id, *hits[0].copies))) == ["x", "y", "z"]
    narrowed = searcher.search("When does the ferry stop?", 1, scope=Scope(sources=("z",)))
    assert (narrowed[0].article.source, sorted(map(name_of, narrowed[0].copies))) == ("z", ["x", "y"])
    # An edit takes an article out of its story.
    sync_articles(library, embedder, [replace(first, text=report(40))])
    assert stories(library) == [["third", "second"], ["x", "y", "z"]]


def test_a_chain_of_copies_hangs_together_by_its_middle(made, embedder):
    library = made("chain")
    text = report(1, 40)
    lines = text.split("\n")
    left = make_article("left", "\n".join([*lines, *report(12, 6).split("\n")]))
    middle = make_article("middle", text)
    right = make_article("right", "\n".join([*lines[:-2], *report(3, 2).split("\n")]))
    sync_articles(library, embedder, [left, middle, right, make_article("copy", left.text)])
    assert stories(library) == [["left", "middle", "right", "copy"]]
    token = library.put_away([middle.id])
    assert stories(library) == [["left", "copy"]]
    library.bring_back(token)
    assert [sorted(one) for one in stories(library)] == [["copy", "left", "middle", "right"]]
    library.put_away([middle.id, left.id])
    assert stories(library) == []


def removed(library, name):
    """Whether the line that comes back was taken out of an article; it is never lost."""
    article = library.find_article(make_article(name).id)
    taken = PROMPT in [line for _, line in library.removed_lines(article.id)]
    assert (PROMPT in article.text) is not taken
    spans = library.passages_of(article.id).values()
    assert all(PROMPT not in article.text[start:end] for start, end in spans if taken)
    return taken


def test_a_line_that_comes_back_is_learned_and_given_back_when_it_no_longer_does(made, embedder):
    library = made("lines")
    articles = [make_article(f"n{n}", story(n) + "\n" + PROMPT) for n in range(5)]
    elsewhere = make_article("elsewhere", story(9) + "\n" + PROMPT, source="Another")
    sync_articles(library, embedder, [*articles[:4], elsewhere])
    assert [removed(library, f"n{n}") for n in range(4)] == [False] * 4
    revision = library.revision
    assert sync_articles(library, embedder, articles).added == 1
    assert [removed(library, f"n{n}") for n in range(5)] == [True] * 5
    assert not removed(library, "elsewhere")
    assert library.revision > revision
    assert library.count_word("puzzles") == 1
    # It is known when the next article comes, and whose cleaning alone changed was not edited.
    sync_articles(library, embedder, [make_article("n5", story(5) + "\n" + PROMPT)])
    assert removed(library, "n5")
    assert [change.kind for change in library.changes(9, articles[0].id)] == ["added"]
    library.put_away([make_article(name).id for name in ("n4", "n5")])
    assert sync_articles(library, embedder, articles[:4]).unchanged == 4
    assert [removed(library, f"n{n}") for n in range(4)] == [False] * 4


def test_wire_copies_are_no_boilerplate_wherever_they_lie(made, embedder):
    library = made("wire")
    sync_articles(library, embedder, [make_article(f"n{n}", story(1)) for n in range(8)])
    assert library.find_article(make_article("n0").id).text == story(1)


def test_cleaning_that_was_stopped_halfway_goes_on_at_the_next_sync(made, embedder, monkeypatch):
    for module in ("milvus_lines", "settling"):
        monkeypatch.setattr(f"index.{module}.TOGETHER", 2)
    library = made("halfway")
    sync_articles(library, embedder, [make_article(f"n{n}", story(n) + "\n" + PROMPT) for n in range(4)])
    with monkeypatch.context() as stopping:
        # The fifth article is written, and two are cleaned again when the writer stops.
        calls = []
        write_all = type(library).write_all

        def write(self, entries):
            calls.append(len(entries))
            if len(calls) == 3:
                raise KeyboardInterrupt
            return write_all(self, entries)

        stopping.setattr(type(library), "write_all", write)
        with pytest.raises(KeyboardInterrupt):
            sync_articles(library, embedder, [make_article("n4", story(4) + "\n" + PROMPT)])
    assert 0 < sum(removed(library, f"n{n}") for n in range(5)) < 5
    sync_articles(library, embedder, [])
    assert [removed(library, f"n{n}") for n in range(5)] == [True] * 5


@needs_milvus
def test_of_a_large_source_a_sample_is_counted(server, embedder, tmp_path, monkeypatch):
    monkeypatch.setattr(milvus_lines, "COUNTED", 15)
    library = open_index(tmp_path / "one", read_address(server.address("large")), create=True)
    articles = [make_article(f"n{n:02}", story(n) + "\n" + PROMPT) for n in range(40)]
    rare = "This line stands in a few of the articles of the source only"
    articles[:6] = [replace(one, text=f"{one.text}\n{rare}") for one in articles[:6]]
    sync_articles(library, embedder, articles)
    read = []
    scan = library.collections.scan

    def counting(kind, condition, fields, **options):
        for row in scan(kind, condition, fields, **options):
            read.extend([row] if "lines" in fields else [])
            yield row

    monkeypatch.setattr(library.collections, "scan", counting)
    sync_articles(library, embedder, [make_article("late", story(41) + "\n" + PROMPT)])
    assert 5 < len(read) <= 15
    assert all(removed(library, name_of(article.id)) for article in articles)
    assert removed(library, "late")
    library.close()


@needs_milvus
def test_an_article_that_was_edited_while_it_was_cleaned_again_keeps_the_edit(server, embedder, tmp_path):
    address = read_address(server.address("edited"))
    library = open_index(tmp_path / "one", address, create=True)
    other = open_index(tmp_path / "two", address)
    articles = [make_article(f"n{n}", story(n) + "\n" + PROMPT) for n in range(5)]
    edited = replace(articles[2], text=story(77) + "\n" + PROMPT)
    write, late = library._writing.write, [edited]

    def interrupted(changes, **options):
        """Before the first article is cleaned again, a writer elsewhere brings an edit."""
        if late and any(change.expected for change in changes):
            sync_articles(other, embedder, [late.pop()])
        return write(changes, **options)

    library._writing.write = interrupted
    sync_articles(library, embedder, articles)
    assert late == []
    kept = library.find_article(edited.id)
    assert story(77) in kept.text
    sync_articles(library, embedder, [])
    assert all(removed(library, f"n{n}") for n in range(5))
    library.close()
    other.close()
