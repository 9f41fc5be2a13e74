"""Nothing that a user does without naming a URL reaches another host, nor looks one up."""

import json
import os
import subprocess
import sys
from pathlib import Path

GUARD = """
import json, sys
reached = []
def watch(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][0] not in ("127.0.0.1", "::1"):
        reached.append(str(arguments[1]))
    if event == "socket.getaddrinfo" and arguments[0] not in ("127.0.0.1", "::1", "localhost", None, "0.0.0.0"):
        reached.append(str(arguments[0]))
sys.addaudithook(watch)
from assistant.cli import main
codes = [main(command) for command in json.loads(sys.argv[1])]
print("CODES", json.dumps(codes), "REACHED", json.dumps(reached), file=sys.stderr)
"""


def test_the_command_line_stays_on_the_machine_with_the_default_model(tmp_path):
    (tmp_path / "bridge.txt").write_text(
        "The new bridge over the river Tamsel opened on Monday, and hundreds of people walked across it before noon."
    )
    library = ["--library", str(tmp_path / "library")]
    commands = [["sync", str(tmp_path / "bridge.txt"), *library], ["ask", "Which bridge opened?", "--json", *library]]
    root = Path(__file__).resolve().parents[1]
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    # No variable of a test run or of CI silences what a user's packages would report.
    bare = {"PATH": os.environ["PATH"], "HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", GUARD, json.dumps(commands)],
        capture_output=True,
        text=True,
        cwd=root,
        check=False,
        env=bare,
    )
    assert done.stderr.strip().splitlines()[-1] == "CODES [0, 0] REACHED []"
    assert "The new bridge over the river Tamsel opened on Monday" in done.stdout
    # What a package would send from outside of Python it first writes down, with a number for this machine.
    assert list(home.rglob("*")) == []
    assert "it/s" not in done.stderr  # no progress bar in a pipe, neither ours nor a library's
