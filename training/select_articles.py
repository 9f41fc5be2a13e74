"""Select the articles that the scorer is fitted on: those that some question names as evidence.

    python -m training.select_articles ARTICLES.jsonl.gz QUESTIONS.jsonl --without BENCHMARK.jsonl > articles.jsonl

Articles that a benchmark holds too are left out, and very long ones, which would take most of the time to embed.
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
    chosen = parser.parse_args()
    wanted = {url for question in read_rows(chosen.questions) for url in question["evidence"]}
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
