"""The embedder that a model's name stands for.

The one rule: what only one of them needs is imported when it is opened.
"""

from index.embedder import DEFAULT_MODEL, HASHING_MODEL, Embedder


def open_embedder(model: str = DEFAULT_MODEL, threads: int = 0) -> Embedder:
    """Load the embedder that is named; it runs that many threads, one a core where it is not told.

    The default model comes from an installed package and is checked against the hash of the original weights; any
    other name or folder is loaded by sentence-transformers.

    Raises:
        ModelError: if the model cannot be loaded, or the packaged weights are not the original's.
    """
    if model == HASHING_MODEL:
        from index.hashing import HashingEmbedder

        return HashingEmbedder()
    if model in (DEFAULT_MODEL, DEFAULT_MODEL.rpartition("/")[2]):
        from index.packaged import PackagedEmbedder

        return PackagedEmbedder(threads=threads)
    from index.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(model, model, threads)
