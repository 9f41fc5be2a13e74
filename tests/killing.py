"""Run as a process of its own: syncs in children that are killed with SIGKILL at chosen points.

`python killing.py JOB.json`: the job names the library to begin with, the sources, and where each child works and dies:
before the n-th SQL statement, or at a named point of the write path. Prints which signal ended each child, and how many
SQL statements a sync takes that nobody kills.
"""

import json
import os
import shutil
import signal
import sys
from pathlib import Path

import index.dense
import index.dense_kinds
import index.putting_away
import index.settling
import index.sync
import index.writer
from index.hashing import HashingEmbedder
from index.local import open_library

NAMED_POINTS = {
    "before the model is recorded": (index.writer, "set_model", 1, "before"),
    "before an article is written": (index.writer, "write_entry", 2, "before"),
    "after an article was written": (index.writer, "write_entry", 3, "after"),
    "while an earlier version is kept": (index.writer, "keep_version", 1, "after"),
    "while an article is taken out": (index.writer, "remove_current", 1, "after"),
    "while a story is joined": (index.writer, "join_story", 3, "after"),
    "before pruning": (index.putting_away, "put_away", 1, "before"),
    "after pruning": (index.putting_away, "put_away", 1, "after"),
    "before boilerplate is decided": (index.settling, "resettle", 1, "before"),
    "before the view is saved": (index.dense.DenseView, "save", 1, "before"),
    "after the view was written, before it is named": (os, "fsync", 1, "after"),
    "after the view was saved": (index.dense.DenseView, "save", 1, "after"),
}
"""Where: the owner and name of a function, at which call, before or after it."""


def _die():
    os.kill(os.getpid(), signal.SIGKILL)


def _kill_at_point(owner, name, call, when):
    original = getattr(owner, name)
    calls = 0

    def watched(*arguments, **options):
        nonlocal calls
        calls += 1
        if calls == call and when == "before":
            _die()
        result = original(*arguments, **options)
        if calls == call and when == "after":
            _die()
        return result

    setattr(owner, name, watched)


def _count_statements(library, dies_at):
    """Count the SQL statements of a library's connection, and die before one of them; a list that holds the count."""
    count = [0]

    def note(_statement):
        count[0] += 1
        if count[0] == dies_at:
            _die()

    library.connection.set_trace_callback(note)
    return count


def work(base, folder, sources, point):
    """Sync in `folder`, which begins as a copy of `base`; the number of SQL statements, if nobody dies."""
    if base:
        shutil.copytree(base, folder)
    if isinstance(point, str):
        _kill_at_point(*NAMED_POINTS[point])
    # So that there is a view's file to be killed at.
    index.dense_kinds.EXACT_UP_TO, index.dense_kinds.CODE_BITS = 4, 1
    library = open_library(Path(folder), create=True)
    count = _count_statements(library, point if isinstance(point, int) else 0)
    index.sync.sync(library, HashingEmbedder(), sources, prune=True)
    library.close()
    return count[0]


def main():
    job = json.loads(Path(sys.argv[1]).read_text())
    for folder, point in job["children"]:
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            done = work(job["base"], folder, job["sources"], point)
            os.write(write, str(done).encode())
            os._exit(0)
        os.close(write)
        statements = os.read(read, 100).decode()
        os.close(read)
        _, status = os.waitpid(child, 0)
        died = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        print(json.dumps({"folder": folder, "point": point, "signal": died, "statements": int(statements or 0)}))


if __name__ == "__main__":
    main()
