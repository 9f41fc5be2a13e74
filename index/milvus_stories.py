"""Wire copies of one story on a server: found by the bands of their signatures when somebody asks for them.

The one rule: a story is what the committed rows say at this moment, and is kept nowhere: no writer can leave half of
one, and two writers cannot make two of it. Whether two articles are copies is decided as in a folder; see
`index.stories`.
"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from index.lists import COPIES_NAMED
from index.milvus_client import ARTICLES, Collections, Row
from index.milvus_remembered import Remembered
from index.milvus_rows import to_bands
from index.milvus_schema import CURRENT, IS_CURRENT
from index.stories import ALIKE, LOOKED_AT, alike

FIELDS = ("id", "number", "added", "signature")
TOGETHER = 200
"""Articles whose copies one request looks for."""
REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Story:
    """Articles that are copies: `(number, when it came in seconds, id)` of each, first those that came first."""

    members: tuple[tuple[int, int, str], ...]

    @property
    def number(self) -> int:
        """Its number: as in a folder, the number of the article that came first."""
        return self.members[0][0]


UNKNOWN = Story(())
"""Of an article whose story nobody has asked for."""


class Stories:
    """The stories of a library on a server. Safe to use from many threads."""

    def __init__(self, collections: Collections, remembered: Remembered) -> None:
        """Look in these collections; what was found is kept in `remembered`."""
        self._collections = collections
        self._remembered = remembered

    def of(self, article_ids: Iterable[str]) -> dict[str, int]:
        """See `index.store.Index.stories_of`."""
        found = self._stories(list(dict.fromkeys(article_ids)))
        return {name: story.number for name, story in found.items() if story}

    def articles(self, number: int, until: str | None) -> list[str]:
        """See `index.store.Index.articles_of_story`."""
        story = self._known()[1].get(number)
        if story is None:
            first = self._collections.query(ARTICLES, f"{IS_CURRENT} and number == {int(number)}", ["id"])
            story = next(iter(self._stories([row["id"] for row in first[:1]]).values()), None)
        if story is None:
            return []
        end = datetime.fromisoformat(until).timestamp() if until else None
        return [name for _, added, name in story.members if end is None or added < end][:COPIES_NAMED]

    def _stories(self, names: Sequence[str]) -> dict[str, Story | None]:
        """The story of each article, None where it has no copies."""
        known, numbered = self._known()
        stories = {name: story for name in names if (story := known.get(name, UNKNOWN)) is not UNKNOWN}
        missing = [name for name in names if name not in stories]
        if missing:
            found = self._find(missing)
            if len(known) > REMEMBERED:
                known.clear()
                numbered.clear()
            known |= found
            numbered |= {story.number: story for story in found.values() if story}
            stories |= {name: found[name] for name in missing}
        return {name: stories[name] for name in names}

    def _known(self) -> tuple[dict[str, Story | None], dict[int, Story]]:
        """What was found since the library changed: by article, and by number."""
        return self._remembered.find("stories", lambda: ({}, {}))

    def _find(self, names: Sequence[str]) -> dict[str, Story | None]:
        """The story of each article and of all its copies, None where it has none.

        Copies of copies are looked for until there are no more, or more than anybody wants to be named.
        """
        rows = self._collections.fetch(ARTICLES, names, (*FIELDS, "state"))
        seen = {row["id"]: row for row in rows if row["state"] == CURRENT and row["signature"]}
        groups = {name: {name} for name in seen}
        edge = list(seen.values())
        while edge:
            fresh: dict[str, Row] = {}
            for one, others in zip(edge, self._near(edge), strict=True):
                for other in others:
                    fresh |= {} if other["id"] in seen else {other["id"]: other}
                    _join(groups, one["id"], other["id"])
            seen |= fresh
            edge = [row for name, row in fresh.items() if len(groups[name]) <= COPIES_NAMED]
        return {name: _story(groups.get(name, {name}), seen) for name in {*names, *seen}}

    def _near(self, rows: Sequence[Row]) -> list[list[Row]]:
        """The copies of each article, at most `LOOKED_AT`."""
        found = []
        for begin in range(0, len(rows), TOGETHER):
            some = rows[begin : begin + TOGETHER]
            signatures = [_signature(row) for row in some]
            wanted = [to_bands(signature) for signature in signatures]
            hits = self._collections.search_all(ARTICLES, "bands", wanted, LOOKED_AT + 1, IS_CURRENT, FIELDS)
            for row, own, near in zip(some, signatures, hits, strict=True):
                found.append([one for one in near if one["id"] != row["id"] and alike(own, _signature(one)) >= ALIKE])
        return found


def _join(groups: dict[str, set[str]], one: str, other: str) -> None:
    """Let two articles be of one group."""
    ours, theirs = groups.setdefault(one, {one}), groups.setdefault(other, {other})
    if ours is theirs:
        return
    ours |= theirs
    groups.update(dict.fromkeys(theirs, ours))


def _story(group: set[str], rows: dict[str, Row]) -> Story | None:
    if len(group) == 1:
        return None
    return Story(tuple(sorted((rows[name]["number"], rows[name]["added"], name) for name in group)))


def _signature(row: Row) -> bytes:
    return base64.b64decode(row["signature"])
