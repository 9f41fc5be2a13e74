"""The names that stand in an article, and which full name a short mention means.

A name never holds its title: “President Joe Biden” is Joe Biden, “Mr. Biden” is Biden, and Biden is Joe Biden.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

from assistant.speakers.mentions import PARTICLE_FIRST, Mention, find_mentions, gender, is_person, surname

_COMMON_WORD = re.compile(r"\b[a-z]{2,}\b")


class Names:
    """All names of an article. Construction is linear in the length of the text."""

    def __init__(self, text: str) -> None:
        self.mentions = tuple(find_mentions(text))
        self._common_words = frozenset(_COMMON_WORD.findall(text))
        self._starts = [mention.start for mention in self.mentions]
        self._by_end = {mention.end: mention for mention in self.mentions}

    def ending_at(self, end: int) -> Mention | None:
        """Give the mention that ends at offset `end`."""
        return self._by_end.get(end)

    def between(self, start: int, end: int) -> tuple[Mention, ...]:
        """Give the mentions that begin in `start <= offset < end`."""
        return self.mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def resolve(self, name: str, position: int) -> str:
        """Give the full name that `name`, mentioned at `position`, stands for; `name` itself where there is none.

        Of two people with one surname it is the one last named in full before `position`.
        """
        if is_person(name):
            return self._full_names.get(name, name)
        candidates = self._candidates(name)
        before = [mention for mention in candidates if mention.start <= position]
        if before:
            return self._full_names[before[-1].name]
        return self._full_names[candidates[0].name] if candidates else name

    def _candidates(self, name: str) -> list[Mention]:
        """Give the mentions of people in full whom `name` may mean, by surname first."""
        suffix = name[len(surname(name)) :]
        if surname(name) + suffix != name:
            return []
        named = [one for one in self._by_surname.get(surname(name), []) if one.name.endswith(suffix)]
        # “Asking Santos” is no second Santos where the article has the word “asking” too.
        clean = [one for one in named if one.name.split()[0].lower() not in self._common_words]
        return clean or named or self._by_first_name.get(name, [])

    def is_male(self, full_name: str) -> bool | None:
        """Tell by the titles in the article whether `full_name` is a man (True), a woman (False), or None: unknown."""
        return self._genders.get(full_name)

    def holder(self, title: str) -> str | None:
        """Give the one person of the article who bears `title` (“prime minister”); None where nobody or several do."""
        words = set(title.lower().split())
        holders = {
            self.resolve(mention.name, mention.start)
            for mention in self.mentions
            if words <= set(mention.titles) and not words >= set(mention.name.lower().split())
        }
        return holders.pop() if len(holders) == 1 else None

    @cached_property
    def _people(self) -> tuple[Mention, ...]:
        return tuple(mention for mention in self.mentions if is_person(mention.name))

    @cached_property
    def _full_names(self) -> dict[str, str]:
        """Map each full name to its best form: without words that only once stood before it (“Republican Ann Hill”)."""
        names = {mention.name for mention in self._people}
        surnames = {ending.lower(): name for name in names for ending in _endings(name)}
        best = {}
        for name in names:
            inner = next((part for part in _endings(name) if part in names and is_person(part)), name)
            # “Van den Berg” opens a sentence: the particle's capital is no first name.
            opens = PARTICLE_FIRST.match(name) is not None
            best[name] = surnames.get(name.lower(), name) if opens else inner
        return best

    @cached_property
    def _by_surname(self) -> dict[str, list[Mention]]:
        return _grouped((surname(mention.name), mention) for mention in self._people)

    @cached_property
    def _by_first_name(self) -> dict[str, list[Mention]]:
        return _grouped((mention.name.split()[0], mention) for mention in self._people)

    @cached_property
    def _genders(self) -> dict[str, bool]:
        known = {}
        for mention in self.mentions:
            male = gender(mention.titles)
            if male is not None:
                known[self.resolve(mention.name, mention.start)] = male
        return known


def _grouped(pairs: Iterator[tuple[str, Mention]]) -> dict[str, list[Mention]]:
    groups: dict[str, list[Mention]] = {}
    for key, mention in pairs:
        groups.setdefault(key, []).append(mention)
    return groups


def _endings(name: str) -> Iterator[str]:
    """Give the shorter names that `name` ends with, shortest first."""
    words = name.split()
    return (" ".join(words[-count:]) for count in range(2, len(words)))
