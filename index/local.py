"""The library in a folder as an `Index`: the record in SQLite, with all that is built on it in one place.

The one rule: it adds nothing of its own; each method is the function of the file that it names.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from index import listing as tables
from index import putting_away, reuse, settling, versions, writer
from index.compacting import compact
from index.database import DATABASE, FORMAT, Database, make_database, transaction
from index.dense import open_view, save_view
from index.embedder import Vectors
from index.errors import LibraryError
from index.full_text import match_expression
from index.library import UNFINISHED, Library
from index.lists import REMOVED, Bar, Listed, Listing
from index.local_rankings import LocalRankings
from index.migration import STEPS, migrate
from index.readable import Rankings
from index.records import Article, Entry, Passage, Version


def open_library(folder: Path, *, create: bool = False, unfinished: bool = False) -> "LocalLibrary":
    """Open the library in `folder`; `create` makes an empty one where there is none.

    One that a migration has not filled yet is opened only where that goes on: with `unfinished`.

    Raises:
        LibraryError: if there is none, it is of a newer format, is damaged, or the folder cannot be written.
    """
    path = folder / DATABASE
    if not path.exists():
        if not create:
            raise LibraryError(
                f"there is no library in {folder}: make one with `article-assistant sync SOURCE --library {folder}`"
            )
        make_database(path)
    library = LocalLibrary(folder)
    found = library.read_meta("format")
    if found in STEPS:
        migrate(library, int(found))
        found = library.read_meta("format")
    if found != FORMAT:
        raise LibraryError(
            f"the library in {folder} has format {found}, this program reads format {FORMAT}: "
            "update article-assistant, or sync the sources into a new folder"
        )
    if not unfinished and (origin := library.read_meta(UNFINISHED)):
        raise LibraryError(
            f"the library in {folder} is only partly there: end what was begun with `article-assistant migrate "
            f"{origin} {folder}`"
        )
    return library


class LocalLibrary(Library):
    """An open library in a folder; `open_library` gives one."""

    @property
    def address(self) -> str:
        """The folder."""
        return str(self.folder)

    @property
    def state(self) -> Database:
        """The library itself."""
        return self

    def rankings(self) -> Rankings:
        """See `index.local_rankings.LocalRankings`."""
        return LocalRankings(self, open_view(self))

    def find_digests(self, article_ids: Collection[str]) -> dict[str, str]:
        """The digests of those articles that are there."""
        found = {name: self.find_digest(name) for name in article_ids}
        return {name: digest for name, digest in found.items() if digest is not None}

    def iterate_entries(self) -> Iterator[Entry]:
        """See `index.store.Index`."""
        for article in self.iterate_articles():
            rows = self.all(
                "SELECT l.digest, l.words FROM line l JOIN article a ON a.number = l.article WHERE a.id = ?", article.id
            )
            spans = self.passages_of(article.id)
            vectors = self.find_vectors(list(spans))
            signature = self.one("SELECT signature FROM article WHERE id = ?", article.id)
            # Removed or edited since it was read: its entry would not be whole.
            if set(vectors) == set(spans) and (digest := self.find_digest(article.id)) is not None:
                passages = [Passage(article.id, start, end, article.text[start:end]) for start, end in spans.values()]
                yield Entry(
                    article,
                    digest,
                    self.removed_lines(article.id),
                    tuple((int(line), int(words)) for line, words in rows),
                    tuple(passages),
                    np.asarray([vectors[passage] for passage in spans], dtype=np.float32),
                    signature[0] if signature else None,
                )

    def find_embedded(self, texts: Collection[str]) -> dict[str, Vectors]:
        """See `index.reuse.find_embedded`."""
        return reuse.find_embedded(self, texts)

    def count_word(self, word: str) -> int:
        """How many passages hold a word, in any of its forms."""
        return self.count_matches(match_expression([word]))

    def known_words(self, words: Sequence[str]) -> list[str]:
        """See `index.readable.Readable`."""
        return [word for word in words if self.count_matches(match_expression([word]), 1)]

    def match_words(self, words: Sequence[str], limit: int) -> list[int]:
        """The passages that hold any of the words, best BM25 first."""
        return self.match_text(match_expression(words), limit)

    def list_page(self, listing: Listing) -> Listed:
        """See `index.listing.list_page`."""
        return tables.list_page(self, listing)

    def count_by_time(self, listing: Listing) -> list[Bar]:
        """See `index.listing.count_by_time`."""
        return tables.count_by_time(self, listing)

    def find_chosen(self, listing: Listing) -> list[str]:
        """See `index.listing.find_chosen`."""
        return tables.find_chosen(self, listing)

    def read_versions(self, article_id: str) -> list[Version]:
        """See `index.versions.read_versions`."""
        return versions.read_versions(self, article_id)

    def set_model(self, model: str, dimension: int) -> None:
        """See `index.writer.set_model`."""
        writer.set_model(self, model, dimension)

    def write_all(self, entries: Sequence[Entry]) -> list[bool]:
        """See `index.writer.write_entry`: one transaction each."""
        return [writer.write_entry(self, entry) for entry in entries]

    def put_away(self, article_ids: Iterable[str], kind: str = REMOVED) -> int:
        """See `index.putting_away.put_away`."""
        return putting_away.put_away(self, article_ids, kind)

    def bring_back(self, token: int) -> list[str]:
        """See `index.putting_away.bring_back`."""
        return putting_away.bring_back(self, token)

    def bring_back_articles(self, article_ids: Iterable[str]) -> list[str]:
        """See `index.putting_away.bring_back_articles`."""
        return putting_away.bring_back_articles(self, article_ids)

    def forget(self, token: int) -> int:
        """See `index.putting_away.forget`."""
        return putting_away.forget(self, token)

    def settled(self, source: str) -> frozenset[int]:
        """See `index.settling.settled`."""
        return settling.settled(self, source)

    def keep_settled(self, source: str, digests: Collection[int]) -> None:
        """Take over what another library settled."""
        with transaction(self) as connection:
            connection.execute("DELETE FROM recurring_line WHERE source = ?", (source,))
            connection.executemany("INSERT INTO recurring_line VALUES (?, ?)", [(source, digest) for digest in digests])

    def unwanted(self) -> list[str]:
        """Ids of the articles that the user removed."""
        query = (
            "SELECT id FROM unwanted UNION SELECT v.id FROM version v JOIN removal r ON r.token = v.removal "
            "WHERE r.kind = ? AND v.id NOT IN (SELECT id FROM article)"
        )
        return [row[0] for row in self.all(query, REMOVED)]

    def make_unwanted(self, article_ids: Collection[str]) -> None:
        """Let later syncs leave these out."""
        with transaction(self) as connection:
            connection.executemany("INSERT OR IGNORE INTO unwanted VALUES (?)", [(name,) for name in article_ids])

    def unfinished_from(self) -> str:
        """See `index.store.Index`."""
        return str(self.read_meta(UNFINISHED) or "")

    def set_unfinished(self, origin: str) -> None:
        """See `index.store.Index`."""
        with transaction(self) as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (UNFINISHED, origin))

    def resettle(self) -> Iterator[list[tuple[Article, str]]]:
        """See `index.settling.resettle`."""
        return settling.resettle(self)

    def tidy(self) -> str:
        """Sign what an earlier version of the program wrote, and bring the dense view's file up to date."""
        writer.sign_unsigned(self)
        compact(self)
        try:
            save_view(self)
        except OSError as error:
            return f"the dense view was not saved ({error}): it is made again when the library is opened"
        return ""
