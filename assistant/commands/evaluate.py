"""`evaluate`: measure retrieval, quotes and refusals on question files; keep runs, compare them, fail where worse."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.commands.options import positive, reading_options, search_options
from assistant.commands.running import DONE, DONE_WITH_REJECTS, NOT_GOOD_ENOUGH, open_existing, progress_bar
from index.errors import QuestionError

if TYPE_CHECKING:
    from assistant.commands.options import Subparsers
    from assistant.evaluation.comparing import Comparison
    from assistant.evaluation.measures import Figures
    from assistant.evaluation.records import Run
    from assistant.evaluation.storing import RunStore
    from assistant.settings import Settings


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    evaluate = commands.add_parser(
        "evaluate",
        parents=[shared, search_options(), reading_options()],
        help="measure retrieval, quotes and refusals on question files; compare with an earlier run",
    )
    evaluate.description = (
        'Measure on questions of your own: JSON lines of {"id", "question", "answers": [...], "evidence": [url, ...]}; '
        'empty answers mean: must refuse; without "answers", only whether the evidence is found is measured.'
    )
    evaluate.epilog = (
        "Exit codes: 0 done, 1 done but questions failed, 2 wrong use, 3 not good enough (--fail-under, "
        "--fail-if-worse). docs/measures.md defines every measure."
    )
    add = evaluate.add_argument
    add("questions", metavar="QUESTIONS.jsonl", nargs="*", type=Path, help="question files, evaluated together")
    add("--name", metavar="NAME", help="keep the run in the library under this name")
    add("--replace", action="store_true", help="let --name replace a run that is kept")
    add("--run", dest="kept", metavar="NAME", help="take a kept run instead of asking questions")
    add(
        "--order",
        choices=("search", "read"),
        help="measure passages as search ordered them (default) or as reading then ordered them",
    )
    add("--compare", metavar="NAME", help="compare with a kept run: differences, intervals, flipped questions")
    add(
        "--fail-under",
        metavar="MEASURE=X",
        action="append",
        default=[],
        help="exit with 3 if a measure is below X (hit@5=0.8); may come more than once",
    )
    add("--fail-if-worse", action="store_true", help="with --compare: exit with 3 if a measure is worse, beyond chance")
    add("--report", metavar="FILE.html", type=Path, help="write a report that stands alone: tables, plots, misses")
    add("--csv", metavar="FILE.csv", type=Path, help="write a table with a row a question")
    add("--trec", metavar="DIR", type=Path, help="write rankings and judgements as TREC run and qrels files")
    add("--qrels", metavar="FILE", type=Path, help="take the relevant articles from TREC (or BEIR) judgements")
    add("--trec-run", metavar="FILE", type=Path, help="measure another system's TREC run instead of asking")
    add(
        "--at-once",
        metavar="N",
        type=positive,
        help="ask so many questions at once (default: one a processor); with 1 the seconds are those of a chat",
    )
    add("--list", dest="list_runs", action="store_true", help="list the kept runs")
    return evaluate


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Measure, keep, compare."""
    from assistant import printing
    from assistant.evaluation import as_json, describing, gates
    from assistant.evaluation.comparing import compare
    from assistant.evaluation.measures import take_figures
    from assistant.evaluation.storing import RunStore
    from assistant.libraries import open_articles

    open_articles(settings)  # a missing library is told before anything else
    store = RunStore(settings.library)
    if chosen.list_runs:
        runs = [store.load(name) for name in store.names()]
        printing.emit([as_json.run_to_json(run) for run in runs] if chosen.json else describing.describe_runs(runs))
        return DONE
    _check_use(chosen)
    floors = [gates.read_floor(text) for text in chosen.fail_under]
    before = store.load(chosen.compare) if chosen.compare else None
    made = store.load(chosen.kept) if chosen.kept else _ask(chosen, settings, store)
    if chosen.order:
        made = made.ordered(type(made.order)(chosen.order))
    if chosen.name:
        made = replace(made, name=chosen.name)
        store.save(made, replace=chosen.replace)
    figures = take_figures(made)
    comparison = compare(before, made) if before else None
    _write_files(chosen, made, figures, comparison)
    _print(chosen, made, figures, comparison)
    _tell_trouble(made)
    failed = gates.below_floors(figures, floors)
    if comparison and chosen.fail_if_worse:
        failed += [f"worse than {chosen.compare}: {text}" for text in gates.worse_than_before(comparison)]
    for text in failed:
        print(f"not good enough: {text}", file=sys.stderr)
    if made.failures:
        return DONE_WITH_REJECTS
    return NOT_GOOD_ENOUGH if failed else DONE


def _check_use(chosen: argparse.Namespace) -> None:
    if bool(chosen.questions) == bool(chosen.kept):
        raise QuestionError("name question files to ask, or a kept run with --run NAME: one of the two")
    if chosen.fail_if_worse and not chosen.compare:
        raise QuestionError("--fail-if-worse needs --compare NAME, the run that is to be no better")


def _ask(chosen: argparse.Namespace, settings: "Settings", store: "RunStore") -> "Run":
    from assistant.evaluation import trec
    from assistant.evaluation.asking import run_evaluation
    from assistant.evaluation.records import Order
    from assistant.questions import read_question_files
    from index.embedder import cores

    questions, notices = read_question_files(chosen.questions)
    if chosen.qrels:
        questions = trec.add_qrels(questions, trec.read_qrels(chosen.qrels), chosen.qrels)
    if chosen.name:
        store.check_name(chosen.name, replace=chosen.replace)
    if chosen.trec_run:
        return trec.run_from_ranking(chosen.name or chosen.trec_run.stem, chosen.trec_run, questions)
    assistant = open_existing(settings)
    with progress_bar(wanted=not chosen.json) as progress:
        return run_evaluation(
            assistant,
            questions,
            lambda done, total: progress("asking", done, total),
            name=chosen.name or "",
            files=[path.name for path in chosen.questions],
            order=Order(chosen.order or Order.SEARCH),
            notices=notices,
            at_once=chosen.at_once or cores(),
        )


def _write_files(chosen: argparse.Namespace, made: "Run", figures: "Figures", comparison: "Comparison | None") -> None:
    from assistant.evaluation import report, tables, trec

    if chosen.report:
        report.write_report(chosen.report, report.render_report(made, comparison, figures))
    if chosen.csv:
        report.write_report(chosen.csv, tables.run_to_csv(made))
    if chosen.trec:
        trec.write_trec(made, chosen.trec)


def _print(chosen: argparse.Namespace, made: "Run", figures: "Figures", comparison: "Comparison | None") -> None:
    from assistant import printing
    from assistant.evaluation import as_json, describing

    if chosen.json:
        output = as_json.run_to_json(made, figures)
        if comparison:
            output["comparison"] = as_json.comparison_to_json(comparison)
        printing.emit(output)
        return
    printing.emit(describing.describe_run(made, figures))
    if comparison:
        printing.emit("\n" + describing.describe_comparison(comparison))


def _tell_trouble(made: "Run") -> None:
    """Name on standard error what failed, what is missing and what is odd."""
    for notice in made.notices:
        print(notice, file=sys.stderr)
    for question, failure in made.failures:
        print(f"failed: {question}: {failure}", file=sys.stderr)
    for question, article in made.missing_evidence:
        print(f"evidence not in the library: {question}: {article}", file=sys.stderr)
