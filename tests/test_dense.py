"""The dense view in its two kinds: the inner products are NumPy's, and it follows its library while it changes kind."""

import threading

import numpy as np
import pytest

from index import dense_kinds
from index.dense import DenseView, open_view, save_view
from index.dense_file import FILE, read_header
from index.dense_kinds import Kind, kind_for
from index.local import open_library
from index.putting_away import bring_back, put_away
from index.records import Entry, Passage
from index.writer import set_model, write_entry

ARTICLES, EACH, DIMENSION = 60, 50, 48
BOUND = 1000


def clustered(seed, count):
    """Unit vectors that crowd around some directions, as those of texts do."""
    generator = np.random.default_rng(seed)
    centres = np.random.default_rng(99).normal(size=(40, DIMENSION))
    rows = centres[generator.integers(0, len(centres), count)] + 0.7 * generator.normal(size=(count, DIMENSION))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def write(library, article, number):
    """An article with passages that have drawn vectors."""
    record = article(f"a{number}", "word " * EACH)
    passages = tuple(Passage(record.id, 5 * n, 5 * n + 4, "word") for n in range(EACH))
    write_entry(library, Entry(record, str(number), (), (), passages, clustered(number, EACH)))
    return record.id


def nearest(library, question, limit):
    """What NumPy finds in the record: ids, and every passage's inner product by its id."""
    ids = library.ids_since(0)
    scores = np.stack(list(library.find_vectors(ids).values())) @ question
    return [ids[n] for n in np.argsort(-scores, kind="stable")[:limit]], dict(zip(ids, scores, strict=True))


def check(view, library, least=0.97):
    """The view has exactly the record's passages, NumPy's scores, and nearly all of the nearest ten."""
    assert len(view) == len(library.ids_since(0))
    hits = []
    for question in clustered(7, 40):
        expected, scores = nearest(library, question, 10)
        found = view.search(question, 10)
        assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
        assert all(
            score == pytest.approx(scores[passage], abs=1e-3 if view.kind is Kind.EXACT else 1e-5)
            for passage, score in found
        )
        hits.append(len(set(expected) & {passage for passage, _ in found}) / 10)
    assert np.mean(hits) > least


@pytest.fixture
def full(library, article):
    set_model(library, "drawn", DIMENSION)
    for number in range(ARTICLES):
        write(library, article, number)
    return library


@pytest.fixture
def low_bound(monkeypatch):
    monkeypatch.setattr(dense_kinds, "EXACT_UP_TO", BOUND)
    monkeypatch.setattr(dense_kinds, "PROBED", 24)
    monkeypatch.setattr(dense_kinds, "CODE_BITS", 6)


def test_the_exact_kind_gives_what_numpy_gives(full):
    view = open_view(full)
    assert view.kind is Kind.EXACT
    check(view, full, least=0.98)


def test_lists_follow_the_record_through_removal_return_and_restart(full, article, low_bound):
    save_view(full)
    view = open_view(full)
    assert view.kind is Kind.LISTS
    check(view, full)
    token = put_away(full, [article("a3").id, article("a4").id])
    write(full, article, 100)
    write(full, article, 5)  # again: its passages have other ids now
    assert view.catch_up(full)
    check(view, full)
    bring_back(full, token)
    view.catch_up(full)
    check(view, full)
    view.save()
    again = open_view(full)
    assert (again.kind, again.saved_revision) == (Kind.LISTS, full.revision)
    question = clustered(8, 1)[0]
    assert again.search(question, 20) == view.search(question, 20)


def test_only_what_is_in_the_scope_is_found(full, low_bound):
    save_view(full)
    view = open_view(full)
    ids = np.asarray(full.ids_since(0))
    for within in (ids[:30], ids[::3], ids[5:6]):
        recalls = []
        for question in clustered(7, 20):
            scores = np.stack(list(full.find_vectors(list(within)).values())) @ question
            expected = set(within[np.argsort(-scores)[:10]])
            found = {passage for passage, _ in view.search(question, 10, np.sort(within))}
            assert found <= set(within)
            recalls.append(len(found & expected) / len(expected))
        assert np.mean(recalls) > 0.97
    assert view.search(clustered(7, 1)[0], 10, np.empty(0, dtype=np.int64)) == []


def test_a_running_view_moves_in_the_background_while_it_answers_and_the_library_grows(full, article, low_bound):
    view = DenseView(full)
    view.catch_up(full, moving=False)
    assert view.kind is Kind.EXACT
    write(full, article, 200)
    view.catch_up(full)
    mover = next(thread for thread in threading.enumerate() if thread.name == "reorganise")
    answered = 0
    while mover.is_alive():
        question = clustered(answered, 1)[0]
        assert len(view.search(question, 10)) == 10
        if answered == 0:
            write(full, article, 201)
            view.catch_up(full)
        answered += 1
    mover.join()
    view.catch_up(full)
    assert (answered > 0, view.kind) == (True, Kind.LISTS)
    check(view, full)


def test_a_library_that_shrinks_is_looked_at_whole_again(full, article, low_bound):
    save_view(full)
    put_away(full, [article(f"a{number}").id for number in range(50)])
    save_view(full)
    assert not (full.folder / FILE).exists()
    view = open_view(full)
    assert view.kind is Kind.EXACT
    check(view, full, least=0.98)


def test_the_kind_does_not_flicker_at_the_bound():
    bound = dense_kinds.EXACT_UP_TO
    assert [kind_for(bound), kind_for(bound + 1)] == [Kind.EXACT, Kind.LISTS]
    assert [kind_for(bound, Kind.LISTS), kind_for(bound // 2, Kind.LISTS)] == [Kind.LISTS, Kind.EXACT]


def test_a_file_that_is_a_little_late_is_not_written_again(full, article, low_bound):
    save_view(full)
    written, revision = (full.folder / FILE).stat().st_mtime_ns, full.revision
    write(full, article, 300)  # 50 of 3,050 passages: under 2 %
    save_view(full)
    assert ((full.folder / FILE).stat().st_mtime_ns, read_header(full.folder).revision) == (written, revision)
    check(open_view(full), full)
    write(full, article, 301)
    save_view(full)
    assert read_header(full.folder).revision == full.revision


def test_a_file_of_the_former_form_is_made_again(full, low_bound):
    save_view(full)
    file = full.folder / FILE
    file.write_bytes(file.read_bytes().replace(b'"form": 3', b'"form": 2', 1))
    assert read_header(full.folder) is None
    view = open_view(open_library(full.folder))
    assert view.saved_revision == -1
    check(view, full, least=0.98)
