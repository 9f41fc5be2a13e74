"""The page is there before the models: what needs none never waits, and a failure is told."""

import threading

import pytest

import assistant.opening
from assistant.opening import open_in_background
from assistant.settings import Settings
from index.errors import ModelError


@pytest.fixture
def settings(tmp_path):
    return Settings(library=tmp_path / "library", embedding_model="hashing", reader="words")


def test_the_library_is_there_before_the_models_and_a_question_waits_for_them(settings, monkeypatch):
    may_load = threading.Event()
    real = assistant.opening.open_assistant

    def slowly(chosen):
        assert may_load.wait(60)
        return real(chosen)

    monkeypatch.setattr(assistant.opening, "open_assistant", slowly)
    opening = open_in_background(settings, create=True)
    assert opening.summary().articles == 0
    steps = opening.stream("What did the bridge cost?")
    assert next(steps) == "Loading the models"
    may_load.set()
    assert list(steps)[-1].refused
    report = opening.add_text("Bridge", "The bridge over the Tamsel cost nine million euros. It opened on Monday.")
    assert report.added == 1
    answer = opening.ask("What did the bridge over the Tamsel cost?")
    assert "nine million euros" in answer.hits[0].text
    assert next(opening.stream("What did the bridge cost?")) == "Searching 1 article"


def test_models_that_cannot_be_loaded_are_told_at_once_and_at_every_question(settings, monkeypatch, capsys):
    def fail(_):
        raise ModelError("there is no model of that name: choose another")

    monkeypatch.setattr(assistant.opening, "open_assistant", fail)
    opening = open_in_background(settings, create=True)
    for _ in range(2):
        with pytest.raises(ModelError, match="no model of that name"):
            opening.ask("What did the bridge cost?")
    assert capsys.readouterr().err == "error: there is no model of that name: choose another\n"
    with pytest.raises(AttributeError):
        opening.nothing  # noqa: B018
