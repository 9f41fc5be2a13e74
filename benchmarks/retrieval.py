"""Retrieval on a public collection, prepared and measured by one command: lexical, dense, fused, and as read.

    python -m benchmarks.retrieval FOLDER --library DIR

FOLDER is in BEIR's format (`corpus.jsonl`, `queries.jsonl`, `qrels.tsv`, as TIME and all of BEIR are), or holds
RealTimeQA's `articles.jsonl`, `questions.jsonl` and `unanswerable.jsonl`. The library is made the first time, and the
runs are kept in it: `article-assistant evaluate --run fused --compare lexical --library DIR`.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from assistant.ask import Assistant, open_assistant
from assistant.evaluation.asking import run_evaluation
from assistant.evaluation.measures import take_figures
from assistant.evaluation.records import Order, Run
from assistant.evaluation.storing import RunStore
from assistant.evaluation.trec import write_trec
from assistant.questions import TestQuestion, read_question_files
from assistant.settings import read_settings
from assistant.wording import write_figure
from benchmarks.beir_format import read_corpus, read_queries
from index.errors import AssistantError, QuestionError
from index.search import SearchMode
from index.sync import sync_articles

DONE, DONE_WITH_FAILURES, WRONG_USE = 0, 1, 2
SHOWN = ("hit@1", "hit@5", "hit@20", "mrr@10")
SHOWN_OF_ARTICLES = ("hit@1", "hit@5", "mrr@10", "recall@20", "map@100", "ndcg@10")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        The exit code: 0 done, 1 done with failed questions, 2 wrong use.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", metavar="FOLDER", type=Path)
    parser.add_argument("--library", metavar="DIR", type=Path, required=True, help="made here, or taken if it is there")
    parser.add_argument("--reader", metavar="NAME", help="as for article-assistant ask")
    parser.add_argument("--embedding-model", metavar="NAME", help="as for article-assistant ask")
    parser.add_argument("--without-reading", action="store_true", help="measure the searches alone")
    parser.add_argument("--trec", metavar="DIR", type=Path, help="write TREC files of each run into a folder of DIR")
    chosen = parser.parse_args(arguments)
    settings = read_settings({}, library=chosen.library, reader=chosen.reader, embedding_model=chosen.embedding_model)
    try:
        questions = read_collection(chosen.folder)
        assistant = open_assistant(settings, create=True)
        prepare(assistant, chosen.folder)
        runs = list(measure(assistant, questions, reading=not chosen.without_reading))
        for run in runs:
            RunStore(chosen.library).save(run, replace=True)
            if chosen.trec:
                write_trec(run, chosen.trec / run.name)
    except AssistantError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return WRONG_USE
    print(describe(runs))
    failures = {failure for run in runs for failure in run.failures}
    for question, reason in sorted(failures):
        print(f"failed: {question}: {reason}", file=sys.stderr)
    missing = runs[0].missing_evidence
    if missing:
        print(f"{len(missing)} pieces of evidence are not in the library: {missing[:3]}", file=sys.stderr)
    return DONE_WITH_FAILURES if failures else DONE


def read_collection(folder: Path) -> list[TestQuestion]:
    """The questions of a folder in either format."""
    if (folder / "corpus.jsonl").exists():
        return read_queries(folder)
    files = [folder / name for name in ("questions.jsonl", "unanswerable.jsonl") if (folder / name).exists()]
    if not files or not (folder / "articles.jsonl").exists():
        raise QuestionError(
            f"{folder} is neither in BEIR's format (corpus.jsonl, queries.jsonl, qrels.tsv) nor has it articles.jsonl "
            "and questions.jsonl"
        )
    return read_question_files(files)[0]


def prepare(assistant: Assistant, folder: Path) -> None:
    """Take the collection's articles into the library, unless it has articles."""
    if assistant.summary().articles:
        return
    if (folder / "corpus.jsonl").exists():
        sync_articles(assistant.library, assistant.embedder, read_corpus(folder), cut=assistant.settings.cut)
    else:
        assistant.add([str(folder / "articles.jsonl")])


def measure(assistant: Assistant, questions: Sequence[TestQuestion], *, reading: bool = True) -> list[Run]:
    """A run of each search, and one in the order of reading."""
    runs = []
    settings = assistant.settings
    for mode in (SearchMode.LEXICAL, SearchMode.DENSE, SearchMode.FUSED):
        assistant.settings = replace(settings, search_mode=mode)
        read = reading and mode is SearchMode.FUSED
        with tqdm(total=len(questions), desc=mode, disable=None, leave=False) as bar:

            def show(done: int, _: int, bar: "tqdm[None]" = bar) -> None:
                bar.update(done - bar.n)

            runs.append(run_evaluation(assistant, questions, show, name=str(mode), reading=read))
    assistant.settings = settings
    if reading:
        runs.append(replace(runs[-1].ordered(Order.READ), name="read"))
    return runs


def describe(runs: Sequence[Run]) -> str:
    """The figures as tables of passages, where answers are known, and of articles."""
    lines = []
    figures = {run.name: take_figures(run) for run in runs}
    for title, prefix, names, count in (
        ("passages", "", SHOWN, "answerable"),
        ("articles", "articles/", SHOWN_OF_ARTICLES, "with evidence"),
    ):
        asked = next(iter(figures.values())).counts[count]
        if asked:
            lines.append(f"{f'{title}, {asked} questions':28}" + "".join(f"{name:>11}" for name in names))
            lines += [
                f"{name:28}" + "".join(f"{write_figure(taken[prefix + measure]):>11}" for measure in names)
                for name, taken in figures.items()
            ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
