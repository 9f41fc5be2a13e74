"""What people would otherwise write: LangChain's splitter, its embeddings on torch, its FAISS store, as documented.

The one rule: it runs as most people run it, with the same model and nothing taken away; the product never imports it.
"""

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

CHARACTERS, OVERLAP = 1000, 200
"""The sizes of LangChain's own tutorial."""
PACKAGES = ("langchain_community", "langchain_huggingface", "faiss", "sentence_transformers")


def is_there() -> bool:
    """Whether the stack is installed; where it is not, says what is missing and that ours is measured alone."""
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        print(
            f"Measured without the stack beside it, as {', '.join(missing)} is not installed: "
            "run `pip install -e '.[benchmarks]'` in an environment of its own to compare",
            file=sys.stderr,
        )
    return not missing


def open_stack() -> "Stack | None":
    """The stack with its model loaded, None where `is_there` says that it is not."""
    return Stack() if is_there() else None


class Stack:
    """`HuggingFaceEmbeddings`, `RecursiveCharacterTextSplitter` and `FAISS`, with their defaults."""

    def __init__(self) -> None:
        """Load the model."""
        from langchain_community.vectorstores import FAISS
        from langchain_huggingface import HuggingFaceEmbeddings
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        from index.weights import packaged_model_folder

        self.embeddings = HuggingFaceEmbeddings(model_name=str(packaged_model_folder()))
        self.splitter = RecursiveCharacterTextSplitter(chunk_size=CHARACTERS, chunk_overlap=OVERLAP)
        self._store_class: Any = FAISS

    def build(self, articles: Sequence[dict[str, Any]], folder: Path) -> Any:
        """Split, embed, index and save articles; the store."""
        from langchain_core.documents import Document

        documents = [Document(item["text"], metadata={"title": item["title"]}) for item in articles]
        store = self._store_class.from_documents(self.splitter.split_documents(documents), self.embeddings)
        store.save_local(str(folder))
        return store

    def store_of(self, texts: Sequence[str], vectors: Any) -> Any:
        """A store of texts with vectors that are there already."""
        pairs = [(text, vector.tolist()) for text, vector in zip(texts, vectors, strict=True)]
        return self._store_class.from_embeddings(pairs, self.embeddings)
