"""Text as Markdown that shows it as it is. The one rule: nothing in published text is read as markup."""

import re
import string
from collections.abc import Iterator

# These three stay entities because a backslash before `<` would not keep a later pass over tags from seeing it.
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ESCAPES = str.maketrans({mark: _ENTITIES.get(mark, "\\" + mark) for mark in string.punctuation})
_MARGIN = re.compile(r"(?<=\n)[^\S\n]+")


def escape_markdown(text: str) -> str:
    """Text that a Markdown renderer shows letter by letter: no tags, links, emphasis, lists or code.

    Line breaks stay; the blanks after one do not, as they could make the line code.
    """
    return _MARGIN.sub("", text).translate(_ESCAPES)


def quote_block(*paragraphs: str) -> str:
    """Paragraphs of Markdown as one block quote."""
    return "\n>\n".join("> " + paragraph.replace("\n", "\n> ") for paragraph in paragraphs)


def write_out(markdown: str, pieces: int) -> Iterator[str]:
    """Growing beginnings of `markdown`, at most `pieces` of them, each ending between words; the last is the whole."""
    words = re.findall(r"\s*\S+", markdown)
    step = max(1, -(-len(words) // pieces))
    for stop in range(step, len(words), step):
        yield "".join(words[:stop])
    yield markdown
