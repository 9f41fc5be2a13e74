"""Entries are the same in whatever company they are made; what was cleaned as it would be now is left alone."""

from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest

from assistant.cli import main
from index.entries import Task, make_entries
from index.hashing import HashingEmbedder
from index.records import Article
from index.recurring import countable

SHARE = "Share this story with your friends and neighbours today"
FERRY = Article(
    id="ferry",
    title="The ferry of Norby is late again",
    text=f"{SHARE}\nThe ferry of Norby left at nine, an hour late.\n\nHalf of a pair: \ud83d. Its captain is Ada Holm."
    "\n\nThe quay of Norby was built of granite in 1911, and two of its five lamps have been dark since the autumn.",
    url="https://news.example.org/ferry",
    source="Example Courier",
    published=date(2024, 3, 9),
    authors=("Ines Aker", "Tom Vale"),
)


def same(one, two):
    alike = all(getattr(one, f.name) == getattr(two, f.name) for f in fields(one) if f.name != "vectors")
    return alike and np.array_equal(one.vectors, two.vectors) and one.vectors.dtype == two.vectors.dtype


CUT = (25, 1)


def tasks():
    """One article with a line that its source shares, and one of no source and day."""
    (share,) = [digest for line, (digest, _) in countable(FERRY.text).items() if line == SHARE]
    undated = replace(FERRY, id="other", published=None, authors=(), title="")
    return [Task(FERRY, "digest", frozenset({share, 5})), Task(undated, "", frozenset())]


def nothing(texts):
    return {}


def make(given, find_embedded=nothing):
    return [entry for entries in make_entries(given, find_embedded, HashingEmbedder(), CUT) for entry in entries]


def test_an_entry_does_not_depend_on_its_company_and_known_vectors_are_taken():
    together = make(tasks())
    assert all(same(one, two) for one, two in zip(together, [make([task])[0] for task in tasks()], strict=True))
    known = {together[1].passages[-1].text: np.linspace(0, 1, HashingEmbedder.dimension, dtype=np.float32)}
    asked = []

    def find(texts):
        asked.extend(texts)
        return dict(known)

    (again,) = make(tasks()[1:], find)
    assert len(again.passages) > 1
    assert set(asked) == {passage.text for passage in again.passages}
    assert np.array_equal(again.vectors[-1], *known.values())
    assert np.array_equal(again.vectors[:-1], together[1].vectors[:-1])
    assert make([]) == []


def test_lines_come_in_an_order_that_no_process_changes():
    assert list(countable("river\nbridge\n\nquay\nbridge")) == ["bridge", "quay", "river"]


def test_what_would_be_cleaned_as_before_is_not_made_again():
    first, second = tasks()
    made = make([first, second])
    assert [line for _, line in made[0].removed if line] == [SHARE]
    assert not [line for _, line in made[1].removed if line]
    assert make(replace(task, removed=one.removed) for task, one in zip((first, second), made, strict=True)) == []
    (again,) = make([replace(first, removed=()), replace(second, removed=made[1].removed)])
    assert same(again, made[0])


@pytest.mark.parametrize("options", [["--ray", "local"]])
def test_ray_that_is_not_installed_is_told_with_the_remedy(tmp_path, capsys, monkeypatch, options):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("index.ray_pool.find_spec", lambda name: None)
    code = main(["sync", str(tmp_path), "--library", str(tmp_path / "library"), *options])
    assert code == 2
    assert "article-assistant[ray]" in capsys.readouterr().err
    assert main(["sync", "--watch", "--library", str(tmp_path / "library"), *options]) == 2
    assert "leave out --ray" in capsys.readouterr().err
    assert not (tmp_path / "library").exists()
