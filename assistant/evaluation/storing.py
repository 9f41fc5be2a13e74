"""Runs kept in the library's folder, `runs/NAME.jsonl`: a line that tells the run, then a line a question.

The one rule: a run is written beside its place and renamed, so that a kept run is whole; none is replaced unasked.
"""

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.evaluation.measures import take_figures
from assistant.evaluation.records import Found, Order, Quoted, Result, Run
from assistant.questions import TestQuestion
from index.errors import QuestionError

FOLDER = "runs"
FORMAT = 1
_NAME = re.compile(r"\w[\w.-]{0,63}")


class RunStore:
    """The runs of a library."""

    def __init__(self, library: Path) -> None:
        """Keep runs in the library's folder."""
        self.folder = library / FOLDER

    def names(self) -> list[str]:
        """The names of the kept runs, the oldest first."""
        files = sorted(self.folder.glob("*.jsonl"), key=lambda file: (file.stat().st_mtime_ns, file.name))
        return [file.stem for file in files]

    def check_name(self, name: str, *, replace: bool = False) -> None:
        """Make sure that a run can be kept under that name, before it takes minutes to make.

        Raises:
            QuestionError: if it is no file name, or taken.
        """
        if not _NAME.fullmatch(name):
            raise QuestionError(
                f"{name!r} cannot name a run: use up to 64 letters, digits, dots, hyphens and underscores"
            )
        if not replace and self._path(name).exists():
            raise QuestionError(
                f"there is a run {name!r} already, in {self.folder}: choose another name, or say --replace"
            )

    def save(self, run: Run, *, replace: bool = False) -> Path:
        """Keep a run under its name.

        Raises:
            QuestionError: if the name cannot be used, or the file cannot be written.
        """
        self.check_name(run.name, replace=replace)
        path = self._path(run.name)
        beside = path.with_suffix(f".{os.getpid()}.new")
        try:
            self.folder.mkdir(exist_ok=True)
            with beside.open("w", encoding="utf-8") as file:
                for line in write_run(run):
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise QuestionError(f"the run {run.name!r} cannot be kept in {self.folder} ({error})") from error
        return path

    def load(self, name: str) -> Run:
        """The run of that name.

        Raises:
            QuestionError: if there is none, or it is damaged.
        """
        path = self._find(name)
        try:
            return read_run([json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line])
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            raise _damaged(path, error) from error

    def read_header(self, name: str) -> dict[str, Any]:
        """What the first line of a run tells, its `figures` among it, without reading its questions.

        Raises:
            QuestionError: if there is no such run, or its first line is damaged.
        """
        path = self._find(name)
        try:
            with path.open(encoding="utf-8") as file:
                header = json.loads(file.readline())
            return {key: header[key] for key in ("name", "made", "questions", "figures")}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _damaged(path, error) from error

    def remove(self, name: str) -> None:
        """Forget a run.

        Raises:
            QuestionError: if there is none.
        """
        self._find(name).unlink(missing_ok=True)

    def _find(self, name: str) -> Path:
        path = self._path(name)
        if not _NAME.fullmatch(name) or not path.exists():
            kept = ", ".join(self.names()) or "none yet; `evaluate --name NAME` keeps one"
            raise QuestionError(f"there is no run {name!r} in {self.folder}; kept are: {kept}")
        return path

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.jsonl"


def _damaged(path: Path, error: Exception) -> QuestionError:
    return QuestionError(
        f"the run {path} cannot be read ({type(error).__name__}: {error}): remove the file and run it again"
    )


def write_run(run: Run) -> list[dict[str, Any]]:
    """A run as JSON objects, the first of which has the figures, too, for those who read the file themselves.

    A passage is `[article, start, end, holds an answer, copies, text]`, an article its place in the list of articles.
    """
    titles = {found.article: found.title for result in run.results for found in result.found}
    copies = [copy for result in run.results for found in result.found for copy in found.copies]
    articles = list(dict.fromkeys((*titles, *copies)))
    places = {article: place for place, article in enumerate(articles)}
    header = {
        "format": FORMAT,
        "name": run.name,
        "made": run.made,
        "questions": list(run.questions),
        "order": str(run.order),
        "threshold": run.threshold,
        "library": dict(run.library),
        "settings": dict(run.settings),
        "notices": list(run.notices),
        "figures": take_figures(run).values,
        "articles": [[article, titles.get(article, "")] for article in articles],
    }
    return [header, *(_write_result(result, places) for result in run.results)]


def read_run(lines: Sequence[Mapping[str, Any]]) -> Run:
    """The run that `write_run` wrote; raises ValueError, KeyError, TypeError or IndexError where it did not."""
    header, *results = lines
    if header["format"] != FORMAT:
        raise ValueError(f"it has format {header['format']}, this program reads format {FORMAT}")
    return Run(
        header["name"],
        header["made"],
        tuple(header["questions"]),
        header["library"],
        header["settings"],
        tuple(_read_result(result, header["articles"]) for result in results),
        Order(header["order"]),
        header["threshold"],
        tuple(header["notices"]),
    )


def _write_result(result: Result, places: Mapping[str, int]) -> dict[str, Any]:
    return {
        **asdict(result.question),
        "refused": result.refused,
        "confidence": result.confidence,
        "failure": result.failure,
        "quotes": [asdict(quote) for quote in result.quotes],
        "evidence_found": dict(result.evidence),
        "evidence_missing": list(result.missing),
        "evidence_passages": result.evidence_passages,
        "seconds": {stage: round(seconds, 5) for stage, seconds in result.seconds.items()},
        "reading": list(result.reading),
        "passages": [_write_found(found, places) for found in result.found],
    }


def _write_found(found: Found, places: Mapping[str, int]) -> list[Any]:
    """Copies and text are left out where there are none, as for most."""
    row: list[Any] = [places[found.article], found.start, found.end, int(found.holds)]
    if found.copies or found.text:
        row.append([places[copy] for copy in found.copies])
    if found.text:
        row.append(found.text)
    return row


def _read_result(row: Mapping[str, Any], articles: Sequence[Sequence[str]]) -> Result:
    return Result(
        TestQuestion(
            row["id"],
            row["question"],
            tuple(row["answers"]),
            tuple(row["evidence"]),
            tuple(row["grades"]),
            row["answers_known"],
        ),
        tuple(_read_found(found, articles) for found in row["passages"]),
        tuple(row["reading"]),
        tuple(Quoted(**quote) for quote in row["quotes"]),
        row["refused"],
        row["confidence"],
        row["evidence_found"],
        tuple(row["evidence_missing"]),
        row["evidence_passages"],
        row["seconds"],
        row["failure"],
    )


def _read_found(row: Sequence[Any], articles: Sequence[Sequence[str]]) -> Found:
    place, start, end, holds, *more = row
    article, title = articles[place]
    copies = tuple(articles[copy][0] for copy in more[0]) if more else ()
    return Found(article, start, end, bool(holds), copies, title, more[-1] if more[1:] else "")
