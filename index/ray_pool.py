"""Workers in a Ray cluster, or in Ray on this machine: started, given work in order, replaced when they die.

The one rule: nothing is started while there is nothing to do, and what was started here leaves nothing behind.
"""

import json
import logging
import os
import secrets
import shutil
import sys
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, redirect_stdout, suppress
from importlib.util import find_spec
from types import TracebackType
from typing import Any, Self

from index.cluster import Batch
from index.errors import AssistantError, ModelError
from index.far_worker import PROGRAM, FarWorker, describe_program
from index.parcels import Row

LOCAL = "local"
AHEAD = 3
"""So many batches wait at each worker, so that none is idle while another's result is awaited."""
RETRIES = 5
"""A batch is given to a worker that was started again so often, before it is taken for what kills them."""
START_SECONDS = 600.0
"""The first worker must be there by then; a cluster that grows on demand takes minutes."""
STORE_BYTES = 256 << 20
"""What batches may take in memory where Ray is started here; more goes to disk."""
STARTS = 2
"""Ray gives up where its parts take more than 15 seconds to start, as on a busy machine."""
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}
"""Set before Ray is imported, as it reads them then."""
ALONE = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_AUTH_MODE": "token"}
"""For Ray on this machine: its parts listen on 127.0.0.1 alone, and each of them asks for a token."""


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
        os.environ.update(QUIET)
        if address == LOCAL:
            os.environ.update(ALONE, RAY_AUTH_TOKEN=secrets.token_hex(32))
        self._address = address
        self._wanted = workers
        self._exits = ExitStack()
        self._workers: list[Any] = []
        self._starting: dict[Any, int] = {}
        """Workers that are not there yet, by what they will say."""
        self._given: dict[Any, int] = {}
        """Which worker has been given what."""

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
        waiting: deque[tuple[Any, Batch]] = deque()
        for batch in batches:
            if not batch.rows:
                waiting.append((None, batch))
            else:
                self._start()
                waiting.append((self._give(method, batch), batch))
            while len(waiting) >= max(len(self._workers), 1) * AHEAD:
                yield self._take(*waiting.popleft())
        while waiting:
            yield self._take(*waiting.popleft())

    def _give(self, method: str, batch: Batch) -> Any:
        """Give a batch to the worker that has least to do."""
        import ray

        there = self._find_started()
        if self._given:
            done, _ = ray.wait(list(self._given), num_returns=len(self._given), timeout=0, fetch_local=False)
            for one in done:
                del self._given[one]
        busy = list(self._given.values())
        worker = min(there, key=busy.count)
        promised = getattr(self._workers[worker], method).remote(batch.rows, *batch.arguments)
        self._given[promised] = worker
        return promised

    def _take(self, promised: Any, batch: Batch) -> list[Row]:
        if promised is None:
            return []
        found: list[Row] = self._get(promised, batch)
        return found

    def _get(self, promised: Any, batch: Batch) -> Any:
        import ray
        from ray.exceptions import RayActorError, RayError, RayTaskError

        try:
            return ray.get(promised)
        except RayTaskError as error:
            if isinstance(error.cause, AssistantError):
                raise ModelError(f"a worker of Ray ({self._address}) cannot work: {error.cause}") from error
            trouble = f"a worker failed ({_last_line(error)})"
        except RayActorError:
            trouble = f"workers died {RETRIES + 1} times, perhaps for want of memory"
        except RayError as error:
            trouble = f"Ray failed ({_first_line(error)})"
        raise AssistantError(
            f"{trouble} at {self._address} over the articles from {batch.named} on. What was written stays; the same "
            "command goes on from there"
        )

    def _start(self) -> None:
        """Connect and start the workers, unless they are there."""
        if self._workers:
            return
        # Ray says on standard output, where the report goes, that a worker died.
        self._exits.enter_context(redirect_stdout(sys.stderr))
        import ray

        self._connect()
        there: Any = ray
        processors = max(1, int(there.cluster_resources().get("CPU", 1)))
        kind = ray.remote(num_cpus=1, max_restarts=-1, max_task_retries=RETRIES)(FarWorker)
        self._workers = [kind.remote() for _ in range(min(self._wanted or processors, processors))]
        self._starting = {worker.describe.remote(): number for number, worker in enumerate(self._workers)}

    def _find_started(self) -> list[int]:
        """The numbers of the workers that are there, of which one is awaited."""
        import ray

        if self._starting:
            is_first = len(self._starting) == len(self._workers)
            wanted = 1 if is_first else len(self._starting)
            done, _ = ray.wait(
                list(self._starting), num_returns=wanted, timeout=START_SECONDS if is_first else 0, fetch_local=False
            )
            if is_first and not done:
                raise AssistantError(
                    f"no worker started at {self._address} in {START_SECONDS:.0f} s: are its processors taken "
                    "(`ray status` tells)?"
                )
            for one in done:
                self._check(json.loads(self._get(one, Batch([], named="the first"))))
                del self._starting[one]
        missing = set(self._starting.values())
        return [number for number in range(len(self._workers)) if number not in missing]

    def _check(self, there: dict[str, str]) -> None:
        here = describe_program()
        for name in here:
            if here[name] != there.get(name):
                what = "article-assistant" if name == PROGRAM else name
                raise AssistantError(
                    f"a worker of Ray ({self._address}) has {what} {there.get(name)}, this machine has {here[name]}: "
                    "install the same versions on all machines, or the library would not be the same"
                )

    def _connect(self) -> None:
        import ray

        logging.getLogger("ray").setLevel(logging.ERROR)
        quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR, "configure_logging": False}
        if self._address == LOCAL:
            folder = tempfile.mkdtemp(prefix="ray-")
            self._exits.callback(shutil.rmtree, folder, ignore_errors=True)
            self._exits.callback(ray.shutdown)
            _start_here(folder, self._wanted, quiet)
            return
        self._exits.callback(ray.shutdown)
        try:
            ray.init(address=self._address, **quiet)
        except Exception as error:  # Ray raises what its transports raise
            raise AssistantError(
                f"no Ray cluster answers at {self._address} ({_first_line(error)}): does `ray status` show it there?"
            ) from error


def _start_here(folder: str, workers: int | None, quiet: dict[str, Any]) -> None:
    import ray

    for attempt in range(STARTS):
        try:
            ray.init(
                address=LOCAL,
                num_cpus=workers or os.cpu_count() or 1,
                include_dashboard=False,
                object_store_memory=STORE_BYTES,
                _temp_dir=folder,
                **quiet,
            )
            return
        except Exception as error:  # Ray raises bare exceptions here
            with suppress(Exception):
                ray.shutdown()
            if attempt + 1 == STARTS:
                raise AssistantError(
                    f"Ray did not start on this machine ({_first_line(error)}): sync without `--ray`, or try again "
                    "when the machine is less busy"
                ) from error


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _last_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[-1] if lines else type(error).__name__
