"""Says of one line whether it is the page's and not the article's: an advert, a prompt, a link, a button, small print.

The one rule: a line is noise by its own words only when hardly any line of an article could read like it.
"""

import re

from index.noise.patterns import CREDIT, PATTERNS
from index.noise.phrases import BUTTONS, LIST_HEADINGS, SECTIONS, UNSURE_HEADINGS, WHOLE_LINES

LONGEST_PROMPT = 400  # characters; a longer line is a paragraph of the article with a prompt in it
LONGEST_NAME = 70  # characters of a button, a menu entry or a heading of links
LONGEST_ROW = 200  # characters of a row of buttons, a breadcrumb or a photo credit
FEWEST_BUTTONS = 3  # in a row of them: "Facebook and Instagram" may be a subheading
FEWEST_ENTRIES, LONGEST_ENTRY = 5, 4  # entries of a row of menu entries; words of one (fewer entries may head a table)
LONGEST_HEADING = 6  # words, of "More from ..."
FEWEST_LINKED_WORDS = 4  # after a label that lists and tables know too ("Watch: ITV")

_ENTRIES = BUTTONS | SECTIONS
_ASKED = frozenset(("question", "reporter", "interviewer", "host"))
_SPACES = re.compile(r"\s+")
_INVISIBLE = {ord(mark): None for mark in "\u00ad\u200b\u200c\u200d\u2060\ufe0f"}
_FOLDED = str.maketrans({"’": "'", "‘": "'", "´": "'"}) | _INVISIBLE
# Whatever stands before the first word, except what gives a line another meaning: quotes, sums, @, ©.
_DECORATION = re.compile(r"""^[^\w@©#$€£"“”„«»'¿¡&+]+""")
_AFTER_HEADING = " ,:»›>→|…▸►)]-–—"

_MORE_LABELS = frozenset(
    "read this|more here|more on|must-read|listen to more|watch more|more headlines|auch lesenswert|en lire plus|"
    "click to play video|en savoir plus|más información|ver también|voir aussi|siehe auch|mehr dazu|explore more|"
    "dig deeper|go deeper|subscriber exclusive|for subscribers|you may like|don't miss".split("|")
)
_STRONG_LABELS = LIST_HEADINGS - UNSURE_HEADINGS - {"tags", "other news", "more news", "latest news"} | _MORE_LABELS
_WEAK_LABELS = frozenset(
    "read|more|related|watch|watch live|watch now|watch above|watch below|listen|listen now|video|videos|photos|"
    "gallery|photo gallery|in pictures|in photos|live updates|learn more".split("|")
)
# After these a whole sentence is a link too; after the others it is a caption, a tip or a fact.
_LINKING = re.compile(r"more$|related|(?:also )?read\b|see also|(?:à )?lire|lesen|lea |lee |lees |leggi |leia ")
_ENDED = re.compile(r"""[.;,]["'”’)]*$""")
_LABEL = re.compile(
    r"([^\W\d](?:[\w'-]| (?=\w)){1,40}?) ?(:|\||»|›|>|→| [–—-](?= ))\s*(?!\d{1,2}(?::\d\d)? ?[ap]\.?m)(.*)$"
)
_SHOUTED = re.compile(
    r"\W*(?:READ MORE|READ ALSO|ALSO READ|SEE ALSO|READ NEXT|RELATED|DON['’]T MISS|MUST READ|TRENDING|LIRE AUSSI|"
    r"LEES OOK|LESEN SIE AUCH)\s+(?=[A-Z\d‘“\"'])(?P<rest>.*[a-z].*[^.])$"
)
# A link whose label lost its space: “Harbour fire:What we know so far”. In an interview a colon is glued as well, but
# there whole sentences follow, or a question after somebody's name in capitals or after “Q”.
_GLUED = re.compile(r"(?P<label>[^:.!?]{2,60}[^\W\d][\"'’”]?):(?=[\"'“‘]?[A-Z\d])(?P<rest>.*)$")
_MENU_ROW = re.compile(r"\s*[>›»/|•·→]+\s*")
_BREADCRUMB = re.compile(r"[>›»→]")
_HOME = ("home", "startseite", "accueil", "inicio", "home page")
_SHARING = frozenset("share print copy save comment comments email e-mail mail messenger sms link more pocket".split())
_NETWORKS = frozenset(
    "facebook twitter x instagram tiktok threads youtube whatsapp telegram linkedin bluesky mastodon pinterest reddit "
    "flipboard tumblr".split()
)
_ROW_SPLIT = re.compile(r"(?:[\s,|/·•]|\b(?:and|or|via|on|to)\b)+")


def fold(line: str) -> str:
    """Return a line as the patterns see it: lower case, plain apostrophes, single spaces, no leading decoration."""
    return _DECORATION.sub("", _SPACES.sub(" ", line.translate(_FOLDED)).strip().casefold())


def find_noise(line: str) -> str | None:
    """Return the kind of noise that a line is by its own words, or None for a line of the article."""
    if len(line) > LONGEST_PROMPT:
        return None
    folded = fold(line)
    if folded.rstrip(_AFTER_HEADING) in WHOLE_LINES or folded in WHOLE_LINES:
        return "whole line"
    if _is_labelled_link(line, folded):
        return "labelled link"
    if len(line) <= LONGEST_ROW and (_is_button_row(folded) or _is_menu_row(folded) or CREDIT.match(folded)):
        return "row"
    return next((kind for kind, pattern in PATTERNS.items() if pattern.match(folded)), None)


def is_button(line: str) -> bool:
    """Say whether a line is a button or a network's name, which is noise beside other noise."""
    return _key(line) in BUTTONS


def is_menu_entry(line: str) -> bool:
    """Say whether a line is a button or an entry of a menu, which is noise among its like."""
    return _key(line) in _ENTRIES


def is_list_heading(line: str) -> bool:
    """Say whether a line announces a list of other stories."""
    key = _key(line)
    return key in LIST_HEADINGS or (key.startswith("more from ") and len(key.split()) <= LONGEST_HEADING)


def is_sure_heading(line: str) -> bool:
    """Say whether a heading of a list of other stories can head nothing else."""
    return is_list_heading(line) and _key(line) not in UNSURE_HEADINGS


def has_weak_label(line: str) -> bool:
    """Say whether a line begins with a label that links and lists of the article share, as in "Watch: ..."."""
    found = _LABEL.match(fold(line))
    return found is not None and found[1] in _WEAK_LABELS


def is_glued_link(line: str) -> bool:
    """Say whether a line is a link to another story with its label run into it: "Harbour fire:What we know so far"."""
    glued = _GLUED.match(line.strip())
    if glued is None or len(line) > LONGEST_ROW or _ENDED.search(glued["rest"]):
        return False
    if len(glued["rest"].split()) < FEWEST_LINKED_WORDS:
        return False
    label = glued["label"].lstrip(" ►•-")
    return not (glued["rest"].endswith("?") and (label.isupper() or label.casefold() in _ASKED))


def _key(line: str) -> str:
    return fold(line).rstrip(_AFTER_HEADING) if len(line) <= LONGEST_NAME else ""


def _is_labelled_link(line: str, folded: str) -> bool:
    found = _LABEL.match(folded)
    if found:
        label, rest = found[1].strip(), found[3]
        words = len(rest.split())
        linking = _LINKING.match(label) is not None or not _ENDED.search(rest)
        if label in _STRONG_LABELS:
            return words > 1 and linking
        if label in _WEAK_LABELS and found[2] in ":|":
            return words >= FEWEST_LINKED_WORDS and linking
    if is_glued_link(line):
        return True
    shouted = _SHOUTED.match(line)
    return shouted is not None and len(shouted["rest"].split()) >= FEWEST_LINKED_WORDS


def _is_button_row(folded: str) -> bool:
    """Say whether a line is nothing but buttons: "Facebook Twitter Email Copy link"."""
    words = [word for word in _ROW_SPLIT.split(folded) if word]
    known = set(words) & (_SHARING | _NETWORKS)
    return len(words) >= FEWEST_BUTTONS and known == set(words) and bool(known & _SHARING)


def _is_menu_row(folded: str) -> bool:
    """Say whether a line is a breadcrumb or a row of menu entries: "Home > News > World"."""
    parts = [part for part in _MENU_ROW.split(folded) if part]
    entries = sum(part in _ENTRIES or part in WHOLE_LINES for part in parts)
    if len(parts) >= FEWEST_BUTTONS and all(len(part.split()) <= LONGEST_ENTRY for part in parts[:-1]):
        if _BREADCRUMB.search(folded) and parts[0] in _HOME:
            return True
        if entries * 2 > len(parts) and (len(parts) >= FEWEST_ENTRIES or parts[0] in _HOME):
            return True
    words = folded.split()
    return len(words) >= FEWEST_ENTRIES and len(set(words)) == len(words) and all(word in _ENTRIES for word in words)
