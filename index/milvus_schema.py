"""The collections of a library on a Milvus server: their fields and indexes.

The one rule: a row of `article` is the commit of its article. It names the one version whose passages and text count;
whatever else lies in the other collections is as if it were not there.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from index.errors import LibraryError
from index.milvus_client import (
    ARTICLES,
    EARLIER,
    EMBEDDED,
    KEYS,
    LOG,
    MAX_TEXT,
    META,
    PASSAGES,
    TEXTS,
    VERSIONS,
    Collections,
    quote,
)

FORMAT = 5
CURRENT = "current"
"""The state of an article that is in the library; others are removed, pruned and unwanted, as in a folder."""
IS_CURRENT = f"state == {quote(CURRENT)}"
NO_VECTOR = [0.0, 0.0]
"""A collection needs a vector, also where nothing is searched by one."""
K1, B = 1.2, 0.75
"""What SQLite's BM25 has, so that both stores rank alike."""
UNSEARCHED_INDEX = {"index_type": "FLAT", "metric_type": "L2", "params": {}}
DENSE_INDEX = {"index_type": "AUTOINDEX", "metric_type": "IP", "params": {}}
BANDS_INDEX = {"index_type": "SPARSE_INVERTED_INDEX", "metric_type": "IP", "params": {}}
WORDS_INDEX = {"index_type": "SPARSE_INVERTED_INDEX", "metric_type": "BM25", "params": {"bm25_k1": K1, "bm25_b": B}}
TEXT, NUMBER, NUMBERS = "VARCHAR", "INT64", "ARRAY"
MOST_LINES = 4_096
"""Numbers that a field of several can hold: so many lines of an article are counted."""
MADE = ("already exists", "File exists", "at most one distinct index")
"""What servers say of a collection or an index that another process has made just now."""
ANOTHER_SECONDS = 0.2
"""What another process is making is left alone so long."""
_PASSAGE = {
    "article": TEXT,
    "version": NUMBER,
    "begin": NUMBER,
    "stop": NUMBER,
    "source": TEXT,
    "published": NUMBER,
    "seen": NUMBER,  # since when its article reads so
    "embedded": NUMBER,
    "title_words": NUMBER,
}
FIELDS: dict[str, dict[str, str]] = {
    ARTICLES: {
        "version": NUMBER,
        "state": TEXT,
        "token": NUMBER,
        "title": TEXT,
        "url": TEXT,
        "source": TEXT,
        "origin": TEXT,
        "digest": TEXT,
        "edition": NUMBER,  # another one where the article was edited, and not only cleaned again or of another source
        "published": NUMBER,
        "number": NUMBER,  # in the order in which articles first came
        "spread": NUMBER,  # a hash: those below a part of all numbers are a random sample
        "added": NUMBER,
        "seen": NUMBER,
        "passages": NUMBER,
        "parts": NUMBER,
        "signature": TEXT,  # see `index.stories`, as base64
        "lines": NUMBERS,  # digests of what may turn out to be boilerplate
        "line_words": NUMBERS,
    },
    TEXTS: {"body": TEXT},
    META: {"value": TEXT},
    LOG: {"at": NUMBER, "kind": TEXT, "article": TEXT, "title": TEXT},
    VERSIONS: {
        "article": TEXT,
        "version": NUMBER,
        "state": TEXT,
        "seen": NUMBER,
        "until": NUMBER,
        "passages": NUMBER,
        "parts": NUMBER,
    },
    PASSAGES: _PASSAGE,
    EARLIER: {**_PASSAGE, "until": NUMBER},
}
FILTERED = {
    ARTICLES: ("state", "source", "published", "token", "number", "spread", "seen"),
    VERSIONS: ("article",),
    PASSAGES: ("source", "published", "article", "seen", "embedded"),
    EARLIER: ("source", "published", "article", "seen", "until", "embedded"),
    LOG: ("article",),
}
"""Fields that get an index of their own."""


def make_collection(collections: Collections, kind: str, dimension: int = len(NO_VECTOR)) -> None:
    """Make one of the collections and load it; what is there of it already, whole or in part, is kept.

    Another process may be making it, too, or have been killed while it did.
    """
    from pymilvus import DataType, MilvusClient

    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    key_type = TEXT if kind in (ARTICLES, META) else NUMBER
    for name, field_type in {KEYS[kind]: key_type, **FIELDS[kind]}.items():
        options: dict[str, Any] = {"max_length": MAX_TEXT} if field_type == TEXT else {}
        if field_type == NUMBERS:
            options = {"element_type": DataType.INT64, "max_capacity": MOST_LINES}
        schema.add_field(name, getattr(DataType, field_type), is_primary=name == KEYS[kind], **options)
    indexes: dict[str, dict[str, Any]] = {name: {"index_type": "INVERTED"} for name in FILTERED.get(kind, ())}
    if kind == ARTICLES:
        schema.add_field("bands", DataType.SPARSE_FLOAT_VECTOR)
        indexes["bands"] = BANDS_INDEX
    else:
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
        indexes["vector"] = DENSE_INDEX if kind in EMBEDDED else UNSEARCHED_INDEX
    if kind in EMBEDDED:
        _add_words(schema)
        indexes["sparse"] = WORDS_INDEX
    name, client = collections.name(kind), collections.client

    def create() -> None:
        client.create_collection(name, schema=schema, consistency_level="Strong")

    if collections.exists(kind) or not _make(collections, create):
        time.sleep(ANOTHER_SECONDS)
    for field, options in indexes.items():
        wanted = MilvusClient.prepare_index_params()
        wanted.add_index(field_name=field, **options)
        # Nothing is there to be indexed yet; the client would look half a second later whether it is.
        _make(collections, partial(client.create_index, name, wanted, sync=False))
    collections.ask(lambda: client.load_collection(name))


def _make(collections: Collections, request: Callable[[], None]) -> bool:
    """Have the server make something; False where it is there."""
    try:
        collections.ask(request)
    except LibraryError as error:
        if not any(told in str(error) for told in MADE):
            raise
        return False
    return True


def _add_words(schema: Any) -> None:
    """The words of a passage, as stems, with Milvus' own BM25 over them."""
    from pymilvus import DataType, Function, FunctionType

    schema.add_field(
        "words",
        DataType.VARCHAR,
        max_length=MAX_TEXT,
        enable_analyzer=True,
        enable_match=True,
        analyzer_params={"tokenizer": "standard"},
    )
    schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
    schema.add_function(
        Function(
            name="bm25", function_type=FunctionType.BM25, input_field_names=["words"], output_field_names=["sparse"]
        )
    )
