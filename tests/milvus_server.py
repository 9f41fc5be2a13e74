"""A Milvus server of its own on this machine: `milvus-lite` as a process, over a real connection."""

import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

START_SECONDS = 60
COMMAND = "import sys; from milvus_lite.cmdline import main; sys.exit(main())"


class MilvusServer:
    """The process; it can be killed and started again on the same data and port."""

    def __init__(self, folder):
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = folder.parent / "server.log"
        self.process = None

    def address(self, name):
        return f"milvus://127.0.0.1:{self.port}/{name}"

    def start(self):
        options = ["server", "--data-dir", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)]
        with self.log.open("ab") as told:
            command = [sys.executable, "-c", COMMAND, *options]
            self.process = subprocess.Popen(command, stdout=told, stderr=subprocess.STDOUT)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.1)
        raise AssertionError(f"the server did not start: {self.process.poll()}")

    def kill(self):
        """End it at once, as when the power fails."""
        self.process.kill()
        self.process.wait()


@contextmanager
def serving(folder):
    server = MilvusServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
