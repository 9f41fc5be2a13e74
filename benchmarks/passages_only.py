"""Reading alone: the passages are given and nothing is searched; what `squad` and `rgb` have in common.

The one rule: no label tells how texts are read. They are taken uncleaned, and their passages come in the order of
their likeness to the question.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from tqdm import tqdm

from assistant.answer import Answer, compose_answer
from assistant.ask import Assistant, open_assistant
from assistant.printing import emit
from assistant.questions import parse_object
from assistant.settings import Settings, read_settings
from index.embedded import embedded_text
from index.errors import AssistantError, QuestionError
from index.passages import split_passages
from index.records import Article, Entry, Hit
from index.writer import set_model, write_entry

DONE, WRONG_USE = 0, 2
SHOWN = 60
"""Characters of a wrong value that are shown."""

Figures = dict[str, Any]
_Row = TypeVar("_Row")


def run(
    description: str,
    measure: Callable[[Path, int | None, Settings], Figures],
    describe: Callable[[Figures], str],
    arguments: Sequence[str] | None,
) -> int:
    """Parse the command line, measure and print.

    Returns:
        The exit code: 0 done, 2 wrong use, which is told in a line.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", metavar="QUESTIONS.jsonl", type=Path)
    parser.add_argument("--limit", metavar="N", type=_positive, help="ask only the first N questions")
    parser.add_argument("--reader", metavar="NAME", help="as for article-assistant ask")
    parser.add_argument("--embedding-model", metavar="NAME", help="as for article-assistant ask")
    parser.add_argument("--json", action="store_true", help="print JSON")
    chosen = parser.parse_args(arguments)
    settings = read_settings({}, reader=chosen.reader, embedding_model=chosen.embedding_model)
    try:
        figures = measure(chosen.questions, chosen.limit, settings)
    except AssistantError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return WRONG_USE
    emit(figures if chosen.json else describe(figures))
    return DONE


def read_rows(path: Path, parse: Callable[[dict[str, Any], str], _Row], limit: int | None = None) -> list[_Row]:
    """The first `limit` rows of a JSON Lines file; `parse` gets each object, and its place for a message.

    Raises:
        QuestionError: if the file cannot be read or has no rows, or a row is wrong; its line is named.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"{path} cannot be read ({error}): name a JSON Lines file in UTF-8") from error
    places = [(line, f"{path}, line {number}") for number, line in enumerate(lines, 1) if line.strip()]
    rows = [parse(parse_object(line, where), where) for line, where in places[:limit]]
    if not rows:
        raise QuestionError(f"{path} has no questions: write one JSON object a line")
    return rows


def take(row: dict[str, Any], name: str, kind: type[_Row], where: str) -> _Row:
    """A field of a row.

    Raises:
        QuestionError: if it is missing, of another kind, or an empty text.
    """
    value = row.get(name)
    if not isinstance(value, kind) or (isinstance(value, str) and not value.strip()):
        raise QuestionError(f'{where}: "{name}" must be a {kind.__name__}, it is {json.dumps(value)[:SHOWN]}')
    return value


def to_article(text: str, title: str = "") -> Article:
    """A text as an article; the same text with the same title is the same article."""
    return Article(hashlib.sha256(f"{title}\n{text}".encode()).hexdigest(), title, text)


@contextmanager
def open_texts(articles: Iterable[Article], settings: Settings) -> Iterator["GivenTexts"]:
    """Put the articles into a library that lasts as long as the context; a notice of the reader's goes to stderr."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        assistant = open_assistant(replace(settings, library=Path(folder)), create=True)
        try:
            if assistant.notice:
                print(assistant.notice, file=sys.stderr)
            yield GivenTexts(assistant, {article.id: article for article in articles}.values())
        finally:
            assistant.library.close()


class GivenTexts:
    """Answers from texts that are named with the question, with an assistant's reader."""

    def __init__(self, assistant: Assistant, articles: Iterable[Article]) -> None:
        """Split and embed the articles into the assistant's library, which is empty."""
        self._assistant = assistant
        self.reader = assistant.reader.name
        library, embedder = assistant.library, assistant.embedder
        with library.writing():
            set_model(library, embedder.model, embedder.dimension)
            for article in tqdm(list(articles), desc="embedding", disable=None, leave=False):
                write_entry(library, self._prepare(article))

    def ask(self, question: str, articles: Sequence[Article]) -> Answer:
        """Answer from these articles, however unsure; `assistant.answer.apply_threshold` refuses."""
        hits = self._find(question, articles)
        reading = self._assistant.reader.read(question, hits)
        quotes = self._assistant.settings.max_quotes
        return compose_answer(question, hits, reading, max_quotes=quotes, refuse_below=0.0)

    def _prepare(self, article: Article) -> Entry:
        embedder, cut = self._assistant.embedder, self._assistant.settings.cut
        passages = tuple(split_passages(article.id, article.text, embedder.count_tokens, *cut))
        vectors = embedder.embed_passages([embedded_text(article.title, passage.text) for passage in passages])
        return Entry(article, "", (), (), passages, vectors)

    def _find(self, question: str, articles: Sequence[Article]) -> list[Hit]:
        """All passages of the articles, the most like the question first."""
        library = self._assistant.library
        vector = self._assistant.embedder.embed_questions([question])[0]
        hits = []
        for article in articles:
            spans = library.passages_of(article.id)
            for passage, stored in library.find_vectors(list(spans)).items():
                start, end = spans[passage]
                hits.append(Hit(passage, article, start, end, article.text[start:end], float(stored @ vector)))
        return sorted(hits, key=lambda hit: -hit.score)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
