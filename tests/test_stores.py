"""What is promised holds wherever the articles lie: the same tests over a folder and over a Milvus server."""

import random
import subprocess
import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest
from conftest import make_article
from milvus_server import serving

from assistant.ask import Assistant
from assistant.scorer import WordScorer
from assistant.settings import Settings, read_settings
from index import milvus_words
from index.address import read_address
from index.database import read_script
from index.embedder import HashingEmbedder
from index.errors import LibraryError, ModelError
from index.full_text import match_expression
from index.library import open_library
from index.listing import Listing, Order
from index.moving import move
from index.opening import open_index
from index.passages import Cut
from index.scope import Scope
from index.search import Searcher, SearchMode
from index.sync import sync, sync_articles
from index.tokens import TOKENIZER, to_tokens

pytestmark = pytest.mark.skipif(
    find_spec("pymilvus") is None or find_spec("milvus_lite") is None,
    reason="the extra [milvus] and milvus-lite are not installed",
)
FERRY = "https://news.example.org/ferry"
BRIDGE = "https://news.example.org/bridge"
TESTS = Path(__file__).parent


def articles():
    return [
        make_article("bridge"),
        make_article(
            "harbour", "The harbour of Orsund was closed by ice. Ships waited outside.", published=date(2023, 1, 9)
        ),
        make_article(
            "ferry",
            'The ferry to Halm "Solveig" stops on 3 June. A \\ in its name is a mistake. Anna Holt steers it.',
            source='Halm "Post" \\ 100%',
            published=None,
        ),
    ]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("milvus") / "data") as here:
        yield here


@pytest.fixture(scope="module", params=["folder", "server"])
def made(request, tmp_path_factory):
    """Opens an empty library of a name, in a folder or on the server, as often as it is called."""
    room = tmp_path_factory.mktemp("made")
    opened = []

    def make(name, **options):
        where = None
        if request.param == "server":
            where = read_address(request.getfixturevalue("server").address(name))
        opened.append(open_index(room / name, where, **{"create": True, **options}))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def embedder():
    return HashingEmbedder()


def searcher(library, embedder):
    return Searcher(library, library.rankings(), embedder)


def titles(library, embedder, question, **options):
    return [hit.article.title for hit in searcher(library, embedder).search(question, **options)]


def test_articles_are_taken_in_found_edited_and_put_away(made, embedder, tmp_path):  # noqa: PLR0915 - one life
    library = made("life")
    assert library.model is None
    assert library.summarise().articles == 0
    assert searcher(library, embedder).search("bridge") == []
    report = sync_articles(library, embedder, articles())
    assert (report.added, report.changed, report.unchanged) == (3, 0, 0)
    first = library.revision
    report = sync_articles(library, embedder, articles())
    assert (report.added, report.changed, report.unchanged) == (0, 0, 3)
    assert library.revision == first

    # Every text is as it was given, quotes, backslashes and all, and a passage is where it says.
    for given in articles():
        kept = library.find_article(given.id)
        assert (kept.title, kept.text, kept.source, kept.published) == (
            given.title,
            given.text,
            given.source,
            given.published,
        )
        spans = library.passages_of(given.id)
        assert spans
        vectors = library.find_vectors(list(spans))
        assert all(vector @ vector == pytest.approx(1, abs=0.01) for vector in vectors.values())
    hits = searcher(library, embedder).search("Which bridges were opened?")
    assert hits[0].article.id == BRIDGE
    assert hits[0].article.text[hits[0].start : hits[0].end] == hits[0].text
    assert (hits[0].dense_rank, hits[0].lexical_rank) == (1, 1)
    assert titles(library, embedder, "closing harbours", mode=SearchMode.LEXICAL) == ["Harbour"]
    assert library.count_word("ships") == library.count_word("ship") == 1
    assert library.count_word("zeppelin") == 0

    # Lists and counts.
    assert library.summarise() == type(library.summarise())(3, 3, date(2023, 1, 9), date(2024, 5, 6))
    assert library.count_by_source() == {"Example Courier": 2, 'Halm "Post" \\ 100%': 1}
    listed = library.list_page(Listing(order=Order.PUBLISHED, size=2))
    assert ([row.title for row in listed.rows], listed.total, listed.pages) == (["Bridge", "Harbour"], 3, 2)
    assert [row.title for row in library.list_page(Listing(words="PoSt")).rows] == ["Ferry"]
    bars = [(bar.first, bar.articles) for bar in library.count_by_time(Listing()) if bar.articles]
    assert bars == [(date(2023, 1, 1), 1), (date(2024, 5, 1), 1)]
    assert library.find_id("bridge") == BRIDGE
    assert library.find_id("dge") is None

    # An edit replaces the article whole; nothing of what it said is found.
    edited = make_article("bridge", "The bridge over the Tamsel was closed on Friday. Its railing had come loose.")
    assert sync_articles(library, embedder, [edited]).changed == 1
    assert library.summarise().passages == 3
    found = searcher(library, embedder).search("nine million euros bridge Monday")
    assert all("Monday" not in hit.text for hit in found)
    assert library.revision > first

    # Put away, it is in no answer and a sync leaves it out; brought back, it is as it was.
    token = library.put_away([BRIDGE, "https://news.example.org/nothing"])
    assert token
    assert library.find_article(BRIDGE) is None
    assert "Bridge" not in titles(library, embedder, "bridge over the Tamsel")
    assert library.summarise().passages == 2
    file = tmp_path / "rows.jsonl"
    file.write_text('{"url": "%s", "title": "Bridge", "text": "%s"}' % (BRIDGE, edited.text))  # noqa: UP031
    report = sync(library, embedder, [str(file)])
    assert report.added == 0
    assert "left out 1 removed by you" in report.notices[0]
    assert [removal.articles for removal in library.removals()] == [((BRIDGE, "Bridge"),)]
    assert library.bring_back(token) == [BRIDGE]
    assert library.find_article(BRIDGE).text == edited.text
    assert titles(library, embedder, "Which railing had come loose?")[0] == "Bridge"
    with pytest.raises(LibraryError, match="nothing is put away"):
        library.bring_back(token)
    kinds = [change.kind for change in library.changes(4, BRIDGE)]
    assert kinds == ["brought back", "removed", "changed", "added"]
    library.forget(library.put_away([BRIDGE]))
    assert library.put_away_as(BRIDGE) == "removed"
    assert library.removals() == []
    with pytest.raises(ModelError, match=r"hashing \(256 dimensions\).*another \(3 dimensions\)"):
        library.check_model("another", 3)


def test_a_question_is_answered_or_refused_within_its_scope(made, embedder):
    library = made("asked")
    sync_articles(library, embedder, articles())
    settings = Settings(library=library.folder, reader="words", embedding_model="hashing")
    assistant = Assistant(settings, library, embedder, searcher(library, embedder), WordScorer(library, embedder))
    answer = assistant.ask("What did the bridge over the Tamsel cost?")
    assert not answer.refused
    assert answer.quotes[0].text == "The bridge over the Tamsel opened on Monday."
    assert assistant.ask("Who won the chess championship in Reykjavik?").refused
    for scope, expected in (
        (Scope(sources=('Halm "Post" \\ 100%',)), {"Ferry"}),
        (Scope(first=date(2024, 1, 1)), {"Bridge"}),
        (Scope(last=date(2023, 12, 31)), {"Harbour"}),
        (Scope(articles=(BRIDGE, FERRY)), {"Bridge", "Ferry"}),
        (Scope(sources=("Nobody",)), set()),
    ):
        assert set(titles(library, embedder, "ferry bridge harbour", scope=scope)) == expected
        assert library.summarise(scope).articles == len(expected)


def test_a_library_goes_to_another_place_and_back_without_being_embedded(made, embedder, tmp_path, monkeypatch):
    origin = open_library(tmp_path / "origin", create=True)
    sync_articles(origin, embedder, articles())
    origin.put_away([FERRY])
    monkeypatch.setattr(HashingEmbedder, "embed_passages", lambda *_: pytest.fail("embedded again"))
    target = made("moved", unfinished=True)
    # Stopped after one article, it cannot be opened, and the same command goes on.
    target.set_unfinished(origin.address)
    target.set_model(*origin.model)
    target.write_all([next(origin.iterate_entries())])
    with pytest.raises(LibraryError, match=r"only partly there.*article-assistant migrate"):
        made("moved")
    done = move(origin, target, lambda *_: None)
    assert (done.articles, done.passages, done.written) == (2, 2, 1)
    assert done.nearest_agree == done.words_agree == 1
    opened = made("moved")
    assert titles(opened, embedder, "What did the bridge cost?", mode=SearchMode.LEXICAL)[0] == "Bridge"
    with pytest.raises(LibraryError, match="holds 2 articles already"):
        move(origin, opened, lambda *_: None)
    # What the user removed stays out there, too.
    assert opened.put_away_as(FERRY) == "removed"
    back = open_library(tmp_path / "back", create=True, unfinished=True)
    move(opened, back, lambda *_: None)
    for one, other in zip(
        sorted(origin.iterate_entries(), key=lambda entry: entry.article.id),
        sorted(back.iterate_entries(), key=lambda entry: entry.article.id),
        strict=True,
    ):
        assert (one.article, one.digest, one.removed, one.lines, one.passages, one.signature) == (
            other.article,
            other.digest,
            other.removed,
            other.lines,
            other.passages,
            other.signature,
        )
        assert (one.vectors == other.vectors).all()
    origin.close()
    back.close()


TOPICS = "ferry bridge harbour council winter market school river railway museum orchard lighthouse".split()
FILLER = "was it the a of in said people there when after before again they had been for with on at".split()


def made_articles(chance, number):
    """Articles whose titles hold what others' texts hold, as many words long as they fall."""
    for n in range(number):
        topic, other = chance.choices(TOPICS, range(1, len(TOPICS) + 1), k=2)
        sentences = []
        for _ in range(chance.randrange(2, 7)):
            words = [chance.choice(FILLER) if chance.random() < 0.7 else chance.choice([topic, other, *TOPICS])]
            words += chance.choices([*FILLER, topic, chance.choice(TOPICS) + "s"], k=chance.randrange(3, 20))
            sentences.append(" ".join(words).capitalize() + f" {n}-{len(sentences)}.")
        title = " ".join(chance.choices([*FILLER, topic, other], k=chance.randrange(0, 8)))
        yield make_article(f"n{n}", " ".join(sentences), title=title)


def test_words_rank_alike_in_a_folder_and_on_a_server(server, embedder, tmp_path, monkeypatch):
    chance = random.Random(5)
    local = open_library(tmp_path / "folder", create=True)
    remote = open_index(tmp_path / "state", read_address(server.address("alike")), create=True)
    for library in (local, remote):
        sync_articles(library, embedder, list(made_articles(random.Random(7), 40)), cut=Cut(24))
        sync_articles(library, embedder, list(made_articles(random.Random(8), 4)), cut=Cut(24))  # edits
        library.put_away(["https://news.example.org/n9"])

    def found(library, words, limit=30):
        """The passages, and how SQLite scores them: what is equally good may come in any order."""
        rows = library.find_passages(ids := library.match_words(words, limit))
        spans = [(rows[one][1].id, *rows[one][2:]) for one in ids]
        query = "SELECT rowid, rank FROM passage_text WHERE passage_text MATCH ?"
        scores = dict(local.all(query, match_expression(words)))
        of = {(name, *span): scores.get(one) for name in names for one, span in local.passages_of(name).items()}
        return spans, [of[span] for span in spans]

    names = [article.id for article in local.iterate_articles()]
    questions = [chance.sample([*TOPICS, "Ferries", "schools'", "zeppelin"], k=k) for k in (1, 2, 3, 4, 5, 5)]
    for words in questions:
        (there, scores), (_, expected) = found(remote, words), found(local, words)
        assert scores == pytest.approx(expected)
        assert len(set(there)) == len(expected) > 5
    assert [remote.count_word(word) for word in TOPICS] == [local.count_word(word) for word in TOPICS]
    # A library that is larger than the sample: common words are reckoned from it, rare ones found or counted.
    rows = remote.summarise().passages
    monkeypatch.setattr(milvus_words, "SAMPLED", rows // 2)
    monkeypatch.setattr(milvus_words, "SEEN_OFTEN", rows // 4)
    monkeypatch.setattr(milvus_words, "FOUND_AT_MOST", local.count_word("lighthouse"))
    sampled = open_index(tmp_path / "state", read_address(server.address("alike")))
    for word in ("zeppelin", "ferry", "lighthouse"):
        assert sampled.count_word(word) == local.count_word(word)
    assert sampled.count_word("said") == pytest.approx(local.count_word("said"), rel=0.25)
    best = [(set(found(sampled, words, 10)[0]), set(found(local, words, 10)[0])) for words in questions]
    assert sum(len(one & other) for one, other in best) >= 0.9 * sum(len(one) for one, _ in best)
    for library in (local, remote, sampled):
        library.close()


def test_a_servers_words_are_those_of_a_folders_full_text():
    for script in ("schema.sql", "schema_kept.sql"):
        assert f"tokenize = '{TOKENIZER}'" in read_script(script)
    assert to_tokens(["The Bridges' \u00c9t\u00e9s_as at", "", "\ud800-2"]) == [
        ["the", "bridg", "et", "as", "at"],
        [],
        ["2"],
    ]


def write(server, folder, step, text):
    """Write the article in a process of its own, which dies before that step; how it ended."""
    command = [sys.executable, str(TESTS / "writing_to_milvus.py"), server.address("killed"), str(folder), step, text]
    return subprocess.run(command, check=False, capture_output=True, timeout=120).returncode


BEFORE = "The dyke at Halm holds. It was built of clay. Sheep keep its grass short."
AFTER = "The dyke at Halm broke at noon. Water ran into the lower town. Boats took people out of their houses."


def test_a_killed_writer_or_server_leaves_nothing_half_visible(server, embedder, tmp_path):
    library = open_index(tmp_path / "here", read_address(server.address("killed")), create=True)
    article = "https://news.example.org/dyke"

    def whole(text):
        """The article reads so, and all that is found of it is in this text."""
        assert library.find_article(article).text == text
        hits = searcher(library, embedder).search("dyke Halm clay water boats")
        assert hits
        assert all(hit.text in text and hit.article.text == text for hit in hits)

    sync_articles(library, embedder, [make_article("dyke", BEFORE, title="The dyke", source="Gazette")], cut=Cut(12))
    before = library.summarise()
    for step in ("texts", "passages2", "commit"):
        assert write(server, tmp_path / step, step, AFTER) == -9
        whole(BEFORE)
    server.kill()
    with pytest.raises(LibraryError, match=r"is the server running"):
        library.summarise(Scope(sources=("Gazette",)))
    server.start()
    library = open_index(tmp_path / "here", read_address(server.address("killed")))
    whole(BEFORE)
    # What they left is found and swept, and costs nothing any more.
    assert library.collections.count("passage", "version > 0") > before.passages
    library._writing.sweep(lost_after=0)
    assert library.collections.count("passage", "version > 0") == before.passages
    # Killed after the commit, the new version counts, and the old one is swept.
    assert write(server, tmp_path / "replaced", "replaced", AFTER) == -9
    whole(AFTER)
    library._writing.sweep(lost_after=0)
    assert library.collections.count("passage", "version > 0") == len(library.passages_of(article))
    assert library.collections.count("meta", 'key like "intent:%"') == 0
    whole(AFTER)
    library.close()


def test_two_writers_never_mix_the_passages_of_an_article(server, embedder, tmp_path):
    address = read_address(server.address("two"))
    library = open_index(tmp_path / "one", address, create=True)
    sync_articles(library, embedder, [make_article("dyke", BEFORE)], cut=Cut(12))
    other = open_index(tmp_path / "two", address)
    late = [make_article("dyke", AFTER)]

    def interrupt(step):
        """While the first writer has written its passages and not committed, the second writes all of its own."""
        if step == "commit" and late:
            sync_articles(other, embedder, [late.pop()], cut=Cut(12))

    library._writing._notice = interrupt
    third = "The dyke at Halm is mended. Clay came by barge. The mayor thanked everyone who had helped."
    sync_articles(library, embedder, [make_article("dyke", third)], cut=Cut(12))
    assert late == []
    for reader in (library, other):
        assert reader.find_article("https://news.example.org/dyke").text == third
        hits = searcher(reader, embedder).search("dyke Halm clay water boats mayor")
        assert {hit.text in third for hit in hits} == {True}
    library._writing.sweep(lost_after=0)
    left = library.collections.count("passage", "version > 0")
    assert left == len(library.passages_of("https://news.example.org/dyke"))
    library.close()
    other.close()


def test_what_a_server_does_not_offer_is_told_with_the_remedy(server, embedder, tmp_path):
    address = read_address(server.address("offers"))
    with pytest.raises(LibraryError, match=r"there is no library at milvus://127\.0\.0\.1:\d+/offers.*sync SOURCE"):
        open_index(tmp_path / "here", address)
    library = open_index(tmp_path / "here", address, create=True)
    sync_articles(library, embedder, articles())
    with pytest.raises(LibraryError, match="keeps no earlier versions"):
        searcher(library, embedder).search("bridge", scope=Scope(as_of=date(2024, 1, 1)))
    with pytest.raises(LibraryError, match="keeps no earlier versions"):
        library.read_versions(BRIDGE)
    library.close()


def test_an_address_is_read_and_never_shows_a_secret(monkeypatch):
    monkeypatch.setenv("ARTICLE_ASSISTANT_MILVUS_TOKEN", "reader:secret")
    settings = read_settings(library="milvus://example.org/news")
    assert settings.server == "milvus://example.org/news"
    assert settings.library == Path("milvus-example.org-19530-news")
    assert "secret" not in repr(settings)
    read = read_address(settings.server, settings.milvus_token)
    assert (read.address, read.token) == ("milvus://example.org:19530/news", "reader:secret")
    assert "secret" not in repr(read)
    monkeypatch.setenv("ARTICLE_ASSISTANT_STATE", "elsewhere")
    assert read_settings(library="milvus://example.org/news").library == Path("elsewhere")
    for wrong in ("milvus://example.org", "milvus://example.org/a-b", "milvus:///news", "milvus://h:x/news"):
        with pytest.raises(LibraryError, match=r"milvus://HOST:19530/NAME"):
            read_settings(library=wrong)
    with pytest.raises(LibraryError, match="holds no user and no password"):
        read_address("milvus://reader:secret@example.org/news")
