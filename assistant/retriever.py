"""Search over a library as a LangChain retriever, for chains and agents that are built elsewhere."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from index.records import Hit
from index.scope import EVERYTHING, Scope
from index.search import Searcher, SearchMode


class ArticleRetriever(BaseRetriever):
    """Retrieves passages as `Document`s, from the whole library or within a `scope`.

    A document's metadata are `article_id`, `title`, `url`, `source`, `published` (ISO date or None), `authors`,
    `start` and `end` (character offsets in the article's text), `score`, and `copies` (ids of articles that hold a
    near-identical passage).
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    searcher: Searcher
    k: int = 20
    mode: SearchMode = SearchMode.FUSED
    scope: Scope = EVERYTHING

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [to_document(hit) for hit in self.searcher.search(query, self.k, self.mode, self.scope)]


def to_document(hit: Hit) -> Document:
    """A hit as a LangChain document."""
    article = hit.article
    metadata: dict[str, Any] = {
        "article_id": article.id,
        "title": article.title,
        "url": article.url,
        "source": article.source,
        "published": article.published.isoformat() if article.published else None,
        "authors": list(article.authors),
        "start": hit.start,
        "end": hit.end,
        "score": hit.score,
        "copies": list(hit.copies),
    }
    return Document(page_content=hit.text, metadata=metadata, id=str(hit.passage_id))
