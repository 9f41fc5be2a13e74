"""The product with its real model: the article that the project began with, and the samples."""

import dataclasses
from pathlib import Path

import pytest

from assistant.ask import open_assistant
from assistant.evaluation.asking import run_evaluation
from assistant.evaluation.measures import take_figures
from assistant.questions import read_questions
from assistant.settings import Settings
from samples import samples_folder

NOISE = ("Taylor Swift", "cheap foreign labour", "Canada Post", "T&T stores", "Get daily National news", "Comments")
SUBHEADING = "NATO chief credits Canada's contributions, but says all allies must do more"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("libraries")


@pytest.fixture(scope="module")
def seed(folder, shared):
    assistant = open_assistant(Settings(library=folder / "seed"), create=True)
    report = assistant.add([str(shared / "articles")])
    assert (report.added, report.rejected) == (1, [])
    return assistant


@pytest.fixture(scope="module")
def samples(folder):
    assistant = open_assistant(Settings(library=folder / "samples"), create=True)
    report = assistant.add([samples_folder()])
    assert report.rejected == []
    return assistant


def test_nothing_of_the_page_around_the_article_is_left(seed):
    article = next(seed.library.iterate_articles())
    assert [noise for noise in NOISE if noise in article.text] == []
    assert SUBHEADING in article.text.splitlines()
    removed = [line for _, line in seed.library.removed_lines(article.id) if line]
    assert len(removed) == 6
    assert all(any(noise in line for noise in NOISE) for line in removed)


def test_what_stoltenberg_said_is_quoted_exactly(seed):
    answer = seed.ask("What did Stoltenberg say about Canada's defence spending?")
    assert not answer.refused
    contributing = next(quote for quote in answer.quotes if "Canada is contributing in many ways" in quote.text)
    calling = next(quote for quote in answer.quotes if "I call on all allies to step up" in quote.text)
    assert calling.text.endswith("Canada will also assess the need for further increases in defence spending.”")
    for quote in (contributing, calling):
        assert quote.article.text[quote.start : quote.end] == quote.text
        assert quote.speaker == "Jens Stoltenberg"


def test_what_nobody_said_is_refused(seed):
    answer = seed.ask("What did Stoltenberg say about Brazil's football team?")
    assert answer.refused
    assert answer.quotes == ()
    assert answer.hits


def test_the_sample_questions_are_found_and_mostly_answered(samples):
    questions = read_questions(Path(samples_folder()).parent / "questions.jsonl")
    run = run_evaluation(samples, questions)
    assert run.failures == ()
    assert run.missing_evidence == ()
    figures = take_figures(run)
    assert figures["articles/hit@5"] >= 0.95
    assert figures["hit@5"] >= 0.9
    assert figures["quoted"] >= 0.5
    assert figures["refusal-recall"] >= 0.4
    # Two at once share the models and the library, and get the same answers.
    together = run_evaluation(samples, questions[:8], at_once=2)
    assert [dataclasses.replace(one, seconds={}) for one in together.results] == [
        dataclasses.replace(one, seconds={}) for one in run.results[:8]
    ]


def test_an_article_that_arrives_while_the_chat_runs_is_answered_from(samples):
    question = "Who opened the new lighthouse museum at Skarvik?"
    samples.add_text(
        "Lighthouse museum", "The new lighthouse museum at Skarvik was opened by Tove Aune on Sunday morning."
    )
    answer = samples.ask(question)
    assert not answer.refused
    assert "Tove Aune" in answer.quotes[0].text


def test_a_setting_decides_how_many_quotes_there_are(samples):
    one = dataclasses.replace(samples.settings, max_quotes=1)
    samples.settings, before = one, samples.settings
    try:
        assert len(samples.ask("When did Finland join NATO?").quotes) == 1
    finally:
        samples.settings = before
