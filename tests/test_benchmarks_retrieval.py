"""Public collections: a BEIR folder and RealTimeQA's files are prepared and measured by one command."""

import json
import math

import ir_measures
import pytest

from assistant.ask import Assistant
from assistant.evaluation.asking import run_evaluation
from assistant.evaluation.measures import take_figures
from assistant.evaluation.relevance import name_article
from assistant.evaluation.storing import RunStore
from assistant.evaluation.trec import write_trec
from assistant.scorer import WordScorer
from assistant.settings import Settings
from benchmarks import retrieval
from benchmarks.beir_format import read_corpus, read_queries
from index.search import Searcher, SearchMode
from index.sync import sync_articles

TEXTS = {
    "1": "Maja Lind opened the long bridge over the river Tamsel on Monday morning.",
    "2": "Bo Ek said that the tunnel under the river Tamsel would cost nine million euros.",
    "3": "The lighthouse museum at Skarvik was opened by Tove Aune on a rainy Sunday.",
}


@pytest.fixture
def beir(tmp_path):
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    corpus = [{"_id": name, "title": f"Title {name}", "text": text} for name, text in TEXTS.items()]
    queries = [
        {"_id": "q1", "text": "bridge tunnel Tamsel"},
        {"_id": "q2", "text": "museum"},
        {"_id": "q3", "text": "?"},
    ]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, corpus)))
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)))
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\t1\t1\nq1\t2\t2\nq2\t1\t1\nq2\t3\t0\n")
    return folder


def test_a_beir_folder_is_read(beir):
    assert [(article.id, article.text) for article in read_corpus(beir)] == list(TEXTS.items())
    questions = read_queries(beir)  # q3 is not judged
    assert [(question.id, question.graded) for question in questions] == [("q1", {"1": 1, "2": 2}), ("q2", {"1": 1})]


def test_a_beir_folder_is_measured_by_one_command(beir, tmp_path, capsys):
    options = ["--library", str(tmp_path / "library"), "--embedding-model", "hashing", "--reader", "words"]
    assert retrieval.main([str(beir), *options, "--trec", str(tmp_path / "trec")]) == 0
    table = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()[1:]}
    assert list(table) == ["lexical", "dense", "fused", "read"]
    for name in table:
        qrels = ir_measures.read_trec_qrels(str(tmp_path / "trec" / name / "articles.qrels"))
        ranked = ir_measures.read_trec_run(str(tmp_path / "trec" / name / "articles.run"))
        expected = ir_measures.calc_aggregate([ir_measures.nDCG @ 10], qrels, ranked)
        assert float(table[name][-1]) == pytest.approx(next(iter(expected.values())), abs=5e-4)
    # Of q1 both are found, the better one by its three of four words or second; of q2 the wrong one alone.
    best = (2 + 1 / math.log2(3)) / (2 + 1 / math.log2(3)) / 2
    assert float(table["lexical"][-1]) in (
        round(best, 3),
        round((1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3)) / 2, 3),
    )
    assert RunStore(tmp_path / "library").names() == list(table)


def test_realtimeqa_is_measured_by_the_same_command(tmp_path, capsys):
    folder = tmp_path / "rtqa"
    folder.mkdir()
    articles = [{"url": f"https://x.org/{name}", "title": "", "text": text} for name, text in TEXTS.items()]
    questions = [
        {"id": 1, "question": "Who opened the bridge?", "answers": ["Maja Lind"], "evidence": ["https://x.org/1"]}
    ]
    (folder / "articles.jsonl").write_text("\n".join(map(json.dumps, articles)))
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, questions)))
    options = ["--library", str(tmp_path / "library"), "--embedding-model", "hashing", "--without-reading"]
    assert retrieval.main([str(folder), *options]) == 0
    assert "passages, 1 questions" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda folder: (folder / "corpus.jsonl").unlink(), "neither in BEIR's format"),
        (lambda folder: (folder / "queries.jsonl").write_text('{"_id": "q1"}'), 'line 1: no "text"'),
        (lambda folder: (folder / "qrels" / "test.tsv").unlink(), "has no judgements"),
        (lambda folder: (folder / "qrels" / "test.tsv").write_text("q9\t1\t1\n"), "not asked: q9"),
    ],
)
def test_a_folder_with_a_mistake_is_told(beir, tmp_path, capsys, change, message):
    change(beir)
    assert retrieval.main([str(beir), "--library", str(tmp_path / "library"), "--embedding-model", "hashing"]) == 2
    assert message in capsys.readouterr().err


def test_figures_on_time_are_those_of_ir_measures_from_its_own_judgements(shared, library, embedder, tmp_path):
    folder = shared / "benchmarks" / "time"
    if not folder.is_dir():
        pytest.skip("the TIME collection is not among the shared benchmarks")
    sync_articles(library, embedder, read_corpus(folder))
    settings = Settings(library=library.folder, search_mode=SearchMode.LEXICAL)
    assistant = Assistant(
        settings, library, embedder, Searcher(library, library.rankings(), embedder), WordScorer(library, embedder)
    )
    run = run_evaluation(assistant, read_queries(folder), reading=False)
    write_trec(run, tmp_path)
    figures = take_figures(run)
    with (folder / "qrels.tsv").open() as file:
        rows = [line.split() for line in file][1:]
    names = {name_article(article): article for article in {row[1] for row in rows}}
    # The collection judges two articles that it does not have, which nobody can find.
    assert {article for _, article in run.missing_evidence} == {"424", "425"}
    rows = [row for row in rows if library.find_id(row[1])]
    qrels = [ir_measures.Qrel(query, article, int(grade)) for query, article, grade in rows]
    ranked = [
        ir_measures.ScoredDoc(row.query_id, names.get(row.doc_id, row.doc_id), row.score)
        for row in ir_measures.read_trec_run(str(tmp_path / "articles.run"))
    ]
    expected = {
        "ndcg@10": ir_measures.nDCG @ 10,
        "map@100": ir_measures.AP @ 100,
        "mrr@10": ir_measures.RR @ 10,
        "recall@20": ir_measures.R @ 20,
        "hit@5": ir_measures.Success @ 5,
    }
    theirs = ir_measures.calc_aggregate(expected.values(), qrels, ranked)
    assert {name: figures[f"articles/{name}"] for name in expected} == {
        name: pytest.approx(theirs[measure], abs=1e-6) for name, measure in expected.items()
    }
    assert figures.counts["with evidence"] == len({row[0] for row in rows})
    assert 0.6 < figures["articles/ndcg@10"] < 0.7  # a plain BM25 over whole articles has about 0.64
