"""Who does the work of a sync that needs no library: this process, or the workers of a cluster.

The one rule: workers only compute. All is found, decided and written by who syncs, in the order of the sources, so that
the library is the same whoever works, and whatever becomes of a worker.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol

from index.embedder import Embedder
from index.entries import Task, make_entries
from index.parsing import Opened, Read, parse_here
from index.passages import Cut
from index.records import Entry
from index.store import Index


class Workers(Protocol):
    """Parse what was read, and make entries of it."""

    def parse(self, items: Iterable[Opened]) -> Iterator[Read]:
        """Parse the parts among the items, and hand on all in their order.

        Raises:
            AssistantError: if that cannot be done; what was given is good.
        """
        ...

    def make(self, tasks: Iterable[Task], library: Index, embedder: Embedder, cut: Cut) -> Iterator[list[Entry]]:
        """Make the entries of tasks with this model, in their order, some at a time; see `index.entries.Task`.

        What was given is to be written to the library before more is asked for: vectors that it has are not made again.

        Raises:
            AssistantError: if they cannot be made; those that were given are good.
        """
        ...


class Here:
    """This process."""

    def parse(self, items: Iterable[Opened]) -> Iterator[Read]:
        """See `Workers.parse`."""
        return parse_here(items)

    def make(self, tasks: Iterable[Task], library: Index, embedder: Embedder, cut: Cut) -> Iterator[list[Entry]]:
        """See `Workers.make`."""
        return make_entries(tasks, library.find_embedded, embedder, cut)
