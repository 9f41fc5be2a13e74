"""The write path: what is new, changed or gone; boilerplate settled; kills and bad input lose nothing."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from index.local import open_library
from index.search import Searcher
from index.sync import sync, sync_articles

PROMPT = "Our weekend edition has all the puzzles you can wish for"


def story(n):
    return (
        f"Council number {n} voted on Monday to widen road {n * 7} although the neighbours had asked for trees.\n"
        f"The work on it begins in {2020 + n} and nobody knows yet what it will cost the town in the end."
    )


def visible(library):
    """What a reader can see, without the ids that depend on the order of writing."""
    query = "SELECT a.id, a.text, p.start, p.end, p.vector FROM passage p JOIN article a ON a.number = p.article"
    return sorted(library.connection.execute(query))


def test_every_stored_passage_is_its_slice(put, library, article):
    put(*(article(f"n{n}", story(n)) for n in range(5)))
    for passage, stored, text in library.iterate_passages():
        start, end = library.passages_of(stored.id)[passage]
        assert stored.text[start:end] == text


def test_a_line_that_comes_back_is_removed_everywhere_also_from_earlier_articles(put, library, article):
    put(*(article(f"n{n}", story(n) + "\n" + PROMPT) for n in range(4)))
    assert PROMPT in library.find_article(article("n0").id).text
    put(article("n4", story(4) + "\n" + PROMPT))
    for n in range(5):
        stored = library.find_article(article(f"n{n}").id)
        assert PROMPT not in stored.text
        assert PROMPT in [line for _, line in library.removed_lines(stored.id)]


def test_the_state_does_not_depend_on_the_order_of_arrival(tmp_path, embedder, article):
    articles = [article(f"n{n}", story(n) + "\n" + PROMPT) for n in range(6)]
    states = []
    for name, batches in (("whole", [articles]), ("single", [[one] for one in reversed(articles)])):
        library = open_library(tmp_path / name, create=True)
        for batch in batches:
            sync_articles(library, embedder, batch)
        states.append(visible(library))
        library.close()
    assert states[0] == states[1]


def test_removing_articles_gives_the_line_back(put, library, embedder, article, tmp_path):
    from index.putting_away import put_away

    put(*(article(f"n{n}", story(n) + "\n" + PROMPT) for n in range(5)))
    put_away(library, [article("n4").id])
    sync_articles(library, embedder, [])
    assert PROMPT in library.find_article(article("n0").id).text


def test_a_line_of_another_source_counts_for_itself(put, library, article):
    put(*(article(f"n{n}", story(n) + "\n" + PROMPT, source=f"Source {n}") for n in range(6)))
    assert PROMPT in library.find_article(article("n0").id).text


def test_wire_copies_are_not_taken_for_boilerplate(put, library, article):
    put(*(article(f"n{n}", story(1)) for n in range(8)))
    assert library.find_article(article("n0").id).text == story(1)


def test_a_changed_article_replaces_its_passages(put, library, embedder, article):
    put(article("a", story(1)))
    report = put(article("a", story(2)))
    assert (report.added, report.changed) == (0, 1)
    hits = Searcher(library, library.rankings(), embedder).search("council number road")
    assert {hit.article.text for hit in hits} == {story(2)}
    assert "number 1" not in " ".join(hit.text for hit in hits)


def test_unchanged_passages_of_a_changed_article_are_not_embedded_again(put, library, embedder, article, monkeypatch):
    put(
        article(
            "a",
            story(1) + "\n" + "\n".join(f"Fact {n} is that the road is long and the hill is high." for n in range(90)),
        )
    )
    embedded = []
    original = type(embedder).embed_passages
    monkeypatch.setattr(
        type(embedder), "embed_passages", lambda self, texts: embedded.extend(texts) or original(self, texts)
    )
    before = len(library.passages_of(article("a").id))
    put(replace(article("a", library.find_article(article("a").id).text.replace("Fact 89", "The last fact"))))
    assert before > 5
    assert 1 <= len(embedded) <= 2


def test_an_article_that_comes_twice_in_one_sync_is_kept_once_and_told(put, library, article):
    report = put(article("a", story(1)), article("a", story(2)))
    assert (report.added, len(report.rejected)) == (1, 1)
    assert "comes twice" in report.rejected[0].reason
    assert library.find_article(article("a").id).text == story(1)


def test_a_folder_with_trouble_is_not_pruned(tmp_path, library, embedder):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(story(1))
    (folder / "b.txt").write_text(story(2))
    sync(library, embedder, [str(folder)])
    (folder / "a.txt").unlink()
    (folder / "b.txt").write_text("")
    report = sync(library, embedder, [str(folder)], prune=True)
    assert report.removed == 0
    assert "not all of it could be read" in report.notices[0]
    assert library.summarise().articles == 2


def test_pruning_one_folder_leaves_the_others(tmp_path, library, embedder):
    for name in ("one", "one-more"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(story(len(name)))
    sync(library, embedder, [str(tmp_path / "one"), str(tmp_path / "one-more")])
    (tmp_path / "one" / "b.txt").write_text(story(9))
    (tmp_path / "one" / "a.txt").unlink()
    report = sync(library, embedder, [str(tmp_path / "one")], prune=True)
    assert (report.added, report.removed, library.summarise().articles) == (1, 1, 2)


def test_a_view_that_cannot_be_saved_is_a_notice(put, library, article, monkeypatch, lists_at_once):
    from index.dense import DenseView

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(DenseView, "save", refuse)
    report = put(*(article(f"a{n}", story(n)) for n in range(4)))
    assert report.added == 4
    assert "made again when the library is opened" in report.notices[0]


@pytest.mark.parametrize("bad", [
    b"", b"\x00\x01\x02" * 500, b"\xff\xfe\xfa junk \x81", b'{"url": "https://x.example/1", "title": "T"}',
    b"<html><body><nav>Menu</nav></body></html>", b"%PDF-1.4 nothing else",
])  # fmt: skip
@pytest.mark.parametrize("suffix", [".txt", ".html", ".pdf", ".jsonl", ".md", ".json", ".xml"])
def test_bad_files_are_told_and_the_library_answers_as_before(put, library, embedder, article, tmp_path, bad, suffix):
    put(article("a", story(1)))
    before = visible(library)
    file = tmp_path / f"bad{suffix}"
    file.write_bytes(bad)
    report = sync(library, embedder, [str(file)])
    if not report.added:  # a few of these bytes are a poor but readable text file
        assert report.rejected
        assert all(item.reason for item in report.rejected)
        assert visible(library) == before
    assert "widen road 7" in Searcher(library, library.rankings(), embedder).search("widen road 7")[0].text


KILLED = """
import os, signal, sys
from pathlib import Path
import index.writer as module
from index.hashing import HashingEmbedder
from index.local import open_library
from index.sync import sync
written = 0
original = module.write_entry
def write(library, entry):
    global written
    if written == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
    original(library, entry)
    written += 1
module.write_entry = write
sync(open_library(Path(sys.argv[1]), create=True), HashingEmbedder(), [sys.argv[2]])
"""


@pytest.mark.parametrize("after", [0, 3, 7])
def test_a_killed_sync_leaves_whole_articles_and_is_finished_by_the_next(tmp_path, embedder, after):
    rows = tmp_path / "rows.jsonl"
    texts = [story(n) + "\n" + PROMPT for n in range(8)]
    rows.write_text(
        "\n".join(json.dumps({"url": f"https://x.example/{n}", "text": text}) for n, text in enumerate(texts))
    )
    undisturbed = open_library(tmp_path / "undisturbed", create=True)
    sync(undisturbed, embedder, [str(rows)])
    root = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-c", KILLED, str(tmp_path / "killed"), str(rows), str(after)]
    killed = subprocess.run(command, cwd=root, check=False, env={**os.environ, "PYTHONPATH": str(root)})
    assert killed.returncode == -signal.SIGKILL
    library = open_library(tmp_path / "killed")
    assert library.summarise().articles == after
    report = sync(library, embedder, [str(rows)])
    assert (report.added, report.unchanged) == (8 - after, after)
    assert visible(library) == visible(undisturbed)
    library.close()
    undisturbed.close()
