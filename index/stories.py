"""Wire copies and re-posts of one story: found by MinHash when an article is written, kept as one number.

The one rule: a story's number is the smallest article number in it, so that it is never two stories'. The signature is
Broder's ("On the resemblance and containment of documents", 1997) over shingles of four words. It is made here in
NumPy, for what a package would add, an index of the bands, has to change in one transaction with the article.
"""

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Sequence
from zlib import crc32

import numpy as np

SHINGLE = 4
FEWEST_SHINGLES = 20
"""A shorter text is no story: greetings and captions are alike without being copies."""
BANDS, ROWS = 20, 6
"""Two articles alike to 0.8 share a band in 998 of 1,000 cases, alike to 0.4 in 8 of 100."""
ALIKE = 0.8
"""The part of their shingles that copies share. Below it stand the follow-ups that repeat most of an earlier report
("launched", "docked"): `python -m benchmarks.stories` lists what stands on either side."""
LOOKED_AT = 20
"""Of the articles that share a band, so many are compared: ten thousand copies cost no more than twenty."""
SPLIT_UP_TO = 50
"""A story of more copies is not taken apart when one of them leaves."""

_WORD = re.compile(r"\w+")
_MIXER = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio: odd, and its bits look random
_RANDOM = np.random.Generator(np.random.PCG64(20240506))
_FACTORS = _RANDOM.integers(0, 1 << 63, BANDS * ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_TERMS = _RANDOM.integers(0, 1 << 63, BANDS * ROWS, dtype=np.uint64)


def sign(text: str) -> bytes:
    """The signature of a text, two bytes for each of 120 hash functions; b"" where it is too short to be a story."""
    words = [crc32(word.encode(errors="replace")) for word in _WORD.findall(text.lower())]
    if len(words) < FEWEST_SHINGLES + SHINGLE - 1:
        return b""
    # A shingle is hashed as a polynomial in its words' hashes; all of it wraps at 64 bits.
    hashed = np.asarray(words, dtype=np.uint64) * _MIXER
    shingles = np.zeros(len(words) - SHINGLE + 1, dtype=np.uint64)
    for place in range(SHINGLE):
        shingles *= _MIXER
        shingles += hashed[place : place + len(shingles)]
    shingles = np.unique(shingles ^ (shingles >> np.uint64(32)))
    if len(shingles) < FEWEST_SHINGLES:
        return b""
    smallest = np.empty(BANDS * ROWS, dtype=np.uint64)
    values = np.empty_like(shingles)
    for n, (factor, term) in enumerate(zip(_FACTORS, _TERMS, strict=True)):
        np.multiply(shingles, factor, out=values)
        np.add(values, term, out=values)
        smallest[n] = values.min()
    # The leading bits of a minimum are nearly always 0; a mixture of all of them tells minima apart.
    return ((smallest * _MIXER) >> np.uint64(48)).astype("<u2").tobytes()


def alike(one: bytes, other: bytes) -> float:
    """The estimated part of their shingles that two signed texts share, 0..1 (their Jaccard similarity)."""
    if not one or not other:
        return 0.0
    return float(np.mean(np.frombuffer(one, dtype="<u2") == np.frombuffer(other, dtype="<u2")))


def join_story(connection: sqlite3.Connection, number: int, signature: bytes) -> None:
    """Note an article's signature and put it into the story of its copies, within a transaction."""
    connection.execute("UPDATE article SET signature = ? WHERE number = ?", (signature, number))
    if not signature:
        return
    keys = bands_of(signature)
    copies = _copies(connection, signature, keys, number)
    connection.executemany("INSERT OR IGNORE INTO band VALUES (?, ?)", [(key, number) for key in keys])
    if copies:
        _merge(connection, [number, *copies])


def leave_story(connection: sqlite3.Connection, number: int) -> None:
    """Take an article that is about to go out of its story, within a transaction."""
    row = connection.execute("SELECT story, signature FROM article WHERE number = ?", (number,)).fetchone()
    story, signature = row or (None, None)
    if signature:
        connection.executemany(
            "DELETE FROM band WHERE band = ? AND article = ?", [(key, number) for key in bands_of(signature)]
        )
    if story is None:
        return
    query = "SELECT number, signature FROM article WHERE story = ? AND number <> ? ORDER BY number"
    left = connection.execute(query, (story, number)).fetchall()
    connection.execute("UPDATE article SET story = NULL WHERE story = ?", (story,))
    parts = _components(left) if len(left) <= SPLIT_UP_TO else [[row[0] for row in left]]
    for part in parts:
        if len(part) > 1:
            _label(connection, part)


def _copies(connection: sqlite3.Connection, signature: bytes, keys: Iterable[int], number: int) -> list[int]:
    candidates: set[int] = set()
    for key in keys:
        query = "SELECT article FROM band WHERE band = ? AND article <> ? LIMIT ?"
        candidates.update(row[0] for row in connection.execute(query, (key, number, LOOKED_AT)))
    found = []
    for candidate in sorted(candidates):
        row = connection.execute("SELECT signature FROM article WHERE number = ?", (candidate,)).fetchone()
        if row and alike(signature, row[0]) >= ALIKE:
            found.append(candidate)
    return found


def _merge(connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
    """Make one story of these articles and of the stories that they are in."""
    members = set(numbers)
    for number in numbers:
        (story,) = connection.execute("SELECT story FROM article WHERE number = ?", (number,)).fetchone()
        if story is not None and story not in members:
            members.add(story)
        if story is not None:
            members.update(row[0] for row in connection.execute("SELECT number FROM article WHERE story = ?", (story,)))
    _label(connection, sorted(members))


def _label(connection: sqlite3.Connection, members: Sequence[int]) -> None:
    story = min(members)
    connection.executemany(
        "UPDATE article SET story = ?1 WHERE number = ?2 AND story IS NOT ?1", [(story, number) for number in members]
    )


def _components(rows: Sequence[tuple[int, bytes]]) -> list[list[int]]:
    """The groups of articles that hang together by being alike."""
    waiting = dict(rows)
    groups = []
    while waiting:
        number, signature = waiting.popitem()
        group, edge = [number], [signature]
        while edge:
            own = edge.pop()
            near = [other for other, theirs in waiting.items() if alike(own, theirs) >= ALIKE]
            group += near
            edge += [waiting.pop(other) for other in near]
        groups.append(group)
    return groups


def bands_of(signature: bytes) -> list[int]:
    """A number for each band of a signature; two that are alike probably share one."""
    size = 2 * ROWS
    return [
        int.from_bytes(
            hashlib.blake2b(bytes([band]) + signature[band * size : (band + 1) * size], digest_size=8).digest(),
            "little",
            signed=True,
        )
        for band in range(BANDS)
    ]
