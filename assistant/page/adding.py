"""Adding articles from the page, with what became of each file. The one rule: a failure is told, never a traceback.

An uploaded file is kept in the library's folder under its own name, because an article's identity is its path: the
same name again is the same article, edited.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.ask import Assistant
from assistant.page.telling import follow
from assistant.page.templates import render
from assistant.wording import count
from index.errors import AssistantError, SourceError
from index.records import Rejected
from index.reports import Progress, SyncReport
from index.store import Index

ARRIVING = ".arriving-"
STAGES = {"reading": "Reading", "indexing": "Taking in"}


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of a file: `kind` is added, updated, unchanged or failed."""

    name: str
    kind: str
    told: str


def add_files(assistant: Assistant, uploads: Path, paths: Sequence[str]) -> Iterator[str]:
    """Keep uploaded files and take them in; how it goes, and last what came of each, as HTML."""
    kept: dict[str, str] = {}
    failed: list[FileOutcome] = []
    for path in paths:
        try:
            kept[str(keep_upload(Path(path), uploads))] = Path(path).name
        except SourceError as error:
            failed.append(FileOutcome(Path(path).name, "failed", str(error)))
    if not kept:
        yield render_outcome(SyncReport(), failed) if failed else ""
        return
    before = {path: _versions(assistant.library, path) for path in kept}

    def finish(report: SyncReport) -> str:
        told = {item.name: item for item in reversed(report.rejected)}
        outcomes = [
            _judge(name, before[path], _versions(assistant.library, path), told.get(path))
            for path, name in kept.items()
        ]
        named = [replace(item, name=kept.get(item.name, Path(item.name).name)) for item in report.rejected]
        return render_outcome(replace(report, rejected=named), [*failed, *outcomes])

    yield from _telling(lambda progress: assistant.add(list(kept), progress=progress), finish)


def add_address(assistant: Assistant, address: str, *, remember: bool = False) -> Iterator[str]:
    """Take in a page or a feed, and remember it if wished; how it goes and what came of it as HTML.

    Anything but an http(s) address is not looked at.
    """
    address = address.strip()
    if not address.lower().startswith(("http://", "https://")):
        yield describe_trouble("Give a web address that begins with http:// or https://.")
        return

    def add(progress: Progress) -> SyncReport:
        report = assistant.add([address], progress=progress)
        if remember and not any(item.row is None and item.name == address for item in report.rejected):
            assistant.remember([address])
        return report

    yield from _telling(add, render_outcome)


def add_pasted(assistant: Assistant, title: str, text: str) -> Iterator[str]:
    """Take in pasted text; what came of it as HTML."""
    if not text.strip():
        yield describe_trouble("Paste the text of the article.")
        return
    yield from _telling(lambda _: assistant.add_text(title.strip(), text), render_outcome)


def add_samples(assistant: Assistant) -> Iterator[str]:
    """Take in the sample articles that come with the program."""
    from samples import samples_folder

    yield from _telling(lambda progress: assistant.add([samples_folder()], progress=progress), render_outcome)


def sync_sources(assistant: Assistant) -> Iterator[str]:
    """Ask the remembered sources for what is new."""
    yield from _telling(lambda progress: assistant.sync_all(progress=progress), render_outcome)


def keep_upload(path: Path, uploads: Path) -> Path:
    """Copy an uploaded file into `uploads` under its own name; an earlier one of that name is replaced whole.

    Raises:
        SourceError: if the name cannot be used, or the file not be written.
    """
    name = to_safe_name(path.name)
    arriving, kept = uploads / f"{ARRIVING}{name}", uploads / name
    try:
        uploads.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, arriving)
        arriving.replace(kept)
    except OSError as error:
        raise SourceError(f"it could not be kept in {uploads} ({error.strerror}): free space, or rename it") from error
    return kept.resolve()


def to_safe_name(name: str) -> str:
    """A file name without folders, control characters and leading dots.

    Raises:
        SourceError: if nothing is left of it.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    safe = "".join(letter for letter in last if letter.isprintable()).strip().lstrip(".")
    if not safe:
        raise SourceError(f"{name!r} is no name for a file: rename it")
    return safe


def render_outcome(report: SyncReport, files: Sequence[FileOutcome] = ()) -> str:
    """What was added, what became of each file, and each source that could not be read, with its reason, as HTML."""
    told = {"added": report.added, "updated": report.changed, "already there": report.unchanged}
    lines = [f"{count(number, 'article')} {word}" for word, number in told.items() if number]
    named = {one.name for one in files}
    rejected = [item for item in report.rejected if item.row is not None or item.name not in named]
    order = ("failed", "updated", "added", "unchanged")
    ordered = sorted(files, key=lambda one: order.index(one.kind))
    return render("outcome.html", lines=lines, files=ordered, rejected=rejected, notices=report.notices)


def describe_trouble(text: str) -> str:
    """A notice that nothing was added, as HTML."""
    return render("outcome.html", lines=[], files=[], rejected=[], notices=[text])


def _versions(library: Index, path: str) -> dict[str, str | None]:
    """The articles that came from a file, each with what tells its version."""
    return {article: library.find_digest(article) for article in library.ids_from(path)}


def _judge(
    name: str, before: dict[str, str | None], after: dict[str, str | None], rejected: Rejected | None
) -> FileOutcome:
    added = sum(article not in before for article in after)
    changed = sum(article in before and before[article] != digest for article, digest in after.items())
    several = len(after) > 1
    parts = [
        f"{count(added, 'article')} added" if several else "added" if added else "",
        f"{count(changed, 'article')} updated" if several else "updated" if changed else "",
    ]
    if added or changed:
        wanted = [part for part, number in zip(parts, (added, changed), strict=True) if number]
        return FileOutcome(name, "added" if added else "updated", ", ".join(wanted))
    if rejected:
        return FileOutcome(name, "failed", rejected.reason)
    return FileOutcome(name, "unchanged", "already there")


def _telling(work: Callable[[Progress], SyncReport], finish: Callable[[SyncReport], str]) -> Iterator[str]:
    """Do the work, and tell how far it is; the last text tells what came of it."""
    try:
        report = yield from follow(work, "Reading", STAGES)
    except AssistantError as error:
        yield describe_trouble(str(error))
        return
    yield finish(report)
