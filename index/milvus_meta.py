"""What a library on a server keeps of itself: its format, its model, its revision and what is announced.

The one rule: a value is JSON under a key, and writing it again replaces it.
"""

import base64
import json
from collections.abc import Collection
from typing import Any

import numpy as np

from index.milvus_client import META, Collections, Row, within
from index.milvus_schema import NO_VECTOR


def read_meta(collections: Collections, key: str, *, fresh: bool = False) -> Any:
    """What is kept under a key; None where there is nothing; `fresh` sees all that was committed."""
    found = collections.query(META, within("key", [key]), ["value"], fresh=fresh)
    return json.loads(found[0]["value"]) if found else None


def write_meta(collections: Collections, key: str, value: object) -> None:
    """Keep something under a key."""
    collections.upsert(META, [meta_row(key, value)])


def meta_row(key: str, value: object) -> Row:
    """The row of something that is kept."""
    return {"key": key, "value": json.dumps(value), "vector": NO_VECTOR}


def pack_digests(digests: Collection[int]) -> str:
    """Digests of lines as a value that is kept: 6,000 of them fit."""
    return base64.b64encode(np.asarray(sorted(digests), dtype="<i8").tobytes()).decode()


def unpack_digests(packed: str) -> frozenset[int]:
    """Digests from such a value."""
    return frozenset(np.frombuffer(base64.b64decode(packed), dtype="<i8").tolist())
