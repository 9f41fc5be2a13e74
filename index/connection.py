"""A connection to a public address and nowhere else, and every step on it within one deadline.

The one rule: a host's name is looked up once, each of its addresses is checked, and the connection goes to a checked
address, so that a name cannot point elsewhere between the check and the connection (DNS rebinding).
"""

import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore

from index.errors import SourceError

ALLOW_PRIVATE = "ARTICLE_ASSISTANT_ALLOW_PRIVATE=1"
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class Deadline:
    """A moment in the future; every read, write and look-up may last until then and no longer."""

    def __init__(self, seconds: float) -> None:
        """Begin now."""
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """The seconds that are left.

        Raises:
            SourceError: if none are.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.passed()
        return left

    @contextmanager
    def held(self) -> Iterator[None]:
        """Move it on by the time that passes inside."""
        begin = time.monotonic()
        try:
            yield
        finally:
            self._end += time.monotonic() - begin

    def passed(self) -> SourceError:
        """What is raised when it has passed."""
        return SourceError(f"no complete answer within the limit of {self.seconds:g} seconds: try again later")


class CheckedBackend(httpcore.NetworkBackend):
    """Gives connections to addresses that were checked; what is read and written on them keeps to the deadline.

    A time limit for each read alone would let a server send one byte at a time for ever.
    """

    def __init__(self, deadline: Deadline, *, allow_private: bool) -> None:
        """Take the deadline of the whole fetch."""
        self._deadline = deadline
        self._allow_private = allow_private
        self._system = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of the host's addresses that takes a connection; none is tried unless all are public."""
        addresses = check_addresses(host, port, self._deadline, allow_private=self._allow_private)
        for number, address in enumerate(addresses):
            share = self._deadline.left() / (len(addresses) - number)
            try:
                stream = self._system.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if address == addresses[-1]:
                    raise
                continue
            return _Stream(stream, self._deadline)
        raise SourceError(f"the host {host} has no address")


class _Stream(httpcore.NetworkStream):
    """A connection whose every step ends at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _Stream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def check_addresses(host: str, port: int, deadline: Deadline, *, allow_private: bool) -> list[str]:
    """Return the IP addresses of a host, each of them public unless private ones are allowed.

    Raises:
        SourceError: where the host is not known, or one of its addresses is not public.
    """
    try:
        found = _look_up(host, port, deadline)
    except (OSError, UnicodeError) as error:
        raise SourceError(f"the host {host} is not known: {error}") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not allow_private and not is_public(ipaddress.ip_address(address)):
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


def _look_up(host: str, port: int, deadline: Deadline) -> list[Any]:
    """Ask for a host's addresses in a thread that can be left behind: the system's look-up knows no time limit."""
    answer: queue.SimpleQueue[list[Any] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answer.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except Exception as error:  # passed on to the thread that asked
            answer.put(error)

    threading.Thread(target=ask, name="look-up", daemon=True).start()
    try:
        found = answer.get(timeout=deadline.left())
    except queue.Empty:
        raise deadline.passed() from None
    if isinstance(found, Exception):
        raise found
    return found
