"""Tuning: chosen on one half, reported on the other, written only where it is better beyond chance."""

import json

import pytest

from assistant.ask import Assistant
from assistant.cli import main
from assistant.evaluation.as_json import tuning_to_json
from assistant.evaluation.describing import describe_tuning
from assistant.evaluation.tuning import split_questions, tune
from assistant.questions import TestQuestion
from assistant.reader import Evidence, Reading
from assistant.settings import Settings, read_settings, write_recommended
from index.errors import AssistantError, QuestionError
from index.search import Searcher


def asked(number):
    """As many questions on the articles below, of which every third has no answer."""
    return [
        TestQuestion(f"q{n}", f"Who opened bridge number {n}?", () if n % 3 == 0 else (f"Lind{n}",), ())
        for n in range(number)
    ]


class PlaceReader:
    """Quotes the article that the question names, and is sure by whether it is one with an answer."""

    name = "place"

    def __init__(self, sure, unsure):
        self.sure, self.unsure = sure, unsure

    def read(self, question, hits):
        number = question.split()[-1].rstrip("?")
        found = [hit for hit in hits if f"number {number} " in hit.text]
        evidence = tuple(Evidence(hit, hit.start, hit.end, (hit.start, hit.start + 4), 0.5) for hit in found)
        return Reading(evidence, self.unsure if int(number) % 3 == 0 else self.sure)


@pytest.fixture
def assistant(library, embedder, put, article):
    """Forty-two articles of one sentence; the reader is sure by 0.6, and by 0.4 where it should refuse."""
    put(*(article(f"a{n}", f"Lind{n} opened the bridge number {n} over the Tamsel on a Monday.") for n in range(42)))

    def _assistant(sure=0.6, unsure=0.4, refuse_below=0.1):
        settings = Settings(library=library.folder, refuse_below=refuse_below)
        searcher = Searcher(library, library.rankings(), embedder)
        return Assistant(settings, library, embedder, searcher, PlaceReader(sure, unsure))

    return _assistant


def test_halves_have_every_question_once_and_as_many_of_each_kind():
    questions = asked(42)
    first, second = split_questions(questions)
    assert sorted(item.id for item in (*first, *second)) == sorted(item.id for item in questions)
    assert [sum(item.must_refuse for item in half) for half in (first, second)] == [7, 7]
    assert split_questions(questions[::-1]) == (first, second)
    with pytest.raises(QuestionError, match="12 questions are too few"):
        split_questions(questions[:12])


def test_a_threshold_that_is_better_is_found_and_reported_on_the_other_half(assistant):
    one = assistant()
    tuning = tune(one, asked(42))
    assert 0.4 < tuning.recommended["refuse_below"] <= 0.6
    assert tuning.better
    # All fourteen answerable ones of the other half are right as before; the seven others are now refused.
    change = tuning.change
    assert (change.questions, change.before, change.after) == (21, pytest.approx(14 / 21), 1)
    first, second = split_questions(asked(42))
    reported = {result.question.id for result in tuning.comparison.after.results}
    assert reported == {item.id for item in second}
    assert not reported & {item.id for item in first}
    assert one.settings.refuse_below == 0.1
    assert "Better beyond chance." in describe_tuning(tuning)
    assert tuning_to_json(tuning)["better"]


def test_it_is_said_where_nothing_is_better(assistant):
    tuning = tune(assistant(refuse_below=0.5), asked(42))
    assert (tuning.recommended, tuning.comparison, tuning.better) == ({}, None, False)
    assert "Nothing is better than the settings in use." in describe_tuning(tuning)
    assert {trial.setting for trial in tuning.trials} == {"dense_weight", "candidates", "refuse_below"}


def test_passage_lengths_are_tried_in_libraries_of_their_own(assistant):
    one = assistant(refuse_below=0.5)
    before = one.library.revision
    tuning = tune(one, asked(24), passage_lengths=[60])
    assert [trial.value for trial in tuning.trials if trial.setting == "passage_tokens"] == [120, 60]
    assert one.library.revision == before


def test_overlaps_are_tried_with_the_best_length_and_better_ones_are_recommended(assistant, monkeypatch):
    tried = {}

    def search(self, assistant, setting, value):
        cut = assistant.settings.cut
        tried.setdefault(setting, []).append((cut, assistant.library.summarise().passages))
        return self.note(setting, value, self.measure, 1 / (1 + abs(cut.budget - 60)) + value / 1000)

    monkeypatch.setattr("assistant.evaluation.trying.Tried.search", search)
    tuning = tune(assistant(refuse_below=0.5), asked(24), passage_lengths=[60], passage_overlaps=[0, 2])
    assert [cut for cut, _ in tried["passage_tokens"]] == [(120, 1), (60, 1)]
    assert [cut for cut, _ in tried["passage_overlap"]] == [(60, 1), (60, 0), (60, 2)]
    assert {passages for _, passages in tried["passage_overlap"]} == {42}
    assert tuning.recommended["passage_tokens"] == 60
    assert tuning.recommended["passage_overlap"] == 2


def test_the_settings_of_a_library_count_below_the_environment_and_what_was_chosen(tmp_path):
    write_recommended(tmp_path, {"candidates": 8, "refuse_below": 0.3})
    write_recommended(tmp_path, {"dense_weight": 1})
    found = read_settings({}, library=tmp_path)
    assert (found.candidates, found.refuse_below, found.dense_weight) == (8, 0.3, 1.0)
    assert read_settings({}, library=tmp_path, candidates=40).candidates == 40
    assert read_settings({"ARTICLE_ASSISTANT_LIBRARY": str(tmp_path)}).candidates == 8
    assert read_settings({}, library=tmp_path / "other") == Settings(library=tmp_path / "other")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "cannot be read"),
        ("[1]", r"\[1\] cannot be set so"),
        ('{"library": "x"}', "library cannot be set so"),
        ('{"candidates": 0}', "candidates cannot be set so"),
        ('{"candidates": 2.5}', "candidates cannot be set so"),
        ('{"refuse_below": true}', "refuse_below cannot be set so"),
    ],
)
def test_a_settings_file_with_a_mistake_is_told(tmp_path, text, message):
    (tmp_path / "settings.json").write_text(text)
    with pytest.raises(AssistantError, match=message):
        read_settings({}, library=tmp_path)
    with pytest.raises(AssistantError, match=message):
        write_recommended(tmp_path, {"candidates": 8})
    assert (tmp_path / "settings.json").read_text() == text


def test_the_command_writes_what_is_better_and_nothing_else(tmp_path, capsys, put, article, monkeypatch):
    put(*(article(f"a{n}", f"Lind{n} opened the bridge number {n} over the Tamsel on a Monday.") for n in range(42)))
    rows = [{"id": item.id, "question": item.question, "answers": list(item.answers)} for item in asked(42)]
    questions = tmp_path / "questions.jsonl"
    questions.write_text("\n".join(map(json.dumps, rows)))
    monkeypatch.setattr("assistant.ask.open_reader", lambda *_: (PlaceReader(0.6, 0.4), ""))
    arguments = ["tune", str(questions), "--library", str(tmp_path / "library"), "--embedding-model", "hashing"]
    kept = tmp_path / "library" / "settings.json"
    assert main([*arguments, "--dry-run"]) == 0
    assert not kept.exists()
    assert main([*arguments, "--json"]) == 0
    printed = capsys.readouterr()
    assert "written to" in printed.err
    assert json.loads(kept.read_text())["refuse_below"] > 0.4
    before = kept.read_text()
    assert main(arguments) == 0
    assert "Nothing is better" in capsys.readouterr().out
    assert kept.read_text() == before
