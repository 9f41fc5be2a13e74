"""Draws how speed compares, from what the benchmarks wrote with `--json`: `python -m benchmarks.plot DOCS A.json ...`.

What was measured on both sides in one run becomes a bar in `performance.svg` in the folder DOCS.
"""

import argparse
import json
from pathlib import Path
from typing import Any

RATIO = "ratio, median of the rounds"
RATES = {"embedding": "passages a second, stack (median)", "sync": "articles a second, stack"}
"""By what is measured in rounds: a figure that is only there where the stack was measured, too."""
TIMES = {
    "search, median": ("ours, all: median, ms", "stack, dense: median, ms"),
    "search, 95th percentile": ("ours, all: p95, ms", "stack, dense: p95, ms"),
}
"""By what is measured in milliseconds: our figure and the other one."""


def main() -> None:
    """Read the figures and draw."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("docs", type=Path, help="the folder to write performance.svg into")
    arguments.add_argument("figures", type=Path, nargs="+")
    chosen = arguments.parse_args()
    rows: list[tuple[str, float]] = []
    for file in chosen.figures:
        rows += ratios_in(json.loads(file.read_text(encoding="utf-8")))
    if not rows:
        raise SystemExit(
            "there is nothing in these files that was measured on both sides: measure beside the stack first"
        )
    draw(rows, chosen.docs / "performance.svg")


def ratios_in(figures: dict[str, Any]) -> list[tuple[str, float]]:
    """What was measured on both sides in one run: (name, how many times as fast ours is)."""
    found = [(name, float(figures[RATIO])) for name, other in RATES.items() if other in figures]
    for name, (own, other) in TIMES.items():
        if own in figures and other in figures:
            found.append((f"{name}, {figures['passages']:,} passages", figures[other] / figures[own]))
    return found


def draw(rows: list[tuple[str, float]], file: Path) -> None:
    """Bars: how many times as fast as the other side ours is; 1 is a line."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "performance"  # the same figures give the same file
    from matplotlib import pyplot

    names, times = zip(*rows, strict=True)
    figure, axes = pyplot.subplots(figsize=(8, 0.6 * len(rows) + 1.2), layout="constrained")
    bars = axes.barh(names, times, color="#3b6ea5")
    axes.bar_label(bars, [f"{value:.1f} times" for value in times], padding=4)
    axes.axvline(1, color="#b0413e", linewidth=1.2)
    axes.set_xlabel("times as fast as the stack in the same run")
    axes.margins(x=0.15)
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, metadata={"Date": None})


if __name__ == "__main__":
    main()
