"""Adding articles from the page. The one rule: a failure is told in a line and never shown as a traceback.

An uploaded file is kept in the library's folder under its own name, because an article's identity is its path: the
same name again is the same article, edited.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.ask import Assistant
from assistant.page.templates import render
from assistant.wording import count
from index.errors import AssistantError, SourceError
from index.records import Rejected
from index.sync import SyncReport

ARRIVING = ".arriving-"


def add_files(assistant: Assistant, uploads: Path, paths: Sequence[str]) -> str:
    """Keep uploaded files and take them in; what came of it as HTML."""

    def add() -> SyncReport:
        kept, rejected = [], []
        for path in paths:
            try:
                kept.append(str(keep_upload(Path(path), uploads)))
            except SourceError as error:
                rejected.append(Rejected(Path(path).name, str(error)))
        report = assistant.add(kept) if kept else SyncReport()
        named = [replace(item, name=Path(item.name).name) for item in report.rejected]
        return replace(report, rejected=[*rejected, *named])

    return _report(add) if paths else ""


def add_address(assistant: Assistant, address: str) -> str:
    """Take in a page or a feed; what came of it as HTML. Anything but an http(s) address is not looked at."""
    address = address.strip()
    if not address.lower().startswith(("http://", "https://")):
        return describe_trouble("Give a web address that begins with http:// or https://.")
    return _report(lambda: assistant.add([address]))


def add_pasted(assistant: Assistant, title: str, text: str) -> str:
    """Take in pasted text; what came of it as HTML."""
    if not text.strip():
        return describe_trouble("Paste the text of the article.")
    return _report(lambda: assistant.add_text(title.strip(), text))


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


def describe_outcome(report: SyncReport) -> str:
    """What was added, and each source that could not be, with its reason, as HTML."""
    told = {"added": report.added, "updated": report.changed, "already there": report.unchanged}
    lines = [f"{count(number, 'article')} {word}" for word, number in told.items() if number]
    return render("outcome.html", lines=lines, rejected=report.rejected, notices=report.notices)


def describe_trouble(text: str) -> str:
    """A notice that nothing was added, as HTML."""
    return render("outcome.html", lines=[], rejected=[], notices=[text])


def _report(add: Callable[[], SyncReport]) -> str:
    try:
        return describe_outcome(add())
    except AssistantError as error:
        return describe_trouble(str(error))
