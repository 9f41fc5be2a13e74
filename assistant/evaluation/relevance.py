"""What counts as found, for passages and for articles, in the form that `ir-measures` (and so trec_eval) takes.

The one rule: a relevant passage or article that nothing found still counts; its question is never left out for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.evaluation.records import Found, Order, Result

NEVER_RETRIEVED = "never-retrieved"
"""Stands for a relevant passage that no search found."""


class Level(StrEnum):
    """What is ranked, and what makes it relevant.

    `ANSWER`: a passage that holds an answer, in whatever article. `EVIDENCE`: a passage that holds an answer, in an
    article that the question names; how many of these there are is known, so that recall can be taken.
    `ARTICLE`: an article that the question names.
    """

    ANSWER = "answer"
    EVIDENCE = "evidence"
    ARTICLE = "article"


@dataclass(slots=True)
class Judged:
    """Rankings with their judgements, by question: `run` ids and scores, `qrels` ids and grades."""

    run: dict[str, dict[str, float]] = field(default_factory=dict)
    qrels: dict[str, dict[str, int]] = field(default_factory=dict)


def judge_results(results: Sequence[Result], level: Level, order: Order) -> Judged:
    """The rankings of those results that can be measured at that level."""
    rank = {Level.ANSWER: _rank_answers, Level.EVIDENCE: _rank_evidence, Level.ARTICLE: _rank_articles}[level]
    judged = Judged()
    for result in results:
        if not can_be_measured(result, level):
            continue
        ranking, relevant = rank(result, order)
        # Scores go down by one a rank: what is equal for search must not be put into another order by an id.
        judged.run[result.question.id] = {name: float(-place) for place, name in enumerate(ranking)}
        judged.qrels[result.question.id] = dict(relevant)
    return judged


def can_be_measured(result: Result, level: Level) -> bool:
    """Whether it is known what would be relevant."""
    if level is Level.ANSWER:
        return result.question.answerable
    if level is Level.EVIDENCE:
        return result.evidence_passages > 0
    return bool(result.evidence) and not result.question.must_refuse


def name_passage(found: Found) -> str:
    """A passage's name in a TREC file; it has no white space."""
    return f"{name_article(found.article)}#{found.start}-{found.end}"


def name_article(article: str) -> str:
    """An article's name in a TREC file, whose columns are parted by white space."""
    return article.replace(" ", "%20").replace("\t", "%09").replace("\n", "%0A") or NEVER_RETRIEVED


def _rank_answers(result: Result, order: Order) -> tuple[list[str], Mapping[str, int]]:
    ranked = result.ranked(order)
    relevant = {name_passage(found): 1 for found in ranked if found.holds}
    return [name_passage(found) for found in ranked], relevant or {NEVER_RETRIEVED: 1}


def _rank_evidence(result: Result, order: Order) -> tuple[list[str], Mapping[str, int]]:
    """A passage that stands for near-identical ones in other evidence counts once, and they are not asked for again."""
    ranked = result.ranked(order)
    relevant: dict[str, int] = {}
    folded = 0
    for found in ranked:
        named = found.articles & result.evidence.keys()
        if found.holds and named:
            relevant[name_passage(found)] = max(result.evidence[article] for article in named)
            folded += len(named) - 1
    unseen = max(result.evidence_passages - folded - len(relevant), 0)
    relevant.update({f"{NEVER_RETRIEVED}-{number}": 1 for number in range(unseen)})
    return [name_passage(found) for found in ranked], relevant


def _rank_articles(result: Result, order: Order) -> tuple[list[str], Mapping[str, int]]:
    """Articles in the order of their first passages; a copy counts where its original stands, and only there."""
    ranked = result.ranked(order)
    groups: dict[str, frozenset[str]] = {}
    for found in ranked:
        groups.setdefault(found.article, found.articles)
    relevant: dict[str, int] = {}
    left = dict(result.evidence)
    for article, group in groups.items():
        grades = [left.pop(member) for member in group & left.keys()]
        if grades:
            relevant[name_article(article)] = max(grades)
    relevant.update({name_article(article): grade for article, grade in left.items()})
    return [name_article(article) for article in groups], relevant
