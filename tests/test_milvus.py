"""What only a library on a Milvus server has to show: whole articles whoever is killed, words ranked as in a folder."""

import json
import random
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from conftest import make_article, needs_milvus
from milvus_server import make_certificate, tls_before
from test_stories import report

from assistant import cli
from assistant.settings import read_settings
from benchmarks import agreement
from index import milvus_client, milvus_lists, milvus_words
from index.address import read_address
from index.database import read_script
from index.errors import LibraryError
from index.full_text import match_expression
from index.hashing import HashingEmbedder
from index.lists import Listing
from index.local import open_library
from index.milvus_client import Collections
from index.milvus_intents import sweep
from index.opening import open_index
from index.passages import Cut
from index.scope import Scope
from index.search import Searcher
from index.sync import sync_articles
from index.tokens import TOKENIZER, to_tokens

pytestmark = needs_milvus
TESTS = Path(__file__).parent
BRIDGE = "https://news.example.org/bridge"


def searcher(library, embedder):
    return Searcher(library, library.rankings(), embedder)


TOPICS = "ferry bridge harbour council winter market school river railway museum orchard lighthouse mv_19".split()
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
    questions += [["mv_19"], ["mv_19", "ferry", "19"]]  # searched as two words, one after the other
    for words in questions:
        (there, scores), (here, expected) = found(remote, words), found(local, words)
        assert scores == pytest.approx(expected)
        assert there == here  # what is equally good comes as it was written
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


def test_a_killed_writer_or_server_leaves_nothing_half_visible(server, embedder, tmp_path, monkeypatch):
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
        assert [version.article.text for version in library.read_versions(article)] == [BEFORE]
        past = searcher(library, embedder).search("dyke Halm clay", scope=Scope(as_of=date.max))
        assert len(past) == len(library.passages_of(article))
    server.kill()
    with monkeypatch.context() as soon:
        soon.setattr(milvus_client, "AGAIN_SECONDS", 1.0)
        with pytest.raises(LibraryError, match=r"is the server running"):
            library.summarise(Scope(sources=("Gazette",)))
    server.start()
    library = open_index(tmp_path / "here", read_address(server.address("killed")))
    whole(BEFORE)
    # What they left is found and swept, and costs nothing any more.
    assert library.collections.count("passage", "version > 0") > before.passages
    assert library.collections.count("earlier", "version > 0") == before.passages
    sweep(library.collections, lost_after=0)
    assert library.collections.count("passage", "version > 0") == before.passages
    assert library.collections.count("earlier", "version > 0") == library.collections.count("version") == 0
    # Killed after the commit, the new version counts, and the old one is swept.
    assert write(server, tmp_path / "replaced", "replaced", AFTER) == -9
    whole(AFTER)
    sweep(library.collections, lost_after=0)
    assert library.collections.count("passage", "version > 0") == len(library.passages_of(article))
    assert library.collections.count("meta", 'key like "intent:%"') == 0
    assert [version.article.text for version in library.read_versions(article)] == [BEFORE, AFTER]
    assert library.collections.count("earlier", "version > 0") == before.passages
    whole(AFTER)
    library.close()


def test_a_killed_writer_leaves_an_article_in_its_story_or_out_of_it(server, embedder, tmp_path):
    library = open_index(tmp_path / "here", read_address(server.address("killed")), create=True)
    names = [f"https://news.example.org/{name}" for name in ("copy", "dyke")]
    sync_articles(library, embedder, [make_article("copy", report(1))])
    for step, expected in (("commit", []), ("replaced", names)):
        assert write(server, tmp_path / step, step, report(1)) == -9
        library = open_index(tmp_path / "here", read_address(server.address("killed")))
        assert sorted(library.stories_of(names)) == expected
    assert sorted(library.articles_of_story(library.stories_of(names)[names[0]])) == names
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
    sweep(library.collections, lost_after=0)
    left = library.collections.count("passage", "version > 0")
    assert left == len(library.passages_of("https://news.example.org/dyke"))
    library.close()
    other.close()


def test_what_a_server_does_not_offer_is_told_with_the_remedy(server, embedder, tmp_path, monkeypatch, capsys):
    address = read_address(server.address("offers"))
    with pytest.raises(LibraryError, match=r"there is no library at milvus://127\.0\.0\.1:\d+/offers.*sync SOURCE"):
        open_index(tmp_path / "here", address)
    library = open_index(tmp_path / "here", address, create=True)
    assert sync_articles(library, embedder, [make_article("bridge")]).notices == []
    with pytest.raises(LibraryError, match=r"nothing is put away under 7: `article-assistant remove --list`"):
        library.bring_back(7)
    monkeypatch.setattr(milvus_lists, "SORTED_AT_MOST", 0)
    with pytest.raises(LibraryError, match=r"has 1 such articles, and a list of more than 0.*narrow it by sources"):
        library.list_page(Listing())
    monkeypatch.setenv("ARTICLE_ASSISTANT_LIBRARY", library.address)
    for command, remedy in (
        ("status --verify", "counts and compares what is on a server"),
        ("backup elsewhere", "migrate"),
        ("recover elsewhere", "use its tools"),
        ("restore copy", "restore into a folder, and `article-assistant migrate` that"),
        ("reembed", "migrate it to a folder, reembed that"),
    ):
        assert cli.main(command.split()) == 2
        told = capsys.readouterr().err
        assert f"works on a library in a folder, not on {library.address}" in told
        assert remedy in told
    library.close()


def test_a_library_and_its_copy_are_compared_question_by_question(server, put, library, tmp_path, monkeypatch):
    put(*made_articles(random.Random(11), 12))
    evidence = ["https://news.example.org/n3"]
    rows = [{"question": f"Which {topic} was there?", "evidence": evidence} for topic in TOPICS[:4]]
    (tmp_path / "questions.jsonl").write_text("\n".join(map(json.dumps, rows)))
    monkeypatch.setattr(agreement, "open_embedder", HashingEmbedder)
    for asked in (4, 3):  # the copy that the first run made is asked by the second
        options = ["--server", server.address("compared"), "--without-reader", "--json", "told.json"]
        monkeypatch.setattr(
            sys, "argv", ["agreement", str(library.folder), "questions.jsonl", *options, "--skip", str(4 - asked)]
        )
        agreement.main()
        told = json.loads((tmp_path / "told.json").read_text())
        assert (told["questions"], told["articles"], "migrated, s" in told) == (asked, 12, asked == 4)
        assert told["the same ten"] > 0.9
        assert told[f"folder: hit@5 of {asked}"] == told[f"server: hit@5 of {asked}"]


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
    monkeypatch.delenv("ARTICLE_ASSISTANT_STATE")
    secure = read_settings(library=Path("https://example.org/news"))  # a path takes away one of the slashes
    assert (secure.server, secure.library) == ("https://example.org/news", Path("milvus-example.org-443-news"))
    read = read_address(secure.server, secure.milvus_token)
    assert (read.address, read.tls, read.token) == ("https://example.org:443/news", "1", "reader:secret")
    assert read_address(read.address, tls="ca.pem").tls == "ca.pem"
    for wrong in (
        "milvus://example.org",
        "milvus://example.org/a-b",
        "milvus:///news",
        "milvus://h:x/news",
        "http://h/n",
    ):
        with pytest.raises(LibraryError, match=r"milvus://HOST:19530/NAME, or https://HOST:PORT/NAME"):
            read_settings(library=wrong)
    with pytest.raises(LibraryError, match="holds no user and no password"):
        read_address("milvus://reader:secret@example.org/news")


def test_the_client_is_given_token_and_certificate(monkeypatch, tmp_path):
    given = []
    monkeypatch.setattr("pymilvus.MilvusClient", lambda **options: given.append(options))
    authority = tmp_path / "ca.pem"
    authority.write_text("")
    for address, token, tls in (
        ("milvus://h/n", "", ""),
        ("milvus://h:1/n", "u:p", ""),
        ("https://h/n", "key", ""),
        ("milvus://h/n", "key", "1"),
        ("https://h:1/n", "", str(authority)),
    ):
        Collections(read_address(address, token, tls))
    told = [(one["uri"], one.get("token"), one.get("secure"), one.get("server_pem_path")) for one in given]
    assert told == [
        ("http://h:19530", None, None, None),
        ("http://h:1", "u:p", None, None),
        ("https://h:443", "key", True, None),
        ("https://h:19530", "key", True, None),
        ("https://h:1", None, True, str(authority)),
    ]
    with pytest.raises(LibraryError, match=r"the certificate missing\.pem cannot be read.*MILVUS_TLS"):
        Collections(read_address("https://h/n", tls="missing.pem"))


def test_a_server_is_reached_over_tls_by_who_knows_its_authority(server, tmp_path, monkeypatch):
    """A TLS proxy of this test's own stands before the server, which has none."""
    certificate = make_certificate(tmp_path)
    with tls_before(server.port, certificate) as port:
        address = f"https://127.0.0.1:{port}/over_tls"
        with monkeypatch.context() as soon:
            soon.setattr(milvus_client, "CONNECT_SECONDS", 1.0)
            soon.setattr(milvus_client, "AGAIN_SECONDS", 0.0)
            with pytest.raises(LibraryError, match="signed by the authority that ARTICLE_ASSISTANT_MILVUS_TLS names"):
                open_index(tmp_path / "state", read_address(address))
            with pytest.raises(LibraryError, match="an address that begins with https:// has it"):
                open_index(tmp_path / "state", read_address(f"milvus://127.0.0.1:{port}/over_tls"))
        library = open_index(tmp_path / "state", read_address(address, tls=str(certificate)), create=True)
        assert library.summarise().articles == 0
        library.close()
