"""The record: whole articles or none, views that follow, errors that name the remedy."""

import sqlite3

import numpy as np
import pytest

from index.database import DATABASE, FORMAT, transaction
from index.dense import FILE, open_view
from index.errors import LibraryError, ModelError
from index.local import open_library
from index.putting_away import put_away
from index.sync import sync_articles


def rows(library):
    """Everything that a reader can see of a library, by table."""
    tables = ("article", "passage", "line", "recurring_line", "uncleaned_article")
    content = {table: library.connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
    content["text"] = library.connection.execute("SELECT rowid FROM passage_text").fetchall()
    return content


def test_dates_and_counts_are_summarised(put, library, article):
    from datetime import date

    put(
        article("a", published=date(2022, 3, 10)),
        article("b", published=date(2021, 1, 2)),
        article("c", published=None),
    )
    summary = library.summarise()
    assert (summary.articles, summary.first, summary.last) == (3, date(2021, 1, 2), date(2022, 3, 10))


def test_an_article_comes_back_as_it_was_written(put, library, article):
    written = article("a", authors=("Ann Lee", "Bo Ek"), origin="/somewhere/a.txt")
    put(written)
    assert library.find_article(written.id) == written


def test_every_change_raises_the_revision(put, library, article):
    put(article("a"))
    before = library.revision
    put_away(library, [article("a").id])
    assert library.revision == before + 1


def test_adding_and_deleting_leaves_what_was(put, library, article):
    put(article("a"), article("b", "Something else happened. Nobody saw it."))
    before = rows(library)
    put(article("c", "A third thing happened in the night. It was heard far away."))
    assert rows(library) != before
    put_away(library, [article("c").id])
    assert rows(library) == before
    assert library.match_text('"night"', 10) == []


def test_a_failed_write_leaves_the_article_as_it_was(put, library, article):
    put(article("a"))
    before = rows(library)
    with pytest.raises(RuntimeError):
        _fail_halfway(library)
    assert rows(library) == before


def _fail_halfway(library):
    with transaction(library) as connection:
        connection.execute("DELETE FROM passage")
        raise RuntimeError


def test_a_full_disk_is_told_and_nothing_is_lost(put, library, article):
    put(article("a"))
    before = rows(library)
    pages = library.connection.execute("PRAGMA page_count").fetchone()[0]
    library.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LibraryError, match="free some space; what was committed before is unharmed"):
        put(article("b", "\n".join(f"Line {n} of a long report on the bridge." for n in range(5000))))
    assert rows(library) == before


def test_a_missing_library_says_how_to_make_one(tmp_path):
    with pytest.raises(LibraryError, match="article-assistant sync SOURCE --library"):
        open_library(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_a_newer_format_is_refused_with_both_numbers(put, library, article):
    put(article("a"))
    library.connection.execute("UPDATE meta SET value = 7 WHERE key = 'format'")
    expected = rf"has format 7, this program reads format {FORMAT}: update article-assistant"
    with pytest.raises(LibraryError, match=expected):
        open_library(library.folder)


def test_another_model_is_refused_with_both_names(put, library, article):
    put(article("a"))
    with pytest.raises(
        ModelError, match=r"embedded with hashing \(256 dimensions\), settings say big \(768 dimensions\).*reembed"
    ):
        library.check_model("big", 768)


def test_a_file_that_is_no_database_is_told(tmp_path):
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / DATABASE).write_bytes(b"not a database at all" * 100)
    with pytest.raises(LibraryError, match="damaged; restore it from a copy"):
        open_library(folder)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LibraryError, match="name a folder that can be written"):
        open_library(tmp_path / "file" / "library", create=True)


def test_readers_go_on_while_an_article_is_written(put, library, article):
    put(article("a"))
    reader = open_library(library.folder)
    with transaction(library) as connection:
        connection.execute("DELETE FROM article WHERE 0")
        assert reader.summarise().articles == 1
    reader.close()


def test_vectors_are_signed_bytes_that_stand_for_a_direction(put, library, embedder, article):
    put(article("a"))
    ids = library.ids_since(0)
    vectors = list(library.find_vectors(ids).values())
    blob = library.connection.execute("SELECT vector FROM passage WHERE id = ?", (ids[0],)).fetchone()[0]
    whole = np.frombuffer(blob, dtype=np.int8).astype(np.float32)
    assert (len(blob), np.abs(whole).max()) == (256, 127)
    assert np.allclose(whole / np.linalg.norm(whole), vectors[0])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    _, record, text = next(library.iterate_passages())
    assert embedder.embed_passages([f"{record.title}\n{text}"])[0] @ vectors[0] > 0.9999


def _flip_bit(file):
    content = bytearray(file.read_bytes())
    content[-100] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.unlink(),
        lambda file: file.write_bytes(file.read_bytes()[:-50]),
        lambda file: file.write_bytes(b"junk"),
        _flip_bit,
    ],
)
def test_a_damaged_view_is_made_again(put, library, embedder, article, damage, lists_at_once):
    put(article("a"), article("b", "\n".join(f"Something else happened in town {n}." for n in range(60))))
    question = embedder.embed_questions(["bridge"])[0]
    before = dict(open_view(library).search(question, 50))
    assert len(before) == library.count_passages()
    damage(library.folder / FILE)
    assert dict(open_view(library).search(question, 50)) == pytest.approx(before, abs=1e-3)


def test_a_saved_view_is_loaded_and_caught_up(put, library, embedder, article, lists_at_once):
    put(article("a"), article("b", "\n".join(f"Something else happened in town {n}." for n in range(60))))
    stale = open_view(library)
    assert stale.saved_revision == library.revision
    put_away(library, [article("a").id])
    put(article("c", "A third thing happened in the night."))
    assert stale.catch_up(library)
    assert len(stale) == library.summarise().passages
    fresh = open_view(library)
    question = embedder.embed_questions(["night thing"])[0]
    assert stale.search(question, 10) == fresh.search(question, 10)


def test_the_schema_is_never_half_made(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite3, "connect", _fail)
    with pytest.raises(LibraryError):
        open_library(tmp_path / "library", create=True)
    monkeypatch.undo()
    assert open_library(tmp_path / "library", create=True).summarise().articles == 0


def _fail(*_arguments, **_options):
    raise sqlite3.OperationalError("disk I/O error")


def test_an_empty_sync_makes_an_empty_library(library, embedder):
    assert sync_articles(library, embedder, []).added == 0
    assert library.model is None
