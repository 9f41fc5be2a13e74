"""What the speed benchmarks measure is there: made libraries are whole, and what is counted adds up."""

import json
import sys

import numpy as np
import pytest

import benchmarks.sync
from benchmarks import disk, embedding, plot, stack, start
from benchmarks.corpora import PASSAGES_AN_ARTICLE, Source, fill, read_articles, write_articles
from index.dense import open_view
from index.hashing import HashingEmbedder
from index.local import open_library


@pytest.fixture
def made(put, library, article, tmp_path):
    """A library of 50 passages made of a real one, with what was drawn for it."""
    put(*(article(f"n{n}", f"Road number {n} was widened in spring. It cost {n} million euros.") for n in range(9)))
    copy = open_library(tmp_path / "made", create=True)
    drawn = list(fill(copy, Source(library), 50))
    yield copy, drawn
    copy.close()


def test_a_made_library_is_searched_like_a_real_one(made):
    library, drawn = made
    assert [len(texts) for texts, _ in drawn] == [PASSAGES_AN_ARTICLE, PASSAGES_AN_ARTICLE, 10]
    vectors = np.concatenate([rows for _, rows in drawn])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    ids = library.ids_since(0)
    assert np.array_equal(np.stack(list(library.find_vectors(ids).values())), vectors)
    assert open_view(library).search(vectors[17], 1)[0][0] == ids[17]
    assert [text for _, _, text in library.iterate_passages()] == [text for texts, _ in drawn for text in texts]
    assert len(library.match_text('"widened"', 100)) > 10


def test_disk_counts_every_file_beside_the_text(made, tmp_path, monkeypatch):
    library, _ = made
    figures = tmp_path / "figures.json"
    monkeypatch.setattr(sys, "argv", ["disk", str(library.folder), "--json", str(figures)])
    disk.main()
    found = json.loads(figures.read_text())
    text = sum(len(article.text.encode()) for article in library.iterate_articles())
    assert found["articles"] == 3
    assert found["text, MB"] == pytest.approx(text / 2**20)
    assert found["vectors, MB"] == pytest.approx(50 * 256 / 2**20)
    assert 0 < found["text as it is stored, MB"] < found["text, MB"]
    assert found["whole, times the text"] > 1


def test_articles_are_read_from_where_it_is_asked(tmp_path):
    rows = [{"title": f"n{n}", "text": "x\u2028y"} for n in range(5)]
    write_articles(rows, tmp_path / "rows.jsonl")
    assert read_articles(tmp_path / "rows.jsonl", 2, begin=2) == rows[2:4]


def test_where_the_stack_is_not_installed_it_is_told_and_ours_is_measured(monkeypatch, capsys, tmp_path):
    rows = [{"title": f"n{n}", "text": f"Road number {n} was widened. It cost {n} million euros."} for n in range(4)]
    write_articles(rows, tmp_path / "rows.jsonl")
    monkeypatch.setattr(stack, "find_spec", lambda name: None if name == "langchain_huggingface" else object())
    for module in (embedding, benchmarks.sync):
        monkeypatch.setattr(module, "open_embedder", HashingEmbedder)
    options = ["rows.jsonl", "--rounds", "2", "--json", "figures.json"]
    for module, size in ((embedding, "--passages"), (benchmarks.sync, "--together")):
        monkeypatch.setattr(sys, "argv", ["name", *options, size, "2"])
        module.main()
        assert "langchain_huggingface is not installed" in capsys.readouterr().err
        figures = json.loads((tmp_path / "figures.json").read_text())
        assert not any("stack" in name or "ratio" in name for name in figures)
        assert max(value for name, value in figures.items() if "ours" in name) > 0


def test_what_fails_to_start_is_told_in_a_line(monkeypatch, tmp_path):
    monkeypatch.setattr(start, "is_there", lambda: False)
    monkeypatch.setattr(sys, "argv", ["start", str(tmp_path / "nowhere"), "Which bridge opened?", "--rounds", "1"])
    with pytest.raises(SystemExit, match=r"first answer: exit code 2: .*there is no library in"):
        start.main()


def test_what_was_measured_on_both_sides_is_drawn(tmp_path, monkeypatch):
    search = {"passages": 1000, "kind": "exact", "ours, all: median, ms": 20.0, "stack, dense: median, ms": 50.0}
    rates = {"passages a second, stack (median)": 10.0, "ratio, median of the rounds": 3.5}
    assert plot.ratios_in(search) == [("search, median, 1,000 passages", 2.5)]
    for name, figures in (("a", search), ("b", rates), ("c", {"articles": 3})):
        (tmp_path / f"{name}.json").write_text(json.dumps(figures))
    monkeypatch.setattr(sys, "argv", ["plot", ".", "a.json", "b.json", "c.json"])
    drawn = []
    monkeypatch.setattr(plot, "draw", lambda rows, file: drawn.append((rows, file.name)))
    plot.main()
    assert drawn == [([("search, median, 1,000 passages", 2.5), ("embedding", 3.5)], "performance.svg")]
    monkeypatch.setattr(sys, "argv", ["plot", ".", "c.json"])
    with pytest.raises(SystemExit, match="measure beside the stack first"):
        plot.main()
