"""Workers in a Ray cluster, or in Ray on this machine: started, given work in order, replaced when they die.

The one rule: nothing is started while there is nothing to do, what was started here leaves nothing behind, and no batch
waits for a worker that is gone: it is given to another one.
"""

import json
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass
from importlib.util import find_spec
from types import TracebackType
from typing import Any, Self

from index.cluster import Batch
from index.errors import AssistantError, ModelError
from index.far_worker import PROGRAM, FarWorker, describe_program
from index.parcels import Row
from index.ray_start import connect, first_line, set_environment

AHEAD = 3
"""So many batches wait at each worker, so that none is idle while another's result is awaited."""
TRIES = 4
"""A batch over which so many workers died is taken for what kills them."""
LOSSES = 20
"""So many times each worker may be lost in all: machines come and go, but one on which none lives is no help."""
LOOK_SECONDS = 10.0
START_SECONDS = 600.0
"""The first worker must be there by then; a cluster that grows on demand takes minutes."""


@dataclass(slots=True)
class _Job:
    """A batch that a method is to be asked of, which worker has it, and what was made."""

    method: str
    batch: Batch
    worker: int = -1
    tries: int = 0
    made: list[Row] | None = None


class RayPool:
    """A `index.cluster.Pool` in Ray, to be used as a context."""

    def __init__(self, address: str, workers: int | None = None) -> None:
        """Take the address of a cluster (`HOST:PORT`, `ray://HOST:PORT`, `auto`), or `local`.

        Args:
            address: Where Ray is; `local` starts it on this machine, for as long as this lives.
            workers: How many there shall be, at most as many as there are processors; that many by default.

        Raises:
            AssistantError: if Ray is not installed.
        """
        if not find_spec("ray"):
            raise AssistantError(
                "`--ray` needs the package ray: install it with `pip install 'article-assistant[ray]'`"
            )
        set_environment(address)
        self._address = address
        self._wanted = workers
        self._exits = ExitStack()
        self._kind: Any = None
        self._workers: list[Any] = []
        self._starting: dict[Any, int] = {}
        """Workers that are not there yet, by what they will say."""
        self._given: dict[Any, _Job] = {}
        """What the workers have been given, by what will come of it."""
        self._lost = 0

    def __enter__(self) -> Self:
        """Give the pool itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the workers, and Ray if it was started here."""
        self._exits.close()
        self._workers, self._starting, self._given = [], {}, {}

    def map(self, method: str, batches: Iterable[Batch]) -> Iterator[list[Row]]:
        """See `index.cluster.Pool.map`."""
        waiting: deque[_Job] = deque()
        for batch in batches:
            job = _Job(method, batch)
            if batch.rows:
                self._start()
                self._give(job)
            waiting.append(job)
            while len(waiting) >= max(len(self._workers), 1) * AHEAD:
                yield self._take(waiting.popleft())
        while waiting:
            yield self._take(waiting.popleft())

    def _give(self, job: "_Job") -> None:
        """Give a batch to the worker that has least to do."""
        self._collect(seconds=0)
        there = self._find_started()
        busy = [given.worker for given in self._given.values()]
        job.worker = min(there, key=busy.count)
        self._given[getattr(self._workers[job.worker], job.method).remote(job.batch.rows, *job.batch.arguments)] = job

    def _take(self, job: "_Job") -> list[Row]:
        while job.batch.rows and job.made is None:
            self._collect()
        return job.made or []

    def _collect(self, seconds: float | None = None) -> None:
        """Take what is made, of which one is awaited; what a worker had that died goes to others."""
        if not self._given:
            return
        import ray
        from ray.exceptions import ObjectLostError, RayActorError

        wanted = 1 if seconds is None else len(self._given)
        done, _ = ray.wait(list(self._given), num_returns=wanted, timeout=seconds)
        dead: set[int] = set()
        for promised in done:
            job = self._given[promised]
            try:
                job.made = self._get(promised, job.batch)
                del self._given[promised]
            except (RayActorError, ObjectLostError):
                dead.add(job.worker)
        for worker in dead:
            self._replace(worker)

    def _replace(self, worker: int) -> None:
        """Start another worker in place of one that died, and give what it had to those that are there."""
        lost = {promised: job for promised, job in self._given.items() if job.worker == worker}
        for promised in lost:
            del self._given[promised]
        self._lost += 1
        jobs = list(lost.values())
        for job in jobs[:1]:  # it was at that one, the others only waited
            job.tries += 1
            if job.tries == TRIES:
                raise self._failed(f"{TRIES} workers died, perhaps for want of memory,", job.batch)
        if self._lost > LOSSES * len(self._workers):
            raise self._failed(f"{self._lost} workers died", jobs[0].batch if jobs else Batch([]))
        self._starting = {promised: number for promised, number in self._starting.items() if number != worker}
        self._begin(worker)
        for job in jobs:
            self._give(job)

    def _get(self, promised: Any, batch: Batch) -> Any:
        """What came of it; raises Ray's own errors where a worker died."""
        import ray
        from ray.exceptions import ObjectLostError, RayActorError, RayError, RayTaskError

        try:
            return ray.get(promised)
        except RayTaskError as error:
            if isinstance(error.cause, AssistantError):
                raise ModelError(f"a worker of Ray ({self._address}) cannot work: {error.cause}") from error
            raise self._failed(f"a worker failed ({_last_line(error)})", batch) from error
        except (RayActorError, ObjectLostError):
            raise
        except RayError as error:
            raise self._failed(f"Ray failed ({first_line(error)})", batch) from error

    def _failed(self, trouble: str, batch: Batch) -> AssistantError:
        begin = f" over the articles from {batch.named} on" if batch.named else ""
        return AssistantError(
            f"{trouble} at {self._address}{begin}. What was written stays; the same command goes on from there"
        )

    def _start(self) -> None:
        """Connect and start the workers, unless they are there."""
        if self._workers:
            return
        # Ray says on standard output, where the report goes, that a worker died.
        self._exits.enter_context(redirect_stdout(sys.stderr))
        import ray

        connect(self._address, self._wanted, self._exits)
        there: Any = ray
        processors = max(1, int(there.cluster_resources().get("CPU", 1)))
        self._kind = ray.remote(num_cpus=1)(FarWorker)
        self._workers = [None] * min(self._wanted or processors, processors)
        for worker in range(len(self._workers)):
            self._begin(worker)

    def _begin(self, worker: int) -> None:
        """Start a worker, which is given work when it has said what it is."""
        self._workers[worker] = self._kind.remote()
        self._starting[self._workers[worker].describe.remote()] = worker

    def _find_started(self) -> list[int]:
        """The numbers of the workers that are there, of which one is awaited."""
        import ray
        from ray.exceptions import RayActorError

        begun = time.monotonic()
        while True:
            if self._starting:
                is_none = len(self._starting) == len(self._workers)
                done, _ = ray.wait(
                    list(self._starting),
                    num_returns=1 if is_none else len(self._starting),
                    timeout=LOOK_SECONDS if is_none else 0,
                )
                for one in done:
                    try:
                        self._check(json.loads(self._get(one, Batch([]))))
                        del self._starting[one]
                    except RayActorError:
                        self._replace(self._starting[one])
            missing = set(self._starting.values())
            there = [number for number in range(len(self._workers)) if number not in missing]
            if there:
                return there
            if time.monotonic() - begun > START_SECONDS:
                raise AssistantError(
                    f"no worker started at {self._address} in {START_SECONDS:.0f} s: are its processors taken "
                    "(`ray status` tells)?"
                )

    def _check(self, there: dict[str, str]) -> None:
        here = describe_program()
        for name in here:
            if here[name] != there.get(name):
                what = "article-assistant" if name == PROGRAM else name
                raise AssistantError(
                    f"a worker of Ray ({self._address}) has {what} {there.get(name)}, this machine has {here[name]}: "
                    "install the same versions on all machines, or the library would not be the same"
                )


def _last_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[-1] if lines else type(error).__name__
