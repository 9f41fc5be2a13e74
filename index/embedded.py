"""What is embedded of a passage, and the number under which its vector is found again.

The one rule: the text alone decides; where two texts are equal, so are their vectors.
"""

import hashlib

HASH_BYTES = 8


def embedded_text(title: str, passage: str) -> str:
    """What is embedded of a passage: its article's title in front of it."""
    return f"{title}\n{passage}" if title else passage


def hash_of(text: str) -> int:
    """The hash under which the vector of a text is found, a whole number of 64 bits."""
    digest = hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=HASH_BYTES).digest()
    return int.from_bytes(digest, "little", signed=True)
