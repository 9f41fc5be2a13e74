"""How wrong the quotes are, the more questions are answered: the risk-coverage curve, as figures and as a picture.

    python -m benchmarks.risk_coverage --library DIR QUESTIONS.jsonl... --picture FILE.svg

The questions of all files are asked together. `--reader` may come more than once; each reader gets a curve. A point
marks where the default threshold lies.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from tqdm import tqdm

from assistant.ask import open_assistant
from assistant.evaluation.asking import run_evaluation
from assistant.evaluation.measures import take_answered, take_figures
from assistant.evaluation.records import Run
from assistant.questions import TestQuestion, read_questions
from assistant.risk import RiskPoint, point_at, risk_coverage
from assistant.settings import Settings, read_settings
from index.errors import AssistantError

DONE, DONE_WITH_FAILURES, WRONG_USE = 0, 1, 2
COVERAGES = (0.25, 0.5, 0.75, 1.0)
WIDTH, HEIGHT = 640, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 20, 60
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
"""Told apart by the colour-blind (Okabe and Ito, 2008)."""
TICKS = 5
LINE = 20
"""Pixels between two lines of the legend."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One reader's curve."""

    name: str
    points: tuple[RiskPoint, ...]
    area: float
    threshold: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        The exit code: 0 done, 1 done with failed questions, 2 wrong use.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", metavar="DIR", type=Path, required=True)
    parser.add_argument("--reader", metavar="NAME", action="append", help="as for article-assistant ask")
    parser.add_argument("--embedding-model", metavar="NAME", help="as for article-assistant ask")
    parser.add_argument("--picture", metavar="FILE.svg", type=Path, help="draw the curves")
    parser.add_argument("questions", metavar="QUESTIONS.jsonl", nargs="+", type=Path)
    chosen = parser.parse_args(arguments)
    curves, failures = [], 0
    try:
        questions = [question for path in chosen.questions for question in read_questions(path)]
        for reader in chosen.reader or [None]:
            settings = read_settings({}, library=chosen.library, reader=reader, embedding_model=chosen.embedding_model)
            name, asked = _ask(settings, questions)
            failures += len(asked.failures)
            figures = take_figures(asked)
            curves.append(Curve(name, _points(asked), figures["aurc"] or 0.0, settings.refuse_below))
            print(describe(curves[-1], figures["auroc"]))
        if chosen.picture:
            chosen.picture.write_text(draw(curves), encoding="utf-8")
    except (AssistantError, OSError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return WRONG_USE
    return DONE_WITH_FAILURES if failures else DONE


def describe(curve: Curve, answerability: float | None) -> str:
    """A curve in figures, a line each."""
    shown = point_at(curve.points, curve.threshold)
    lines = [f"{curve.name}: area {curve.area:.3f}"]
    if answerability is not None:
        lines.append(f"  AUROC of answerable {answerability:.3f}")
    for coverage in COVERAGES:
        point = next(point for point in curve.points if point.coverage >= coverage)
        lines.append(f"  coverage {point.coverage:.3f}  risk {point.risk:.3f}  from confidence {point.confidence:.3f}")
    if shown:
        lines.append(f"  refused below {curve.threshold}: coverage {shown.coverage:.3f}, risk {shown.risk:.3f}")
    return "\n".join(lines)


def draw(curves: Sequence[Curve]) -> str:
    """The curves as an SVG picture, both axes from 0 to 1."""
    drawn = [part for number, curve in enumerate(curves) for part in _draw_curve(number, curve)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
            f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="14">',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
            *_draw_axes(),
            *drawn,
            "</svg>\n",
        ]
    )


def _draw_axes() -> list[str]:
    parts = []
    for tick in range(TICKS + 1):
        share = tick / TICKS
        x, y = _place(share, share)
        parts += [
            f'<line x1="{x:.1f}" y1="{_place(0, 0)[1]:.1f}" x2="{x:.1f}" y2="{_place(0, 1)[1]:.1f}" stroke="#e4e4e4"/>',
            f'<line x1="{_place(0, 0)[0]:.1f}" y1="{y:.1f}" x2="{_place(1, 0)[0]:.1f}" y2="{y:.1f}" stroke="#e4e4e4"/>',
            _write(x, _place(0, 0)[1] + 20, f"{share:.1f}", "middle"),
            _write(LEFT - 8, y + 5, f"{share:.1f}", "end"),
        ]
    middle = TOP + (HEIGHT - TOP - BOTTOM) / 2
    return [
        *parts,
        _write(_place(0.5, 0)[0], HEIGHT - 14, "coverage: share of the questions that are answered", "middle"),
        f'<g transform="translate(20 {middle:.1f}) rotate(-90)">'
        + _write(0, 0, "risk: share of the answers that are wrong", "middle")
        + "</g>",
    ]


def _draw_curve(number: int, curve: Curve) -> list[str]:
    colour = COLOURS[number % len(COLOURS)]
    places = " ".join("{:.1f},{:.1f}".format(*_place(point.coverage, point.risk)) for point in curve.points)
    parts = [f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2"/>']
    legend = f"{curve.name}, area {curve.area:.3f}"
    if shown := point_at(curve.points, curve.threshold):
        x, y = _place(shown.coverage, shown.risk)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{colour}" stroke="#ffffff"/>')
        legend += f"; ● refused below {curve.threshold:g}"
    height = TOP + LINE * (number + 1)
    parts.append(
        f'<line x1="{LEFT + 12}" y1="{height - 5}" x2="{LEFT + 36}" y2="{height - 5}" stroke="{colour}" '
        'stroke-width="2"/>'
    )
    halo = 'paint-order="stroke" stroke="#ffffff" stroke-width="4"'
    return [*parts, f"<g {halo}>{_write(LEFT + 44, height, legend, 'start')}</g>"]


def _place(coverage: float, risk: float) -> tuple[float, float]:
    return LEFT + coverage * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - risk * (HEIGHT - TOP - BOTTOM)


def _write(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#222222">{escape(text)}</text>'


def _ask(settings: Settings, questions: Sequence[TestQuestion]) -> tuple[str, Run]:
    assistant = open_assistant(settings)
    try:
        if assistant.notice:
            print(assistant.notice, file=sys.stderr)
        with tqdm(total=len(questions), desc="asking", disable=None, leave=False) as bar:

            def show(done: int, _: int) -> None:
                bar.update(done - bar.n)

            asked = run_evaluation(assistant, questions, show)
        for question, failure in asked.failures:
            print(f"failed: {question}: {failure}", file=sys.stderr)
        return assistant.reader.name, asked
    finally:
        assistant.library.close()


def _points(asked: Run) -> tuple[RiskPoint, ...]:
    answered = take_answered(asked.results)
    return risk_coverage(answered.confidence, ~answered.right)


if __name__ == "__main__":
    sys.exit(main())
