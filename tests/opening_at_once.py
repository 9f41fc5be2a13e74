"""Run as a process of its own: makes libraries on a server at the same moments as another one, and writes to them.

`python opening_at_once.py ADDRESS FOLDER ARTICLE TIMES`: says that it is ready, waits for a line each time, and makes
the library `ADDRESS` with the number of the time behind it.
"""

import sys
from pathlib import Path

from index.address import read_address
from index.hashing import HashingEmbedder
from index.opening import open_index
from index.records import Article
from index.sync import sync_articles

address, folder, name, times = sys.argv[1:]
import pymilvus  # noqa: E402, F401 - loaded before the others are waited for

for number in range(int(times)):
    print("ready", flush=True)
    sys.stdin.readline()
    library = open_index(Path(folder) / str(number), read_address(f"{address}{number}"), create=True)
    article = Article(f"https://news.example.org/{name}", name, f"The {name} was opened on Monday.", None, "Gazette")
    sync_articles(library, HashingEmbedder(), [article])
    library.close()
