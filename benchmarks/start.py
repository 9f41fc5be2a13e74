"""From the start of a process to its first answer, and to its help: `python -m benchmarks.start LIBRARY QUESTION`.

Each is a process of its own, as a user starts it; the first of each is not counted (it warms the disk).
"""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks.corpora import parser, report
from benchmarks.stack import is_there

IMPORT = "import sys, assistant.cli as cli; sys.exit(cli.main(sys.argv[1:]))"
STACK = (
    "from langchain_huggingface import HuggingFaceEmbeddings; import langchain_community.vectorstores; "
    "from index.weights import packaged_model_folder; "
    "HuggingFaceEmbeddings(model_name=str(packaged_model_folder())).embed_query('warm')"
)


def main() -> None:
    """Start each in turn."""
    arguments = parser(__doc__)
    arguments.add_argument("library", type=Path)
    arguments.add_argument("question")
    arguments.add_argument("--rounds", type=int, default=5)
    chosen = arguments.parse_args()
    commands = {
        "help": [IMPORT, "--help"],
        "first answer": [IMPORT, "ask", chosen.question, "--library", str(chosen.library)],
    }
    if is_there():
        commands["stack, model loaded and one text embedded"] = [STACK]
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(chosen.rounds + 1):
        for name, command in commands.items():
            begin = time.perf_counter()
            done = subprocess.run([sys.executable, "-c", *command], check=False, capture_output=True, text=True)
            if done.returncode:
                raise SystemExit(f"{name}: exit code {done.returncode}: {done.stderr.strip()}")
            if number:
                seconds[name].append(time.perf_counter() - begin)
    report({f"{name}: median, s": median(found) for name, found in seconds.items()}, chosen)


if __name__ == "__main__":
    main()
