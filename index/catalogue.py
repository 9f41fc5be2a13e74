"""What a library can list: its articles by row, its sources, what was put away, and what happened.

The one rule: no text of an article is loaded for a list.
"""

import json
from collections.abc import Iterable, Sequence

from index.article_rows import moment_of, to_date
from index.database import Database
from index.lists import COPIES_NAMED, ArticleRow, Change, Removal, Summary
from index.scope import EVERYTHING, Scope, to_condition, to_datetime


class Catalogue(Database):
    """The lists of a library."""

    def summarise(self, scope: Scope = EVERYTHING) -> Summary:
        """Count what is in the library now, or in a part of it (`as_of` counts what is there still)."""
        where, values = to_condition(scope)
        found = self.one(
            f"SELECT count(*), min(a.published), max(a.published) FROM article a WHERE {where}",
            *values,
        )
        articles, first, last = found or (0, None, None)
        inside = f"WHERE article IN (SELECT a.number FROM article a WHERE {where})" if scope else ""
        passages = self.one(f"SELECT count(*) FROM passage {inside}", *(values if scope else ()))
        return Summary(articles, passages[0] if passages else 0, to_date(first), to_date(last))

    def list_articles(self, scope: Scope = EVERYTHING) -> list[ArticleRow]:
        """The articles in the library now, in the order they came."""
        where, values = to_condition(scope)
        query = (
            "SELECT a.id, a.title, a.source, a.published, a.added, count(p.id), a.url, a.seen, a.story FROM article a "
            f"LEFT JOIN passage p ON p.article = a.number WHERE {where} GROUP BY a.number ORDER BY a.number"
        )
        return [
            ArticleRow(name, title, source, to_date(published), moment_of(added), passages, url, moment_of(seen), story)
            for name, title, source, published, added, passages, url, seen, story in self.all(query, *values)
        ]

    def count_by_source(self) -> dict[str, int]:
        """The sources with their numbers of articles, largest first."""
        query = "SELECT source, count(*) FROM article GROUP BY source ORDER BY count(*) DESC, source"
        return dict(self.all(query))

    def changes(self, limit: int = 100, article_id: str | None = None) -> list[Change]:
        """What happened lately, to all articles or to one; latest first."""
        where = "WHERE article = ?" if article_id is not None else ""
        values: Sequence[object] = (article_id, limit) if article_id is not None else (limit,)
        query = f"SELECT at, kind, article, title FROM change {where} ORDER BY number DESC LIMIT ?"
        return [Change(to_datetime(at), kind, article, title) for at, kind, article, title in self.all(query, *values)]

    def removals(self) -> list[Removal]:
        """What was put away and can be brought back, latest first."""
        query = (
            "SELECT r.token, r.at, r.kind, v.id, v.title FROM removal r JOIN version v ON v.removal = r.token "
            "ORDER BY r.token DESC, v.number"
        )
        grouped: dict[tuple[int, str, str], list[tuple[str, str]]] = {}
        for token, at, kind, article, title in self.all(query):
            grouped.setdefault((token, at, kind), []).append((article, title))
        return [
            Removal(token, to_datetime(at), kind, tuple(articles)) for (token, at, kind), articles in grouped.items()
        ]

    def stories_of(self, article_ids: Iterable[str]) -> dict[str, int]:
        """The stories of those articles that have copies: article id -> number of the story."""
        chosen = "id IN (SELECT value FROM json_each(?))"
        query = f"SELECT id, story FROM article WHERE story IS NOT NULL AND {chosen} ORDER BY id"
        return dict(self.all(query, json.dumps(list(article_ids))))

    def articles_of_story(self, story: int, until: str | None = None) -> list[str]:
        """Ids of the articles of a story, first those that came first; at most 100. `until` is a stored moment."""
        query = "SELECT id FROM article WHERE story = ? AND added < ? ORDER BY number LIMIT ?"
        return [row[0] for row in self.all(query, story, until or "9", COPIES_NAMED)]

    def put_away_as(self, article_id: str) -> str | None:
        """How the article was put away: removed (perhaps for good) or pruned; None where it was not."""
        query = (
            "SELECT r.kind FROM version v JOIN removal r ON r.token = v.removal WHERE v.id = ?1 "
            "UNION ALL SELECT 'removed' FROM unwanted WHERE id = ?1 ORDER BY 1 DESC LIMIT 1"
        )
        row = self.one(query, article_id)
        return str(row[0]) if row else None
