"""How the noun phrases of English news are written that a verb of saying has for its subject, as regular expressions.

The one rule: a pattern only proposes; `assistant.speakers.subjects` decides with the names that the article has.
"""

import re

from assistant.speakers.narration import QUOTED
from assistant.speakers.role_words import GROUPS

ADVERBS = re.compile(
    r"(?:\s+(?:has|have|had|would|will|could|also|later|then|already|previously|recently|earlier|once|often|again|"
    r"now|still|even|just|both|all|himself|herself|themselves|[a-z]+ly|(?:last|this)\s+\w+|in\s+an?\s+\w+|"
    r"(?:on\s+)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|too))+$|\s*\([^()]{1,80}\)$"
)
PRONOUN = re.compile(r"\b(?:he|she|they|it)$", re.IGNORECASE)
PRONOUN_AFTER = re.compile(r"(?:he|she|they)\b", re.IGNORECASE)
RELATIVE = re.compile(r",?\s+(?:and\s+)?who$")
DETERMINER = (
    r"(?:[Tt]he|[Aa]n?|[Oo]ne|[Aa]nother|[Ss]ome|[Mm]any|[Mm]ost|[Ss]everal|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts|[Bb]oth|"
    r"[Oo]ther|[Tt]wo|[Tt]hree|[Tt]hese|[Tt]hose|[Tt]his|[Oo]ur|[Mm]y)"
)
GENITIVE = r"[^\W\d_a-z][\w&-]*(?:[’']s|s[’'])"
WORDS = r"[\w’'.&-]+"
PHRASE = re.compile(rf".*\b(?P<phrase>(?:{DETERMINER}|{GENITIVE})\s+(?:{WORDS}\s+){{0,6}}?[\w’'&-]+)$", re.DOTALL)
PHRASE_AFTER = re.compile(rf"(?:{WORDS}\s+){{0,10}}{WORDS}")
PHRASE_START = re.compile(rf"(?:{DETERMINER}|{GENITIVE})\s", re.DOTALL)
PHRASE_END = re.compile(
    r"\s+(?:who|which|that|on|in|as|when|while|after|before|during|about|whose|where|via|by|at|to|from|and|said|with|"
    r"sent|posted|released|published|obtained|provided|filed|issued|written|seen|reviewed|compiled|conducted|shared)"
    r"(?:\s|$)|(?<=\w)\.(?:\s|$)"
)
GROUP = re.compile(rf"(?P<before>(?:\b{WORDS}\s+){{0,2}})\b(?:{GROUPS})$", re.IGNORECASE)
GROUP_AFTER = re.compile(rf"(?:{WORDS}\s+){{0,3}}?(?:{GROUPS})\b", re.IGNORECASE)
QUALIFIER = re.compile(
    r"(?:(?:local|state|federal|city|county|senior|top|health|government|military|security|school|company|union|"
    r"industry|public|church|campaign|election|defence|defense|intelligence|emergency|weather|legal|climate)|"
    r"[^\W\d_a-z][\w.’'&-]*)\s+"
)
# “Ann Hill shook her head and said”: the subject stands further up.
SECOND_VERB = re.compile(r"\s(?:and|but|then)$")
OPENING = re.compile(rf"(?:^|{QUOTED}\s*|\b(?:But|And)\s)([^\W\d_a-z]{WORDS}(?:\s+{WORDS}){{0,2}})$")
NO_SUBJECT = frozenset(
    "i we you that this what which there as so if when while and or but than to not where how why because then "
    "here now in on at by from for with of ever never".split()
)
OWNED = re.compile(r"[’']s?\s$")
PREPOSITION = re.compile(r"\s+(?:of|for|from|at|with|in)(?:\s+(?:the|an?|its|his|her|their|[A-Z]\w*[’']s?))?$")
BARRIER = re.compile(r"\b(?:of|by|with|from|to|for|in|at|on|about|after|than|against|and)\s+(?:the\s+)?$")
LEAD_IN = re.compile(r"(?:The|A|An)\s+(?:[\w’'-]+\s+){0,3}?[\w’'-]+?(?=\s+(?:\w+ed|has|have|is|was|were|said)\b)")
MAIN_PRONOUN = re.compile(r"\b(?:[Hh]e|[Ss]he|[Tt]hey)\b")
