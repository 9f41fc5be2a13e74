"""What happened to articles, as text for a terminal and as JSON for programs."""

import textwrap
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from index.edits import Edit, Kind, compare
from index.lists import Change, Removal
from index.records import Version

WIDTH = 100
_MARKS = {Kind.SAME: " ", Kind.REMOVED: "-", Kind.ADDED: "+"}


def change_to_json(change: Change) -> dict[str, Any]:
    """One line of the log."""
    return {"at": change.at.isoformat(), "kind": change.kind, "article": change.article_id, "title": change.title}


def describe_changes(changes: Sequence[Change]) -> str:
    """The log, a line each."""
    if not changes:
        return "Nothing has happened yet."
    return "\n".join(
        f"{_write(change.at)}  {change.kind:12}  {change.title or change.article_id}" for change in changes
    )


def removals_to_json(removals: Sequence[Removal]) -> list[dict[str, Any]]:
    """What can be brought back."""
    return [
        {
            "at": removal.at.isoformat(),
            "kind": removal.kind,
            "articles": [{"id": article, "title": title} for article, title in removal.articles],
        }
        for removal in removals
    ]


def describe_removals(removals: Sequence[Removal]) -> str:
    """What can be brought back, a line each."""
    if not removals:
        return "Nothing was removed that could be brought back."
    return "\n".join(
        f"{_write(removal.at)}  {removal.kind:8}  {article}  {title}"
        for removal in removals
        for article, title in removal.articles
    )


def versions_to_json(versions: Sequence[Version]) -> list[dict[str, Any]]:
    """The versions of an article, each with its edits against the one before."""
    edits: list[list[Edit]] = [[], *(compare(one.article, other.article) for one, other in pairwise(versions))]
    return [
        {
            "title": version.article.title,
            "published": version.article.published.isoformat() if version.article.published else None,
            "seen": version.seen.isoformat() if version.seen else None,
            "until": version.until.isoformat() if version.until else None,
            "edits": [{"kind": edit.kind.value, "text": edit.text} for edit in made],
        }
        for version, made in zip(versions, edits, strict=True)
    ]


def describe_versions(versions: Sequence[Version]) -> str:
    """The edits of an article; what stayed the same is left out."""
    if len(versions) == 1:
        return f"{versions[0].article.title}: not edited since it came"
    parts = []
    for before, after in pairwise(versions):
        lines = [
            textwrap.fill(edit.text, WIDTH, initial_indent=f"{_MARKS[edit.kind]} ", subsequent_indent="  ")
            for edit in compare(before.article, after.article)
            if edit.kind is not Kind.SAME
        ]
        if before.article.published != after.article.published:
            lines.insert(0, f"  published {before.article.published} -> {after.article.published}")
        parts.append("\n".join([f"{_write(after.seen)}  {after.article.title}", *lines]))
    return "\n\n".join(parts)


def _write(moment: datetime | None) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else "some time ago   "
