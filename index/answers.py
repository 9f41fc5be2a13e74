"""A server's answer becomes a page: unpacked, measured, with what the server says of its version and its next visit.

The one rule: not a byte more is read, or unpacked, than the limit.
"""

import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from index.errors import HttpError, SourceError

if TYPE_CHECKING:
    import httpx

    from index.connection import Deadline

# Endings of the media types of pages, feeds, JSON Lines, PDF, and of files whose server does not know.
READABLE_ENDINGS = ("xml", "json", "jsonl", "jsonlines", "ndjson", "pdf", "octet-stream")
# Codings in codings can grow without end.
CONTENT_CODINGS = ("", "identity", "gzip", "x-gzip", "deflate")
PIECE_BYTES = 1 << 16  # the most that is unpacked at once
TOO_MANY, UNAVAILABLE = 429, 503


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


def read_answer(
    answer: "httpx.Response", pieces: Iterable[bytes], url: str, max_bytes: int, deadline: "Deadline"
) -> Page:
    """Return the page of a response, read piece by piece and not beyond the limits.

    Raises:
        SourceError: where it is an error (HttpError), too much, or nothing that can be read.
    """
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
        if len(body) > max_bytes:
            size = max(len(body), _announced_size(answer))
            raise SourceError(f"too large: {size:,} bytes or more, the limit is {max_bytes:,} bytes")
        deadline.left()
    return Page(url, media_type, answer.charset_encoding, bytes(body), validators_of(answer), freshness_of(answer))


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


def validators_of(answer: "httpx.Response") -> Validators:
    """Return what a server says about the version of a page."""
    return Validators(answer.headers.get("etag", ""), answer.headers.get("last-modified", ""))


def freshness_of(answer: "httpx.Response") -> float:
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
