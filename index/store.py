"""What the assistant needs of a place that keeps articles: the `Index` Protocol, which can be read and changed.

The one rule: nothing above this file knows whether the articles lie in a folder or on servers.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from index.readable import Readable
from index.records import Article, Entry


class Index(Readable, Protocol):
    """A library of articles that can be changed, too."""

    def writing(self) -> AbstractContextManager[None]:
        """Be the only one who syncs from here.

        Raises:
            LibraryBusyError: if another process has been syncing for longer than anyone wants to wait.
        """
        ...

    def set_model(self, model: str, dimension: int) -> None:
        """Record the embedding model of a store that holds nothing yet."""
        ...

    def write_all(self, entries: Sequence[Entry]) -> list[bool]:
        """Add articles or replace those with their ids; each is seen whole or not at all, whatever happens in between.

        Returns:
            For each, whether it was written: False where the user has removed it.

        Raises:
            LibraryError: if they cannot be written; some may have been, each of them whole.
        """
        ...

    def put_away(self, article_ids: Iterable[str], kind: str = "removed") -> int:
        """Take articles out; the token that `bring_back` takes, 0 where none was there. See `index.putting_away`."""
        ...

    def bring_back(self, token: int) -> list[str]:
        """Undo a removal; the ids of the articles that came back."""
        ...

    def bring_back_articles(self, article_ids: Iterable[str]) -> list[str]:
        """Bring back the articles of these ids, whenever they were put away; the ids of those that came back."""
        ...

    def forget(self, token: int) -> int:
        """Give up what was put away together; the number of articles."""
        ...

    def keep_settled(self, source: str, digests: Collection[int]) -> None:
        """Take over what another library settled."""
        ...

    def make_unwanted(self, article_ids: Collection[str]) -> None:
        """Let later syncs leave out articles that are not there."""
        ...

    def set_unfinished(self, origin: str) -> None:
        """Note that a migration begins, or with "" that it is done."""
        ...

    def resettle(self) -> Iterator[list[tuple[Article, str]]]:
        """Decide again what is boilerplate; what is to be cleaned again, some at a time, see `index.settling`."""
        ...

    def tidy(self) -> str:
        """Bring up to date what is made from the record; what to tell the user of it, "" for nothing."""
        ...
