"""What is sent to the workers of a cluster and comes back: the library is that of a plain sync, to the byte."""

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import asdict

import pytest
from cluster_stand_in import PoolHere
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_bytes import make_pdf

import index.cluster
import index.parsing
import index.sources
from index.clean import normalise
from index.cluster import ClusterWorkers
from index.entries import Prepared, Task, prepare
from index.errors import ModelError
from index.far_worker import FarWorker, describe_program
from index.formats.origin import Origin
from index.hashing import HashingEmbedder
from index.local import open_library
from index.parcels import (
    pack_parsed,
    pack_part,
    pack_prepared,
    pack_task,
    unpack_parsed,
    unpack_part,
    unpack_prepared,
    unpack_task,
)
from index.parsing import Parsed, Part, parse_part
from index.records import Article, Rejected
from index.recurring import countable
from index.sources import Limits
from index.sync import sync

LETTER = "Read the bridge letter every morning before work begins"
LIMITS = Limits(max_bytes=6_000)
DAY = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def sentences(number, of=1):
    return [
        f"Bridge {number * 41 + part} of Aster was mended in {1900 + (number * 7 + part) % 120} for the sum of "
        f"{number * part + 3} crowns, said clerk number {number + part}."
        for part in range(of)
    ]


def row(number, **fields):
    text = "\n".join([LETTER, *sentences(number, 2 + number % 9)])
    chosen = {"url": f"https://news.example.org/{number}", "title": f"Bridges {number}", "text": text}
    return json.dumps({**chosen, "source": "Aster Courier", "published": "2024-03-09", **fields})


@pytest.fixture
def folder(tmp_path):
    """Files of every kind, good and bad; the rows of one are more than one part, with trouble in several of them."""
    folder = tmp_path / "in"
    folder.mkdir()
    rows = [row(number) for number in range(30)]
    rows[4] = "no row"
    rows[9] = ""
    rows[12] = row(12, text="long " * 2_000)
    rows[21] = row(21, url="https://news.example.org/3")
    rows[25] = row(25, url="")
    (folder / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + "\n".join(rows).encode())
    (folder / "b.json").write_text(json.dumps([json.loads(row(40)), json.loads(row(41)), 7, json.loads(row(40))]))
    (folder / "blank.jsonl").write_text("\n \n")
    (folder / "c.txt").write_text("The quay\n\nThe quay of Orsund was rebuilt in May. It took four years.")
    (folder / "d.md").write_text("# The mill\n\nThe mill by the river grinds again. Its wheel is new.")
    paragraphs = "".join(f"<p>{line}</p>" for line in sentences(60, 6))
    (folder / "e.html").write_text(f"<html><body><article><h1>The tower</h1>{paragraphs}</article></body></html>")
    (folder / "f.pdf").write_bytes(make_pdf([sentences(70, 4), sentences(71, 4)], "/Title (The ferry of Norby)"))
    (folder / "g.pdf").write_bytes(b"%PDF-1.4 nothing else")
    (folder / "h.txt").write_text("")
    (folder / "i.md").write_text("# Long\n\n" + "It is long. " * 1_000)
    (folder / "j.txt").write_bytes(b"\x00\x01\x02" * 500)
    told = " ".join(sentences(80, 9))
    entry = f"<item><link>https://feed.example.org/1</link><content:encoded>{told}</content:encoded></item>"
    spaces = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    (folder / "k.xml").write_text(f"<rss version='2.0' {spaces}><channel><title>F</title>{entry}</channel></rss>")
    return folder


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    """Batches and parts are small, so that there are many, and all go to workers."""
    monkeypatch.setattr(index.sources, "PART_BYTES", 2_000)
    monkeypatch.setattr(index.cluster, "READ_BYTES", 3_000)
    monkeypatch.setattr(index.cluster, "BATCH_CHARACTERS", 2_500)
    monkeypatch.setattr(index.cluster, "HERE_BYTES", 0)
    monkeypatch.setattr(index.cluster, "HERE_CHARACTERS", 0)


@pytest.fixture
def counted(monkeypatch):
    """The texts that are embedded outside of the pool."""
    here, embed, counted = [], HashingEmbedder.embed_passages, {"pool": PoolHere()}

    def embed_passages(self, texts):
        if not counted["pool"].is_working:
            here.extend(texts)
        return embed(self, texts)

    monkeypatch.setattr(HashingEmbedder, "embed_passages", embed_passages)
    counted["here"] = here
    return counted


def dump(folder):
    """All that a library's database holds, but for the moments at which it was written."""
    with closing(sqlite3.connect(folder / "library.db")) as connection:
        return [DAY.sub("", line) for line in connection.iterdump()]


def test_the_library_is_that_of_a_plain_sync_and_an_edit_embeds_what_it_changed(tmp_path, folder, counted, monkeypatch):
    embedder = HashingEmbedder()
    plain, far = (open_library(tmp_path / name, create=True) for name in ("plain", "far"))
    parse = index.parsing.parse_part

    def both(**options):
        """Sync both; the texts that the plain one embedded, and the pool of the other."""
        monkeypatch.setattr(index.parsing, "parse_part", parse)
        counted["here"].clear()
        ours = sync(plain, embedder, [str(folder)], limits=LIMITS, **options)
        embedded = [*counted["here"]]
        counted["here"].clear()
        monkeypatch.setattr(index.parsing, "parse_part", lambda part: pytest.fail("parsed here"))
        pool = counted["pool"] = PoolHere()
        theirs = sync(far, embedder, [str(folder)], limits=LIMITS, workers=ClusterWorkers(pool), **options)
        assert counted["here"] == []
        assert asdict(ours) == asdict(theirs)
        assert dump(plain.folder) == dump(far.folder)
        return embedded, pool, ours

    embedded, pool, report = both()
    assert (report.added, len(report.rejected)) == (33, 10)
    assert pool.batches["parse"] > 5
    assert pool.batches["embed"] > 10
    assert {name[-4:] for name in pool.parsed} == {"sonl", "json", ".txt", ".pdf", "html", "d.md"}
    assert sorted(pool.embedded) == sorted(embedded)
    assert len(set(embedded)) == len(embedded)
    # The letter came back in many articles, so that they were cleaned again.
    assert LETTER not in far.find_article("https://news.example.org/1").text

    embedded, pool, again = both()
    assert embedded == []
    assert {name.rpartition("/")[2] for name in pool.parsed} == {"blank.jsonl", "g.pdf", "j.txt"}  # tried each time
    assert (again.unchanged, len(again.rejected)) == (33, 10)

    text = (folder / "f.pdf").read_bytes()
    (folder / "f.pdf").write_bytes(text.replace(b"clerk number 71.", b"baker number 71."))
    (folder / "l.jsonl").write_text(row(90) + "\n" + row(91, title="Bridges 90", text=json.loads(row(90))["text"]))
    (folder / "d.md").unlink()
    embedded, pool, report = both(prune=True)
    assert (report.added, report.changed, report.removed) == (2, 1, 0)  # with trouble in the folder nothing is pruned
    assert {"f.pdf", "l.jsonl"} < {name.rpartition("/")[2] for name in pool.parsed}
    assert len(set(pool.parsed)) == 5
    assert sorted(pool.embedded) == sorted(embedded)
    assert len([text for text in embedded if "baker" in text]) == 1
    assert len(embedded) < 6
    plain.close()
    far.close()


def test_what_another_batch_embeds_is_awaited_not_embedded_again(tmp_path, monkeypatch):
    """The same passages stand in article after article, all on their way before the first is written."""
    monkeypatch.setattr(index.cluster, "BATCH_CHARACTERS", 1)
    file = tmp_path / "same.jsonl"
    same = "\n".join(sentences(1, 5))
    rows = [{"url": f"https://news.example.org/{n}", "title": "Same", "text": same} for n in range(12)]
    file.write_text("".join(json.dumps(one) + "\n" for one in rows))
    library, pool = open_library(tmp_path / "library", create=True), PoolHere()
    assert sync(library, HashingEmbedder(), [str(file)], workers=ClusterWorkers(pool)).added == 12
    assert len(pool.embedded) == len(set(pool.embedded)) == len(library.passages_of(rows[0]["url"]))
    vectors = library.find_vectors([p for one in rows for p in library.passages_of(one["url"])])
    assert len({vector.tobytes() for vector in vectors.values()}) == len(pool.embedded)
    library.close()


def test_for_little_nobody_is_asked(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(index.cluster, "HERE_BYTES", 30_000)
    monkeypatch.setattr(index.cluster, "HERE_CHARACTERS", 30_000)
    library, pool = open_library(tmp_path / "library", create=True), PoolHere()
    few = [str(folder / name) for name in ("b.json", "f.pdf", "g.pdf", "d.md")]
    report = sync(library, HashingEmbedder(), few, workers=ClusterWorkers(pool))
    assert (report.added, len(report.rejected), pool.batches) == (4, 3, {})
    monkeypatch.setattr(index.cluster, "HERE_BYTES", 10)
    monkeypatch.setattr(index.cluster, "HERE_CHARACTERS", 10)
    assert sync(library, HashingEmbedder(), [str(folder)], workers=ClusterWorkers(pool)).added == 31
    assert str(folder / "e.html") in pool.parsed
    assert pool.batches["embed"] > 1
    library.close()


HALF = "Half of a pair: \ud83d."
WORDS = st.text(max_size=40)


@settings(max_examples=25, deadline=None)
@given(WORDS, WORDS, st.none() | st.dates(), st.lists(WORDS, max_size=3), st.binary(max_size=60), st.integers(1, 99))
def test_what_is_sent_arrives_as_it_was(one, other, day, names, data, number):
    part = Part("rows", data, Origin(one, other, one, other, None), other, number, number)
    assert unpack_part(pack_part(part)) == part
    text = f"{one} {HALF}\n{LETTER}\n{other}"
    article = Article(one, other, text, None, one, day, tuple(names), other)
    parsed = Parsed(one, ((number, article), (0, Rejected(other, one)), (2, Rejected(one, other, 2))), number > 50)
    assert unpack_parsed(pack_parsed(parsed)) == parsed
    lines = {digest for digest, _ in countable(normalise(text)).values()}
    task = Task(article, other, frozenset(lines), ((number, one),) if number > 50 else None)
    assert unpack_task(pack_task(task)) == task
    assert unpack_task(pack_task(Task(article, other, frozenset({number})))).recurring <= lines
    prepared = prepare(task, HashingEmbedder(), (25, 1))
    assert isinstance(prepared, Prepared)
    assert unpack_prepared(pack_prepared(prepared)) == prepared
    assert unpack_prepared(pack_prepared(None)) is None


def test_a_worker_of_another_program_or_model_is_told_apart():
    assert json.loads(FarWorker().describe()) == describe_program()
    assert describe_program()["the program"] != "none"
    assert "none" not in [describe_program()[name] for name in ("trafilatura", "pypdf", "onnxruntime", "Python")]
    with pytest.raises(ModelError, match="256 dimensions on a worker, of 384"):
        FarWorker().embed([], "hashing", 384)
    assert FarWorker().embed([], "hashing", 256) == []


def test_a_part_is_parsed_without_its_file():
    pdf = Part("pdf", make_pdf([sentences(1, 4)]), Origin("a.pdf", "/a.pdf", "a"), "/a.pdf", 10_000)
    ((place, article),) = parse_part(pdf).found
    assert (place, article.id, article.origin) == (0, "/a.pdf", "/a.pdf")
    assert "Bridge 41" in article.text
