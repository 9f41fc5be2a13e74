"""Room is given back: the full text, which grows in segments, is merged to one, and pages that fell free are returned.

The one rule: what it costs is in proportion to what was written since the last time, however large the library is.
"""

from index.database import give_back, transaction
from index.library import Library
from index.text_rows import OF

SHARE = 0.3
"""So large a part of the passages is new, or gone, before it is worth while."""
FEWEST = 1_000
"""Fewer passages than these take no room that anybody misses."""
COMPACTED = "compacted"
"""The key under which the library keeps the revision of the last time."""


def compact(library: Library) -> bool:
    """Compact the library where that is due; whether it was. Readers go on meanwhile."""
    late = library.count_since(int(library.read_meta(COMPACTED) or 0))
    if late < max(FEWEST, SHARE * library.count_passages()):
        return False
    with transaction(library) as connection:
        for table in OF:
            connection.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        connection.execute("INSERT OR REPLACE INTO meta SELECT ?, value FROM meta WHERE key = 'revision'", (COMPACTED,))
    give_back(library.connection)
    return True
