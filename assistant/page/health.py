"""`/health`, for whoever looks after the page: whether this process serves, and its library can be read.

The one rule: it tells no more than that, as no one has to log in for it, and never waits in line with itself.
"""

import threading
from typing import TYPE_CHECKING

from assistant.ask import Assistant
from index.errors import AssistantError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

PATH = "/health"
OK, UNAVAILABLE = 200, 503


class Health:
    """Looks at the library when it is asked. The history is left out: without it questions are answered, too."""

    def __init__(self, assistant: Assistant) -> None:
        """Look at the library of this assistant."""
        self._assistant = assistant
        self._looking = threading.Lock()

    def look(self) -> tuple[int, dict[str, str]]:
        """The status to answer with, and what is said: a library that is still being asked is `slow`."""
        if not self._looking.acquire(blocking=False):
            return UNAVAILABLE, {"library": "slow"}
        try:
            _ = self._assistant.library.revision
        except AssistantError:
            return UNAVAILABLE, {"library": "away"}
        finally:
            self._looking.release()
        return OK, {"library": "ok"}

    def answer(self, _request: "Request") -> "Response":
        """Answer a probe, in a thread of its own."""
        from starlette.responses import JSONResponse

        status, said = self.look()
        return JSONResponse(said, status, headers={"cache-control": "no-store"})
