"""Fixtures: a library in a temporary folder, a deterministic embedder, and no way out of the machine."""

import os
import sys
from collections.abc import Iterator
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path

import milvus_server
import pytest
from hypothesis import settings
from web_site import Site, serving

from index import dense_kinds
from index.address import read_address
from index.hashing import HashingEmbedder
from index.local import open_library
from index.opening import open_index
from index.records import Article
from index.sync import sync_articles

os.environ["HF_HUB_OFFLINE"] = "1"  # read when the hub's client is first imported, which can be before any test
settings.register_profile("soak", max_examples=3000, deadline=None)

LOOPBACK = ("127.0.0.1", "::1", "localhost")
SHARED = Path(__file__).resolve().parents[2] / "shared"
needs_milvus = pytest.mark.skipif(
    find_spec("pymilvus") is None or find_spec("milvus_lite") is None,
    reason="the extra [milvus] and milvus-lite are not installed",
)


def _guard(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][0] not in LOOPBACK:
        raise AssertionError(f"a test reached for {arguments[1]}")


sys.addaudithook(_guard)


@pytest.fixture(autouse=True)
def _isolated(tmp_path, monkeypatch):
    """Every test has its own working folder and home, and none of the user's settings."""
    for name in [name for name in os.environ if name.startswith("ARTICLE_ASSISTANT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def shared():
    """The folder of shared material, where it is there."""
    if not SHARED.is_dir():
        pytest.skip("the shared articles and benchmarks are not beside this checkout")
    return SHARED


@pytest.fixture
def site() -> Iterator[Site]:
    """A web server on this machine."""
    with serving() as here:
        yield here


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A Milvus server on this machine, for all tests of a process."""
    with milvus_server.serving(tmp_path_factory.mktemp("milvus") / "data") as here:
        yield here


@pytest.fixture(scope="module", params=["folder", pytest.param("server", marks=needs_milvus)])
def made(request, tmp_path_factory):
    """Opens an empty library of a name, in a folder or on the server, as often as it is called."""
    room = tmp_path_factory.mktemp("made")
    opened = []

    def make(name, **options):
        where = None
        if request.param == "server":
            where = read_address(request.getfixturevalue("server").address(f"{request.module.__name__}_{name}"))
        opened.append(open_index(room / name, where, **{"create": True, **options}))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def clock(monkeypatch):
    """Sets the day on which things happen."""

    class Clock(datetime):
        today_is = datetime(2024, 5, 1, 12)

        @classmethod
        def now(cls, tz=None):
            return cls.today_is.astimezone(tz)

    def _set(day):
        Clock.today_is = datetime(day.year, day.month, day.day, 12)

    for module in ("versions", "milvus_writing"):
        monkeypatch.setattr(f"index.{module}.datetime", Clock)
    return _set


@pytest.fixture
def embedder():
    return HashingEmbedder()


@pytest.fixture
def lists_at_once(monkeypatch):
    """Let a library of a few passages have the view and the file that large ones have."""
    monkeypatch.setattr(dense_kinds, "EXACT_UP_TO", 2)
    monkeypatch.setattr(dense_kinds, "CODE_BITS", 1)


@pytest.fixture
def library(tmp_path):
    with_connection = open_library(tmp_path / "library", create=True)
    yield with_connection
    with_connection.close()


def make_article(
    name="bridge", text="The bridge over the Tamsel opened on Monday. It cost nine million euros.", **fields
):
    """An article with a URL of its own."""
    url = f"https://news.example.org/{name}"
    chosen = {"id": url, "url": url, "title": name.title(), "source": "Example Courier", "published": date(2024, 5, 6)}
    return Article(text=text, **{**chosen, **fields})


@pytest.fixture
def article():
    """The function that makes articles."""
    return make_article


@pytest.fixture
def put(library, embedder):
    """Sync articles into the library."""

    def _put(*articles):
        return sync_articles(library, embedder, articles)

    return _put
