"""Following remembered sources: real folders, a real web server, real processes; what is saved is answered from."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from datetime import UTC, datetime

import pytest
from web_site import SENTENCE, page, wait_until

from assistant.ask import open_assistant
from assistant.cli import main
from assistant.settings import read_settings
from assistant.watching import describe_news, news_to_json, watch_sources
from index.remembered import Remembered, remember
from index.reports import SyncReport
from index.watch import Watch, WatchStoppedError
from index.watch_web import due_at

SECONDS = 8.0
"""How long a change may take to be answered from, on a machine that is busy with other things."""


@pytest.fixture
def assistant(tmp_path):
    settings = read_settings(
        library=tmp_path / "library", embedding_model="hashing", reader="words", allow_private=True, host_pause=0.0
    )
    opened = open_assistant(settings, create=True)
    yield opened
    opened.library.close()


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "clippings"
    made.mkdir()
    return made


class Watching:
    """A watch and what it told."""

    def __init__(self, assistant, **named):
        self.assistant = assistant
        self.told = []
        self.watch = watch_sources(assistant, self.told.append, threading.Event(), **named)

    def lines(self):
        return [describe_news(news)[9:] for news in self.told]

    def troubles(self):
        return [news.trouble for news in self.told if news.trouble]

    def finds(self, words):
        return any(words in hit.text for hit in self.assistant.search(words, 5))

    def wait_for(self, words):
        wait_until(lambda: self.finds(words), SECONDS)


@pytest.fixture
def watching(assistant):
    begun = []

    def _watching(*sources, **named):
        assistant.remember([str(source) for source in sources])
        begun.append(Watching(assistant, **named))
        begun[-1].watch.start()
        return begun[-1]

    yield _watching
    for each in begun:
        begin = time.monotonic()
        each.watch.stop()
        assert time.monotonic() - begin < 3
        assert [thread for thread in each.watch._threads if thread.is_alive()] == []


def test_what_is_saved_in_a_folder_is_answered_from(watching, folder):
    (folder / "before.txt").write_text("The old mill on the Tamsel was sold on Friday.")
    seen = watching(folder)
    seen.wait_for("old mill")
    (folder / "bridge.txt").write_text("The bridge over the Tamsel opened on Monday.")
    seen.wait_for("bridge over the Tamsel opened")
    (folder / "deep").mkdir()
    (folder / "deep" / "market.md").write_text("# Market\n\nThe market moved to the harbour on Sunday.")
    seen.wait_for("market moved to the harbour")
    replacement = folder / ".bridge.txt.new"
    replacement.write_text("The bridge over the Tamsel is closed again.")
    replacement.replace(folder / "bridge.txt")  # as editors save
    seen.wait_for("bridge over the Tamsel is closed")
    assert not seen.finds("opened on Monday")
    answer = seen.assistant.ask("What is closed again?")
    assert answer.quotes[0].text == "The bridge over the Tamsel is closed again."
    wait_until(lambda: any(line.startswith("changed") for line in seen.lines()))
    assert [line.partition(":")[0] for line in seen.lines()] == ["added", "added", "added", "changed"]


def test_what_is_hidden_or_of_no_known_kind_is_left_alone_and_a_folder_that_moves_in_is_read(
    watching, folder, tmp_path
):
    seen = watching(folder)
    (folder / ".draft.txt").write_text("A hidden draft about the lighthouse.")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    arriving = tmp_path / "arriving"
    arriving.mkdir()
    (arriving / "ferry.txt").write_text("The ferry to Orsund sails again from Thursday.")
    arriving.rename(folder / "arrived")
    (folder / "loop").symlink_to(folder)
    seen.wait_for("ferry to Orsund")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing")
    wait_until(seen.troubles, SECONDS)
    assert "broken.pdf" in seen.troubles()[0]
    (folder / "last.txt").write_text("The lighthouse keeper retires in June.")
    seen.wait_for("lighthouse keeper retires")
    assert not seen.finds("hidden draft")
    assert seen.assistant.summary().articles == 2


def test_a_folder_that_goes_and_comes_back_is_followed_again_and_costs_no_article(watching, folder, tmp_path):
    (folder / "bridge.txt").write_text("The bridge over the Tamsel opened on Monday.")
    seen = watching(folder, prune=True)
    seen.wait_for("bridge over the Tamsel opened")
    folder.rename(tmp_path / "elsewhere")
    wait_until(seen.troubles, SECONDS)
    assert "does not exist" in seen.troubles()[0]
    time.sleep(1.2)  # two looks later
    assert len(seen.troubles()) == 1
    assert seen.finds("bridge over the Tamsel opened")
    (tmp_path / "elsewhere" / "market.txt").write_text("The market moved to the harbour on Sunday.")
    (tmp_path / "elsewhere").rename(folder)
    seen.wait_for("market moved to the harbour")
    (folder / "ferry.txt").write_text("The ferry to Orsund sails again from Thursday.")
    seen.wait_for("ferry to Orsund")
    (folder / "bridge.txt").unlink()
    wait_until(lambda: not seen.finds("bridge over the Tamsel opened"), SECONDS)
    assert seen.assistant.summary().articles == 2


def test_a_source_that_is_remembered_later_is_followed_and_one_that_is_forgotten_is_not(watching, folder, tmp_path):
    seen = watching()
    (folder / "bridge.txt").write_text("The bridge over the Tamsel opened on Monday.")
    single = tmp_path / "rows.jsonl"
    single.write_text(json.dumps({"text": "The market moved to the harbour on Sunday."}) + "\n")
    seen.assistant.remember([str(folder), str(single)])
    seen.wait_for("bridge over the Tamsel opened")
    seen.wait_for("market moved to the harbour")
    with single.open("a") as rows:
        rows.write(json.dumps({"text": "The ferry to Orsund sails again from Thursday."}) + "\n")
    seen.wait_for("ferry to Orsund")
    seen.assistant.forget([str(folder)])
    time.sleep(1.2)
    (folder / "late.txt").write_text("The lighthouse keeper retires in June.")
    time.sleep(1.2)
    assert not seen.finds("lighthouse keeper retires")


def test_a_feed_is_asked_when_it_is_due_and_its_troubles_are_told_once(watching, site):
    def feed(*names):
        for name in names:
            site.serve(f"/{name}", page(name.title(), *[f"The {name} is the talk of the town. {SENTENCE}"] * 5))
        items = "".join(f"<item><title>{name}</title><link>{site.url('/' + name)}</link></item>" for name in names)
        return site.serve("/feed", f'<rss version="2.0"><channel>{items}</channel></rss>', "application/rss+xml")

    seen = watching(feed("ferry"), every=1)
    seen.wait_for("The ferry is the talk")
    feed("market", "ferry")
    seen.wait_for("The market is the talk")
    site.serve("/feed", "", status=500)
    wait_until(seen.troubles, SECONDS)
    asked = len(site.seen)
    wait_until(lambda: len(site.seen) > asked, SECONDS)
    feed("bridge", "ferry")
    wait_until(lambda: seen.finds("The bridge is the talk"), 2 * SECONDS)
    assert len(seen.troubles()) == 1
    assert "answered 500" in seen.troubles()[0]
    assert site.paths().count("/ferry") == 1


def test_a_slow_site_does_not_hold_up_a_folder_nor_a_stop(watching, site, folder):
    site.pause = 2.5
    seen = watching(site.serve("/slow", page("Slow")), folder)
    wait_until(lambda: site.seen, SECONDS)
    (folder / "bridge.txt").write_text("The bridge over the Tamsel opened on Monday.")
    seen.wait_for("bridge over the Tamsel opened")
    assert not seen.finds("fares will rise")
    site.pause = 0


def test_another_sync_is_waited_for(watching, folder, assistant, monkeypatch):
    monkeypatch.setattr("index.database.LOCK_SECONDS", 0.1)
    seen = watching(folder)
    with assistant.library.writing():
        (folder / "bridge.txt").write_text("The bridge over the Tamsel opened on Monday.")
        time.sleep(1.5)
        assert not seen.finds("bridge over the Tamsel opened")
    seen.wait_for("bridge over the Tamsel opened")
    assert seen.troubles() == []


def test_whatever_goes_wrong_is_told_and_tried_again(library, folder):
    """The boundary is `take`: here it fails as a full disk does, and as a mistake in the program would."""
    told, taken, stopping = [], [], threading.Event()
    failures = [OSError(28, "No space left on device"), ZeroDivisionError("a mistake")]

    def take(sources, _prune):
        if failures:
            raise failures.pop(0)
        taken.append(list(sources))
        return SyncReport()

    remember(library, [str(folder)])
    with Watch(library, take, told.append, stopping):
        wait_until(lambda: taken, SECONDS)
        (folder / "a.txt").write_text("x")
        wait_until(lambda: len(taken) == 2, SECONDS)
    assert [news.trouble for news in told] == [
        "OSError: [Errno 28] No space left on device",
        "ZeroDivisionError: a mistake",
    ]
    assert taken == [[str(folder)], [str(folder / "a.txt")]]


def test_a_stop_ends_a_sync_between_two_articles(assistant, folder):
    for number in range(30):
        (folder / f"{number}.txt").write_text(f"Report {number} on the bridge over the Tamsel and its costs.")
    stopping, told = threading.Event(), []
    assistant.remember([str(folder)])
    watch = watch_sources(assistant, told.append, stopping)
    stopping.set()
    with pytest.raises(WatchStoppedError):
        watch._take([str(folder)], False)
    assert (assistant.summary().articles, told) == (0, [])
    assert watch.take("x", [str(folder)], False) is True


def test_when_a_source_is_due():
    checked = datetime(2024, 5, 6, 12, tzinfo=UTC)
    at = checked.timestamp()

    def source(failures, due):
        return Remembered("https://a.example/", checked, checked, due, failures, "")

    assert due_at(source(0, at + 900), None) == at + 900
    assert due_at(source(0, at + 900), 60) == at + 60
    assert due_at(source(0, at + 30), 60) == at + 60
    assert [due_at(source(failures, at + 300), 60) - at for failures in (1, 2, 3)] == [120, 240, 300]
    assert due_at(Remembered("https://a.example/", checked, None, 0.0, 0, ""), 60) == 0


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_the_command_follows_tells_a_line_for_each_change_and_stops_cleanly(tmp_path, folder, name):
    command = [sys.executable, "-c", "import sys; from assistant.cli import main; sys.exit(main(sys.argv[1:]))"]
    options = ["--library", str(tmp_path / "library"), "--embedding-model", "hashing", "--reader", "words"]
    process = subprocess.Popen(
        [*command, "sync", str(folder), "--watch", "--json", *options[:4]],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        assert process.stderr.readline() == "Watching 1 source (Ctrl+C stops it)\n"
        (folder / "bridge.txt").write_text("The bridge over the Tamsel opened on Monday.")
        news = json.loads(process.stdout.readline())
        assert (news["added"], news["trouble"]) == (1, "")
        assert [(change["kind"], change["article"]) for change in news["changes"]] == [
            ("added", str(folder / "bridge.txt"))
        ]
        process.send_signal(name)
        assert process.wait(10) == 0
        assert process.stderr.read() == ""
    finally:
        process.kill()
        process.communicate()
    assert main(["search", "Which bridge opened?", "--json", *options[:4]]) == 0


def test_the_chat_answers_from_what_is_saved_while_it_serves(tmp_path, folder):
    options = ["--library", str(tmp_path / "library"), "--embedding-model", "hashing"]
    assert main(["sources", "add", str(folder), *options[:2]]) == 0
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "import sys; from assistant.cli import main; sys.exit(main(sys.argv[1:]))"]
    process = subprocess.Popen(
        [*command, "chat", "--watch", "--no-browser", "--port", str(port), "--reader", "words", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        wait_until(lambda: answers_at(port), 90)
        assert ask_over_http(port, "When did the bridge over the Tamsel open?")["quotes"] == []
        (folder / "bridge.txt").write_text("The bridge over the Tamsel opened on Monday. Its towers are red.")
        wait_until(lambda: ask_over_http(port, "When did the bridge over the Tamsel open?")["quotes"], SECONDS)
        (quote, *_) = ask_over_http(port, "When did the bridge over the Tamsel open?")["quotes"]
        assert quote["text"] == "The bridge over the Tamsel opened on Monday."
        assert quote["article"]["id"] == str(folder / "bridge.txt")
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0
    finally:
        process.kill()
        process.communicate()


def answers_at(port):
    """Whether a page is served there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
            return page.status == 200
    except OSError:
        return False


def ask_over_http(port, question):
    """What a program is answered."""
    address = f"http://127.0.0.1:{port}/gradio_api/call/ask"
    body = json.dumps({"data": [question, [], "", "", False]}).encode()
    headers = {"Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=30) as begun:
        event = json.load(begun)["event_id"]
    with urllib.request.urlopen(f"{address}/{event}", timeout=30) as events:
        told = events.read().decode()
    assert "event: complete" in told, told
    return json.loads(told.rpartition("data: ")[2])[0]


def test_news_from_outside_stays_on_its_line(assistant, article):
    from index.lists import Change
    from index.watch import News

    now = datetime(2024, 5, 6, 12, 30, tzinfo=UTC)
    change = Change(now, "added", "a", "Break\nout \x1b[2Jof the line")
    news = News(now, "a\nb", SyncReport(added=1), (change,))
    assert describe_news(news) == "12:30:00 added: Break out  [2Jof the line"
    many = News(now, "a\nb", SyncReport(added=1200, changed=1))
    assert describe_news(many) == "12:30:00 added 1,200 articles, changed 1 article (a b)"
    assert describe_news(News(now, "a", SyncReport(), trouble="x\ny")) == "12:30:00 not read: x y"
    assert news_to_json(news)["changes"][0]["title"] == change.title
