"""The file of a dense view: one line that tells what it is, then the FAISS index, checked before FAISS reads a byte.

The one rule: it is written beside itself, flushed, and renamed; whatever is found instead is no view.
"""

import json
import os
import zlib
from dataclasses import asdict, dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any

FILE = "dense.faiss"
FORM = 3
PIECE = 1 << 20
LONGEST_HEADER = 2_000


@dataclass(frozen=True, slots=True)
class Header:
    """What the file holds: the vectors of `model` (name, dimension) as of a revision; `crc32` is of all of it."""

    revision: int
    model: tuple[str, int]
    crc32: int
    form: int = FORM


def write_view(folder: Path, revision: int, model: tuple[str, int], index: Any) -> None:
    """Write an index; it goes to the disk in pieces, so that memory holds it once.

    Raises:
        OSError: if it cannot be written; the file from before is then still there.
    """
    import faiss

    checksum = _first_sum(revision, model)
    fresh = folder / f"{FILE}.new"
    with fresh.open("wb") as stream:
        stream.write(b" " * LONGEST_HEADER + b"\n")

        def write(piece: bytes) -> int:
            nonlocal checksum
            checksum = zlib.crc32(piece, checksum)
            return stream.write(piece)

        writer: Any = _callback("Writer")
        faiss.write_index(index, writer(write, PIECE))
        stream.seek(0)
        stream.write(json.dumps(asdict(Header(revision, model, checksum))).encode().ljust(LONGEST_HEADER))
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(folder / FILE)


def read_header(folder: Path) -> Header | None:
    """What the file says of itself; None where there is none that can be read."""
    try:
        with (folder / FILE).open("rb") as stream:
            return _to_header(stream.readline(LONGEST_HEADER + 1))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_view(folder: Path) -> tuple[Header, Any] | None:
    """The header and the index; None where the file is missing, damaged or of another form."""
    import faiss

    try:
        with (folder / FILE).open("rb") as stream:
            header = _to_header(stream.readline(LONGEST_HEADER + 1))
            begin = stream.tell()
            if _checksum(stream, _first_sum(header.revision, header.model)) != header.crc32:
                return None
            stream.seek(begin)
            reader: Any = _callback("Reader")
            return header, faiss.read_index(reader(stream.read, PIECE))
    except (OSError, ValueError, KeyError, TypeError, RuntimeError):
        return None


def _callback(end: str) -> Any:
    """FAISS's way to write to, or read from, a Python function; its stubs do not know it."""
    import faiss

    return getattr(faiss, f"PyCallbackIO{end}")


def _to_header(line: bytes) -> Header:
    fields = json.loads(line)
    name, dimension = fields["model"]
    header = Header(int(fields["revision"]), (str(name), int(dimension)), int(fields["crc32"]), fields.get("form", 1))
    if header.form != FORM:
        raise ValueError(f"form {header.form}, not {FORM}")
    return header


def _first_sum(revision: int, model: tuple[str, int]) -> int:
    """Where the checksum begins: a revision that was damaged would hide what came after the right one."""
    return zlib.crc32(json.dumps([revision, *model]).encode())


def _checksum(stream: BufferedReader, found: int) -> int:
    while piece := stream.read(PIECE):
        found = zlib.crc32(piece, found)
    return found
