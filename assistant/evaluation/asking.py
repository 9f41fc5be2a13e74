"""Ask every question of a library, once, and keep what became of it.

The one rule: no question is asked twice. The threshold is applied afterwards, so that one run tells the risk of every
threshold. How many are asked at once changes the seconds, never an answer.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

from assistant.answer import Answer
from assistant.ask import Assistant
from assistant.evaluation.records import Found, Order, Quoted, Result, Run
from assistant.questions import TestQuestion, holds_answer
from assistant.settings import Settings
from index.address import is_server
from index.errors import AssistantError
from index.records import Hit
from index.store import Index

RETRIEVED = 100
"""Passages that are looked at, so that 20 different articles are among them; trec_eval's usual depth is 1000."""
WITH_TEXT = 5
"""Passages of each order whose text is kept, so that a later comparison shows what was retrieved."""

ShowProgress = Callable[[int, int], None]
"""Is told (done, total) after each question."""


def run_evaluation(  # noqa: PLR0913 - what a run is made of
    assistant: Assistant,
    questions: Sequence[TestQuestion],
    progress: ShowProgress | None = None,
    *,
    name: str = "",
    files: Sequence[str] = (),
    order: Order = Order.SEARCH,
    notices: Sequence[str] = (),
    reading: bool = True,
    at_once: int = 1,
) -> Run:
    """Ask every question; what cannot be asked is a failure in the run, never an exception.

    With more than one `at_once` a run is over sooner, and each question takes longer, as they share the cores. Without
    `reading` questions are only searched for: nothing is known of answers then, and nothing is measured.
    """
    lenient = copy(assistant)  # shows its quotes however unsure it is
    lenient.settings = replace(assistant.settings, refuse_below=0.0)
    known = find_evidence(assistant.library, questions)
    ask = _ask if reading else _search

    def ask_one(question: TestQuestion) -> Result:
        return ask(lenient, question, known, assistant.settings.refuse_below)

    results = []
    for result in _each(ask_one, questions, at_once):
        results.append(result)
        if progress:
            progress(len(results), len(questions))
    return Run(
        name=name,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        questions=tuple(files),
        library=describe_library(assistant.library),
        settings={**describe_settings(assistant.settings, assistant.reader.name), "at_once": at_once},
        results=tuple(results),
        order=order,
        threshold=assistant.settings.refuse_below,
        notices=(*notices, *([assistant.notice] if assistant.notice else [])),
    )


def _each(ask: Callable[[TestQuestion], Result], questions: Sequence[TestQuestion], at_once: int) -> Iterator[Result]:
    """The results in the order of the questions; whoever stops early waits for those alone that are being asked."""
    if at_once == 1:
        yield from map(ask, questions)
        return
    with ThreadPoolExecutor(at_once, thread_name_prefix="evaluate") as pool:
        asked = [pool.submit(ask, question) for question in questions]
        try:
            for one in asked:
                yield one.result()
        finally:
            for one in asked:
                one.cancel()


def find_evidence(library: Index, questions: Sequence[TestQuestion]) -> dict[str, str]:
    """The evidence that the library has: the name in the question file -> the article's id."""
    names = {name for question in questions for name in question.evidence}
    found = {name: library.find_id(name) for name in names}
    return {name: article for name, article in found.items() if article}


def describe_library(library: Index) -> dict[str, str | int]:
    """What was asked: folder, revision, and how much it holds."""
    summary = library.summarise()
    return {
        "folder": _name_library(library),
        "revision": library.revision,
        "articles": summary.articles,
        "passages": summary.passages,
    }


def _name_library(library: Index) -> str:
    return library.address if is_server(library.address) else str(Path(library.folder).resolve())


def describe_settings(settings: Settings, reader: str) -> dict[str, str | int | float]:
    """The settings that figures depend on, and the version of the program."""
    return {
        "version": version("article-assistant"),
        "embedding_model": settings.embedding_model,
        "reader": settings.reader,
        "reader_name": reader,
        "passage_tokens": settings.passage_tokens,
        "passage_overlap": settings.passage_overlap,
        "dense_weight": settings.dense_weight,
        "search_mode": str(settings.search_mode),
        "candidates": settings.candidates,
        "max_quotes": settings.max_quotes,
        "refuse_below": settings.refuse_below,
    }


def blank_result(library: Index, question: TestQuestion, known: Mapping[str, str]) -> Result:
    """A question before it is asked, with what the library has of its evidence."""
    evidence = {known[name]: grade for name, grade in question.graded.items() if name in known}
    return Result(
        question,
        evidence=evidence,
        missing=tuple(name for name in question.evidence if name not in known),
        evidence_passages=count_holding(library, evidence, question),
    )


def _search(assistant: Assistant, question: TestQuestion, known: Mapping[str, str], _: float) -> Result:
    blank = blank_result(assistant.library, question, known)
    begin = perf_counter()
    try:
        hits = assistant.search(question.question, RETRIEVED)
    except AssistantError as error:
        return replace(blank, failure=str(error))
    seconds = {"search": perf_counter() - begin}
    return replace(blank, found=to_found(hits, question.answers, range(WITH_TEXT)), seconds=seconds)


def _ask(assistant: Assistant, question: TestQuestion, known: Mapping[str, str], refuse_below: float) -> Result:
    blank = blank_result(assistant.library, question, known)
    try:
        hits, answer = assistant.search_and_answer(question.question, RETRIEVED)
    except AssistantError as error:
        return replace(blank, failure=str(error))
    return to_result(blank, hits, answer, refuse_below)


def to_result(blank: Result, hits: Sequence[Hit], answer: Answer, refuse_below: float) -> Result:
    """Fill in what a question got; `answer` is not refused, and would be below `refuse_below`."""
    places = {hit.passage_id: place for place, hit in enumerate(hits)}
    reading = tuple(places[hit.passage_id] for hit in answer.read if hit.passage_id in places)
    with_text = {*range(WITH_TEXT), *reading[:WITH_TEXT]}
    return replace(
        blank,
        found=to_found(hits, blank.question.answers, with_text),
        reading=reading,
        quotes=tuple(
            Quoted(quote.article.id, quote.article.title, quote.text, quote.marked) for quote in answer.quotes
        ),
        refused=answer.refused or answer.confidence < refuse_below,
        confidence=answer.confidence,
        seconds=dict(answer.seconds),
    )


def to_found(hits: Sequence[Hit], answers: Sequence[str], with_text: Container[int]) -> tuple[Found, ...]:
    """Hits as a run keeps them, with their text at some places."""
    return tuple(
        Found(
            hit.article.id,
            hit.start,
            hit.end,
            holds_answer(hit.text, answers),
            hit.copies,
            hit.article.title,
            hit.text if place in with_text else "",
        )
        for place, hit in enumerate(hits)
    )


def count_holding(library: Index, articles: Mapping[str, int], question: TestQuestion) -> int:
    """How many passages of those articles hold an answer."""
    counted = 0
    for article_id in articles if question.answers else ():
        article = library.find_article(article_id)
        spans = library.passages_of(article_id).values() if article else ()
        counted += sum(holds_answer(article.text[start:end], question.answers) for start, end in spans if article)
    return counted
