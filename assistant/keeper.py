"""What an assistant does with its library beside answering: articles come and go, sources are remembered.

The one rule: nothing is lost by it; what is taken out can be brought back.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from assistant.settings import Settings
from index.embedder import Embedder
from index.errors import SourceError
from index.lists import Summary
from index.records import Version
from index.remembered import Remembered, forget, list_sources, remember
from index.reports import Progress, SyncReport
from index.sources import Limits, article_from_text
from index.store import Index
from index.sync import sync, sync_articles
from index.web import Web

if TYPE_CHECKING:
    from index.workers import Workers


class Keeper:
    """Keeps a library; `Assistant` is one that answers, too."""

    settings: Settings
    library: Index
    embedder: Embedder
    web: Web

    def summary(self) -> Summary:
        """What the library holds."""
        return self.library.summarise()

    def add(
        self,
        sources: Sequence[str],
        *,
        prune: bool = False,
        progress: Progress | None = None,
        named: bool = True,
        workers: "Workers | None" = None,
    ) -> SyncReport:
        """Sync files, folders, URLs or feeds into the library; see `index.sync.sync`."""
        return sync(
            self.library,
            self.embedder,
            sources,
            prune=prune,
            named=named,
            limits=self.web.limits,
            web=self.web,
            cut=self.settings.cut,
            progress=progress,
            workers=workers,
        )

    def versions(self, article_id: str) -> list[Version]:
        """Every version of an article that is kept, oldest first."""
        return self.library.read_versions(article_id)

    def remove(self, article_ids: Iterable[str]) -> int:
        """Take articles out of the library; the token that `undo` takes (0: none of them was there)."""
        return self.library.put_away(article_ids)

    def undo(self, token: int) -> list[str]:
        """Bring back what was removed together, exactly as it was; the ids of the articles that came back."""
        return self.library.bring_back(token)

    def sync_all(
        self, *, prune: bool = False, progress: Progress | None = None, workers: "Workers | None" = None
    ) -> SyncReport:
        """Sync all remembered sources.

        Raises:
            SourceError: where none is remembered.
        """
        sources = [remembered.source for remembered in self.sources()]
        if not sources:
            raise SourceError(
                "no source is named and none is remembered: name one, or `article-assistant sources add SOURCE`"
            )
        return self.add(sources, prune=prune, progress=progress, named=False, workers=workers)

    def sources(self) -> list[Remembered]:
        """The remembered sources."""
        return list_sources(self.library.state)

    def remember(self, sources: Sequence[str]) -> list[str]:
        """Remember sources for `sync_all`; the full names of those that are new. See `index.remembered.remember`."""
        return remember(self.library.state, sources)

    def forget(self, sources: Sequence[str]) -> list[str]:
        """Forget sources; their articles stay. See `index.remembered.forget`."""
        return forget(self.library.state, sources)

    def add_text(self, title: str, text: str) -> SyncReport:
        """Take pasted text into the library as an article."""
        article = article_from_text(title, text)
        return sync_articles(self.library, self.embedder, [article], cut=self.settings.cut)


def source_limits(settings: Settings) -> Limits:
    """The part of the settings that reading sources needs."""
    return Limits(
        max_bytes=settings.max_article_bytes,
        timeout=settings.fetch_seconds,
        allow_private=settings.allow_private,
        pause=settings.host_pause,
        heed_robots=not settings.ignore_robots,
    )
