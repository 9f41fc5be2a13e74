"""The same questions asked of a folder and of a server: `python -m benchmarks.agreement LIBRARY QUESTIONS...`.

The library is migrated to the server, or was before; each question is searched and read in both, in turns. Without
`--server` a `milvus-lite` is started for it. Questions that are answered otherwise are printed with both answers.
"""

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answer import Answer
from assistant.ask import Assistant
from assistant.readers import open_reader
from assistant.settings import Settings
from benchmarks.corpora import parser, report
from benchmarks.scale import serving
from index.address import read_address
from index.embedder import Embedder
from index.embedders import open_embedder
from index.local import LocalLibrary, open_library
from index.moving import move
from index.opening import open_index
from index.records import Hit
from index.search import Searcher
from index.store import Index

WANTED, HIT_AT = 10, 5
TOLD_EVERY = 25
PLACES = ("folder", "server")
Row = dict[str, Any]


def main() -> None:
    """Migrate, ask, and tell how well both agree and what each finds."""
    arguments = parser(__doc__)
    arguments.add_argument("library", type=Path)
    arguments.add_argument("questions", type=Path, nargs="+", help="JSON Lines with `question`, and `evidence` URLs")
    arguments.add_argument("--server", help="milvus://HOST:19530/NAME: an unused name, or the library's copy")
    arguments.add_argument("--first", type=int, help="so many questions a file")
    arguments.add_argument("--skip", type=int, default=0, help="after so many of each")
    arguments.add_argument("--part", action="store_true", help="only the questions' articles, and as many others")
    arguments.add_argument("--without-reader", action="store_true", help="compare the searches alone")
    chosen = arguments.parse_args()
    rows = [row for file in chosen.questions for row in _read_rows(file)[chosen.skip :][: chosen.first]]
    embedder = open_embedder()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), chosen.server) as address:
        remote = open_index(Path(folder) / "state", read_address(address), create=True, unfinished=True)
        local = open_library(chosen.library)
        if chosen.part:
            local = _part_of(local, rows, Path(folder) / "part")
        figures = {"questions": len(rows)} | _migrate(local, remote) | _compare_searches(rows, embedder, local, remote)
        if not chosen.without_reader:
            print(json.dumps(figures), file=sys.stderr, flush=True)
            figures |= _compare_answers(rows, Settings(library=chosen.library), embedder, local, remote)
        report(figures, chosen)


def _read_rows(file: Path) -> list[Row]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _part_of(whole: LocalLibrary, rows: Sequence[Row], folder: Path) -> LocalLibrary:
    """A library of the articles that the questions are about, and as many others."""
    wanted = {name for row in rows for url in row.get("evidence", ()) if (name := whole.find_id(url))}
    others = [one.id for one in whole.list_articles() if one.id not in wanted]
    chosen = wanted | set(others[: len(wanted)])
    part = open_library(folder, create=True)
    if whole.model is not None:
        part.set_model(*whole.model)
    part.write_all([entry for entry in whole.iterate_entries() if entry.article.id in chosen])
    part.tidy()
    return part


def _migrate(local: LocalLibrary, remote: Index) -> dict[str, Any]:
    """Copy the library, where it is not there yet."""
    held = local.summarise()
    figures: dict[str, Any] = {"articles": held.articles, "passages": held.passages}
    if remote.summarise() == held and not remote.unfinished_from():
        return figures
    begin = time.perf_counter()
    moved = move(local, remote, lambda *_: None)
    figures["migrated, s"] = time.perf_counter() - begin
    return figures | {"the same nearest, of a sample": moved.nearest_agree, "the same words": moved.words_agree}


def _compare_searches(rows: Sequence[Row], embedder: Embedder, local: Index, remote: Index) -> dict[str, float]:
    searchers = [Searcher(index, index.rankings(), embedder) for index in (local, remote)]
    found: dict[str, list[bool]] = {place: [] for place in PLACES}
    seconds: dict[str, list[float]] = {place: [] for place in PLACES}
    same: list[float] = []
    first = 0
    for row in rows:
        wanted = {local.find_id(name) for name in row.get("evidence", ())}
        told: list[list[tuple[str, int]]] = []
        for place, searcher in zip(PLACES, searchers, strict=True):
            start = time.perf_counter()
            hits = searcher.search(row["question"], WANTED)
            seconds[place].append(time.perf_counter() - start)
            told.append([(hit.article.id, hit.start) for hit in hits])
            if wanted:
                found[place].append(_holds(hits[:HIT_AT], wanted))
        first += told[0][:1] == told[1][:1]
        same.append(len({*told[0]} & {*told[1]}) / max(len(told[0]), 1))
    figures = {"the same ten": float(np.mean(same)), "the same first": first / len(rows)}
    for place in PLACES:
        if found[place]:
            figures[f"{place}: hit@{HIT_AT} of {len(found[place])}"] = float(np.mean(found[place]))
        figures[f"{place}: search, median, ms"] = 1000 * float(np.median(seconds[place]))
    return figures


def _compare_answers(
    rows: Sequence[Row], settings: Settings, embedder: Embedder, local: Index, remote: Index
) -> dict[str, float]:
    """How often both give the same answer: both refuse, or the first quote is the same sentence."""
    assistants = []
    for index in (local, remote):
        reader, _ = open_reader(settings.reader, index, embedder)
        assistants.append(Assistant(settings, index, embedder, Searcher(index, index.rankings(), embedder), reader))
    agreed, refused = 0, 0
    for asked, row in enumerate(rows, 1):
        one, other = (assistant.ask(row["question"]) for assistant in assistants)
        first = [_first(told) for told in (one, other)]
        refused += one.refused == other.refused
        agreed += first[0] == first[1]
        if first[0] != first[1]:
            print(json.dumps({"question": row["question"], **dict(zip(PLACES, first, strict=True))}), flush=True)
        if asked % TOLD_EVERY == 0:
            print(f"{agreed} of {asked} alike", file=sys.stderr, flush=True)
    return {"the same answer": agreed / len(rows), "the same refusal": refused / len(rows)}


def _first(told: Answer) -> str | None:
    return None if told.refused else told.quotes[0].text


def _holds(hits: Sequence[Hit], wanted: set[str | None]) -> bool:
    return any(name in wanted for hit in hits for name in (hit.article.id, *hit.copies))


if __name__ == "__main__":
    main()
