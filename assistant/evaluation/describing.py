"""Figures, comparisons, kept runs and what tuning tried, as text for a terminal.

The one rule: what is too long for a terminal is cut there and said to be; the report and JSON have all of it.
"""

import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from assistant.evaluation.comparing import FLIPPING, Change, Comparison, Flip
from assistant.evaluation.measures import (
    ARTICLES,
    ARTICLES_GROUP,
    BY_NAME,
    MEASURES,
    PASSAGES_GROUP,
    Figures,
    take_figures,
)
from assistant.evaluation.records import Found, Order, Result, Run
from assistant.wording import count, write_figure

if TYPE_CHECKING:
    from assistant.evaluation.tuning import Tuning

WIDTH = 100
SHOWN_FLIPS = 10
"""Flipped questions of each measure and direction that a terminal shows; the report and JSON have all."""
SHOWN_PASSAGES = 1
SHOWN_TRIALS = 12
"""Values of a setting that a terminal shows; of more, the best alone."""
SHOWN_OF_TUNING = ("handled", "hit@1", "hit@5", "mrr@10", "articles/mrr@10", "quoted", "refusal-recall", "aurc")
_ORDERS = {Order.SEARCH: "as search ordered them", Order.READ: "as reading ordered them"}


def describe_run(run: Run, figures: Figures | None = None) -> str:
    """The figures of a run as a table."""
    figures = figures or take_figures(run)
    ranked = [measure.name for measure in MEASURES if measure.group == PASSAGES_GROUP]
    width = max(map(len, ranked)) + 1
    counts = figures.counts
    rows = [
        (f"passages ({counts['answerable']} questions)", ranked),
        (f"articles ({counts['with evidence']} questions)", [ARTICLES + name for name in ranked]),
    ]
    header = f"{'':28}" + "".join(f"{name:>{width}}" for name in ranked)
    table = [
        f"{name:28}" + "".join(f"{write_figure(figures[measure]):>{width}}" for measure in names)
        for name, names in rows
    ]
    others = [
        (measure.label, figures[measure.name])
        for measure in MEASURES
        if measure.group not in (PASSAGES_GROUP, ARTICLES_GROUP)
    ]
    lines = [
        f"{_title(run)}, {_ORDERS[run.order]}",
        header,
        *table,
        "",
        *(f"{_label(label):28}{write_figure(value):>8}" for label, value in others),
        f"{'failed questions':28}{counts['failed']:>8}",
        f"{'evidence not in the library':28}{counts['evidence missing']:>8}",
    ]
    return "\n".join(lines)


def describe_comparison(comparison: Comparison) -> str:
    """What became better and worse, with intervals, and the questions that flipped."""
    lines = [
        f"{_title(comparison.before)}  ->  {_title(comparison.after)}",
        *(f"  {name}: {then} -> {now}" for name, then, now in comparison.settings),
        *_left_out(comparison),
        "",
        f"{'':32}{'n':>5}{'then':>8}{'now':>8}{'change':>9}   {'95 % interval':^18}{'p':>8}",
        *(_describe_change(change) for change in comparison.changes if change.difference is not None),
    ]
    for name in FLIPPING:
        for gained in (True, False):
            flips = [flip for flip in comparison.flips if flip.measure.name == name and flip.gained is gained]
            if flips:
                lines += ["", f"{name}, {'gained' if gained else 'lost'}: {count(len(flips), 'question')}"]
                lines += [line for flip in flips[:SHOWN_FLIPS] for line in describe_flip(flip, comparison)]
                if len(flips) > SHOWN_FLIPS:
                    lines.append(f"  … and {len(flips) - SHOWN_FLIPS} more")
    return "\n".join(lines)


def describe_flip(flip: Flip, comparison: Comparison) -> Iterator[str]:
    """A flipped question with what was retrieved, or quoted, then and now."""
    question = flip.after.question
    expected = " | ".join(question.answers) or "refuse"
    yield _clip(f"  {question.id}: {question.question}  [{expected}]")
    for when, run, result in (("then", comparison.before, flip.before), ("now", comparison.after, flip.after)):
        for line in what_it_got(flip.measure.name, run, result)[:SHOWN_PASSAGES]:
            yield _clip(f"      {when}: {line}")


def what_it_got(measure: str, run: Run, result: Result) -> list[str]:
    """What a question got, as far as the measure looks at it: the quotes, or the passages that came first."""
    if result.failure:
        return [f"failed: {result.failure}"]
    if measure in ("quoted", "refusal-recall"):
        shown = [f"“{quote.text}” ({quote.title})" for quote in result.shown]
        return shown or [f"refused, confidence {result.confidence:.2f}"]
    ranked = result.ranked(run.order)
    relevant = _relevance(measure, result)
    place = next((place for place, found in enumerate(ranked, 1) if relevant(found)), None)
    where = f"first right at {place}" if place else f"none right in {len(ranked)}"
    return [f"{where}; first: {found.title}: {found.text}" for found in ranked[:1]] or ["nothing retrieved"]


def describe_tuning(tuning: "Tuning") -> str:
    """What was tried, and what it is worth."""
    lines = ["tried on half of the questions"]
    for _, trials in groupby(tuning.trials, lambda trial: trial.setting):
        tried = list(trials)
        best = max(trial.figure for trial in tried)
        if len(tried) > SHOWN_TRIALS:
            tried = [trial for trial in tried if trial.figure >= best]
        lines += [
            f"  {f'{trial.setting} {trial.value:g}':30}{trial.figure:>8.3f}  {trial.measure}"
            + (" *" if trial.figure >= best else "")
            for trial in tried
        ]
    if tuning.comparison is None:
        return "\n".join([*lines, "", "Nothing is better than the settings in use."])
    shown = [item for item in tuning.comparison.changes if item.measure.name in SHOWN_OF_TUNING]
    chosen = ", ".join(f"{name} {value:g}" for name, value in tuning.recommended.items())
    verdict = "Better beyond chance." if tuning.better else "That is not better beyond chance: nothing is changed."
    rows = [_describe_change(item) for item in shown if item.difference is not None]
    return "\n".join([*lines, "", f"on the other half, with {chosen}", *rows, verdict])


def describe_runs(runs: Iterable[Run]) -> str:
    """The kept runs, a line each, with a few of their figures."""
    names = ("hit@1", "hit@5", "articles/hit@5", "quoted", "f1", "auroc")
    lines = [f"{'':24}{'made':18}{'questions':>10}" + "".join(f"{name:>16}" for name in names)]
    for run in runs:
        figures = take_figures(run)
        lines.append(
            f"{run.name:24}{run.made[:16].replace('T', ' '):18}{len(run.results):>10}"
            + "".join(f"{write_figure(figures[name]):>16}" for name in names)
        )
    return "\n".join(lines) if len(lines) > 1 else "No run is kept yet; `evaluate QUESTIONS --name NAME` keeps one."


def _describe_change(change: Change) -> str:
    name = change.measure.name if change.measure.name in BY_NAME else change.measure.label
    interval = "" if change.low is None else f"[{change.low:+.3f}, {change.high:+.3f}]"
    p = "" if change.p is None else f"{change.p:.4f}"
    sign = "" if not change.certain else (" better" if change.better else " worse")
    return (
        f"{name:32}{change.questions:>5}{write_figure(change.before):>8}{write_figure(change.after):>8}"
        f"{change.difference or 0.0:>+9.3f}   {interval:^18}{p:>8}{sign}"
    )


def _left_out(comparison: Comparison) -> Iterator[str]:
    for names, reason in (
        (comparison.only_before, "asked then alone"),
        (comparison.only_after, "asked now alone"),
        (comparison.changed, "of another wording, answer or evidence now"),
    ):
        if names:
            yield _clip(f"  not compared, {reason}: {count(len(names), 'question')} ({', '.join(names)})")


def _relevance(measure: str, result: Result) -> Any:
    def is_relevant(found: Found) -> bool:
        return bool(found.articles & result.evidence.keys()) if measure.startswith(ARTICLES) else found.holds

    return is_relevant


def _title(run: Run) -> str:
    return f"{run.name or 'this run'} ({count(len(run.results), 'question')})"


def _label(label: str) -> str:
    return label + " of seconds" if label.endswith("percentile") else label + " seconds" * (label == "median")


def _clip(line: str) -> str:
    flat = " ".join(line.split())
    indent = len(line) - len(line.lstrip())
    return " " * indent + textwrap.shorten(flat, WIDTH - indent, placeholder=" …")
