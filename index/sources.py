"""The way in: a file, a folder, a URL or a feed becomes articles, and what cannot be read is told.

One source never stops another: whatever is wrong is yielded as `Rejected`, never raised.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from index.errors import SourceError
from index.fetch import Limits
from index.files import Files, fingerprint_of
from index.formats.decode import tidy
from index.formats.kinds import kind_of_file, known_suffixes
from index.formats.origin import Facts, Origin, make_article
from index.formats.rows import cut_rows
from index.formats.wrapped import join_wrapped
from index.parsing import (
    PART_BYTES,
    UNREADABLE,
    FileEnd,
    Found,
    Opened,
    Parsed,
    Part,
    parse_here,
    put_together,
    reason_of,
)
from index.records import Article, Rejected, Unchanged
from index.remote import Remote
from index.visits import Visits
from index.web import Web

__all__ = ["Found", "Limits", "article_from_text", "open_source", "read_source", "walk"]

PASTED_DIGITS = 16  # of the sha256: enough that two pasted texts never share an identity

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*)://")


def read_source(
    source: str, *, limits: Limits, remote: Remote | None = None, files: Files | None = None
) -> Iterator[Found]:
    """Yield the articles of a source and, for what cannot be read, why; see `open_source` for what it takes."""
    return put_together(parse_here(open_source(source, limits=limits, remote=remote, files=files)))


def open_source(
    source: str, *, limits: Limits, remote: Remote | None = None, files: Files | None = None
) -> Iterator[Opened]:
    """Yield what is in a source: the bytes of its files, for `index.parsing`, and all else as it will be found.

    Args:
        source: the path of a file or of a folder (read with all its folders, in the order of names, without
            hidden files), or an http(s) URL of a page, text, PDF, JSON Lines or feed.
        limits: bytes of one file, page or row, seconds for one fetch, and whether private hosts may be asked.
        remote: reads URLs; by default one that knows of no earlier visit.
        files: knows what was read earlier; by default nothing. A file that has not changed since gives `Unchanged`
            for its articles, any other `FileRead` after them, unless it could not be read as a whole.
    """
    remote, files = remote or Remote(Web(limits), Visits()), files or Files()
    try:
        scheme = _SCHEME.match(source)
        if not source.strip():
            raise SourceError("no source: the name is empty")
        if scheme is None:
            yield from _read_path(Path(source).expanduser(), limits, remote, files)
        elif scheme.group(1).lower() in ("http", "https"):
            yield from _stamp(remote.read(source.strip()), source.strip())
        else:
            raise SourceError(f"unsupported scheme {scheme.group(1)}: use http, https or a path")
    except UNREADABLE as error:
        yield Rejected(source, reason_of(error))


def article_from_text(title: str, text: str) -> Article:
    """Return the article of a pasted text; without a title it is given its headline or first sentence.

    Raises:
        SourceError: where the text is empty.
    """
    digest = hashlib.sha256(tidy(text).encode("utf-8")).hexdigest()[:PASTED_DIGITS]
    origin = Origin(name="pasted text", id=f"pasted:{digest}")
    return make_article(origin, join_wrapped(tidy(text)), Facts(title=title))


def _read_path(path: Path, limits: Limits, remote: Remote, files: Files) -> Iterator[Opened]:
    if not path.is_dir():
        yield from _read_file(path, os.path.realpath(path), limits, remote, files)
        return
    is_empty = True
    for found in _walk(path):
        is_empty = False
        if isinstance(found, Rejected):
            yield found
        else:
            yield from _read_file(*found, limits, remote, files)
    if is_empty:
        yield Rejected(str(path), f"the folder holds no file of a known kind: {known_suffixes()}")


def _stamp(items: Iterable[Article | Rejected | Unchanged], origin: str) -> Iterator[Found]:
    """Write on each article which page or feed it came from."""
    for item in items:
        yield replace(item, origin=origin) if isinstance(item, Article) else item


def walk(top: Path) -> Iterator[Path | Rejected]:
    """Yield the files of known kinds below a folder, each once, in the order of names.

    A link that leads out of the folder is not followed: who filled the folder need not be who owns the machine.
    """
    for found in _walk(top):
        yield found if isinstance(found, Rejected) else found[0]


def _walk(top: Path) -> Iterator[tuple[Path, str] | Rejected]:
    """Yield each file with its real path, which is looked up only where there is a link."""
    seen: set[str] = set()
    inside_of = os.path.realpath(top)
    waiting: list[tuple[Path, str, bool]] = [(top, inside_of, top.is_dir())]
    while waiting:
        path, real, is_folder = waiting.pop()
        if real in seen:  # a link to what was read already, or a loop of links
            continue
        if real != inside_of and not real.startswith(inside_of.rstrip(os.sep) + os.sep):
            if kind_of_file(path) is not None or is_folder:
                yield Rejected(str(path), f"a link that leads out of the folder, to {real}: name that as a source")
            continue
        if not is_folder:
            if kind_of_file(path) is not None:
                seen.add(real)
                yield path, real
            continue
        seen.add(real)
        try:
            with os.scandir(path) as entries:
                inside = sorted((entry for entry in entries if not entry.name.startswith(".")), key=_by_name)
        except OSError as error:
            yield Rejected(str(path), reason_of(error))
            continue
        for entry in reversed(inside):
            below = path / entry.name
            if entry.is_symlink():  # perhaps to itself, which only `Path.is_dir` takes
                waiting.append((below, os.path.realpath(below), below.is_dir()))
            else:
                waiting.append((below, os.path.join(real, entry.name), entry.is_dir()))  # noqa: PTH118 - ten thousand times


def _by_name(entry: "os.DirEntry[str]") -> str:
    return entry.name


def _read_file(path: Path, real: str, limits: Limits, remote: Remote, files: Files) -> Iterator[Opened]:
    """Yield what one file holds; whatever goes wrong names the file."""
    try:
        size = _check_file(path)
        kind = kind_of_file(path)
        if kind is None:
            raise SourceError(f"unsupported kind of file {path.suffix or 'without a suffix'}: {known_suffixes()}")
        if size == 0:
            raise SourceError("the file is empty (0 bytes)")
        if kind != "rows" and size > limits.max_bytes:
            raise SourceError(f"too large: {size:,} bytes, the limit is {limits.max_bytes:,} bytes; split it")
        with path.open("rb") as handle:
            if kind == "feed":  # its entries may have changed where they are
                yield from _stamp(remote.read_feed(handle.read(limits.max_bytes), _origin_of_file(path)), real)
                return
            fingerprint = fingerprint_of(handle, path.name, limits.max_bytes)
            held = files.find_held(real, fingerprint)
            if held is not None:
                yield from (Unchanged(article, real) for article in held.articles)
                yield from (Rejected(str(path), reason, row) for row, reason in held.troubles)
                return
            yield from _take_apart(kind, handle, _origin_of_file(path), real, limits.max_bytes)
            # Somebody may have written to it meanwhile.
            is_same = files.are_kept and fingerprint_of(handle, path.name, limits.max_bytes) == fingerprint
            yield FileEnd(str(path), real, kind, fingerprint if is_same else None)
    except UNREADABLE as error:
        yield Rejected(str(path), reason_of(error))


def _take_apart(kind: str, handle: BinaryIO, origin: Origin, real: str, max_bytes: int) -> Iterator[Part | Parsed]:
    """Yield the bytes of an open file, those of rows in parts, so that memory does not grow with it."""
    if kind == "rows":
        for first, rows in cut_rows(handle, origin, max_bytes, PART_BYTES):
            if isinstance(rows, Rejected):
                yield Parsed(origin.name, ((first, rows),))
            else:
                yield Part(kind, rows, origin, real, max_bytes, first)
        return
    data = handle.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise SourceError(f"too large: it has grown beyond the limit of {max_bytes:,} bytes; split it")
    yield Part(kind, data, origin, real, max_bytes)


def _check_file(path: Path) -> int:
    """Return the size of a regular file in bytes; anything else could be endless."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise SourceError("not a regular file")
    return status.st_size


def _origin_of_file(path: Path) -> Origin:
    real = Path(os.path.realpath(path))
    # A name that is no UTF-8 could not be stored.
    name, folder, stem = (
        os.fsencode(part).decode("utf-8", "backslashreplace") for part in (real, real.parent.name, path.stem)
    )
    return Origin(name=str(path), id=name, stem=stem, source=folder)
