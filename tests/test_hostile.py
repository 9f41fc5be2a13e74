"""What a stranger would send to do harm, through the whole write path: bounded, and the library is as it was."""

import gzip
import json
import time
import zlib
from pathlib import Path

import pytest
from web_site import PAGE, SENTENCE, page

from index.fetch import Limits
from index.full_text import match_expression
from index.sync import sync
from index.words import question_words

LIMITS = Limits(max_bytes=2_000_000, allow_private=True, timeout=5, pause=0)
MOST_CPU_SECONDS = 20.0
"""Of this process, so that a busy machine does not matter; each of these takes a few seconds at most."""
GOOD = "The new bridge over the river Tamsel opened on Monday after four years of work, and hundreds walked across."


def rss(inside, head=""):
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>Coast</title>{inside}</channel></rss>'


def item(description, title="t"):
    return rss(f"<item><title>{title}</title><description>{description}</description></item>")


def billion_laughs():
    entities = '<!ENTITY a0 "ha ">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 13))
    return rss("<item><title>&a12;</title><description>&a12;</description></item>", f"<!DOCTYPE r [{entities}]>")


def quadratic_blow_up():
    return rss(f"<item><title>{'&a;' * 20_000}</title></item>", f'<!DOCTYPE r [<!ENTITY a "{"x" * 50_000}">]>')


def outside_entity():
    secret = Path("secret.txt").resolve()
    secret.write_text("swordfish")
    inside = f"<item><title>t</title><description>{SENTENCE * 8}&x;</description></item>"
    return rss(inside, f'<!DOCTYPE r [<!ENTITY x SYSTEM "file://{secret}">]>')


def pdf_bomb():
    packed = zlib.compress(b"\0" * 120_000_000, 9)
    head = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    head += b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    head += b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>\nendobj\n"
    head += b"4 0 obj\n<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed)
    return head + packed + b"\nendstream\nendobj\ntrailer\n<< /Size 5 /Root 1 0 R >>\n%%EOF\n"


HOSTILE = {
    "laughs.xml": billion_laughs,
    "quadratic.xml": quadratic_blow_up,
    "outside.xml": outside_entity,
    "deep.xml": lambda: '<rss version="2.0"><channel><item>' + "<a>" * 20_000,
    "comments.xml": lambda: item("&lt;!--" * 60_000),
    "scripts.xml": lambda: item("&lt;script " * 60_000),
    "deep.html": lambda: "<html><body>" + "<div>" * 50_000 + PAGE,
    "bold.html": lambda: "<html><body><article>" + "<p><b>" * 8_000 + SENTENCE,
    "open.html": lambda: PAGE + "<" * 500_000 + "<!--" * 100_000,
    "attributes.html": lambda: "<html><body " + "a=b " * 200_000 + ">" + PAGE,
    "data.html": lambda: "<script type='application/ld+json'>" + '{"a":' * 100_000 + "</script>" + PAGE,
    "huge.html": lambda: PAGE + "<p>x</p>" * 7_000_000,
    "brackets.md": lambda: "[" * 20_000 + "](" * 20_000,
    "stars.md": lambda: "*a " * 20_000,
    "quotes.md": lambda: "> " * 100_000 + "x",
    "deep.json": lambda: "[" * 1_000_000,
    "deep.jsonl": lambda: '{"text": ' + "[" * 1_000_000,
    "bomb.pdf": pdf_bomb,
    "bomb.html": lambda: gzip.compress(b"x" * 100_000_000),
}


@pytest.fixture
def held(library, embedder, article, put):
    """A library with an article, and what must not change of it."""
    put(article("good", text=GOOD))

    def rows():
        held = article("good").id
        return library.all(
            "SELECT a.id, a.title, a.text, a.digest, p.start, p.end, p.vector FROM article a "
            "JOIN passage p ON p.article = a.number WHERE a.id = ?",
            held,
        )

    return rows


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_bounded_time_and_no_article(name, library, embedder, held, tmp_path):
    data, before = HOSTILE[name](), held()
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    begin = time.process_time()
    report = sync(library, embedder, [str(path)], limits=LIMITS)
    assert time.process_time() - begin < MOST_CPU_SECONDS
    assert held() == before
    assert report.removed == report.changed == 0
    assert report.rejected or report.added
    assert all(reason.strip() for _, reason in ((item.name, item.reason) for item in report.rejected))
    texts = [found.text for found in library.iterate_articles()]
    assert not any("swordfish" in text for text in texts)
    assert sum(map(len, texts)) <= LIMITS.max_bytes + len(GOOD)
    if path.stat().st_size > LIMITS.max_bytes:
        assert "the limit is 2,000,000 bytes" in report.rejected[0].reason


def test_a_page_of_50_megabytes_is_left_when_the_limit_is_reached(site, library, embedder, held):
    before = held()
    url = site.serve("/huge", b"<p>x</p>" * 6_250_000)
    begin = time.process_time()
    report = sync(library, embedder, [url], limits=LIMITS)
    assert "the limit is 2,000,000 bytes" in report.rejected[0].reason
    assert time.process_time() - begin < MOST_CPU_SECONDS
    assert held() == before


def test_a_feed_that_leads_inside_or_has_no_end_is_bounded(site, library, embedder, held, monkeypatch, tmp_path):
    monkeypatch.setattr("index.remote.MOST_PAGES", 3)
    for number in range(5):
        site.serve(f"/{number}", page(f"News {number}", *[f"Report {number}. {SENTENCE}"] * 4))
    links = ["file:///etc/hostname", "ftp://x.example/a", *(site.url(f"/{number}") for number in range(5))]
    feed = rss("".join(f"<item><title>n</title><link>{link}</link></item>" for link in links))
    (tmp_path / "feed.xml").write_text(feed)
    report = sync(library, embedder, [str(tmp_path / "feed.xml")], limits=Limits(timeout=5, pause=0))
    assert ["not a public address" in item.reason for item in report.rejected] == [False] * 2 + [True] * 3 + [False] * 2
    assert (report.added, site.seen, site.robots_seen) == (0, [], 0)
    url = site.serve("/feed", feed, "application/rss+xml")
    later = time.time() + 301
    monkeypatch.setattr("index.visits.time.time", lambda: later)
    assert [sync(library, embedder, [url], limits=LIMITS).added for _ in range(3)] == [3, 2, 0]


def test_names_with_newlines_and_links_that_lead_out_or_round(library, embedder, held, tmp_path, capsys):
    from assistant.printing import describe_rejected

    folder, outside = tmp_path / "clippings", tmp_path / "outside"
    for made in (folder, outside):
        made.mkdir()
    (outside / "secret.txt").write_text("The password of the harbour master is swordfish.")
    (folder / "two\nlines\x1b[2J.txt").write_text("The market moved to the harbour on Sunday.")
    (folder / "empty\nfile.txt").write_text("")
    (folder / "out.txt").symlink_to(outside / "secret.txt")
    (folder / "out").symlink_to(outside)
    (folder / "round").symlink_to(folder)
    (folder / "itself.txt").symlink_to(folder / "itself.txt")
    report = sync(library, embedder, [str(folder)], limits=LIMITS)
    assert report.added == 1
    reasons = {Path(item.name).name: item.reason for item in report.rejected}
    assert reasons.keys() >= {"empty\nfile.txt", "out", "out.txt"}
    assert "leads out of the folder" in reasons["out"]
    assert "leads out of the folder" in reasons["out.txt"]
    assert not any("swordfish" in article.text for article in library.iterate_articles())
    for item in report.rejected:
        assert "\n" not in describe_rejected(item)
        assert "\x1b" not in describe_rejected(item)
    again = sync(library, embedder, [str(folder)], limits=LIMITS)
    assert (again.added, again.unchanged) == (0, 1)


@pytest.mark.parametrize(
    "question",
    [
        'bridge" OR "', "bridge*", "title:bridge", "NEAR(bridge tamsel, 2)", "bridge AND NOT tamsel", "^bridge",
        "{title text}: bridge", "bridge' ; DROP TABLE article; --", '""" bridge', "bridge\0tamsel", "-bridge",
        "bridge " * 5000, "\u202ebridge\u202c", "b\u0308ridge bridge", "%s bridge %n", "\\ bridge", "(bridge",
        "bridge ))", "bridge \ud800 tamsel",
    ],
)  # fmt: skip
def test_a_question_is_data(question, library, embedder, held):
    from index.search import Searcher, SearchMode

    before = held()
    searcher = Searcher(library, library.rankings(), embedder)
    safe = question.encode("utf-8", "replace").decode()
    (hit,) = searcher.search(safe, 5, SearchMode.LEXICAL)
    assert hit.text == GOOD
    assert held() == before
    words = question_words(safe)
    assert library.match_text(match_expression(words), 5) == [hit.passage_id]


def test_rows_that_claim_the_place_of_others_are_told_apart(library, embedder, held, tmp_path, article):
    """A row may name any URL as its own: what was there is kept as an earlier version, never lost."""
    url = article("good").url
    (tmp_path / "rows.jsonl").write_text(
        json.dumps({"url": url, "title": "Good", "text": "The bridge is a lie."}) + "\n"
    )
    assert sync(library, embedder, [str(tmp_path / "rows.jsonl")], limits=LIMITS).changed == 1
    assert [row[0] for row in library.all("SELECT unpacked(text) FROM version WHERE id = ?", article("good").id)] == [
        GOOD
    ]
