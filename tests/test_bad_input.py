"""Bad input through the command line: a plain message with the reason, and a library that answers as before."""

import json
import os
import shutil
import socket
import tempfile
from pathlib import Path

import pytest
from pdf_bytes import make_pdf

from assistant.cli import main

GOOD = "The new bridge over the river Tamsel opened on Monday after four years of work, and hundreds walked across."
HUGE = 100_000_000


@pytest.fixture
def run(tmp_path, capsys):
    """Run a command on a library that already holds one article."""

    def _run(*arguments):
        code = main([*arguments, "--library", str(tmp_path / "library"), "--embedding-model", "hashing"])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    (tmp_path / "good.txt").write_text(GOOD)
    assert _run("sync", str(tmp_path / "good.txt"))[0] == 0
    return _run


def _write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def empty(folder):
    return _write(folder / "empty.txt", ""), "the file is empty (0 bytes)"


def binary(folder):
    return _write(folder / "binary.txt", bytes(range(256)) * 40), "binary"


def wrong_encoding(folder):
    return _write(folder / "cut.jsonl", b'{"text": "a \xff b"}'), "row 1: "


def without_article(folder):
    return _write(folder / "page.html", "<html><body><nav>Home</nav></body></html>"), "no article"


def pictures(folder):
    return _write(folder / "scan.pdf", make_pdf([[]])), "OCR"


def without_text(folder):
    return _write(folder / "rows.jsonl", '{"url": "https://x.example/1", "title": "T"}'), "row 1: "


def damaged_pdf(folder):
    return _write(folder / "broken.pdf", b"%PDF-1.7 and nothing"), "PDF"


def unknown_kind(folder):
    return _write(folder / "sheet.xlsx", b"PK"), "unsupported"


def missing(folder):
    return folder / "nowhere.txt", "does not exist"


def huge_line(folder):
    path = folder / "huge.jsonl"
    with path.open("wb") as stream:
        stream.write(b'{"text": "')
        for _ in range(HUGE // 1_000_000):
            stream.write(b"x" * 1_000_000)
        stream.write(b'"}\n')
    return path, "row 1: "


BAD = [
    empty,
    binary,
    wrong_encoding,
    without_article,
    pictures,
    without_text,
    damaged_pdf,
    unknown_kind,
    missing,
    huge_line,
]


@pytest.mark.parametrize("make", BAD)
def test_what_cannot_be_read_is_named_with_the_reason_and_nothing_is_lost(run, tmp_path, make):
    path, reason = make(tmp_path)
    before = run("search", "Which bridge opened?", "--json")[1]
    code, out, errors = run("sync", str(path), "--json")
    assert code == 1
    assert json.loads(out)["rejected"] == 1
    assert path.name in errors
    assert reason in errors
    assert run("search", "Which bridge opened?", "--json")[1] == before


def test_two_rows_of_one_url_keep_the_first_and_name_both(run, tmp_path):
    rows = [{"url": "https://x.example/1", "text": f"Row {n} says that the harbour is frozen."} for n in (1, 2)]
    code, out, errors = run("sync", str(_write(tmp_path / "rows.jsonl", "\n".join(map(json.dumps, rows)))), "--json")
    assert (code, json.loads(out)["added"], json.loads(out)["rejected"]) == (1, 1, 1)
    assert "row 2" in errors
    assert "Row 1 says" in run("search", "Is the harbour frozen?")[1]


@pytest.fixture
def unprivileged_folder():
    """A folder outside pytest's own, and the rights of nobody in particular: permissions mean nothing to root."""
    folder = Path(tempfile.mkdtemp())
    nobody = 65534
    is_root = os.geteuid() == 0
    if is_root:
        os.chown(folder, nobody, -1)
        os.seteuid(nobody)
    yield folder
    (folder / "closed").chmod(0o700)
    if is_root:
        os.seteuid(0)
    shutil.rmtree(folder)


def test_an_unreadable_folder_is_named_and_the_rest_is_read(unprivileged_folder, capsys):
    (unprivileged_folder / "closed").mkdir(mode=0)
    _write(unprivileged_folder / "good.txt", GOOD)
    options = ["--library", str(unprivileged_folder / "library"), "--embedding-model", "hashing"]
    code = main(["sync", str(unprivileged_folder / "closed"), str(unprivileged_folder / "good.txt"), *options])
    assert code == 1
    assert "permission denied" in capsys.readouterr().err
    assert main(["search", "Which bridge opened?", "--json", *options]) == 0
    assert GOOD in capsys.readouterr().out


def test_a_url_that_does_not_answer_is_told(run):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    code, _, errors = run("sync", f"http://127.0.0.1:{port}/feed", "--allow-private")
    assert code == 1
    assert f"http://127.0.0.1:{port}/feed" in errors
    assert GOOD in run("search", "Which bridge opened?", "--json")[1]


def test_a_private_address_is_refused_unless_allowed(run):
    code, _, errors = run("sync", "http://127.0.0.1:9/feed")
    assert code == 1
    assert "ARTICLE_ASSISTANT_ALLOW_PRIVATE" in errors


def test_a_library_of_another_model_names_both_and_the_command(run, tmp_path, capsys):
    assert main(["ask", "Which bridge?", "--library", str(tmp_path / "library")]) == 2
    errors = capsys.readouterr().err
    assert "hashing (256 dimensions)" in errors
    assert "all-MiniLM-L6-v2 (384 dimensions)" in errors
    assert "article-assistant reembed" in errors


def test_a_write_error_of_the_system_is_told_and_nothing_is_lost(run, tmp_path):
    """The limit on the size of a file stands in for the full disk: writes fail in the middle, as they would there."""
    import resource

    long = "\n".join(f"Line {n} of a long report on the bridge over the Tamsel and its costs." for n in range(20_000))
    path = _write(tmp_path / "long.txt", long)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, before[1]))
    try:
        code, _, errors = run("sync", str(path))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert code == 2
    assert "free some space" in errors
    assert GOOD in run("search", "Which bridge opened?", "--json")[1]
