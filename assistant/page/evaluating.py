"""Runs of question files as the page shows them: made, kept, opened, compared.

The one rule: a run is kept before it is shown, so that what was measured can always be compared later.
"""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any
from uuid import uuid4

from assistant.ask import Assistant
from assistant.evaluation.asking import run_evaluation
from assistant.evaluation.comparing import compare
from assistant.evaluation.measures import BY_NAME
from assistant.evaluation.report import render_body
from assistant.evaluation.storing import RunStore
from assistant.page.adding import describe_trouble
from assistant.page.question_files import list_question_files, read_question_file
from assistant.page.telling import follow
from assistant.page.templates import render
from assistant.wording import count, write_figure
from index.errors import AssistantError, QuestionError
from index.reports import Progress

SHOWN_FIGURES = ("hit@5", "quoted", "refusal-recall")
"""The figures that stand beside the name of a kept run, where it has them."""
STAGES = {"asking": "Asking question", "drawing": "Drawing the report"}
LONGEST_STEM = 50
"""Characters of a question file's name that go into the name of its run."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page is to show; None leaves as it is what is there. `stop` is the button that ends a run."""

    outcome: str
    stop: str | None = None
    report: str | None = None


class Evaluations:
    """The runs of an assistant's library, made by the page."""

    def __init__(self, assistant: Assistant) -> None:
        """Keep runs where the command line keeps them."""
        self.assistant = assistant
        self.folder = Path(assistant.library.folder)
        self.store = RunStore(self.folder)
        self._running: dict[str, Event] = {}

    def measure(self, key: str, name: str) -> Iterator[Shown]:
        """Ask the questions of a file and keep the run; how far it is, and last its report or what went wrong."""
        token, stopped = uuid4().hex, Event()
        try:
            questions, notices = read_question_file(self.folder, key)
            if not self.assistant.summary().articles:
                raise QuestionError("the library is empty: add articles before questions are asked of them")
            chosen = self._choose_name(name.strip(), key)

            def work(progress: Progress) -> str:
                def tell(done: int, total: int) -> None:
                    if stopped.is_set():
                        raise QuestionError("stopped: nothing of this run is kept")
                    progress("asking", done, total)

                run = run_evaluation(
                    self.assistant, questions, tell, name=chosen, files=[Path(key).name], notices=notices
                )
                self.store.save(run)
                progress("drawing", 0, 0)
                return render_body(run)

            self._running[token] = stopped
            yield Shown("", render("evaluate_stop.html", token=token))
            following = follow(work, f"Asking {count(len(questions), 'question')}", STAGES)
            report = yield from _shown(following)
        except AssistantError as error:
            yield Shown(describe_trouble(_sentence(str(error))), "")
        else:
            yield Shown(describe_kept(chosen), "", report)
        finally:
            stopped.set()  # who has left the page waits for nothing
            self._running.pop(token, None)

    def stop(self, token: str) -> None:
        """End a run after the question that is being asked."""
        if stopped := self._running.get(token):
            stopped.set()

    def open(self, name: str) -> Shown:
        """A kept run."""
        try:
            return Shown("", report=render_body(self.store.load(name)))
        except AssistantError as error:
            return Shown(describe_trouble(_sentence(str(error))))

    def compare(self, then: str, now: str) -> Shown:
        """Two kept runs side by side."""
        try:
            if then == now:
                raise QuestionError("choose two different runs to compare")
            before, after = self.store.load(then), self.store.load(now)
            return Shown("", report=render_body(after, compare(before, after)))
        except AssistantError as error:
            return Shown(describe_trouble(_sentence(str(error))))

    def forget(self, name: str) -> Shown:
        """Delete a kept run."""
        try:
            self.store.remove(name)
        except AssistantError as error:
            return Shown(describe_trouble(_sentence(str(error))))
        return Shown("")

    def render_side(self, chosen: str = "") -> str:
        """The question files, `chosen` among them, and the kept runs, the newest first, as HTML."""
        kept = [self._describe(name) for name in reversed(self.store.names())]
        readable = [run for run in kept if not run["trouble"]]
        then = next((run["name"] for run in readable[1:] if run["questions"] == readable[0]["questions"]), "")
        return render(
            "evaluate_side.html",
            files=[file.key for file in list_question_files(self.folder)],
            chosen=chosen,
            runs=kept,
            readable=[run["name"] for run in readable],
            then=then or next((run["name"] for run in readable[1:]), ""),
        )

    def _describe(self, name: str) -> dict[str, Any]:
        try:
            header = self.store.read_header(name)
            made = datetime.fromisoformat(header["made"]).astimezone().strftime("%-d %B %Y, %H:%M")
        except (AssistantError, ValueError, TypeError) as error:
            return {"name": name, "trouble": str(error), "questions": []}
        figures = [
            f"{BY_NAME[measure].label} {write_figure(value)}"
            for measure in SHOWN_FIGURES
            if (value := header["figures"].get(measure)) is not None
        ]
        return {"name": name, "trouble": "", "questions": header["questions"], "made": made, "figures": figures}

    def _choose_name(self, name: str, key: str) -> str:
        """The name given, if it is free; where none is given, the file's with the next number.

        Raises:
            QuestionError: if it cannot be used.
        """
        kept = set(self.store.names())
        if name in kept:
            raise QuestionError(f"there is a run {name!r} already: choose another name, or delete that run first")
        stem = re.sub(r"[^\w.-]+", "-", Path(key).stem).strip("-.")[:LONGEST_STEM] or "run"
        chosen = name or next(made for number in range(1, len(kept) + 2) if (made := f"{stem}-{number}") not in kept)
        self.store.check_name(chosen)
        return chosen


def describe_kept(name: str) -> str:
    """That a run is kept, as HTML."""
    return render("outcome.html", lines=[f"Kept as “{name}”"], files=[], rejected=[], notices=[])


def _shown(following: Generator[str, None, str]) -> Generator[Shown, None, str]:
    """What is followed, as the page shows it."""
    while True:
        try:
            told = next(following)
        except StopIteration as end:
            return str(end.value)
        yield Shown(told)


def _sentence(text: str) -> str:
    """An error's text as the page writes it."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"
