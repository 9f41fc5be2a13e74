"""Serves the page on this machine. The one rule: neither the server nor the page reaches for any other host."""

import asyncio
import os
import socket
import threading
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.ask import Assistant
from assistant.history import History
from assistant.page.access import EVERYBODY, Access, checker
from assistant.page.health import PATH, Health
from assistant.page.hosts import KnownHosts, own_names
from assistant.page.identity import NameBrowsers
from assistant.page.layout import build_page
from assistant.page.local_only import LocalOnly
from assistant.page.parts import Parts
from index.errors import AssistantError

if TYPE_CHECKING:
    import gradio as gr
    import uvicorn
    from fastapi import FastAPI

QUIET = {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_DISABLE_TELEMETRY": "1", "GRADIO_MCP_SERVER": "False"}
"""Set before Gradio is imported, as it reads them then."""
UPLOADS = "uploads"
FOLDER = Path(__file__).parent
STYLES = (
    *("base", "buttons", "columns", "conversations", "turns", "working", "asking", "evidence", "peek", "phone"),
    *("tabs", "table", "library", "narrowing", "evaluate", "print"),
)
"""The parts of the style in their order, which decides between rules that are equally strong."""
SCRIPTS = ("page", "address", "copying", "draft")
SANS = ("ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")
MAX_UPLOAD = "100mb"
OPEN_SECONDS = 0.5
"""How long the server has to begin before a browser is sent to it."""
LEAVING_SECONDS = 2
"""How long the server waits for open pages when it is stopped."""


def launch_page(
    assistant: Assistant, history: History, host: str, port: int, *, open_browser: bool, access: Access | None = None
) -> None:
    """Serve the page until it is interrupted; port 0 takes a free one. Uploaded files stay in the library's folder.

    Raises:
        AssistantError: if nothing can listen on that address.
    """
    with open_listener(host, port) as listener, suppress(KeyboardInterrupt):
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{listener.getsockname()[1]}"
        chosen = access or Access(names=own_names(host))
        parts = Parts(assistant, assistant.library.folder / UPLOADS, history)
        asyncio.run(_serve(parts, listener, address, chosen, open_browser=open_browser))


async def _serve(parts: Parts, listener: socket.socket, address: str, access: Access, *, open_browser: bool) -> None:
    server = build_server(parts, access)
    print(f"The page is at {address} (Ctrl+C stops it)", flush=True)
    if open_browser:
        opening = threading.Timer(OPEN_SECONDS, webbrowser.open, [address])
        opening.daemon = True  # a browser that runs in the terminal would hold the server
        opening.start()
    await server.serve(sockets=[listener])


def open_listener(host: str, port: int) -> socket.socket:
    """Take the address before the page is built, so that one in use is told at once.

    Raises:
        AssistantError: if it cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise AssistantError(
            f"the page cannot be served on {host}, port {port} ({error.strerror}): name another one with `--port`"
        ) from error


def build_server(parts: Parts, access: Access = EVERYBODY) -> "uvicorn.Server":
    """The page in its web server, not yet serving. To be called while an event loop runs.

    Gradio opens an event loop of its own where none runs, and never closes it.
    """
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    import uvicorn
    from gradio.routes import App
    from starlette.routing import Mount

    app = build_app(parts, access)

    class PageServer(uvicorn.Server):
        """Ends the streams that open pages hold, so that stopping waits for none of them."""

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            for route in app.routes:
                if isinstance(route, Mount) and isinstance(route.app, App):
                    route.app.stop_event.set()
            await super().shutdown(sockets)

    return PageServer(uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=LEAVING_SECONDS))


def build_app(parts: Parts, access: Access = EVERYBODY) -> "FastAPI":
    """The page as an ASGI app, with its headers, without documentation pages."""
    import gradio as gr
    from fastapi import FastAPI
    from starlette.middleware import Middleware

    closed: dict[str, Any] = {"docs_url": None, "redoc_url": None, "openapi_url": None}
    outer = FastAPI(**closed, middleware=[Middleware(KnownHosts, names=access.names)])
    outer.add_route(PATH, Health(parts.assistant).answer)
    app: FastAPI = gr.mount_gradio_app(
        outer,
        build_page(parts),
        "/",
        app_kwargs={**closed, "middleware": [Middleware(NameBrowsers), Middleware(LocalOnly, head=read_head())]},
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=MAX_UPLOAD,
        ssr_mode=False,
        pwa=False,
        mcp_server=access.mcp,
        auth=checker(access.users),
        enable_monitoring=False,
        theme=build_theme(),
    )
    return app


def read_head() -> str:
    """The page's style and script. They are served in its head: Gradio would add them late, and rewrite the style.

    The report's style comes first and within the evaluate tab, so that it is stronger than Gradio's, weaker than the
    page's, and nothing else on the page follows it.
    """
    from assistant.evaluation.report import style as report_style

    style = "".join((FOLDER / "style" / f"{name}.css").read_text(encoding="utf-8") for name in STYLES)
    script = "".join((FOLDER / "script" / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    return f"<style>#evaluate {{ {report_style()} }}</style><style>{style}</style><script>{script}</script>"


def build_theme() -> "gr.themes.Base":
    """Quiet colours, and the fonts that the reader's system has."""
    import gradio as gr

    return gr.themes.Base(primary_hue="teal", secondary_hue="teal", neutral_hue="stone", font=SANS, font_mono=MONO)
