"""Workers that die, never come or are others than expected: what the pool makes of it, without Ray's processes."""

import json
import sys

import pytest
from ray_stand_in import StandIn

import index.cluster
import index.ray_pool
from index.cluster import ClusterWorkers
from index.errors import AssistantError
from index.hashing import HashingEmbedder
from index.local import open_library
from index.ray_pool import TRIES, RayPool
from index.sync import sync


@pytest.fixture
def ray(monkeypatch):
    """Ray with two processors."""
    stand_in = StandIn()
    monkeypatch.setitem(sys.modules, "ray", stand_in)
    monkeypatch.setitem(sys.modules, "ray.exceptions", stand_in.exceptions)
    monkeypatch.setattr("index.ray_pool.find_spec", lambda name: True)
    for name in ("HERE_BYTES", "HERE_CHARACTERS"):
        monkeypatch.setattr(index.cluster, name, 0)
    monkeypatch.setattr(index.cluster, "BATCH_CHARACTERS", 200)
    monkeypatch.setattr(index.cluster, "READ_BYTES", 300)
    monkeypatch.setattr("index.sources.PART_BYTES", 300)
    return stand_in


@pytest.fixture
def rows(tmp_path):
    file = tmp_path / "rows.jsonl"
    told = [
        {"url": f"https://news.example.org/{n}", "title": f"Lock {n}",
         "text": f"Lock {n} of the canal was emptied on Monday. Its {n + 7} gates were painted, keeper {n} said."}
        for n in range(40)
    ]  # fmt: skip
    file.write_text("".join(json.dumps(row) + "\n" for row in told))
    return str(file)


def content(library):
    return [
        (entry.article, entry.digest, entry.passages, entry.vectors.tobytes()) for entry in library.iterate_entries()
    ]


def synced(folder, rows, workers=None):
    library = open_library(folder, create=True)
    report = sync(library, HashingEmbedder(), [rows], workers=workers)
    assert report.added == 40
    return library


def test_what_dead_workers_had_is_made_by_others_and_all_come_in_order(ray, rows, tmp_path):
    """Two of the workers die at their third call, their replacements live."""
    ray.kills = lambda number, method, given: number < 2 and sum(n == number for n, _ in ray.calls) == 3
    with RayPool("somewhere:6379") as pool:
        library = synced(tmp_path / "far", rows, ClusterWorkers(pool))
        assert ray.is_on
    assert not ray.is_on
    assert ray.started == 4
    assert {number for number, _ in ray.calls} == {0, 1, 2, 3}
    assert {method for _, method in ray.calls} == {"parse", "prepare", "embed"}
    plain = synced(tmp_path / "plain", rows)
    assert content(library) == content(plain)
    plain.close()
    library.close()


def test_an_article_over_which_every_worker_dies_ends_it_by_name_and_what_was_written_stays(ray, rows, tmp_path):
    ray.kills = lambda number, method, given: method == "embed" and "Lock 30 " in json.loads(given[0][0][0])[0]
    library = open_library(tmp_path / "far", create=True)
    with (
        RayPool("somewhere:6379") as pool,
        pytest.raises(
            AssistantError, match=rf"{TRIES} workers died.*over the articles from https://news.example.org/30"
        ),
    ):
        sync(library, HashingEmbedder(), [rows], workers=ClusterWorkers(pool))
    written = library.summarise().articles
    assert 10 < written < 31
    ray.kills = lambda *_: False
    with RayPool("somewhere:6379") as pool:
        report = sync(library, HashingEmbedder(), [rows], workers=ClusterWorkers(pool))
    assert (report.added, report.unchanged) == (40 - written, written)
    library.close()


def test_workers_that_are_other_or_do_not_come_are_told(ray, rows, tmp_path, monkeypatch):
    library = open_library(tmp_path / "far", create=True)

    def fails(match):
        with RayPool("somewhere:6379", workers=1) as pool, pytest.raises(AssistantError, match=match):
            sync(library, HashingEmbedder(), [rows], workers=ClusterWorkers(pool))

    ray.others = {"trafilatura": "0.1"}
    fails(r"has trafilatura 0\.1, this machine has [1-9].*install the same versions")
    ray.others = {"the program": "abc"}
    fails(r"has article-assistant abc, this machine has [0-9a-f]{12}")
    ray.others, ray.never_starts = {}, True
    monkeypatch.setattr(index.ray_pool, "START_SECONDS", 0)
    fails("no worker started at somewhere:6379")
    ray.never_starts = False
    ray.kills = lambda number, method, given: method == "prepare"
    monkeypatch.setattr(index.ray_pool, "TRIES", 1000)
    fails(r"\d+ workers died")
    assert library.summarise().articles == 0
    library.close()


def test_a_model_that_a_worker_has_not_is_told(ray, rows, tmp_path, monkeypatch):
    class Other(HashingEmbedder):
        dimension = 3

    monkeypatch.setattr("index.far_worker.open_embedder", lambda model, threads: Other())
    library = open_library(tmp_path / "far", create=True)
    with (
        RayPool("somewhere:6379") as pool,
        pytest.raises(AssistantError, match="cannot work: hashing makes vectors of 3 dimensions on a worker, of 256"),
    ):
        sync(library, HashingEmbedder(), [rows], workers=ClusterWorkers(pool))
    library.close()
