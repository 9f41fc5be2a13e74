"""Work that is done ahead of its turn, in a thread of its own: articles are split while others are embedded.

The one rule: results come in the order of the items, and no more than a few wait, so that memory does not grow.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

MOST_WAITING = 24
"""More than are embedded together (about a dozen articles), so that the next ones are ready then."""
Item = TypeVar("Item")
Result = TypeVar("Result")


def work_ahead(work: Callable[[Item], Result], items: Iterable[Item], most: int = MOST_WAITING) -> Iterator[Result]:
    """Give `work(item)` for each item, in order, with up to `most` of them begun before they are asked for.

    The items themselves are taken in the thread that asks. What `work` raises is raised in its turn. A caller that
    stops asking ends it after the item that is being worked on.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) > most:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for begun in waiting:
                begun.cancel()
