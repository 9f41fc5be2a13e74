"""Refuses requests that name another host than the page's own.

The one rule: a name that an attacker's own name server resolves to this machine (DNS rebinding) is no name of ours. An
address cannot be rebound, so every address is taken.
"""

import socket
from collections.abc import Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

WRONG_HOST = 421
"""Misdirected request, RFC 9110, 15.5.20."""


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address that is listened on."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def own_names(host: str, more: Iterable[str] = ()) -> frozenset[str]:
    """The names by which a page that listens on `host` may be called, beside every address."""
    names = {"localhost", host, *more}
    if not is_loopback(host):
        machine = socket.gethostname()
        names |= {machine, f"{machine}.local"}
    return frozenset(name.lower().rstrip(".") for name in names)


def name_of(header: str) -> str:
    """The host in a Host header, without the port: `news.example.org:7860`, `[::1]:7860`."""
    header = header.strip().lower()
    name = header[1:].partition("]")[0] if header.startswith("[") else header.partition(":")[0]
    return name.rstrip(".")


class KnownHosts:
    """ASGI middleware: answers only requests to an address or to one of the names."""

    def __init__(self, app: "ASGIApp", names: frozenset[str]) -> None:
        """Wrap `app`; `names` are lower-case."""
        self.app = app
        self.names = names

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Serve one request, or refuse it."""
        if scope["type"] in ("http", "websocket"):
            headers = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
            if len(headers) != 1 or not self._is_known(name_of(headers[0])):
                await _refuse(scope, receive, send, name_of(headers[0]) if headers else "")
                return
        await self.app(scope, receive, send)

    def _is_known(self, name: str) -> bool:
        try:
            return bool(ip_address(name))
        except ValueError:
            return name in self.names


async def _refuse(scope: "Scope", receive: "Receive", send: "Send", name: str) -> None:
    from starlette.responses import PlainTextResponse

    text = (
        f"This page is not called {name!r}. Open it by its address, or serve it with `--allow-host {name or 'NAME'}`.\n"
    )
    await PlainTextResponse(text, WRONG_HOST)(scope, receive, send)
