"""Visits as a good guest: robots.txt, pauses, versions; and servers that would hold a visitor for ever."""

import gzip
import socket
import threading
import time
import tracemalloc
import zlib
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web_site import PAGE

from index.answers import Validators
from index.errors import HttpError, SourceError
from index.fetch import MOST_TRIES, Limits, fetch
from index.web import Pace, Web

OPEN = Limits(allow_private=True, timeout=5, max_bytes=1_000_000, pause=0)
SHORT = Limits(allow_private=True, timeout=0.4, pause=0)


def robots(site, text, **named):
    site.serve("/robots.txt", text, "text/plain", **named)


def test_what_a_site_closes_is_not_asked(site):
    robots(site, "User-agent: *\nDisallow: /private/\nAllow: /private/open\nDisallow: /*.cgi$\n")
    for path in ("/private/a", "/x/run.cgi", "/private/open", "/news"):
        site.serve(path, PAGE)
    web = Web(OPEN)
    for closed in ("/private/a", "/x/run.cgi"):
        with pytest.raises(SourceError, match=r"robots\.txt does not allow article-assistant.*IGNORE_ROBOTS"):
            web.get(site.url(closed))
    assert web.get(site.url("/private/open")).body == web.get(site.url("/news")).body == PAGE.encode()
    assert site.paths() == ["/private/open", "/news"]
    assert site.robots_seen == 1
    assert Web(Limits(allow_private=True, pause=0, heed_robots=False)).get(site.url("/private/a")).body


def test_a_group_of_rules_for_this_program_counts_before_that_for_all(site):
    robots(site, "User-agent: *\nDisallow: /\n\nUser-agent: article-assistant\nDisallow: /b\n")
    site.serve("/a", PAGE)
    assert Web(OPEN).get(site.url("/a")).body
    with pytest.raises(SourceError, match="does not allow"):
        Web(OPEN).get(site.url("/b"))


def test_a_redirect_into_what_is_closed_is_not_followed(site):
    robots(site, "User-agent: *\nDisallow: /closed\n")
    site.serve("/closed", PAGE)
    site.redirect("/open", "/closed")
    with pytest.raises(SourceError, match="does not allow"):
        Web(OPEN).get(site.url("/open"))
    assert site.paths() == ["/open"]


def test_a_site_whose_rules_cannot_be_had_is_asked_later_and_one_without_rules_is_open(site):
    site.serve("/a", PAGE)
    robots(site, "", status=500)
    web = Web(OPEN)
    with pytest.raises(SourceError, match=r"robots\.txt: answered 500"):
        web.get(site.url("/a"))
    assert site.seen == []
    robots(site, "", status=410)
    assert web.get(site.url("/a")).body


def test_rules_that_are_no_rules_close_nothing(site):
    site.serve("/a", PAGE)
    for text in (PAGE, "\0\xff" * 1000, "User-agent: *\nDisallow: " + "/*a" * 20_000, "User-agent: *\n" * 50_000):
        robots(site, text.encode("latin-1"))
        begin = time.perf_counter()
        assert Web(Limits(allow_private=True, pause=0)).get(site.url("/a")).body
        assert time.perf_counter() - begin < 3


def test_visits_to_one_host_begin_a_pause_apart(site):
    robots(site, "User-agent: *\nCrawl-delay: 3\n")
    site.serve("/b", PAGE)
    site.redirect("/a", "/b")
    slept = []
    web = Web(Limits(allow_private=True, pause=1), sleep=slept.append, clock=lambda: 100.0)
    web.get(site.url("/a"))  # the redirect belongs to the visit
    assert slept == []
    web.get(site.url("/b"))
    web.get(site.url("/b"))
    assert slept == [3, 6]  # the clock stands still, so the third visit waits for both before it
    web.get(site.url("/b", host="localhost"))
    assert slept == [3, 6]


def test_many_threads_share_one_pace():
    begun, lock = [], threading.Lock()

    def sleep(seconds):
        with lock:
            begun.append(seconds)

    pace = Pace(sleep, lambda: 0.0)
    threads = [threading.Thread(target=pace.wait, args=("a.example", 2.0)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(begun) == [2.0 * n for n in range(1, 10)]


def test_a_version_that_is_known_is_not_sent_again(site):
    url = site.serve("/a", PAGE, ETag='"v1"', Last_Modified="Tue, 05 Mar 2024 10:00:00 GMT", Cache_Control="max-age=90")
    first = fetch(url, OPEN)
    assert first.validators == Validators('"v1"', "Tue, 05 Mar 2024 10:00:00 GMT")
    assert (first.fresh, first.is_unchanged) == (90, False)
    again = fetch(url, OPEN, first.validators)
    assert (again.is_unchanged, again.body, again.fresh) == (True, b"", 90)
    assert site.seen[1][1]["If-None-Match"] == '"v1"'
    assert site.seen[1][1]["If-Modified-Since"] == "Tue, 05 Mar 2024 10:00:00 GMT"
    site.serve("/a", PAGE + " ", ETag='"v2"')
    assert fetch(url, OPEN, first.validators).body == PAGE.encode() + b" "


def test_a_server_that_says_unchanged_unasked_is_not_believed(site):
    site.answers["/a"] = (304, {}, b"")
    with pytest.raises(HttpError, match="answered 304"):
        fetch(site.url("/a"), OPEN)


def test_passing_troubles_are_tried_again_and_others_are_not(site):
    site.serve("/a", PAGE)
    site.once["/a"] = [(503, {}, b"")] * (MOST_TRIES - 1)
    assert fetch(site.url("/a"), OPEN).body
    assert len(site.seen) == MOST_TRIES
    site.once["/a"] = [(500, {}, b"")]
    with pytest.raises(HttpError) as error:
        fetch(site.url("/a"), OPEN)
    assert (error.value.status, error.value.retry_after) == (500, 0)
    site.once["/a"] = [(503, {"Retry-After": "120"}, b"")]
    with pytest.raises(HttpError) as error:
        fetch(site.url("/a"), OPEN)
    assert (error.value.status, error.value.retry_after) == (503, 120)
    assert len(site.seen) == MOST_TRIES + 2


@contextmanager
def raw_server(answer):
    """A server that does with each connection what `answer` does, until the test is over."""
    over = threading.Event()

    def serve(connection):
        with connection:
            try:
                connection.recv(65536)
                answer(connection, over)
            except OSError:
                return

    def accept(listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=serve, args=(connection,)))
            threads[-1].start()

    threads = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept, args=(listener,))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()
    for each in threads:
        each.join()


def drip(start, piece):
    """Send `piece` again and again, slowly: no single read ever waits long."""

    def answer(connection, over):
        connection.sendall(start)
        while not over.wait(0.05):
            connection.sendall(piece)

    return answer


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"", b""),
        (b"HTTP/1.1 200 OK\r\n", b"X-Drip: 1\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"<p>"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    ],
)
def test_a_server_that_drips_is_left_at_the_deadline(start, piece):
    with raw_server(drip(start, piece)) as url:
        begin = time.perf_counter()
        with pytest.raises(SourceError, match=r"within the limit of 0\.4 seconds"):
            fetch(url, SHORT)
        assert time.perf_counter() - begin < 1.5


def test_headers_without_end_are_refused():
    def answer(connection, over):
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not over.is_set():
            connection.sendall(b"X-Long: " + b"x" * 60_000 + b"\r\n")

    with raw_server(answer) as url, pytest.raises(SourceError, match="does not answer"):
        fetch(url, OPEN)


def test_a_look_up_that_hangs_is_left_at_the_deadline(monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(10) and [])
    begin = time.perf_counter()
    with pytest.raises(SourceError, match=r"within the limit of 0\.4 seconds"):
        fetch("http://slow.example/", SHORT)
    assert time.perf_counter() - begin < 1.5
    over.set()


def test_a_bomb_is_unpacked_no_further_than_the_limit(site):
    bomb = gzip.compress(b"x" * 200_000_000, compresslevel=9)
    url = site.serve("/bomb", bomb, Content_Encoding="gzip")
    tracemalloc.start()
    with pytest.raises(SourceError, match="the limit is 1,000,000 bytes"):
        fetch(url, OPEN)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


def raw_deflate(data):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@settings(max_examples=25, deadline=None)
@given(data=st.binary(min_size=1, max_size=4000), cut=st.integers(0, 30))
def test_what_is_packed_comes_out_as_it_was_or_is_refused(data, cut):
    from index.answers import _unpack

    def unpack(packed, coding):
        return b"".join(_unpack([packed[n : n + 7] for n in range(0, len(packed), 7)], coding))

    assert unpack(gzip.compress(data) + gzip.compress(data), "gzip") == data * 2
    assert unpack(zlib.compress(data), "deflate") == unpack(raw_deflate(data), "deflate") == data
    if cut:
        with pytest.raises(SourceError, match="answer"):
            unpack(gzip.compress(data)[: -min(cut, 20)], "gzip")
