"""Reports, tables and TREC files: what stands in them, that it is harmless, and that others count the same."""

import csv
import html
import io
import re
from xml.etree import ElementTree

import ir_measures
import pytest
from evaluation_stand_ins import result, run_of

from assistant.evaluation import trec
from assistant.evaluation.comparing import compare
from assistant.evaluation.measures import take_figures
from assistant.evaluation.misses import Kind, find_misses
from assistant.evaluation.plots import draw_run, hit_curve
from assistant.evaluation.records import Order
from assistant.evaluation.relevance import NEVER_RETRIEVED
from assistant.evaluation.report import render_body, render_report
from assistant.evaluation.tables import read_cell, run_to_csv
from assistant.questions import TestQuestion
from index.errors import QuestionError

HOSTILE = "<script>alert('x')</script>"


@pytest.fixture
def run():
    return run_of(
        result("right", "+-", quote="Maja Lind", evidence={"a0": 1}, evidence_passages=1),
        result("refused", "-+", quote="Maja Lind", refused=True, confidence=0.1, reading=(1, 0)),
        result("unread", "-" * 6 + "+", quote=HOSTILE, evidence={"a6": 2}, names=("a6", "gone"), missing=("gone",)),
        result("lost", "-" * 30 + "+", quote="Nobody"),
        result("broken", failure=HOSTILE, seconds={}),
        result("rightly refused", "-", answers=(), refused=True, confidence=0.05),
        result("answered", "-", answers=(), quote=HOSTILE, confidence=0.6),
        threshold=0.12,
        notices=(HOSTILE,),
    )


def test_a_miss_is_told_by_the_stage_that_lost_it(run):
    assert {miss.result.question.id: (miss.kind, miss.first) for miss in find_misses(run)} == {
        "broken": (Kind.FAILED, None),
        "lost": (Kind.NOT_FOUND, 31),
        "unread": (Kind.NOT_READ, 7),
        "refused": (Kind.REFUSED, 2),
        "answered": (Kind.ANSWERED, None),
    }


def test_a_report_stands_alone_and_is_harmless(run):
    before = run_of(*(run.results[0], *run.results[2:]), name="before")
    report = render_report(run, compare(before, run))
    assert HOSTILE not in report
    assert report.count("&lt;script&gt;") >= 4
    assert "<script" not in report
    addresses = set(re.findall(r"https?://[^\"'\s<)]+", report))
    assert addresses == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}  # names, which nobody fetches
    assert not re.search(r"(?:\bsrc|xlink:href|\bhref)=\"(?!#)", report)
    assert not re.search(r"url\((?!#)|@import", report)
    ids = re.findall(r"<(?:clipPath|path|defs|g)[^>]* id=\"([^\"]+)\"", report)
    clipping = [name for name in ids if re.fullmatch(r"p[0-9a-f]{8,}", name)]
    assert len(clipping) == len(set(clipping))


def test_a_report_shows_figures_changes_and_every_miss(run):
    report = render_report(run, compare(run, run.ordered(Order.READ)))
    shown = html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", report)))
    for miss in find_misses(run):
        assert f"{miss.kind}: 1" in shown
        assert miss.result.question.question in shown
    assert "order: search → read" in shown
    assert "The first relevant passage is at 7." in shown
    assert f"hit@1 {take_figures(run)['hit@1']:.3f}" in shown
    assert 'class="evaluation-page"' not in render_body(run)


def test_pictures_are_well_formed_and_take_the_colours_of_the_page(run):
    pictures = draw_run(run)
    assert len(pictures) == 4
    for picture in pictures:
        root = ElementTree.fromstring(picture)
        assert root.attrib["aria-label"]
        assert "var(--plot-first)" in picture
        assert not re.search(r"#0\d0\d0\d", picture)
    assert pictures == draw_run(run)


def test_the_hit_curve_is_hit_at_every_k(run):
    curve, figures = hit_curve(run), take_figures(run)
    assert [curve[k - 1] for k in (1, 5, 10, 20)] == [figures[f"hit@{k}"] for k in (1, 5, 10, 20)]


def test_a_run_of_retrieval_alone_has_a_report():
    known = result("q", "--", evidence={"a1": 1})
    unknown = TestQuestion("q", "Who?", (), ("a1",), answers_known=False)
    object.__setattr__(known, "question", unknown)
    assert len(draw_run(run_of(known))) == 2
    assert "one of its articles" in render_report(run_of(known, known)) or find_misses(run_of(known)) == []


def test_a_table_has_a_row_a_question_and_no_formula():
    text = run_to_csv(run_of(result("=1+1", "+", quote="-3 degrees"), result("b", answers=())))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["id"], row["hit@1"]) for row in rows] == [("'=1+1", "1.0"), ("b", "")]
    assert rows[0]["marked"] == "'-3 degrees"
    assert read_cell(rows[0]["id"]) == "=1+1"
    assert read_cell("'quoted'") == "'quoted'"


@pytest.mark.parametrize("order", Order)
def test_others_count_the_same_from_the_files(run, tmp_path, order):
    run = run.ordered(order)
    trec.write_trec(run, tmp_path)
    figures = take_figures(run)
    for name, prefix, measures in (
        ("passages", "", {"hit@1": "Success@1", "hit@5": "Success@5", "mrr@10": "RR@10"}),
        ("evidence-passages", "", {"recall@10": "R@10", "map@100": "AP@100", "ndcg@10": "nDCG@10"}),
        ("articles", "articles/", {"hit@5": "Success@5", "map@100": "AP@100", "ndcg@10": "nDCG@10"}),
    ):
        qrels = list(ir_measures.read_trec_qrels(str(tmp_path / f"{name}.qrels")))
        ranked = list(ir_measures.read_trec_run(str(tmp_path / f"{name}.run")))
        for ours, theirs in measures.items():
            measure = ir_measures.parse_measure(theirs)
            assert ir_measures.calc_aggregate([measure], qrels, ranked)[measure] == pytest.approx(
                figures[prefix + ours]
            )
    assert NEVER_RETRIEVED in (tmp_path / "passages.qrels").read_text()


def test_judgements_and_rankings_are_read(tmp_path):
    qrels, ranking = tmp_path / "qrels", tmp_path / "run"
    qrels.write_text("q1 0 a 2\nq1 0 b 0\nq1 0 c 1\n")
    beir = tmp_path / "qrels.tsv"
    beir.write_text("query-id\tcorpus-id\tscore\nq1\ta\t2\nq1\tc\t1\n")
    assert trec.read_qrels(qrels) == trec.read_qrels(beir) == {"q1": {"a": 2, "c": 1}}
    ranking.write_text("q1 Q0 b 1 0.5 x\nq1 Q0 a 2 0.9 x\nq1 Q0 c 3 0.5 x\n")
    assert trec.read_ranking(ranking) == {"q1": ["a", "c", "b"]}  # ties as trec_eval: the later name first
    questions = trec.add_qrels([TestQuestion("q1", "Who?", (), ())], trec.read_qrels(qrels), qrels)
    figures = take_figures(trec.run_from_ranking("theirs", ranking, questions))
    expected = ir_measures.calc_aggregate(
        [ir_measures.nDCG @ 10], ir_measures.read_trec_qrels(str(qrels)), ir_measures.read_trec_run(str(ranking))
    )
    assert figures["articles/ndcg@10"] == pytest.approx(next(iter(expected.values())))


@pytest.mark.parametrize(
    ("read", "content", "message"),
    [
        (trec.read_qrels, "q1 0 a 1\nq1 a\n", "line 2: 2 columns"),
        (trec.read_qrels, "q1 0 a high\n", "line 1: the grade 'high' is not a number"),
        (trec.read_qrels, "q1 0 a 1\nq1 0 a 1\n", "line 2: a is judged twice"),
        (trec.read_qrels, "", "is empty"),
        (trec.read_ranking, "q1 Q0 a 1 0.5\n", "line 1: 5 columns"),
        (trec.read_ranking, "q1 Q0 a 1 best x\n", "line 1: the score 'best' is not a number"),
    ],
)
def test_a_mistake_in_a_trec_file_is_told_with_its_line(tmp_path, read, content, message):
    path = tmp_path / "file"
    path.write_text(content)
    with pytest.raises(QuestionError, match=message):
        read(path)


def test_judgements_of_other_questions_are_told(tmp_path):
    with pytest.raises(QuestionError, match="questions that are not asked: q9"):
        trec.add_qrels([TestQuestion("q1", "Who?", (), ())], {"q9": {"a": 1}}, tmp_path)
