"""Random input of every kind through the real write and read paths; `make soak` tries thousands of each.

What is drawn is grammar, not noise: pieces that mean something to a parser, put together as nobody would.
"""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import QuestionError
from index.fetch import Limits
from index.local import open_library
from index.search import Searcher, SearchMode
from index.sync import sync, sync_articles

IS_LONG = settings.get_current_profile_name() == "soak"
FUZZ = settings(
    deadline=None,
    max_examples=settings.default.max_examples if IS_LONG else 12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LIMITS = Limits(max_bytes=200_000, timeout=0.2, pause=0)
GOOD = "The new bridge over the river Tamsel opened on Monday after four years of work, and hundreds walked across."

words = st.sampled_from(
    ["bridge", "Tamsel", "It opened on Monday.", "“Yes,” she said.", "café", "\u202e", "\0", "", "𝔄", "a" * 300]
)
noise = st.text(max_size=30) | words
tags = st.sampled_from(
    ["p", "div", "article", "script", "style", "table", "td", "li", "h1", "a", "svg", "template", "body"]
)
html = st.lists(
    st.one_of(
        noise,
        st.builds("<{}>".format, tags),
        st.builds("</{}>".format, tags),
        st.builds(
            "<{} {}='{}'>".format, tags, st.sampled_from(["href", "class", "datetime", "onclick", "charset"]), noise
        ),
        st.sampled_from(
            ["<!--", "-->", "<![CDATA[", "]]>", "<", "&", "&#0;", "&#x110000;", "&amp;lt;", "<!DOCTYPE html>"]
        ),
        st.builds("<p>{0} {0} {0}</p>".format, st.just(GOOD)),
    ),
    max_size=40,
).map("".join)
markdown = st.lists(
    noise
    | st.sampled_from(
        ["# ", "\n", "\n\n", "> ", "- ", "```", "`", "**", "[", "](", ")", "|", "---\n", "title: x\n", "<b>"]
    ),
    max_size=60,
).map("".join)
field = st.sampled_from(["title", "link", "description", "pubDate", "guid", "author", "content:encoded", "dc:date"])
elements = st.builds("<{0}>{1}</{0}>".format, field, noise | html.map(lambda text: f"<![CDATA[{text}]]>"))
feeds = st.builds(
    '<?xml version="1.0"?><rss version="2.0"><channel>{}{}</channel></rss>'.format,
    st.lists(elements, max_size=3).map("".join),
    st.lists(st.lists(elements, max_size=5).map(lambda e: f"<item>{''.join(e)}</item>"), max_size=4).map("".join),
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | noise, lambda v: st.lists(v, max_size=3), max_leaves=5
)
keys = st.sampled_from(["url", "title", "text", "published", "authors", "source", "id"])
rows = st.lists(
    st.dictionaries(keys, values, max_size=6).map(json.dumps) | noise | st.just('{"text": "' + GOOD + '"}'), max_size=6
).map("\n".join)


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory):
    """One library for all: whatever is added, its first article and its shape must stay."""
    from conftest import make_article

    from index.hashing import HashingEmbedder

    folder = tmp_path_factory.mktemp("fuzzed")
    library, embedder = open_library(folder / "library", create=True), HashingEmbedder()
    sync_articles(library, embedder, [make_article("good", text=GOOD)])
    yield folder, library, embedder
    library.close()


def take(fuzzed, name, text):
    """Sync a file and check what must hold whatever is in it."""
    folder, library, embedder = fuzzed
    path = folder / name
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    report = sync(library, embedder, [str(path)], limits=LIMITS)
    assert all(item.reason.strip() for item in report.rejected)
    assert library.find_article("https://news.example.org/good").text == GOOD
    for article in library.iterate_articles():
        spans = library.passages_of(article.id).values()
        assert all(article.text[start:end].strip() for start, end in spans)
        assert "\0" not in article.text
    again = sync(library, embedder, [str(path)], limits=LIMITS)
    assert (again.added, again.changed) == (0, 0)
    (count,) = library.one("SELECT count(*) FROM passage")
    assert len(library.find_vectors([row[0] for row in library.all("SELECT id FROM passage")])) == count


@FUZZ
@given(text=html)
def test_html(fuzzed, text):
    take(fuzzed, "a.html", text)


@FUZZ
@given(text=markdown)
def test_markdown(fuzzed, text):
    take(fuzzed, "a.md", text)


@FUZZ
@given(text=feeds)
def test_feeds(fuzzed, text):
    take(fuzzed, "a.xml", text)


@FUZZ
@given(text=rows)
def test_json_lines(fuzzed, text):
    take(fuzzed, "a.jsonl", text)


@FUZZ
@given(
    question=st.lists(
        noise | st.sampled_from(['"', "*", "NEAR(", "AND", "OR", "NOT", ":", "-", "^", "(", ")", "title:"])
    ).map(" ".join)
)
def test_questions(fuzzed, question):
    _, library, embedder = fuzzed
    question = question.encode("utf-8", "replace").decode()
    for mode in SearchMode:
        try:
            hits = Searcher(library, library.rankings(), embedder).search(question, 3, mode)
        except QuestionError:
            continue
        assert all(hit.article.text[hit.start : hit.end] == hit.text for hit in hits)
    assert library.find_article("https://news.example.org/good").text == GOOD
