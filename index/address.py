"""Where a library is: a folder, or a name on a Milvus server, `milvus://host:19530/name` or `https://host/name`.

The one rule: an address holds no secret, so that it may be printed; the token and the certificate come apart from it.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from index.errors import LibraryError

SCHEME, SECURE = "milvus://", "https://"
PORT, SECURE_PORT = 19530, 443
CONSISTENCY = ("Strong", "Bounded", "Eventually")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Server:
    """A library on a Milvus server.

    `token` is `user:password` or an API key, "" for none. `tls` is "" for a plain connection, "1" for TLS with the
    system's certificates, else the file of the certificate that the server's must be signed by. `consistency` is how
    fresh a reader's view must be: `Strong` sees all that was committed before the question. `scheme` is how its address
    begins: `https://` is always TLS.
    """

    host: str
    port: int
    name: str
    token: str = field(default="", repr=False)
    tls: str = ""
    consistency: str = CONSISTENCY[0]
    scheme: str = SCHEME

    @property
    def address(self) -> str:
        """The address as it may be shown."""
        return f"{self.scheme}{self.host}:{self.port}/{self.name}"


def is_server(library: str | Path) -> bool:
    """Whether this is the address of a server; a path takes away one of its slashes."""
    return str(library).startswith(("milvus:/", "https:/", "http:/"))


def read_address(address: str, token: str = "", tls: str = "", consistency: str = "") -> Server:
    """The server of an address: `milvus://host:port/name`, or `https://host:port/name` for TLS.

    Raises:
        LibraryError: if it is none.
    """
    parts = urlsplit(address)
    secure = address.startswith(SECURE)
    if parts.username or parts.password or "@" in parts.netloc:
        raise LibraryError(
            "a library's address holds no user and no password, so that it can be shown: put them into "
            "ARTICLE_ASSISTANT_MILVUS_TOKEN as user:password"
        )
    try:
        host, port, name = parts.hostname or "", parts.port or (SECURE_PORT if secure else PORT), parts.path.strip("/")
    except ValueError:
        host, port, name = "", 0, ""
    is_known = address.startswith((SCHEME, SECURE))
    if not is_known or not host or not _NAME.fullmatch(name) or parts.query or parts.fragment:
        raise LibraryError(
            f"{address} is not the address of a library: write {SCHEME}HOST:{PORT}/NAME, or {SECURE}HOST:PORT/NAME for "
            "TLS, with letters, digits and _ in the name"
        )
    consistency = consistency or CONSISTENCY[0]
    if consistency not in CONSISTENCY:
        raise LibraryError(f"{consistency!r} is no consistency level: choose {', '.join(CONSISTENCY)}")
    return Server(host, port, name, token, tls or ("1" if secure else ""), consistency, SECURE if secure else SCHEME)


def state_folder(server: Server) -> Path:
    """The folder for what is not articles, where none is chosen: in the working folder, named after the server."""
    return Path(f"milvus-{server.host}-{server.port}-{server.name}".replace(":", "-"))
