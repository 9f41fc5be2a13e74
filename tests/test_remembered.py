"""Remembered sources, and visits that ask only for what is new: real files, a real web server, a real library."""

import json
import time
from pathlib import Path

import pytest
from older import take_back
from web_site import SENTENCE, page

from assistant.cli import main
from index import sync as write_path
from index.errors import SourceError
from index.fetch import Limits
from index.local import open_library
from index.putting_away import put_away
from index.remembered import forget, full_name, list_sources, note_outcome, remember
from index.schedule import Schedule, feed_period
from index.sync import sync

OPEN = Limits(allow_private=True, timeout=5, pause=0)
TEASER = f"{SENTENCE} " * 8


class Paper:
    """A news site whose feed shows teasers and links; `write` sets what it shows."""

    def __init__(self, site):
        self.site = site

    def publish(self, name, *sentences, **headers):
        self.site.serve(f"/{name}", page(name.title(), *sentences), **headers)

    def write(self, *names, teaser="Short.", extra="", **headers):
        items = [
            f"<item><title>{name}</title><link>{self.site.url('/' + name)}</link><description>{teaser}</description>"
            "</item>"
            for name in names
        ]
        text = f'<?xml version="1.0"?><rss version="2.0"><channel>{extra}{"".join(items)}</channel></rss>'
        return self.site.serve("/feed", text, "application/rss+xml", **headers)

    def asked(self):
        paths = self.site.paths()
        self.site.seen.clear()
        return paths


@pytest.fixture
def paper(site):
    found = Paper(site)
    for name in ("ferry", "bridge", "market"):
        found.publish(name, *[f"The {name} is the talk of the town. {SENTENCE} Says line {n}." for n in range(5)])
    return found


@pytest.fixture
def take(library, embedder):
    def _take(*sources, **named):
        return sync(library, embedder, sources, limits=OPEN, **named)

    return _take


def counts(report):
    return report.added, report.changed, report.unchanged, len(report.rejected)


def test_a_feed_that_is_unchanged_is_not_sent_again_and_one_that_changed_costs_only_its_new_pages(paper, take, library):
    feed = paper.write("ferry", "bridge", ETag='"1"')
    assert counts(take(feed)) == (2, 0, 0, 0)
    assert paper.asked() == ["/feed", "/ferry", "/bridge"]
    assert counts(take(feed)) == (0, 0, 2, 0)
    assert [(path, headers.get("If-None-Match")) for path, headers in paper.site.seen] == [("/feed", '"1"')]
    paper.asked()
    paper.write("market", "bridge", ETag='"2"')  # the ferry has left the feed
    assert counts(take(feed)) == (1, 0, 1, 0)
    assert paper.asked() == ["/feed", "/market"]
    assert library.find_article(paper.site.url("/ferry")) is not None
    assert len(library.ids_from(feed)) == 3


def test_an_entry_is_asked_again_where_the_feed_says_something_new_of_it(paper, take, library):
    paper.publish("ferry", *[f"Fares rise. {SENTENCE}"] * 5, ETag='"a"')
    feed = paper.write("ferry")
    take(feed)
    paper.asked()
    paper.write("ferry", teaser="Corrected.")
    assert counts(take(feed)) == (0, 0, 1, 0)
    assert [headers.get("If-None-Match") for path, headers in paper.site.seen if path == "/ferry"] == ['"a"']
    paper.publish("ferry", *[f"Fares fall. {SENTENCE}"] * 5, ETag='"b"')
    paper.write("ferry", teaser="Corrected again.")
    assert counts(take(feed)) == (0, 1, 0, 0)
    assert library.find_article(paper.site.url("/ferry")).text.startswith("Fares fall.")


def test_a_page_that_fails_costs_nothing_and_is_asked_again_when_it_is_due(paper, take, library, monkeypatch):
    feed = paper.write("ferry", "gone", ETag='"1"')
    assert counts(take(feed)) == (1, 0, 0, 1)
    paper.asked()
    (rejected,) = take(feed).rejected
    assert "answered 404 Not Found (it is asked again after " in rejected.reason
    assert paper.asked() == ["/feed"]  # and the feed was asked for whole, as it holds what failed
    paper.publish("gone")
    later = time.time() + 301
    monkeypatch.setattr("index.visits.time.time", lambda: later)
    assert counts(take(feed)) == (1, 0, 1, 0)
    assert paper.asked() == ["/feed", "/gone"]


def test_a_teaser_never_takes_the_place_of_the_page_that_was_read(paper, take, library):
    feed = paper.write("ferry", teaser=TEASER)
    take(feed)
    before = library.find_article(paper.site.url("/ferry"))
    assert before.text.startswith("The ferry is the talk")
    paper.site.serve("/ferry", "", status=500)
    paper.write("ferry", teaser=TEASER + "New.")
    (rejected,) = take(feed).rejected
    assert "answered 500" in rejected.reason
    assert "is kept" in rejected.reason
    assert library.find_article(before.id) == before
    paper.site.serve("/ferry2", "", status=500)  # where nothing was read before, a long teaser is better than nothing
    paper.write("ferry2", teaser=TEASER)
    assert counts(take(feed)) == (1, 0, 0, 0)


def test_a_sync_that_is_killed_before_it_has_stored_asks_for_everything_again(paper, take):
    feed = paper.write("ferry", "bridge", ETag='"1"')

    def kill(stage, done, total):
        if stage == "indexing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(feed, progress=kill)
    paper.asked()
    report = take(feed)
    assert report.added + report.unchanged == 2
    assert paper.asked() == ["/feed", "/ferry", "/bridge"]
    assert counts(take(feed)) == (0, 0, 2, 0)


def test_an_article_that_was_lost_or_made_by_another_pipeline_is_read_again(paper, take, library, monkeypatch):
    url = paper.site.url("/ferry")
    paper.publish("ferry", *[SENTENCE] * 5, Last_Modified="Tue, 05 Mar 2024 10:00:00 GMT")
    assert [counts(take(url)) for _ in range(2)] == [(1, 0, 0, 0), (0, 0, 1, 0)]
    put_away(library, [url])
    assert counts(take(url)) == (1, 0, 0, 0)
    monkeypatch.setattr(write_path, "PIPELINE", write_path.PIPELINE + 1)
    assert counts(take(url)) == (0, 1, 0, 0)
    assert [headers.get("If-Modified-Since") is None for _, headers in paper.site.seen] == [True, False, True, True]


def test_what_the_user_removed_is_not_asked_for_by_its_feed_but_comes_back_by_name(paper, take, library):
    feed, url = paper.write("ferry", "bridge", ETag='"1"'), paper.site.url("/ferry")
    take(feed)
    put_away(library, [url])
    paper.asked()
    report = take(feed)
    assert counts(report) == (0, 0, 1, 0)
    assert "left out 1 removed by you" in report.notices[0]
    assert paper.asked() == ["/feed"]
    take(url, named=True)
    assert library.find_article(url) is not None


def test_sources_are_remembered_once_by_their_full_names(library, tmp_path):
    folder = tmp_path / "clippings"
    folder.mkdir()
    (tmp_path / "link").symlink_to(folder)
    url = "https://news.example.org/feed.xml"
    assert remember(library, ["clippings", url, str(folder)]) == [str(folder), url]
    assert remember(library, [str(tmp_path / "link"), f" {url} "]) == []
    assert [each.source for each in list_sources(library)] == sorted([str(folder), url])
    for wrong in ("nowhere", "", "ftp://x.example/", "\0"):
        with pytest.raises((SourceError, ValueError)):
            remember(library, ["clippings", wrong])
    with pytest.raises(SourceError, match=r"other\.xml is not remembered \(remembered are: "):
        forget(library, [url, "other.xml"])
    assert forget(library, ["clippings", url]) == [str(folder), url]
    assert list_sources(library) == []


def test_the_outcome_of_a_source_decides_when_it_is_due(library, monkeypatch):
    monkeypatch.setattr("index.remembered.time.time", lambda: 1000.0)
    url = "https://news.example.org/feed.xml"
    remember(library, [url])
    note_outcome(library, url, "", 0)
    (noted,) = list_sources(library)
    assert (noted.due, noted.failures, noted.trouble) == (1000 + 1800, 0, "")
    note_outcome(library, url, "", 7200)
    assert list_sources(library)[0].due == 1000 + 7200
    for failures, longest in enumerate([300, 600, 1200], 1):
        note_outcome(library, url, "answered 500", 0)
        (noted,) = list_sources(library)
        assert (noted.failures, noted.trouble) == (failures, "answered 500")
        assert 1000 + longest / 2 <= noted.due <= 1000 + longest
    note_outcome(library, "https://other.example/", "answered 500", 0)
    assert len(list_sources(library)) == 1


def test_the_schedule_keeps_its_bounds():
    schedule = Schedule(least=10, usual=60, most=1000)
    assert [schedule.after_success(wished) for wished in (0, 3, 30, 5000)] == [60, 10, 30, 1000]
    most = [schedule.after_failure(failures, draw=max) for failures in (1, 2, 3, 8, 9, 10**9)]
    assert most == [10, 20, 40, 1000, 1000, 1000]
    assert schedule.after_failure(3, draw=min) == 20
    assert [schedule.after_failure(1, wished, draw=max) for wished in (5, 120, 10**9)] == [10, 120, 1000]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (("60", "", ""), 3600),
        (("", "hourly", "2"), 1800),
        (("", " Daily ", ""), 86400),
        (("0", "weekly", "7"), 86400),
        (("", "often", "2"), 0),
        (("9" * 400, "", "²"), 0),
        (("-5", None, None), 0),
    ],
)
def test_how_often_a_feed_says_it_changes(said, seconds):
    assert feed_period(*said) == seconds


def test_a_feed_is_due_when_it_and_its_server_say(paper, take, library, monkeypatch):
    monkeypatch.setattr("index.remembered.time.time", lambda: 0.0)
    feed = paper.write("ferry", extra="<ttl>90</ttl>", Cache_Control="max-age=3600")
    remember(library, [feed])
    take(feed)
    assert list_sources(library)[0].due == 90 * 60
    paper.site.serve("/feed", "", status=429, Retry_After="7200")
    take(feed)
    (noted,) = list_sources(library)
    assert (noted.due, noted.failures) == (7200, 1)
    assert "answered 429" in noted.trouble


def test_a_library_of_format_2_learns_to_remember(library, tmp_path):
    take_back(library, 2)
    again = open_library(library.folder)
    assert remember(again, [str(tmp_path)]) == [str(tmp_path)]
    again.close()


def test_sync_without_arguments_brings_everything_remembered_up_to_date(tmp_path, capsys, paper):
    def run(*arguments):
        code = main([*arguments, "--library", str(tmp_path / "library"), "--embedding-model", "hashing", "--json"])
        printed = capsys.readouterr()
        return code, json.loads(printed.out) if printed.out else printed.err

    feed = paper.write("ferry", ETag='"1"')
    folder = Path(tmp_path / "clippings")
    folder.mkdir()
    (folder / "a.txt").write_text("The bridge over the Tamsel opened on Monday.")
    assert run("sync", "--allow-private")[0] == 2
    assert run("sources", "add", "clippings")[1][0]["source"] == full_name("clippings")
    code, report = run("sync", "--allow-private")
    assert (code, report["added"]) == (0, 1)
    assert run("sync", feed, "--remember", "--allow-private")[1]["added"] == 1
    (folder / "a.txt").write_text("The bridge over the Tamsel is closed again.")
    (folder / "b.txt").write_text("The market moved to the harbour on Sunday.")
    code, report = run("sync", "--allow-private")
    assert (code, report["added"], report["changed"], report["unchanged"]) == (0, 1, 1, 1)
    by_name = {entry["source"]: entry for entry in run("sources")[1]}
    assert {name: entry["articles"] for name, entry in by_name.items()} == {str(folder): 2, feed: 1}
    assert by_name[feed]["checked"] is not None
    assert by_name[feed]["due"] is not None
    assert by_name[str(folder)]["due"] is None
    paper.site.serve("/feed", "", status=500)
    code, report = run("sync", "--allow-private")
    assert (code, report["rejected"]) == (1, 1)
    assert {entry["source"]: entry["failures"] for entry in run("sources", "list")[1]} == {str(folder): 0, feed: 1}
    assert [entry["source"] for entry in run("sources", "remove", str(folder))[1]] == [feed]
    assert run("status")[1]["articles"] == 3
    for wrong in (["list", "x"], ["add"], ["remove", "x"]):
        assert run("sources", *wrong)[0] == 2
