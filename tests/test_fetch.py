"""URLs: pages, feeds and files over HTTP within the limits, and no connection to a private address unasked."""

import contextlib
import gzip
import ipaddress
import json
import socket
import ssl
import threading
import time

import pytest
from pdf_bytes import make_pdf
from web_site import PAGE, SENTENCE

from index.connection import ALLOW_PRIVATE, Deadline, check_addresses, is_public
from index.errors import SourceError
from index.fetch import MOST_TRIES, USER_AGENT, Limits, fetch
from index.records import Article, Rejected
from index.sources import read_source

OPEN = Limits(allow_private=True, timeout=5, max_bytes=100_000, pause=0)
STRICT = Limits(timeout=5, pause=0)


def read(url: str, limits: Limits = OPEN) -> list[Article | Rejected]:
    return list(read_source(url, limits=limits))


def reason(url: str, limits: Limits = OPEN) -> str:
    (found,) = read(url, limits)
    assert isinstance(found, Rejected)
    assert found.name == url
    return found.reason


def test_a_page_is_read_and_known_by_its_url(site):
    url = site.serve("/ferry?utm_source=x&b=1", PAGE)
    (article,) = read(url + "#part")
    assert article.id == site.url("/ferry?b=1")
    assert (article.title, article.source) == ("Ferry fares rise", "127.0.0.1")
    assert article.text.startswith(SENTENCE)
    headers = site.seen[0][1]
    assert headers["User-Agent"] == USER_AGENT
    assert headers["Host"] == f"127.0.0.1:{site.port}"


def test_the_host_header_names_the_host_that_was_asked_for(site):
    site.serve("/a", PAGE)
    assert fetch(site.url("/a", host="localhost"), OPEN).body == PAGE.encode()
    assert site.seen[0][1]["Host"] == f"localhost:{site.port}"


@pytest.mark.parametrize(
    ("path", "media_type", "body", "text"),
    [
        ("/a", "text/plain; charset=utf-8", "Ça va bien.".encode(), "Ça va bien."),
        ("/a", "text/plain; charset=iso-8859-1", "Ça va bien.".encode("latin-1"), "Ça va bien."),
        ("/a.md", "text/plain", b"It goes *well*.", "It goes well."),
        ("/a", "text/markdown", b"It goes *well*.", "It goes well."),
        ("/a.jsonl", "text/plain", b'{"text": "It goes."}\n', "It goes."),
        ("/a", "application/x-ndjson", b'{"text": "It goes."}\n', "It goes."),
        ("/a", "application/json", b'[{"text": "It goes."}]', "It goes."),
        ("/a", "application/octet-stream", make_pdf([["It goes rather well today."]]), "It goes rather well today."),
        ("/a", "application/pdf", make_pdf([["It goes rather well today."]]), "It goes rather well today."),
    ],
)
def test_the_kind_is_decided_by_media_type_address_and_content(site, path, media_type, body, text):
    (article,) = read(site.serve(path, body, media_type))
    assert article.text == text


def test_a_page_without_media_type_is_known_by_its_content(site):
    site.answers["/a"] = (200, {}, PAGE.encode())
    assert read(site.url("/a"))[0].title == "Ferry fares rise"


def test_a_compressed_page_is_read_and_its_limit_is_of_the_bytes_it_grows_to(site):
    url = site.serve("/a", gzip.compress(PAGE.encode()), Content_Encoding="gzip")
    assert read(url)[0].title == "Ferry fares rise"
    bomb = site.serve("/b", gzip.compress(b"<p>" + b"x" * 5_000_000), Content_Encoding="gzip")
    assert "the limit is 100,000 bytes" in reason(bomb)
    assert "was not asked for" in reason(site.serve("/c", b"x", Content_Encoding="gzip, gzip"))
    assert "does not answer" in reason(site.serve("/d", b"no gzip", Content_Encoding="gzip"))


def test_redirects_are_followed_to_the_page_and_no_further_than_five(site):
    site.serve("/5", PAGE)
    for step in range(5):
        site.redirect(f"/{step}", f"/{step + 1}")
    assert read(site.url("/0"))[0].id == site.url("/5")
    site.redirect("/start", "/0")
    assert "more than 5 redirects" in reason(site.url("/start"))


def test_a_private_address_is_refused_without_a_connection(site):
    site.serve("/a", PAGE)
    message = reason(site.url("/a"), STRICT)
    assert "127.0.0.1" in message
    assert "not a public address" in message
    assert ALLOW_PRIVATE in message
    assert "localhost is at" in reason(site.url("/a", host="localhost"), STRICT)
    assert "127.0.0.1" in reason(site.url("/a", host=str(int(ipaddress.ip_address("127.0.0.1")))), STRICT)
    assert site.seen == []


@pytest.fixture
def lookups(monkeypatch) -> list[str]:
    """Names of hosts on this machine, which passes for a public address here; returns what was looked up.

    `moving.example` points to a private address from its second lookup on.
    """
    real = socket.getaddrinfo
    asked: list[str] = []

    def look_up(host: str, port: int, *args: object, **named: object) -> list[tuple[object, ...]]:
        if not str(host).endswith(".example"):
            return real(host, port, *args, **named)
        addresses = {"inner.example": ["127.0.0.1", "10.0.0.7"]}.get(host, ["127.0.0.1"])
        if host == "moving.example" and host in asked:
            addresses = ["10.0.0.7"]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr("index.connection.is_public", lambda address: str(address) == "127.0.0.1")
    return asked


def test_a_redirect_to_a_host_with_any_private_address_is_refused_without_a_connection(site, lookups):
    site.serve("/secret", PAGE)
    site.redirect("/start", site.url("/secret", host="inner.example"))
    with pytest.raises(SourceError) as refused:
        fetch(site.url("/start", host="public.example"), STRICT)
    message = str(refused.value)
    assert "inner.example is at 10.0.0.7, which is not a public address" in message
    assert site.paths() == ["/start"]
    assert lookups == ["public.example", "inner.example"]


def test_a_name_that_moves_after_the_check_is_not_looked_up_again(site, lookups):
    site.serve("/a", PAGE)
    assert fetch(site.url("/a", host="moving.example"), STRICT).body == PAGE.encode()
    assert lookups == ["moving.example"]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f::1", True),
        ("64:ff9b::5db8:d70e", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("ff0e::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
    ],
)
def test_which_addresses_are_public(address, public):
    assert is_public(ipaddress.ip_address(address)) is public


def test_an_unknown_host_is_named():
    with pytest.raises(SourceError, match=r"the host nowhere\.invalid is not known"):
        check_addresses("nowhere.invalid", 80, Deadline(5), allow_private=True)


def test_an_error_answer_is_told_with_its_status(site):
    assert reason(site.url("/missing")) == "answered 404 Not Found"
    assert reason(site.serve("/a", "x", status=503)) == "answered 503 Service Unavailable"


def test_too_large_an_answer_is_told_with_both_sizes(site):
    url = site.serve("/a", b"x" * 300_000, "text/plain", Content_Length="300000")
    assert reason(url) == "too large: 300,000 bytes or more, the limit is 100,000 bytes"


def test_a_wrong_media_type_is_named(site):
    assert "holds image/png: expected a page" in reason(site.serve("/a", b"\x89PNG", "image/png"))
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert word in reason(site.serve("/b", b"PK", word))


def test_a_page_without_article_or_text_is_rejected(site):
    assert "no article found" in reason(site.serve("/a", "<html><body><p>Enable scripts.</p></body></html>"))
    assert reason(site.serve("/b", " ")) == "the page is empty"


def test_a_slow_answer_ends_at_the_time_limit(site):
    site.pause = 2
    url = site.serve("/a", PAGE)
    start = time.perf_counter()
    assert "within the limit of 0.3 seconds" in reason(url, Limits(allow_private=True, timeout=0.3, pause=0))
    assert time.perf_counter() - start < 1.5


def test_a_port_where_nobody_listens_does_not_answer():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
        assert "does not answer" in reason(url)


@pytest.mark.parametrize(
    "url", ["http://", "http://[::1", "http:///x", "https://a..b/", "http://xn--/", "http://127.0.0.1:99999/"]
)
def test_a_malformed_url_is_rejected(url):
    assert reason(url)


def test_a_url_with_a_password_is_refused(site):
    assert "user name or a password" in reason(f"http://me:secret@127.0.0.1:{site.port}/")
    assert site.seen == []


def test_a_redirect_to_another_scheme_is_refused(site):
    assert "not an http or https URL: file:///etc/hosts" in reason(site.redirect("/a", "file:///etc/hosts"))


def test_a_feed_reads_full_entries_and_fetches_the_pages_of_the_others(site):
    long = f"{SENTENCE} " * 8
    items = [
        f"<item><title>Full</title><link>{site.url('/full')}</link><content:encoded>{long}</content:encoded></item>",
        "<item><title>Linked</title><link>/page</link><description>Short.</description>"
        "<pubDate>Tue, 05 Mar 2024 23:30:00 -0500</pubDate><author>Mara Lind</author></item>",
        f"<item><title>Gone</title><link>{site.url('/gone')}</link><description>Short.</description></item>",
        f"<item><title>Long</title><link>{site.url('/long')}</link><description>{long}</description></item>",
        f"<item><title>Feed</title><link>{site.url('/feed')}</link></item>",
    ]
    feed = (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>Coast Daily</title>{''.join(items)}</channel></rss>"
    )
    site.serve("/page", PAGE)
    full, linked, gone, long_teaser, nested = read(site.serve("/feed", feed, "application/rss+xml"))
    assert (full.id, full.title, full.source) == (site.url("/full"), "Full", "Coast Daily")
    assert (linked.id, linked.title, str(linked.published)) == (site.url("/page"), "Ferry fares rise", "2024-03-05")
    assert linked.authors == ("Mara Lind",)
    assert (gone.row, "answered 404 Not Found" in gone.reason) == (3, True)
    assert (long_teaser.title, long_teaser.text) == ("Long", long.strip())
    assert (nested.row, "links to a feed, not to a page" in nested.reason) == (5, True)
    assert site.paths() == ["/feed", "/page", "/gone", "/long", "/feed"]


def test_an_atom_feed_is_read_whatever_its_media_type(site):
    long = f"{SENTENCE} " * 8
    entry = {"id": "urn:1", "title": "Entry", "updated": "2024-03-05T10:00:00Z"}
    tags = "".join(f"<{name}>{value}</{name}>" for name, value in entry.items())
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Coast Daily</title><entry>'
        f'{tags}<link href="https://coast.example/1"/><content type="text">{long}</content></entry></feed>'
    )
    (article,) = read(site.serve("/a", feed, "text/html"))
    assert (article.id, article.title, str(article.published)) == ("https://coast.example/1", "Entry", "2024-03-05")


def test_rows_behind_a_url_are_known_by_it(site):
    rows = "".join(json.dumps({"text": text}) + "\n" for text in ("One.", "Two."))
    url = site.serve("/a.jsonl", rows, "application/octet-stream")
    assert [item.id for item in read(url)] == [f"{url}#1", f"{url}#2"]


def test_tls_asks_for_the_host_by_name_although_it_connects_to_an_address(lookups):
    """The server has no certificate, so the handshake fails, but only after the client has named the host."""
    named: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = lambda _socket, name, _context: named.append(name)

    def greet(listener: socket.socket) -> None:
        for _ in range(MOST_TRIES):
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):
                context.wrap_socket(connection, server_side=True).close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=greet, args=(listener,))
        thread.start()
        message = reason(f"https://public.example:{listener.getsockname()[1]}/", STRICT)
        thread.join()
    assert "does not answer" in message
    assert named == ["public.example"] * (MOST_TRIES)
