"""Entries made by the workers of a Ray cluster, or by Ray on this machine.

The one rule: workers only compute. All is read and written here, in the order in which it was read, so that the library
is what it would be without them, whatever becomes of a worker.
"""

import logging
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from importlib.util import find_spec
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from index.embedder import Embedder, Vectors, open_embedder
from index.entries import Task, make_entries
from index.errors import AssistantError, ModelError
from index.parcels import Parcel, Row, pack_entry, pack_task, unpack_entry, unpack_task
from index.passages import Cut
from index.reuse import embedded_text
from index.store import Index
from index.sync import PIPELINE
from index.writer import Entry

if TYPE_CHECKING:
    import pyarrow

LOCAL = "local"
BATCH_CHARACTERS = 60_000
"""Articles are sent in batches of about this length, some 100 passages: a second or so of a worker."""
WAVE_BATCHES = 64
"""So many batches for each worker are on their way together. It bounds memory; workers load their model once a wave."""
STORE_BYTES = 256 << 20
"""What batches may take in memory where Ray is started here; more goes to disk."""
STARTS = 2
"""Ray gives up where its parts take more than 15 seconds to start, as on a busy machine."""
QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
    "RAY_DATA_LOG_LEVEL": "ERROR",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
}
"""Set before Ray is imported, as it reads them then."""
ALONE = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_AUTH_MODE": "token"}
"""For Ray on this machine: its parts listen on 127.0.0.1 alone, and each of them asks for a token."""


class RayMaker:
    """A `Maker` whose workers have one model each; nothing is started while there is nothing to do."""

    def __init__(self, address: str, workers: int | None = None) -> None:
        """Take the address of a cluster (`HOST:PORT`, `ray://HOST:PORT`, `auto`), or `local`.

        Args:
            address: Where Ray is; `local` starts it on this machine, for as long as there is work.
            workers: How many there shall be; as many as the cluster has processors where it is not told.

        Raises:
            AssistantError: if Ray is not installed.
        """
        missing = [name for name in ("ray", "pyarrow") if not find_spec(name)]
        if missing:
            raise AssistantError(
                f"`--ray` needs the package {missing[0]!r}: install it with `pip install 'article-assistant[ray]'`"
            )
        os.environ.update(QUIET)
        if address == LOCAL:
            os.environ.update(ALONE, RAY_AUTH_TOKEN=secrets.token_hex(32))
        self._address = address
        self._workers = workers

    def __call__(self, tasks: Iterable[Task], library: Index, embedder: Embedder, cut: Cut) -> Iterator[list[Entry]]:
        """See `index.entries.Maker`; what stands in other articles already is embedded once more."""
        waiting = iter(tasks)
        first = next(waiting, None)
        if first is None:
            return
        batches = _by_length(chain([first], waiting), library)
        # Ray says on standard output, where the report goes, that a worker died.
        with (
            redirect_stdout(sys.stderr),
            _connected(self._address, self._workers),
            _telling_trouble(self._address),
        ):
            workers = self._workers or _count_processors()
            while wave := _take_wave(batches, workers * WAVE_BATCHES):
                yield from _make_wave(wave, workers, embedder, cut)


class EntryWorker:
    """What runs on a worker: it has a model, and makes the entries of a batch.

    Ray starts one that died again, and gives its batch to another.
    """

    def __init__(self, model: str, dimension: int, pipeline: int, cut: Cut) -> None:
        """Load the model; `dimension` and `pipeline` are the driver's, which must be this worker's, too.

        Raises:
            ModelError: if the model cannot be loaded here, or the program here is of another version.
        """
        self._embedder = open_embedder(model, threads=1)
        self._cut = cut
        here, there = (self._embedder.dimension, PIPELINE), (dimension, pipeline)
        if here != there:
            raise ModelError(
                f"a worker's program makes vectors of {here[0]} dimensions by pipeline {here[1]}, the one that syncs "
                f"{there[0]} by {there[1]}: install the same version of article-assistant on all machines"
            )

    def __call__(self, batch: "pyarrow.Table") -> "pyarrow.Table":
        """Make the entries of a batch of packed tasks, in its order."""
        parcels = [unpack_task(row, self._embedder.dimension) for row in batch.to_pylist()]
        ready = {text: vector for parcel in parcels for text, vector in parcel.ready.items()}

        def find_embedded(texts: Collection[str]) -> dict[str, Vectors]:
            return {text: ready[text] for text in texts if text in ready}

        made = make_entries((parcel.task for parcel in parcels), find_embedded, self._embedder, self._cut)
        return _to_table([pack_entry(entry) for entry in chain.from_iterable(made)])


def _by_length(tasks: Iterable[Task], library: Index) -> Iterator[list[Row]]:
    """Batches of about the same length, so that no worker waits long for another."""
    batch: list[Row] = []
    length = 0
    for task in tasks:
        batch.append(pack_task(Parcel(task, _vectors_of(library, task.article.id))))
        length += len(task.article.text)
        if length >= BATCH_CHARACTERS:
            yield batch
            batch, length = [], 0
    if batch:
        yield batch


def _vectors_of(library: Index, article_id: str) -> dict[str, Vectors]:
    """The vectors of an article as it stands in the library: of an edited one, most passages are as they were."""
    stored = library.find_article(article_id)
    spans = library.passages_of(article_id) if stored else {}
    if stored is None or not spans:
        return {}
    vectors = library.find_vectors(list(spans))
    return {
        embedded_text(stored.title, stored.text[start:end]): vectors[passage]
        for passage, (start, end) in spans.items()
        if passage in vectors
    }


def _take_wave(batches: Iterator[list[Row]], most: int) -> list["pyarrow.Table"]:
    return [_to_table(batch) for batch in islice(batches, most)]


def _make_wave(wave: list["pyarrow.Table"], workers: int, embedder: Embedder, cut: Cut) -> Iterator[list[Entry]]:
    import ray.data

    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.execution_options.preserve_order = True
    made = ray.data.from_arrow(wave).map_batches(
        EntryWorker,
        fn_constructor_args=(embedder.model, embedder.dimension, PIPELINE, cut),
        batch_size=None,
        batch_format="pyarrow",
        compute=ray.data.ActorPoolStrategy(size=min(workers, len(wave))),
        num_cpus=1,
    )
    batches: Iterable[Any] = made.iter_batches(batch_size=None, batch_format="pyarrow")
    for batch in batches:
        yield [unpack_entry(row, embedder.dimension) for row in batch.to_pylist()]


def _to_table(rows: list[Row]) -> "pyarrow.Table":
    import pyarrow

    kinds = pyarrow.schema({"told": pyarrow.large_string(), "vectors": pyarrow.large_binary()})
    return pyarrow.Table.from_pylist(rows, schema=kinds)


def _count_processors() -> int:
    import ray

    there: Any = ray
    return max(1, int(there.cluster_resources().get("CPU", 1)))


@contextmanager
def _connected(address: str, workers: int | None) -> Iterator[None]:
    """Be a client of the cluster, or of Ray on this machine, which leaves nothing behind."""
    import ray

    logging.getLogger("ray").setLevel(logging.ERROR)
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR, "configure_logging": False}
    folder = tempfile.mkdtemp(prefix="ray-") if address == LOCAL else ""
    try:
        if address == LOCAL:
            _start_here(folder, workers, quiet)
        else:
            try:
                ray.init(address=address, **quiet)
            except Exception as error:  # Ray raises what its transports raise
                raise AssistantError(
                    f"no Ray cluster answers at {address} ({_first_line(error)}): does `ray status` show it there?"
                ) from error
        yield
    finally:
        ray.shutdown()
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


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


@contextmanager
def _telling_trouble(address: str) -> Iterator[None]:
    from ray.exceptions import RayError

    try:
        yield
    except (RayError, RuntimeError) as error:
        cause = error.__cause__ if isinstance(error.__cause__, AssistantError) else None
        raise AssistantError(
            f"the workers of Ray ({address}) gave up: {_first_line(cause or error)}. What was written stays; the same "
            "command goes on from there"
        ) from error


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
