"""The evaluate tab in a real browser, over a real library: a file is uploaded, run, run again and compared."""

import json

import browsing
import pytest

from assistant.ask import Assistant
from assistant.evaluation.storing import RunStore
from assistant.page.evaluating import Evaluations
from assistant.page.question_files import keep_question_file, read_question_file
from assistant.scorer import WordScorer
from assistant.settings import Settings
from index.errors import QuestionError
from index.search import Searcher

WEIR = "https://news.example.org/weir"
QUESTIONS = (
    {"id": "opened", "question": "Who opened the weir of Kelso?", "answers": ["Ann Reed"], "evidence": [WEIR]},
    {"id": "missed", "question": "Who closed the mill of <b>Orlen</b>?", "answers": ["Tom Vance"], "evidence": [WEIR]},
    {"id": "refused", "question": "How tall is the lighthouse keeper?", "answers": []},
)


def lines(*questions):
    return "\n".join(json.dumps(question) for question in questions).encode()


@pytest.fixture
def assistant(library, embedder):
    searcher = Searcher(library, library.rankings(), embedder)
    return Assistant(Settings(refuse_below=0.01), library, embedder, searcher, WordScorer(library, embedder))


def upload(page, name, content):
    page.locator("#question-file input[type=file]").set_input_files(
        [{"name": name, "mimeType": "application/octet-stream", "buffer": content}]
    )


def test_a_file_is_uploaded_run_twice_and_compared(assistant, put, article):
    put(article("weir", "The weir of Kelso was opened by Ann Reed in May 2023. It cost 3 million pounds."))
    uploads = assistant.library.folder / "uploads"
    with (
        browsing.opened_browser() as browser,
        browsing.serving(assistant, uploads) as address,
        browsing.watched_page(browser) as page,
    ):
        page.goto(address)
        page.get_by_role("tab", name="Evaluate").click()
        side, report = page.locator("#evaluate-side"), page.locator("#evaluate-report .evaluation")
        side.locator("select[name=file] option").first.wait_for(state="attached")
        upload(page, "mine.jsonl", b'{"id": "1"}\n')
        page.locator("#evaluate-outcome", has_text='mine.jsonl, line 1: no "question" in words').wait_for()
        upload(page, "mine.jsonl", lines(*QUESTIONS))
        side.locator("option[value='questions/mine.jsonl'][selected]").wait_for(state="attached")
        side.get_by_role("button", name="Run").click()
        report.get_by_role("heading", name="mine-1").wait_for()
        assert "3 questions of mine.jsonl" in report.inner_text()
        assert report.locator("tr", has_text="hit@1").first.locator("td").inner_text() == "0.500"
        missed = report.locator("details", has_text="Who closed the mill of <b>Orlen</b>?")
        missed.locator("summary").click()
        assert "The weir of Kelso was opened by Ann Reed" in missed.locator("li").first.inner_text()
        put(article("mill", "The mill of Orlen was closed by Tom Vance in June 2023."))
        side.locator("input[name=name]").fill("after")
        side.get_by_role("button", name="Run").click()
        report.get_by_role("heading", name="after").wait_for()
        side.locator(".kept .name", has_text="after").wait_for()
        side.get_by_role("button", name="Compare").click()
        report.get_by_role("heading", name="mine-1 → after").wait_for()
        changed = report.locator(".changes tr", has=page.get_by_role("rowheader", name="hit@1", exact=True)).first
        assert changed.locator("td").all_inner_texts()[1:4] == ["0.500", "1.000", "+0.500"]
        assert report.locator("summary", has_text="hit@1, gained: 1").count() == 1
        page.mouse.move(800, 500)
        page.mouse.wheel(0, 3000)
        page.wait_for_function("scrollY > 300")
        bar = "() => document.elementFromPoint(700, 40).closest('.tab-wrapper, #masthead') !== null"
        assert page.evaluate(bar), "the bar stays, and what is scrolled goes beneath it"
        assert browsing.violations_in_light_and_dark(page, "evaluate") == []
        page.locator("#theme-toggle").click()
        ink = "element => getComputedStyle(element).color"
        assert report.locator("h2").first.evaluate(ink) == page.locator("#evaluate-side h2").first.evaluate(ink)


def test_a_run_that_is_stopped_keeps_nothing_and_says_so(assistant, put, article):
    put(article("weir"))
    path = assistant.library.folder / "test-questions.jsonl"
    path.write_bytes(lines(*QUESTIONS))
    evaluations, ends = Evaluations(assistant), []
    for what in evaluations.measure("test-questions.jsonl", "given"):
        ends.append(what)
        for token in list(evaluations._running):
            evaluations.stop(token)
    assert "Stopped: nothing of this run is kept." in ends[-1].outcome
    assert (ends[-1].stop, ends[-1].report, RunStore(assistant.library.folder).names()) == ("", None, [])


def test_names_and_files_are_checked(assistant, put, article, tmp_path):
    evaluations, folder = Evaluations(assistant), assistant.library.folder
    (folder / "test-questions.jsonl").write_bytes(lines(QUESTIONS[0]))

    def end(name):
        *_, last = evaluations.measure("test-questions.jsonl", name)
        return last.outcome

    assert "The library is empty" in end("")
    put(article("weir"))
    assert "Kept as “one”" in end("one")
    assert "There is a run &#39;one&#39; already" in end("one")
    assert "cannot name a run" in end("../one")
    assert "Choose two different runs" in evaluations.compare("one", "one").outcome
    (folder / "runs" / "two.jsonl").write_text("{}\n")
    assert "cannot be read" in evaluations.render_side()
    assert evaluations.forget("two").outcome == ""
    assert RunStore(folder).names() == ["one"]
    for key in ("../test-questions.jsonl", "library.db", ""):
        with pytest.raises(QuestionError, match="there is no question file"):
            read_question_file(folder, key)
    good, bad = tmp_path / "a" / "q.jsonl", tmp_path / "b" / "q.jsonl"
    for path, content in ((good, lines(QUESTIONS[0])), (bad, b"[]\n")):
        path.parent.mkdir()
        path.write_bytes(content)
    assert keep_question_file(folder, good) == "questions/q.jsonl"
    with pytest.raises(QuestionError, match=r"^q.jsonl, line 1: a list, not an object"):
        keep_question_file(folder, bad)
    assert len(read_question_file(folder, "questions/q.jsonl")[0]) == 1
