"""Faults from outside: a full disk, a folder that cannot be written, a damaged view, two syncs, many readers."""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

import index.database
from index.dense import FILE, open_view
from index.dense_file import read_view
from index.errors import LibraryError
from index.hashing import HashingEmbedder
from index.local import open_library
from index.search import Searcher
from index.sync import sync, sync_articles
from index.verify import verify

ROOT = Path(__file__).resolve().parents[1]
QUESTION = "When does ship 3 leave Orsund?"


def ship(n):
    return "\n".join(f"Ship {n} leaves the harbour of Orsund on day {n + day} of the month." for day in range(30))


@pytest.fixture
def folder(tmp_path, library, embedder):
    """Twelve files that a library was made of."""
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(12):
        (folder / f"{n}.txt").write_text(ship(n))
    sync(library, embedder, [str(folder)])
    return folder


def _child(code, *arguments):
    """Run Python code as a process of its own."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=environment, check=False, capture_output=True, text=True, timeout=120)


FULL = """
import resource, sys
from pathlib import Path
from index.hashing import HashingEmbedder
from index.errors import LibraryError
from index.local import open_library
from index.sync import sync
library, source = open_library(Path(sys.argv[1])), sys.argv[2]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    report = sync(library, HashingEmbedder(), [source])
    print("notices", report.notices)
except LibraryError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
def test_a_disk_that_fills_up_is_told_and_the_next_sync_goes_on(folder, library, embedder, tmp_path):
    for n in range(12, 40):
        (folder / f"{n}.txt").write_text(ship(n))
    before = library.summarise().articles
    library.close()  # the last to close takes the log of writes into the file
    size = (library.folder / "library.db").stat().st_size
    # No file may grow beyond what the database has now and a little: the log of writes runs into it.
    done = _child(FULL, library.folder, folder, size // 3)
    assert "free some space; what was committed before is unharmed" in done.stdout, done
    assert before <= library.summarise().articles < 40
    assert verify(library).problems == ()
    report = sync(library, embedder, [str(folder)])
    assert report.rejected == []
    assert library.summarise().articles == 40
    whole = open_library(tmp_path / "whole", create=True)
    sync(whole, embedder, [str(folder)])
    query = "SELECT a.id, p.start, p.end, p.vector FROM passage p JOIN article a ON a.number = p.article"
    assert sorted(whole.all(query)) == sorted(library.all(query))
    whole.close()


READ_ONLY = """
import os, sys
from pathlib import Path
from index.hashing import HashingEmbedder
from index.errors import LibraryError
from index.local import open_library
from index.search import Searcher
from index.sync import sync_articles
from index.records import Article
import faiss, filelock, index.local
os.chdir(sys.argv[1])
if os.geteuid() == 0:
    os.setuid(65534)
library = open_library(Path("library"))
print(Searcher(library, library.rankings(), HashingEmbedder()).search(sys.argv[2], 1)[0].text[:6])
try:
    sync_articles(library, HashingEmbedder(), [Article("a", "A", "Text of a new article.")])
except LibraryError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of folders are not these on Windows")
def test_a_library_in_a_read_only_folder_is_read_and_writing_is_told(folder, library):
    library.close()
    # The folders of pytest are closed to everybody but their owner, and to root nothing is read-only.
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        copy = Path(place) / "library"
        shutil.copytree(library.folder, copy)
        for path in (*copy.iterdir(), copy):
            path.chmod(0o555 if path.is_dir() else 0o444)
        before = sorted(path.name for path in copy.iterdir())
        try:
            done = _child(READ_ONLY, place, QUESTION)
            assert sorted(path.name for path in copy.iterdir()) == before
        finally:
            copy.chmod(0o755)
    assert done.returncode == 0, done.stderr
    found, told = done.stdout.splitlines()
    assert found == "Ship 3"
    assert "cannot be written" in told
    assert "make the folder writable" in told


def test_any_flipped_bit_or_cut_in_the_view_changes_no_answer(lists_at_once, folder, library, embedder):
    file = library.folder / FILE
    whole = file.read_bytes()
    question = embedder.embed_questions([QUESTION])[0]
    before = dict(open_view(library).search(question, 100))
    chance = random.Random(1)
    for _ in range(60):
        damaged = bytearray(whole)
        if chance.random() < 0.3:
            del damaged[chance.randrange(len(damaged)) :]
        else:
            damaged[chance.choice([chance.randrange(len(damaged)), chance.randrange(120)])] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        assert dict(open_view(library).search(question, 100)) == pytest.approx(before, abs=1e-3)


def test_a_view_of_another_revision_than_it_says_is_no_view(lists_at_once, folder, library):
    file = library.folder / FILE
    revision = library.revision
    right, wrong = (f'"revision": {number},'.encode() for number in (revision, revision - 1))
    assert right in file.read_bytes()
    assert read_view(library.folder) is not None
    file.write_bytes(file.read_bytes().replace(right, wrong.ljust(len(right)), 1))
    assert read_view(library.folder) is None


HOLD = """
import sys, time
from pathlib import Path
from index.local import open_library
with open_library(Path(sys.argv[1])).writing():
    print("holding", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def _hold(library, seconds):
    command = [sys.executable, "-c", HOLD, str(library.folder), str(seconds)]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "holding\n"
    return process


def test_a_second_sync_waits_for_the_first(folder, library, embedder, article):
    with _hold(library, 0.7):
        begin = time.monotonic()
        assert sync_articles(library, embedder, [article("a")]).added == 1
        assert time.monotonic() - begin > 0.3


def test_a_second_sync_says_so_when_it_has_waited_long_enough(folder, library, embedder, article, monkeypatch):
    monkeypatch.setattr(index.database, "LOCK_SECONDS", 0.2)
    with _hold(library, 60) as process:
        with pytest.raises(LibraryError, match=r"another sync is writing to .*: try again when it is done"):
            sync_articles(library, embedder, [article("a")])
        process.kill()  # a sync that is killed holds nobody up
    assert sync_articles(library, embedder, [article("a")]).added == 1


def test_twenty_readers_ask_while_articles_are_added_edited_and_removed(folder, library, embedder):
    rankings = library.rankings()
    stop, wrong, asked = threading.Event(), [], [0]

    def ask(number):
        searcher = Searcher(library, rankings, HashingEmbedder())
        try:
            while not stop.is_set():
                for hit in searcher.search(f"When does ship {number % 12} leave Orsund?", 10):
                    if hit.article.text[hit.start : hit.end] != hit.text:
                        wrong.append(hit)
                asked[0] += 1
        except Exception as error:
            wrong.append(error)
        finally:
            library.close()

    readers = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for reader in readers:
        reader.start()
    try:
        for step in range(6):
            (folder / f"{step}.txt").unlink()
            (folder / f"{step + 6}.txt").write_text(ship(step + 100))
            (folder / f"new{step}.txt").write_text(ship(step + 200))
            sync(library, embedder, [str(folder)], prune=True)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    assert asked[0] >= 20
    assert verify(library).problems == ()
    rankings.catch_up()
    assert sorted(rankings.view.ids()) == [row[0] for row in library.all("SELECT id FROM passage ORDER BY id")]
