"""A real web server on this machine, whose answers a test writes, and what it was asked."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SENTENCE = "The ferry company said on Monday that fares will rise in May, the first change in three years."


def page(title: str, *sentences: str) -> str:
    """An HTML page with an article of that title; its sentences, or several about ferries."""
    paragraphs = sentences or [f"{SENTENCE} It is change number {n}." for n in range(5)]
    inside = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{inside}</article></body></html>"


PAGE = page("Ferry fares rise")


@dataclass
class Site:
    """A real server: `answers` maps a path to status, headers and body; `seen` lists what was asked but robots.txt.

    What stands in `once` for a path is answered first, one a request.
    """

    port: int
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    once: dict[str, list[tuple[int, dict[str, str], bytes]]] = field(default_factory=dict)
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    robots_seen: int = 0
    pause: float = 0.0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def serve(
        self, path: str, body: str | bytes, media_type: str = "text/html", status: int = 200, **headers: str
    ) -> str:
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, {"Content-Type": media_type, **named}, data)
        return self.url(path)

    def redirect(self, path: str, target: str) -> str:
        return self.serve(path, b"", status=302, Location=target)

    def paths(self) -> list[str]:
        return [path for path, _ in self.seen]

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """What is answered: as a real server does, 304 where the client has this version already."""
        if path == "/robots.txt":
            self.robots_seen += 1
        else:
            self.seen.append((path, headers))
        if self.once.get(path):
            return self.once[path].pop(0)
        status, named, body = self.answers.get(path, (404, {}, b""))
        versions = [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")]
        if any(kept in named and headers.get(sent) == named[kept] for kept, sent in versions):
            return 304, {name: value for name, value in named.items() if name != "Content-Type"}, b""
        return status, named, body


@contextlib.contextmanager
def serving() -> Iterator[Site]:
    """A site while it is served."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = here.answer(self.path, dict(self.headers))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            half = len(body) // 2
            try:
                self.wfile.write(body[:half])
                self.wfile.flush()
                time.sleep(here.pause)
                self.wfile.write(body[half:])
            except OSError:
                return  # the client has had enough, which is what some tests are about

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    here = Site(port=server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def wait_until(happened: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until something is so; fail where it is not within the time."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"not within {seconds:g} seconds"
        time.sleep(0.02)
