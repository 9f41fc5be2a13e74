"""The line in which questions stand: the first few are answered side by side, the others wait and know their place.

The one rule: whoever leaves, answered or not, makes room at once. A line belongs to the event loop that it is used in.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

Shown = TypeVar("Shown")

LOOK_SECONDS = 1.0
"""How often who is next is told the place anew, and it is seen whether the question was stopped."""
LOOK_LATER = 0.1
"""So many seconds more a place: fifty who wait are told 18 times a second together, which is work beside answering."""


class Line:
    """Who is answered and who waits, in the order in which they came."""

    def __init__(self, at_once: int) -> None:
        """`at_once` are answered side by side."""
        self._at_once = at_once
        self._standing: list[asyncio.Event] = []

    @contextmanager
    def stand(self) -> Iterator[asyncio.Event]:
        """Stand in the line while the context lasts; what it gives is set when it is one's turn."""
        turn = asyncio.Event()
        self._standing.append(turn)
        self._call()
        try:
            yield turn
        finally:
            self._standing.remove(turn)
            self._call()

    def place(self, turn: asyncio.Event) -> int:
        """The place among those who wait, 1 for the next; 0 for one whose turn it is."""
        return 0 if turn.is_set() else self._standing.index(turn) - self._at_once + 1

    def _call(self) -> None:
        for turn in self._standing[: self._at_once]:
            turn.set()


async def in_turn(line: Line, work: Callable[..., Generator[tuple[int, Shown], None, None]]) -> AsyncIterator[Shown]:
    """What some work shows, which is done in threads, and told by `place=` how to ask for its place in the line.

    With what it shows comes the place that it is at: while that is not 0 it is let go on now and then, and holds no
    thread between.
    """
    from starlette.concurrency import run_in_threadpool

    with line.stand() as turn:
        steps = work(place=lambda: line.place(turn))
        try:
            while (step := await run_in_threadpool(next, steps, None)) is not None:
                place, shown = step
                yield shown
                if place:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(turn.wait(), LOOK_SECONDS + LOOK_LATER * place)
        finally:
            steps.close()
