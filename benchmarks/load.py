"""Many askers beside a writer: `python -m benchmarks.load LIBRARY ARTICLES.jsonl[.gz] QUESTIONS.jsonl`.

The askers ask one question after another, without a pause, while articles are synced into a copy of the library one by
one. Tells errors, the median, the 95th percentile, and how memory grows from the first to the last quarter of the time.
"""

import json
import shutil
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from assistant.ask import Assistant, open_assistant
from assistant.settings import Settings
from benchmarks.corpora import parser, read_articles, report, write_articles

STATM, PAGE = Path("/proc/self/statm"), 4096


class Load:
    """What happened so far; the threads add to it until `ends`."""

    def __init__(self, assistant: Assistant, ends: float) -> None:
        self.assistant = assistant
        self.ends = ends
        self.seconds: list[float] = []
        self.errors: list[str] = []
        self.synced = 0

    def ask(self, questions: list[str]) -> None:
        """Ask until the time is over."""
        for number in range(10**9):
            begin = time.monotonic()
            if begin > self.ends:
                break
            try:
                self.assistant.ask(questions[number % len(questions)])
            except Exception as error:  # counted, named, and told in the report
                self.errors.append(repr(error))
            self.seconds.append(time.monotonic() - begin)

    def write(self, files: list[Path]) -> None:
        """Sync one file after another until the time is over."""
        for file in files:
            if time.monotonic() > self.ends:
                break
            try:
                self.synced += self.assistant.add([str(file)]).added
            except Exception as error:  # counted, named, and told in the report
                self.errors.append(repr(error))


def main() -> None:
    """Ask and write at once."""
    arguments = parser(__doc__)
    for name in ("library", "articles", "questions"):
        arguments.add_argument(name, type=Path)
    arguments.add_argument("--askers", type=int, default=50)
    arguments.add_argument("--seconds", type=float, default=120)
    chosen = arguments.parse_args()
    questions = [json.loads(line)["question"] for line in chosen.questions.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(chosen.library, folder / "library")
        files = []
        for number, row in enumerate(read_articles(chosen.articles, 500)):
            files.append(folder / f"{number}.jsonl")
            write_articles([row], files[-1])
        assistant = open_assistant(Settings(library=folder / "library"))
        assistant.ask(questions[0])
        load = Load(assistant, time.monotonic() + chosen.seconds)
        threads = [threading.Thread(target=load.ask, args=(_turned(questions, n),)) for n in range(chosen.askers)]
        threads.append(threading.Thread(target=load.write, args=(files,)))
        for thread in threads:
            thread.start()
        memory = []
        while any(thread.is_alive() for thread in threads):
            memory.append(int(STATM.read_text().split()[1]) * PAGE / (1 << 20))
            time.sleep(1)
    quarter = max(len(memory) // 4, 1)
    report(
        {
            "askers": chosen.askers,
            "answers": len(load.seconds),
            "errors": len(load.errors),
            "first error": load.errors[0] if load.errors else "none",
            "articles synced meanwhile": load.synced,
            "median, s": float(np.median(load.seconds)),
            "p95, s": float(np.percentile(load.seconds, 95)),
            "memory in the second quarter, MB": float(np.mean(memory[quarter : 2 * quarter])),
            "memory in the last quarter, MB": float(np.mean(memory[-quarter:])),
        },
        chosen,
    )


def _turned(questions: list[str], number: int) -> list[str]:
    """The same questions, begun elsewhere."""
    begin = (7 * number) % len(questions)
    return questions[begin:] + questions[:begin]


if __name__ == "__main__":
    main()
