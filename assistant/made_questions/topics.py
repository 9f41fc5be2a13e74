"""What a clause is about: noun phrases found by the words that open and close them, without a tagger.

The one rule: a word is a noun only if the corpus puts it after “the” and its like much oftener than after “will”.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from assistant.made_questions.story import content_words, holds_word
from assistant.speakers.mentions import find_mentions
from assistant.speakers.name_words import DEMONYMS, FUNCTION_WORDS

NOUN_SHARE = 0.8
"""Least part of the tell-tale places of a word that are a noun's."""
MODIFIED_SHARE = 0.25
"""How often at least a noun ends its phrase, for each time that another word follows; adjectives hardly ever do."""
_BIGRAM = re.compile(
    r"\b(?P<noun>(?i:the|a|an|this|these|those|his|her|their|our|its|my|your))?"
    r"(?P<verb>he|she|it|they|we|you|i|who|to|will|would|can|could|should|must|may|might|not|n[’']t)? ([a-z]{3,})\b"
    r"(?P<ends>[,.;:?!”]| (?:is|are|was|were|has|have|had|will|can|of|in|on|at|to|for|with|by|from|and|or|that)\b)?"
)
_DETERMINER = r"(?i:the|an?|this|these|those|that|our|his|her|their|its)"
_NO_WORD = (
    r"(?:the|an?|this|these|those|that|our|his|her|their|its|my|your|is|are|was|were|be|been|being|am|has|have|had|do|"
    r"does|did|will|would|can|could|should|must|may|might|of|in|on|at|to|for|with|by|from|about|into|over|under|after|"
    r"before|during|and|or|but|if|when|while|as|than|because|so|that|which|who|whom|whose|what|where|why|how|not|no|"
    r"he|she|it|they|we|you|i|me|him|them|us|there|here|very|too|also|just|only|even|more|most|less|all|both|some|any|"
    r"every|each|other|such|own|same|now|then|still|ever|never|against|between|among|through|without|within|since|"
    r"until|yet|up|out|off|down|away|back|again|many|much|few|first|last|next)"
)
_WORDS = rf"(?:(?!{_NO_WORD}\b)[A-Za-z][a-z]+(?<!ly)(?:-[a-z]+)?\s){{0,2}}(?!{_NO_WORD}\b)[A-Za-z][a-z]{{3,}}"
_CLOSE = (
    r"(?=[,.;:?!)”\"]|\s[—–-]|$|\s(?:is|are|was|were|has|have|had|will|would|can|could|should|must|may|might|of|in|on|"
    r"at|for|with|by|from|against|between|that|which|who|because|as|if|when|while|and|but|than|after|before|during)\b)"
)
_NO_TOPICS = DEMONYMS | {"reuters", "getty images", "cnn", "ap", "afp", "usa today", "associated press", "replay"}
_CLOSED = re.compile(_CLOSE)
_PHRASE = re.compile(rf"\b(?P<whose>{_DETERMINER})\s(?P<words>{_WORDS}){_CLOSE}")
_BARE = re.compile(rf"\b(?:about|of|on|against|for|over|between)\s(?P<words>{_WORDS}){_CLOSE}")
_OF = re.compile(rf"\sof\s(?:(?:the|our|their)\s)?(?P<words>{_WORDS}){_CLOSE}")
_VAGUE = frozenset(
    "thing things way ways people person time times lot lots year years day days week weeks month months part parts "
    "fact number kind kinds sort type bit case place point moment hour hours today tomorrow yesterday tonight morning "
    "night evening reason side sides man woman men women someone anyone everyone everybody something anything nothing "
    "guy guys example course addition order front middle end beginning start result rest majority couple group series "
    "hand hands eyes head face idea sense matter right left need level area statement interview tweet post email "
    "press spokesperson spokesman spokeswoman conference percent million billion dozens hundreds thousands others "
    "same first second third last next best worst most good great better worse real whole future past present "
    "name word words news story report article photo image picture video list look minutes seconds minute "
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august "
    "september october november december home something somebody half amount variety range possibility".split()
)
_NO_NOUN_ENDING = re.compile(
    r"(?:ed|ly|ous|ful|able|ible|ive|less)$|(?<!build)(?<!meet)(?<!fund)(?<!hous)(?<!hear)"
    r"(?<!shoot)(?<!spend)(?<!train)(?<!ceil)(?<!warm)(?<!vot)(?<!bomb)(?<!kill)ing$"
)
_OTHER_WORDS = {
    "climate change": "global warming", "global warming": "climate change", "vaccines": "the shots", "vaccine": "shot",
    "lawsuit": "legal case", "economy": "state of the economy", "war": "conflict", "conflict": "war",
    "kids": "children", "children": "kids", "prices": "costs", "costs": "prices", "attack": "assault",
    "shooting": "gun attack", "movie": "film", "film": "movie", "police": "law enforcement", "election": "vote",
    "pandemic": "coronavirus crisis", "job": "position", "jobs": "employment", "deal": "agreement", "agreement": "deal",
    "law": "legislation", "legislation": "law", "bill": "proposed law", "company": "business", "workers": "employees",
    "employees": "staff",
    "staff": "employees", "storm": "bad weather", "crash": "accident", "accident": "crash", "fire": "blaze",
    "blaze": "fire", "students": "pupils", "money": "funding", "funding": "money", "team": "squad", "car": "vehicle",
    "cars": "vehicles", "vehicles": "cars", "plane": "aircraft", "aircraft": "plane", "doctors": "physicians",
    "drug": "medicine", "drugs": "medicines", "disease": "illness", "illness": "disease", "house": "home",
    "parents": "mothers and fathers", "victims": "people who were hurt", "decision": "choice", "plan": "proposal",
    "proposal": "plan", "research": "studies", "study": "research", "album": "record", "crisis": "emergency",
    "gas prices": "the cost of fuel", "abortion": "ending a pregnancy", "guns": "firearms", "gun": "firearm",
    "immigration": "migrants", "border": "frontier", "relationship": "ties", "sanctions": "penalties",
}  # fmt: skip


class Lexicon:
    """Which words are nouns, and how common they are, by the texts it is made of."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.nouns: Counter[str] = Counter()
        self.modifiers: Counter[str] = Counter()
        self.verbs: Counter[str] = Counter()
        for text in texts:
            for match in _BIGRAM.finditer(text):
                if match["noun"] and not match["ends"]:
                    self.modifiers[match[3]] += 1
                elif match["noun"]:
                    self.nouns[match[3]] += 1
                elif match["verb"]:
                    self.verbs[match[3]] += 1

    def count(self, word: str) -> int:
        """How often the texts have `word` in lower case where it can be counted."""
        word = word.lower()
        return self.nouns[word] + self.modifiers[word] + self.verbs[word]

    def is_noun(self, word: str) -> bool:
        """Tell whether `word` can end a noun phrase; unknown words can, by their ending."""
        word = word.lower()
        if word in _VAGUE or _NO_NOUN_ENDING.search(word):
            return False
        if word.endswith("s") and not self.nouns[word] and self.verbs[word[:-1]] > self.nouns[word[:-1]]:
            return False
        seldom_last = self.nouns[word] < MODIFIED_SHARE * self.modifiers[word]
        return not seldom_last and self.nouns[word] >= NOUN_SHARE * (self.nouns[word] + self.verbs[word])


def topics_of(text: str, article: str, lexicon: Lexicon, without: str = "") -> list[str]:
    """The noun phrases and names of `text` that a question can be about: what the article has most often comes first.

    None shares words with `without`. Of those that the article has only here, at most the first is given.
    """
    barred = {word.lower() for word in without.split()}
    barred |= FUNCTION_WORDS - {"the", "of", "his", "her", "their"}
    topics = dict.fromkeys(_topics(text, lexicon))
    found = [one for one in topics if content_words(one) and not barred & set(one.lower().split())]
    often = {topic: article.lower().count(topic.split()[-1].lower()) for topic in found}
    return sorted((one for one in found if often[one] > 1), key=lambda topic: -often[topic]) or found[:1]


def _topics(text: str, lexicon: Lexicon) -> Iterator[str]:
    for match in _PHRASE.finditer(text):
        if lexicon.is_noun(match["words"].split()[-1]) and not match["words"][0].isupper():
            rest = _OF.match(text, match.end())
            more = rest.group() if rest and lexicon.is_noun(rest["words"].split()[-1]) else ""
            whose = match["whose"].lower()
            whose = whose if whose in ("his", "her", "their") else "the"
            yield f"{whose} {match['words']}" + more.replace(" our ", " the ").replace(" their ", " the ")
    for match in _BARE.finditer(text):
        if match["words"].islower() and lexicon.is_noun(match["words"].split()[-1]) and " " in match["words"]:
            yield match["words"]
    for mention in find_mentions(text):
        name = text[mention.start : mention.end]
        if mention.start and len(name) > 3 and _CLOSED.match(text, mention.end):  # noqa: PLR2004
            named = text[mention.start - 4 : mention.start].lower() == "the "
            if not lexicon.count(name) and name.lower() not in _NO_TOPICS:
                yield f"the {name}" if named else name


def in_other_words(topic: str, chance: random.Random) -> str:
    """The topic with a word changed for one of like meaning, or shortened; itself where neither can be."""
    known = [words for words in _OTHER_WORDS if holds_word(topic, words)]
    if known and topic.islower():
        words = max(known, key=len)
        changed = re.sub(rf"\b{re.escape(words)}\b", _OTHER_WORDS[words], topic)
        return changed.replace("the the ", "the ")
    parts = topic.split()
    if topic.islower() and len(parts) > 2 and " of " not in topic and chance.random() < 0.5:  # noqa: PLR2004
        return f"the {parts[-1]}" if parts[0] == "the" else parts[-1]
    return topic
