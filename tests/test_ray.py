"""`sync --ray` gives the library that `sync` gives, though workers and syncs are killed."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from milvus_server import serving

from assistant.cli import main
from index.address import read_address
from index.hashing import HashingEmbedder
from index.local import open_library
from index.opening import open_index
from index.sync import sync

pytest.importorskip("ray", reason="Ray is an extra, and large: pip install 'article-assistant[ray]'")
pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="workers are found in /proc")

ARTICLES = 900
WANTED = 240
PLACES = ("Aster", "Borg", "Calder", "Dunmore", "Elmstad", "Fenwick", "Garde", "Hollin", "Isker", "Jarrow")


def write_articles(path, number):
    """Articles of 2 to 40 sentences, one of them with a line that all of its source share."""
    with path.open("w", encoding="utf-8") as stream:
        for n in range(number):
            place, sentences = PLACES[n % 10], [
                f"Bridge {n * 41 + part} of {PLACES[(n + part) % 10]} was mended in {1900 + (n * 7 + part) % 120} "
                f"for the sum of {n * part + 3} crowns, said clerk number {n + part}."
                for part in range(2 + n % 39)
            ]  # fmt: skip
            lines = ["Read the bridge letter every morning before work begins", *sentences]
            row = {"url": f"https://news.example.org/{n}", "title": f"Bridges of {place} {n}", "text": "\n".join(lines),
                   "source": f"{place} Courier", "published": "2024-03-09"}  # fmt: skip
            stream.write(json.dumps(row) + "\n")


def start(articles, library, *options):
    """A sync in a process of its own; it has the address of a library, or its folder."""
    arguments = ["sync", str(articles), "--library", str(library), "--embedding-model", "hashing", "--json", *options]
    code = f"import sys; from assistant.cli import main; sys.exit(main({arguments!r}))"
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process):
    out, err = process.communicate(timeout=WANTED)
    assert process.returncode == 0, err
    assert "Traceback" not in err, err
    return json.loads(out)


def count(folder):
    return open_library(folder).summarise().articles if (folder / "library.db").exists() else 0


def wait_for(is_so, process):
    begun = time.monotonic()
    while not is_so():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() - begun < WANTED
        time.sleep(0.02)


def workers_of(pid):
    """Processes below `pid` that are workers."""
    parents, names = {}, {}
    for folder in Path("/proc").iterdir():
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            names[int(folder.name)] = (folder / "cmdline").read_bytes()
        except (ValueError, OSError):
            continue

    def is_below(child):
        while child := parents.get(child, 0):
            if child == pid:
                return True
        return False

    return [child for child, name in names.items() if b"FarWorker" in name and is_below(child)]


def content(library):
    """All that a library holds of its articles, in the order in which it was written."""
    found = []
    for article in library.iterate_articles():
        spans = library.passages_of(article.id)
        vectors = library.find_vectors(list(spans))
        found.append((article, list(spans.items()), library.removed_lines(article.id), library.find_digest(article.id)))
        found.append([vectors[passage] for passage in spans])
    stories = library.stories_of([article[0].id for article in found[::2]])
    return found[::2], found[1::2], stories


def test_workers_and_syncs_are_killed_and_the_library_is_that_of_a_plain_sync(tmp_path):
    articles = tmp_path / "articles.jsonl"
    write_articles(articles, ARTICLES)
    plain, far = tmp_path / "plain", tmp_path / "far"
    assert main(["sync", str(articles), "--library", str(plain), "--embedding-model", "hashing"]) == 0

    killed = start(articles, far, "--ray", "local", "--workers", "2")
    wait_for(lambda: count(far) > 0, killed)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    there = count(far)
    assert 0 < there < ARTICLES

    again = start(articles, far, "--ray", "local", "--workers", "2")
    wait_for(lambda: len(workers_of(again.pid)) == 2 and count(far) > there, again)
    os.kill(workers_of(again.pid)[0], signal.SIGKILL)
    at_kill = count(far)
    report = finish(again)
    assert at_kill < ARTICLES
    assert (report["added"], report["unchanged"]) == (ARTICLES - there, there)

    one, two = content(open_library(plain)), content(open_library(far))
    assert one[0] == two[0]
    assert one[2] == two[2]
    for ours, theirs in zip(one[1], two[1], strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


@pytest.mark.skipif(find_spec("milvus_lite") is None, reason="milvus-lite is not installed")
def test_a_worker_is_killed_on_the_way_to_a_server(tmp_path):
    articles = tmp_path / "articles.jsonl"
    write_articles(articles, 300)
    options = ("--ray", "local", "--workers", "2")
    with serving(tmp_path / "data") as server:
        plain, far = (
            open_index(tmp_path / name, read_address(server.address(name)), create=True) for name in ("plain", "far")
        )
        sync(plain, HashingEmbedder(), [str(articles)])
        killed = start(articles, far.address, *options)
        wait_for(lambda: len(workers_of(killed.pid)) == 2 and 0 < far.summarise().articles < 300, killed)
        os.kill(workers_of(killed.pid)[0], signal.SIGKILL)
        assert finish(killed)["added"] == 300
        assert finish(start(articles, far.address, *options))["unchanged"] == 300
        ours, theirs = ({entry.article.id: entry for entry in one.iterate_entries()} for one in (plain, far))
        assert len(ours) == 300
        for name, entry in ours.items():
            assert replace(entry, vectors=()) == replace(theirs[name], vectors=())
            np.testing.assert_array_equal(entry.vectors, theirs[name].vectors)
        plain.close()
        far.close()
