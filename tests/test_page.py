"""The page: adding articles, what is served, and that nothing of it leaves the machine."""

import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import httpx
import page_stand_in as given
import pytest
from browsing import serving

from assistant.history import open_history
from assistant.page.adding import add_address, add_files, add_pasted, keep_upload, to_safe_name
from assistant.page.health import Health
from assistant.page.launch import launch_page, open_listener
from assistant.page.local_only import strip_outside
from assistant.wording import describe_library, name_source, web_address, write_date
from index.errors import AssistantError, LibraryError, SourceError
from index.lists import Summary
from index.records import Article

TESTS = Path(__file__).resolve().parent
OUTSIDE = re.compile(
    r"""(?:\b(?:src|href|action|poster|data)\s*=\s*|\burl\(\s*|@import\s+(?:url\()?\s*)["']?((?:https?:)?//[^"')\s>]+)"""
    r"""|<link[^>]+rel=["']?(?:preconnect|dns-prefetch)[^>]*>""",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//host/x", "http://", "http://[x", "", None]
)
def test_only_web_addresses_become_links(url):
    assert web_address(Article(id="a", title="", text="", url=url)) is None


def test_an_article_is_named_by_its_source_else_its_host_else_its_file():
    article = Article(
        id="a", title="", text="", url="https://www.news.example.org/x", source="Courier", origin="/a/b.txt"
    )
    assert name_source(article) == "Courier"
    assert name_source(replace(article, source="")) == "www.news.example.org"
    assert name_source(replace(article, source="", url=None)) == "b.txt"


def test_the_library_in_words():
    first, last = date(2013, 2, 25), date(2024, 1, 5)
    assert describe_library(Summary(1329, 9000, first, last)) == "1,329 articles, 25 February 2013 to 5 January 2024"
    assert describe_library(Summary(1, 1, last, last)) == "1 article, 5 January 2024"
    assert describe_library(Summary(2, 9, None, None)) == "2 articles"
    assert describe_library(Summary(0, 0, None, None)) == "No articles yet"
    assert write_date(date(2022, 3, 10)) == "10 March 2022"


# ---- adding articles


def last(told):
    """What is told at the end."""
    *_, html = told
    return html


def test_files_are_kept_under_their_names_and_the_same_name_is_the_same_article(tmp_path):
    assistant, uploads = given.StandIn(tmp_path), tmp_path / "uploads"
    for name, text in (("1", "One."), ("2", "One."), ("3", "Two.")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "note.txt").write_text(text)
    outcomes = [last(add_files(assistant, uploads, [str(tmp_path / name / "note.txt")])) for name in ("1", "2", "3")]
    assert [re.findall('class="sum">(.*)</p>', html) for html in outcomes] == [
        ["1 article added"],
        ["1 article already there"],
        ["1 article updated"],
    ]
    told = [re.findall("<strong[^>]*>note.txt</strong> (.*)</li>", html) for html in outcomes]
    assert told == [["added"], ["already there"], ["updated"]]
    assert assistant.kept == {str(uploads / "note.txt"): "Two."}
    assert [path.name for path in uploads.iterdir()] == ["note.txt"]


def test_a_rejected_file_is_named_with_its_reason_and_stops_no_other(tmp_path):
    (tmp_path / "<b>.txt").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "good.txt").write_text("Good.")
    html = last(
        add_files(
            given.StandIn(tmp_path), tmp_path / "uploads", [str(tmp_path / "<b>.txt"), str(tmp_path / "good.txt")]
        )
    )
    assert "1 article added</p>" in html
    assert '<strong dir="auto">&lt;b&gt;.txt</strong> was not added: it is not text' in html


def test_a_failure_is_one_plain_line(tmp_path):
    assistant = given.StandIn(tmp_path)
    assert "https://x.example.org did not answer within 20 s: try again later" in last(
        add_address(assistant, "https://x.example.org")
    )
    assert "begins with http:// or https://" in last(add_address(assistant, "/etc/passwd"))
    assert "Paste the text" in last(add_pasted(assistant, "Title", " \n"))
    assert "1 article added" in last(add_pasted(assistant, " Title ", "Text."))
    assert assistant.kept == {"pasted:Title": "Text."}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\\b\\c.txt", "c.txt"),
        (".hidden", "hidden"),
        ("a\n\x00b.txt", "ab.txt"),
        ("ä b.pdf", "ä b.pdf"),
    ],
)
def test_a_kept_name_has_no_folders(name, safe):
    assert to_safe_name(name) == safe


def test_a_name_that_leaves_nothing_and_a_folder_that_cannot_be_written_are_told(tmp_path):
    with pytest.raises(SourceError, match="is no name for a file"):
        to_safe_name("..")
    (tmp_path / "note.txt").write_text("x")
    (tmp_path / "taken").write_text("x")
    with pytest.raises(SourceError, match="could not be kept"):
        keep_upload(tmp_path / "note.txt", tmp_path / "taken")


# ---- the server


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    with serving(given.StandIn(folder), folder / "uploads") as address:
        yield address


def fetch(url):
    return httpx.get(url, trust_env=False, timeout=20)


def test_the_served_page_names_no_other_host(address):
    page = fetch(address + "/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert not re.search(r"https?:|\*", policy)
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "Article Assistant" in page.text
    assert not OUTSIDE.findall(page.text)
    assert not re.search(r"fonts\.g|gstatic|cdnjs|jsdelivr|unpkg", page.text)
    linked = re.findall(r'(?:src|href)="(\.?/[^"]+\.(?:js|css))"', page.text)
    assert {name.rsplit(".", 1)[-1] for name in linked} == {"js", "css"}
    for name in linked:
        part = fetch(address + name.removeprefix("."))
        assert part.status_code == 200
        if name.endswith("css"):
            assert not OUTSIDE.findall(part.text)


def test_a_probe_is_answered_and_tells_nothing_else(address):
    answer = fetch(address + "/health")
    assert (answer.status_code, answer.json()) == (200, {"library": "ok"})
    assert httpx.get(address + "/health", headers={"Host": "elsewhere.example"}, trust_env=False).status_code == 421


def test_a_library_that_is_away_or_slow_is_told_to_the_probe(tmp_path):
    assistant = given.StandIn(tmp_path)
    asked, going_on = threading.Event(), threading.Event()

    class Slow:
        @property
        def revision(self):
            asked.set()
            assert going_on.wait(20)
            raise LibraryError("the server does not answer")

    health = Health(assistant)
    assert health.look() == (200, {"library": "ok"})
    health = Health(SimpleNamespace(library=Slow()))
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(health.look)
        assert asked.wait(20)
        assert health.look() == (503, {"library": "slow"})
        going_on.set()
        assert first.result() == (503, {"library": "away"})


def test_the_theme_has_no_fonts_to_fetch(address):
    theme = fetch(address + "/theme.css")
    assert theme.status_code == 200
    assert "--font:" in theme.text
    assert "@font-face" not in theme.text
    assert not OUTSIDE.findall(theme.text)


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_there_are_no_documentation_pages(address, path):
    assert "swagger" not in fetch(address + path).text.lower()
    assert fetch(address + path).status_code == 404


def test_whatever_a_page_could_load_from_elsewhere_is_stripped():
    html = (
        '<head><meta property="og:image" content="https://a.example/x.jpg" />\n<meta charset="utf-8" />'
        '<link rel="preconnect" href="https://fonts.example" crossorigin="anonymous" />'
        '<link href="//cdn.example/x.css" rel="stylesheet">'
        '<script src="https://cdn.example/x.js" async></script><script>window.a = 1;</script>'
        '<link rel="stylesheet" crossorigin href="./assets/a.css"><script src="./assets/a.js"></script></head>'
    )
    assert strip_outside(html) == (
        '<head><meta charset="utf-8" /><script>window.a = 1;</script>'
        '<link rel="stylesheet" crossorigin href="./assets/a.css"><script src="./assets/a.js"></script></head>'
    )


def test_a_port_in_use_is_told_with_the_remedy(tmp_path):
    with open_listener("127.0.0.1", 0) as taken, pytest.raises(AssistantError, match="`--port`"):
        launch_page(
            given.StandIn(tmp_path), open_history(tmp_path), "127.0.0.1", taken.getsockname()[1], open_browser=False
        )


GUARDED = """
import sys
reached = []
def watch(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        reached.append(arguments[1][0])
    elif event == "socket.getaddrinfo":
        reached.append(arguments[0])
sys.addaudithook(watch)
import warnings
from pathlib import Path
import browsing, page_stand_in
folder = Path(sys.argv[1])
with browsing.serving(page_stand_in.StandIn(folder), folder / "uploads") as address:
    from gradio_client import Client
    client = Client(address, verbose=False)
    job = client.submit("What did the mayor say?", "", True, [], None, None, api_name="/ask_page")
    job.result(timeout=60)
    print(job.outputs())
print("REACHED", sorted({str(host) for host in reached}))
"""


def test_building_serving_and_answering_reach_for_no_other_host(tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning:assistant", "-c", GUARDED, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={"PYTHONPATH": f"{TESTS.parent}:{TESTS}", "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    outputs, reached = done.stdout.rsplit("REACHED ", 1)
    assert "Searching 2 articles" in outputs
    assert 'href="#cite-1-1"' in outputs
    assert 'id="cite-1-1"' in outputs
    assert reached.strip() == "['127.0.0.1']"
    assert "Traceback" not in done.stderr
