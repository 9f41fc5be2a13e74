"""Becoming a client of a Ray cluster, or of Ray on this machine, which is started for it and ended after it.

The one rule: Ray on this machine is for this process alone, says nothing to anybody, and leaves nothing behind.
"""

import logging
import os
import secrets
import shutil
import tempfile
from contextlib import ExitStack, suppress
from typing import Any

from index.errors import AssistantError

LOCAL = "local"
STORE_BYTES = 256 << 20
"""What batches may take in memory where Ray is started here; more goes to disk."""
STARTS = 2
"""Ray gives up where its parts take more than 15 seconds to start, as on a busy machine."""
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}
"""Set before Ray is imported, as it reads them then."""
ALONE = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_AUTH_MODE": "token"}
"""For Ray on this machine: its parts listen on 127.0.0.1 alone, and each of them asks for a token."""


def set_environment(address: str) -> None:
    """Say what Ray reads when it is imported."""
    os.environ.update(QUIET)
    if address == LOCAL:
        os.environ.update(ALONE, RAY_AUTH_TOKEN=secrets.token_hex(32))


def connect(address: str, workers: int | None, exits: ExitStack) -> None:
    """Connect to Ray at an address, starting it where that is `local`; `exits` ends what was begun.

    Raises:
        AssistantError: if nothing answers there, or it does not start.
    """
    import ray

    logging.getLogger("ray").setLevel(logging.ERROR)
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR, "configure_logging": False}
    if address == LOCAL:
        folder = tempfile.mkdtemp(prefix="ray-")
        exits.callback(shutil.rmtree, folder, ignore_errors=True)
        exits.callback(ray.shutdown)
        _start_here(folder, workers, quiet)
        return
    exits.callback(ray.shutdown)
    try:
        ray.init(address=address, **quiet)
    except Exception as error:  # Ray raises what its transports raise
        raise AssistantError(
            f"no Ray cluster answers at {address} ({first_line(error)}): does `ray status` show it there?"
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
                    f"Ray did not start on this machine ({first_line(error)}): sync without `--ray`, or try again "
                    "when the machine is less busy"
                ) from error


def first_line(error: BaseException) -> str:
    """The first line of an error, else its name."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
