"""A pool of workers in this process: real workers and real parcels, without a cluster between them."""

from collections import Counter, deque

from index.far_worker import FarWorker
from index.parcels import unpack_part, unpack_texts

AHEAD = 3


class PoolHere:
    """Gives each batch to a worker that knows nothing of the batch before, some batches ahead of what is asked for."""

    def __init__(self):
        self.batches = Counter()
        self.parsed = []
        self.embedded = []
        self.is_working = False

    def map(self, method, batches):
        waiting = deque()
        for batch in batches:
            waiting.append(self._work(method, batch) if batch.rows else [])
            while len(waiting) > AHEAD:
                yield waiting.popleft()
        yield from waiting

    def _work(self, method, batch):
        assert batch.named
        self.batches[method] += 1
        if method == "parse":
            self.parsed += [part.origin.name for part in map(unpack_part, batch.rows)]
        if method == "embed":
            self.embedded += [text for row in batch.rows for text in unpack_texts(row)]
        self.is_working = True
        try:
            return getattr(FarWorker(), method)(batch.rows, *batch.arguments)
        finally:
            self.is_working = False
