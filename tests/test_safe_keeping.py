"""Verification finds what is wrong, a backup is the same row by row, and a damaged library gives back what it can."""

import os
import random
import re
import shutil
import sqlite3
import threading
import zipfile

import numpy as np
import pytest
from conftest import make_article

from assistant.cli import main
from index.backup import back_up, restore
from index.database import DATABASE
from index.dense import FILE, open_view, save_view
from index.errors import LibraryError
from index.hashing import HashingEmbedder
from index.local import open_library
from index.putting_away import bring_back, put_away
from index.recovery import recover
from index.search import Searcher
from index.sync import sync_articles
from index.verify import verify

TOWNS = ("Orsund", "Halm", "Brede", "Tamsel", "Vik", "Nord", "Lund", "Sund")


def text_of(town, number):
    lines = [f"The council of {town} met for the {number * 20 + n}th time and spoke of road {n}." for n in range(20)]
    return "\n".join([f"{town} will widen its harbour in {2000 + number}.", *lines])


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    """The folder of a library with articles, earlier versions, copies and something put away."""
    folder = tmp_path_factory.mktemp("master") / "library"
    library, embedder = open_library(folder, create=True), HashingEmbedder()
    named = [make_article(town, text_of(town, n)) for n, town in enumerate(TOWNS)]
    small = [
        make_article(f"s{n}", f"In Sund house {n} was sold for {n} crowns on Monday.\nNobody said who bought it.")
        for n in range(60)
    ]
    sync_articles(library, embedder, [*named, *small])
    edited = make_article("Halm", text_of("Halm", 1) + "\nIt was put off again.")
    sync_articles(library, embedder, [make_article("copy", text_of("Vik", 4)), edited])
    put_away(library, [make_article("Nord").id])
    assert verify(library).problems == ()
    library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    library.close()
    return folder


@pytest.fixture
def full(master, tmp_path):
    """A copy of the master, open."""
    shutil.copytree(master, tmp_path / "library")
    library = open_library(tmp_path / "library")
    yield library
    library.close()


def everything(folder):
    """Every row of every table of a library's file."""
    connection = sqlite3.connect(folder / DATABASE)
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    # The tables inside a full-text table may be laid out in another way; its words are compared by `verify`.
    kept = [name for name in names if "_text" not in name]
    content = {name: sorted(map(repr, connection.execute(f"SELECT * FROM {name}"))) for name in kept}
    connection.close()
    return content


DAMAGES = {
    "an offset": ("UPDATE passage SET end = 99999 WHERE id = 3", "passage 3 .* is not in the text"),
    "a vector cut short": ("UPDATE passage SET vector = x'00' WHERE id = 3", "has 1 bytes, not 256"),
    "a vector of nothing": ("UPDATE passage SET vector = zeroblob(256) WHERE id = 3", "have no component of 127"),
    "a text that changed": ("UPDATE article SET text = replace(unpacked(text), 'harbour', 'airport')", "'airport'"),
    "a text with a flipped bit": ("UPDATE article SET text = x'789c00'", "text of an article is damaged"),
    "a passage too few": ("DELETE FROM passage WHERE id = 3", "1 rows too many and 0 too few in passage_text"),
    "an orphan": (
        "PRAGMA foreign_keys = OFF; DELETE FROM article WHERE number = 2",
        "row 2 of passage points to a row of article that is not there|points to a row of article",
    ),
    "a removal without a name": ("PRAGMA foreign_keys = OFF; DELETE FROM removal", "points to a row of removal"),
    "a story of one": ("UPDATE article SET story = 2 WHERE number = 2", "stories of one article"),
    "words too many": (
        "INSERT INTO passage_text (rowid, title, text) VALUES (99999, 'a', 'b')",
        "1 rows too many and 0 too few in passage_text",
    ),
    "words of an earlier version": (
        "UPDATE version SET text = replace(unpacked(text), 'road', 'path')",
        "version_text",
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_what_is_wrong_is_found_and_named(full, name, capsys):
    statements, told = DAMAGES[name]
    full.connection.executescript(statements)
    found = verify(full).problems
    assert found
    assert re.search(told, "\n".join(found)), found
    assert main(["status", "--verify", "--library", str(full.folder)]) == 1
    assert "wrong " in capsys.readouterr().out


def test_a_view_that_is_wrong_is_found(full, embedder, lists_at_once):
    save_view(full)
    view = open_view(full)
    view._index.remove_ids(np.asarray([3]))
    view.save()
    assert "lacks 1" in verify(full).problems[0]
    (full.folder / FILE).write_bytes(b"junk")
    assert f"{FILE} is damaged or of an earlier form: the next sync makes it again" in verify(full).problems[0]
    sync_articles(full, embedder, [])
    assert verify(full).problems == ()


def test_the_command_line_verifies(full, capsys):
    assert main(["status", "--verify", "--library", str(full.folder)]) == 0
    assert "every article, passage, vector and word is in its place" in capsys.readouterr().out


def test_a_restored_backup_is_the_same_row_by_row(full, tmp_path, article):
    (full.folder / "uploads").mkdir()
    (full.folder / "uploads" / "a.txt").write_text("kept")
    before = everything(full.folder)
    assert back_up(full.folder, tmp_path / "b.zip") == (tmp_path / "b.zip").stat().st_size
    assert everything(full.folder) == before
    restore(tmp_path / "b.zip", tmp_path / "other")
    assert everything(tmp_path / "other") == before
    assert (tmp_path / "other" / "uploads" / "a.txt").read_text() == "kept"
    other = open_library(tmp_path / "other")
    assert verify(other).problems == ()
    assert bring_back(other, other.removals()[0].token) == [article("Nord").id]
    other.close()


def test_a_backup_is_consistent_while_somebody_writes(full, tmp_path, embedder, article):
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            sync_articles(full, embedder, [article(f"w{number % 5}", text_of("Lund", number))])
            number += 1
        full.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(4):
            back_up(full.folder, tmp_path / f"{n}.zip")
    finally:
        stop.set()
        writer.join()
    for n in range(4):
        restore(tmp_path / f"{n}.zip", tmp_path / f"r{n}")
        copy = open_library(tmp_path / f"r{n}")
        assert verify(copy).problems == ()
        copy.close()


def test_restoring_moves_aside_what_is_there_and_a_bad_backup_changes_nothing(full, tmp_path):
    back_up(full.folder, tmp_path / "b.zip")
    full.close()
    before = everything(full.folder)
    with pytest.raises(LibraryError, match=r"is not empty: name another folder, or .* --replace"):
        restore(tmp_path / "b.zip", full.folder)
    damaged = bytearray((tmp_path / "b.zip").read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (tmp_path / "bad.zip").write_bytes(damaged)
    for bad in ("bad.zip", "none.zip"):
        with pytest.raises(LibraryError, match="cannot be restored"):
            restore(tmp_path / bad, full.folder, replace=True)
    with zipfile.ZipFile(tmp_path / "wrong.zip", "w") as archive:
        archive.writestr("readme.txt", "no library")
    with pytest.raises(LibraryError, match=r"it holds no library\.db"):
        restore(tmp_path / "wrong.zip", full.folder, replace=True)
    assert everything(full.folder) == before
    aside = restore(tmp_path / "b.zip", full.folder, replace=True)
    assert everything(aside) == everything(full.folder) == before


def test_a_backup_that_cannot_be_written_is_told(full, tmp_path):
    with pytest.raises(LibraryError, match="cannot be written"):
        back_up(full.folder, tmp_path / "no" / "such" / "folder.zip")


def _settle(library):
    """Let all be in the file itself."""
    library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    library.close()
    return library.folder / DATABASE


def _never(_model):
    raise AssertionError("nothing had to be embedded")


def test_an_undamaged_library_comes_back_whole(full, tmp_path):
    before = {row.id: full.find_article(row.id) for row in full.list_articles()}
    vectors = full.all("SELECT id, start, end, vector FROM passage")
    found = recover(full.folder, tmp_path / "new", _never)
    assert (found.articles, found.embedded_again, found.unreadable) == (len(before), 0, 0)
    new = open_library(tmp_path / "new")
    assert verify(new).problems == ()
    assert {row.id: new.find_article(row.id) for row in new.list_articles()} == before
    assert new.all("SELECT id, start, end, vector FROM passage") == vectors
    assert len(new.changes()) == len(full.changes())
    assert bring_back(new, new.removals()[0].token)
    assert verify(new).problems == ()
    new.close()


@pytest.mark.parametrize("seed", range(4))
def test_what_is_left_of_a_damaged_library_comes_back(full, tmp_path, seed):
    before = {row.id: full.find_article(row.id) for row in full.list_articles()}
    file = _settle(full)
    size = file.stat().st_size
    chance = random.Random(seed)
    if seed % 2:
        os.truncate(file, int(size * chance.uniform(0.85, 0.97)) // 4096 * 4096)
    else:
        with file.open("rb+") as stream:
            for _ in range(3):
                stream.seek(chance.randrange(20, size // 4096) * 4096)
                stream.write(chance.randbytes(4096))
    found = recover(full.folder, tmp_path / "new", lambda _model: HashingEmbedder())
    new = open_library(tmp_path / "new")
    assert verify(new).problems == ()
    back = {row.id: new.find_article(row.id) for row in new.list_articles()}
    assert len(back) == found.articles
    assert all(before[name] == there for name, there in back.items())
    assert len(back) >= (3 if seed % 2 else 10)  # what a file is cut off at is gone
    hit = Searcher(new, new.rankings(), HashingEmbedder()).search("When will the harbour be widened?", 1)[0]
    assert hit.article.text[hit.start : hit.end] == hit.text
    new.close()


def test_a_truncated_library_is_told_with_the_remedy(full, tmp_path, capsys):
    file = _settle(full)
    os.truncate(file, file.stat().st_size * 9 // 10)
    shared = ["--library", str(full.folder)]
    assert main(["status", "--verify", *shared]) in (1, 2)
    output = capsys.readouterr()
    assert "article-assistant recover" in output.out + output.err
    assert main(["recover", str(tmp_path / "new"), *shared, "--embedding-model", "hashing"]) == 0
    assert "articles came back" in capsys.readouterr().out
    file.write_bytes(b"junk" * 1000)
    assert main(["recover", str(tmp_path / "newer"), *shared]) == 2
    assert "nothing can be had back" in capsys.readouterr().err
    assert not (tmp_path / "newer").exists()


def test_the_command_line_backs_up_and_restores(full, tmp_path, capsys):
    shared = ["--library", str(full.folder)]
    assert main(["backup", str(tmp_path / "b.zip"), *shared]) == 0
    assert main(["restore", str(tmp_path / "b.zip"), "--library", str(tmp_path / "other")]) == 0
    assert main(["restore", str(tmp_path / "b.zip"), *shared]) == 2
    assert "--replace" in capsys.readouterr().err
