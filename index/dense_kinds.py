"""Which FAISS index holds the vectors: all of them looked at while that is fast, lists of product codes beyond.

The one rule: a code only proposes; what comes out of lists is scored again with the vectors that the library stores.
"""

import math
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedder import Vectors

EXACT_UP_TO = 50_000
"""Vectors; with more, `benchmarks.search` finds lists faster and still right."""
SMALLEST_SHARE = 0.7
"""A library that shrinks goes back to the exact kind below this share of `EXACT_UP_TO`, not at each article."""
MOST_GROWTH = 4
"""How many times as many vectors as the lists were made for may be in them before they are made anew."""
SAMPLE_A_LIST = 64
ROUNDS = 10
"""Vectors a list, and rounds, that k-means learns from."""
PROBED, PROBED_SHARE = 96, 0.3
"""Lists that a question looks into: so many, or this share of all; `benchmarks.search` gives the recall. With 48 it was
0.95 at 55,000 passages, with 96 of 560 0.95 at 300,000."""
SHARED_BY_A_CODE = 8
"""Components that one byte of a product code stands for."""
CODE_BITS = 8
PROPOSED, FEWEST_PROPOSED, PROPOSED_A_LIST = 2, 600, 1.5
"""How many passages are scored again, as codes are coarse: so many times as many as wanted, so many at least, and so
many for each list that there would be. A million wants 1,500 (`benchmarks.search` gives the recall)."""


class Kind(StrEnum):
    """What is in the file beside the library."""

    EXACT = "exact"
    LISTS = "lists"


def kind_for(size: int, now: Kind = Kind.EXACT) -> Kind:
    """The kind that suits a number of vectors, given the kind that is in use."""
    bound = EXACT_UP_TO if now is Kind.EXACT else int(EXACT_UP_TO * SMALLEST_SHARE)
    return Kind.LISTS if size > bound else Kind.EXACT


def suits(index: Any, size: int) -> bool:
    """Whether an index is of the kind that suits `size` vectors, with lists that are not too long."""
    now = kind_of(index)
    if now is not kind_for(size, now):
        return False
    return now is Kind.EXACT or size <= MOST_GROWTH * int(index.nlist + 1) ** 2


def kind_of(index: Any) -> Kind:
    """The kind of an index."""
    import faiss

    return Kind.LISTS if isinstance(index, faiss.IndexIVF) else Kind.EXACT


def empty_exact(dimension: int) -> Any:
    """An index that looks at every vector, in half floats: they keep all that the library's bytes tell."""
    import faiss

    half = faiss.ScalarQuantizer.QT_fp16
    return faiss.IndexIDMap(faiss.IndexScalarQuantizer(dimension, half, faiss.METRIC_INNER_PRODUCT))


def sample_size(size: int) -> int:
    """How many vectors `empty_lists` wants to learn from, for `size` vectors in all."""
    return min(size, max(lists_for(size), 1 << CODE_BITS) * SAMPLE_A_LIST)


def lists_for(size: int) -> int:
    """How many lists `size` vectors are divided into: as many as there are vectors in a list."""
    return max(math.isqrt(size), 1)


def empty_lists(sample: Vectors, size: int) -> Any:
    """An inverted index of product codes (Jégou et al., "Product quantization for nearest neighbor search", 2011).

    Lists and codes are learnt from a sample of the vectors; the lists are made for `size` of them.
    """
    import faiss

    dimension = sample.shape[1]
    index = faiss.IndexIVFPQ(
        faiss.IndexFlatIP(dimension),
        dimension,
        lists_for(size),
        bytes_for(dimension),
        CODE_BITS,
        faiss.METRIC_INNER_PRODUCT,
    )
    for learning in (index.cp, index.pq.cp):
        learning.niter = ROUNDS
        learning.max_points_per_centroid = SAMPLE_A_LIST
        learning.min_points_per_centroid = 1
        learning.seed = 1
    training: Any = index.train  # the stubs know FAISS's own signatures, not the NumPy ones over them
    training(sample)
    return index


def bytes_for(dimension: int) -> int:
    """Bytes of a product code: each stands for equally many components, `SHARED_BY_A_CODE` or fewer."""
    return next(size for size in range(max(dimension // SHARED_BY_A_CODE, 1), dimension + 1) if dimension % size == 0)


def proposals(limit: int, size: int) -> int:
    """How many of `size` passages the codes propose where `limit` are wanted."""
    return max(limit * PROPOSED, FEWEST_PROPOSED, int(PROPOSED_A_LIST * lists_for(size)))


def held_ids(index: Any) -> list[int]:
    """The ids of the vectors in an index, in no order."""
    import faiss

    if kind_of(index) is Kind.EXACT:
        return [int(passage) for passage in faiss.vector_to_array(index.id_map)]
    lists = index.invlists
    found: list[int] = []
    for number in range(index.nlist):
        size = lists.list_size(number)
        if size:
            found += faiss.rev_swig_ptr(lists.get_ids(number), size).tolist()
    return found


def parameters(index: Any, within: NDArray[np.int64] | None) -> Any:
    """How to search: which ids may be found, and how many lists are looked into.

    The fewer passages are in question, the more lists are looked into, so that as many are seen as without a scope.
    """
    import faiss

    given: dict[str, Any] = {} if within is None else {"sel": _only(within)}
    if kind_of(index) is Kind.EXACT:
        maker: Any = faiss.SearchParameters
        return maker(**given) if given else None
    share = 1.0 if within is None else len(within) / max(int(index.ntotal), 1)
    wanted = min(int(index.nlist), int(np.ceil(max(PROBED, PROBED_SHARE * index.nlist) / max(share, 1e-9))))
    maker = faiss.SearchParametersIVF
    return maker(nprobe=wanted, **given)


def _only(ids: NDArray[np.int64]) -> Any:
    """FAISS's way of leaving passages out: a bit for each id up to the highest."""
    import faiss

    bits = np.zeros(int(ids.max()) + 1, dtype=bool)
    bits[ids] = True
    selector: Any = faiss.IDSelectorBitmap
    return selector(np.packbits(bits, bitorder="little"))
