"""Which kinds of files and pages there are, and what reads each.

The one rule: what the bytes show goes before what a name or a server says.
"""

import codecs
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from index.answers import Page
from index.errors import SourceError
from index.formats.markdown import read_markdown
from index.formats.origin import Origin
from index.formats.pages import read_html, read_text
from index.formats.pdf import read_pdf
from index.formats.rows import read_json, read_rows
from index.records import Article, Rejected

KINDS = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown",
    ".html": "html", ".htm": "html", ".xhtml": "html", ".pdf": "pdf",
    ".jsonl": "rows", ".ndjson": "rows", ".json": "json", ".xml": "feed", ".rss": "feed", ".atom": "feed",
}  # fmt: skip
ONE_ARTICLE: dict[str, Callable[[bytes, Origin, str | None], Article]] = {
    "text": read_text,
    "markdown": read_markdown,
    "html": read_html,
    "pdf": read_pdf,
}
SNIFFED_BYTES = 1024

_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE)
_XML = re.compile(rb"<(?:\?xml|rss|feed|rdf:RDF)\b", re.IGNORECASE)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|article)\b", re.IGNORECASE)


def kind_of_file(path: Path) -> str | None:
    """Return the kind of a file by its suffix, None where that is not known."""
    return KINDS.get(path.suffix.lower())


def kind_of_page(page: Page) -> str:
    """Return the kind of a fetched page: what its bytes show, else its address's suffix, else its media type."""
    if not page.body.strip():
        raise SourceError("the page is empty")
    if page.body.startswith(b"%PDF-"):
        return "pdf"
    named = kind_of_file(Path(urlsplit(page.url).path))
    start = page.body[:SNIFFED_BYTES].removeprefix(codecs.BOM_UTF8).lstrip()
    if "xml" in page.media_type or named == "feed" or _XML.match(start):
        return "feed" if _FEED.search(start) or not _HTML.search(start) else "html"
    if page.media_type == "text/html":
        return "html"
    if named in ("rows", "json", "markdown"):
        return named
    for kind in ("json", "markdown"):
        if kind in page.media_type:
            return kind
    return "html" if _HTML.match(start) else "text"


def read_bytes(
    kind: str, data: bytes, origin: Origin, max_bytes: int, charset: str | None = None
) -> Iterator[Article | Rejected]:
    """Yield what is in the bytes of any kind but a feed, whose entries may have to be fetched."""
    if kind == "rows":
        yield from read_rows(io.BytesIO(data), origin, max_bytes)
    elif kind == "json":
        yield from read_json(data, origin, max_bytes)
    else:
        yield ONE_ARTICLE[kind](data, origin, charset)


def known_suffixes() -> str:
    """Name the suffixes that are known, for a message."""
    return "known are " + " ".join(KINDS)
