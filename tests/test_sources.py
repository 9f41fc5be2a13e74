"""Files, folders and rows: each becomes an article or a rejection that names it, and none stops another."""

import json
import os
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_bytes import make_pdf

from index.errors import SourceError
from index.formats.kinds import KINDS
from index.records import Article, Rejected
from index.sources import Limits, article_from_text, read_source

SHARED = Path(__file__).resolve().parents[2] / "shared"
NOBODY = 65534
LIMITS = Limits()
SENTENCE = "The ferry company said on Monday that fares will rise in May."


def read(source: object, limits: Limits = LIMITS) -> list[Article | Rejected]:
    return list(read_source(str(source), limits=limits))


def reason(source: object, limits: Limits = LIMITS) -> str:
    (found,) = read(source, limits)
    assert isinstance(found, Rejected)
    assert found.name == str(source)
    return found.reason


def write_rows(path: Path, rows: list[object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@contextmanager
def unprivileged() -> Iterator[None]:
    """Permissions do not bind the root user: be somebody else meanwhile."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    """A folder that any user may look into, wherever the temporary folder lies."""
    for folder in (tmp_path, *tmp_path.parents[:3]):  # one more where several processes share the tests
        if folder == Path(tempfile.gettempdir()):
            break
        folder.chmod(folder.stat().st_mode | 0o055)
    return tmp_path


def test_a_row_gives_all_its_fields(tmp_path):
    row = {
        "url": "https://www.coast.example/ferry?utm_source=x#a",
        "title": "Ferry fares",
        "text": f"{SENTENCE}\r\n\r\n\r\nIt gave no reason.",
        "published": "2024-03-05",
        "authors": ["Mara Lind"],
        "source": "Coast Daily",
        "language": "en",
    }
    assert read(write_rows(tmp_path / "a.jsonl", [row])) == [
        Article(
            id="https://www.coast.example/ferry",
            title="Ferry fares",
            text=f"{SENTENCE}\nIt gave no reason.",
            url="https://www.coast.example/ferry?utm_source=x#a",
            source="Coast Daily",
            published=date(2024, 3, 5),
            authors=("Mara Lind",),
            origin=str(tmp_path / "a.jsonl"),
        )
    ]


def test_a_row_without_url_is_known_by_its_file_and_number(tmp_path):
    path = write_rows(tmp_path / "a.jsonl", [{"text": "One."}, {"text": SENTENCE, "url": "javascript:alert(1)"}])
    first, second = read(path)
    assert (first.id, first.source, first.title) == (f"{path}#1", tmp_path.name, "One.")
    assert (second.id, second.url, second.title) == (f"{path}#2", None, SENTENCE)


def test_a_row_without_source_or_title_takes_them_from_its_url(tmp_path):
    row = {"url": "https://www.coast.example/news/ferry-fares-will-rise/623", "title": "x", "text": SENTENCE}
    (article,) = read(write_rows(tmp_path / "a.jsonl", [row]))
    assert (article.source, article.title) == ("coast.example", "Ferry fares will rise")


def test_bad_rows_are_rejected_with_number_and_reason_and_the_others_are_read(tmp_path):
    path = tmp_path / "a.jsonl"
    good = {"url": "https://a.example/1", "text": SENTENCE}
    lines: list[bytes] = [
        b"\xef\xbb\xbf" + json.dumps(good).encode(),
        b"{not json",
        b"[1, 2]",
        b'"text"',
        b'{"title": "t"}',
        b'{"text": " \\n "}',
        b'{"text": 7}',
        b'{"text": null}',
        b'{"text": "caf\xe9"}',
        json.dumps({**good, "url": "https://a.example/1#part"}).encode(),
        b"[" * 100_000,
        b'{"text": "a", "n": ' + b"9" * 5000 + b"}",
        b"",
        json.dumps({**good, "url": "https://a.example/2"}).encode(),
    ]
    path.write_bytes(b"\r\n".join(lines))
    found = read(path)
    assert [item.id for item in found if isinstance(item, Article)] == ["https://a.example/1", "https://a.example/2"]
    rejected = [item for item in found if isinstance(item, Rejected)]
    assert {item.name for item in rejected} == {str(path)}
    reasons = {item.row: item.reason for item in rejected}
    assert list(reasons) == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    assert reasons[2].startswith("not JSON: ")
    assert reasons[3].startswith("not an object: a list")
    assert reasons[4].startswith("not an object: a string")
    assert reasons[5] == "no text: the field is missing"
    assert reasons[6] == "no text: it is empty"
    assert reasons[7] == "no text: the field is a number"
    assert reasons[8] == "no text: the field is null"
    assert reasons[9] == "invalid UTF-8: 0xe9 at byte 14 of the row; save the file as UTF-8"
    assert reasons[10] == "the same URL as row 1: https://a.example/1"
    assert reasons[11].startswith("not JSON")
    assert reasons[12].startswith("not JSON")


def test_a_huge_line_is_skipped_in_bounded_memory(tmp_path):
    path = tmp_path / "a.jsonl"
    with path.open("wb") as handle:
        handle.write(b'{"text": "One."}\n{"text": "')
        for _ in range(100):
            handle.write(b"x" * 1_000_000)
        handle.write(b'"}\n{"text": "Three."}\n')
    tracemalloc.start()
    first, second, third = read(path, Limits(max_bytes=1_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (first.text, third.text) == ("One.", "Three.")
    assert second.row == 2
    assert second.reason == "row of 100,000,013 bytes, longer than the limit of 1,000,000 bytes: split it"
    assert peak < 10_000_000


def test_a_row_exactly_at_the_limit_is_read(tmp_path):
    path = tmp_path / "a.jsonl"
    line = b'{"text": "One."}'
    path.write_bytes(line + b"\n" + line)
    assert [item.text for item in read(path, Limits(max_bytes=len(line)))] == ["One.", "One."]
    assert all(isinstance(item, Rejected) for item in read(path, Limits(max_bytes=len(line) - 1)))


def test_a_json_file_holds_a_list_or_an_object_or_lines(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"text": "One."}, 5, {"text": "Three."}], indent=1), encoding="utf-8")
    first, second, third = read(path)
    assert (first.id, third.id) == (f"{path}#1", f"{path}#3")
    assert (second.row, second.reason[:13]) == (2, "not an object")
    path.write_text(json.dumps({"text": "One."}, indent=1), encoding="utf-8")
    assert [item.text for item in read(path)] == ["One."]
    assert [item.text for item in read(write_rows(path, [{"text": "One."}, {"text": "Two."}]))] == ["One.", "Two."]
    path.write_text("[]", encoding="utf-8")
    assert "empty" in reason(path)


def test_lone_surrogates_in_json_become_storable(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "a \\ud800 b \\u0000c", "title": "t \\udfff", "url": "http://a.example/\\ud800"}\n')
    (article,) = read(path)
    assert article.text == "a \ufffd b c"
    for field in (article.id, article.title, article.url):
        assert field.encode("utf-8")


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.pdf", "a.jsonl", "a.json", "a.xml"])
def test_an_empty_file_is_rejected(tmp_path, name):
    (tmp_path / name).write_bytes(b"")
    assert reason(tmp_path / name) == "the file is empty (0 bytes)"


def test_blank_rows_only_are_rejected(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b"\n \n")
    assert reason(tmp_path / "a.jsonl") == "empty: it has no rows"


def test_a_file_beyond_the_limit_is_rejected_with_both_sizes(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"x" * 2001)
    assert "2,001 bytes, the limit is 2,000 bytes" in reason(tmp_path / "a.txt", Limits(max_bytes=2000))


def test_names_that_cannot_be_read_are_rejected(tmp_path):
    (tmp_path / "a.docx").write_bytes(b"x")
    (tmp_path / "README").write_bytes(b"x")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    assert "unsupported kind of file .docx" in reason(tmp_path / "a.docx")
    assert "known are .txt" in reason(tmp_path / "README")
    assert reason(tmp_path / "missing.txt") == "does not exist: check the path"
    assert "symbolic links" in reason(tmp_path / "loop.txt")
    assert reason(tmp_path / "pipe.txt") == "not a regular file"
    assert "unsupported scheme ftp" in reason("ftp://a.example/x")
    assert "empty" in reason("")
    assert "null" in reason("a\0b.txt")
    assert "too long" in reason("a" * 5000)


def test_a_folder_is_read_in_order_without_hidden_and_unknown_files(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("b/2.txt", "b/1.md", "a.txt", "c.TXT", ".hidden.txt", ".git/x.txt", "photo.png"):
        (tmp_path / name).write_text(f"This is the text of {name}.", encoding="utf-8")
    (tmp_path / "d.txt").write_bytes(b"")
    found = read(tmp_path)
    assert [item.id for item in found[:4]] == [str(tmp_path / name) for name in ("a.txt", "b/1.md", "b/2.txt", "c.TXT")]
    assert [item.source for item in found[:4]] == [tmp_path.name, "b", "b", tmp_path.name]
    assert found[4:] == [Rejected(str(tmp_path / "d.txt"), "the file is empty (0 bytes)")]


def test_links_that_loop_or_repeat_are_read_once(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.txt").write_text("One is here.", encoding="utf-8")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "b").symlink_to(tmp_path / "a")
    (tmp_path / "c.txt").symlink_to(tmp_path / "a" / "one.txt")
    assert [item.id for item in read(tmp_path)] == [str(tmp_path / "a" / "one.txt")]


def test_a_folder_without_known_files_says_so(tmp_path):
    (tmp_path / "photo.png").write_bytes(b"x")
    assert "holds no file of a known kind" in reason(tmp_path)


def test_unreadable_files_and_folders_are_rejected_and_the_rest_is_read(open_folder):
    (open_folder / "closed").mkdir()
    (open_folder / "closed" / "x.txt").write_text("x", encoding="utf-8")
    (open_folder / "a.txt").write_text("A is here.", encoding="utf-8")
    (open_folder / "b.txt").write_text("B is here.", encoding="utf-8")
    (open_folder / "closed").chmod(0)
    (open_folder / "b.txt").chmod(0)
    try:
        with unprivileged():
            found = read(open_folder)
            named = read(open_folder / "closed" / "x.txt")
    finally:
        (open_folder / "closed").chmod(0o755)
    assert [item.text for item in found if isinstance(item, Article)] == ["A is here."]
    assert [item.name for item in found[1:]] == [str(open_folder / "b.txt"), str(open_folder / "closed")]
    for item in (*found[1:], *named):
        assert "permission denied" in item.reason


def test_a_name_that_is_no_utf8_gives_an_identity_that_is(tmp_path):
    path = tmp_path / os.fsdecode(b"caf\xe9.txt")
    path.write_text(SENTENCE, encoding="utf-8")
    (article,) = read(tmp_path)
    assert article.id.encode("utf-8").endswith(b"caf\\xe9.txt")


def test_pasted_text_has_an_identity_of_its_text():
    article = article_from_text("", f"Ferry fares will rise\n\n{SENTENCE}\r\n")
    assert (article.title, article.text) == ("Ferry fares will rise", SENTENCE)
    assert article.id == article_from_text("Other", f"Ferry fares will rise\n\n{SENTENCE}\n").id
    assert article.id.startswith("pasted:")
    assert article.id != article_from_text("", SENTENCE).id
    with pytest.raises(SourceError, match="no text"):
        article_from_text("Title", " \n")


FEED = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Coast Daily</title>
<item><title>Ferry &amp; fares</title><link>https://coast.example/1?utm_source=rss</link><author>Mara Lind</author>
<pubDate>Tue, 05 Mar 2024 23:30:00 -0500</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>{long}</p><p>The end.</p>]]></content:encoded></item>
<item><title>Teaser only</title><description>Short.</description></item>
<item><title>Long teaser</title><description>{long}</description></item>
<item><title>Again</title><link>https://coast.example/1?utm_source=rss</link></item>
</channel></rss>"""


def test_a_feed_file_gives_full_entries_and_rejects_teasers(tmp_path):
    long = (SENTENCE + " ") * 10
    (tmp_path / "news.rss").write_text(FEED.format(long=long), encoding="utf-8")
    full, teaser, long_teaser, again = read(tmp_path / "news.rss")
    assert full == Article(
        id="https://coast.example/1",
        title="Ferry & fares",
        text=f"{long.strip()}\nThe end.",
        url="https://coast.example/1?utm_source=rss",
        source="Coast Daily",
        published=date(2024, 3, 5),
        authors=("Mara Lind",),
        origin=str(tmp_path / "news.rss"),
    )
    assert teaser.row == 2
    assert "the feed holds 6 characters of it" in teaser.reason
    assert "it has no link" in teaser.reason
    assert (long_teaser.id, long_teaser.text) == (f"{tmp_path / 'news.rss'}#3", long.strip())
    assert (again.row, again.reason) == (4, "the same link as entry 1: https://coast.example/1?utm_source=rss")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("<note>no feed</note>", "no RSS or Atom feed"),
        ("plain words", "no RSS or Atom feed"),
        ('<rss version="2.0"><channel></channel></rss>', "the feed has no entries"),
    ],
)
def test_what_is_no_feed_is_rejected(tmp_path, text, part):
    (tmp_path / "a.xml").write_text(text, encoding="utf-8")
    assert reason(tmp_path / "a.xml") == part


@settings(max_examples=25, deadline=None)
@given(
    data=st.binary(max_size=300),
    prefix=st.sampled_from([b"", b'{"text": "', b"[", b'<rss version="2.0"><channel><item><title>', b"%PDF-1.4\n"]),
)
def test_arbitrary_bytes_under_every_suffix_never_raise(tmp_path_factory, data, prefix):
    folder = tmp_path_factory.mktemp("fuzz")
    for suffix in KINDS:
        (folder / f"a{suffix}").write_bytes(prefix + data)
    for found in read(folder, Limits(timeout=0.001)):
        assert isinstance(found, Article | Rejected)
        assert found.text if isinstance(found, Article) else found.reason


def test_one_broken_file_of_each_kind_stops_no_other(tmp_path):
    junk = b"\x00\x01\x02" * 50
    for suffix in KINDS:
        (tmp_path / f"broken{suffix}").write_bytes(junk)
    (tmp_path / "fine.pdf").write_bytes(make_pdf([[SENTENCE]]))
    found = read(tmp_path)
    assert [item.text for item in found if isinstance(item, Article)] == [SENTENCE]
    assert len(found) == len(KINDS) + 1


def test_real_articles_are_read_quickly_and_whole():
    path = SHARED / "benchmarks" / "realtimeqa-2024" / "articles.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    start = time.process_time()
    found = read(path)
    seconds = time.process_time() - start
    assert len(found) == 1329
    assert all(isinstance(item, Article) and item.published for item in found)
    assert not [
        item.title for item in found if len(item.title) < 3 or item.title.count("-") > item.title.count(" ") + 1
    ]
    assert seconds < 5


def test_the_scraped_article_has_a_sensible_title():
    if not (SHARED / "articles").exists():
        pytest.skip(f"{SHARED / 'articles'} is not here")
    (article,) = read(SHARED / "articles")
    assert article.title.startswith("Moscow will")
    assert article.text.startswith(article.title)
