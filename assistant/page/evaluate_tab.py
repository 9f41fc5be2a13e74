"""The evaluate tab: question files, runs of them, their figures and misses, two runs compared. Components and wiring.

The one rule: one run at a time, in a queue of its own, so that questions are answered meanwhile.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.page.adding import describe_trouble
from assistant.page.handling import AT_ONCE, QUIET, given
from assistant.page.parts import Parts
from assistant.page.question_files import keep_question_file
from assistant.page.templates import acts, render
from index.errors import AssistantError

if TYPE_CHECKING:
    import gradio as gr

    from assistant.page.evaluating import Evaluations, Shown


def build_evaluate_tab(parts: Parts, tab: "gr.Tab") -> None:
    """Build the tab where it is to stand."""
    import gradio as gr

    def html(name: str, value: str = "", *events: str) -> gr.HTML:
        return gr.HTML(value, elem_id=name, apply_default_css=False, js_on_load=acts(*events) if events else None)

    with gr.Row(elem_id="evaluate"):
        with gr.Column(elem_id="runs"):
            html("evaluate-upload", "<h2>Upload a question file, or choose one below</h2>")
            files = gr.File(label="Question file", show_label=False, height=130, elem_id="question-file")
            side = html("evaluate-side", "", "measure", "open", "compare", "forget")
        with gr.Column(elem_id="report"):
            outcome = html("evaluate-outcome")
            stop = html("evaluate-stop", "", "stop")
            report = html("evaluate-report", render("evaluate_empty.html"))
    _wire(_opener(parts), side, files, (outcome, stop, report), tab)


def _opener(parts: Parts) -> Callable[[], "Evaluations"]:
    """What is measured with is imported when the tab is used, not when the page is built."""
    made: list[Evaluations] = []

    def open_evaluations() -> "Evaluations":
        from assistant.page.evaluating import Evaluations

        if not made:
            made.append(Evaluations(parts.assistant))
        return made[0]

    return open_evaluations


def _wire(
    evaluations: Callable[[], "Evaluations"],
    side: "gr.HTML",
    files: "gr.File",
    shown: "tuple[gr.HTML, gr.HTML, gr.HTML]",
    tab: "gr.Tab",
) -> None:
    import gradio as gr

    def fill(what: "Shown") -> tuple[Any, ...]:
        return what.outcome, *(gr.skip() if part is None else part for part in (what.stop, what.report))

    def upload(path: str | None) -> tuple[Any, ...]:
        try:
            key = keep_question_file(evaluations().folder, Path(path)) if path else ""
        except AssistantError as error:
            return None, gr.skip(), describe_trouble(str(error))
        return None, evaluations().render_side(key), ""

    def measure(event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        key, ended = given(event, "file"), ""
        for what in evaluations().measure(key, given(event, "name")):
            ended = what.report or ""
            yield *fill(what), evaluations().render_side(key) if ended else gr.skip()

    def open_run(event: gr.EventData) -> tuple[Any, ...]:
        return fill(evaluations().open(given(event, "run")))

    def compare(event: gr.EventData) -> tuple[Any, ...]:
        return fill(evaluations().compare(given(event, "then"), given(event, "now")))

    def forget(event: gr.EventData) -> tuple[Any, ...]:
        return *fill(evaluations().forget(given(event, "run"))), evaluations().render_side()

    def stop(event: gr.EventData) -> None:
        evaluations().stop(given(event, "token"))

    one_by_one: dict[str, Any] = {**QUIET, "concurrency_limit": 1, "concurrency_id": "evaluating"}
    side.measure(measure, None, [*shown, side], **one_by_one)
    side.open(open_run, None, [*shown], **one_by_one)
    side.compare(compare, None, [*shown], **one_by_one)
    side.forget(forget, None, [*shown, side], **AT_ONCE)
    shown[1].stop(stop, None, None, **AT_ONCE)
    files.upload(upload, files, [files, side, shown[0]], **AT_ONCE)
    tab.select(lambda: evaluations().render_side(), None, side, **AT_ONCE)
