"""The two searches of a library in a folder: its dense view and its full text, within a scope or over everything.

The one rule: a scope is narrowed once, and again only when the library has changed.
"""

import threading
from collections.abc import Sequence

from index.dense import DenseView
from index.embedder import Vectors
from index.full_text import FullText, match_expression
from index.library import Library
from index.narrowing import Narrowed, match_earlier, narrow, nearest_earlier, take_turns
from index.scope import Scope

REMEMBERED_SCOPES = 8


class LocalRankings:
    """The two searches of a local library: its dense view and its full text."""

    def __init__(self, library: Library, view: DenseView) -> None:
        """Take a library and the view of it."""
        self.library = library
        self.view = view
        self._full_text = FullText(library)
        self._narrowed: dict[Scope, tuple[int, Narrowed]] = {}
        self._remembering = threading.Lock()

    def catch_up(self) -> bool:
        """Replay what was committed since the last call; whether there was anything."""
        return self.view.catch_up(self.library)

    def nearest(self, vector: Vectors, limit: int, scope: Scope) -> list[int]:
        """The passages of the scope nearest to a unit vector `(dimension,)`."""
        if not scope:
            return [passage for passage, _ in self.view.search(vector, limit)]
        narrowed = self._narrow(scope)
        found = self.view.search(vector, limit, narrowed.current) + nearest_earlier(narrowed, vector, limit)
        return [passage for passage, _ in sorted(found, key=lambda item: -item[1])[:limit]]

    def match(self, words: Sequence[str], limit: int, scope: Scope) -> list[int]:
        """The passages of the scope that hold any of the words, best BM25 first.

        What only an earlier day's version says is ranked on its own, and the two rankings take turns.
        """
        if not scope:
            return self._full_text.match(words, limit)
        current = self._full_text.match(words, limit, self._narrow(scope))
        if not scope.as_of:
            return current
        return take_turns(current, match_earlier(self.library, match_expression(words), limit, scope))[:limit]

    def _narrow(self, scope: Scope) -> Narrowed:
        """The passages of a scope, remembered until the library changes: a conversation asks within one."""
        revision = self.library.revision
        with self._remembering:  # both searches ask at once: the second waits for what the first finds
            found = self._narrowed.get(scope)
            if found is None or found[0] != revision:
                if len(self._narrowed) >= REMEMBERED_SCOPES:
                    self._narrowed.clear()
                found = self._narrowed[scope] = (revision, narrow(self.library, scope))
        return found[1]
