"""What a URL answers, fetched with care: only http(s), only public addresses, never more than the limits.

A host's name is resolved once, each of its addresses is checked, and the connection goes to a checked
address, so that a name cannot point elsewhere between the check and the connection (DNS rebinding).
"""

import ipaddress
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from index.errors import SourceError

if TYPE_CHECKING:
    import httpx

USER_AGENT = "article-assistant/0.1"
MOST_REDIRECTS = 5
CONNECT_RETRIES = 1
ALLOW_PRIVATE = "ARTICLE_ASSISTANT_ALLOW_PRIVATE=1"
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, text/*;q=0.9, application/pdf, */*;q=0.5"
# Endings of the media types of pages, feeds, JSON Lines, PDF, and of files whose server does not know.
READABLE_ENDINGS = ("xml", "json", "jsonl", "jsonlines", "ndjson", "pdf", "octet-stream")
# Each of these grows by a bounded factor; other codings, and codings in codings, can grow without end.
CONTENT_CODINGS = ("", "identity", "gzip", "deflate")

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read: bytes of a file, page or row; seconds for a fetch; whether private hosts may be asked."""

    max_bytes: int = 10_000_000
    timeout: float = 20.0
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What a URL answered: the URL after redirects, the media type and charset it named, and its bytes."""

    url: str
    media_type: str
    charset: str | None
    body: bytes


def fetch(url: str, limits: Limits) -> Page:
    """Return what an http(s) URL answers, within `limits`; redirects are followed and checked, five at most.

    Raises:
        SourceError: where the URL or a redirect is refused, does not answer in time, answers with an error,
            with too much, or with something that is no text, page, feed or PDF.
    """
    import httpx

    deadline = time.monotonic() + limits.timeout
    address = url
    try:
        # No connection is kept: one host's must not serve another host on the same address.
        transport = httpx.HTTPTransport(
            retries=CONNECT_RETRIES, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )
        with httpx.Client(transport=transport, trust_env=False) as client:
            for _ in range(MOST_REDIRECTS + 1):
                with _open(client, address, limits, deadline) as response:
                    if not response.has_redirect_location:
                        return _read(response, address, limits, deadline)
                    address = urljoin(address, response.headers["location"])
    except httpx.TimeoutException as error:
        raise _too_slow(limits) from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise SourceError(f"does not answer: {error or type(error).__name__}") from error
    raise SourceError(f"more than {MOST_REDIRECTS} redirects; the last one leads to {address}")


def check_addresses(host: str, port: int, limits: Limits) -> list[str]:
    """Return the IP addresses of a host, each of them public unless the limits allow private ones.

    Raises:
        SourceError: where the host is not known, or one of its addresses is not public.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceError(f"the host {host} is not known: {error}") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not limits.allow_private and not is_public(ipaddress.ip_address(address)):
            raise SourceError(
                f"refused: {host} is at {address}, which is not a public address; set {ALLOW_PRIVATE} to allow it"
            )
    return addresses


def is_public(address: IpAddress) -> bool:
    """Say whether an address is on the open internet, also where it wraps an IPv4 address in an IPv6 one."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(wrapped)
        if address.teredo is not None:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


@contextmanager
def _open(client: "httpx.Client", url: str, limits: Limits, deadline: float) -> "Iterator[httpx.Response]":
    """Open the response of one URL, connected to the first of its checked addresses that takes a connection."""
    import httpx

    target = httpx.URL(url)
    if target.scheme not in ("http", "https") or not target.host:
        raise SourceError(f"not an http or https URL: {url}")
    if target.userinfo:
        raise SourceError("the URL holds a user name or a password: pages behind a login are not read")
    port = target.port or (443 if target.scheme == "https" else 80)
    addresses = check_addresses(target.raw_host.decode("ascii"), port, limits)
    for address in addresses:
        request = client.build_request(
            "GET",
            target.copy_with(host=address, fragment=None),
            headers={
                "Host": target.netloc.decode("ascii"),
                "User-Agent": USER_AGENT,
                "Accept": ACCEPT,
                "Accept-Encoding": "gzip, deflate",
            },
            extensions={"sni_hostname": target.raw_host.decode("ascii")},
            timeout=_timeout(limits, deadline),
        )
        try:
            response = client.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            if address == addresses[-1]:
                raise
            continue
        try:
            yield response
        finally:
            response.close()
        return


def _timeout(limits: Limits, deadline: float) -> "httpx.Timeout":
    import httpx

    left = deadline - time.monotonic()
    if left <= 0:
        raise _too_slow(limits)
    return httpx.Timeout(left, connect=left / (CONNECT_RETRIES + 1))


def _too_slow(limits: Limits) -> SourceError:
    return SourceError(f"no complete answer within the limit of {limits.timeout:g} seconds: try again later")


def _read(response: "httpx.Response", url: str, limits: Limits, deadline: float) -> Page:
    """Return the page of a response, read piece by piece and not beyond the limits."""
    if not response.is_success:
        raise SourceError(f"answered {response.status_code} {response.reason_phrase}".rstrip())
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not _is_readable(media_type):
        raise SourceError(f"holds {media_type}: expected a page, a feed, a text, JSON Lines or a PDF")
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding not in CONTENT_CODINGS:
        raise SourceError(f"sent with the coding {coding!r}, which was not asked for")
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > limits.max_bytes:
            size = max(len(body), _announced_size(response))
            raise SourceError(f"too large: {size:,} bytes or more, the limit is {limits.max_bytes:,} bytes")
        if time.monotonic() > deadline:
            raise _too_slow(limits)
    return Page(url, media_type, response.charset_encoding, bytes(body))


def _is_readable(media_type: str) -> bool:
    application = media_type.startswith("application/") and media_type.endswith(READABLE_ENDINGS)
    return not media_type or media_type.startswith("text/") or application


def _announced_size(response: "httpx.Response") -> int:
    size = response.headers.get("content-length", "")
    return int(size) if size.isdecimal() and size.isascii() else 0
