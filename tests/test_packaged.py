"""The packaged model run by onnxruntime: the same vectors as sentence-transformers, whatever is beside a text."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embedder import DEFAULT_MODEL
from index.embedders import open_embedder
from index.errors import ModelError
from index.packaged import LONGEST, PackagedEmbedder
from index.sentence_transformer import SentenceTransformerEmbedder
from index.weights import packaged_model_folder

TEXTS = [
    "Ships waited outside the harbour.",
    "Harbour closed\nBecause of ice the port was shut for nine days, the harbour master said on Tuesday.",
    "",
    "?",
    "Die Brücke über den Fluss wurde am Montag eröffnet — für 9,4 Mio. €.",
    "港は氷のため閉鎖された。",
    "word " * (LONGEST + 200),
    "a" * 5000,
    "[CLS] the reader meets [SEP] marks in the text [PAD]",
]


@pytest.fixture(scope="module")
def packaged():
    return open_embedder()


def test_the_vectors_are_those_of_sentence_transformers(packaged):
    reference = SentenceTransformerEmbedder(DEFAULT_MODEL, packaged_model_folder())
    assert (packaged.model, packaged.dimension) == (reference.model, reference.dimension)
    found, expected = packaged.embed_passages(TEXTS), reference.embed_passages(TEXTS)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    assert (found * expected).sum(axis=1).min() > 0.99999
    assert packaged.count_tokens(TEXTS) == reference.count_tokens(TEXTS)
    questions = ["Why was the port shut?", "Who said so?"]
    cosines = (packaged.embed_questions(questions) * reference.embed_questions(questions)).sum(axis=1)
    assert cosines.min() > 0.99999


@settings(max_examples=15, deadline=None)
@given(order=st.permutations(range(len(TEXTS))), repeats=st.integers(1, 12))
def test_a_vector_does_not_depend_on_its_neighbours(packaged, order, repeats):
    alone = np.concatenate([packaged.embed_passages([text]) for text in TEXTS[:6]])
    chosen = [number for number in order if number < len(alone)] * repeats
    together = packaged.embed_passages([TEXTS[number] for number in chosen])
    assert np.array_equal(together, alone[chosen])


def test_a_question_is_embedded_once_and_nobody_can_change_what_is_kept(packaged, monkeypatch):
    question = "Which bridge was opened in the rain?"
    first = packaged.embed_questions([question])
    kept = first.copy()
    first[:] = 0
    monkeypatch.setattr(packaged, "embed_passages", None)  # would fail if it were asked again
    assert np.array_equal(packaged.embed_questions([question]), kept)


def test_weights_that_were_tampered_with_are_refused(tmp_path):
    for file in packaged_model_folder().iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    weights = bytearray((tmp_path / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (tmp_path / "model.safetensors").write_bytes(weights)
    with pytest.raises(ModelError, match=r"model\.safetensors has sha256 [0-9a-f]{64}, the original has 53aa"):
        PackagedEmbedder(tmp_path)


def test_a_question_is_answered_without_torch(tmp_path):
    (tmp_path / "harbour.txt").write_text("The harbour of Ostby was shut by ice for nine days in February 2023.")
    library = ["--library", str(tmp_path / "library")]
    commands = [["sync", "harbour.txt", *library], ["ask", "How long was the harbour shut?", "--json", *library]]
    script = (
        "import json, sys\nfrom assistant.cli import main\n"
        "codes = [main(command) for command in json.loads(sys.argv[1])]\n"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'gradio'} & set(sys.modules)\n"
        "print(codes, sorted(heavy), file=sys.stderr)"
    )
    command = [sys.executable, "-c", script, json.dumps(commands)]
    root = str(Path(__file__).resolve().parents[1])
    environment = {"PYTHONPATH": root, "HOME": str(tmp_path), "PATH": ""}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.stderr.strip().splitlines()[-1] == "[0, 0] []"
    assert "nine days" in done.stdout
