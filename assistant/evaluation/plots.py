"""Runs as pictures: SVG text that stands in a page, drawn by matplotlib.

The one rule: colours are names of the page's style sheet, so that one picture is right in light and in dark.
"""

import io
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.evaluation.calibration import reliability
from assistant.evaluation.comparing import Comparison
from assistant.evaluation.measures import SECONDS_GROUP, question_values, take_answered
from assistant.evaluation.records import Order, Run
from assistant.risk import point_at, risk_coverage

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 5.2, 3.4
"""Inches; the page scales a picture to its column."""
DEEPEST = 20
HISTOGRAM_BINS = 24
# Stand-ins that matplotlib takes for colours; the page's names are put in their place.
INK, GRID, FIRST, SECOND, GOOD, BAD = (f"#0{digit}0{digit}0{digit}" for digit in "123456")
_NAMES = {INK: "currentColor"} | {
    stand_in: f"var(--plot-{name})"
    for stand_in, name in ((GRID, "grid"), (FIRST, "first"), (SECOND, "second"), (GOOD, "good"), (BAD, "bad"))
}
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.edgecolor": GRID,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": GRID,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
}


def draw_risk_coverage(run: Run) -> str:
    """How wrong the answers are, the more questions are answered; a dot where the threshold lies."""
    answered = take_answered(run.results)
    points = risk_coverage(answered.confidence[answered.known], ~answered.right[answered.known])

    def draw(axes: "Axes") -> None:
        axes.plot([p.coverage for p in points], [p.risk for p in points], color=FIRST, linewidth=2)
        if shown := point_at(points, run.threshold):
            axes.plot([shown.coverage], [shown.risk], "o", color=FIRST)
            axes.annotate(
                f"refused below {run.threshold:g}",
                (shown.coverage, shown.risk),
                textcoords="offset points",
                xytext=(-6, 8),
                ha="right",
            )
        axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="share of questions answered", ylabel="share of answers wrong")

    return _draw("risk", "Risk over coverage", draw)


def draw_reliability(run: Run) -> str:
    """The share of right answers in each bin of confidence, beside what confidence promises."""
    answered = take_answered(run.results)
    bars = reliability(answered.confidence[answered.known], answered.right[answered.known])

    def draw(axes: "Axes") -> None:
        axes.plot([0, 1], [0, 1], color=GRID, linewidth=1, linestyle="--")
        width = 0.09
        axes.bar(
            [(bar.low + bar.high) / 2 for bar in bars], [bar.right for bar in bars], width, color=FIRST, alpha=0.75
        )
        axes.plot([bar.confidence for bar in bars], [bar.right for bar in bars], "o", color=SECOND, markersize=4)
        for bar in bars:
            axes.annotate(
                str(bar.questions),
                ((bar.low + bar.high) / 2, bar.right),
                textcoords="offset points",
                xytext=(0, 4),
                ha="center",
                fontsize=8,
            )
        axes.set(xlim=(0, 1), ylim=(0, 1.08), xlabel="confidence", ylabel="share right")

    return _draw("reliability", "Reliability (bars: questions in the bin)", draw)


def draw_hit_curve(runs: Sequence[tuple[str, Run]]) -> str:
    """hit@k of passages for every k up to 20, a line a run."""

    def draw(axes: "Axes") -> None:
        for number, (name, run) in enumerate(runs):
            colour, style = ((FIRST, "-"), (SECOND, "--"))[number % 2]
            axes.plot(range(1, DEEPEST + 1), hit_curve(run), style, color=colour, linewidth=2, label=name)
        axes.set(xlim=(1, DEEPEST), ylim=(0, 1), xlabel="k", ylabel="hit@k")
        axes.set_xticks([1, 5, 10, 15, 20])
        axes.legend(loc="lower right")

    return _draw(
        " ".join(["hits", *(name for name, _ in runs)]), "Questions with a relevant passage among the first k", draw
    )


def hit_curve(run: Run) -> list[float]:
    """hit@1 .. hit@20, of passages where answers are known, else of articles."""
    measured = [result for result in run.results if result.question.answerable or result.evidence]
    firsts = [
        next((rank for rank, found in enumerate(result.ranked(run.order), 1) if result.is_relevant(found)), np.inf)
        for result in measured
    ]
    ranks = np.array(firsts or [np.inf])
    return [float((ranks <= k).mean()) for k in range(1, DEEPEST + 1)]


def draw_seconds(run: Run) -> str:
    """How long questions took."""
    seconds = take_answered(run.results).seconds
    seconds = seconds[~np.isnan(seconds)]

    def draw(axes: "Axes") -> None:
        axes.hist(seconds, bins=HISTOGRAM_BINS, color=FIRST, alpha=0.75)
        for percent, colour in ((50, SECOND), (95, BAD)):
            at = float(np.percentile(seconds, percent)) if len(seconds) else 0.0
            axes.axvline(at, color=colour, linewidth=1.5, label=f"{percent}th percentile: {at:.2f} s")
        axes.set(xlabel="seconds a question", ylabel="questions")
        axes.set_xlim(left=0)
        axes.legend(loc="upper right", bbox_to_anchor=(1, 1.16), ncols=2, fontsize=8)

    return _draw("seconds", "Seconds", draw)


def draw_changes(comparison: Comparison) -> str:
    """Each measure's difference with its interval; a filled dot where the interval leaves out 0."""
    changes = [
        change
        for change in comparison.changes
        if change.low is not None and change.high is not None and change.measure.group != SECONDS_GROUP
    ][::-1]

    def draw(axes: "Axes") -> None:
        axes.axvline(0, color=INK, linewidth=0.8)
        for place, change in enumerate(changes):
            colour = (GOOD if change.better else BAD) if change.certain else FIRST
            axes.plot([change.low or 0.0, change.high or 0.0], [place, place], color=colour, linewidth=2)
            face = colour if change.certain else "none"
            axes.plot([change.difference or 0.0], [place], "o", color=colour, markerfacecolor=face, markersize=5)
        lower = {False: "", True: " (lower is better)"}
        axes.set_yticks(range(len(changes)), [c.measure.name + lower[not c.measure.higher_is_better] for c in changes])
        axes.set(xlabel=f"{comparison.after.name or 'now'} minus {comparison.before.name or 'then'}, 95 % interval")

    return _draw("changes", "Differences", draw, height=1.2 + 0.2 * len(changes), grid="x")


def draw_gains(comparison: Comparison, measure: str = "mrr@10") -> str:
    """What each question gained or lost by a measure, the largest gain first."""
    then, now = question_values(comparison.before)[measure], question_values(comparison.after)[measure]
    differences = np.array(sorted((now[name] - then[name] for name in now if name in then), reverse=True))

    def draw(axes: "Axes") -> None:
        places = np.arange(len(differences))
        for colour, chosen in ((GOOD, differences > 0), (BAD, differences < 0)):
            axes.bar(places[chosen], differences[chosen], width=1.0, color=colour)
        axes.axhline(0, color=INK, linewidth=0.8)
        counts = (
            f"{(differences > 0).sum()} gained, {(differences < 0).sum()} lost, {(differences == 0).sum()} the same"
        )
        axes.set(ylim=(-1, 1), xlabel=f"questions: {counts}", ylabel=f"change of {measure}")
        axes.set_xticks([])

    return _draw("gains", "Gains and losses a question", draw)


def draw_run(run: Run) -> list[str]:
    """The pictures of one run that there is something to draw for."""
    pictures = []
    if any(result.question.answerable or result.evidence for result in run.results):
        orders = [
            (f"as {name}", run.ordered(order)) for name, order in (("searched", Order.SEARCH), ("read", Order.READ))
        ]
        pictures.append(draw_hit_curve(orders))
    if any(result.question.answers_known for result in run.results):
        pictures += [draw_risk_coverage(run), draw_reliability(run)]
    if any(not result.failure for result in run.results):
        pictures.append(draw_seconds(run))
    return pictures


def draw_comparison(comparison: Comparison) -> list[str]:
    """The pictures of a comparison that there is something to draw for."""
    runs = [(run.name or when, run) for when, run in (("then", comparison.before), ("now", comparison.after))]
    pictures = [draw_changes(comparison)]
    for measure in ("mrr@10", "articles/mrr@10"):
        if comparison[measure].questions:
            return [*pictures, draw_gains(comparison, measure), draw_hit_curve(runs)]
    return pictures


def _draw(name: str, title: str, draw: Callable[["Axes"], None], height: float = HEIGHT, grid: Any = "both") -> str:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    buffer = io.StringIO()
    # Ids are made from the salt: two pictures of a page must not share one.
    with mpl.rc_context({**_STYLE, "svg.hashsalt": name}):
        figure = Figure(figsize=(WIDTH, height))
        axes = figure.subplots()
        axes.grid(visible=True, axis=grid, linewidth=0.6)
        draw(axes)
        axes.set_title(title, loc="left", fontsize=11)
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(buffer, format="svg", transparent=True, metadata=nothing)
    return _for_page(buffer.getvalue(), title)


def _for_page(svg: str, title: str) -> str:
    """The element alone, which scales, is named for those who cannot see it, and takes the page's colours and type."""
    svg = svg[svg.index("<svg") :]
    for stand_in, name in _NAMES.items():
        svg = svg.replace(stand_in, name)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', rf'\1 role="img" aria-label="{title}"', svg, count=1)
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    return re.sub(r"font: ([\d.]+px) [^;\"]*", r"font-size: \1; font-family: inherit", svg)
