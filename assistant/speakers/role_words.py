"""Nouns that speak in newspapers, and nouns that do not although a verb of saying follows them."""

import re

GROUPS = (
    "officials?|police|authorities|officers|prosecutors|lawyers|attorneys|researchers|scientists|experts|analysts|"
    "economists|investigators|firefighters|organisers|organizers|organisations|organizations|critics|supporters|"
    "opponents|campaigners|activists|residents|witnesses|neighbours|neighbors|doctors|sources|aides|ministers|"
    "lawmakers|senators|republicans|democrats|leaders|executives|protesters|fans|parents|teachers|students|"
    "forecasters|meteorologists|detectives|deputies|diplomats|historians|observers|epidemiologists|advocates|"
    "spokesperson|spokesman|spokeswoman|management|bosses|staff|workers|unions|relatives|friends|people"
)
"""Who speaks without an article before them: “police said”."""

_ROLES = (
    r"man|men|woman|women|person|people|boy|girl|child|children|wife|husband|mother|father|mom|dad|son|daughter|brother|"
    r"sister|uncle|aunt|cousin|nephew|niece|grand\w+|parents?|famil(?:y|ies)|widow|couple|friends?|colleagues?|"
    r"neighbou?rs?|boss|bosses|chiefs?|heads?|president|minister|ministry|ministries|secretary|secretary-general|"
    r"government|cabinet|administration|kremlin|pentagon|embassy|department|agency|agencies|bureau|office|police|military|"
    r"army|navy|force|forces|guard|court|jury|judges?|compan(?:y|ies)|firms?|giant|airline|automaker|maker|retailer|"
    r"startup|brand|bank|fund|union|groups?|bod(?:y|ies)|watchdog|regulators?|organi[sz]ations?|association|federation|"
    r"foundation|institute|institution|charity|charities|non-?profit|party|parties|campaign|team|club|league|staff|crew|"
    r"committee|commission|council|board|panel|senate|house|congress|parliament|university|college|schools?|hospital|"
    r"church|museum|network|newspaper|airport|port|zoo|store|hotel|restaurant|studio|platform|magazine|broadcaster|outlet|service|centers?|centres?|coalition|alliance|bloc|"
    r"sides?|country|countries|nation|state|city|county|district|authority|duo|trio|twins?|pair|"
    r"governors?|mayors?|senators?|representatives?|congress\w+|lawmakers?|officials?|analysts?|economists?|"
    r"doctors?|lawyers?|attorneys?|counsel|actors?|actress|singers?|star|coach|captain|champions?|pope|king|queen|prince|"
    r"princess|sheriff|spokes\w+|chair\w*|ceo|cfo|coo|vp|aides?|advisers?|advisors?|experts?|general|colonel|"
    r"sergeant|lieutenant|diplomats?|ambassadors?|envoys?|sources?|victims?|students?|pupils?|teachers?|professors?|"
    r"authors?|critics?|clerks?|agents?|patients?|tenants?|residents?|presidents?|suspects?|defendants?|"
    r"participants?|assistants?|veterans?|democrats?|republicans?|conservatives?|guests?|hosts?|others|\d+-year-old|"
    r"[a-z]{2,}(?:ists?|icians?|arians?|woman|women|men|man)|"
    r"(?:work|teach|research|lead|report|own|play|produc|manag|writ|driv|farm|organi[sz]|support|protest|vot|us|design|"
    r"custom|strang|publish|develop|foundr?|train|execut|prosecut|investigat|direct|edit|invent|act|doct|surviv|campaign|"
    r"voyag|hik|swimm|runn|view|listen|offic|firefight|mak|cellphone us|brok|bank|build|sing|danc|preach|minist|"
    r"photograph|filmmak|read|buy|sell|shopp|travel|travell|passeng|custom|employ|contract|observ|forecast|commission|"
    r"command|soldi|troop|lawmak|policymak|speak|defend|keep|form|old|young|young|oth)(?:er|or|ive)s?"
)
_PREPOSITIONS = "of|for|from|at|in|with|on|to|by|about"
_HEAD = re.compile(
    rf"(?:(?!(?:{_PREPOSITIONS})\s)\S+\s)*(?:{_ROLES}|{GROUPS})(?:\s(?:{_PREPOSITIONS})\s.*)?", re.IGNORECASE
)
_STATEMENT = re.compile(r"the\s(?:.*\s)?(?:statement|tweet|post|letter|e-?mail|memo|release|message)s?", re.IGNORECASE)
_BROKEN = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|because|but|than|when|if|as|that|who|which|not|after|before|"
    r"while|since)\b|\b(?:and|or|the|an?|of|in|on|at|to|by|with|from|for)$",
    re.IGNORECASE,
)


def is_statement(phrase: str) -> bool:
    """Tell whether `phrase` is a text that speaks for whoever spoke before: “the statement”."""
    return _STATEMENT.fullmatch(phrase) is not None


def can_speak(phrase: str) -> bool:
    """Tell whether the noun `phrase` names people, an office or an organisation: “the ministry”, not “the report”."""
    return _HEAD.fullmatch(phrase) is not None and not _BROKEN.search(phrase)
