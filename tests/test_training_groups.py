import math
import random

import numpy as np
import pytest

from assistant.matching import normalise
from assistant.span_models import PackagedModel
from index.errors import AssistantError
from training import hard_negatives
from training.disorder import disorder
from training.other_names import ask_of_another, names_by_title
from training.rows import Row, by_group, read_rows, write_rows
from training.train import plan_batches

PASSAGE = "The bridge over the Tamsel opened in 1987. It cost nine million euros. Ida Moen of Halm cut the ribbon."
START = PASSAGE.index("nine")
ROW = Row("What did the bridge over the Tamsel cost in 1987?", "Bridge", PASSAGE, START, START + 18, "made")
OTHERS = [
    Row("Who?", "Road", "A road by the river Oste was mended by the city of Verl in 1999.", 0, 0, "made:none"),
    Row(
        "Who?", "Bridge", "An older bridge by the river Ruwe fell in 1950, said Arne Holt of Brunn.", 0, 0, "made:none"
    ),
]


def test_the_loss_of_a_group_is_over_all_its_passages():
    torch = pytest.importorskip("torch")
    from training.group_loss import group_loss

    scores = torch.tensor([[1.0, 3.0, 9.0], [2.0, 2.0, 1.0], [0.0, 1.0, 0.0]])
    mask = torch.tensor([[True, True, False], [True, True, True], [True, True, True]])
    # Above their null answers: 2 | 0, -1 | 1, 0. The first group's answer is the 2, the second has none.
    first = math.log(1 + math.exp(2) + math.exp(0) + math.exp(-1)) - 2
    second = math.log(1 + math.exp(1) + math.exp(0))
    found = group_loss(scores, torch.tensor([1, 0, 0]), mask, [2, 1])
    assert float(found) == pytest.approx(first + second, rel=1e-5)


def test_the_loss_of_a_passage_alone_is_the_cross_entropy():
    torch = pytest.importorskip("torch")
    from training.group_loss import group_loss

    scores, places = torch.randn(5, 7, generator=torch.Generator().manual_seed(1)), torch.tensor([0, 3, 6, 0, 1])
    alone = group_loss(scores, places, torch.ones(5, 7, dtype=torch.bool), [1] * 5)
    assert float(alone) == pytest.approx(
        float(torch.nn.functional.cross_entropy(scores, places, reduction="sum")), rel=1e-5
    )


@pytest.mark.parametrize("seed", range(40))
def test_disorder_leaves_the_answer_in_its_place(seed):
    row = disorder(ROW, OTHERS, random.Random(seed))
    assert row.answer == "nine million euros"
    assert row.title == ""


def test_disorder_cuts_glues_and_adds():
    passages = {disorder(ROW, OTHERS, random.Random(seed)).passage for seed in range(40)}
    assert len(passages) > 30
    assert any(".It cost" in passage or ".Ida" in passage for passage in passages)
    assert any("river" in passage for passage in passages)


@pytest.mark.parametrize("seed", range(40))
def test_another_name_or_year_stands_nowhere_in_the_passage(seed):
    names = names_by_title([ROW, *OTHERS])
    row = ask_of_another(ROW, names, random.Random(seed))
    assert row is not None
    assert not row.answerable
    new = set(normalise(row.question).split()) - set(normalise(ROW.question).split())
    assert new
    assert not any(word in PASSAGE.lower() for word in new)


def test_a_question_without_names_cannot_ask_of_another():
    row = Row("what did it cost?", "Bridge", PASSAGE, START, START + 18, "made")
    assert ask_of_another(row, names_by_title([ROW]), random.Random(0)) is None


def test_negatives_come_with_their_question_and_without_its_answer():
    again = Row("Who?", "Copy", "It did cost nine million euros in the end.", 0, 0, "made:none")
    fillers = [Row("Who?", "", f"Nothing of note happened on day {number}.", 0, 0, "made:none") for number in range(12)]
    found = list(hard_negatives.find([ROW, *OTHERS], [ROW, *OTHERS, again, *fillers], 2))
    assert [row for row, _ in found] == [ROW]
    (_, negatives), *_ = found
    assert negatives[0].passage == OTHERS[1].passage
    assert {(row.question, row.answerable) for row in negatives} == {(ROW.question, False)}
    assert again.passage not in [row.passage for row in negatives]


def test_groups_stay_whole_in_batches_and_files(tmp_path):
    rows = [
        Row("Who?", "", "x" * ((number * 37) % 90 + 1), 0, 0, "made:none", f"g{number // 3}" if number % 7 else "")
        for number in range(100)
    ]
    write_rows(tmp_path / "rows.jsonl", rows)
    assert list(read_rows(tmp_path / "rows.jsonl")) == rows
    batches = plan_batches(rows, 8, seed=1)
    assert all(sum(map(len, batch)) <= 8 for batch in batches)
    key = lambda group: [(row.passage, row.group) for row in group]  # noqa: E731
    assert sorted(key(group) for batch in batches for group in batch) == sorted(map(key, by_group(rows)))
    assert plan_batches(rows, 8, seed=1) == batches != plan_batches(rows, 8, seed=2)


def test_the_shipped_reader_can_be_trained_again(tmp_path, monkeypatch):
    pytest.importorskip("onnx")
    pytest.importorskip("transformers")
    from assistant.span_models import NamedModel
    from training import restore

    monkeypatch.setattr("sys.argv", ["restore", str(tmp_path / "restored")])
    restore.main()
    shipped, restored = PackagedModel(), NamedModel(str(tmp_path / "restored"))
    window = shipped.encoder.windows(ROW.question, ROW.title, ROW.passage)[0]
    for old, new in zip(shipped.score([window])[0], restored.score([window])[0], strict=True):
        assert int(old.argmax()) == int(new.argmax())
        assert float(np.corrcoef(old, new)[0, 1]) > 0.99


def test_a_blend_is_the_mean_of_the_weights_and_of_one_model_only():
    torch = pytest.importorskip("torch")
    from training.blend import blend

    before = {"w": torch.tensor([1.0, 2.0]), "ids": torch.tensor([0, 1])}
    after = {"w": torch.tensor([3.0, -2.0]), "ids": torch.tensor([0, 2])}
    mean = blend(before, after, 0.25)
    assert mean["w"].tolist() == [1.5, 1.0]
    assert mean["ids"].tolist() == [0, 2]
    with pytest.raises(AssistantError, match="1 weights differ in shape, w first"):
        blend(before, {**after, "w": torch.zeros(3)}, 0.5)
