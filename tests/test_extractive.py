import json
import shutil
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.extractive import AT_ONCE, ExtractiveReader
from assistant.pairs import PairEncoder
from assistant.readers import open_reader
from assistant.scorer import WordScorer
from assistant.span_models import MODEL_FOLDER, NamedModel, PackagedModel
from assistant.weights import Weights
from index.errors import ModelError
from index.records import Hit
from index.search import Searcher
from index.weights import packaged_model_folder

PLAIN = Weights({"bias": 0.0, "reader": 1.0}, {"bias": 0.0, "best": 1.0})
SURE = 15.0


class MarksWords:
    """A model that is sure of certain words wherever they stand, and else that there is no answer."""

    name = "marks words"

    def __init__(self, words):
        self.encoder = PairEncoder((packaged_model_folder() / "tokenizer.json").read_text(encoding="utf-8"))
        self.wanted = self.encoder.windows("", "", words)[0]
        self.windows_read = 0

    def score(self, windows):
        return [self._score(window) for window in windows]

    def _score(self, window):
        self.windows_read += 1
        starts, ends = np.zeros((2, len(window.ids)), dtype=np.float32)
        wanted = self.wanted.ids[self.wanted.first : -1]
        places = [
            n for n in range(window.first, len(window.ids)) if wanted and window.ids[n : n + len(wanted)] == wanted
        ]
        for place in places:
            starts[place] = ends[place + len(wanted) - 1] = SURE
        if not places:
            starts[0] = ends[0] = SURE
        return starts, ends


def reader_of(words, library, embedder):
    return ExtractiveReader(MarksWords(words), library, embedder, PLAIN)


def hits_of(library, embedder, question):
    return Searcher(library, library.rankings(), embedder).search(question)


def one_hit(article, text):
    made = article("one", text)
    return Hit(1, made, 0, len(text), text, 1.0)


def test_the_marked_words_are_at_their_place_in_the_article(library, embedder, put, article):
    put(article("bridge", "The bridge over the Tamsel opened on Monday. It cost nine million euros, said Ida Moen."))
    hits = hits_of(library, embedder, "What did the bridge cost?")
    reading = reader_of("nine million euros", library, embedder).read("What did the bridge cost?", hits)
    best = reading.evidence[0]
    assert best.hit.article.text[slice(*best.span)] == "nine million euros"
    assert best.text == "It cost nine million euros, said Ida Moen."
    assert reading.probability > 0.99


def test_nothing_marked_is_improbable(library, embedder, put, article):
    put(article("bridge", "The bridge over the Tamsel opened on Monday. It cost nine million euros, said Ida Moen."))
    hits = hits_of(library, embedder, "What did the bridge cost?")
    assert reader_of("four pounds", library, embedder).read("What did the bridge cost?", hits).probability < 0.01


def test_no_hits_are_no_answer(library, embedder):
    assert reader_of("x", library, embedder).read("What did the bridge cost?", []).evidence == ()


def test_an_answer_at_the_end_of_a_long_passage_is_found(library, embedder, article):
    text = " ".join(f"Harbour number {n} froze over during that night." for n in range(150))
    text += " Only the harbour of Stavik stayed free of ice."
    reading = reader_of("Stavik", library, embedder).read("Which harbour stayed free?", [one_hit(article, text)])
    assert reading.evidence[0].text == "Only the harbour of Stavik stayed free of ice."


@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        ("Which harbour froze? " * 500, "The harbour of Stavik froze over on Monday.", "Stavik"),
        ("?", "The harbour of Stavik froze over on Monday.", "Stavik"),
        ("Welcher Hafen war zugefroren?", "Der Hafen von Stavik war am Montag zugefroren.", "Stavik"),
        ("¿Qué puerto se heló?", "El puerto de Estávik se heló el lunes por la noche.", "Estávik"),
        ("哪个港口结冰了?", "The harbour 斯塔维克 froze over on Monday night.", "斯塔维克"),
    ],
    ids=["10,000 characters", "no words", "German", "Spanish", "Chinese"],
)
def test_unusual_questions_and_languages(library, embedder, article, question, text, words):
    reading = reader_of(words, library, embedder).read(question, [one_hit(article, text)])
    assert text[slice(*reading.evidence[0].span)] == words


def test_a_passage_of_one_long_word_is_read_without_harm(library, embedder, article):
    reading = reader_of("x", library, embedder).read("What is it?", [one_hit(article, "a" * 5000)])
    assert reading.evidence == ()


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.sampled_from("ab é. \n“”’,?!9漢"), min_size=1, max_size=400),
    words=st.sampled_from(["a", "b é", "9"]),
)
def test_evidence_and_spans_are_slices_of_the_article(library, embedder, article, text, words):
    reading = reader_of(words, library, embedder).read("What is a b?", [one_hit(article, text)])
    for item in reading.evidence:
        assert 0 <= item.start <= item.span[0] < item.span[1] <= item.end <= len(text)
        assert item.text.strip()


def test_reading_stops_at_a_clear_lead(library, embedder, article):
    hits = [one_hit(article, f"The harbour of Stavik froze over on day {n}.") for n in range(3 * AT_ONCE)]
    sure, unsure = reader_of("Stavik", library, embedder), reader_of("Halm", library, embedder)
    for reader in (sure, unsure):
        reader.read("Which harbour froze over?", hits)
    assert (sure._model.windows_read, unsure._model.windows_read) == (AT_ONCE, 3 * AT_ONCE)


def test_articles_that_agree_strengthen_each_other(library, embedder, put, article):
    put(
        article("one", "The harbour of Stavik froze over on Monday, the mayor said."),
        article("two", "Nobody left Stavik by boat, because all of its harbour was ice."),
        article("three", "Halm had a warm week, and its boats went out every morning."),
    )
    hits = hits_of(library, embedder, "Which harbour froze over?")
    found = {item.hit.article.title: item.features for item in reader_of("Stavik", library, embedder).gather("?", hits)}
    assert found["One"]["agreement"] > 0.9 < found["Two"]["agreement"]
    assert found["Three"]["agreement"] == pytest.approx(0, abs=1e-3)


def test_without_onnxruntime_words_decide_and_it_is_said(library, embedder, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    reader, notice = open_reader("extractive", library, embedder)
    assert isinstance(reader, WordScorer)
    assert "pip install onnxruntime" in notice


def test_without_weights_words_decide_and_it_is_said(library, embedder, monkeypatch, tmp_path):
    monkeypatch.setattr(PackagedModel.__init__, "__defaults__", (tmp_path,))
    reader, notice = open_reader("extractive", library, embedder)
    assert isinstance(reader, WordScorer)
    assert "manifest.json" in notice


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json"])
def test_damaged_weights_are_an_error_that_names_the_remedy(tmp_path, file):
    folder = shutil.copytree(MODEL_FOLDER, tmp_path / "model")
    data = bytearray((folder / file).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / file).write_bytes(data)
    with pytest.raises(ModelError, match=rf"{file} has sha256 \w+, the original has \w+: install the program again"):
        PackagedModel(folder)


def test_weights_that_are_no_model_are_an_error(tmp_path):
    folder = shutil.copytree(MODEL_FOLDER, tmp_path / "model")
    (folder / "model.onnx").write_bytes(b"no model")
    (folder / "manifest.json").write_text(json.dumps({"sha256": {}}))
    with pytest.raises(ModelError, match="cannot be loaded"):
        PackagedModel(folder)


def test_a_reader_that_cannot_be_had_is_an_error(library, embedder):
    with pytest.raises(ModelError, match="the reader 'no/such-reader' could not be loaded"):
        open_reader("no/such-reader", library, embedder)


def test_the_packaged_reader_answers(library, embedder, put, article):
    put(article("bridge", "The bridge over the Tamsel opened on Monday. It cost nine million euros, said Ida Moen."))
    reader = ExtractiveReader(PackagedModel(), library, embedder, PLAIN)
    for question, answer in (("How much did the bridge cost?", "nine million euros"), ("When did it open?", "Monday")):
        best = reader.read(question, hits_of(library, embedder, question)).evidence[0]
        assert answer in best.hit.article.text[slice(*best.span)]


def test_any_other_extractive_model_can_be_named(tmp_path, library, embedder, article):
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(0)
    small = transformers.BertConfig(hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16)
    transformers.BertForQuestionAnswering(small).save_pretrained(tmp_path)
    transformers.AutoTokenizer.from_pretrained(packaged_model_folder()).save_pretrained(tmp_path)
    reader = ExtractiveReader(NamedModel(str(tmp_path)), library, embedder, PLAIN)
    reading = reader.read("Which harbour froze?", [one_hit(article, "The harbour of Stavik froze over on Monday.")])
    assert len(reading.evidence) == 1
