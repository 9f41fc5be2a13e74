"""Question and reading become an `Answer`.

The one rule: below the calibrated probability the answer is that the articles don't say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.periods import Period
from assistant.quotes import Quote, choose_quotes
from assistant.reader import Reading
from assistant.statements import Statement, write_statements
from assistant.wording import write_date
from index.records import Hit
from index.scope import EVERYTHING, Scope

REFUSAL = "The articles don't say."


@dataclass(frozen=True, slots=True)
class Answer:
    """What the user gets. `text` carries a marker `[n]` for `quotes[n - 1]`; `confidence` is in 0..1.

    A refused answer has no quotes; its `hits` are the nearest passages, as search ordered them. `read` are the same
    hits as reading orders them: by their best sentence, then those without one; `read_probabilities` are those of
    their best sentences, None where there is none. `seconds` are by stage. `scope` is what was asked: all else was left
    out. `asked` is what the user wrote, where that was a follow-up and `question` is what was made of it. `period` is
    what the question itself said of time, where that narrowed the scope. Where `timeline` is set, the quotes are
    statements in order of date, the latest first.
    Where a language model answered, `model` is its name and `statements` are its checked sentences.
    """

    question: str
    refused: bool
    confidence: float
    text: str
    quotes: tuple[Quote, ...] = ()
    hits: tuple[Hit, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    notice: str = ""
    read: tuple[Hit, ...] = ()
    read_probabilities: tuple[float | None, ...] = ()
    scope: Scope = EVERYTHING
    asked: str = ""
    timeline: bool = False
    period: Period | None = None
    model: str = ""
    statements: tuple[Statement, ...] = ()

    def before(self, quote: Quote) -> str:
        """The sentence that a quote leans on, unless it is quoted here as well; see `Quote.before`."""
        return "" if any(other.text == quote.before for other in self.quotes) else quote.before

    @property
    def marked(self) -> str:
        """The words that the first quote marks; "" where nothing is quoted."""
        return self.quotes[0].marked if self.quotes else ""


def compose_answer(
    question: str, hits: Sequence[Hit], reading: Reading, *, max_quotes: int, refuse_below: float
) -> Answer:
    """Quote what answers, or refuse."""
    refused = not reading.evidence or reading.probability < refuse_below
    quotes = () if refused else choose_quotes(reading.evidence, max_quotes)
    text = REFUSAL if refused else "\n\n".join(f"{quote.text} [{n}]" for n, quote in enumerate(quotes, 1))
    read, probabilities = _in_order_of_reading(hits, reading)
    return Answer(
        question,
        refused,
        reading.probability,
        text,
        quotes,
        tuple(hits),
        read=read,
        read_probabilities=probabilities,
    )


def compose_timeline(question: str, hits: Sequence[Hit], reading: Reading, quotes: Sequence[Quote]) -> Answer:
    """Quote statements under their dates; they come latest first, and are of articles with a date."""
    blocks = []
    for number, quote in enumerate(quotes, 1):
        day = write_date(quote.article.published) if quote.article.published else ""
        blocks += [f"{'The latest' if number == 1 else 'Before that'}, {day}:", f"{quote.text} [{number}]"]
    text, confidence = "\n\n".join(blocks), max(item.score for item in reading.evidence)
    read, probabilities = _in_order_of_reading(hits, reading)
    return Answer(
        question,
        False,
        confidence,
        text,
        tuple(quotes),
        tuple(hits),
        read=read,
        read_probabilities=probabilities,
        timeline=True,
    )


def apply_threshold(answer: Answer, refuse_below: float) -> Answer:
    """The same answer, refused if its confidence is below the threshold; what was refused stays so."""
    if answer.refused or answer.confidence >= refuse_below:
        return answer
    return replace(answer, refused=True, text=REFUSAL, quotes=())


def only_supported(answer: Answer) -> Answer:
    """The same answer without the sentences that the articles do not support; a refusal where none is left."""
    kept = tuple(one for one in answer.statements if one.supported)
    if len(kept) == len(answer.statements):
        return answer
    if not kept:
        return replace(answer, refused=True, text=REFUSAL, quotes=(), statements=())
    return replace(answer, statements=kept, text=write_statements(kept))


def _in_order_of_reading(hits: Sequence[Hit], reading: Reading) -> tuple[tuple[Hit, ...], tuple[float | None, ...]]:
    ordered: dict[int, tuple[Hit, float | None]] = {}
    for hit, score in (*((item.hit, item.score) for item in reading.evidence), *((hit, None) for hit in hits)):
        ordered.setdefault(hit.passage_id, (hit, score))
    return tuple(hit for hit, _ in ordered.values()), tuple(score for _, score in ordered.values())
