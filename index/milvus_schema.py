"""The collections of a library on a Milvus server: their fields and indexes.

The one rule: a row of `article` is the commit of its article. It names the one version whose passages and text count;
whatever else lies in the other collections is as if it were not there.
"""

from typing import Any

from index.milvus_client import ARTICLES, KEYS, LOG, MAX_TEXT, META, PASSAGES, TEXTS, Collections

FORMAT = 2
CURRENT = "current"
"""The state of an article that is in the library; others are removed, pruned and unwanted, as in a folder."""
NO_VECTOR = [0.0, 0.0]
"""A collection needs a vector, also where nothing is searched by one."""
K1, B = 1.2, 0.75
"""What SQLite's BM25 has, so that both stores rank alike."""
DENSE_INDEX = {"index_type": "AUTOINDEX", "metric_type": "IP", "params": {}}
WORDS_INDEX = {"index_type": "SPARSE_INVERTED_INDEX", "metric_type": "BM25", "params": {"bm25_k1": K1, "bm25_b": B}}
TEXT, NUMBER = "VARCHAR", "INT64"
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
        "published": NUMBER,
        "added": NUMBER,
        "seen": NUMBER,
        "passages": NUMBER,
        "parts": NUMBER,
    },
    TEXTS: {"body": TEXT},
    META: {"value": TEXT},
    LOG: {"at": NUMBER, "kind": TEXT, "article": TEXT, "title": TEXT},
    PASSAGES: {
        "article": TEXT,
        "version": NUMBER,
        "begin": NUMBER,
        "stop": NUMBER,
        "source": TEXT,
        "published": NUMBER,
        "embedded": NUMBER,
        "title_words": NUMBER,
    },
}
FILTERED = {
    ARTICLES: ("state", "source", "published", "token"),
    PASSAGES: ("source", "published", "article", "embedded"),
    LOG: ("article",),
}
"""Fields that get an index of their own."""


def make_collection(collections: Collections, kind: str, dimension: int = len(NO_VECTOR)) -> None:
    """Make one of the collections and load it; nothing happens where it is there."""
    from pymilvus import DataType, MilvusClient

    if collections.exists(kind):
        return
    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    key_type = TEXT if kind in (ARTICLES, META) else NUMBER
    for name, field_type in {KEYS[kind]: key_type, **FIELDS[kind]}.items():
        options: dict[str, Any] = {"max_length": MAX_TEXT} if field_type == TEXT else {}
        schema.add_field(name, getattr(DataType, field_type), is_primary=name == KEYS[kind], **options)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
    indexes = MilvusClient.prepare_index_params()
    dense = DENSE_INDEX if kind == PASSAGES else {**DENSE_INDEX, "index_type": "FLAT", "metric_type": "L2"}
    indexes.add_index(field_name="vector", **dense)
    for name in FILTERED.get(kind, ()):
        indexes.add_index(field_name=name, index_type="INVERTED")
    if kind == PASSAGES:
        _add_words(schema, indexes)
    name, client = collections.name(kind), collections.client
    collections.ask(
        lambda: client.create_collection(name, schema=schema, index_params=indexes, consistency_level="Strong")
    )
    collections.ask(lambda: client.load_collection(name))


def _add_words(schema: Any, indexes: Any) -> None:
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
    indexes.add_index(field_name="sparse", **WORDS_INDEX)
