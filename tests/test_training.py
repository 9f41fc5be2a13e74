import gzip
import json
import random

import pytest

from assistant.pairs import PairEncoder
from assistant.questions import TestQuestion
from index.errors import AssistantError
from index.records import Hit
from index.weights import packaged_model_folder
from training import calibrate, news_rows, prepare, public_sets, train
from training.encoding import encode_rows
from training.rows import Row, read_rows, write_rows

CONTEXT = "The bridge over the Tamsel opened on Monday. It cost nine million euros. Ida Moen cut the ribbon."


def fields(**chosen):
    answer = {"text": "nine million euros", "answer_start": CONTEXT.index("nine")}
    made = {"dataset": "squad1.1", "title": "The_bridge", "question": "What did it cost?", "context": CONTEXT}
    return {**made, "answers": [answer], "is_impossible": False, **chosen}


def test_a_row_whose_answer_leaves_its_passage_is_an_error():
    with pytest.raises(AssistantError, match="0:99 leaves its passage of 5 characters"):
        Row("Who?", "", "Moen.", 0, 99, "made")


def test_rows_are_read_as_written(tmp_path):
    rows = [Row("Who?", "Bridge", "Ida Moen.", 0, 8, "made"), Row("Wo?", "Brücke", "Niemand.", 0, 0, "made:none")]
    assert write_rows(tmp_path / "new" / "rows.jsonl", rows) == 2
    assert list(read_rows(tmp_path / "new" / "rows.jsonl")) == rows


@pytest.mark.parametrize("seed", range(20))
def test_windows_are_whole_sentences_around_the_answer(seed):
    row = public_sets.make_row(fields(), random.Random(seed))
    assert row.answer == "nine million euros"
    assert row.passage in CONTEXT
    assert row.passage.endswith(".")
    assert row.title in ("The bridge", "")


def test_a_public_answer_that_is_not_at_its_place_is_left_out():
    moved = [{"text": "nine million euros", "answer_start": 3}]
    assert public_sets.make_row(fields(answers=moved), random.Random(0)) is None


def test_unanswerable_windows_do_not_hold_the_answer(tmp_path):
    with gzip.open(tmp_path / "sets.jsonl.gz", "wt") as stream:
        for number in range(30):
            other = f"Pier {number} stayed shut all winter. Nobody minded."
            stream.write(json.dumps(fields()) + "\n")
            stream.write(json.dumps(fields(context=other, answers=[], is_impossible=True)) + "\n")
    rows = list(public_sets.make_rows(tmp_path / "sets.jsonl.gz", quota={"squad1.1": 60}))
    elsewhere = [row for row in rows if row.origin.endswith(":elsewhere")]
    assert elsewhere
    assert not any("nine million" in row.passage for row in elsewhere)
    assert {row.origin for row in rows} == {"squad1.1", "squad1.1:none", "squad1.1:elsewhere"}


def test_news_rows_take_answers_from_the_evidence_and_negatives_without(article):
    texts = {
        "one": CONTEXT,
        "two": "A road in Halm cost four pounds.",
        "three": "It is said to cost nine million euros.",
    }
    hits = [
        Hit(number, article(name, text), 0, len(text), text, 1.0) for number, (name, text) in enumerate(texts.items())
    ]
    question = TestQuestion(
        "1", "What did the bridge cost?", ("Nine million euros",), ("https://news.example.org/one",)
    )
    rows = list(news_rows.rows_of_question(question, hits, random.Random(0)))
    assert {row.answer for row in rows if row.answerable} == {"nine million euros"}
    assert [row.passage for row in rows if not row.answerable] == [texts["two"]]


def test_each_question_is_asked_with_and_without_the_passages_that_answer_it(article):
    texts = ["It cost nine million euros.", *(f"The pier has {number} planks." for number in range(9))]
    hits = [Hit(n, article(f"a{n % 4}", text), 0, len(text), text, 1.0) for n, text in enumerate(texts)]
    question = TestQuestion("1", "What did it cost?", ("nine million euros",), (hits[0].article.id,))
    asked = [
        ([hit.passage_id for hit in given], answerable) for given, answerable in calibrate.situations(question, hits, 6)
    ]
    assert asked == [
        ([0, 1, 2, 3, 4, 5], True),
        ([1, 2, 3, 5, 6, 7], False),
        ([1, 2, 3, 4, 5, 6], False),
        ([0, 1, 2, 3, 4], True),
        ([1, 2, 3, 4, 5], False),
    ]


def test_no_evidence_is_both_trained_on_and_kept_aside():
    questions = [TestQuestion(str(n), "Who?", ("x",), (f"u{n % 7}", f"u{(n * 3) % 7 + 10}")) for n in range(40)]
    trained, aside = prepare.split_questions([*questions, TestQuestion("z", "Who?", ("x",), ("alone",))], 1)
    both = {name for one in trained for name in one.evidence} & {name for one in aside for name in one.evidence}
    assert not both
    assert len(trained) + len(aside) == 41


def test_the_answer_is_found_among_the_tokens():
    encoder = PairEncoder((packaged_model_folder() / "tokenizer.json").read_text(encoding="utf-8"))
    start = CONTEXT.index("nine")
    rows = [
        Row("What did it cost?", "Bridge", CONTEXT, start, start + len("nine million euros"), "made"),
        Row("Who came?", "Bridge", "Nobody.", 0, 0, "made:none"),
    ]
    batch = encode_rows(encoder, rows)
    window = encoder.windows("What did it cost?", "Bridge", CONTEXT)[0]
    first, last = (window.offsets[int(place) - window.first] for place in (batch.starts[0], batch.ends[0]))
    assert CONTEXT[first[0] : last[1]] == "nine million euros"
    assert (batch.starts[1], batch.ends[1]) == (0, 0)


def test_training_learns_and_goes_on_where_it_was(tmp_path, monkeypatch):
    transformers = pytest.importorskip("transformers")
    small = transformers.BertConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
    transformers.BertForQuestionAnswering(small).save_pretrained(tmp_path / "start")
    transformers.AutoTokenizer.from_pretrained(packaged_model_folder()).save_pretrained(tmp_path / "start")
    start = CONTEXT.index("Ida")
    write_rows(tmp_path / "rows.jsonl", [Row("Who cut it?", "", CONTEXT, start, start + 8, "made")] * 40)
    command = ["train", "--rows", "rows.jsonl", "--output", "out", "--start-from", "start", "--batch", "4"]
    monkeypatch.setattr(train, "CHECKPOINT_SECONDS", 0)
    monkeypatch.setattr("sys.argv", [*command, "--learning-rate", "0.01", "--epochs", "2"])
    steps = []
    step = train.Trainer.step

    def interrupted(self, rows):
        if len(steps) == 12:
            steps.append("stopped")
            raise KeyboardInterrupt
        steps.append(step(self, rows))
        return steps[-1]

    monkeypatch.setattr(train.Trainer, "step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train.main()
    assert (tmp_path / "out" / "checkpoint.pt").exists()
    train.main()
    assert len(steps) == 12 + 1 + 8
    assert steps[-1] < steps[0] / 2
    assert not (tmp_path / "out" / "checkpoint.pt").exists()
    assert (tmp_path / "out" / "model.safetensors").exists()
