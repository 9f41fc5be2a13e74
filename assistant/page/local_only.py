"""Keeps the browser on this machine: no served page names another host to load anything from.

The one rule: what the browser could load from elsewhere is taken out of the page, and forbidden to it besides.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Gradio's page runs inline scripts and compiles its templates, so both stay allowed; other hosts do not.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
_SOCIAL = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*', re.IGNORECASE)
_PRELUDE = re.compile(r'<link\s[^>]*\brel="(?:preconnect|dns-prefetch|manifest)"[^>]*>\s*', re.IGNORECASE)
_OUTSIDE = re.compile(
    r"<(?:link|script)\s[^>]*\b(?:href|src)=[\"'](?:https?:)?//[^>]*>(?:\s*</script>)?\s*", re.IGNORECASE
)


def strip_outside(html: str) -> str:
    """The page without what names another host: previews for social networks, early connections, scripts, styles."""
    for pattern in (_SOCIAL, _PRELUDE, _OUTSIDE):
        html = pattern.sub("", html)
    return html


class LocalOnly:
    """ASGI middleware: adds the headers to every answer, strips the HTML pages, and gives them their own head."""

    def __init__(self, app: "ASGIApp", head: str = "") -> None:
        """Wrap `app`, which answers uncompressed; `head` is HTML that pages begin with."""
        self.app = app
        self.head = head

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begin: Message | None = None
        body = b""

        async def forward(message: "Message") -> None:
            nonlocal begin, body
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *HEADERS]}
                if _is_html(message):
                    begin = message
                    return
            elif begin is not None and message["type"] == "http.response.body":
                body += message.get("body", b"")
                if not message.get("more_body"):
                    await self._send_page(begin, body, send)
                return
            await send(message)

        await self.app(scope, receive, forward)

    async def _send_page(self, begin: "Message", body: bytes, send: "Send") -> None:
        page = strip_outside(body.decode("utf-8")).replace("</head>", f"{self.head}</head>", 1).encode()
        length = (b"content-length", str(len(page)).encode())
        headers = [(name, value) for name, value in begin["headers"] if name.lower() != b"content-length"]
        await send({**begin, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": page})


def _is_html(message: "Message") -> bool:
    return any(
        name.lower() == b"content-type" and value.lower().startswith(b"text/html") for name, value in message["headers"]
    )
