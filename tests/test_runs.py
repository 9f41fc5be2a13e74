"""Runs that are kept: what is asked once is read back as it was, through the command line, too."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from evaluation_stand_ins import result, run_of
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.ask import Assistant
from assistant.cli import main
from assistant.evaluation.asking import run_evaluation
from assistant.evaluation.measures import take_figures
from assistant.evaluation.records import Found, Order, Quoted, Run
from assistant.evaluation.storing import RunStore, read_run, write_run
from assistant.questions import TestQuestion
from assistant.reader import Evidence, Reading
from assistant.settings import Settings
from index.errors import LibraryError, QuestionError
from index.search import Searcher


class OnceReader:
    """Marks the first word of each hit and is as sure as it is told; counts how often it reads."""

    name = "once"

    def __init__(self, probability):
        self.probability = probability
        self.read_times = 0

    def read(self, question, hits):
        self.read_times += 1
        evidence = [Evidence(hit, hit.start, hit.end, (hit.start, hit.start + 4), 0.5) for hit in hits]
        return Reading(tuple(evidence), self.probability)


@pytest.fixture
def ask(library, embedder):
    """Run questions with a reader that is as sure as it is told, refused below 0.5."""

    def _ask(reader, *questions, refuse_below=0.5):
        searcher = Searcher(library, library.rankings(), embedder)
        settings = Settings(refuse_below=refuse_below, library=library.folder)
        return run_evaluation(Assistant(settings, library, embedder, searcher, reader), questions)

    return _ask


def test_each_question_is_asked_once_and_the_threshold_is_applied_afterwards(ask, put, article):
    put(article("a", "Lind opened the long bridge over the river Tamsel on Monday morning."))
    question = TestQuestion("q", "Who opened the bridge?", ("Lind",), ())
    reader = OnceReader(0.4)
    run = ask(reader, question)
    assert reader.read_times == 1
    assert (run.results[0].refused, run.results[0].shown) == (True, ())
    figures = take_figures(run)
    assert (figures["quoted"], figures["exact-match"], figures["aurc"]) == (0, 0, 0)
    assert take_figures(ask(OnceReader(0.4), question, refuse_below=0.4))["exact-match"] == 1


def test_evidence_is_looked_up_and_its_passages_are_counted(ask, put, article):
    put(
        article("a", "Lind opened the long bridge over the river Tamsel on Monday morning."),
        article("b", "Nobody has said who is to open the tunnel under the river Tamsel."),
    )
    url = "https://news.example.org/"
    question = TestQuestion("q", "Who opened the bridge?", ("Lind",), (url + "b", url + "a", url + "none"))
    kept = ask(OnceReader(0.9), question).results[0]
    assert kept.evidence == {url + "a": 1, url + "b": 1}
    assert (kept.missing, kept.evidence_passages) == ((url + "none",), 1)


def test_a_question_that_cannot_be_asked_is_a_failure_of_the_run(ask, put, article):
    put(article())
    run = ask(OnceReader(0.9), TestQuestion("q", "?", ("Lind",), ()))
    assert run.failures == (("q", "the question '?' has no words: ask in words"),)
    assert take_figures(run)["hit@5"] == 0


def test_several_asked_at_once_come_in_order_and_stop_when_told(library, embedder, put, article):
    put(*(article(f"a{n}", f"Lind{n} opened bridge number {n} over the river Tamsel on Monday.") for n in range(12)))
    questions = [TestQuestion(f"q{n}", f"Who opened bridge number {n}?", (f"Lind{n}",), ()) for n in range(12)]
    reader = OnceReader(0.9)
    searcher = Searcher(library, library.rankings(), embedder)
    assistant = Assistant(Settings(library=library.folder), library, embedder, searcher, reader)
    alone, together = (run_evaluation(assistant, questions, at_once=number) for number in (1, 3))
    assert [replace(one, seconds={}) for one in together.results] == [replace(one, seconds={}) for one in alone.results]
    assert (alone.settings["at_once"], together.settings["at_once"]) == (1, 3)
    reader.read_times = 0

    def stop(done, total):
        if done == 2:
            raise QuestionError("stopped")

    with pytest.raises(QuestionError, match="stopped"):
        run_evaluation(assistant, [*questions * 20], stop, at_once=2)
    assert reader.read_times < 240


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
FOUND = st.builds(
    Found,
    st.sampled_from("abc"),
    st.integers(0, 99),
    st.integers(0, 99),
    st.booleans(),
    st.tuples(TEXT),
    st.just(""),
    TEXT,
)


@settings(deadline=None)
@given(st.lists(FOUND, max_size=4), TEXT, st.floats(0, 1), st.lists(TEXT, max_size=3))
def test_a_run_is_read_back_as_it_was_written(passages, text, confidence, answers):
    item = replace(
        result("q", answers=answers, quote="x", confidence=confidence, seconds={"read": 0.25}),
        found=tuple(passages),
        reading=tuple(range(len(passages))),
        quotes=(Quoted("a", text, text, text),),
    )
    run = run_of(item, threshold=0.25, notices=(text,))
    assert read_run(json.loads(json.dumps(write_run(run)))) == run


def test_runs_are_kept_under_names_and_never_replaced_unasked(tmp_path):
    store = RunStore(tmp_path)
    store.save(run_of(result("q", "+"), name="one"))
    with pytest.raises(QuestionError, match="there is a run 'one' already"):
        store.save(run_of(name="one"))
    assert len(store.load("one").results) == 1
    store.save(run_of(name="one"), replace=True)
    assert store.load("one").results == ()
    store.save(run_of(name="two"))
    os.utime(tmp_path / "runs" / "one.jsonl", ns=(2**60, 2**61))
    assert store.names() == ["two", "one"]
    assert not list(tmp_path.rglob("*.new"))


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "x" * 65, "two words"])
def test_a_name_that_is_no_file_name_is_refused(tmp_path, name):
    with pytest.raises(QuestionError, match="cannot name a run"):
        RunStore(tmp_path).save(run_of(name=name))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 99}', '{"format": 1}\n'])
def test_a_damaged_run_is_told(tmp_path, content):
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "bad.jsonl").write_text(content)
    with pytest.raises(QuestionError, match=r"bad\.jsonl cannot be read"):
        RunStore(tmp_path).load("bad")


@pytest.fixture
def command(tmp_path, capsys, put, article):
    """Evaluate on a library of two articles, with no models; returns (code, printed, errors)."""
    put(
        article("bridge", "Maja Lind opened the long bridge over the river Tamsel on Monday morning."),
        article("tunnel", "Bo Ek said that the tunnel under the river Tamsel would cost nine million euros."),
    )
    rows = [
        {"id": "1", "question": "Who opened the bridge over the Tamsel?", "answers": ["Maja Lind"]},
        {
            "id": "2",
            "question": "What would the tunnel cost?",
            "answers": ["nine million"],
            "evidence": ["tunnel", "x"],
        },
        {"id": "3", "question": "Which lighthouse burned in 1994?", "answers": []},
    ]
    questions = tmp_path / "questions.jsonl"
    questions.write_text("\n".join(map(json.dumps, rows)))

    def _command(*arguments, asking=True):
        options = ["--library", str(tmp_path / "library"), "--embedding-model", "hashing", "--reader", "words"]
        code = main(["evaluate", *([str(questions)] if asking else []), *arguments, *options])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    _command.questions = questions
    return _command


def test_runs_are_kept_listed_compared_and_gated(command):
    code, printed, errors = command("--name", "base")
    assert (code, errors) == (0, "evidence not in the library: 2: x\n")
    assert "evidence not in the library        1" in printed
    assert command("--name", "base")[:2] == (2, "")
    assert "base " in command("--list", asking=False)[1]
    kept = json.loads(command("--run", "base", "--json", asking=False)[1])
    assert kept["figures"]["articles/hit@5"] == 1
    assert kept["counts"]["evidence missing"] == 1
    assert command("--run", "base", "--order", "read", "--name", "read", asking=False)[0] == 0
    kept = {name: RunStore(Path("library")).load(name) for name in ("base", "read")}
    assert {name: (run.name, run.order) for name, run in kept.items()} == {
        "base": ("base", Order.SEARCH),
        "read": ("read", Order.READ),
    }
    code, printed, _ = command("--compare", "base", "--order", "read", "--fail-if-worse", "--fail-under", "hit@5=0.9")
    assert code == 0
    assert "order: search -> read" in printed
    code, _, errors = command("--run", "base", "--fail-under", "aurc=-1", asking=False)
    assert code == 3
    assert "not good enough: aurc is" in errors


def test_a_run_that_is_worse_ends_with_3(command, tmp_path):
    store = RunStore(tmp_path / "library")
    good = [result(f"q{n}", "+-") for n in range(40)]
    store.save(run_of(*good, name="good"))
    store.save(run_of(*(replace(item, found=item.found[1:]) for item in good), name="bad"))
    code, _, errors = command("--run", "bad", "--compare", "good", "--fail-if-worse", asking=False)
    assert code == 3
    assert "worse than good: hit@5 was 1.000, is 0.000" in errors
    assert command("--run", "good", "--compare", "bad", "--fail-if-worse", asking=False)[0] == 0


def test_failed_questions_end_with_1(command, monkeypatch):
    def search(self, question, *more):
        if "tunnel" in question:
            raise LibraryError("the disk is gone")
        return found(self, question, *more)

    found = Assistant.search
    monkeypatch.setattr(Assistant, "search", search)
    code, printed, errors = command("--fail-under", "hit@5=0.9")
    assert code == 1
    assert "failed: 2: the disk is gone" in errors
    assert "hit@5 is 0.500, below 0.9" in errors
    assert "failed questions                   1" in printed


@pytest.mark.parametrize(
    ("arguments", "asking", "message"),
    [
        ((), False, "name question files to ask, or a kept run"),
        (("--run", "x"), True, "one of the two"),
        (("--run", "x"), False, "there is no run 'x' in .*kept are: none yet"),
        (("--compare", "x"), True, "there is no run 'x'"),
        (("--fail-if-worse",), True, "needs --compare"),
        (("--fail-under", "hits=1"), True, "there is no measure 'hits'"),
        (("--name", "a/b"), True, "cannot name a run"),
    ],
)
def test_wrong_use_is_told_before_anything_is_asked(command, arguments, asking, message):
    code, printed, errors = command(*arguments, asking=asking)
    assert (code, printed) == (2, "")
    assert pytest.importorskip("re").search(message, errors)


def test_an_empty_run_has_no_figures():
    assert set(take_figures(Run("", "", (), {}, {}, ())).values.values()) == {None}
