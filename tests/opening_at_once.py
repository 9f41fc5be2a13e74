"""Run as a process of its own: makes libraries at the same moments as another one, and writes to them.

`python opening_at_once.py PLACE STATE ARTICLE TIMES`: says that it is ready, waits for a line each time, and makes the
library at the address or in the folder `PLACE` with the number of the time behind it.
"""

import sys
from pathlib import Path

from index.address import is_server, read_address
from index.hashing import HashingEmbedder
from index.opening import open_index
from index.records import Article
from index.sync import sync_articles

place, state, name, times = sys.argv[1:]
if is_server(place):
    import pymilvus  # noqa: F401 - loaded before the others are waited for

for number in range(int(times)):
    print("ready", flush=True)
    sys.stdin.readline()
    where = f"{place}{number}"
    parts = (Path(state) / str(number), read_address(where)) if is_server(where) else (Path(where),)
    library = open_index(*parts, create=True)
    article = Article(f"https://news.example.org/{name}", name, f"The {name} was opened on Monday.", None, "Gazette")
    sync_articles(library, HashingEmbedder(), [article])
    library.close()
