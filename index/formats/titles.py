"""A title for every article: the one it has, else its headline, its file's name, or its first sentence.

A title never is a slug, a hash or an empty string.
"""

import re
from urllib.parse import unquote, urlsplit

LONGEST_HEADLINE = 150  # characters
SHORTEST_HEADLINE = 10
LONGER = 1.5  # times the headline's length that a paragraph after it must have at least
PARAGRAPHS_AFTER = 5  # a byline, a date and a standfirst may come before the first long one
LONGEST_SENTENCE = 120  # characters of a first sentence that stands in for a title
SHORTEST_SENTENCE = 20  # an "end of sentence" before this is more likely an initial
FEWEST_SLUG_SEPARATORS = 2  # "covid-19" is a word, "storm-hits-coast" a slug
FEWEST_WORDS = 2  # in a file's name
FEWEST_ADDRESS_WORDS = 3  # in a part of an address: "latest-news" names a section
SHORTEST_LABEL = 3  # letters of a host's name that can tell a site's name
SHORTEST_TITLE = 2  # letters or digits

_SEPARATORS = re.compile(r"[-_+]+")
_SLUG = re.compile(r"[^\s/]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_VOWEL = re.compile(r"[aeiouy]|[^\x00-\x7f]", re.IGNORECASE)
_RUNNING_NUMBER = re.compile(r"0\d*$")
_FIRST_SENTENCE_END = re.compile(r"[^\W\d_]{3}[.!?]+[\"'”’»)]*(?=\s)|[。！？]")
_TITLE_SEPARATOR = re.compile(r"(\s[|·–—-]\s)")
_NO_HEADLINE = re.compile(r"[-*•|>#]|https?:|www\.")
_NO_HEADLINE_END = re.compile(r"[.,;:…。][\"'”’»)]*$")


def choose_title(given: str, text: str, name: str) -> tuple[str, str]:
    """Return the title and the text without it.

    `given` is the title that the format has, or "". `name` is a file's stem or an address's slug, or "".
    The order is: `given`, the headline of `text`, `name` where it is made of words, the first sentence.
    """
    title = " ".join(readable(given).split())
    if sum(character.isalnum() for character in title) >= SHORTEST_TITLE:
        first, _, rest = text.partition("\n")
        repeated = first.strip().casefold() == title.casefold() and rest.strip()
        return title, rest.lstrip("\n") if repeated else text
    headline, rest = split_headline(text)
    if headline:
        return headline, rest
    return title_from_name(name) or first_sentence(text), text


def readable(title: str) -> str:
    """Return a slug ("storm-hits-coast") as words ("Storm hits coast"), any other title as it is."""
    title = title.strip()
    is_slug = _SLUG.fullmatch(title) and title == title.lower()
    if not is_slug or len(_SEPARATORS.findall(title)) < FEWEST_SLUG_SEPARATORS:
        return title
    words = " ".join(_SEPARATORS.split(title)).strip()
    return words[:1].upper() + words[1:]


def title_from_name(name: str, fewest_words: int = FEWEST_WORDS) -> str:
    """Return a file's stem or an address's slug as a title, or "" where it is not made of words."""
    parts = [part for part in re.split(r"[-_+.\s]+", name) if part]
    while parts and _RUNNING_NUMBER.fullmatch(parts[0]):
        parts = parts[1:]
    words = [part for part in parts if not part.isdigit()]
    made_of_words = all(_WORD.fullmatch(word) for word in words) and any(map(_VOWEL.search, words))
    if len(words) < fewest_words or not made_of_words:
        return ""
    title = " ".join(parts)
    return title[:1].upper() + title[1:]


def slug_of(address: str) -> str:
    """Return the last part of an address's path that is made of words, or ""."""
    for part in reversed(unquote(urlsplit(address).path).split("/")):
        slug = re.sub(r"\.\w{2,5}$", "", part)
        if title_from_name(slug, FEWEST_ADDRESS_WORDS):
            return slug
    return ""


def split_headline(text: str) -> tuple[str, str]:
    """Return the first line and the rest where the first line is a headline, else "" and the whole text."""
    first, _, rest = text.lstrip().partition("\n")
    first = first.strip()
    if not SHORTEST_HEADLINE <= len(first) <= LONGEST_HEADLINE:
        return "", text
    if _NO_HEADLINE.match(first) or _NO_HEADLINE_END.search(first):
        return "", text
    following = [line.strip() for line in rest.split("\n") if line.strip()][:PARAGRAPHS_AFTER]
    if not following or max(map(len, following)) < LONGER * len(first):
        return "", text
    return first, rest.lstrip("\n")


def first_sentence(text: str) -> str:
    """Return the first sentence, cut between words with an ellipsis where it is long."""
    line = " ".join(text.strip()[: LONGEST_HEADLINE * 2].partition("\n")[0].split())
    end = _FIRST_SENTENCE_END.search(line, SHORTEST_SENTENCE)
    sentence = line[: end.end()] if end else line
    if len(sentence) <= LONGEST_SENTENCE:
        return sentence
    cut = sentence[:LONGEST_SENTENCE].rsplit(" ", 1)[0] if " " in sentence[:LONGEST_SENTENCE] else sentence
    return cut[:LONGEST_SENTENCE].rstrip(" ,;:–-") + "…"


def without_site(title: str, site: str, address: str = "") -> str:
    """Return a page's title without the site's name behind it ("Title | Site").

    `site` is the name that the page gives, or ""; `address` the page's, whose host shows the name too.
    """
    parts = _TITLE_SEPARATOR.split(title)
    if len(parts) < len(("title", "separator", "site")):
        return title
    name = _squash(parts[-1])
    label = max((urlsplit(address).hostname or "").split(".")[:-1], key=len, default="")
    named_by_host = (
        len(label) >= SHORTEST_LABEL
        and len(name) >= SHORTEST_LABEL
        and (name.startswith(_squash(label)) or _squash(label).startswith(name))
    )
    return "".join(parts[:-2]) if name == _squash(site) or named_by_host else title


def _squash(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
