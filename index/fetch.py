"""What a URL answers, fetched with care: only http(s), only public addresses, never more than the limits.

The one rule: whatever a server sends, for as long as it likes, time and memory stay within the limits.
"""

import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from index.errors import HttpError, SourceError

if TYPE_CHECKING:
    import ssl

    import httpcore
    import httpx

    from index.connection import Deadline

USER_AGENT = "article-assistant/0.1"
MOST_REDIRECTS = 5
MOST_TRIES = 3
RETRY_SECONDS = 0.2
"""The longest wait before the second try; it doubles for the third. Each is drawn at random up to that."""
PASSING_STATUSES = (502, 503, 504)  # a gateway's troubles, which are often over in a moment
ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, text/*;q=0.9, application/pdf, */*;q=0.5"
# Endings of the media types of pages, feeds, JSON Lines, PDF, and of files whose server does not know.
READABLE_ENDINGS = ("xml", "json", "jsonl", "jsonlines", "ndjson", "pdf", "octet-stream")
# Codings in codings can grow without end.
CONTENT_CODINGS = ("", "identity", "gzip", "x-gzip", "deflate")
PIECE_BYTES = 1 << 16  # the most that is unpacked at once
NOT_MODIFIED, TOO_MANY, UNAVAILABLE = 304, 429, 503


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read, and how eagerly.

    Bytes of a file, page or row; seconds for a fetch; whether private hosts may be asked; seconds between two
    requests to one host; whether robots.txt is asked first.
    """

    max_bytes: int = 10_000_000
    timeout: float = 20.0
    allow_private: bool = False
    pause: float = 1.0
    heed_robots: bool = True


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said about the version of a page, to be sent back: `ETag` and `Last-Modified`, or ""."""

    etag: str = ""
    modified: str = ""


NOTHING_SAID = Validators()


@dataclass(frozen=True, slots=True)
class Page:
    """What a URL answered: the URL after redirects, the media type and charset it named, and its bytes.

    `fresh` is for how many seconds the server says that it will not change. With `is_unchanged` the page is still
    the version of the validators that were sent, and `body` is empty.
    """

    url: str
    media_type: str
    charset: str | None
    body: bytes
    validators: Validators = NOTHING_SAID
    fresh: float = 0.0
    is_unchanged: bool = False


def fetch(
    url: str,
    limits: Limits,
    known: Validators | None = None,
    ask_leave: Callable[[str], None] | None = None,
) -> Page:
    """Return what an http(s) URL answers, within `limits`; redirects are followed and checked, five at most.

    Args:
        url: the address of the page.
        limits: of bytes and seconds, and whether private hosts may be asked.
        known: the validators of the version that is known; the answer may be that it is still the same.
        ask_leave: called with each address before it is asked; may wait (which is not counted), or raise
            SourceError.

    Raises:
        SourceError: where the URL or a redirect is refused, does not answer in time, answers with an error
            (HttpError), with too much, or with something that is no text, page, feed or PDF.
    """
    import httpcore
    import httpx

    from index.connection import Deadline

    address, deadline = url, Deadline(limits.timeout)
    try:
        for _ in range(MOST_REDIRECTS + 1):
            target = _check_url(address)
            if ask_leave is not None:
                with deadline.held():
                    ask_leave(address)
            found = _ask_patiently(target, limits, deadline, known)
            if isinstance(found, Page):
                return replace(found, url=address)
            address = urljoin(address, found)
    except httpcore.TimeoutException as error:
        raise deadline.passed() from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpx.InvalidURL, OSError, ValueError) as error:
        raise SourceError(f"does not answer: {error or type(error).__name__}") from error
    raise SourceError(f"more than {MOST_REDIRECTS} redirects; the last one leads to {address}")


def _check_url(url: str) -> "httpx.URL":
    """Return the parts of an address that may be asked."""
    import httpx

    target = httpx.URL(url)
    if target.scheme not in ("http", "https") or not target.host:
        raise SourceError(f"not an http or https URL: {url}")
    if target.userinfo:
        raise SourceError("the URL holds a user name or a password: pages behind a login are not read")
    return target


def _ask_patiently(target: "httpx.URL", limits: Limits, deadline: "Deadline", known: Validators | None) -> "Page | str":
    """Ask for one URL, and again after what may be over in a moment, all before the deadline."""
    import httpcore
    import tenacity

    def passes(error: BaseException) -> bool:
        return isinstance(error, httpcore.NetworkError | httpcore.RemoteProtocolError) or (
            isinstance(error, HttpError) and error.status in PASSING_STATUSES and not error.retry_after
        )

    tries = tenacity.Retrying(
        retry=tenacity.retry_if_exception(passes),
        stop=tenacity.stop_after_attempt(MOST_TRIES) | tenacity.stop_before_delay(deadline.left()),
        wait=tenacity.wait_random_exponential(multiplier=RETRY_SECONDS),
        reraise=True,
    )
    return tries(_ask, target, limits, deadline, known)


def _ask(target: "httpx.URL", limits: Limits, deadline: "Deadline", known: Validators | None) -> Page | str:
    """Return the page at one URL, or where it redirects to."""
    import httpx

    headers: dict[bytes | str, bytes | str] = {
        "Host": target.netloc.decode("ascii"),
        "User-Agent": USER_AGENT,
        "Accept": ACCEPT,
        "Accept-Encoding": "gzip, deflate",
    }
    if known is not None and known.etag:
        headers["If-None-Match"] = known.etag
    if known is not None and known.modified:
        headers["If-Modified-Since"] = known.modified
    with _open(target, headers, limits, deadline) as response:
        answer = httpx.Response(response.status, headers=response.headers)
        if answer.has_redirect_location:
            return str(answer.headers["location"])
        if answer.status_code == NOT_MODIFIED and known not in (None, NOTHING_SAID):
            return Page(str(target), "", None, b"", _validators(answer), _freshness(answer), is_unchanged=True)
        return _read(answer, response.iter_stream(), str(target), limits, deadline)


@contextmanager
def _open(
    target: "httpx.URL", headers: dict[bytes | str, bytes | str], limits: Limits, deadline: "Deadline"
) -> "Iterator[httpcore.Response]":
    import httpcore

    from index.connection import CheckedBackend

    backend = CheckedBackend(deadline, allow_private=limits.allow_private)
    # No proxy of the environment is used and no connection is kept: what was checked is what is asked.
    with httpcore.ConnectionPool(
        ssl_context=_ssl_context() if target.scheme == "https" else None,
        max_keepalive_connections=0,
        network_backend=backend,
    ) as pool:
        address = httpcore.URL(scheme=target.raw_scheme, host=target.raw_host, port=target.port, target=target.raw_path)
        with pool.stream("GET", address, headers=headers) as response:
            yield response


@cache
def _ssl_context() -> "ssl.SSLContext":
    import httpx

    return httpx.create_ssl_context(trust_env=False)


def _read(answer: "httpx.Response", pieces: Iterable[bytes], url: str, limits: Limits, deadline: "Deadline") -> Page:
    """Return the page of a response, read piece by piece and not beyond the limits."""
    if not answer.is_success:
        told = f"answered {answer.status_code} {answer.reason_phrase}".rstrip()
        raise HttpError(told, answer.status_code, _retry_after(answer))
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not _is_readable(media_type):
        raise SourceError(f"holds {media_type}: expected a page, a feed, a text, JSON Lines or a PDF")
    coding = answer.headers.get("content-encoding", "").strip().lower()
    if coding not in CONTENT_CODINGS:
        raise SourceError(f"sent with the coding {coding!r}, which was not asked for")
    body = bytearray()
    for piece in _unpack(pieces, coding):
        body += piece
        if len(body) > limits.max_bytes:
            size = max(len(body), _announced_size(answer))
            raise SourceError(f"too large: {size:,} bytes or more, the limit is {limits.max_bytes:,} bytes")
        deadline.left()
    return Page(url, media_type, answer.charset_encoding, bytes(body), _validators(answer), _freshness(answer))


def _unpack(pieces: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """Yield what was packed, a bounded part at a time, however much a few bytes grow to."""
    if coding in ("", "identity"):
        yield from pieces
        return
    unpacker = None
    try:
        for piece in pieces:
            packed = piece
            while packed:
                unpacker = unpacker or zlib.decompressobj(_window(packed, coding))
                yield unpacker.decompress(packed, PIECE_BYTES)
                packed = unpacker.unconsumed_tail
                if unpacker.eof:  # more may follow: gzip files can be put one behind the other
                    packed, unpacker = unpacker.unused_data, None
        while unpacker is not None and not unpacker.eof:
            rest = unpacker.decompress(b"", PIECE_BYTES)
            if not rest:
                raise SourceError(f"does not answer in full: the {coding} data ends early")
            yield rest
    except zlib.error as error:
        raise SourceError(f"does not answer as it says: no {coding} data ({error})") from error


def _window(packed: bytes, coding: str) -> int:
    """Return the window size by which zlib knows the format; some servers call raw deflate data deflate, too."""
    is_zlib = packed[0] & 0x0F == zlib.DEFLATED
    return zlib.MAX_WBITS | 32 if coding != "deflate" or is_zlib else -zlib.MAX_WBITS


def _is_readable(media_type: str) -> bool:
    application = media_type.startswith("application/") and media_type.endswith(READABLE_ENDINGS)
    return not media_type or media_type.startswith("text/") or application


def _announced_size(answer: "httpx.Response") -> int:
    return int(_seconds(answer.headers.get("content-length", "")))


def _validators(answer: "httpx.Response") -> Validators:
    return Validators(answer.headers.get("etag", ""), answer.headers.get("last-modified", ""))


def _freshness(answer: "httpx.Response") -> float:
    """Return the seconds for which an answer is fresh by its `Cache-Control`, else by its `Expires` (RFC 9111)."""
    for part in answer.headers.get("cache-control", "").lower().split(","):
        name, _, value = part.strip().partition("=")
        if name in ("no-cache", "no-store"):
            return 0.0
        if name == "max-age":
            return max(_seconds(value.strip('" ')) - _seconds(answer.headers.get("age", "")), 0.0)
    return _until(answer.headers.get("expires", ""))


def _retry_after(answer: "httpx.Response") -> float:
    """Return after how many seconds a server wants to be asked again, 0 where it does not say."""
    if answer.status_code not in (TOO_MANY, UNAVAILABLE):
        return 0.0
    written = answer.headers.get("retry-after", "")
    return _seconds(written) or _until(written)


def _seconds(text: str) -> float:
    """Return a whole number, of which ten digits count, else 0."""
    text = text.strip()[:10]
    return float(text) if text.isdecimal() and text.isascii() else 0.0


def _until(date: str) -> float:
    """Return the seconds until an HTTP date, 0 where it is none or has passed."""
    try:
        return max(parsedate_to_datetime(date).timestamp() - time.time(), 0.0) if date else 0.0
    except (ValueError, OverflowError, OSError):
        return 0.0
