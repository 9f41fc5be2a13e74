"""Whose conversations a browser sees: its user's where people log in, else those of the browser itself.

The one rule: the name of a browser is random, is never shown, and scripts cannot read it.
"""

import secrets
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import gradio as gr
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "article-assistant-reader"
YEAR = 365 * 24 * 3600


def owner_of(request: "gr.Request") -> str:
    """The owner of what is asked with a request; a client without a cookie owns what its session asks."""
    if request.username:
        return f"user:{request.username}"
    cookies: dict[str, Any] = dict(request.cookies or {})
    if name := cookies.get(COOKIE):
        return f"browser:{name}"
    return f"session:{request.session_hash}"


class NameBrowsers:
    """ASGI middleware: gives every browser that has none a name of its own."""

    def __init__(self, app: "ASGIApp") -> None:
        """Wrap `app`."""
        self.app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "GET" or _has_name(scope):
            await self.app(scope, receive, send)
            return

        async def forward(message: "Message") -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                value = f"{COOKIE}={secrets.token_urlsafe(24)}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Strict"
                message = {**message, "headers": [*message["headers"], (b"set-cookie", value.encode())]}
            await send(message)

        await self.app(scope, receive, forward)


def _has_name(scope: "Scope") -> bool:
    cookies = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            cookies.load(value.decode("latin-1"))
    return COOKIE in cookies


def _is_page(message: "Message") -> bool:
    return any(name == b"content-type" and value.startswith(b"text/html") for name, value in message["headers"])
