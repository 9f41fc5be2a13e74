"""Select the articles that readers are fitted on: those that some question names as evidence.

    python -m training.select_articles ARTICLES.jsonl.gz QUESTIONS.jsonl --without BENCHMARK.jsonl > articles.jsonl

`--only` takes the questions whose ids a file lists, and `--every N` adds each N-th of the articles that a search engine
found for them, which are about the same matters: enough for `training.calibrate`, in a third of the time. Articles that
a benchmark holds too are left out, and very long ones, which would take most of the time to embed.
"""

import argparse
import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LONGEST = 8000
"""Characters."""


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--without", metavar="ARTICLES.jsonl", type=Path, action="append", default=[])
    parser.add_argument("--only", metavar="FILE", type=Path, help="take only the questions whose ids are listed here")
    parser.add_argument("--every", metavar="N", type=int, help="add every N-th article that was found for them")
    chosen = parser.parse_args()
    questions = list(read_rows(chosen.questions))
    if chosen.only:
        ids = set(chosen.only.read_text(encoding="utf-8").split())
        questions = [question for question in questions if question["id"] in ids]
    wanted = {url for question in questions for url in question["evidence"]}
    if chosen.every:
        wanted.update(sorted({url for question in questions for url in question["searched"]})[:: chosen.every])
    unwanted = {article["url"] for path in chosen.without for article in read_rows(path)}
    for article in read_rows(chosen.articles):
        if article["url"] in wanted - unwanted and len(article["text"]) < LONGEST:
            sys.stdout.write(json.dumps(article, ensure_ascii=False) + "\n")


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSON Lines file, gzipped or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as stream:
        yield from map(json.loads, stream)


if __name__ == "__main__":
    main()
