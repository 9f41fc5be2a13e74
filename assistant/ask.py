"""The whole read path: a question is searched, read and answered; `open_assistant` wires the parts.

The one rule: a running assistant follows its library; what was synced before a question can be in its answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from threading import Event
from time import perf_counter
from typing import TYPE_CHECKING

from assistant.answer import Answer, compose_answer, compose_timeline
from assistant.candidates import read_question
from assistant.clues import stems_of
from assistant.conversation import stand_alone
from assistant.events import Rewritten, Told
from assistant.keeper import Keeper, source_limits
from assistant.libraries import open_articles
from assistant.named_source import find_source
from assistant.periods import find_period
from assistant.phrasing import Phrased, phrase
from assistant.reader import Reader, Reading
from assistant.readers import open_reader
from assistant.referents import Exchange
from assistant.settings import Settings
from assistant.spelling import respell
from assistant.timeline import Timeline, choose_statements
from assistant.wording import count, write_days
from index.embedder import Embedder
from index.embedders import open_embedder
from index.records import Hit
from index.scope import EVERYTHING, Scope
from index.search import Searcher
from index.store import Index
from index.web import Web

if TYPE_CHECKING:
    from assistant.prose import ProseWriter


def open_assistant(settings: Settings, *, create: bool = False) -> "Assistant":
    """Open the library and load the models; `create` makes an empty library where there is none.

    Raises:
        LibraryError: if the library cannot be opened.
        ModelError: if a model cannot be loaded, or is not the one that the library was embedded with.
    """
    library = open_articles(settings, create=create)
    embedder = open_embedder(settings.embedding_model)
    searcher = Searcher(library, library.rankings(), embedder, dense_weight=settings.dense_weight)
    reader, notice = open_reader(settings.reader, library, embedder)
    return Assistant(settings, library, embedder, searcher, reader, notice, open_writer(settings, embedder))


def open_writer(settings: Settings, embedder: Embedder) -> "ProseWriter | None":
    """What writes prose with the model that the settings name; None, and nothing imported, where they name none.

    Raises:
        ModelError: if the model cannot be set up.
    """
    if not settings.model:
        return None
    from assistant.checking import Checker
    from assistant.models import open_model
    from assistant.prose import ProseWriter

    return ProseWriter(
        open_model(settings),
        Checker(embedder),
        tokens=settings.model_tokens,
        second_opinion=settings.model_checks,
    )


class Assistant(Keeper):
    """Answers questions from a library, and takes articles into it. Safe to use from many threads."""

    def __init__(
        self,
        settings: Settings,
        library: Index,
        embedder: Embedder,
        searcher: Searcher,
        reader: Reader,
        notice: str = "",
        writer: "ProseWriter | None" = None,
    ) -> None:
        """Take finished parts; `open_assistant` makes them. Every answer carries the `notice`."""
        self.settings = settings
        self.library = library
        self.embedder = embedder
        self.searcher = searcher
        self.reader = reader
        self.notice = notice
        self.writer = writer
        self.web = Web(source_limits(settings))

    def ask(
        self,
        question: str,
        scope: Scope = EVERYTHING,
        earlier: Sequence[Exchange] = (),
        *,
        heed_time: bool = True,
    ) -> Answer:
        """Answer a question, from the whole library or within a `scope`; after `earlier` ones it may be a follow-up.

        A question that names a time (“in March 2022”) or a source (“according to The Courier”) is answered from what
        was published then or there, if that answers it and the scope has none; with `heed_time=False` such words narrow
        nothing.

        Raises:
            QuestionError: if it has no words.
            LibraryError: if the library cannot be read.
        """
        answer = [
            item for item in self.stream(question, scope, earlier, heed_time=heed_time) if isinstance(item, Answer)
        ]
        return answer[0]

    def stream(
        self,
        question: str,
        scope: Scope = EVERYTHING,
        earlier: Sequence[Exchange] = (),
        *,
        heed_time: bool = True,
        prose: bool = True,
        cancelled: Event | None = None,
    ) -> Iterator[Told]:
        """Answer a question, telling each step before it is taken; the last item is the answer. Raises as `ask`.

        Without `prose`, or without a model, the answer is quotes. Closing the iterator or setting `cancelled` ends a
        request to the model.
        """
        asked = _readable(question)
        question = respell(self.stand_alone(asked, earlier, prose=prose), self.library)
        if question != asked:
            yield Rewritten(asked, question)
        asked = asked if asked != question else ""
        for item in self._quote(question, scope, heed_time=heed_time):
            if not isinstance(item, Answer):
                yield item
            elif self.writer and prose and not (item.refused and self.settings.refuse_first):
                yield f"Asking {self.writer.model.name}"
                yield from self.writer.write(replace(item, asked=asked), cancelled)
            else:
                yield replace(item, asked=asked)

    def _quote(self, question: str, scope: Scope, *, heed_time: bool) -> Iterator[Told]:
        """The steps to an answer of quotes, and that answer."""
        for item in self._narrowed(question, scope) if heed_time else ():
            if not isinstance(item, Answer):
                yield item
            elif not item.refused:
                yield item
                return
        yield from self._answer(question, scope)

    def _narrowed(self, question: str, scope: Scope) -> Iterator[Told]:
        """Answer within the time and the source that the question names; nothing if it names none, or all there is."""
        named = None if scope.sources else find_source(question, self.library.count_by_source)
        period = None if scope.first or scope.last else find_period(question, date.today())
        narrowed = replace(scope, sources=(named.source,)) if named else scope
        if period:
            narrowed = replace(narrowed, first=period.first, last=period.last)
        if narrowed != scope and 0 < self.library.summarise(narrowed).articles < self.library.summarise(scope).articles:
            for item in self._answer(named.question if named else question, narrowed):
                yield replace(item, question=question, period=period) if isinstance(item, Answer) else item

    def _answer(self, question: str, scope: Scope) -> Iterator[Told]:
        begin = perf_counter()
        phrased = phrase(question)
        within = f", {write_days(scope.first, scope.last)}" if scope.first or scope.last else ""
        yield f"Searching {count(self.library.summarise(scope).articles, 'article')}{within}"
        hits = self.search(phrased.searched, self.settings.candidates, scope)
        searched = perf_counter() - begin
        yield f"Reading {len(hits)} passages"
        answer = self._read(question, hits, phrased, searched)
        yield replace(answer, scope=scope)

    def search_and_answer(self, question: str, depth: int) -> tuple[list[Hit], Answer]:
        """The best `depth` passages and the answer that `ask` gives, nearly always from one search. Raises as `ask`."""
        question = respell(_readable(question), self.library)
        begin = perf_counter()
        phrased = phrase(question)
        hits = self.search(phrased.searched, max(depth, self.settings.candidates))
        answers = [item for item in self._narrowed(question, EVERYTHING) if isinstance(item, Answer)]
        if answers and not answers[0].refused:
            return hits[:depth], answers[0]
        read = hits[: self.settings.candidates]
        return hits[:depth], self._read(question, read, phrased, perf_counter() - begin)

    def _read(self, question: str, hits: Sequence[Hit], phrased: Phrased, searched: float) -> Answer:
        begin = perf_counter()
        reading = self.reader.read(phrased.read, hits)
        read = perf_counter()
        answer = self._compose(question, hits, reading, phrased.timeline)
        seconds = {"search": searched, "read": read - begin, "answer": perf_counter() - read}
        return replace(answer, seconds=seconds, notice=self.notice)

    def stand_alone(self, question: str, earlier: Sequence[Exchange], *, prose: bool = True) -> str:
        """A follow-up as the question that is searched and answered: the model's where there is one, else by rules."""
        if self.writer and prose and earlier and (written := self.writer.condense(question, earlier)):
            return written

        def covers(text: str) -> float:
            return read_question(question, self.library).cover(stems_of(text))

        return stand_alone(question, earlier, covers)

    def _compose(self, question: str, hits: Sequence[Hit], reading: Reading, timeline: Timeline | None) -> Answer:
        limit = self.settings.max_quotes
        if timeline:
            clues = read_question(f"about {timeline.about}", self.library)
            quotes = choose_statements(reading.evidence, clues, timeline.who, limit)
            if quotes:
                return compose_timeline(question, hits, reading, quotes)
        return compose_answer(question, hits, reading, max_quotes=limit, refuse_below=self.settings.refuse_below)

    def search(self, question: str, limit: int, scope: Scope = EVERYTHING) -> list[Hit]:
        """The best `limit` passages for a question. Raises as `ask`."""
        return self.searcher.search(_readable(question), limit, self.settings.search_mode, scope)


def _readable(question: str) -> str:
    """The question without what a terminal passes on of broken encodings (lone surrogates), which no model can read."""
    return question.encode("utf-8", "replace").decode("utf-8")
