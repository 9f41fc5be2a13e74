"""Run as a process of its own: migrates a library, an article at a time, and dies with SIGKILL at a moment.

`python moving_and_dying.py FROM TO FOLDER MOMENT`: `opened` before anything is copied, `copied` after the second
article, `checked` when all is there and compared, and not yet said to be whole.
"""

import os
import signal
import sys
from pathlib import Path

from index import moving
from index.address import is_server, read_address
from index.opening import open_index

origin, target, folder, moment = sys.argv[1:]


def opened(where, **options):
    """A library in a folder or on a server."""
    if is_server(where):
        return open_index(Path(folder) / "state", read_address(where), **options)
    return open_index(Path(where), **options)


def die(*_):
    """End as when the power fails."""
    os.kill(os.getpid(), signal.SIGKILL)


def progress(_, done, __):
    """Die after the second article."""
    if moment == "copied" and done == 2:
        die()


moving.TOGETHER = 1
if moment == "checked":
    moving._remember = die
source, copy = opened(origin), opened(target, create=True, unfinished=True)
if moment == "opened":
    die()
moving.move(source, copy, progress)
