"""Markdown becomes an article: markup goes, what a reader sees stays, the front matter gives the facts."""

import re
from typing import TYPE_CHECKING

from index.formats.decode import decode, tidy
from index.formats.origin import Facts, Origin, make_article
from index.formats.pages import strip_markup
from index.formats.wrapped import WIDEST
from index.records import Article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_FRONT_LINE = re.compile(r"([A-Za-z_]+)[ \t]*:[ \t]*(.*)")


def read_markdown(data: bytes, origin: Origin, charset: str | None = None) -> Article:
    """Return the article of a Markdown file, with the facts of its front matter where it has one.

    Raises:
        SourceError: for an empty or binary file, or an encoding that is not found.
    """
    text, front = _split_front_matter(tidy(decode(data, charset)))
    blocks = list(_blocks(text))
    heading = next((place for place, (tag, _) in enumerate(blocks) if tag == "h1"), None)
    title = front.get("title", "")
    if not title and heading is not None and len(blocks) > 1:
        title = blocks.pop(heading)[1]
    facts = Facts(
        title=title,
        url=front.get("url", ""),
        source=front.get("source", ""),
        published=front.get("date") or front.get("published"),
        authors=_list_of(front.get("authors") or front.get("author") or ""),
    )
    return make_article(origin, "\n".join(block for _, block in blocks), facts)


def _split_front_matter(text: str) -> tuple[str, dict[str, str]]:
    """Return the text after the front matter, and the front matter's keys in lower case."""
    block = _FRONT_MATTER.match(text)
    if not block:
        return text, {}
    values: dict[str, str] = {}
    key = ""
    for line in block.group(1).split("\n"):
        pair = _FRONT_LINE.match(line)
        if pair:
            key = pair.group(1).lower()
            values[key] = _unquote(pair.group(2))
        elif line.strip().startswith("- ") and key:
            values[key] = f"{values[key]}; {_unquote(line.strip()[2:])}".removeprefix("; ")
    return text[block.end() :], values


def _unquote(value: str) -> str:
    value = value.strip()
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value


def _list_of(value: str) -> str | list[str]:
    if value.startswith("[") and value.endswith("]"):
        return [_unquote(name) for name in value[1:-1].split(",")]
    return value


def _blocks(text: str) -> "Iterator[tuple[str, str]]":
    """Yield the tag and the text of each block that holds any; a table's row is one block."""
    from markdown_it import MarkdownIt

    # Where lines are longer than anyone wraps at, a line end is a new paragraph, else it is a space.
    line_end = " " if max(map(len, text.split("\n"))) <= WIDEST else "\n"
    bullet = ""
    cells: list[str] = []
    tag = ""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        block = ""
        if token.type == "list_item_open":
            bullet = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "inline" and tag in ("th", "td"):
            cells.append(_visible(token, " "))
        elif token.type == "tr_close":
            block, cells = " | ".join(cells), []
        else:
            block, bullet = _block_text(token, line_end, bullet)
        if block.strip():
            yield tag, block
        tag = token.tag


def _block_text(token: "Token", line_end: str, bullet: str) -> tuple[str, str]:
    """Return a block's text, after the bullet that waits for one, and the bullet that still waits."""
    if token.type == "inline":
        return bullet + _visible(token, line_end), ""
    if token.type in ("fence", "code_block"):
        return token.content, bullet
    if token.type == "html_block":
        return strip_markup(token.content), bullet
    return "", bullet


def _visible(token: "Token", line_end: str) -> str:
    """Return what a reader sees of a paragraph: the words of links and emphasis, images' descriptions."""
    parts: list[str] = []
    for child in token.children or []:
        if child.type in ("text", "code_inline", "image"):
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(line_end)
        elif child.type == "hardbreak":
            parts.append("\n")
    return "".join(parts)
