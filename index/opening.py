"""A library is opened where it is: in a folder, or on a Milvus server.

The one rule: what only one of them needs is imported when it is opened.
"""

from importlib.util import find_spec
from pathlib import Path

from index.address import Server
from index.errors import LibraryError
from index.local import open_library
from index.store import Index


def open_index(folder: Path, server: Server | None = None, *, create: bool = False, unfinished: bool = False) -> Index:
    """Open the library in `folder`, or on a `server` with `folder` for what is kept here; `create` makes an empty one.

    Raises:
        LibraryError: if there is none, or it cannot be opened.
    """
    if server is None:
        return open_library(folder, create=create, unfinished=unfinished)
    if find_spec("pymilvus") is None:
        raise LibraryError(f"{server.address} needs the package pymilvus: pip install 'article-assistant[milvus]'")
    from index.milvus import open_milvus

    return open_milvus(server, folder, create=create, unfinished=unfinished)
