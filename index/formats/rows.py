"""JSON Lines become articles, one row at a time: memory stays bounded however long a file or a line is.

A bad row is rejected with its number, and the rows after it are read.
"""

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO

from index.errors import SourceError
from index.formats.decode import tidy
from index.formats.origin import Facts, Origin, make_article
from index.formats.wrapped import join_wrapped
from index.records import Article, Rejected

SKIP_BYTES = 1 << 16  # read at once of a line that is too long
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
EMPTY = "empty: it has no rows"

Row = tuple[int, Article | Rejected]
"""The number of a row, from 1, and what it holds."""


def read_rows(handle: BinaryIO, origin: Origin, max_bytes: int) -> Iterator[Article | Rejected]:
    """Yield the article of each line of JSON Lines, or why there is none.

    Args:
        handle: the open file; read to its end.
        origin: of the file; a row without an http(s) URL is identified as `ORIGIN#ROW`.
        max_bytes: the longest row that is read.
    """
    yield from _each_once(parse_rows(handle, origin, max_bytes), origin, EMPTY)


def read_json(data: bytes, origin: Origin, max_bytes: int) -> Iterator[Article | Rejected]:
    """Yield the articles of a JSON file: a list of objects, one object, or JSON Lines under another name."""
    try:
        whole = json.loads(data.removeprefix(BYTE_ORDER_MARK))
    except (ValueError, RecursionError):
        yield from read_rows(io.BytesIO(data), origin, max_bytes)
        return
    rows = whole if isinstance(whole, list) else [whole]
    taken = ((row, _take_row(value, row, origin)) for row, value in enumerate(rows, start=1))
    yield from _each_once(taken, origin, "empty: the list has no rows")


def parse_rows(handle: BinaryIO, origin: Origin, max_bytes: int, first: int = 1) -> Iterator[Row]:
    """Yield the rows of a file, or of a part of it whose first row has the number `first`; see `FirstRows`."""
    for row, line in enumerate(_lines(handle, max_bytes), start=first):
        if isinstance(line, int):
            yield row, _too_long(line, row, origin, max_bytes)
        elif line.strip():
            yield row, _read_row(line, row, origin)


def cut_rows(
    handle: BinaryIO, origin: Origin, max_bytes: int, part_bytes: int
) -> Iterator[tuple[int, bytes | Rejected]]:
    """Cut a file into parts of whole rows, about that long, each with the number of its first row.

    A row that is too long is in no part; why it is rejected stands in its place.
    """
    waiting: list[bytes] = []
    size, first = 0, 1
    for row, line in enumerate(_lines(handle, max_bytes), start=1):
        if not isinstance(line, int):
            waiting.append(line)
            size += len(line)
        if waiting and (isinstance(line, int) or size >= part_bytes):
            yield first, b"".join(waiting)
            waiting, size = [], 0
        if isinstance(line, int):
            yield row, _too_long(line, row, origin, max_bytes)
        if not waiting:
            first = row + 1
    if waiting:
        yield first, b"".join(waiting)


class FirstRows:
    """Which rows of a file came first: of rows of one URL only that is kept, in whatever parts they were parsed."""

    def __init__(self) -> None:
        """Begin with the first row."""
        self._rows: dict[str, int] = {}

    def take(self, row: int, item: Article | Rejected, name: str) -> Article | Rejected:
        """What is to be made of a row of the file called `name`."""
        if isinstance(item, Rejected):
            return item
        first = self._rows.setdefault(item.id, row)
        return item if first == row else Rejected(name, f"the same URL as row {first}: {item.id}", row)


def _each_once(rows: Iterable[Row], origin: Origin, if_empty: str) -> Iterator[Article | Rejected]:
    firsts, is_empty = FirstRows(), True
    for row, item in rows:
        is_empty = False
        yield firsts.take(row, item, origin.name)
    if is_empty:
        yield Rejected(origin.name, if_empty)


def _too_long(size: int, row: int, origin: Origin, max_bytes: int) -> Rejected:
    reason = f"row of {size:,} bytes, longer than the limit of {max_bytes:,} bytes: split it"
    return Rejected(origin.name, reason, row)


def _lines(handle: BinaryIO, max_bytes: int) -> Iterator[bytes | int]:
    """Yield each line, or in place of one that is too long its size in bytes."""
    while line := handle.readline(max_bytes + 1):
        if len(line.rstrip(b"\r\n")) <= max_bytes:
            yield line
            continue
        size = len(line)
        while line and not line.endswith(b"\n"):
            line = handle.readline(SKIP_BYTES)
            size += len(line)
        yield size


def _read_row(line: bytes, row: int, origin: Origin) -> Article | Rejected:
    if row == 1:
        line = line.removeprefix(BYTE_ORDER_MARK)
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        found = f"0x{line[error.start]:02x} at byte {error.start + 1} of the row"
        return Rejected(origin.name, f"invalid UTF-8: {found}; save the file as UTF-8", row)
    except json.JSONDecodeError as error:
        return Rejected(origin.name, f"not JSON: {error.msg} at character {error.pos + 1} of the row", row)
    except (ValueError, RecursionError) as error:
        return Rejected(origin.name, f"not JSON that can be read: {error}", row)
    return _take_row(value, row, origin)


def _take_row(value: object, row: int, origin: Origin) -> Article | Rejected:
    if not isinstance(value, dict):
        return Rejected(origin.name, f'not an object: {_kind_of(value)}; expected {{"text": …}}', row)
    text = value.get("text")
    if not isinstance(text, str):
        found = _kind_of(text) if "text" in value else "missing"
        return Rejected(origin.name, f"no text: the field is {found}", row)
    url = _string(value, "url")
    try:
        return make_article(
            replace(origin, id=f"{origin.id}#{row}", stem="", url=None),
            join_wrapped(tidy(text)),
            Facts(_string(value, "title"), url, _string(value, "source"), value.get("published"), value.get("authors")),
        )
    except SourceError as error:
        return Rejected(origin.name, str(error), row)


def _string(value: dict[str, object], key: str) -> str:
    field = value.get(key)
    return field if isinstance(field, str) else ""


def _kind_of(value: object) -> str:
    """Name a JSON value's kind as JSON does."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
