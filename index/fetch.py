"""What a URL answers, fetched with care: only http(s), only public addresses, never more than the limits.

The one rule: whatever a server sends, for as long as it likes, time and memory stay within the limits.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from index.answers import NOTHING_SAID, Page, Validators, freshness_of, read_answer, validators_of
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
NOT_MODIFIED = 304


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
            return Page(str(target), "", None, b"", validators_of(answer), freshness_of(answer), is_unchanged=True)
        return read_answer(answer, response.iter_stream(), str(target), limits.max_bytes, deadline)


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
