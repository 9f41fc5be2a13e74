"""Figures, comparisons and what tuning tried, as JSON for programs.

The one rule: nothing is left out or rounded; whoever reads it chooses.
"""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from assistant.evaluation.calibration import reliability
from assistant.evaluation.comparing import Comparison
from assistant.evaluation.describing import what_it_got
from assistant.evaluation.measures import Figures, take_answered, take_figures
from assistant.evaluation.records import Run
from assistant.risk import risk_coverage

if TYPE_CHECKING:
    from assistant.evaluation.tuning import Tuning


def run_to_json(run: Run, figures: Figures | None = None) -> dict[str, Any]:
    """A run's figures with the curves behind them, and what failed or is missing."""
    figures = figures or take_figures(run)
    answered = take_answered(run.results)
    known = answered.known
    points = risk_coverage(answered.confidence[known], ~answered.right[known])
    return {
        "name": run.name,
        "made": run.made,
        "questions": list(run.questions),
        "order": str(run.order),
        "library": dict(run.library),
        "settings": dict(run.settings),
        "counts": figures.counts,
        "figures": figures.values,
        "risk_coverage": [
            {"confidence": point.confidence, "coverage": point.coverage, "risk": point.risk} for point in points
        ],
        "reliability": [
            {"low": bar.low, "high": bar.high, "questions": bar.questions, "confidence": bar.confidence}
            | {"right": bar.right}
            for bar in reliability(answered.confidence[known], answered.right[known])
        ],
        "failures": [{"id": name, "reason": reason} for name, reason in run.failures],
        "missing_evidence": [{"id": name, "evidence": article} for name, article in run.missing_evidence],
        "notices": list(run.notices),
    }


def comparison_to_json(comparison: Comparison) -> dict[str, Any]:
    """A comparison: the changes by measure, and the flipped questions with what they got."""
    return {
        "before": comparison.before.name,
        "after": comparison.after.name,
        "settings": [{"name": name, "then": then, "now": now} for name, then, now in comparison.settings],
        "only_before": list(comparison.only_before),
        "only_after": list(comparison.only_after),
        "changed": list(comparison.changed),
        "changes": {
            change.measure.name: {
                "questions": change.questions,
                "then": change.before,
                "now": change.after,
                "difference": change.difference,
                "low": change.low,
                "high": change.high,
                "p": change.p,
            }
            for change in comparison.changes
        },
        "flips": [
            {
                "measure": flip.measure.name,
                "gained": flip.gained,
                "id": flip.after.question.id,
                "question": flip.after.question.question,
                "answers": list(flip.after.question.answers),
                "then": what_it_got(flip.measure.name, comparison.before, flip.before),
                "now": what_it_got(flip.measure.name, comparison.after, flip.after),
            }
            for flip in comparison.flips
        ],
    }


def tuning_to_json(tuning: "Tuning") -> dict[str, Any]:
    """What was tried, what is recommended, and what that changes."""
    return {
        "trials": [asdict(trial) for trial in tuning.trials],
        "recommended": tuning.recommended,
        "measure": tuning.measure,
        "better": tuning.better,
        "comparison": comparison_to_json(tuning.comparison) if tuning.comparison else None,
    }
