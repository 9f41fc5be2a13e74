"""Which lines are boilerplate of a source is settled after each sync, by counting in the library.

The one rule: which lines are cleaned away depends on the articles that are there, not on the order they came in.
"""

from collections.abc import Iterator
from dataclasses import replace

from index.clean import Cleaned, is_recurring, restore
from index.database import transaction
from index.library import Library
from index.records import Article

_COUNTS = (
    "SELECT l.digest, l.words, count(*) FROM line l JOIN article a ON a.number = l.article WHERE a.source = ? "
    "GROUP BY l.digest, l.words HAVING count(*) > 1"
)
TOGETHER = 500
"""So many articles are cleaned again before it is noted that they were."""


def settled(library: Library, source: str) -> frozenset[int]:
    """Digests of the lines that are boilerplate of the source, as of the last settling."""
    rows = library.all("SELECT digest FROM recurring_line WHERE source = ?", source)
    return frozenset(row[0] for row in rows)


def resettle(library: Library) -> Iterator[list[tuple[Article, str]]]:
    """Decide again what is boilerplate in the sources that changed.

    Yields:
        Some at a time, the stored articles that have to be cleaned again, as they were before cleaning, with their
        digests. They are to be written before the next are asked for. Killed halfway, the next call begins with them.
    """
    for (source,) in library.all("SELECT source FROM unsettled_source"):
        before = settled(library, source)
        after = _decide(library, source)
        affected = _articles_with(library, source, before ^ after)
        with transaction(library) as connection:
            connection.execute("DELETE FROM recurring_line WHERE source = ?", (source,))
            connection.executemany("INSERT INTO recurring_line VALUES (?, ?)", [(source, digest) for digest in after])
            connection.executemany("INSERT OR IGNORE INTO uncleaned_article VALUES (?)", [(i,) for i in affected])
            connection.execute("DELETE FROM unsettled_source WHERE source = ?", (source,))
    yield from _uncleaned(library)


def _decide(library: Library, source: str) -> frozenset[int]:
    ((articles,),) = library.all("SELECT count(*) FROM article WHERE source = ?", source)
    rows = library.all(_COUNTS, source)
    return frozenset(digest for digest, words, count in rows if is_recurring(words, count, articles))


def _articles_with(library: Library, source: str, digests: frozenset[int]) -> list[str]:
    found: set[str] = set()
    query = "SELECT a.id FROM line l JOIN article a ON a.number = l.article WHERE a.source = ? AND l.digest = ?"
    for digest in digests:
        found.update(row[0] for row in library.all(query, source, digest))
    return sorted(found)


def _uncleaned(library: Library) -> Iterator[list[tuple[Article, str]]]:
    waiting = library.all("SELECT id FROM uncleaned_article")
    for begin in range(0, len(waiting), TOGETHER):
        rows = waiting[begin : begin + TOGETHER]
        stored = [article for (article_id,) in rows if (article := library.find_article(article_id))]
        yield [
            (
                replace(article, text=restore(Cleaned(article.text, library.removed_lines(article.id)))),
                library.find_digest(article.id) or "",
            )
            for article in stored
        ]
        with transaction(library) as connection:
            connection.executemany("DELETE FROM uncleaned_article WHERE id = ?", rows)
