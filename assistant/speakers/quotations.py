"""Where the quotations of a paragraph begin and end, whatever marks they stand in; an apostrophe is no mark."""

import re

# Straight marks open only before a word and not after one; a single mark before a decade is an apostrophe.
_OPENING = re.compile(r"[„«「]|“(?=\S)|(?<![\w.,?!…])\"(?=\S)|(?<![\w.,?!…])[‘'](?=[\w“\"\[(…])(?!\d0s)")
_SINGLE_OPENING = re.compile(r"(?<![\w.,?!…])[‘'](?=[\w“\"\[(…])")
_SINGLE_CLOSING = re.compile(r"(?<=\S)['’](?!\w)")
# A curly opening mark that follows a word and precedes a space closes: German usage, and a common slip of the pen.
_DOUBLE_CLOSING = {
    "“": re.compile(r"”|(?<=\S)(?:''|’’|[\"“])(?!\w)"),
    "„": re.compile(r"[“”\"]"),
    "«": re.compile(r"»"),
    "「": re.compile(r"」"),
    '"': re.compile(r"[\"”]"),
}
_BEFORE_CLOSING = '.,?!…”"'


def quotation_spans(paragraph: str) -> list[tuple[int, int]]:
    """Find the quotations of one paragraph, marks included.

    A quotation that the paragraph does not close runs to its end: in newspapers it goes on in the next one.

    Returns:
        `(start, end)` offsets in `paragraph`, in order, without overlap.
    """
    spans: list[tuple[int, int]] = []
    position = 0
    while opening := _OPENING.search(paragraph, position):
        end = _end_of_quotation(paragraph, opening.start())
        position = opening.end() if end is None else end
        if end is not None:
            spans.append((opening.start(), end))
    return spans


def _end_of_quotation(paragraph: str, start: int) -> int | None:
    """Give the offset after the quotation that the mark at `start` opens; None where that mark is an apostrophe."""
    mark = paragraph[start]
    if mark in "‘'":
        return _end_of_single(paragraph, start)
    closing = _DOUBLE_CLOSING[mark].search(paragraph, start + 1)
    return closing.end() if closing else len(paragraph)


def _end_of_single(paragraph: str, start: int) -> int | None:
    """Find the mark that closes a single one: after punctuation if there is any, as `’` may be a plural's genitive."""
    following = _SINGLE_OPENING.search(paragraph, start + 1)
    limit = following.start() if following else len(paragraph)
    closings = [match.end() for match in _SINGLE_CLOSING.finditer(paragraph, start + 1, limit)]
    punctuated = [end for end in closings if paragraph[end - 2] in _BEFORE_CLOSING]
    if punctuated or closings:
        return (punctuated or closings)[0]
    return len(paragraph) if start == 0 else None
