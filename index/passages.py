"""An article's text becomes passages: whole sentences, about 120 tokens and one sentence of overlap, or as is chosen.

The one rule: a passage is a slice of the text, `text[start:end]`, and never reaches across a subheading.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from index.records import Passage
from index.sentences import sentence_spans

CountTokens = Callable[[Sequence[str]], list[int]]
Span = tuple[int, int]

DEFAULT_BUDGET = 120
DEFAULT_OVERLAP = 1
MAX_CHARACTERS_PER_TOKEN = 8
"""Text with longer "tokens" than this is not prose (one endless word counts as a single unknown token)."""
MAX_EXCESS = 0.25
"""The share of the budget by which a passage may be longer, where one more sentence brings it nearer to the budget."""
MAX_HEADING_WORDS = 14
MIN_PROSE_WORDS = 12
_HEADING_END = re.compile(r"[\w)\]%’'\"”?!]$")
_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*$")
_LIST_ITEM = re.compile(r"^\s*(?:[-*•–—▪·]|\d+[.)])\s")
_MARKDOWN_HEADING = re.compile(r"^#{1,6} ")


class Cut(NamedTuple):
    """How long passages are, in tokens, and how many sentences two neighbours share at most."""

    budget: int = DEFAULT_BUDGET
    overlap: int = DEFAULT_OVERLAP


DEFAULT_CUT = Cut()


def split_passages(
    article_id: str,
    text: str,
    count_tokens: CountTokens,
    budget: int = DEFAULT_BUDGET,
    overlap: int = DEFAULT_OVERLAP,
) -> list[Passage]:
    """Split `text` into passages of about `budget` tokens, in order; every word is in at least one.

    A passage begins with the last `overlap` sentences of the one before. `count_tokens` gives the number of tokens of
    each string of a list. A sentence longer than the budget is cut at the nearest white space below it.
    """
    passages: list[Passage] = []
    for section in _sections(text):
        sentences = _cut_to_budget(text, section, count_tokens, budget)
        counts = _count(text, sentences, count_tokens)
        for first, last in _pack(counts, budget, overlap):
            start, end = sentences[first][0], sentences[last][1]
            passages.append(Passage(article_id, start, end, text[start:end]))
    return passages


def is_subheading(line: str, following: str) -> bool:
    """Whether `line` announces the prose in `following`, the next line that is not blank."""
    line, following = line.strip(), following.strip()
    if not line or not following or _LIST_ITEM.match(line):
        return False
    if _MARKDOWN_HEADING.match(line):
        return True
    if len(line.split()) > MAX_HEADING_WORDS or line[0].islower() or line[0] in "“\"‘'":
        return False
    looks_like_heading = bool(_HEADING_END.search(line)) and not line.endswith((".”", '."', "!”", '!"', "?”", '?"'))
    return looks_like_heading and _is_prose(following)


def _is_prose(line: str) -> bool:
    enough_words = len(line.split()) >= MIN_PROSE_WORDS
    return enough_words and not _LIST_ITEM.match(line) and bool(_SENTENCE_END.search(line))


def _sections(text: str) -> Iterator[list[Span]]:
    """Yield the sentences of each section; a section begins at a subheading, which is its first sentence."""
    spans = sentence_spans(text)
    section: list[Span] = []
    for span, line_start, line, following in _with_lines(text, spans):
        if section and span[0] == line_start and is_subheading(line, following):
            yield section
            section = []
        section.append(span)
    if section:
        yield section


def _with_lines(text: str, spans: list[Span]) -> Iterator[tuple[Span, int, str, str]]:
    """Yield each sentence with its line: the line's first character that is not blank, the line, the next line."""
    lines = [match for match in re.finditer(r"[^\n]+", text) if match.group().strip()]
    number = 0
    for span in spans:
        while lines[number].end() <= span[0]:
            number += 1
        match = lines[number]
        indent = len(match.group()) - len(match.group().lstrip())
        following = lines[number + 1].group() if number + 1 < len(lines) else ""
        yield span, match.start() + indent, match.group(), following


def _cut_to_budget(text: str, sentences: list[Span], count_tokens: CountTokens, budget: int) -> list[Span]:
    """Replace each sentence that is longer than the budget by pieces of it that are not."""
    pieces: list[Span] = []
    for (start, end), count in zip(sentences, _count(text, sentences, count_tokens), strict=True):
        pieces.extend([(start, end)] if count <= budget else _cut(text, start, end, count, budget))
    return pieces


def _count(text: str, sentences: list[Span], count_tokens: CountTokens) -> list[int]:
    """The tokens of each sentence, at least one for every eight characters."""
    counts = count_tokens([text[start:end] for start, end in sentences])
    lengths = [end - start for start, end in sentences]
    return [max(count, -(-length // MAX_CHARACTERS_PER_TOKEN)) for count, length in zip(counts, lengths, strict=True)]


def _cut(text: str, start: int, end: int, count: int, budget: int) -> list[Span]:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=max(budget * (end - start) // count, 1),
        chunk_overlap=0,
        separators=["; ", ", ", " ", ""],
        keep_separator="end",
        add_start_index=True,
    )
    documents = splitter.create_documents([text[start:end]])
    begins = [start + document.metadata["start_index"] for document in documents]
    return [(begin, begin + len(document.page_content)) for begin, document in zip(begins, documents, strict=True)]


def _pack(counts: Sequence[int], budget: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Yield (first, last) sentence numbers of each passage; the next begins with the last ones of the one before.

    A sentence is taken in where that brings the passage nearer to the budget than leaving it out (see `MAX_EXCESS`).
    Fewer are shared, or none, where the shared sentences and the one after them do not fit into one passage; never all.
    """
    most = budget * (1 + MAX_EXCESS)
    first, tokens = 0, 0
    for number, count in enumerate(counts):
        if number > first and (tokens + count / 2 > budget or tokens + count > most):
            yield first, number - 1
            first = max(first + 1, number - overlap)
            while first < number and sum(counts[first:number]) + count > most:
                first += 1
            tokens = sum(counts[first:number])
        tokens += count
    if counts:
        yield first, len(counts) - 1
