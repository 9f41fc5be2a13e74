"""SIGKILL at named points of the write path and before random SQL statements: the library is whole, and goes on.

After each kill the library opens, verification passes, a question is answered with a quote that stands, and the next
sync ends in exactly the state of one that nobody disturbed. `make soak` runs it with many more points.
"""

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from killing import NAMED_POINTS

from assistant.ask import Assistant
from assistant.scorer import WordScorer
from assistant.settings import Settings
from index.hashing import HashingEmbedder
from index.local import open_library
from index.search import Searcher
from index.sync import sync
from index.verify import verify

PROMPT = "Our weekend edition has all the puzzles you can wish for"
ROOT = Path(__file__).resolve().parents[1]
QUERIES = {
    "articles": "SELECT id, title, text, digest, removed, origin FROM article",
    "passages": "SELECT a.id, p.start, p.end, p.vector FROM passage p JOIN article a ON a.number = p.article",
    "lines": "SELECT a.id, l.digest, l.words FROM line l JOIN article a ON a.number = l.article",
    "boilerplate": "SELECT * FROM recurring_line",
    "uncleaned": "SELECT * FROM uncleaned_article",
    "versions": "SELECT v.id, v.text, v.digest, r.kind FROM version v LEFT JOIN removal r ON r.token = v.removal",
    "earlier passages": (
        "SELECT v.id, p.start, p.end, p.vector FROM version_passage p JOIN version v ON v.number = p.version"
    ),
    "files": (
        "SELECT f.path, f.fingerprint, a.article, a.digest FROM file f JOIN file_article a ON a.file = f.number "
        "JOIN article ON article.id = a.article AND article.digest LIKE a.digest || '%'"
    ),
    "changes": "SELECT kind, article, title FROM change",
    "stories": "SELECT one.id, other.id FROM article one JOIN article other ON one.story = other.story",
}


def state(folder):
    """All that a library says, without the moments and numbers that depend on when it was said."""
    library = open_library(folder)
    found = {name: sorted(library.all(query), key=repr) for name, query in QUERIES.items()}
    library.close()
    return found


def story(n, words="trees"):
    road = [f"Road {n} has a {word} house in it, and the council wants to keep it." for word in ("red", "blue", "grey")]
    return "\n".join([f"Council number {n} voted to widen road {n * 7} although people asked for {words}.", *road])


@pytest.fixture(scope="module")
def sources():
    """A folder as it was, and as it is: one article is edited, one is gone, some are new, two of these are copies."""
    before = {f"{n}.txt": f"{story(n)}\n{PROMPT}" for n in range(4)}
    after = {f"{n}.txt": f"{story(n)}\n{PROMPT}" for n in range(1, 8)}
    after["2.txt"] = f"{story(2, 'flowers')}\n{PROMPT}"
    after["8.txt"] = after["9.txt"] = "\n".join(
        f"Ship {n} left the harbour of Orsund with ice in May." for n in range(9)
    )
    return before, after


def _fill(folder, files):
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, text in files.items():
        (folder / name).write_text(text)


def _run(top, children, base, folder):
    job = top / "job.json"
    job.write_text(json.dumps({"base": base and str(base), "sources": [str(folder)], "children": children}))
    command = [sys.executable, str(ROOT / "tests" / "killing.py"), str(job)]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True, text=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def _check(folder, source, undisturbed):
    """What is promised after a kill."""
    embedder = HashingEmbedder()
    library = open_library(folder)
    assert verify(library).problems == ()
    if library.model:
        assistant = Assistant(
            Settings(),
            library,
            embedder,
            Searcher(library, library.rankings(), embedder),
            WordScorer(library, embedder),
        )
        answer = assistant.ask("Who voted to widen road 7?")
        assert all(quote.article.text[quote.start : quote.end] == quote.text for quote in answer.quotes)
    sync(library, embedder, [str(source)], prune=True)
    assert verify(library).problems == ()
    library.close()
    found = state(folder)
    for name, rows in undisturbed.items():
        assert found[name] == rows, name


def _kill_many(tmp_path, sources, random_points, named):
    before, after = sources
    source = tmp_path / "in"
    _fill(source, before)
    base = tmp_path / "base"
    (first,) = _run(tmp_path, [[str(base), None]], None, source)
    _fill(source, after)
    (second,) = _run(tmp_path, [[str(tmp_path / "whole"), None]], base, source)
    undisturbed = state(tmp_path / "whole")
    assert [len(undisturbed[name]) for name in ("articles", "stories")] == [9, 4]
    assert {row[0] for row in undisturbed["changes"]} == {"added", "changed", "removed"}
    chance = random.Random(20240506)
    numbers = sorted(chance.sample(range(2, second["statements"]), random_points))
    children = [[str(tmp_path / f"k{n}"), n] for n in numbers]
    children += [[str(tmp_path / f"n{n}"), name] for n, name in enumerate(named)]
    for result in _run(tmp_path, children, base, source):
        assert result["signal"] == signal.SIGKILL, result
        _check(Path(result["folder"]), source, undisturbed)
    return first["statements"], source


ON_A_LIBRARY = [name for name in NAMED_POINTS if name != "before the model is recorded"]


def test_a_killed_sync_loses_nothing_and_the_next_ends_as_if_nothing_had_happened(tmp_path, sources):
    _kill_many(tmp_path, sources, 5, ON_A_LIBRARY)


def test_a_first_sync_that_is_killed_is_finished_by_the_next(tmp_path, sources):
    before, _ = sources
    source = tmp_path / "in"
    _fill(source, before)
    (whole,) = _run(tmp_path, [[str(tmp_path / "whole"), None]], None, source)
    numbers = random.Random(7).sample(range(3, whole["statements"]), 2)
    children = [[str(tmp_path / f"k{n}"), n] for n in numbers]
    children.append([str(tmp_path / "model"), "before the model is recorded"])
    for result in _run(tmp_path, children, None, source):
        assert result["signal"] == signal.SIGKILL, result
        _check(Path(result["folder"]), source, state(tmp_path / "whole"))


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_kills_at_many_more_points(tmp_path, sources, part):
    _kill_many(tmp_path, sources, 50, ON_A_LIBRARY if part == 0 else [])
