"""A Milvus server of its own on this machine: `milvus-lite` as a process, over a real connection; TLS before it."""

import ipaddress
import socket
import ssl
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

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


def make_certificate(folder):
    """A certificate for this machine, signed by itself, with its key; the file of the certificate."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a test's authority")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = builder.add_extension(here, critical=False).sign(key, hashes.SHA256())
    file = folder / "certificate.pem"
    file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.with_suffix(".key").write_bytes(secret)
    return file


@contextmanager
def tls_before(port, certificate):
    """The port of a proxy that takes TLS connections and passes what it reads on to `port`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    context.set_alpn_protocols(["h2"])
    listening = socket.create_server(("127.0.0.1", 0))

    def accept():
        with suppress(OSError):  # closed
            while True:
                plain, _ = listening.accept()
                threading.Thread(target=connect, args=(plain,), daemon=True).start()

    def connect(plain):
        with suppress(OSError), context.wrap_socket(plain, server_side=True) as one:
            one.setblocking(False)
            with socket.create_connection(("127.0.0.1", port)) as other:
                other.setblocking(False)
                pump(one, other)

    def pump(one, other):
        """Pass on what either says, until one of them ends."""
        while True:
            for source, target in ((one, other), (other, one)):
                with suppress(ssl.SSLWantReadError, BlockingIOError):
                    if not (read := source.recv(65536)):
                        return
                    target.setblocking(True)
                    target.sendall(read)
                    target.setblocking(False)
            time.sleep(0.002)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()
