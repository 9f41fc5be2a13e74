"""The search by words on a server: Milvus' BM25 proposes passages, and they are put in order here as in a folder.

The one rule: the same words, the same weights and the same arithmetic as SQLite's BM25, so that both stores rank alike.
What has to be known of all passages for it is how many hold a word and how long they are on average; neither is ever
found by going through them.
"""

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from index.milvus_client import PASSAGES, Collections, Row, quote
from index.milvus_schema import K1, B
from index.text_rows import TEXT_WEIGHT, TITLE_WEIGHT
from index.tokens import to_tokens, word_tokens

SAMPLED = 10_000
"""Passages whose words are counted here; a library that has no more is known exactly."""
SEEN_OFTEN = 100
"""A word that so many of the sample hold is as common in the library, within a tenth."""
FOUND_AT_MOST = 1_000
"""A word that no more passages hold is asked for: the search finds them and stops here, where counting does not."""
GROWN, SECONDS = 0.01, 60.0
"""The sample is drawn again when the library has changed and is larger or smaller by this part, or the sample this old;
one of the whole library, with every change."""
KEYS_END = 2**63
"""Keys of passages are hashes, evenly spread below this: those below a part of it are a random sample."""
LEAST = 1e-6
"""What SQLite gives a word that more than half of the passages hold."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What is known of the words of all passages: their number, and of some how long they are and what they hold."""

    total: int
    size: int
    mean: float
    """Words a passage, its title's among them."""
    holders: Counter[str]
    texts: Sequence[str] = ()
    """What each holds, a title apart from its text: words that come one after the other are looked for here."""
    drawn: float = field(default_factory=time.monotonic)

    @property
    def is_whole(self) -> bool:
        """Whether it is all of the library."""
        return self.size >= self.total

    def reckon(self, *tokens: str) -> int | None:
        """How many passages hold words one after the other, by the sample; None where it shows too few of them."""
        if len(tokens) == 1:
            seen = self.holders[tokens[0]]
        else:
            wanted = f" {' '.join(tokens)} "
            seen = sum(wanted in text for text in self.texts)
        return round(self.total * seen / self.size) if seen >= (1 if self.is_whole else SEEN_OFTEN) else None


NOTHING = Sample(0, 0, 1.0, Counter())


class Rarity:
    """How rare words are in the library at present. Safe to use from many threads."""

    def __init__(self, collections: Collections, revision: Callable[[], int]) -> None:
        """Ask these collections; `revision` tells when the library is another one."""
        self._collections = collections
        self._revision = revision
        self._seen = -1
        self._sample = NOTHING
        self._asked: dict[str, int] = {}
        self._lock = threading.Lock()

    def sample(self) -> Sample:
        """The sample, drawn again where the library has changed much since."""
        revision = self._revision()
        with self._lock:
            if revision != self._seen:
                total = self._collections.count(PASSAGES) if self._collections.exists(PASSAGES) else 0
                if self._is_late(total):
                    self._sample = self._draw(total)
                self._asked, self._seen = {}, revision
            return self._sample

    def count(self, word: str) -> int:
        """How many passages hold a word in any of its forms.

        What is written as one word and searched as several (`covid_19`) is looked for in the sample; where that shows
        too few, it is taken to be as common as the rarest of them.
        """
        return self._counts([word])[0]

    def known(self, words: Sequence[str]) -> list[str]:
        """Those of the words that the sample holds in any of their forms; nothing is asked for."""
        holders = self.sample().holders
        tokens = to_tokens(words)
        return [word for word, some in zip(words, tokens, strict=True) if some and all(holders[one] for one in some)]

    def weights(self, words: Sequence[str]) -> list[float]:
        """The inverse document frequency of each word, as in SQLite's `bm25`."""
        counts, total = self._counts(words), self.sample().total
        return [max(math.log((max(total - count, 0) + 0.5) / (count + 0.5)), LEAST) for count in counts]

    def _counts(self, words: Sequence[str]) -> list[int]:
        """As `count`; what has to be asked for is asked together."""
        sample, asked = self.sample(), self._asked
        tokens = {token for word in words for token in word_tokens(word)}
        reckoned = {token: sample.reckon(token) for token in tokens}
        if not sample.is_whole:
            rare = [token for token in tokens if (reckoned[token] or 0) <= FOUND_AT_MOST and token not in asked]
            self._ask(rare, reckoned, asked)
        known = {token: asked.get(token, reckoned[token] or 0) for token in tokens}
        return [self._count_together(sample, word_tokens(word), known, asked) for word in words]

    def _count_together(
        self, sample: Sample, tokens: Sequence[str], known: Mapping[str, int], asked: dict[str, int]
    ) -> int:
        least = min((known[token] for token in tokens), default=0)
        if len(tokens) == 1 or not least:
            return least
        together = " ".join(tokens)
        if together not in asked:
            number = sample.reckon(*tokens)
            asked[together] = least if number is None else number
        return asked[together]

    def _ask(self, tokens: Sequence[str], reckoned: Mapping[str, int | None], asked: dict[str, int]) -> None:
        for token, found in zip(tokens, self._collections.count_found(tokens, FOUND_AT_MOST), strict=True):
            number = found if found < FOUND_AT_MOST else reckoned[token]
            if number is None:  # the sample shows too few of them to tell
                number = self._collections.count(PASSAGES, f"text_match(words, {quote(token)})")
            asked[token] = number

    def _is_late(self, total: int) -> bool:
        last = self._sample
        grown = abs(total - last.total) > GROWN * last.total
        return last.is_whole or grown or time.monotonic() - last.drawn > SECONDS

    def _draw(self, total: int) -> Sample:
        """Count the words of a sample, the same one from whichever machine."""
        if not total:
            return NOTHING
        below = min(KEYS_END * SAMPLED // total, KEYS_END) - 1
        rows = self._collections.query(PASSAGES, f"id <= {below}", ["words", "title_words"])
        holders: Counter[str] = Counter()
        texts = []
        length = 0
        for row in rows:
            title, text = _parts(row)
            length += len(title) + len(text)
            holders.update({*title, *text})
            texts.append(f" {' '.join(title)} | {' '.join(text)} ")
        return Sample(max(total, len(rows)), len(rows), max(length / max(len(rows), 1), 1.0), holders, texts)


def rank(proposed: Sequence[Row], words: Sequence[str], rarity: Rarity) -> list[Row]:
    """The passages that were proposed, best first by BM25 as SQLite's full text computes it.

    Robertson & Zaragoza, "The probabilistic relevance framework: BM25 and beyond", 2009. The words of a title count
    `TITLE_WEIGHT` each, those of the text `TEXT_WEIGHT`; what is equally good comes in the order in which it was
    written. What holds only a part of a word that is searched as several is left out.
    """
    mean = rarity.sample().mean
    weighed = zip(map(word_tokens, words), rarity.weights(words), strict=True)
    wanted = [(tokens, weight) for tokens, weight in weighed if tokens]
    scored = []
    for row in proposed:
        title, text = _parts(row)
        norm = K1 * (1 - B + B * (len(title) + len(text)) / mean)
        score = 0.0
        for some, weight in wanted:
            times = TITLE_WEIGHT * _occurrences(some, title) + TEXT_WEIGHT * _occurrences(some, text)
            score += weight * times * (K1 + 1) / (times + norm)
        if score:
            scored.append((-score, *written(row), row))
    return [item[-1] for item in sorted(scored, key=lambda item: item[:-1])]


def written(row: Row) -> tuple[int, str, int]:
    """What orders passages as they were written: a version each article, in the order of writing."""
    return row["version"], row["article"], row["begin"]


def _parts(row: Row) -> tuple[list[str], list[str]]:
    """The words of a passage's title and of its text."""
    tokens = row["words"].split()
    return tokens[: row["title_words"]], tokens[row["title_words"] :]


def _occurrences(wanted: Sequence[str], tokens: Sequence[str]) -> int:
    """How often the words come in `tokens`, one after the other."""
    if len(wanted) == 1:
        return tokens.count(wanted[0])
    length = len(wanted)
    return sum(tuple(tokens[begin : begin + length]) == tuple(wanted) for begin in range(len(tokens) - length + 1))
