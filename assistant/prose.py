"""Answers in a language model's words, each sentence checked as soon as it is whole.

The one rule: the quoted answer is there first, and stands whenever the model fails or refuses; nothing that a model
writes is shown as supported before it was held against its passage.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from assistant.answer import REFUSAL, Answer
from assistant.checking import Checker, Finding
from assistant.citations import CitationReader, Cited
from assistant.events import Draft
from assistant.matching import normalise
from assistant.models import LanguageModel
from assistant.prompts import answer_prompt, check_prompt, condense_prompt
from assistant.quotes import Quote
from assistant.referents import Exchange
from assistant.statements import Statement, Support, write_statements
from index.errors import GenerationError
from index.records import Hit

CHARACTERS_PER_TOKEN = 3
"""Fewer than English text has, so that what is counted is never too little, whatever the model's tokenizer."""
CONVERSATION_TOKENS = 600
"""How much of a conversation is sent to make a follow-up stand alone: the latest exchanges."""
LONGEST_QUESTION = 300
"""Characters; what a model makes of a follow-up is not taken if it is longer, or of several lines."""


class ProseWriter:
    """Writes answers with a model. Safe to use from many threads."""

    def __init__(self, model: LanguageModel, checker: Checker, *, tokens: int, second_opinion: bool = False) -> None:
        """`tokens` bound the passages that are sent; with a `second_opinion` weak sentences are put to the model."""
        self.model = model
        self._checker = checker
        self._tokens = tokens
        self._second_opinion = second_opinion

    def write(self, quoted: Answer, cancelled: threading.Event | None = None) -> Iterator[Draft | Answer]:
        """Turn a quoted answer into prose, giving what stands so far; the last item is the answer.

        Where there is no prose to be had it is the quoted answer, with a notice that tells why.
        """
        passages = self._choose(quoted)
        if not passages:
            yield quoted
            return
        reader, desk = CitationReader(len(passages)), _Desk(self, passages)
        prompt = answer_prompt(quoted.question, passages, by_date=quoted.timeline)
        try:
            for piece in self.model.stream(prompt, cancelled):
                desk.take(reader.feed(piece))
                yield Draft(tuple(desk.statements), tuple(desk.quotes), reader.tail)
            desk.take(reader.finish())
        except GenerationError as error:
            yield replace(quoted, notice=" ".join(filter(None, (quoted.notice, str(error)))))
            return
        if cancelled and cancelled.is_set():
            yield replace(quoted, notice="The answer was stopped. It is quotes instead.")
            return
        yield self._finish(quoted, desk)

    def condense(self, question: str, earlier: Sequence[Exchange]) -> str | None:
        """The follow-up as a question that stands alone; None where the model gives nothing that can be used."""
        try:
            written = self.model.complete(condense_prompt(question, _latest(earlier)))
        except GenerationError:
            return None
        written = written.strip().strip('"“”')
        usable = written and "\n" not in written and len(written) <= LONGEST_QUESTION
        return written if usable else None

    def check(self, cited: Cited, passages: Sequence[Hit]) -> Finding:
        """Hold a sentence against what it cites; one that cites nothing, against everything that was sent."""
        hits = [passages[number - 1] for number in cited.passages] or passages
        finding = self._checker.check(cited.text, hits)
        if not cited.passages and finding.support is not Support.SUPPORTED:
            return replace(finding, support=Support.UNSUPPORTED)
        if self._second_opinion and finding.support is Support.WEAK and finding.quote:
            try:
                told = self.model.complete(check_prompt(cited.text, "\n".join(hit.text for hit in hits)))
            except GenerationError:
                return finding
            agreed = told.strip().upper().startswith("YES")
            return replace(finding, support=Support.SUPPORTED if agreed else Support.UNSUPPORTED)
        return finding

    def _choose(self, quoted: Answer) -> tuple[Hit, ...]:
        """The passages to send, as many as the tokens allow: as they were read, or newest first."""
        chosen: list[Hit] = []
        left = self._tokens * CHARACTERS_PER_TOKEN
        for hit in quoted.read or quoted.hits:
            left -= len(hit.text) + len(hit.article.title)
            if left < 0:
                break
            chosen.append(hit)
        if quoted.timeline:
            chosen.sort(key=lambda hit: hit.article.published or date.min, reverse=True)
        return tuple(chosen)

    def _finish(self, quoted: Answer, desk: "_Desk") -> Answer:
        statements = tuple(desk.statements)
        if not statements or _is_refusal(statements):
            return replace(
                quoted, refused=True, text=REFUSAL, quotes=(), model=self.model.name, timeline=False, statements=()
            )
        return replace(
            quoted,
            refused=False,
            text=write_statements(statements),
            quotes=tuple(desk.quotes),
            statements=statements,
            model=self.model.name,
        )


class _Desk:
    """Where the sentences of one answer are checked and their quotes numbered, in the order they come."""

    def __init__(self, writer: ProseWriter, passages: Sequence[Hit]) -> None:
        self._writer = writer
        self._passages = passages
        self.statements: list[Statement] = []
        self.quotes: list[Quote] = []

    def take(self, sentences: Sequence[Cited]) -> None:
        """Check each sentence and keep it with the number of its quote."""
        for cited in sentences:
            if _says_nothing(cited.text):
                continue
            finding = self._writer.check(cited, self._passages)
            numbers: tuple[int, ...] = ()
            if finding.quote and finding.support is not Support.UNSUPPORTED:
                numbers = (self._number(finding.quote),)
            self.statements.append(
                Statement(cited.text, numbers, finding.support, finding.missing, cited.removed, cited.opens)
            )

    def _number(self, quote: Quote) -> int:
        for number, other in enumerate(self.quotes, 1):
            if (other.article.id, other.start) == (quote.article.id, quote.start):
                return number
        self.quotes.append(quote)
        return len(self.quotes)


def _is_refusal(statements: Sequence[Statement]) -> bool:
    return normalise(statements[0].text).startswith(normalise(REFUSAL)) or normalise(statements[0].text) in (
        "articles do not say",
        "passages do not say",
        "passages dont say",
    )


def _says_nothing(text: str) -> bool:
    """Whether it is no sentence but an announcement (“Here is what they say:”) or a mere mark."""
    return text.endswith(":") or not any(letter.isalnum() for letter in text)


def _latest(earlier: Sequence[Exchange]) -> list[Exchange]:
    """The latest exchanges that fit into what is sent of a conversation, oldest first."""
    chosen: list[Exchange] = []
    left = CONVERSATION_TOKENS * CHARACTERS_PER_TOKEN
    for exchange in reversed(earlier):
        left -= len(exchange.question) + len(exchange.quoted)
        if left < 0:
            break
        chosen.insert(0, exchange)
    return chosen
