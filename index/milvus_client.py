"""The connection to a Milvus server: the seven collections of a library, asked and written in plain rows.

The one rule: what pymilvus raises leaves here as a `LibraryError` with the address and a remedy; values reach a filter
as quoted literals alone.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from index.address import Server
from index.errors import LibraryError
from index.milvus_remedies import certificate_of, is_away, remedy_for

ARTICLES, TEXTS, PASSAGES, META, LOG = "article", "text", "passage", "meta", "log"
VERSIONS, EARLIER = "version", "earlier"
"""What articles said before they were edited, and the passages of that."""
EMBEDDED = (PASSAGES, EARLIER)
"""Those that need to know their model's dimension."""
KINDS = (ARTICLES, TEXTS, VERSIONS, LOG, META, *EMBEDDED)
KEYS = {ARTICLES: "id", TEXTS: "id", VERSIONS: "id", LOG: "number", META: "key", PASSAGES: "id", EARLIER: "id"}
MAX_TEXT = 65_535
"""Bytes that a Milvus VARCHAR can hold."""
SECONDS = 60.0
CONNECT_SECONDS = 10.0
RECONNECT, RECONNECT_MILLISECONDS = "grpc.max_reconnect_backoff_ms", 2_000
"""A chat finds a server again two seconds after it came back; by default gRPC waits for up to two minutes."""
TOGETHER, TEXTS_TOGETHER = 1_000, 200
"""Rows that one request asks for or writes."""
LOAD_SECONDS = 600.0
AGAIN_SECONDS, WAIT_SECONDS = 5.0, 0.5
"""How long, and how often, a server that cannot be reached is asked again: a node may be starting again."""

Row = dict[str, Any]
Keys = Sequence[int] | Sequence[str]
_Found = TypeVar("_Found")


class Collections:
    """A library's collections on a server."""

    def __init__(self, server: Server) -> None:
        """Connect.

        Raises:
            LibraryError: if the server does not answer, or does not let us in.
        """
        from pymilvus import MilvusClient

        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # what it logs, it raises, too
        self.server = server
        self._there: set[str] = set()
        options: dict[str, Any] = {"timeout": CONNECT_SECONDS, "grpc_options": {RECONNECT: RECONNECT_MILLISECONDS}}
        if server.token:
            options["token"] = server.token
        if server.tls:
            options["secure"] = True
            if server.tls != "1":
                options["server_pem_path"] = certificate_of(server)
        place = f"http{'s' if server.tls else ''}://{server.host}:{server.port}"
        self.client = self.ask(lambda: MilvusClient(uri=place, **options))

    def ask(self, request: Callable[[], _Found]) -> _Found:
        """Make a request, again for some seconds where the server cannot be reached: each may be made twice.

        Raises:
            LibraryError: for what pymilvus raises, with a remedy.
        """
        from grpc import FutureTimeoutError, RpcError
        from pymilvus.exceptions import MilvusException

        until = time.monotonic() + AGAIN_SECONDS
        while True:
            try:
                return request()
            except (MilvusException, RpcError, FutureTimeoutError) as error:
                said = " ".join(str(getattr(error, "message", "") or error).split())[:300]
                if time.monotonic() < until and self._is_mended(said):
                    continue
                raise LibraryError(
                    f"the library at {self.server.address}: {said}{remedy_for(said, self.server)}"
                ) from error

    def _is_mended(self, said: str) -> bool:
        """Whether a request may be made again: after a wait for the server, or with its collections loaded."""
        if is_away(said):
            time.sleep(WAIT_SECONDS)
            return True
        if "released" not in said and "not loaded" not in said:
            return False
        from pymilvus.exceptions import MilvusException

        for kind in KINDS:  # a server that was started again does not always load what it had loaded
            with suppress(MilvusException):  # what is still wrong, the request itself says
                if self.client.has_collection(self.name(kind), timeout=SECONDS):
                    self.client.load_collection(self.name(kind), timeout=LOAD_SECONDS)
        return True

    def name(self, kind: str) -> str:
        """The collection's name on the server."""
        return f"{self.server.name}_{kind}"

    def exists(self, kind: str) -> bool:
        """Whether the collection is there."""
        if kind in self._there:
            return True
        if found := bool(self.ask(lambda: self.client.has_collection(self.name(kind), timeout=SECONDS))):
            self._there.add(kind)
        return found

    def query(self, kind: str, condition: str, fields: Sequence[str], *, fresh: bool = False) -> list[Row]:
        """The rows that fit a condition which few do; `fresh` sees all that was committed, whatever is set."""
        found = self.ask(
            lambda: self.client.query(
                self.name(kind),
                filter=condition,
                output_fields=list(fields),
                consistency_level=self.level(fresh=fresh),
                timeout=SECONDS,
            )
        )
        return [dict(row) for row in found]

    def fetch(self, kind: str, keys: Keys, fields: Sequence[str], *, fresh: bool = False) -> list[Row]:
        """The rows of those keys that are there, in no order."""
        rows: list[Row] = []
        for begin in range(0, len(keys), at_once(kind)):
            chosen = within(KEYS[kind], keys[begin : begin + at_once(kind)])
            rows += self.query(kind, chosen, fields, fresh=fresh)
        return rows

    def scan(self, kind: str, condition: str, fields: Sequence[str], *, fresh: bool = False) -> Iterator[Row]:
        """All rows that fit a condition, in the order of their keys, a page at a time; `fresh` as in `query`."""
        pages = self.ask(
            lambda: self.client.query_iterator(
                self.name(kind),
                batch_size=TOGETHER,
                filter=condition,
                output_fields=list(fields),
                consistency_level=self.level(fresh=fresh),
                timeout=SECONDS,
            )
        )
        try:
            while page := self.ask(pages.next):
                yield from (dict(row) for row in page)
        finally:
            pages.close()

    def count(self, kind: str, condition: str = "", *, fresh: bool = False) -> int:
        """How many rows fit a condition; without one, how many there are; `fresh` as in `query`."""
        return int(self.query(kind, condition, ["count(*)"], fresh=fresh)[0]["count(*)"])

    def count_found(self, words: Sequence[str], limit: int) -> list[int]:
        """For each word how many passages hold it, as far as `limit`: in one request."""
        return [len(hits) for hits in self.search_all(PASSAGES, "sparse", words, limit, "", ())] if words else []

    def search_all(
        self, kind: str, field: str, wanted: Sequence[Any], limit: int, condition: str, fields: Sequence[str]
    ) -> list[list[Row]]:
        """For each of what is wanted the best rows, best first; `score` is how good a row is."""
        found = self.ask(
            lambda: self.client.search(
                self.name(kind),
                data=list(wanted),
                anns_field=field,
                limit=limit,
                filter=condition,
                output_fields=list(fields),
                consistency_level=self.level(),
                timeout=SECONDS,
            )
        )
        return [[{"id": hit["id"], "score": hit["distance"], **hit["entity"]} for hit in hits] for hits in found]

    def upsert(self, kind: str, rows: Sequence[Row]) -> None:
        """Write rows; one with a key that is there replaces it."""
        for begin in range(0, len(rows), at_once(kind)):
            self._write(kind, rows[begin : begin + at_once(kind)])

    def delete(self, kind: str, keys: Keys) -> None:
        """Delete the rows of these keys."""
        for begin in range(0, len(keys), TOGETHER):
            self._remove(kind, keys[begin : begin + TOGETHER])

    def seal(self, kind: str) -> None:
        """Let the server index now what was written; by itself it waits for more."""
        self.ask(lambda: self.client.flush(self.name(kind), timeout=LOAD_SECONDS))

    def _write(self, kind: str, rows: Sequence[Row]) -> None:
        self.ask(lambda: self.client.upsert(self.name(kind), [dict(row) for row in rows], timeout=SECONDS))

    def _remove(self, kind: str, keys: Keys) -> None:
        chosen = within(KEYS[kind], keys)  # by its `ids` the client would quote nothing
        self.ask(lambda: self.client.delete(self.name(kind), filter=chosen, timeout=SECONDS))

    def level(self, *, fresh: bool = False) -> str:
        """How fresh a view a request asks for."""
        return "Strong" if fresh else self.server.consistency


def at_once(kind: str) -> int:
    """How many rows one request asks for or writes; one may not be larger than 64 MB."""
    return TEXTS_TOGETHER if kind == TEXTS else TOGETHER


def quote(value: str | int) -> str:
    """A value as a literal of Milvus' filter language."""
    return json.dumps(value, ensure_ascii=False)


def within(field: str, values: Keys) -> str:
    """A condition: the field has one of the values."""
    return f"{field} in [{', '.join(quote(value) for value in values)}]"


def clip(text: str) -> str:
    """As much of a text as a field of a row takes."""
    return text.encode(errors="replace")[:MAX_TEXT].decode(errors="ignore")
