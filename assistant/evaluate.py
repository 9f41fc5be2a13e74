"""Quality as numbers: a question file against a library.

The one rule: nothing drops out silently. A question that fails counts as a miss and is named, and so is evidence that
is not in the library.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from statistics import median

from assistant.answer import Answer, apply_threshold
from assistant.ask import Assistant
from assistant.matching import exact_match, token_f1
from assistant.questions import TestQuestion, holds_answer
from assistant.quotes import Quote
from assistant.risk import RiskPoint, area_under_risk, area_under_roc, risk_coverage
from index.errors import AssistantError
from index.records import Hit

CUTOFFS = (1, 5, 10, 20)
MRR_CUTOFF = 10
RETRIEVED = 100
"""Passages that are looked at, so that 20 different articles are among them."""
NEVER_RETRIEVED = "never retrieved"
"""Stands for a relevant passage that no search found, so that its question counts as a miss."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question; `answer` is None where asking failed, `failure` tells why.

    `hits` are the first 100 passages, best first, whatever number of them was read. `unrefused` are the quotes that
    the answer would have if none were refused.
    """

    question: TestQuestion
    answer: Answer | None
    hits: tuple[Hit, ...] = ()
    failure: str = ""
    unrefused: tuple[Quote, ...] = ()

    @property
    def confidence(self) -> float:
        """How sure the answer is (0..1); of a question that failed the worst: sure where it should refuse."""
        return self.answer.confidence if self.answer else float(not self.question.answerable)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures: shares in 0..1, None where there is no question to take them on; `seconds` is the median a question.

    `passages` and `articles` have `hit@1` .. `hit@20` and `mrr@10`; `hit_after_reading` is `hit@1` of passages in the
    order in which they were read to answer. `exact_match` and `f1` compare the words that the first quote marks.
    `answerability` is the area under the ROC of confidence, `risk_coverage` takes an answer for wrong whose quotes,
    if it were not refused, hold no answer. `missing_evidence` are (question id, article id).
    """

    questions: int
    answerable: int
    with_evidence: int
    passages: dict[str, float | None]
    articles: dict[str, float | None]
    hit_after_reading: float | None
    answer_in_quotes: float | None
    exact_match: float | None
    f1: float | None
    refusal_precision: float | None
    refusal_recall: float | None
    answerability: float | None
    risk_coverage_area: float | None
    seconds: float | None
    risk_coverage: tuple[RiskPoint, ...] = ()
    failures: tuple[tuple[str, str], ...] = ()
    missing_evidence: tuple[tuple[str, str], ...] = ()
    outcomes: tuple[Outcome, ...] = field(default=(), repr=False)


def evaluate(
    assistant: Assistant,
    questions: Sequence[TestQuestion],
    progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Ask every question and measure retrieval, quotes and refusals."""
    outcomes = []
    lenient = _never_refusing(assistant)
    for number, question in enumerate(questions, 1):
        outcomes.append(_ask(lenient, question, assistant.settings.refuse_below))
        if progress:
            progress(number, len(questions))
    named = {name for question in questions for name in question.evidence}
    ids = {name: assistant.library.find_id(name) for name in named}
    return measure(outcomes, {name: article for name, article in ids.items() if article})


def measure(outcomes: Sequence[Outcome], known: Mapping[str, str]) -> Evaluation:
    """Take the figures of what became of the questions; `known` maps evidence that the library has to article ids."""
    answerable = [outcome for outcome in outcomes if outcome.question.answerable]
    evidenced = [outcome for outcome in answerable if _evidence(outcome, known)]
    refused = [outcome for outcome in outcomes if outcome.answer and outcome.answer.refused]
    rightly = sum(not outcome.question.answerable for outcome in refused)
    risks = risk_coverage([outcome.confidence for outcome in outcomes], [not _right(outcome) for outcome in outcomes])
    seconds = [sum(outcome.answer.seconds.values()) for outcome in outcomes if outcome.answer]
    return Evaluation(
        questions=len(outcomes),
        answerable=len(answerable),
        with_evidence=len(evidenced),
        passages=_ranked([_passage_relevance(outcome) for outcome in answerable]),
        articles=_ranked([_article_relevance(outcome, _evidence(outcome, known)) for outcome in evidenced]),
        hit_after_reading=_share(sum(map(_read_first, answerable)), len(answerable)),
        answer_in_quotes=_share(sum(map(_quoted, answerable)), len(answerable)),
        exact_match=_share(sum(_compare_marked(outcome, exact_match) for outcome in answerable), len(answerable)),
        f1=_share(sum(_compare_marked(outcome, token_f1) for outcome in answerable), len(answerable)),
        refusal_precision=_share(rightly, len(refused)),
        refusal_recall=_share(rightly, len(outcomes) - len(answerable)),
        answerability=area_under_roc(
            [outcome.confidence for outcome in answerable],
            [outcome.confidence for outcome in outcomes if not outcome.question.answerable],
        ),
        risk_coverage_area=area_under_risk(risks),
        seconds=median(seconds) if seconds else None,
        risk_coverage=risks,
        failures=tuple((outcome.question.id, outcome.failure) for outcome in outcomes if outcome.failure),
        missing_evidence=tuple(
            (outcome.question.id, article)
            for outcome in outcomes
            for article in outcome.question.evidence
            if article not in known
        ),
        outcomes=tuple(outcomes),
    )


def _never_refusing(assistant: Assistant) -> Assistant:
    """The same assistant that shows its quotes however unsure it is; the threshold is applied afterwards."""
    lenient = copy(assistant)
    lenient.settings = replace(assistant.settings, refuse_below=0.0)
    return lenient


def _ask(assistant: Assistant, question: TestQuestion, refuse_below: float) -> Outcome:
    try:
        answer = assistant.ask(question.question)
        hits = tuple(assistant.search(question.question, RETRIEVED))
    except AssistantError as error:
        return Outcome(question, None, failure=str(error))
    return Outcome(question, apply_threshold(answer, refuse_below), hits, unrefused=answer.quotes)


def _quoted(outcome: Outcome) -> bool:
    return _hold(outcome.answer.quotes if outcome.answer else (), outcome.question)


def _right(outcome: Outcome) -> bool:
    return _hold(outcome.unrefused, outcome.question)


def _hold(quotes: Sequence[Quote], question: TestQuestion) -> bool:
    return holds_answer(" ".join(quote.text for quote in quotes), question.answers)


def _compare_marked(outcome: Outcome, measure: Callable[[str, Sequence[str]], float]) -> float:
    answer = outcome.answer
    return measure(answer.marked, outcome.question.answers) if answer and answer.quotes else 0.0


def _read_first(outcome: Outcome) -> bool:
    read = outcome.answer.read if outcome.answer else ()
    return bool(read) and holds_answer(read[0].text, outcome.question.answers)


def _passage_relevance(outcome: Outcome) -> list[bool]:
    return [holds_answer(hit.text, outcome.question.answers) for hit in outcome.hits]


def _evidence(outcome: Outcome, known: Mapping[str, str]) -> set[str]:
    return {known[name] for name in outcome.question.evidence if name in known}


def _article_relevance(outcome: Outcome, evidence: set[str]) -> list[bool]:
    """Relevance of the articles in the order of their first passages; a copy counts where its original stands."""
    groups = {hit.article.id: {hit.article.id, *hit.copies} for hit in reversed(outcome.hits)}
    ranked = dict.fromkeys(hit.article.id for hit in outcome.hits)
    return [bool(groups[article] & evidence) for article in ranked]


def _ranked(relevance: Sequence[Sequence[bool]]) -> dict[str, float | None]:
    """Success@k and RR@10 as `ir-measures` (and so trec_eval) defines them, by their common names."""
    import ir_measures
    from ir_measures import RR, Success

    measures = {f"hit@{k}": Success @ k for k in CUTOFFS} | {f"mrr@{MRR_CUTOFF}": RR @ MRR_CUTOFF}
    if not relevance:
        return dict.fromkeys(measures)
    qrels: dict[str, dict[str, int]] = {}
    run: dict[str, dict[str, float]] = {}
    for number, ranking in enumerate(relevance):
        query = str(number)
        qrels[query] = {NEVER_RETRIEVED: 1} | {str(rank): 1 for rank, relevant in enumerate(ranking) if relevant}
        run[query] = {str(rank): float(-rank) for rank in range(len(ranking))}
    found = ir_measures.calc_aggregate(list(measures.values()), qrels, run)
    return {name: float(found[measure]) for name, measure in measures.items()}


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None
