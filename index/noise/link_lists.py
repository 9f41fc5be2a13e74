"""Finds what only its place tells to be noise: lists of other stories' headlines, and menus of one entry a line.

The one rule: a list stays where anything says that it is the article's: an introduction, shared words, full sentences.
All functions take the lines of an article that are not blank (`rows`) and flags of the same length (`gone`).
"""

import itertools
import re
from collections.abc import Callable, Collection, Iterable, Sequence

from index.noise.lines import has_weak_label, is_button, is_list_heading, is_menu_entry, is_sure_heading

FEWEST_ITEMS = 2
FEWEST_WORDS, MOST_WORDS = 4, 26  # of a headline
FEWEST_MEAN_WORDS = 7  # of the headlines of a list; ingredients, results and names have fewer
MARKED_SHARE = 0.75  # of a list's items that must have a name, a number or a mark of headlines in them
MOST_SHARED = 0.3  # of a list's content words that the rest of the article may have too
MOST_SHARED_UNDER_HEADING = 0.5  # the same where a heading such as "Most popular" makes links likelier
FEWEST_PARAGRAPHS = 3  # a shorter article has too few words for comparing
PARAGRAPH_WORDS = 8  # a line with as many that ends a sentence is a paragraph
FACT_WORDS = 20  # of a row such as "Where: ..."; a longer one is a sentence that goes on after a colon
MENU_ENTRIES, EDGE_ENTRIES = 4, 2  # in a row that make a menu, anywhere or at either end of the page
STEM = 5  # characters; endings do not matter in comparing words

_DASH = re.compile(r"\s*[-*•–—·‣▪▸►▶→●○■□◆♦]\s*(?=\S)")
_BULLET = re.compile(rf"{_DASH.pattern}|\s*\d{{1,2}}[.)]\s*(?=\S)")
_SENTENCE_END = re.compile(r"""[.!?…][)"'”’»\]]*$""")
_UNFINISHED = re.compile(r"""(?:[.;,:…]|\b(?:and|or|und|et|y))[)"'”’»\]]*$""")
_STARTS = re.compile(r"""["'“‘„«¿¡(]*[^\W_a-zà-ÿ]""")
_MARK = re.compile(r"""[?‘’“”"']|[:|–—]\s|\d|(?<=[\w,] )[A-Z]""")
_FACT = re.compile(r"""\W{0,3}[^\W\d][\w'’-]*(?: [\w'’-]+){0,2}:\s*\S""")
_WORD = re.compile(r"[^\W_]{3,}")
_ANNOUNCES = re.compile(
    r"\b(?:following|follows?|below|includ\w+|these|lists?|listed|here (?:is|are|was|were)|here['’]s|among|such as|"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|several|some|many|key|main|other|more|few|all) (?:\w+ )?\w+s|"
    r"namely|tips|steps|ways|reasons|things|highlights|rules|options|demands|questions|answers|examples|points|plans?|"
    r"proposals?|measures|terms|conditions|changes|results|winners|dates|schedule|details|advice|recommend\w*|"
    r"folgende[nrs]?|suivant\w*|siguientes?)\b",
    re.IGNORECASE,
)
_LAST_SENTENCE = re.compile(r"""(?:^|[.!?]["'”’)]* )([^.!?]*[.!?]?["'”’)]*)$""")
_COMMON = frozenset(
    """
    about after again against also amid another back because been before being below between both but can
    could did does down during each even ever every first for from get gets had has have here how into its
    just last like look made make many may more most much must need never new next not now off one only other
    our out over own past people say says said see she should show since some still such take than that the
    their them then there these they this those three time today too top two under until use very want was way
    week well were what when where which while who why will with won would year years you your and are his her
    him die der das und ist von mit les des une dans pour los las por con del
    """.split()
)


def find_listed(rows: Sequence[str], gone: Sequence[bool], title: str) -> list[bool]:
    """Return `gone` with the rows added that are noise by their place."""
    found = list(gone)
    for run in _runs(rows, found, lambda row: is_menu_entry(row) and not _BULLET.match(row)):
        if _is_menu(rows, found, run):
            _mark(found, run)
    _mark_buttons(rows, found)
    for run in _runs(rows, found, lambda row: _DASH.match(row) is not None):
        if _is_link_list(rows, found, run, title):
            _mark(found, run)
    for number, row in enumerate(rows):
        if is_list_heading(row):
            _mark_under_heading(rows, found, number, title)
    return found


def keep_labelled_facts(rows: Sequence[str], gone: Sequence[bool]) -> list[bool]:
    """Return `gone` without rows such as "Watch: ..." that stand among other labels, as in a list of facts."""
    kept = list(gone)
    facts = [not lost and _is_fact(row) for row, lost in zip(rows, gone, strict=True)]
    labelled = [fact or (lost and has_weak_label(row)) for row, fact, lost in zip(rows, facts, gone, strict=True)]
    for together, numbers in itertools.groupby(range(len(rows)), labelled.__getitem__):
        group = list(numbers)
        if together and any(facts[number] for number in group):
            _mark(kept, group, False)
    return kept


def _is_fact(row: str) -> bool:
    return len(row.split()) <= FACT_WORDS and _FACT.match(row) is not None


def _runs(rows: Sequence[str], gone: Sequence[bool], belongs: Callable[[str], bool]) -> list[range]:
    """Return the runs of rows that belong; noise between them does not end a run."""
    runs: list[range] = []
    start: int | None = None
    for number, row in enumerate(rows):
        if belongs(row):
            start = number if start is None else start
            end = number + 1
        elif start is not None and not gone[number]:
            runs.append(range(start, end))
            start = None
    return [*runs, range(start, end)] if start is not None else runs


def _mark(gone: list[bool], numbers: Iterable[int], value: bool = True) -> None:
    for number in numbers:
        gone[number] = value


def _is_menu(rows: Sequence[str], gone: Sequence[bool], run: range) -> bool:
    if run.start and rows[run.start - 1].endswith(":"):
        return False
    at_an_edge = all(gone[: run.start]) or all(gone[run.stop :])
    return len({rows[number] for number in run}) >= (EDGE_ENTRIES if at_an_edge else MENU_ENTRIES)


def _mark_buttons(rows: Sequence[str], gone: list[bool]) -> None:
    """Mark the buttons beside noise, forwards and back, so that a row of them goes from either end."""
    for step in (1, -1):
        for number in list(range(len(rows)))[::step]:
            beside = number - step
            if 0 <= beside < len(rows) and gone[beside] and is_button(rows[number]):
                gone[number] = True


def _is_link_list(rows: Sequence[str], gone: Sequence[bool], run: range, title: str) -> bool:
    """Say whether bulleted rows are headlines of other stories, set between the paragraphs of this one."""
    items = [_bare(rows[number]) for number in run if not gone[number]]
    if len(items) < FEWEST_ITEMS or not all(_is_headline(item) for item in items):
        return False
    above = [row for row, lost in zip(rows[: run.start], gone, strict=False) if not lost]
    paragraphs = sum(_is_paragraph(row) for row, lost in zip(rows, gone, strict=True) if not lost)
    if not above or _introduces(above[-1]) or paragraphs < FEWEST_PARAGRAPHS:
        return False
    marked = sum(_MARK.search(item) is not None for item in items)
    return (
        _mean_words(items) >= FEWEST_MEAN_WORDS
        and marked >= MARKED_SHARE * len(items)
        and _shared(items, rows, gone, run, title) <= MOST_SHARED
    )


def _mark_under_heading(rows: Sequence[str], gone: list[bool], heading: int, title: str) -> None:
    """Mark a heading of links with what it heads: a bulleted list, or headlines down to the end of the article."""
    below = [number for number in range(heading + 1, len(rows)) if not gone[number]]
    bulleted = list(itertools.takewhile(lambda number: _BULLET.match(rows[number]), below))
    if bulleted:
        listed = bulleted
    elif _are_links([rows[number] for number in below]):
        listed = below
    else:
        listed = _unrelated(rows, gone, below, title)
    items = [_bare(rows[number]) for number in listed]
    sure = is_sure_heading(rows[heading])
    if items and _are_links(items) and (sure or _is_elsewhere(items, rows, gone, listed, title)):
        _mark(gone, [heading, *listed])
    elif sure:
        gone[heading] = True


def _unrelated(rows: Sequence[str], gone: Sequence[bool], below: Sequence[int], title: str) -> list[int]:
    """Return the rows directly below a heading that read like headlines and have nothing to do with the article."""
    return list(
        itertools.takewhile(
            lambda number: (
                _is_headline(rows[number])
                and _shared([rows[number]], rows, gone, range(number, number + 1), title) <= MOST_SHARED
            ),
            below,
        )
    )


def _is_elsewhere(
    items: list[str], rows: Sequence[str], gone: Sequence[bool], listed: Sequence[int], title: str
) -> bool:
    return len(items) >= FEWEST_ITEMS and _shared(items, rows, gone, listed, title) <= MOST_SHARED_UNDER_HEADING


def _are_links(items: Sequence[str]) -> bool:
    return (
        bool(items)
        and _mean_words(items) >= FEWEST_WORDS + 1
        and all(len(item.split()) <= MOST_WORDS and not _UNFINISHED.search(item) for item in items)
    )


def _is_headline(item: str) -> bool:
    words = len(item.split())
    return FEWEST_WORDS <= words <= MOST_WORDS and bool(_STARTS.match(item)) and not _UNFINISHED.search(item)


def _is_paragraph(row: str) -> bool:
    return len(row.split()) >= PARAGRAPH_WORDS and _SENTENCE_END.search(row) is not None


def _introduces(row: str) -> bool:
    """Say whether a row may announce the list beneath it: a heading, a colon, or a sentence that names what comes."""
    if not _SENTENCE_END.search(row):
        return True
    last = _LAST_SENTENCE.search(row)
    return _ANNOUNCES.search(last[1] if last else row) is not None


def _bare(row: str) -> str:
    return _BULLET.sub("", row, count=1)


def _mean_words(items: Sequence[str]) -> float:
    return sum(len(item.split()) for item in items) / len(items)


def _shared(
    items: Sequence[str], rows: Sequence[str], gone: Sequence[bool], listed: Collection[int], title: str
) -> float:
    """Return the share of the items' content words that the rest of the article has too; 1 where they have none."""
    rest = {
        stem for number, row in enumerate(rows) if number not in listed and not gone[number] for stem in _stems(row)
    }
    rest.update(_stems(title))
    found = [stem in rest for item in items for stem in _stems(item)]
    return sum(found) / len(found) if found else 1.0


def _stems(text: str) -> list[str]:
    return [word[:STEM] for word in _WORD.findall(text.casefold()) if word not in _COMMON]
