"""The library that the settings name, in a folder or on a server.

The one rule: what can only be done to a folder says so for a server, with what does it there.
"""

from assistant.settings import Settings
from index.address import read_address
from index.errors import LibraryError
from index.local import LocalLibrary, open_library
from index.opening import open_index
from index.store import Index


def open_articles(settings: Settings, *, create: bool = False, unfinished: bool = False) -> Index:
    """Open the library of the settings; `create` makes an empty one where there is none.

    Raises:
        LibraryError: if it cannot be opened, or a migration has not filled it yet and that is not `unfinished`.
    """
    if not settings.server:
        return open_library(settings.library, create=create, unfinished=unfinished)
    server = read_address(settings.server, settings.milvus_token, settings.milvus_tls, settings.milvus_consistency)
    return open_index(settings.library, server, create=create, unfinished=unfinished)


def open_folder(settings: Settings, task: str, remedy: str) -> LocalLibrary:
    """Open the library of the settings for what is done to folders alone. Raises as `check_folder`, too."""
    check_folder(settings, task, remedy)
    return open_library(settings.library)


def check_folder(settings: Settings, task: str, remedy: str) -> None:
    """Make sure that the library is in a folder.

    Raises:
        LibraryError: if it is on a server, with what to do there.
    """
    if settings.server:
        raise LibraryError(f"{task} works on a library in a folder, not on {settings.server}: {remedy}")
