"""A PDF becomes an article: pages are joined, wrapped lines too, page numbers and running heads go.

A PDF that holds pictures of text only is rejected with the remedy; nothing is recognised here.
"""

import io
import logging
import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.errors import SourceError
from index.formats.decode import tidy
from index.formats.origin import Facts, Origin, make_article
from index.formats.wrapped import join_lines
from index.records import Article

if TYPE_CHECKING:
    from pypdf import PdfReader

FEWEST_LETTERS = 20  # in the whole file; scans often carry a stamp or a page number as text
FEWEST_PAGES = 3  # fewer do not show which line is a running head
RUNNING_SHARE = 0.5  # of the pages: an edge line that more of them carry is a running head

_PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–]?\s*\d{1,4}\s*[-–]?(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_PDF_DATE = re.compile(r"(?:D:)?(\d{8})")
_NO_TITLE = re.compile(r"untitled|microsoft |.*\.(?:docx?|odt|indd|qxd|tex|dvi|pdf|html?|rtf)\s*$", re.IGNORECASE)


def read_pdf(data: bytes, origin: Origin, charset: str | None = None) -> Article:
    """Return the article of a PDF.

    Raises:
        SourceError: where the file is damaged, encrypted, or holds pictures only.
    """
    pages, facts = _open(data)
    text = join_lines(_body_lines(pages))
    if sum(character.isalpha() for character in text) < FEWEST_LETTERS:
        raise SourceError(
            f"no text in the PDF's {len(pages)} page(s), only pictures: run OCR on it first (such as ocrmypdf)"
        )
    return make_article(origin, text, facts)


def _open(data: bytes) -> tuple[list[str], Facts]:
    """Return the text of each page and the facts of the metadata."""
    from pypdf import PdfReader

    # pypdf logs each blemish that it repairs; what it cannot repair is told as a rejection here.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = [] if locked else [page.extract_text() for page in reader.pages]
        facts = Facts() if locked else _read_facts(reader)
    except Exception as error:  # a parser meets every kind of broken file: none may stop the others
        if b"/Encrypt" in data:
            raise SourceError("encrypted PDF: save it without a password and try again") from error
        raise SourceError(f"damaged PDF: {error or type(error).__name__}") from error
    if locked:
        raise SourceError("encrypted PDF: save it without a password and try again")
    if not pages:
        raise SourceError("damaged PDF: it has no pages")
    return pages, facts


def _read_facts(reader: "PdfReader") -> Facts:
    metadata = {key: str(value) for key, value in (reader.metadata or {}).items()}
    title = " ".join(tidy(metadata.get("/Title", "")).split())
    day = _PDF_DATE.match(metadata.get("/CreationDate", ""))
    return Facts(
        title="" if " " not in title or _NO_TITLE.match(title) else title,
        published=day.group(1) if day else None,
        authors=metadata.get("/Author"),
    )


def _body_lines(pages: Sequence[str]) -> list[str]:
    """Return the lines of all pages without the page numbers and heads at the edges of pages."""
    split = [[line for line in tidy(page).split("\n") if line.strip()] for page in pages]
    edges = Counter(_shape(line) for lines in split for line in {*lines[:1], *lines[-1:]})
    demand = RUNNING_SHARE * len(pages)
    running = {shape for shape, count in edges.items() if len(pages) >= FEWEST_PAGES and count > demand}
    body: list[str] = []
    for lines in split:
        while lines and _is_edge(lines[0], running):
            del lines[0]
        while lines and _is_edge(lines[-1], running):
            del lines[-1]
        body += lines
    return body


def _is_edge(line: str, running: set[str]) -> bool:
    return _PAGE_NUMBER.fullmatch(line.strip()) is not None or _shape(line) in running


def _shape(line: str) -> str:
    """Return the line with its numbers alike: "3 | Report" and "4 | Report" are one running head."""
    return _DIGITS.sub("0", line.strip().casefold())
