"""Hard-wrapped lines become paragraphs again; text with one paragraph a line stays as it is.

A line was wrapped when the next line's first word would not have fitted on it: that, and sentences that
run across line ends, tells wrapped lines from short paragraphs and from lists.
"""

import itertools
import re
from collections.abc import Sequence

NARROWEST, WIDEST = 45, 110  # characters: the line lengths that text is wrapped at
FEWEST_LINES = 4  # fewer do not show a pattern
MOSTLY = 0.7  # share of inner lines that must look wrapped
RUNNING_ON = 0.5  # share of inner lines that must end within a sentence
DOUBLE_SPACED = 0.9  # share of lines followed by a blank one from which blank lines carry no meaning
WIDTH_QUANTILE = 0.95  # of the line lengths; not the longest, since a heading or a table may stick out
SLACK = 0.85  # share of the width below which a line was ended on purpose: wrapping is often ragged

SENTENCE_END = re.compile(r"[.!?:。！？…][\"'”’»)\]]*$")
_LIST_ITEM = re.compile(r"(?:[-*•–·▪]|\(?\d{1,3}[.)])\s")
_HYPHENATED = re.compile(r"[^\W\d_]-$")
_FIRST_WORD = re.compile(r"\S+")
_HYPHEN_COMPOUND = re.compile(r"[^\W\d_]+-[^\W\d_]+")


def join_wrapped(text: str) -> str:
    """Return `text` with wrapped lines joined where it is hard-wrapped, else as it was."""
    lines = text.split("\n")
    return join_lines(lines) if is_wrapped(lines) else text


def is_wrapped(lines: Sequence[str]) -> bool:
    """Say whether the lines were broken at a fixed width, with sentences running across the breaks."""
    filled = [line.strip() for line in lines if line.strip()]
    pairs = _inner_pairs(lines)
    if len(filled) < FEWEST_LINES or len(pairs) < FEWEST_LINES - 1 or max(map(len, filled)) > WIDEST:
        return False
    width = max(map(len, filled))
    demand = MOSTLY * len(pairs)
    if sum(len(line) >= NARROWEST for line, _ in pairs) < demand:
        return False
    if sum(is_full(line, following, width) for line, following in pairs) < demand:
        return False
    return sum(not SENTENCE_END.search(line) for line, _ in pairs) >= RUNNING_ON * len(pairs)


def join_lines(lines: Sequence[str]) -> str:
    """Return the paragraphs of wrapped lines, one a line, with hyphenation at line ends undone."""
    filled = [line for line in lines if line.strip()]
    if not filled:
        return ""
    lengths = sorted(len(line.strip()) for line in filled)
    width = lengths[int(WIDTH_QUANTILE * (len(lengths) - 1))]
    compounds = set(_HYPHEN_COMPOUND.findall("\n".join(filled).casefold()))
    blanks_mean_paragraphs = not _is_double_spaced(lines)
    paragraphs: list[list[str]] = []  # in pieces: joining line by line would copy a long text again and again
    previous: str | None = None  # None where a paragraph begins
    for line in lines:
        if not line.strip():
            previous = None if blanks_mean_paragraphs else previous
            continue
        if previous is None or _ends_paragraph(previous, line, width):
            paragraphs.append([line.strip()])
        else:
            _append(paragraphs[-1], line.strip(), compounds)
        previous = line
    return "\n".join("".join(pieces) for pieces in paragraphs)


def is_full(line: str, following: str, width: int) -> bool:
    """Say whether the first word of `following` would not have fitted on `line` within about `width`."""
    word = _FIRST_WORD.search(following)
    return len(line.strip()) + 1 + (len(word.group()) if word else 0) >= SLACK * width


def _ends_paragraph(line: str, following: str, width: int) -> bool:
    if _LIST_ITEM.match(following.strip()) or _is_indented_more(following, line):
        return True
    if _HYPHENATED.search(line.rstrip()):
        return False
    return not is_full(line, following, width) and (
        SENTENCE_END.search(line.strip()) is not None or not following.strip()[0].islower()
    )


def _is_indented_more(following: str, line: str) -> bool:
    return len(following) - len(following.lstrip()) >= len(line) - len(line.lstrip()) + 2


def _append(pieces: list[str], line: str, compounds: set[str]) -> None:
    """Add a line to a paragraph's pieces, without the hyphen that the line end put into a word."""
    last = pieces[-1]
    if not _HYPHENATED.search(last) or not line[0].islower():
        pieces.append(f" {line}")
        return
    head = re.split(r"[^\w-]", last)[-1].split("-")[-2]
    tail = re.match(r"[^\W\d_]*", line)
    compound = f"{head}-{tail.group() if tail else ''}".casefold()
    # A hyphen that the text also writes within a line belongs to the word ("well-known").
    if compound not in compounds:
        pieces[-1] = last[:-1]
    pieces.append(line)


def _inner_pairs(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Return each line with the one that follows it in the same paragraph, as far as blank lines tell."""
    if _is_double_spaced(lines):
        filled = [line.strip() for line in lines if line.strip()]
        return list(itertools.pairwise(filled))
    pairs = itertools.pairwise(lines)
    return [(line.strip(), after.strip()) for line, after in pairs if line.strip() and after.strip()]


def _is_double_spaced(lines: Sequence[str]) -> bool:
    followers = [after for line, after in itertools.pairwise(lines) if line.strip()]
    return bool(followers) and sum(not after.strip() for after in followers) >= DOUBLE_SPACED * len(followers)
