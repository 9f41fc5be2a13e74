"""Lines that come back in many articles of one source may be boilerplate: they are counted by their digests.

The one rule: a line has the same digest in every process and on every machine.
"""

import hashlib
from collections.abc import Collection, Mapping

from index.clean import countable_lines


def countable(text: str) -> dict[str, tuple[int, int]]:
    """The lines of a normalised text that may turn out to be boilerplate, each with (digest, number of words).

    They are sorted, so that their order is the same in every process.
    """
    return {line: (_digest(line), len(line.split())) for line in sorted(countable_lines(text))}


def recurring_in(lines: Mapping[str, tuple[int, int]], settled_digests: Collection[int]) -> frozenset[str]:
    """Which of an article's countable lines are boilerplate of its source."""
    return frozenset(line for line, (digest, _) in lines.items() if digest in settled_digests)


def _digest(line: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(line.encode(errors="surrogatepass"), digest_size=8).digest(), "little", signed=True
    )
