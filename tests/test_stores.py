"""What is promised holds wherever the articles lie: the same tests over a folder and over a Milvus server."""

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from cluster_stand_in import PoolHere
from conftest import make_article, needs_milvus

from assistant.ask import Assistant
from assistant.page.changes import REMOVED
from assistant.page.evidence import render_evidence
from assistant.scorer import WordScorer
from assistant.settings import Settings
from assistant.turns import Turn
from index.address import is_server, read_address
from index.cluster import ClusterWorkers
from index.errors import LibraryError, ModelError
from index.hashing import HashingEmbedder
from index.lists import Listing, Order
from index.local import open_library
from index.moving import move
from index.opening import open_index
from index.scope import Scope
from index.search import Searcher, SearchMode
from index.sync import sync, sync_articles

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
    assert library.known_words(["zeppelin", "ships", "harbour"]) == ["ships", "harbour"]

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
    # Its card on the page: the article is there, and says it still.
    shown = render_evidence([Turn(1, answer.question, answer)], assistant.versions)
    assert REMOVED not in shown
    assert "opened on Monday" in shown
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


def test_what_workers_somewhere_else_make_is_written_there_and_nothing_is_embedded_twice(
    made, embedder, tmp_path, monkeypatch
):
    for name in ("HERE_BYTES", "HERE_CHARACTERS"):
        monkeypatch.setattr(f"index.cluster.{name}", 0)
    monkeypatch.setattr("index.cluster.BATCH_CHARACTERS", 300)
    file = tmp_path / "rows.jsonl"

    def rewrite(*changed):
        rows = [
            {"url": f"https://news.example.org/w{n}", "title": f"Quay {n // 2}",
             "text": "\n".join(f"Crane {n // 2} lifted load {part} onto the quay at noon." for part in range(40))
             + f"\nIts driver is number {100 * n if n in changed else n}."}
            for n in range(10)
        ]  # fmt: skip
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))

    def synced(library):
        pool = PoolHere()
        return sync(library, embedder, [str(file)], workers=ClusterWorkers(pool)), pool

    rewrite()
    library, plain = made("workers"), open_library(tmp_path / "plain", create=True)
    sync(plain, embedder, [str(file)])
    report, pool = synced(library)
    assert report.added == 10
    assert pool.batches["embed"] > 4
    passages = library.summarise().passages
    assert len(pool.embedded) == len(set(pool.embedded)) < passages == plain.summarise().passages
    for article in plain.iterate_articles():
        assert library.find_article(article.id) == article
        ours, theirs = ([*one.passages_of(article.id).items()] for one in (plain, library))
        assert [span for _, span in ours] == [span for _, span in theirs]
        for (here, _), (there, _) in zip(ours, theirs, strict=True):
            assert plain.find_vectors([here])[here] == pytest.approx(library.find_vectors([there])[there], abs=1e-3)
    plain.close()
    report, pool = synced(library)
    assert (report.unchanged, pool.batches) == (10, {})
    rewrite(3, 8)
    report, pool = synced(library)
    assert (report.changed, report.unchanged, len(pool.embedded)) == (2, 8, 2)


@pytest.mark.parametrize(("where", "times"), [("folder", 3), pytest.param("server", 1, marks=needs_milvus)])
def test_processes_that_make_a_library_at_once_make_one(where, times, request, embedder, tmp_path):
    place = str(tmp_path / "made") if where == "folder" else request.getfixturevalue("server").address("at_once")
    names = ("bridge", "quay")
    processes = []
    for name in names:
        command = [sys.executable, str(TESTS / "opening_at_once.py"), place, str(tmp_path / name), name, str(times)]
        processes.append(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        )
    for _ in range(times):
        for one in processes:
            assert one.stdout.readline() == "ready\n", one.communicate()[1]
        for one in processes:
            one.stdin.write("\n")
            one.stdin.flush()
    for one in processes:
        _, told = one.communicate(timeout=60)
        assert (one.returncode, told) == (0, "")
    for number in range(times):
        address = f"{place}{number}"
        library = open_index(*((tmp_path, read_address(address)) if is_server(address) else (Path(address),)))
        assert sorted(article.title for article in library.iterate_articles()) == sorted(names)
        assert titles(library, embedder, "Which quay was opened?") == ["quay", "bridge"]
        library.close()


def everything(library):
    """All that a library says of its articles, and at which revision."""
    said = {
        entry.article.id: (entry.article, entry.digest, entry.passages, entry.vectors.tobytes())
        for entry in library.iterate_entries()
    }
    return library.revision, library.summarise(), said


@needs_milvus
@pytest.mark.parametrize(("to", "moments"), [("server", ("opened", "copied", "checked")), ("folder", ("copied",))])
def test_a_migration_that_is_killed_goes_on_and_leaves_its_source_as_it_was(to, moments, server, embedder, tmp_path):
    places = [str(tmp_path / "library"), server.address(f"killed_to_{to}")]
    origin, target = places if to == "server" else places[::-1]

    def opened(where, **options):
        return open_index(
            *((tmp_path / "state", read_address(where)) if is_server(where) else (Path(where),)), **options
        )

    source = opened(origin, create=True)
    sync_articles(source, embedder, articles())
    before = everything(source)
    for moment in moments:
        command = [sys.executable, str(TESTS / "moving_and_dying.py"), origin, target, str(tmp_path), moment]
        assert subprocess.run(command, check=False, capture_output=True, timeout=200).returncode == -9
        assert everything(source) == before
        if moment == "opened":
            assert opened(target).summarise().articles == 0
            continue
        with pytest.raises(LibraryError, match=rf"only partly there.*migrate {re.escape(origin)} {re.escape(target)}"):
            opened(target)
    copy = opened(target, unfinished=True)
    assert move(source, copy, lambda *_: None).written == (0 if "checked" in moments else 1)
    assert everything(opened(target))[1:] == before[1:]
    for library in (source, copy):
        library.close()
