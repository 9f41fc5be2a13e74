"""A real Chromium over the real page: what browser tests share.

Every page is watched: a request that leaves the machine, or an error in the console, fails its test.
"""

import asyncio
import os
import shutil
import threading
import time
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from assistant.history import open_history
from assistant.page.launch import build_server, open_listener
from assistant.page.parts import Parts

SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
WANTED = 60_000
"""Milliseconds until something that is waited for is given up."""
MOVING = "document.getAnimations().filter((one) => one instanceof CSSTransition)"
"""Colours that are between light and dark, which nobody is to judge."""
SERVER_SECONDS = 180


@contextmanager
def serving(assistant, uploads):
    """The real server on a free port; its address."""
    servers = []

    async def serve():
        servers.append(build_server(Parts(assistant, uploads, open_history(assistant.library.folder))))
        await servers[0].serve(sockets=[listener])

    with open_listener("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=lambda: asyncio.run(serve()))
        thread.start()
        begun = time.monotonic()
        while thread.is_alive() and not (servers and servers[0].started):
            assert time.monotonic() - begun < SERVER_SECONDS, "the server did not start"
            time.sleep(0.02)
        assert servers, "the server could not be built"
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            servers[0].should_exit = True
            thread.join()


def find_chromium():
    """The browser's path; a test that needs it is skipped where there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("there is no Chromium on this machine: `apt-get install chromium` (`make test` tries)")
    return found


@contextmanager
def opened_browser():
    """Chromium without a window."""
    path = find_chromium()
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: use the test extra")
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=path, args=list(SWITCHES))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def watched_page(browser, **options):
    """A page of a new visitor; what it does wrong is told when it is closed."""
    wrong = []
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
    context.set_default_timeout(WANTED)
    page = context.new_page()

    def look_at(request):
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            wrong.append(f"asked {request.url}")

    page.on("request", look_at)
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert wrong == []


def ask(page, question, *, wait=True):
    """Type a question and send it with Enter; wait until it is answered."""
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    if wait:
        answered(page, question).wait_for()


def answered(page, question):
    """The finished turn of a question."""
    return page.locator(".turn:not(.working)", has=page.get_by_role("heading", name=question, exact=True)).last


def violations(page):
    """What axe calls serious or critical of what is shown: (rule, HTML)."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(content=(files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
    return [
        (item["id"], node["html"][:200])
        for item in found
        if item["impact"] in ("serious", "critical")
        for node in item["nodes"]
    ]


def violations_in_light_and_dark(page, name):
    """The same in both colours, with a picture of each; the colours are as before afterwards."""
    found = []
    for _ in range(2):
        page.evaluate(f"Promise.all({MOVING}.map((one) => one.finished)).then(() => 0)")
        theme = page.evaluate("document.documentElement.dataset.theme")
        keep_picture(page, f"{name}-{theme}")
        found += [(theme, *one) for one in violations(page)]
        page.locator("#theme-toggle").click()
    return found


def keep_picture(page, name):
    """Keep a picture of the page where SCREENSHOTS names a folder for them."""
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"))
