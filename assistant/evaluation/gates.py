"""When a run is not good enough: figures below a floor, and figures that are worse than an earlier run's.

The one rule: worse means worse by more than chance would do, with the number of measures that are looked at allowed
for.
"""

from collections.abc import Sequence
from difflib import get_close_matches

from assistant.evaluation.comparing import Comparison
from assistant.evaluation.measures import BY_NAME, Figures, Measure
from index.errors import QuestionError

SIGNIFICANT = 0.05
WATCHED = ("hit@5", "mrr@10", "articles/hit@5", "quoted", "f1", "auroc")
"""What `--fail-if-worse` looks at."""


def read_floor(text: str) -> tuple[Measure, float]:
    """A floor as it is written on the command line: `hit@5=0.8`; for a measure that should be low it is a ceiling.

    Raises:
        QuestionError: if there is no such measure, or no number.
    """
    name, _, value = text.partition("=")
    measure = find_measure(name.strip())
    try:
        return measure, float(value)
    except ValueError as error:
        raise QuestionError(f"{text!r} has no number after the measure: write {measure.name}=0.8") from error


def find_measure(name: str) -> Measure:
    """The measure of that name.

    Raises:
        QuestionError: if there is none; the nearest ones are named.
    """
    if name not in BY_NAME:
        near = get_close_matches(name, BY_NAME, 3, 0.4) or list(BY_NAME)
        raise QuestionError(f"there is no measure {name!r}: take {', '.join(near)}; docs/measures.md has them all")
    return BY_NAME[name]


def below_floors(figures: Figures, floors: Sequence[tuple[Measure, float]]) -> list[str]:
    """What is below its floor, in words; a figure that could not be taken is."""
    failed = []
    for measure, floor in floors:
        value = figures.values[measure.name]
        if value is None:
            failed.append(f"{measure.name} could not be measured; it was to be {floor:g}")
        elif (value < floor) if measure.higher_is_better else (value > floor):
            side = "below" if measure.higher_is_better else "above"
            failed.append(f"{measure.name} is {value:.3f}, {side} {floor:g}")
    return failed


def worse_than_before(comparison: Comparison, names: Sequence[str] = WATCHED) -> list[str]:
    """What is worse, in words: p below 0.05 after the correction of Holm (1979) for the measures looked at."""
    changes = [change for change in comparison.changes if change.measure.name in names and change.p is not None]
    failed = []
    for place, change in enumerate(sorted(changes, key=lambda change: change.p or 0.0)):
        if (change.p or 0.0) * (len(changes) - place) >= SIGNIFICANT:
            break
        if not change.better:
            failed.append(f"{change.measure.name} was {change.before:.3f}, is {change.after:.3f} (p = {change.p:.4f})")
    return failed
