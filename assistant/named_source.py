"""The source that a question names: “according to The Courier”, “What did The Courier write about the bridge?”.

The one rule: only a source of the library is one, and only where the question asks for what stands in it.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import islice

LONGEST_NAME = 5
"""Words of a source's name at most."""
_DOMAIN = re.compile(r"(?:www\.)?(?P<name>[\w.-]+?)(?:\.(?:co|com|org|net|ac|gov))?\.[a-z]{2,}")
# Before the name, behind it, and what stands for all of it in the question that is left.
_FORMS = tuple(
    (re.compile(before, re.IGNORECASE), re.compile(behind, re.IGNORECASE), instead)
    for before, behind, instead in (
        (
            r"^\W*what\s+(?:did|does|do|has|have)\s+",
            r"\s+(?:say|said|report|reported|write|written)\s+(?:about|on|of)\s+",
            "What is said about ",
        ),
        (r"[\s,(]*\b(?:according\s+to|as\s+reported\s+by|as\s+reported\s+in)\s+", r"[,)]?(?=\W|$)", ""),
        (r"[\s,(]*\b(?:in|by|from)\s+", r"\)?(?=\W*$)", ""),
    )
)


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A `source` of the library, as it is kept there, and the question without its name."""

    source: str
    question: str


def find_source(question: str, list_sources: Callable[[], Collection[str]]) -> NamedSource | None:
    """The source that a question names, if it names one; the library's are listed only where it may."""
    for before, behind, instead in _FORMS:
        for cue in before.finditer(question):
            for end in reversed(_ends_of_words(question, cue.end())):
                closing = behind.match(question, end)
                name = question[cue.end() : end]
                capital = re.sub(r"^[Tt]he\s+", "", name)[:1].isupper() or "according" in cue.group().lower()
                if closing and capital and (source := _known(name, list_sources())):
                    rest = f"{question[: cue.start()]}{instead or ' '}{question[closing.end() :]}"
                    return NamedSource(source, re.sub(r"\s+(?=[?!.]|$)", "", rest).strip())
    return None


def _ends_of_words(text: str, start: int) -> list[int]:
    words = islice(re.compile(r"\S+").finditer(text, start), LONGEST_NAME)
    return [match.start() + len(match.group().rstrip("?!.,;:)")) for match in words]


def _known(name: str, sources: Collection[str]) -> str | None:
    """The source that is called so; an address goes by the name in it."""
    plain = _plain(name)
    return next((source for source in sources if plain and plain in (_plain(source), _plain(_host(source)))), None)


def _host(source: str) -> str:
    domain = _DOMAIN.fullmatch(source.lower())
    return domain["name"] if domain else source


def _plain(name: str) -> str:
    """The letters and digits in lower case, without an article before them."""
    letters = "".join(letter for letter in name.lower() if letter.isalnum())
    return letters.removeprefix("the")
