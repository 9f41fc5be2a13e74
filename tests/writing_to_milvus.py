"""Run as a process of its own: writes an article to a server, and dies with SIGKILL before a step of the write path.

`python writing_to_milvus.py ADDRESS FOLDER STEP TEXT`
"""

import os
import signal
import sys
from pathlib import Path

from index.address import read_address
from index.hashing import HashingEmbedder
from index.milvus import MilvusLibrary
from index.milvus_client import Collections
from index.passages import Cut
from index.records import Article
from index.sync import sync_articles

address, folder, fatal, text = sys.argv[1:]


def notice(step):
    """Die where the caller wants it; `passages` has two halves, and the second is it."""
    notice.seen.append(step)
    if step == fatal.rstrip("2") and notice.seen.count(step) == (2 if fatal.endswith("2") else 1):
        os.kill(os.getpid(), signal.SIGKILL)


notice.seen = []
library = MilvusLibrary(Collections(read_address(address)), Path(folder), notice)
name = "https://news.example.org/dyke"
sync_articles(library, HashingEmbedder(), [Article(name, "The dyke", text, name, "Gazette")], cut=Cut(12))
