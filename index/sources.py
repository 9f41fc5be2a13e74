"""The way in: a file, a folder, a URL or a feed becomes articles, and what cannot be read is told.

One source never stops another: whatever is wrong is yielded as `Rejected`, never raised.
"""

import codecs
import hashlib
import io
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from index.errors import SourceError
from index.fetch import Limits, Page
from index.formats.decode import tidy
from index.formats.feeds import read_feed
from index.formats.markdown import read_markdown
from index.formats.origin import Facts, Origin, make_article, origin_of_url
from index.formats.pages import read_html, read_text
from index.formats.pdf import read_pdf
from index.formats.rows import read_json, read_rows
from index.formats.wrapped import join_wrapped
from index.records import Article, Rejected
from index.web import Web

__all__ = ["Limits", "article_from_text", "read_source"]

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
# Also what a path with a NUL (ValueError) or nesting without end (RecursionError) makes of a source.
UNREADABLE = (SourceError, OSError, ValueError, RecursionError)
SNIFFED_BYTES = 1024
PASTED_DIGITS = 16  # of the sha256: enough that two pasted texts never share an identity

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*)://")
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE)
_XML = re.compile(rb"<(?:\?xml|rss|feed|rdf:RDF)\b", re.IGNORECASE)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|article)\b", re.IGNORECASE)


def read_source(source: str, *, limits: Limits, web: Web | None = None) -> Iterator[Article | Rejected]:
    """Yield the articles of a source and, for what cannot be read, why.

    Args:
        source: the path of a file or of a folder (read with all its folders, in the order of names, without
            hidden files), or an http(s) URL of a page, text, PDF, JSON Lines or feed.
        limits: bytes of one file, page or row, seconds for one fetch, and whether private hosts may be asked.
        web: asks for URLs; one that is kept remembers the manners of the sites that it has visited.
    """
    try:
        scheme = _SCHEME.match(source)
        if not source.strip():
            raise SourceError("no source: the name is empty")
        if scheme is None:
            yield from _read_path(Path(source).expanduser(), limits)
        elif scheme.group(1).lower() in ("http", "https"):
            yield from _stamp(_read_url(source.strip(), limits, web or Web(limits)), source.strip())
        else:
            raise SourceError(f"unsupported scheme {scheme.group(1)}: use http, https or a path")
    except UNREADABLE as error:
        yield Rejected(source, _reason(error))


def article_from_text(title: str, text: str) -> Article:
    """Return the article of a pasted text; without a title it is given its headline or first sentence.

    Raises:
        SourceError: where the text is empty.
    """
    digest = hashlib.sha256(tidy(text).encode("utf-8")).hexdigest()[:PASTED_DIGITS]
    origin = Origin(name="pasted text", id=f"pasted:{digest}")
    return make_article(origin, join_wrapped(tidy(text)), Facts(title=title))


def _read_path(path: Path, limits: Limits) -> Iterator[Article | Rejected]:
    if not path.is_dir():
        yield from _stamp(_read_file(path, limits), os.path.realpath(path))
        return
    is_empty = True
    for found in _walk(path):
        is_empty = False
        if isinstance(found, Rejected):
            yield found
            continue
        yield from _stamp(_read_file(found, limits), os.path.realpath(found))
    if is_empty:
        yield Rejected(str(path), f"the folder holds no file of a known kind: {_known_suffixes()}")


def _stamp(items: Iterable[Article | Rejected], origin: str) -> Iterator[Article | Rejected]:
    """Write on each article which file, page or feed it came from."""
    for item in items:
        yield replace(item, origin=origin) if isinstance(item, Article) else item


def _walk(top: Path) -> Iterator[Path | Rejected]:
    """Yield the files of known kinds below a folder, each once, in the order of names."""
    seen: set[str] = set()
    waiting = [top]
    while waiting:
        path = waiting.pop()
        real = os.path.realpath(path)
        if real in seen:  # a link to what was read already, or a loop of links
            continue
        try:
            if not path.is_dir():
                if path.suffix.lower() in KINDS:
                    seen.add(real)
                    yield path
                continue
            seen.add(real)
            inside = [entry for entry in path.iterdir() if not entry.name.startswith(".")]
        except OSError as error:
            yield Rejected(str(path), _reason(error))
            continue
        waiting += sorted(inside, reverse=True)


def _read_file(path: Path, limits: Limits) -> Iterator[Article | Rejected]:
    """Yield what one file holds; whatever goes wrong names the file."""
    try:
        size = _check_file(path)
        kind = KINDS.get(path.suffix.lower())
        if kind is None:
            raise SourceError(f"unsupported kind of file {path.suffix or 'without a suffix'}: {_known_suffixes()}")
        if size == 0:
            raise SourceError("the file is empty (0 bytes)")
        origin = _origin_of_file(path)
        with path.open("rb") as handle:
            if kind == "rows":
                yield from read_rows(handle, origin, limits.max_bytes)
                return
            data = handle.read(limits.max_bytes + 1)
        if len(data) > limits.max_bytes:
            raise SourceError(f"too large: {size:,} bytes, the limit is {limits.max_bytes:,} bytes; split it")
        yield from _read_bytes(kind, data, origin, limits, Web(limits))
    except UNREADABLE as error:
        yield Rejected(str(path), _reason(error))


def _check_file(path: Path) -> int:
    """Return the size of a regular file in bytes; anything else could be endless."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise SourceError("not a regular file")
    return status.st_size


def _origin_of_file(path: Path) -> Origin:
    real = Path(os.path.realpath(path))
    # A name that is no UTF-8 could not be stored.
    name, folder, stem = (
        os.fsencode(part).decode("utf-8", "backslashreplace") for part in (real, real.parent.name, path.stem)
    )
    return Origin(name=str(path), id=name, stem=stem, source=folder)


def _read_bytes(
    kind: str, data: bytes, origin: Origin, limits: Limits, web: Web, charset: str | None = None
) -> Iterator[Article | Rejected]:
    if kind == "rows":
        yield from read_rows(io.BytesIO(data), origin, limits.max_bytes)
    elif kind == "json":
        yield from read_json(data, origin, limits.max_bytes)
    elif kind == "feed":
        yield from read_feed(data, origin, lambda link: _read_link(link, web))
    else:
        yield ONE_ARTICLE[kind](data, origin, charset)


def _read_url(url: str, limits: Limits, web: Web) -> Iterator[Article | Rejected]:
    page = web.get(url)
    yield from _read_bytes(_kind_of(page), page.body, origin_of_url(page.url), limits, web, page.charset)


def _read_link(url: str, web: Web) -> Article:
    """Return the one article that a feed's entry links to."""
    page = web.get(url)
    kind = _kind_of(page)
    if kind not in ONE_ARTICLE:
        raise SourceError(f"links to a {kind}, not to a page")
    return ONE_ARTICLE[kind](page.body, origin_of_url(page.url), page.charset)


def _kind_of(page: Page) -> str:
    """Return the kind of a fetched page: what its bytes show, else its address's suffix, else its media type."""
    if not page.body.strip():
        raise SourceError("the page is empty")
    if page.body.startswith(b"%PDF-"):
        return "pdf"
    named = KINDS.get(Path(urlsplit(page.url).path).suffix.lower())
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


def _known_suffixes() -> str:
    return "known are " + " ".join(KINDS)


def _reason(error: Exception) -> str:
    """Return an error as one line that says what to do."""
    if isinstance(error, PermissionError):
        return "cannot be read: permission denied; change its permissions (chmod) or run as its owner"
    if isinstance(error, FileNotFoundError):
        return "does not exist: check the path"
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}"
    return str(error)
