"""JSON Lines become articles, one row at a time: memory stays bounded however long a file or a line is.

A bad row is rejected with its number, and the rows after it are read.
"""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from index.errors import SourceError
from index.formats.decode import tidy
from index.formats.origin import Facts, Origin, make_article
from index.formats.wrapped import join_wrapped
from index.records import Article, Rejected

SKIP_BYTES = 1 << 16  # read at once of a line that is too long
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_rows(handle: BinaryIO, origin: Origin, max_bytes: int) -> Iterator[Article | Rejected]:
    """Yield the article of each line of JSON Lines, or why there is none.

    Args:
        handle: the open file; read to its end.
        origin: of the file; a row without an http(s) URL is identified as `ORIGIN#ROW`.
        max_bytes: the longest row that is read.
    """
    first_rows: dict[str, int] = {}
    is_empty = True
    for row, line in enumerate(_lines(handle, max_bytes), start=1):
        if isinstance(line, int):
            is_empty = False
            reason = f"row of {line:,} bytes, longer than the limit of {max_bytes:,} bytes: split it"
            yield Rejected(origin.name, reason, row)
        elif line.strip():
            is_empty = False
            yield _read_row(line, row, origin, first_rows)
    if is_empty:
        yield Rejected(origin.name, "empty: it has no rows")


def read_json(data: bytes, origin: Origin, max_bytes: int) -> Iterator[Article | Rejected]:
    """Yield the articles of a JSON file: a list of objects, one object, or JSON Lines under another name."""
    try:
        whole = json.loads(data.removeprefix(BYTE_ORDER_MARK))
    except (ValueError, RecursionError):
        yield from read_rows(io.BytesIO(data), origin, max_bytes)
        return
    first_rows: dict[str, int] = {}
    rows = whole if isinstance(whole, list) else [whole]
    if not rows:
        yield Rejected(origin.name, "empty: the list has no rows")
    for row, value in enumerate(rows, start=1):
        yield _take_row(value, row, origin, first_rows)


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


def _read_row(line: bytes, row: int, origin: Origin, first_rows: dict[str, int]) -> Article | Rejected:
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
    return _take_row(value, row, origin, first_rows)


def _take_row(value: object, row: int, origin: Origin, first_rows: dict[str, int]) -> Article | Rejected:
    """Return the article of a row, and note its URL in `first_rows`; a second row of one URL is rejected."""
    if not isinstance(value, dict):
        return Rejected(origin.name, f'not an object: {_kind_of(value)}; expected {{"text": …}}', row)
    text = value.get("text")
    if not isinstance(text, str):
        found = _kind_of(text) if "text" in value else "missing"
        return Rejected(origin.name, f"no text: the field is {found}", row)
    url = _string(value, "url")
    try:
        article = make_article(
            replace(origin, id=f"{origin.id}#{row}", stem="", url=None),
            join_wrapped(tidy(text)),
            Facts(_string(value, "title"), url, _string(value, "source"), value.get("published"), value.get("authors")),
        )
    except SourceError as error:
        return Rejected(origin.name, str(error), row)
    first = first_rows.setdefault(article.id, row)
    if first != row:
        return Rejected(origin.name, f"the same URL as row {first}: {article.id}", row)
    return article


def _string(value: dict[str, object], key: str) -> str:
    field = value.get(key)
    return field if isinstance(field, str) else ""


def _kind_of(value: object) -> str:
    """Name a JSON value's kind as JSON does."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
