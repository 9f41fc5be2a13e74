"""Which words are searched for, and what of a text the full-text index holds: words that tell nothing are in neither.

The one rule: whatever a question leaves out is left out of the index in the same way, so that nothing is missed.
"""

import re

MAX_QUESTION_WORDS = 64
_WORD = re.compile(r"\w+")

STOP_WORDS = frozenset(
    """a about above after again against all also am an and any are as at be because been before being below between
    both but by can could did do does doing down during each few for from further had has have having he her here hers
    him his how i if in into is it its just me more most my no nor not now of off on once only or other our out over own
    same she should so some such than that the their them then there these they this those through to too under until up
    very was we were what when where which while who whom whose why will with would you your""".split()
)


def has_words(text: str) -> bool:
    """Whether there is a word in the text."""
    return _WORD.search(text) is not None


def question_words(question: str) -> list[str]:
    """The words to search for, lower-case, each once; all of them where every one is a stop word."""
    words = list(dict.fromkeys(_WORD.findall(question.lower())))
    telling = [word for word in words if _tells(word)]
    return (telling or words)[:MAX_QUESTION_WORDS]


def searched_text(text: str) -> str:
    """A text without the words that no question is searched by: nearly half of them; the rest stands as it stood."""
    return _WORD.sub(lambda found: found.group() if _tells(found.group().lower()) else "", text)


def _tells(word: str) -> bool:
    return word not in STOP_WORDS and (len(word) > 1 or word.isdigit())
