"""`questions`: draft test questions from the library, collect those of the chat, and accept the reviewed ones."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.commands.options import history_options, model_options, positive
from assistant.commands.running import DONE, DONE_WITH_REJECTS, progress_bar

if TYPE_CHECKING:
    from assistant.commands.options import Subparsers
    from assistant.evaluation.drafting import ModelDrafter
    from assistant.settings import Settings
    from index.records import Article
    from index.reports import Progress

DEFAULT_NUMBER = 60


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    questions = commands.add_parser("questions", help="draft test questions, collect those of the chat, accept them")
    questions.description = (
        "Draft test questions, with no language model unless one is named: make writes a table to read through, so "
        "does collect with what was asked in the chat; accept adds the rows that were marked with y to a question file "
        "for evaluate."
    )
    parts = questions.add_subparsers(dest="part", required=True, metavar="PART")
    model = model_options("let a language model write them, in place of rules; they are checked in the same way")
    make = parts.add_parser("make", parents=[shared, model], help="draft questions into a review table (CSV)")
    make.description = (
        "Draft questions of what was said and by whom, facts and offices, each checked to be answered by its article "
        "and by no other; a third has no answer: about articles that the library lacks, or with names swapped."
    )
    make.add_argument("review", metavar="REVIEW.csv", type=Path, help="the table to write; one that is there stays")
    make.add_argument(
        "--number", metavar="N", type=positive, default=DEFAULT_NUMBER, help="about how many (default: %(default)s)"
    )
    make.add_argument(
        "--apart",
        metavar="SOURCE",
        action="append",
        default=[],
        help="files or folders of articles that the library lacks: what they answer must be refused",
    )
    make.add_argument("--seed", metavar="N", type=int, default=0, help="another number gives other questions")
    collect = parts.add_parser(
        "collect", parents=[shared, history_options()], help="take what was asked in the chat into a review table"
    )
    collect.description = (
        "Take the chat's judged answers and its refusals, of all who asked, without their names. An answer that was "
        "called good comes with its words and articles; one that was called wrong has a ? where you write what is "
        "right."
    )
    collect.add_argument("review", metavar="REVIEW.csv", type=Path, help="the table to write; one that is there stays")
    collect.add_argument(
        "--known",
        metavar="QUESTIONS.jsonl",
        action="append",
        default=[],
        type=Path,
        help="leave out what this question file has already; may come more than once",
    )
    accept = parts.add_parser("accept", parents=[shared], help="add the accepted rows to a question file")
    accept.add_argument("review", metavar="REVIEW.csv", type=Path)
    accept.add_argument("questions", metavar="QUESTIONS.jsonl", type=Path, help="made, or added to")
    return questions


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Draft, collect, or accept."""
    if chosen.part == "accept":
        return _accept(chosen)
    return _make(chosen, settings) if chosen.part == "make" else _collect(chosen, settings)


def _make(chosen: argparse.Namespace, settings: "Settings") -> int:
    from assistant import printing
    from assistant.evaluation.making import draft_questions
    from assistant.evaluation.report import write_report
    from assistant.evaluation.reviewing import write_review
    from assistant.libraries import open_articles
    from index.errors import GenerationError, QuestionError

    library = open_articles(settings)
    _check_new(chosen.review)
    with progress_bar(wanted=not chosen.json) as progress:
        drafter = _open_drafter(chosen, settings, progress)
        drafts = draft_questions(
            library,
            chosen.number,
            apart=_read_apart(chosen.apart),
            seed=chosen.seed,
            make=drafter.make if drafter else None,
        )
    if drafter:
        _tell_drafter(drafter)
    if drafter and drafter.trouble and not any(draft.question.id.startswith("model-") for draft in drafts):
        raise GenerationError(f"{drafter.trouble}. Of {drafter.asked} passages no question came; no table was written.")
    if not drafts:
        raise QuestionError(f"nothing could be asked of the articles in {library.address}: add more of them")
    write_report(chosen.review, write_review(drafts))
    refused = sum(draft.question.must_refuse for draft in drafts)
    counts: dict[str, object] = {"questions": len(drafts), "must_refuse": refused, "review": str(chosen.review)}
    if drafter:
        counts["model"] = {"passages": drafter.asked, "written": drafter.written, "dropped": dict(drafter.dropped)}
    text = (
        f"{len(drafts)} questions in {chosen.review}, {refused} of which must be refused. Write y under accept where "
        f"one is good, then: article-assistant questions accept {chosen.review} QUESTIONS.jsonl"
    )
    printing.emit(counts if chosen.json else text)
    return DONE_WITH_REJECTS if drafter and drafter.trouble else DONE


def _open_drafter(chosen: argparse.Namespace, settings: "Settings", progress: "Progress") -> "ModelDrafter | None":
    """What asks the model that the command names; one that the environment names is for answers, and is not asked."""
    if not (chosen.model or chosen.model_url):
        return None
    from assistant.evaluation.drafting import ModelDrafter
    from assistant.models import open_model

    return ModelDrafter(open_model(settings), 2 * chosen.number, lambda asked: progress("passages", asked, 0))


def _tell_drafter(drafter: "ModelDrafter") -> None:
    print(f"the model wrote {drafter.written} questions about {drafter.asked} passages", file=sys.stderr)
    for reason, number in drafter.dropped.most_common():
        print(f"{number} left out: {reason}", file=sys.stderr)
    if drafter.trouble:
        print(f"fewer questions than asked for: {drafter.trouble}", file=sys.stderr)


def _check_new(review: Path) -> None:
    from index.errors import QuestionError

    if review.exists():
        raise QuestionError(f"{review} is there already, and may have been read through: name another file")


def _collect(chosen: argparse.Namespace, settings: "Settings") -> int:
    from assistant import printing
    from assistant.evaluation.collecting import collect_asked
    from assistant.evaluation.report import write_report
    from assistant.evaluation.reviewing import write_review
    from assistant.history import open_history
    from assistant.history_database import NAME
    from assistant.libraries import open_articles
    from assistant.questions import read_question_files
    from index.errors import QuestionError

    library = open_articles(settings)
    _check_new(chosen.review)
    known = read_question_files(chosen.known)[0] if chosen.known else []
    is_kept = settings.history or (library.folder / NAME).exists()
    asked = open_history(library.folder, settings.history).all_turns() if is_kept else []
    collected = collect_asked(asked, library, known)
    left_out = [f"{number} left out: {why}" for why, number in collected.left_out.items()]
    for line in left_out:
        print(line, file=sys.stderr)
    if not collected.drafts:
        raise QuestionError(
            f"nothing to collect in {library.folder}: questions come from `article-assistant chat`, where an "
            "answer was judged or refused"
        )
    write_report(chosen.review, write_review(collected.drafts))
    total = len(collected.drafts)
    counts = {"questions": total, "left_out": collected.left_out, "review": str(chosen.review)}
    text = (
        f"{total} question{'s' * (total != 1)} of the chat in {chosen.review}. Write what is right in place of each ?, "
        f"and y under accept where one is good, then: "
        f"article-assistant questions accept {chosen.review} QUESTIONS.jsonl"
    )
    printing.emit(counts if chosen.json else text)
    return DONE


def _accept(chosen: argparse.Namespace) -> int:
    from assistant import printing
    from assistant.evaluation.reviewing import add_to_file, read_review

    accepted, left = read_review(chosen.review)
    total = add_to_file(chosen.questions, accepted) if accepted else 0
    counts = {"accepted": len(accepted), "left": left, "questions": total}
    text = f"{len(accepted)} accepted, {left} left out; {chosen.questions} has {total} questions."
    if not accepted:
        text = f"No row of {chosen.review} is accepted: write y under accept."
    printing.emit(counts if chosen.json else text)
    return DONE


def _read_apart(sources: list[str]) -> "list[Article]":
    """The articles of sources that are not to be in the library, cleaned as a sync does."""
    from tempfile import TemporaryDirectory

    from index.hashing import HashingEmbedder
    from index.local import open_library
    from index.sync import sync

    if not sources:
        return []
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        library = open_library(Path(folder), create=True)
        report = sync(library, HashingEmbedder(), sources)
        for rejected in report.rejected:
            print(f"rejected: {rejected.name}: {rejected.reason}", file=sys.stderr)
        articles = list(library.iterate_articles())
        library.close()
    return articles
