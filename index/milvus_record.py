"""An article as it lies on a server: one packed record in parts, and the keys of all its rows.

The one rule: every key is made from the article, its version and a number, so that what was written can be found again
and deleted without a search, and writing it twice changes nothing.
"""

import base64
import hashlib
import json
import secrets
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from index.embedded import embedded_text
from index.embedder import Vectors
from index.milvus_client import MAX_TEXT, Row
from index.records import Article, Entry, Passage
from index.stored import as_stored, pack_vectors, unpack_vectors
from index.tokens import to_tokens
from index.words import searched_text

RANDOM_BITS = 10
_PASSAGE, _PART, _VERSION = b"passage", b"part", b"version"


@dataclass(frozen=True, slots=True)
class Record:
    """A whole article as it is kept; `vectors` are there only of one that was put away."""

    article: Article
    digest: str
    removed: tuple[tuple[int, str], ...]
    lines: tuple[tuple[int, int], ...]
    spans: tuple[tuple[int, int], ...]
    signature: bytes | None
    vectors: Vectors | None = None

    def to_entry(self, vectors: Vectors) -> Entry:
        """The article as it was written."""
        text = self.article.text
        passages = tuple(Passage(self.article.id, start, end, text[start:end]) for start, end in self.spans)
        return Entry(self.article, self.digest, self.removed, self.lines, passages, vectors, self.signature)


def new_version() -> int:
    """A number that no other writer makes, and that grows with time."""
    return (time.time_ns() // 1_000 << RANDOM_BITS) | secrets.randbits(RANDOM_BITS)


def passage_keys(article_id: str, version: int, count: int) -> list[int]:
    """The ids of an article's passages."""
    return [_key(_PASSAGE, article_id, version, number) for number in range(count)]


def part_keys(article_id: str, version: int, count: int) -> list[int]:
    """The keys of the parts of its record."""
    return [_key(_PART, article_id, version, number) for number in range(count)]


def version_key(article_id: str, version: int) -> int:
    """The key of the row that keeps an earlier version."""
    return _key(_VERSION, article_id, version, 0)


def pack(entry: Entry, *, with_vectors: bool = False) -> list[str]:
    """The record of an article, in parts that a row takes: JSON, deflated, as base64."""
    one = entry.article
    fields = {
        "article": [one.id, one.title, one.text, one.url, one.source, _to_text(one.published), one.authors, one.origin],
        "digest": entry.digest,
        "removed": entry.removed,
        "lines": entry.lines,
        "spans": [(passage.start, passage.end) for passage in entry.passages],
        "signature": None if entry.signature is None else base64.b64encode(entry.signature).decode(),
        "vectors": to_base64(entry.vectors) if with_vectors else None,
        "dimension": entry.vectors.shape[1],
    }
    packed = base64.b64encode(zlib.compress(json.dumps(fields).encode())).decode()
    return [packed[begin : begin + MAX_TEXT] for begin in range(0, len(packed), MAX_TEXT)]


def unpack(parts: Sequence[str]) -> Record:
    """A record from its parts, in their order."""
    fields = json.loads(zlib.decompress(base64.b64decode("".join(parts))))
    name, title, text, url, source, published, authors, origin = fields["article"]
    day = date.fromisoformat(published) if published else None
    signature, kept = fields["signature"], fields["vectors"]
    vectors = None
    if kept is not None:
        vectors = unpack_vectors([base64.b64decode(kept)], fields["dimension"])
    return Record(
        Article(name, title, text, url, source, day, tuple(authors), origin),
        fields["digest"],
        tuple((int(number), str(line)) for number, line in fields["removed"]),
        tuple((int(digest), int(words)) for digest, words in fields["lines"]),
        tuple((int(start), int(end)) for start, end in fields["spans"]),
        None if signature is None else base64.b64decode(signature),
        vectors,
    )


def passage_rows(entry: Entry, version: int, seen: int) -> list[Row]:
    """The rows of an article's passages; it reads so since the second `seen`."""
    one = entry.article
    title, *texts = to_tokens(
        [searched_text(text) for text in (one.title, *(passage.text for passage in entry.passages))]
    )
    # Rounded as in a folder: both stores then rank alike, and going back loses nothing.
    vectors = as_stored(entry.vectors)
    keys = passage_keys(one.id, version, len(entry.passages))
    return [
        {
            "id": key,
            "article": one.id,
            "version": version,
            "begin": passage.start,
            "stop": passage.end,
            "source": one.source,
            "published": to_number(one.published),
            "seen": seen,
            "embedded": to_key(embedded_text(one.title, passage.text)),
            "title_words": len(title),
            "words": " ".join([*title, *tokens])[: MAX_TEXT // 4] or "-",
            "vector": vector.tolist(),
        }
        for key, passage, tokens, vector in zip(keys, entry.passages, texts, vectors, strict=True)
    ]


def to_number(day: date | None) -> int:
    """A day as a number that filters can compare; 0 for none."""
    return day.toordinal() if day else 0


def to_day(number: int) -> date | None:
    """The day of a number."""
    return date.fromordinal(number) if number else None


def to_second(moment: datetime) -> int:
    """A moment as it is stored: seconds since 1970."""
    return int(moment.timestamp())


def moment_of(second: int) -> datetime:
    """The moment of such a number."""
    return datetime.fromtimestamp(second, UTC)


def to_base64(vectors: Vectors) -> str:
    """Vectors as they are kept of an article that was put away."""
    return base64.b64encode(b"".join(pack_vectors(vectors))).decode()


def _to_text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def to_key(text: str) -> int:
    """A number of 63 bits for a text."""
    return _hash(text.encode(errors="surrogatepass"))


def _key(kind: bytes, article_id: str, version: int, number: int) -> int:
    parts = (kind, str(version).encode(), str(number).encode(), article_id.encode(errors="surrogatepass"))
    return _hash(b"\0".join(parts))


def _hash(told: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest(), "big") >> 1
