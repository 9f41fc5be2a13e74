"""Every passage is embedded again, with another model.

The one rule: all vectors are exchanged in one transaction, so that no search ever compares vectors of two models.
"""

from itertools import chain

from index.batches import batched
from index.dense import save_view
from index.embedded import embedded_text
from index.embedder import Embedder, Vectors
from index.entries import EMBED_TOGETHER
from index.library import Library
from index.reports import Progress, silent
from index.versions import count_earlier, iterate_earlier
from index.writer import set_model


def reembed(library: Library, embedder: Embedder, progress: Progress | None = None) -> int:
    """Embed every passage again with another model and exchange all vectors in one transaction.

    Returns:
        The number of passages.
    """
    with library.writing():
        vectors: dict[int, Vectors] = {}
        total = library.summarise().passages + count_earlier(library)
        passages = chain(library.iterate_passages(), iterate_earlier(library))
        for batch in batched(passages, EMBED_TOGETHER):
            rows = embedder.embed_passages([embedded_text(article.title, text) for _, article, text in batch])
            vectors.update(zip([passage for passage, _, _ in batch], rows, strict=True))
            (progress or silent)("embedding", len(vectors), total)
        set_model(library, embedder.model, embedder.dimension, vectors)
        save_view(library)
    return total
