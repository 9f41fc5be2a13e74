"""An assistant whose models are loaded while it is already there, so that a page need not wait for them.

The one rule: what needs no model never waits; what does waits until all are loaded, or fails as opening them did.
"""

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

from assistant.ask import Assistant, open_assistant
from assistant.events import Told
from assistant.keeper import source_limits
from assistant.libraries import open_articles
from assistant.referents import Exchange
from assistant.settings import Settings
from index.scope import EVERYTHING, Scope
from index.store import Index
from index.web import Web

LOADED = ("embedder", "searcher", "reader", "notice", "writer")


def open_in_background(settings: Settings, *, create: bool = False) -> "OpeningAssistant":
    """Open the library at once, and begin to load the models.

    Raises:
        LibraryError: if the library cannot be opened.
    """
    return OpeningAssistant(settings, open_articles(settings, create=create))


class OpeningAssistant(Assistant):
    """An `Assistant` that has its models a little later than its library."""

    def __init__(self, settings: Settings, library: Index) -> None:
        """Take the library, and load the rest in a thread."""
        self.settings = settings
        self.library = library
        self.web = Web(source_limits(settings))
        loader = ThreadPoolExecutor(1, "models")
        self._loading: Future[Assistant] = loader.submit(open_assistant, settings)
        loader.shutdown(wait=False)
        self._loading.add_done_callback(_tell_failure)

    def stream(
        self,
        question: str,
        scope: Scope = EVERYTHING,
        earlier: Sequence[Exchange] = (),
        *,
        heed_time: bool = True,
        prose: bool = True,
        cancelled: Event | None = None,
    ) -> Iterator[Told]:
        """As `Assistant.stream`, which begins when the models are there."""
        if not self._loading.done():
            yield "Loading the models"
        yield from super().stream(question, scope, earlier, heed_time=heed_time, prose=prose, cancelled=cancelled)

    def __getattr__(self, name: str) -> Any:
        """What is loaded; asked for only while this has no such attribute, which is always."""
        if name == "writer" and not self.settings.model:
            return None  # known without waiting
        if name in LOADED:
            return getattr(self._loading.result(), name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


def _tell_failure(loading: "Future[Assistant]") -> None:
    """Say at once what every question will say."""
    if error := loading.exception():
        print(f"error: {error}", file=sys.stderr, flush=True)
