"""The benchmarks of the reader, on rows that are made up: figures by hand, and mistakes told with their line."""

import json
from xml.etree import ElementTree

import numpy as np
import pytest

from assistant import ask
from assistant.reader import Evidence, Reading
from assistant.settings import Settings
from benchmarks import rgb, risk_coverage, squad
from benchmarks.passages_only import open_texts, to_article
from index.embedder import HASHING_MODEL
from index.errors import QuestionError
from index.local import open_library
from index.sync import sync_articles

BRIDGE = "Maja Lind opened the bridge over the Tamsel on Monday. It cost nine million euros to build."
FERRY = "The ferry to Halm makes its last crossing in June, said Bo Ek of the harbour company."
SURE, UNSURE = 0.9, 0.05
FAST = ["--embedding-model", HASHING_MODEL]


class MarkingReader:
    """Marks "Maja Lind" or "Bo Ek" where a hit has it; sure where the question asks who, unsure elsewhere."""

    name = "marking"

    def read(self, question, hits):
        evidence = []
        for hit in hits:
            for name in ("Maja Lind", "Bo Ek"):
                if name in hit.text:
                    start = hit.article.text.index(name)
                    evidence.append(Evidence(hit, hit.start, hit.end, (start, start + len(name)), 0.8))
        return Reading(tuple(evidence), SURE if question.startswith("Who") else UNSURE)


@pytest.fixture
def marking(monkeypatch):
    monkeypatch.setattr(ask, "open_reader", lambda *_: (MarkingReader(), ""))


@pytest.fixture
def write(tmp_path):
    def _write(*rows):
        path = tmp_path / "rows.jsonl"
        path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
        return str(path)

    return _write


def squad_row(question="Who opened the bridge?", *answers, context=BRIDGE, **changed):
    given = [{"text": answer, "answer_start": 0} for answer in answers]
    row = {"id": question, "title": "The_bridge", "question": question, "context": context, "answers": given}
    return {**row, "is_impossible": not answers, **changed}


def rgb_row(**changed):
    noise = {
        "0.2": [{"text": BRIDGE, "positive": True}, {"text": FERRY, "positive": False}],
        "0.8": [{"text": FERRY, "positive": False}],
    }
    row = {"id": 1, "query": "Who opened the bridge?", "answer": [["Maja Lind", "Ms Lind"]], "positive": [BRIDGE]}
    return {**row, "negative": [FERRY], "passages_by_noise": noise, **changed}


def figures_of(module, capsys, path, *options):
    assert module.main([path, *FAST, "--json", *options]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_texts_are_read_uncleaned_and_nearest_first():
    texts = [
        to_article("Read more: our newsletter on the ferry."),
        to_article(BRIDGE),
        to_article(FERRY),
        to_article(BRIDGE),
    ]
    with open_texts(texts, Settings(embedding_model=HASHING_MODEL, reader="words")) as opened:
        answer = opened.ask("Who opened the bridge over the Tamsel?", texts[:3])
        assert [hit.article for hit in answer.hits[:1]] == [texts[1]]
        assert {hit.article for hit in answer.hits} == set(texts[:3])
        assert all(hit.article.text[hit.start : hit.end] == hit.text for hit in answer.hits)
        assert {hit.article for hit in opened.ask("Who?", texts[2:3]).hits} == {texts[2]}


def test_squad_figures_by_hand(marking, capsys, write):
    path = write(
        squad_row("Who opened the bridge?", "Lind", "Maja Lind"),  # sure and right
        squad_row("Who built the bridge?"),  # sure, and wrong
        squad_row("When did it open?"),  # refused, rightly
        squad_row("Whom did they ask?", "mayor Maja Lind"),  # sure: precision 1, recall 2/3
        squad_row("What did Lind do?", "opened the bridge"),  # refused, wrongly
    )
    figures = figures_of(squad, capsys, path)
    assert figures["reader"] == "marking"
    f1 = 2 * 1 * (2 / 3) / (1 + 2 / 3)
    assert figures["all"] == pytest.approx({"questions": 5, "exact_match": 2 / 5, "f1": (1 + 0 + 1 + f1 + 0) / 5})
    assert figures["answerable"] == pytest.approx({"questions": 3, "exact_match": 1 / 3, "f1": (1 + f1 + 0) / 3})
    assert figures["unanswerable"] == pytest.approx({"questions": 2, "exact_match": 1 / 2, "f1": 1 / 2})
    # Refusing everything is exactly right for the two without an answer, no better than the default's two.
    assert figures["best"]["exact_match"] == 2 / 5
    assert figures["best"]["f1"] == pytest.approx((2 + f1) / 5)
    assert figures["best"]["f1_threshold"] == SURE
    assert figures["answerability"] == pytest.approx((2 * (0.5 + 1) + (0 + 0.5)) / (3 * 2))
    assert figures["refused"] == 2 / 5
    assert figures_of(squad, capsys, path, "--limit", "1")["all"] == {"questions": 1, "exact_match": 1, "f1": 1}


def test_the_best_threshold_may_refuse_everything():
    confidences, given, refused = np.array([0.2, 0.6]), np.array([0.0, 0.0]), np.array([1.0, 1.0])
    assert squad.find_best_threshold(confidences, given, refused) == (1, 2)
    assert squad.find_best_threshold(confidences, refused, given) == (1, 0.2)


def test_rgb_figures_by_hand(marking, capsys, write):
    both = rgb_row(query="Who was there?", answer=["Maja Lind", "Bo Ek"])
    refused = rgb_row(query="Say which mayor opened it.", answer=["Maja Lind"])
    figures = figures_of(rgb, capsys, write(rgb_row(), both, refused))
    least, most = figures["noise"]["0.2"], figures["noise"]["0.8"]
    assert least == pytest.approx({"questions": 3, "answered": 2 / 3, "answered_unrefused": 1, "refused": 1 / 3})
    assert most == pytest.approx({"questions": 3, "answered": 0, "answered_unrefused": 0, "refused": 1 / 3})
    assert figures["negatives"]["refused"] == 1 / 3
    assert figures["answerability"] == 0.5


@pytest.mark.parametrize("module", [squad, rgb])
def test_the_figures_are_printed_as_a_table(module, capsys, write):
    rows = [squad_row("Who opened the bridge?", "Maja Lind"), squad_row("Who sank the ferry?")]
    path = write(*(rows if module is squad else [rgb_row()]))
    assert module.main([path, *FAST, "--reader", "words"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("embedding and words")
    assert "AUROC" in printed


@pytest.mark.parametrize(
    ("module", "row", "message"),
    [
        (squad, "{", "line 2: not JSON"),
        (squad, "[]", "line 2: a list, not an object"),
        (squad, squad_row(question=" "), 'line 2: "question" must be a str, it is " "'),
        (squad, squad_row(context=7), 'line 2: "context" must be a str, it is 7'),
        (squad, squad_row(answers=["Lind"]), 'line 2: each of "answers" must be an object with a "text"'),
        (squad, squad_row(is_impossible=False), 'line 2: "is_impossible" contradicts "answers", of which there are 0'),
        (rgb, rgb_row(answer=[]), 'line 2: "answer" must be a list of texts'),
        (rgb, rgb_row(answer=[[]]), 'line 2: "answer" must be a list of texts'),
        (rgb, rgb_row(answer=[3]), 'line 2: "answer" must be a list of texts'),
        (rgb, rgb_row(negative=None), 'line 2: "negative" must be a list, it is null'),
        (rgb, rgb_row(passages_by_noise={"0.2": [{"positive": True}]}), "line 2: a passage must be a text"),
    ],
)
def test_a_wrong_row_is_told_with_file_and_line(module, row, message, capsys, write):
    path = write(squad_row() if module is squad else rgb_row(), row)
    assert module.main([path, *FAST]) == 2
    errors = capsys.readouterr().err
    assert f"{path}, {message}" in errors
    assert errors.count("\n") == 1


@pytest.mark.parametrize("module", [squad, rgb])
def test_a_missing_or_empty_file_is_told(module, capsys, write, tmp_path):
    assert module.main([str(tmp_path / "none.jsonl"), *FAST]) == 2
    assert "none.jsonl cannot be read" in capsys.readouterr().err
    assert module.main([write(""), *FAST]) == 2
    assert "has no questions" in capsys.readouterr().err


def test_wrong_options_are_told(capsys, write):
    with pytest.raises(SystemExit) as stop:
        squad.main([write(squad_row()), "--limit", "0"])
    assert stop.value.code == 2
    assert "--limit" in capsys.readouterr().err


def test_the_curve_is_drawn_with_its_threshold(marking, capsys, write, tmp_path, embedder, article):
    library = open_library(tmp_path / "library", create=True)
    sync_articles(library, embedder, [article("bridge", BRIDGE), article("ferry", FERRY)])
    library.close()
    rows = [
        {"id": "1", "question": "Who opened the bridge?", "answers": ["Maja Lind"], "evidence": []},
        {"id": "2", "question": "Which comet fell?", "answers": [], "evidence": []},
    ]
    picture = tmp_path / "curve.svg"
    options = ["--library", str(tmp_path / "library"), "--picture", str(picture), *FAST]
    assert risk_coverage.main([write(*rows), *options]) == 0
    printed = capsys.readouterr().out
    # Half is answered, rightly; the other half has no answer.
    assert "marking: area 0.250" in printed
    assert "refused below 0.14: coverage 0.500, risk 0.000" in printed
    root = ElementTree.parse(picture).getroot()
    texts = ["".join(node.itertext()) for node in root.findall(".//{*}text")]
    assert "marking, area 0.250; ● refused below 0.14" in texts
    # The point: half of 550 pixels from the left edge of the plot, on its lower edge.
    point = root.find("{*}circle")
    assert (float(point.get("cx")), float(point.get("cy"))) == (70 + 550 / 2, 420 - 60)
    assert root.find("{*}polyline").get("points") == "345.0,360.0 620.0,190.0"


def test_a_library_or_question_file_that_is_not_there_is_told(capsys, write, tmp_path):
    assert risk_coverage.main(["--library", str(tmp_path / "none"), str(tmp_path / "none.jsonl")]) == 2
    assert "none.jsonl cannot be read" in capsys.readouterr().err
    path = write({"id": "1", "question": "Who?", "answers": [], "evidence": []})
    assert risk_coverage.main(["--library", str(tmp_path / "none"), path]) == 2
    assert "there is no library" in capsys.readouterr().err


def test_the_row_parsers_raise_the_products_error():
    with pytest.raises(QuestionError, match="somewhere: "):
        rgb.parse({}, "somewhere")
