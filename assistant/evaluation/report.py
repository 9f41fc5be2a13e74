"""A run, and its comparison with another, as HTML: a part for the page and a file that stands alone.

The one rule: a report asks for nothing from outside; it holds its style and its pictures, and its text is escaped.
"""

from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.evaluation.comparing import Comparison, Flip
from assistant.evaluation.measures import MEASURES, Figures, Measure, take_figures
from assistant.evaluation.misses import Miss, find_misses
from assistant.evaluation.records import Run
from assistant.wording import write_figure
from index.errors import AssistantError

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).parent


def render_report(run: Run, comparison: Comparison | None = None, figures: Figures | None = None) -> str:
    """The whole report, a file of its own."""
    title = f"{comparison.before.name or 'then'} → {run.name or 'now'}" if comparison else run.name or "Evaluation"
    return (
        _templates().get_template("report.html").render(_context(run, comparison, figures), title=title, style=style())
    )


def render_body(run: Run, comparison: Comparison | None = None, figures: Figures | None = None) -> str:
    """What the report shows, as a part of another page that has `style()`, too."""
    return _templates().get_template("body.html").render(_context(run, comparison, figures))


def style() -> str:
    """The style sheet; every rule is for what stands in the report alone."""
    return (FOLDER / "report.css").read_text(encoding="utf-8")


def write_report(path: Path, html: str) -> None:
    """Write a report.

    Raises:
        AssistantError: if the file cannot be written.
    """
    try:
        path.write_text(html, encoding="utf-8")
    except OSError as error:
        raise AssistantError(
            f"{path} cannot be written ({error}): name a file in a folder that can be written"
        ) from error


def _context(run: Run, comparison: Comparison | None, figures: Figures | None) -> dict[str, Any]:
    from assistant.evaluation.plots import draw_comparison, draw_run

    return {
        "run": run,
        "comparison": comparison,
        "values": (figures or take_figures(run)).values,
        "groups": _by_group(),
        "pictures": draw_run(run),
        "comparison_pictures": draw_comparison(comparison) if comparison else [],
        "flips": _by_measure(comparison) if comparison else [],
        "misses": _by_kind(find_misses(run)),
    }


def _by_group() -> list[tuple[str, list[Measure]]]:
    return [(group, list(measures)) for group, measures in groupby(MEASURES, lambda measure: measure.group)]


def _by_measure(comparison: Comparison) -> list[tuple[str, bool, list[Flip]]]:
    """The flips of each measure, the gained before the lost."""
    ordered = sorted(comparison.flips, key=lambda flip: (MEASURES.index(flip.measure), not flip.gained))
    return [
        (name, gained, list(flips))
        for (name, gained), flips in groupby(ordered, lambda flip: (flip.measure.name, flip.gained))
    ]


def _by_kind(misses: list[Miss]) -> list[tuple[str, list[Miss]]]:
    return [(str(kind), list(missed)) for kind, missed in groupby(misses, lambda miss: miss.kind)]


@cache
def _templates() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["figure"] = write_figure
    return templates
