"""Who says a sentence of an article: what stands beside it, in its quotation, its paragraph, or the one before.

A speaker is a full name as the article has it, or an office or group where it has no name; narration has none.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from assistant.speakers.attributions import Attribution, find_attribution
from assistant.speakers.mentions import is_person
from assistant.speakers.narration import QUOTED, Narration, Subject
from assistant.speakers.role_words import can_speak, is_statement
from assistant.speakers.subjects import main_subject
from index.sentences import sentence_spans

ARTICLES_KEPT = 16
"""How many articles' speakers are kept: the quotes of one answer come from fewer."""

SENTENCES_BACK = 12
"""How many sentences back a pronoun's person is looked for."""

QUOTED_SHARE = 0.5
"""From which share of its characters on a sentence that begins quoted counts as quoted; less is only a phrase."""

_NO_NAME = re.compile(r"[^\W_][a-z]+(?:ed|ing|ly)")
_DETERMINER = re.compile(r"^(?:the|an?|one|another|this|that)\s+", re.IGNORECASE)
_SINGULAR = re.compile(r"s?he", re.IGNORECASE)
_PLURAL = re.compile(r"they|it", re.IGNORECASE)
_ONE_HUMAN = re.compile(r"\b(?:spokes\w+|official|officer|resident|adviser|advisor|minister|witness|man|woman)\b")


def find_speaker(article_text: str, start: int, end: int) -> str | None:
    """Find who says the sentence `article_text[start:end]`, in direct or indirect speech.

    Returns:
        The full name without title (“Jens Stoltenberg” for “Stoltenberg said”), the office or group where the article
        gives no name (“Kremlin”), or None where nobody says it.
    """
    speakers = _speakers(article_text)
    best, longest = None, 0
    for sentence_start, sentence_end, speaker in speakers[max(0, bisect_right(speakers, start, key=_start) - 1) :]:
        if sentence_start >= end:
            break
        shared = min(end, sentence_end) - max(start, sentence_start)
        if shared > longest:
            best, longest = speaker, shared
    return best


def _start(sentence: tuple[int, int, str | None]) -> int:
    return sentence[0]


@lru_cache(maxsize=ARTICLES_KEPT)
def _speakers(text: str) -> tuple[tuple[int, int, str | None], ...]:
    """Give each sentence of `text` with its speaker, in order."""
    return tuple(_Reading(text).speakers())


class _Reading:
    """One article while it is read from its first sentence to its last."""

    def __init__(self, text: str) -> None:
        self.narration = Narration(text)
        self.spans = sentence_spans(text)
        self.starts = [start for start, _ in self.spans]
        self.paragraphs = list(self._number_paragraphs(text))
        self.attributions: list[Attribution | None] = []
        self.said: list[str | None] = []
        for index, (start, end) in enumerate(self.spans):
            attribution = find_attribution(self.narration, start, end)
            self.attributions.append(attribution)
            self.said.append(self._name(index, attribution.subject) if attribution else None)

    def speakers(self) -> Iterator[tuple[int, int, str | None]]:
        """Give each sentence with its speaker."""
        for index, (start, end) in enumerate(self.spans):
            if self.attributions[index] is None and self._is_quoted(index):
                self.said[index] = self._speaker_of_quotation(index)
            yield start, end, self.said[index]

    def _number_paragraphs(self, text: str) -> Iterator[int]:
        number = position = 0
        for start, end in self.spans:
            number += "\n" in text[position:start]
            yield number
            position = end

    def _is_quoted(self, index: int) -> bool:
        start, end = self.spans[index]
        masked = self.narration.masked
        return masked[start] == QUOTED and masked.count(QUOTED, start, end) >= QUOTED_SHARE * (end - start)

    def _name(self, index: int, subject: Subject) -> str | None:
        """Give the full name of a subject of sentence `index`, or what stands for it."""
        words = self.narration.text[subject.start : subject.end]
        if subject.mention:
            name = self.narration.names.resolve(subject.mention.name, subject.mention.start)
            return None if self._is_common_word(name) else name
        if _SINGULAR.fullmatch(words):
            return self._person_before(index, subject)
        if _PLURAL.fullmatch(words) or is_statement(words):
            return self._speaker_before(index)
        phrase = _DETERMINER.sub("", words, count=1)
        if not can_speak(phrase):
            return None
        return self.narration.names.holder(phrase) or self._group_before(index, phrase) or phrase

    def _group_before(self, index: int, phrase: str) -> str | None:
        """Give the longer name under which “the spokesperson” of sentence `index` spoke before."""
        for name in reversed([name for name in self.said[:index] if name]):
            if f" {name} ".lower().startswith(f" {phrase} ".lower()) or f" {name}".lower().endswith(
                f" {phrase}".lower()
            ):
                return name
        return None

    def _is_common_word(self, name: str) -> bool:
        """Tell whether `name` is one word with a capital only because it opens a sentence."""
        common = _NO_NAME.fullmatch(name) or f" {name.lower()} " in self.narration.text
        return " " not in name and bool(common) and not can_speak(name)

    def _speaker_before(self, index: int) -> str | None:
        """Give the last speaker before sentence `index`."""
        return next((name for name in reversed(self.said[max(0, index - SENTENCES_BACK) : index]) if name), None)

    def _person_before(self, index: int, pronoun: Subject) -> str | None:
        """Give the last person before a “he” or “she” in sentence `index` who fits it."""
        male = self.narration.text[pronoun.start : pronoun.end].lower() == "he"
        names = self.narration.names
        for name in self._people_before(index, pronoun.start):
            if names.is_male(name) in (male, None) and ("woman" if male else "spokesman") not in name:
                return name
        return None

    def _people_before(self, index: int, position: int) -> Iterator[str]:
        """Give the people named or speaking before `position`, likeliest first."""
        yield from self._people_in(self.spans[index][0], position)
        for earlier in range(index - 1, max(-1, index - 1 - SENTENCES_BACK), -1):
            speaker = self.said[earlier]
            if speaker and (is_person(speaker) or _ONE_HUMAN.search(speaker)):
                yield speaker
            yield from self._people_in(*self.spans[earlier])

    def _people_in(self, start: int, end: int) -> Iterator[str]:
        """Give the people that the narration names between the offsets: the subject first, then from the last back."""
        narration = self.narration
        mentions = [main_subject(narration, start, end)]
        mentions += [Subject(mention.start, mention.end, mention) for mention in narration.named_outside(start, end)][
            ::-1
        ]
        for subject in mentions:
            if subject and subject.mention and narration.is_person(subject):
                yield narration.names.resolve(subject.mention.name, subject.start)

    def _speaker_of_quotation(self, index: int) -> str | None:
        """Find who says a quoted sentence that does not tell it itself."""
        paragraph = self.paragraphs[index]
        first = bisect_left(self.paragraphs, paragraph)
        last = bisect_right(self.paragraphs, paragraph)
        return (
            self._speaker_in_same_quotation(index, first, last)
            or self._nearest(range(index - 1, first - 1, -1))
            or self._nearest(range(index + 1, last))
            or self._speaker_of_paragraph_before(first)
            or self._person_of_sentence_before(index)
        )

    def _nearest(self, indexes: range) -> str | None:
        said = (self.said[index] for index in indexes)
        return next((name for name in said if name), None)

    def _speaker_in_same_quotation(self, index: int, first: int, last: int) -> str | None:
        """Find the speaker that a later or earlier sentence of the same quotation names."""
        start, end = self.spans[index]
        for opening, closing in self.narration.quotations_between(start, end):
            for other in chain(range(index + 1, last), range(index - 1, first - 1, -1)):
                attribution = self.attributions[other]
                overlaps = self.spans[other][0] < closing and opening < self.spans[other][1]
                if overlaps and attribution and attribution.beside:
                    return self.said[other]
        return None

    def _speaker_of_paragraph_before(self, first: int) -> str | None:
        """Give who spoke at the end of the paragraph before sentence `first`: newspapers do not name him again."""
        if first == 0:
            return None
        begin = bisect_left(self.paragraphs, self.paragraphs[first - 1])
        return self._nearest(range(first - 1, begin - 1, -1))

    def _person_of_sentence_before(self, index: int) -> str | None:
        """Give the person whom the sentence before is about."""
        if index == 0:
            return None
        subject = main_subject(self.narration, *self.spans[index - 1])
        return self._name(index - 1, subject) if subject and subject.mention else None
