"""The measures: each by name, what it is called, and its value for every question or for a whole run.

The one rule: arithmetic of rankings is `ir-measures`' own, which is trec_eval's; `docs/measures.md` defines each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from assistant.evaluation.records import Quoted, Result, Run
from assistant.evaluation.relevance import Level, judge_results
from assistant.evaluation.weighted import (
    Answered,
    Measured,
    area_under_risk,
    area_under_roc,
    calibration_error,
    percentile,
    refusal_precision,
)
from assistant.matching import exact_match, token_f1
from assistant.questions import TestQuestion, holds_answer

CUTOFFS = (1, 5, 10, 20)
PERCENTILES = {50: "median", 90: "90th percentile", 95: "95th percentile", 99: "99th percentile"}
ARTICLES = "articles/"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure's name, its words for people, the group it is shown in, and whether more is better."""

    name: str
    label: str
    group: str
    higher_is_better: bool = True


PASSAGES_GROUP, ARTICLES_GROUP, ANSWERS_GROUP = "Passages", "Articles", "Answers"
REFUSALS_GROUP, SECONDS_GROUP = "Refusals and confidence", "Seconds a question"
_HITS = tuple(f"hit@{k}" for k in CUTOFFS)
_RANKED = ("mrr@10", "recall@10", "recall@20", "map@100", "ndcg@10")

MEASURES: tuple[Measure, ...] = (
    *(Measure(name, name, PASSAGES_GROUP) for name in (*_HITS, *_RANKED)),
    *(Measure(ARTICLES + name, name, ARTICLES_GROUP) for name in (*_HITS, *_RANKED)),
    Measure("read-hit@1", "hit@1 after reading", ANSWERS_GROUP),
    Measure("quoted", "quoted text holds an answer", ANSWERS_GROUP),
    Measure("exact-match", "first quote, exact match", ANSWERS_GROUP),
    Measure("f1", "first quote, F1", ANSWERS_GROUP),
    Measure("handled", "answered, or refused, rightly", REFUSALS_GROUP),
    Measure("refusal-precision", "refusal precision", REFUSALS_GROUP),
    Measure("refusal-recall", "refusal recall", REFUSALS_GROUP),
    Measure("auroc", "answerable, AUROC", REFUSALS_GROUP),
    Measure("aurc", "area under risk-coverage", REFUSALS_GROUP, higher_is_better=False),
    Measure("ece", "calibration error (ECE)", REFUSALS_GROUP, higher_is_better=False),
    *(Measure(f"seconds-p{percent}", label, SECONDS_GROUP, False) for percent, label in PERCENTILES.items()),
)
BY_NAME = {measure.name: measure for measure in MEASURES}
MEANS = frozenset(name for name in BY_NAME if "hit@" in name or name.removeprefix(ARTICLES) in _RANKED) | {
    "quoted",
    "exact-match",
    "f1",
    "refusal-recall",
    "handled",
}
"""Those that are the mean of a value a question; the others are of a run as a whole."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A run's figures by the measures' names, in 0..1 or seconds; None where there is no question to take it on.

    `counts` are numbers of questions: all, `answerable`, `must refuse`, `with evidence` in the library, `failed`, and
    pieces of evidence `missing`.
    """

    values: dict[str, float | None]
    counts: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> float | None:
        """The figure of that name."""
        return self.values[name]


def take_figures(run: Run) -> Figures:
    """All figures of a run."""
    by_question = question_values(run)
    answered = take_answered(run.results)
    values: dict[str, float | None] = {}
    for measure in MEASURES:
        if measure.name in MEANS:
            found = by_question[measure.name]
            values[measure.name] = sum(found.values()) / len(found) if found else None
        else:
            values[measure.name] = run_value(measure.name, answered)
    results = run.results
    return Figures(
        values,
        {
            "questions": len(results),
            "answerable": sum(result.question.answerable for result in results),
            "must refuse": sum(result.question.must_refuse for result in results),
            "with evidence": len(by_question[f"{ARTICLES}hit@1"]),
            "with evidence passages": len(by_question["recall@10"]),
            "failed": len(run.failures),
            "evidence missing": len(run.missing_evidence),
        },
    )


def question_values(run: Run) -> dict[str, dict[str, float]]:
    """The value of each measure in `MEANS` for each question it is taken on: name -> question id -> value."""
    results = run.results
    values = _retrieval(run)
    answerable = [result for result in results if result.question.answerable]
    values["read-hit@1"] = {result.question.id: float(_read_first(result)) for result in answerable}
    values["quoted"] = {result.question.id: float(is_quoted(result)) for result in answerable}
    values["exact-match"] = {result.question.id: _compare(result, exact_match) for result in answerable}
    values["f1"] = {result.question.id: _compare(result, token_f1) for result in answerable}
    known = [result for result in results if result.question.answers_known]
    values["handled"] = {result.question.id: float(is_handled(result)) for result in known}
    values["refusal-recall"] = {
        result.question.id: float(result.refused and not result.failure)
        for result in results
        if result.question.must_refuse
    }
    return values


def is_quoted(result: Result) -> bool:
    """Whether the quotes that were shown hold an answer."""
    return _hold(result.shown, result.question)


def is_handled(result: Result) -> bool:
    """Whether the quotes that were shown hold an answer, or it was refused where the articles don't say."""
    return is_quoted(result) if result.question.answerable else result.refused and not result.failure


def is_right(result: Result) -> bool:
    """Whether the quotes hold an answer, refused or not."""
    return not result.failure and _hold(result.quotes, result.question)


def take_answered(results: Sequence[Result]) -> Answered:
    """What measures of a whole run need."""
    return Answered(
        np.array([_confidence(result) for result in results], dtype=float),
        np.array([is_right(result) for result in results], dtype=bool),
        np.array([result.question.answerable for result in results], dtype=bool),
        np.array([result.refused and not result.failure for result in results], dtype=bool),
        np.array([result.question.answers_known for result in results], dtype=bool),
        np.array([sum(result.seconds.values()) if not result.failure else np.nan for result in results], dtype=float),
    )


def run_value(name: str, answered: Answered) -> float | None:
    """A measure of a whole run; None where there is nothing to take it on."""
    value = float(RUN_MEASURES[name](answered, np.ones((1, len(answered.confidence))))[0])
    return None if np.isnan(value) else value


RUN_MEASURES: dict[str, Measured] = {
    "refusal-precision": refusal_precision,
    "auroc": area_under_roc,
    "aurc": area_under_risk,
    "ece": calibration_error,
    **{f"seconds-p{percent}": percentile(percent) for percent in PERCENTILES},
}


@cache
def _ranking_measures() -> dict[str, tuple[Any, Level, Level]]:
    """Name -> the measure of `ir-measures`, and what is relevant among passages and among articles."""
    from ir_measures import AP, RR, R, Success, nDCG

    hits = {f"hit@{k}": (Success @ k, Level.ANSWER, Level.ARTICLE) for k in CUTOFFS}
    return hits | {
        "mrr@10": (RR @ 10, Level.ANSWER, Level.ARTICLE),
        "recall@10": (R @ 10, Level.EVIDENCE, Level.ARTICLE),
        "recall@20": (R @ 20, Level.EVIDENCE, Level.ARTICLE),
        "map@100": (AP @ 100, Level.EVIDENCE, Level.ARTICLE),
        "ndcg@10": (nDCG @ 10, Level.EVIDENCE, Level.ARTICLE),
    }


def _retrieval(run: Run) -> dict[str, dict[str, float]]:
    import ir_measures

    values: dict[str, dict[str, float]] = {name: {} for name in MEANS}
    for level in Level:
        names = {}
        for name, (measure, of_passages, of_articles) in _ranking_measures().items():
            if level is of_passages:
                names[measure] = name
            if level is of_articles:
                names[measure] = ARTICLES + name
        judged = judge_results(run.results, level, run.order)
        if not judged.qrels:
            continue
        for found in ir_measures.iter_calc(list(names), judged.qrels, judged.run):
            values[names[found.measure]][found.query_id] = float(found.value)
    return values


def _read_first(result: Result) -> bool:
    return bool(result.reading) and result.found[result.reading[0]].holds


def _confidence(result: Result) -> float:
    return result.confidence if not result.failure else float(not result.question.answerable)


def _compare(result: Result, compare: Callable[[str, Sequence[str]], float]) -> float:
    return float(compare(result.shown[0].marked, result.question.answers)) if result.shown else 0.0


def _hold(quotes: Sequence[Quoted], question: TestQuestion) -> bool:
    return holds_answer(" ".join(quote.text for quote in quotes), question.answers)
