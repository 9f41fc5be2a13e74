"""What a file holds becomes articles: its bytes, whole or in parts, are parsed, and what came of them is put together.

The one rule: a part is parsed from its bytes alone, so that it gives the same wherever that is done; what depends on
the other parts of its file is decided where they are put together, in the order of the file.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from index.errors import SourceError
from index.formats.kinds import read_bytes
from index.formats.origin import Origin
from index.formats.rows import EMPTY, FirstRows, Row, parse_rows
from index.records import Article, FileRead, Rejected, Unchanged

# Also what a path with a NUL (ValueError) or nesting without end (RecursionError) makes of a source.
UNREADABLE = (SourceError, OSError, ValueError, RecursionError)
PART_BYTES = 1 << 18
"""About so long is a part of a file of rows."""

Found = Article | Rejected | Unchanged | FileRead


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes that wait to be parsed: a whole file, or some whole rows of one.

    `real` is the file's absolute path, `first_row` the number of the first row (from 1).
    """

    kind: str
    data: bytes
    origin: Origin
    real: str
    max_bytes: int
    first_row: int = 1


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a part of the file called `name` holds, each with its row (0 of a file that has no rows).

    `is_read` is False where the part could not be read at all.
    """

    name: str
    found: tuple[Row, ...]
    is_read: bool = True


@dataclass(frozen=True, slots=True)
class FileEnd:
    """A file was read to its end; `fingerprint` is of what was read, None where that is not to be noted."""

    name: str
    real: str
    kind: str
    fingerprint: bytes | None


Read = Found | Parsed | FileEnd
"""What sources hold: parsed parts, after those of a file its end, and what needs not be put together."""
Opened = Read | Part
"""The same before its parts are parsed."""


def parse_part(part: Part) -> Parsed:
    """Parse one part; whatever is wrong with it is told, never raised."""
    name = part.origin.name
    try:
        if part.kind == "rows":
            rows: Iterable[Row] = parse_rows(io.BytesIO(part.data), part.origin, part.max_bytes, part.first_row)
        else:
            items = read_bytes(part.kind, part.data, part.origin, part.max_bytes)
            rows = ((item.row or 0 if isinstance(item, Rejected) else 0, item) for item in items)
        found = tuple((row, _stamp(item, part.real)) for row, item in rows)
    except UNREADABLE as error:
        return Parsed(name, ((0, Rejected(name, reason_of(error))),), is_read=False)
    return Parsed(name, found)


def parse_here(items: Iterable[Opened]) -> Iterator[Read]:
    """Parse each part as it comes."""
    for item in items:
        yield parse_part(item) if isinstance(item, Part) else item


@dataclass(slots=True)
class _File:
    """A file that is being put together."""

    firsts: FirstRows = field(default_factory=FirstRows)
    troubles: list[tuple[int, str]] = field(default_factory=list)
    is_empty: bool = True
    is_read: bool = True


def put_together(items: Iterable[Read]) -> Iterator[Found]:
    """Yield what the files hold: of rows of one URL the first, and after a file that it was read.

    A file that broke off in the middle has no end; what comes then is no part.
    """
    file = _File()
    for item in items:
        if isinstance(item, Parsed):
            file.is_read &= item.is_read
            for row, one in item.found:
                yield _note(file, file.firsts.take(row, one, item.name) if row else one)
        elif isinstance(item, FileEnd):
            if file.is_empty and item.kind == "rows":
                yield _note(file, Rejected(item.name, EMPTY))
            if item.fingerprint is not None and file.is_read:
                yield FileRead(item.real, item.fingerprint, tuple(file.troubles))
            file = _File()
        else:
            yield item
            file = _File()


def reason_of(error: Exception) -> str:
    """Return an error as one line that says what to do."""
    if isinstance(error, PermissionError):
        return "cannot be read: permission denied; change its permissions (chmod) or run as its owner"
    if isinstance(error, FileNotFoundError):
        return "does not exist: check the path"
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}"
    return str(error)


def _stamp(item: Article | Rejected, real: str) -> Article | Rejected:
    """Write on an article which file it came from."""
    return replace(item, origin=real) if isinstance(item, Article) else item


def _note(file: _File, item: Article | Rejected) -> Article | Rejected:
    file.is_empty = False
    if isinstance(item, Rejected):
        file.troubles.append((item.row or 0, item.reason))
    return item
