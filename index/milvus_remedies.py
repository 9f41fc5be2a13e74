"""What to do where a Milvus server is not reached, or does not let us in.

The one rule: a remedy names the setting, never its value where that is a secret.
"""

from pathlib import Path

from index.address import Server
from index.errors import LibraryError

TLS_REMEDY = "set ARTICLE_ASSISTANT_MILVUS_TLS to 1, or to the file of the authority's certificate"


def certificate_of(server: Server) -> str:
    """The file of the authority's certificate.

    Raises:
        LibraryError: if it cannot be read.
    """
    try:
        with Path(server.tls).open("rb"):
            return server.tls
    except OSError as error:
        raise LibraryError(
            f"the library at {server.address}: the certificate {server.tls} cannot be read ({error}): {TLS_REMEDY}"
        ) from error


def is_away(said: str) -> bool:
    """Whether the server could not be reached, by what pymilvus said."""
    return any(sign in said.lower() for sign in ("unavailable", "fail connecting", "refused"))


def remedy_for(said: str, server: Server) -> str:
    """What to do about what pymilvus said, to be put behind it; "" where nobody knows."""
    low = said.lower()
    if "auth" in low or "permission" in low:
        return ": set ARTICLE_ASSISTANT_MILVUS_TOKEN to user:password or an API key that may use it"
    if "certificate" in low or "ssl" in low or "handshake" in low:
        return f": {TLS_REMEDY}"
    if is_away(said) or "deadline" in low or "timeout" in low:
        secure = (
            "is its certificate signed by the authority that ARTICLE_ASSISTANT_MILVUS_TLS names"
            if server.tls
            else "does it take connections without TLS (an address that begins with https:// has it)"
        )
        return f": is the server running, can it be reached, and {secure}? What was committed before is unharmed"
    return ""
