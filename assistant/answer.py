"""Question and reading become an `Answer`.

The one rule: below the calibrated probability the answer is that the articles don't say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.quotes import Quote, choose_quotes
from assistant.reader import Reading
from index.records import Hit

REFUSAL = "The articles don't say."


@dataclass(frozen=True, slots=True)
class Answer:
    """What the user gets. `text` carries a marker `[n]` for `quotes[n - 1]`; `confidence` is in 0..1.

    A refused answer has no quotes; its `hits` are the nearest passages. `seconds` are by stage.
    """

    question: str
    refused: bool
    confidence: float
    text: str
    quotes: tuple[Quote, ...] = ()
    hits: tuple[Hit, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    notice: str = ""


def compose_answer(
    question: str, hits: Sequence[Hit], reading: Reading, *, max_quotes: int, refuse_below: float
) -> Answer:
    """Quote what answers, or refuse."""
    refused = not reading.evidence or reading.probability < refuse_below
    quotes = () if refused else choose_quotes(reading.evidence, max_quotes)
    text = REFUSAL if refused else "\n\n".join(f"{quote.text} [{n}]" for n, quote in enumerate(quotes, 1))
    return Answer(question, refused, reading.probability, text, quotes, tuple(hits))
