"""The words of a text as a library's full text has them: stems, lower-case, without accents.

The one rule: SQLite's own full text makes them, in memory, so that another store matches and ranks the very same words.
"""

import sqlite3
import threading
from collections.abc import Sequence
from functools import lru_cache

TOKENIZER = "porter unicode61 remove_diacritics 2"
"""As the tables of full text have it; a test compares them."""
_lock = threading.Lock()


def to_tokens(texts: Sequence[str]) -> list[list[str]]:
    """The words of each text, in their order."""
    found: list[list[tuple[int, str]]] = [[] for _ in texts]
    with _lock:
        connection = _table()
        connection.execute("BEGIN")
        try:
            rows = ((place, text.encode(errors="replace").decode()) for place, text in enumerate(texts))
            connection.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", rows)
            for place, offset, term in connection.execute("SELECT doc, offset, term FROM found"):
                found[place].append((offset, term))
        finally:
            connection.execute("ROLLBACK")
    return [[term for _, term in sorted(each)] for each in found]


@lru_cache(maxsize=10_000)
def word_tokens(word: str) -> tuple[str, ...]:
    """The words that a search for one word looks for, one after the other: mostly one, none where it has no letters."""
    return tuple(to_tokens([word])[0])


@lru_cache(maxsize=1)
def _table() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.execute(f"CREATE VIRTUAL TABLE words USING fts5 (text, content = '', tokenize = '{TOKENIZER}')")
    connection.execute("CREATE VIRTUAL TABLE found USING fts5vocab ('words', 'instance')")
    return connection
