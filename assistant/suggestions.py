"""Questions that the page offers: on recent articles at first, on the quoted ones after an answer.

The one rule: every question was asked and answered from its own article before it is offered.
"""

import json
import random
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import chain, zip_longest
from pathlib import Path

from assistant.answer import Answer
from assistant.ask import Assistant
from assistant.made_questions.fact_questions import make_facts
from assistant.made_questions.role_questions import make_roles
from assistant.made_questions.said_questions import make_said
from assistant.made_questions.standing_alone import make_stand_alone
from assistant.made_questions.story import Made, read_stored
from assistant.made_questions.topics import Lexicon
from index.errors import AssistantError
from index.lists import ArticleRow
from index.records import Article
from index.scope import EVERYTHING, Scope

FILE = "suggestions.json"
OFFERED = 3
KEPT = 6
"""So that some are left to offer when an article goes."""
RECENT = 40
"""From so many of the newest articles questions are made."""
MOST_CHECKED = 36
FOLLOW_UPS_CHECKED = 8
LONGEST = 90
"""Characters: a longer question does not fit a button."""
SHORTEST_WORDS = 5
PAUSE = 1.0
"""For so many times as long as a check took nothing is checked, so that who asks is answered first."""
BETTER_FIRST = ("made:said", "made:how-many", "made:when", "made:where", "made:who", "made:how-much", "made:who-is")
"""The kinds that read well alone, in the order in which an article's are tried."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question, and the article (in the version with this `digest`) that answers it."""

    question: str
    article: str
    digest: str


class Suggestions:
    """Keeps questions ready that the library answers; they are made in a thread of their own, and kept on disk."""

    def __init__(self, assistant: Assistant, pause: float = PAUSE) -> None:
        """Take what was kept by an earlier run; `refresh` makes more."""
        self.assistant = assistant
        self.pause = pause
        self.file = assistant.library.folder / FILE
        self._kept = _read(self.file)
        self._working = threading.Lock()
        self._made_at = -1
        self._thread: threading.Thread | None = None

    def ready(self) -> list[str]:
        """At most three questions whose articles still read as they did; at once, perhaps none."""
        return [one.question for one in self._standing()][:OFFERED]

    @property
    def working(self) -> bool:
        """Whether questions are being made and checked."""
        return self._thread is not None and self._thread.is_alive()

    def refresh(self) -> None:
        """Make and check more in the background, if some are missing and the library has changed since the last try."""
        if len(self._standing()) < OFFERED and self.assistant.library.revision != self._made_at:
            self._thread = threading.Thread(target=self.make, name="suggestions", daemon=True)
            self._thread.start()

    def make(self) -> list[str]:
        """Make and check questions until there are enough; what is ready then. Only one thread does it at a time."""
        if not self._working.acquire(blocking=False):
            return self.ready()
        try:
            with suppress(AssistantError):  # a library that cannot be read tells so when it is asked
                self._made_at = self.assistant.library.revision
                self._make()
        finally:
            self._working.release()
        return self.ready()

    def _make(self) -> None:
        library = self.assistant.library
        standing = self._standing()
        taken = {one.article for one in standing}
        articles = [found for row in newest(library.list_articles()) if (found := library.find_article(row.id))]
        candidates = in_turns([article for article in articles if article.id not in taken], random.Random(0))
        for checked, (article, made) in enumerate(candidates):
            if len(standing) >= KEPT or checked >= MOST_CHECKED:
                break
            if article.id not in taken and self._answers(made, article):
                digest = library.find_digest(article.id) or ""
                standing.append(Suggestion(made.question, article.id, digest))
                taken.add(article.id)
                self._keep(standing)

    def follow_ups(self, answer: Answer, earlier: Iterable[str] = ()) -> list[str]:
        """At most three further questions on what an answer quotes and whom, each answered within the same scope."""
        asked = {_plain(question) for question in (*earlier, answer.question)}
        quoted = [(quote.article.id, quote.start, quote.end) for quote in answer.quotes]
        articles = list({quote.article.id: quote.article for quote in answer.quotes}.values())
        speakers = {quote.speaker for quote in answer.quotes if quote.speaker}
        near = self._also_speaking(speakers, articles, answer.scope)
        candidates = [
            (article, made)
            for article, made in in_turns([*articles, *near], random.Random(0), speakers, alone=False)
            if not any(article.id == name and made.start < end and start < made.end for name, start, end in quoted)
        ]
        found: list[str] = []
        for article, made in candidates[:FOLLOW_UPS_CHECKED]:
            if _plain(made.question) not in asked and self._answers(made, article, answer.scope):
                found.append(made.question)
                asked.add(_plain(made.question))
            if len(found) == OFFERED:
                break
        return found

    def _also_speaking(self, speakers: set[str], known: Sequence[Article], scope: Scope) -> list[Article]:
        """An article more for each speaker, where one names the speaker."""
        found: dict[str, Article] = {}
        for speaker in sorted(speakers):
            for hit in self.assistant.search(f"{speaker} said", 8, scope):
                if speaker in hit.text and all(hit.article.id != article.id for article in known):
                    found.setdefault(hit.article.id, hit.article)
                    break
        return list(found.values())

    def _answers(self, made: Made, article: Article, scope: Scope = EVERYTHING) -> bool:
        """Whether the first quote for the question holds what it was made of."""
        begin = time.perf_counter()
        answer = self.assistant.ask(made.question, scope, heed_time=False)
        time.sleep(self.pause * (time.perf_counter() - begin))
        first = answer.quotes[0] if answer.quotes else None
        return (
            first is not None and first.article.id == article.id and first.start < made.end and made.start < first.end
        )

    def _standing(self) -> list[Suggestion]:
        find = self.assistant.library.find_digest
        return [one for one in self._kept if find(one.article) == one.digest]

    def _keep(self, suggestions: Sequence[Suggestion]) -> None:
        self._kept = list(suggestions)
        arriving = self.file.with_suffix(".arriving")
        with suppress(OSError):  # a library that is read only has its suggestions made anew
            arriving.write_text(json.dumps([asdict(one) for one in suggestions], ensure_ascii=False), encoding="utf-8")
            arriving.replace(self.file)


def newest(rows: Sequence[ArticleRow]) -> list[ArticleRow]:
    """The newest articles by their date, those without one by the day they came."""

    def day(row: ArticleRow) -> str:
        moment = row.published or (row.added.date() if row.added else None)
        return moment.isoformat() if moment else ""

    return sorted(rows, key=day, reverse=True)[:RECENT]


def in_turns(
    articles: Sequence[Article], chance: random.Random, speakers: Iterable[str] = (), *, alone: bool = True
) -> Iterator[tuple[Article, Made]]:
    """The questions that can be made of articles, an article's first ones before another's second.

    The kinds take turns, too; what one of the `speakers` said comes first. Within a conversation (not `alone`) a
    question may leave to what was quoted which firm or vote it means.
    """
    lexicon = Lexicon(article.text for article in articles)
    wanted = frozenset(speakers)
    made = (
        [(article, one) for one in make_questions(article, lexicon, chance, n, wanted, alone=alone)]
        for n, article in enumerate(articles)
    )
    rounds = zip_longest(*made)
    return (pair for pair in chain.from_iterable(rounds) if pair is not None)


def make_questions(
    article: Article,
    lexicon: Lexicon,
    chance: random.Random,
    turn: int,
    speakers: frozenset[str] = frozenset(),
    *,
    alone: bool = True,
) -> list[Made]:
    """An article's questions that read well on a button; `turn` chooses the kind that comes first."""
    story = read_stored(article)
    made = [*make_said(story, lexicon, chance), *make_facts(story), *make_roles(story, chance)]
    made = [mended for one in made if (mended := make_stand_alone(story, one))] if alone else made
    usable = [one for one in made if one.origin in BETTER_FIRST and reads_well(one.question)]
    shift = turn % len(BETTER_FIRST)

    def order(one: Made) -> tuple[bool, int, int]:
        return (one.speaker not in speakers, (BETTER_FIRST.index(one.origin) - shift) % len(BETTER_FIRST), one.start)

    by_kind: dict[str, list[Made]] = {}
    for one in sorted(usable, key=order):
        by_kind.setdefault(one.origin, []).append(one)
    return [one for one in chain.from_iterable(zip_longest(*by_kind.values())) if one is not None]


def reads_well(question: str) -> bool:
    """Whether a question stands alone: begins with a capital, ends with its mark, is neither a stub nor long."""
    return (
        question[:1].isupper()
        and question.endswith("?")
        and len(question) <= LONGEST
        and len(question.split()) >= SHORTEST_WORDS
    )


def _plain(question: str) -> str:
    return " ".join(question.lower().rstrip("?. ").split())


def _read(file: Path) -> list[Suggestion]:
    """What was kept; nothing where that is missing or damaged."""
    try:
        return [Suggestion(**item) for item in json.loads(file.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []
