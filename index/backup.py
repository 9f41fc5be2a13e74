"""A library as one file: taken while it is used, and put back.

The one rule: nothing that is there is overwritten before what replaces it is whole and was looked at.
"""

import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from index.database import DATABASE
from index.errors import LibraryError
from index.local import open_library

LEFT_OUT = ("-wal", "-shm", ".lock", ".making", ".faiss", ".new")
"""What belongs to a running process, or is made again from the record."""


def back_up(folder: Path, file: Path) -> int:
    """Write the library in `folder` to one file, as it is at one moment; others may read and write meanwhile.

    Returns:
        The size of the file in bytes.

    Raises:
        LibraryError: if the library cannot be read or the file not be written; a file that was there is then unharmed.
    """
    open_library(folder).close()
    fresh = file.with_name(file.name + ".new")
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as room:
            with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                for path in _files(folder, {file, fresh, Path(room)}):
                    archive.write(_still(path, Path(room)), path.relative_to(folder).as_posix())
            with fresh.open("rb+") as stream:
                os.fsync(stream.fileno())
            fresh.replace(file)
    except (OSError, sqlite3.Error) as error:
        fresh.unlink(missing_ok=True)
        raise LibraryError(f"the backup {file} cannot be written ({error}): name a file on a disk with room") from error
    return file.stat().st_size


def restore(file: Path, folder: Path, *, replace: bool = False) -> Path | None:
    """Make `folder` the library that a backup holds.

    Args:
        file: The backup.
        folder: Where the library will be.
        replace: Whether a library that is there may make room: it is moved aside, not deleted.

    Returns:
        Where the library that was there has been moved.

    Raises:
        LibraryError: if the backup is damaged, or there is a library and `replace` is not set; nothing was changed.
    """
    if folder.exists() and any(folder.iterdir()) and not replace:
        raise LibraryError(f"{folder} is not empty: name another folder, or let it be moved aside with --replace")
    fresh = folder.with_name(folder.name + ".restored")
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        with zipfile.ZipFile(file) as archive:
            if DATABASE not in archive.namelist():
                raise LibraryError(f"{file} is no backup of a library: it holds no {DATABASE}")
            archive.extractall(fresh)  # compares every checksum, and keeps every name inside the folder
        open_library(fresh).close()
        aside = None
        if folder.exists():
            aside = folder.with_name(f"{folder.name}.before-{datetime.now():%Y%m%d-%H%M%S}")
            folder.replace(aside)
        fresh.replace(folder)
    except (OSError, zipfile.BadZipFile, EOFError, ValueError) as error:
        raise LibraryError(f"the backup {file} cannot be restored ({error}): use another one") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return aside


def _files(folder: Path, apart: set[Path]) -> Iterator[Path]:
    outside = {path.resolve() for path in apart}
    for path in sorted(folder.rglob("*")):
        inside = path.resolve()
        if path.is_symlink() or not path.is_file() or path.name.endswith(LEFT_OUT):
            continue
        if inside not in outside and outside.isdisjoint(inside.parents):
            yield path


def _still(path: Path, room: Path) -> Path:
    """The file, or a consistent copy of it where it is a database."""
    if path.suffix != ".db":
        return path
    copy = room / "copy.db"
    copy.unlink(missing_ok=True)
    source, target = sqlite3.connect(path), sqlite3.connect(copy)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
    return copy
