"""Bytes of a text or an HTML page become an article; the other formats have modules of their own.

The words stay as they are published: markup goes, nothing is rephrased, and noise is left to `clean`.
"""

import logging
import re
from html import unescape

from index.errors import SourceError
from index.formats.decode import decode, tidy
from index.formats.origin import Facts, Origin, canonical_url, make_article, site_of
from index.formats.wrapped import SENTENCE_END, join_wrapped
from index.records import Article

FEWEST_PAGE_CHARACTERS = 100  # a page with less is a menu, a cookie wall or an error
LONG_LINE = 80  # characters; a line that long is prose even where the script has no full stop
SHORT_SENTENCE = 25  # characters; a shorter line with a full stop may be a label
CHARSET_BYTES = 2048  # a page names its encoding near its beginning (HTML standard: in the first 1024)

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_INVISIBLE = re.compile(r"<!--.*?(?:-->|$)|<(script|style)\b.*?(?:</\1\s*>|$)", re.DOTALL | re.IGNORECASE)
_ITEM_TAG = re.compile(r"<li\b[^<>]*>", re.IGNORECASE)
_CELL_TAGS = re.compile(r"</t[dh]>\s*<t[dh]\b[^<>]*>", re.IGNORECASE)
_BLOCK_TAG = re.compile(
    r"</?(?:p|br|div|h[1-6]|ul|ol|li|tr|table|blockquote|section|article|figure|figcaption|hr|pre)\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_TABLE_RULE = re.compile(r"^[ \t]*\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*$\n?", re.MULTILINE)


def read_text(data: bytes, origin: Origin, charset: str | None = None) -> Article:
    """Return the article of a plain text file; hard-wrapped lines are joined.

    Raises:
        SourceError: for an empty or binary file, or an encoding that is not found.
    """
    return make_article(origin, join_wrapped(tidy(decode(data, charset))), Facts())


def read_html(data: bytes, origin: Origin, charset: str | None = None) -> Article:
    """Return the main article of a page, without its menus and comments, with its tables.

    The page's own (canonical) address is its identity; a fetched page is believed about its own host only.

    Raises:
        SourceError: where the page holds no article, or its encoding is not found.
    """
    import trafilatura

    # trafilatura logs what it cannot parse, which is told to the user as a rejection here.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    page = decode(data, charset or _declared_charset(data))
    try:
        found = trafilatura.bare_extraction(
            page,
            url=origin.url,
            with_metadata=True,
            include_comments=False,
            include_tables=True,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception as error:  # a parser meets every kind of broken page: none may stop the others
        raise SourceError(f"the page could not be parsed: {type(error).__name__}: {error}") from error
    text = _TABLE_RULE.sub("", tidy(getattr(found, "text", None) or ""))
    if not _holds_prose(text):
        raise SourceError(
            f"no article found in the page ({len(text)} characters of text): if it needs a browser or a login, "
            "save it from the browser, or paste the text"
        )
    address = getattr(found, "url", None) or ""
    facts = Facts(
        title=getattr(found, "title", None) or "",
        url=_own_address(address, origin),
        source=_site_name(getattr(found, "sitename", None) or "", address),
        published=getattr(found, "date", None),
        authors=getattr(found, "author", None),
    )
    return make_article(origin, text, facts)


def strip_markup(fragment: str) -> str:
    """Return the text of an HTML fragment, one block a line, nothing left out but scripts and styles."""
    visible = _INVISIBLE.sub("", fragment)
    joined = " ".join(visible.split())  # a line end in HTML is a space
    marked = _CELL_TAGS.sub(" | ", _ITEM_TAG.sub("\n- ", joined))
    lines = unescape(_TAG.sub("", _BLOCK_TAG.sub("\n", marked))).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def _declared_charset(data: bytes) -> str | None:
    found = _CHARSET.search(data[:CHARSET_BYTES])
    return found.group(1).decode("ascii", errors="replace") if found else None


def _holds_prose(text: str) -> bool:
    """Say whether the text has a sentence at least: a list of links and labels has none."""
    if len(text) < FEWEST_PAGE_CHARACTERS:
        return False
    return any(
        len(line) >= LONG_LINE or (len(line) >= SHORT_SENTENCE and SENTENCE_END.search(line) is not None)
        for line in text.split("\n")
    )


def _site_name(name: str, address: str) -> str:
    """Return the name that a page gives its site, or "" where that is the host again."""
    host = site_of(address)
    return "" if host and host in name.lower() else name


def _own_address(address: str, origin: Origin) -> str:
    """Return the canonical address that a page names, or "" where it cannot be the page's own."""
    identity = canonical_url(address)
    if identity is None or (origin.url and site_of(address) != site_of(origin.url)):
        return ""
    # Some sites name their front page as canonical on every page: that would make all of them one article.
    names_front_page = identity.count("/") == len("///") and identity.endswith("/")
    return "" if names_front_page and identity != origin.id else identity
