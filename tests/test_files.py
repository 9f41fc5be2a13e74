"""Files that have not changed are hashed and not read again, and no change is ever missed."""

import json
import os
from pathlib import Path

import pytest
from older import take_back

import index.parsing
from index.local import open_library
from index.putting_away import bring_back, put_away
from index.sources import Limits
from index.sync import sync


@pytest.fixture
def folder(tmp_path):
    """Four files of four kinds, one of them with two rows."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("The quay\n\nThe quay of Orsund was rebuilt in May. It took four years.")
    (folder / "b.md").write_text("# The mill\n\nThe mill by the river grinds again. Its wheel is new.")
    paragraph = "<p>The tower was painted white, and before that it had been grey.</p>"
    (folder / "c.html").write_text(f"<article><h1>The tower</h1>{paragraph * 5}</article>")
    write_rows(folder / "d.jsonl", "One ferry sails to the island. It sails at noon.", "Nobody took the night train.")
    return folder


def write_rows(file, *texts):
    rows = [{"url": f"https://news.example.org/{n}", "title": f"Row {n}", "text": text} for n, text in enumerate(texts)]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.fixture
def parsed(monkeypatch):
    """The names of the files that are parsed."""
    names, original = [], index.parsing.parse_part

    def parse(part):
        names.append(Path(part.origin.name).name)
        return original(part)

    monkeypatch.setattr(index.parsing, "parse_part", parse)
    return names


@pytest.fixture
def again(library, embedder, folder, parsed):
    """Syncs the folder: (names of the files that were parsed, added, changed, unchanged, rejected)."""

    def _again(source=folder, **options):
        parsed.clear()
        report = sync(library, embedder, [str(source)], **options)
        return [*parsed], report.added, report.changed, report.unchanged, len(report.rejected)

    assert _again() == (["a.txt", "b.md", "c.html", "d.jsonl"], 5, 0, 0, 0)
    return _again


def test_what_has_not_changed_is_not_parsed_and_counts_as_there(again, library):
    revision = library.revision
    assert again() == ([], 0, 0, 5, 0)
    assert again(prune=True) == ([], 0, 0, 5, 0)
    assert library.revision == revision


def test_a_change_that_leaves_size_and_times_as_they_were_is_seen(again, folder, library):
    file = folder / "a.txt"
    before = file.stat()
    file.write_text(file.read_text().replace("four", "nine"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    assert again() == (["a.txt"], 0, 1, 4, 0)
    assert "nine years" in library.find_article(str(file)).text
    file.write_text(file.read_text().replace("nine", "four"))  # and back to what it once was
    assert again() == (["a.txt"], 0, 1, 4, 0)


def test_a_row_that_is_edited_added_or_lost_is_seen(again, folder, library):
    write_rows(folder / "d.jsonl", "One ferry sails to the island. It sails at one.", "Nobody took the night train.")
    assert again() == (["d.jsonl"], 0, 1, 4, 0)
    write_rows(folder / "d.jsonl", "One ferry sails to the island. It sails at one.")
    assert again(prune=True) == (["d.jsonl"], 0, 0, 4, 0)
    assert library.summarise().articles == 4
    assert again() == ([], 0, 0, 4, 0)


def test_a_file_under_another_name_is_read(again, folder):
    (folder / "a.txt").rename(folder / "e.txt")
    assert again(prune=True) == (["e.txt"], 1, 0, 4, 0)


def test_what_another_source_says_of_an_article_since_is_read_again(again, folder, tmp_path, library):
    other = tmp_path / "other.jsonl"
    write_rows(other, "Two ferries sail to the island now. They sail at noon.")
    assert again(other) == (["other.jsonl"], 0, 1, 0, 0)
    assert again() == (["d.jsonl"], 0, 1, 4, 0)
    assert again(other) == (["other.jsonl"], 0, 1, 0, 0)
    assert "Two ferries" in library.find_article("https://news.example.org/0").text


def test_trouble_is_told_each_time(again, folder):
    (folder / "a.txt").write_text("")
    with (folder / "d.jsonl").open("a") as stream:
        stream.write("no row\n")
    assert again() == (["d.jsonl"], 0, 0, 4, 2)
    assert again() == ([], 0, 0, 4, 2)  # the row is not read again, what was wrong with it is told again


def test_an_article_in_two_files_is_told_each_time(again, folder):
    write_rows(folder / "e.jsonl", "One ferry sails to the island. It sails at noon.")
    for _ in range(2):
        assert again() == (["e.jsonl"], 0, 0, 5, 1)


def test_a_file_over_the_limit_is_told_also_when_it_was_read_before(again, folder):
    assert again(limits=Limits(max_bytes=40))[-1] == 5  # three files and two rows
    assert again() == ([], 0, 0, 5, 0)


def test_what_was_removed_stays_out_and_comes_back_by_its_name(again, folder, library, embedder):
    row = put_away(library, ["https://news.example.org/0"])
    put_away(library, [str(folder / "a.txt")])
    report = sync(library, embedder, [str(folder)])
    assert (report.added, report.unchanged) == (0, 3)
    assert "left out 2 removed by you" in report.notices[0]
    assert again(folder / "a.txt") == (["a.txt"], 1, 0, 0, 0)
    bring_back(library, row)
    assert again() == ([], 0, 0, 5, 0)


def test_what_is_gone_and_comes_back_is_read_again(again, folder, library):
    text = (folder / "b.md").read_text()
    (folder / "b.md").unlink()
    assert again(prune=True) == ([], 0, 0, 4, 0)
    (folder / "b.md").write_text(text)
    assert again() == (["b.md"], 1, 0, 4, 0)
    assert again() == ([], 0, 0, 5, 0)


def test_a_library_of_format_3_learns_to_know_its_files(again, library):
    take_back(library, 3)
    open_library(library.folder).close()
    assert again() == (["a.txt", "b.md", "c.html", "d.jsonl"], 0, 0, 5, 0)
    assert again() == ([], 0, 0, 5, 0)


def test_articles_of_another_pipeline_are_read_again(again, monkeypatch):
    monkeypatch.setattr(index.sync, "PIPELINE", index.sync.PIPELINE + 1)
    assert again() == (["a.txt", "b.md", "c.html", "d.jsonl"], 0, 5, 0, 0)
    assert again() == ([], 0, 0, 5, 0)
