"""A small OpenAI-compatible server on loopback, with every failure on demand: what tests put behind the real client."""

import json
import threading
from collections.abc import Callable
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWER = "The ferry stops in June [1]. Nobody bought the ships [1]."
TOO_LONG = "This model's maximum context length is 512 tokens."


class ChatServer(ThreadingHTTPServer):
    """Behaves as `behaviour` says; the first of `before` is how each earlier request fares.

    `write` makes the answer out of a request's messages: by default it is `ANSWER`.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behaviour = "stream"
        self.before: list[str] = []
        self.retry_after = "0"
        self.write: Callable[[list[dict]], str] = lambda messages: ANSWER
        self.requests: list[dict] = []
        self.keys: list[str] = []
        self.left = threading.Event()
        self.released = threading.Event()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request, client_address):
        self.left.set()


class _Handler(BaseHTTPRequestHandler):
    server: ChatServer

    def log_message(self, *arguments):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(body)
        self.server.keys.append(self.headers.get("Authorization", ""))
        behaviour = self.server.before.pop(0) if self.server.before else self.server.behaviour
        if behaviour.isdigit():
            self._fail(int(behaviour))
        elif behaviour == "too long":
            self._fail(400, TOO_LONG, "context_length_exceeded")
        else:
            text = "" if behaviour == "empty" else self.server.write(body["messages"])
            self._answer(text, behaviour, stream=body.get("stream", False) and behaviour != "whole")

    def _fail(self, status, message=None, code=None):
        key = self.headers.get("Authorization", "")
        error = {"message": message or f"refused, your key is {key}", "type": "x", "code": code}
        self._send(status, json.dumps({"error": error}), "application/json", {"Retry-After": self.server.retry_after})

    def _answer(self, text, behaviour, *, stream):
        if not stream:
            message = {"role": "assistant", "content": text}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            whole = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
            self._send(200, json.dumps(whole), "application/json")
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for number, piece in enumerate(text.split(" ")):
            self._event(json.dumps(_chunk({"content": piece if number == 0 else f" {piece}"})))
            if behaviour == "stall" and number == 2:
                self._stall()
                return
            if behaviour == "malformed" and number == 2:
                self._event('{"id": 1, "choices": [{"del')
                return
            if behaviour == "cut" and number == 2:
                self.connection.close()
                return
        self._event(json.dumps(_chunk({}, "stop")))
        self._event("[DONE]")

    def _stall(self):
        """Send nothing more, until the client goes or the test ends; comments keep no client waiting for tokens."""
        self.connection.settimeout(20)
        if self.connection.recv(1) == b"":
            self.server.left.set()

    def _event(self, data):
        self.wfile.write(f"data: {data}\n\n".encode())
        self.wfile.flush()

    def _send(self, status, body, kind, headers=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode())))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())


def _chunk(delta, finish=None):
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


@contextmanager
def serve_chat():
    """A running server."""
    server = ChatServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
