"""Words that stand in or beside names, in lower case and without full stops: titles, places, parts of sentences."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words(
    "president vice-president vice prime minister chancellor senator representative congressman congresswoman governor "
    "mayor judge justice chief secretary general secretary-general colonel lieutenant sergeant captain major admiral "
    "commander doctor professor mr mrs ms mx miss sir dame lord lady baroness baron reverend attorney director ceo "
    "cfo coo chairman chairwoman chairperson chair commissioner speaker leader ambassador sheriff officer detective "
    "inspector superintendent constable spokesman spokeswoman spokesperson press deputy coach manager councillor "
    "councilman councilwoman councilmember mp msp mep dr sen rep gov gen col lt sgt capt cpl prof rev maj adm cmdr hon "
    "supt det insp atty editor correspondent state treasury defence defense interior founder co-founder premier "
    "taoiseach archbishop bishop cardinal imam rabbi pastor sheikh ayatollah whip democrat democrats republican "
    "republicans envoy adviser advisor analyst economist lawyer actor actress singer author resident passenger "
    "astronaut farmer teacher student driver nurse researcher scientist historian activist journalist reporter "
    "columnist writer novelist artist musician rapper comedian athlete striker goalkeeper midfielder defender "
    "quarterback winger boxer golfer engineer architect designer chef owner investor banker strategist physicist "
    "biologist virologist epidemiologist meteorologist forecaster geologist psychologist pollster prosecutor "
    "barrister firefighter paramedic soldier veteran pilot survivor witness neighbour neighbor lawmaker legislator "
    "candidate nominee contestant champion presenter anchor producer filmmaker photographer influencer billionaire "
    "entrepreneur businessman businesswoman organizer organiser campaigner protester volunteer treasurer principal "
    "delegate undersecretary comptroller auditor coroner warden ranger"
)
"""What stands before a name and is no part of it."""

KEPT_TITLES = _words("pope king queen prince princess sister father mother emperor saint st")
"""Titles that stay with a first name (“Pope Francis”) and go with a full one."""

DEMONYMS = _words(
    "american british english scottish welsh irish canadian australian french german italian spanish polish russian "
    "ukrainian belarusian turkish greek dutch belgian swedish norwegian danish finnish israeli palestinian iranian "
    "iraqi syrian egyptian saudi indian pakistani afghan chinese japanese korean taiwanese mexican brazilian "
    "argentine colombian nigerian kenyan ethiopian european african asian democratic conservative labour tory liberal"
)
"""Nationalities and parties that stand before a name."""

WEEKDAYS = _words("monday tuesday wednesday thursday friday saturday sunday")
"""Days that follow a name without a comma (“Biden Tuesday”)."""

MONTHS = _words("january february march april may june july august september october november december")
"""Months, of which some are surnames too."""

FUNCTION_WORDS = _words(
    "the a an and but or nor so yet for if when while as although though because since after before until once unless "
    "whether where why how what who whom whose which that this these those there here in on at by to from with without "
    "of off over under into onto about against among between during through within despite unlike like per via he she "
    "it they we you i his her its their our your my him them us me not no yes now then also still even just only both "
    "either neither each every all some many most more several few other another such same earlier later last next "
    "today tonight yesterday tomorrow meanwhile however instead indeed perhaps maybe asked according speaking writing "
    "one two three four five six seven eight nine ten is was are were be been has had have do does did can could will "
    "would should may might must let read see more watch yet again thus hence too very back down up out amid following"
)
"""Words that open a sentence with a capital and no name."""

NOT_PEOPLE = _words(
    "university college school academy institute institution committee council commission department ministry agency "
    "bureau office board court house senate congress parliament party union association federation league club "
    "foundation fund bank group company corporation corp inc ltd llc co service services force forces army navy guard "
    "police times post news journal tribune herald guardian magazine press media network radio television street road "
    "avenue river island islands mountain mount county city town village states kingdom republic "
    "emirates district province region nations crescent cup games olympics award awards act assembly executive "
    "museum library hospital center centre airport station stadium theatre theater festival conference summit "
    "york angeles korea zealand africa america europe asia kong arabia lanka rica security health rights "
    "series initiative campaign operation treaty organization organisation authority administration government "
    "reserve exchange airlines motors systems technologies entertainment pictures studios records dhabi and the of"
)
"""Words that make an organisation or a place of a name, wherever they stand in it."""

NOT_FIRST_NAMES = _words(
    "north south east west northern southern eastern western central new united white black red supreme capitol los "
    "las san santa el st world human air saudi great royal national international federal first second associated state"
)
"""Words that do so only where they open it: Kanye West is a man, West Virginia is not."""

MALE = _words("mr sir lord king prince pope father congressman spokesman chairman councilman actor businessman he")
"""Titles and roles of men."""

FEMALE = _words(
    "mrs ms miss dame lady queen princess sister mother congresswoman spokeswoman chairwoman councilwoman actress "
    "businesswoman baroness she"
)
"""Titles and roles of women."""

SUFFIXES = _words("jr sr ii iii iv")
"""What may follow a surname."""
