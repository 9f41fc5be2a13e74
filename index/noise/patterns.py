r"""How the lines begin that news pages put around their articles, by kind.

The one rule: each pattern is matched from the start of a line and names enough of it that hardly any sentence of an
article could begin the same way. Lines come in lower case, with plain apostrophes and without leading decoration.
"""

import re

NETWORK = (
    r"(?:facebook|twitter|x|instagram|tiktok|threads|youtube|whatsapp|telegram|linkedin|snapchat|bluesky|"
    r"mastodon|pinterest|reddit|flipboard|google news|apple news|social media|socials|xing)\b"
)
_FRESH = r"(?:free|daily|weekly|monthly|morning|evening|breaking|latest|top|biggest|local|national|world|today's)"
_NEWS = r"(?:news|headlines?|newsletters?|updates?|alerts?|stories|coverage|briefings?|digest|bulletin)"
_MAIL = r"(?:e-?mails?|alerts?|notifications?|updates|texts?)"
_BULLETIN = (
    r"(?:newsletters?|inbox|mailing list|briefing|bulletin|"
    rf"(?:our|free|breaking|news|daily|weekly|text|push)(?: \w+){{0,2}} {_MAIL})\b"
)
_SIGN_UP = r"(?:sign[- ]?up|subscribe|register)(?: (?:right|now|here|today|free|for free|for it))*"
# What may stand before a prompt in its line: a question or a cue, at most one sentence.
_CUE = r"(?:(?:[^.]|\.(?! )){0,110}[.!?:,–—-]+ ?|[^.]{0,60}\bnewsletter )?(?:please )?"
_WRITER = r"(?:writer|reporter|editor|columnist|correspondent|journalist|producer|contributor|covers)\b"
_THEM = r"(?:him|her|them|me|us)"
_ADDRESS = r"\S+@\S+\.\w{2,}"
_AGENCY = (
    r"(?:getty(?: images)?|reuters|afp|ap photo|ap|associated press|shutterstock|epa|epa-efe|alamy|istock|"
    r"istockphoto|unsplash|bloomberg|nurphoto|imago|picture alliance|dpa|the canadian press|cp|pa|pa wire|"
    r"pa media|pa images|zuma|zuma press|sipa|sipa usa|rex|xinhua|anp|tass|pixabay|pexels|flickr|"
    r"wikimedia commons|anadolu|usa today sports)"
)
_NAME = r"[\w.'-]+(?: [\w.'-]+){0,3}"


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{alternative})" for alternative in alternatives))


PATTERNS: dict[str, re.Pattern[str]] = {
    "advert": _any(
        r"(?:story|article|content|post|report|text|video) continues"
        r"(?: (?:below|after|this|the|your|advertisement|advert|ads?|promo|video|photo|gallery|newsletter))*\W*$",
        r"(?:continue reading|scroll (?:down )?(?:to continue|for more))"
        r"(?: (?:below|with|after|for|the|this|our|your|main|story|article|content|advertisement|ads?|more|news))*"
        r"\W*$",
        r"(?:(?:skip|end of|start of|close|hide) )?(?:this )?(?:advertisements?|advertising)"
        r"(?:\W+(?:\d{1,2}|(?:story|article)? ?continues? (?:reading )?below.{0,30}|continue reading below|"
        r"scroll .{0,20}continue.{0,20}|loading|this ad\w* .{0,40}))?\W*$",
        r"(?:\d\W+)?how relevant is this ad to you",
        r"(?:skip past |after |before |skip )(?:the )?newsletter promotion\W*$",
        r"(?:sponsored|promoted|paid|partner) (?:content|post|links?|message)(?: (?:by|from)\b.{0,40})?$",
        r"(?:.{0,40}\b)?we (?:may|might) (?:earn|receive|get)\b.{0,60}\bcommission",
        r".{0,160}\bmay earn us an? .{0,20}commission\b",
        r"video ad feedback\b|this ad\w* has not loaded|(?:powered|recommended) by (?:taboola|outbrain)|ads by \w+$",
    ),
    "newsletter": _any(
        rf"(?:get|receive) (?:(?:the|our|your|all|an?|more|expert|exclusive|{_FRESH}) )*{_FRESH}"
        rf"(?: [\w&'/.-]+){{0,5}}? {_NEWS}(?:,? (?:from|on|in|about|by|with|every|each|here|now|today|first|and|"
        r"delivered|straight|right|direct|sent|to your|via)\b[^.]{0,80})?[.!]?$",
        rf"{_SIGN_UP} to (?:receive|get)\b.{{0,40}}\b(?:news|headlines|updates|stories)\b",
        r".{0,200}\bsign up here (?:for|to)\b.{0,60}\bnewsletter|(?:(?:our|free|daily|weekly|morning) )+"
        r"newsletters?$",
        r"(?:keep|stay) up(?: to date|-to-date)? (?:with|on) (?:all )?(?:the |our )?"
        r"(?:latest|breaking|international|world|local|national)\b(?: [\w-]+){0,3} news\b.{0,100}$",
        r"start your day with\b.{0,60}\b(?:news|stories|headlines) (?:you|that matter|delivered)\b|be the first "
        r"to (?:get|know|hear)\b[^.]{0,60}$",
        r"get e-?mail updates (?:from|on)|catch all the .{0,80}\b(?:news|updates)\b.{0,80}\bon\b",
        r"get [\w' ]{0,40}\b(?:daily|weekly|free)\b[\w' ]{0,20}newsletter\b",
        r"(?:get|receive|have|want|like|enjoy)\b.{3,220}\b(?:to|in|into) your inbox\b",
        r"(?:get|receive)\b.{3,120}\b(?:news|stories|headlines|alerts|newsletters?|advice|updates|scores)\b.{0,80}"
        r"\b(?:to|on) your (?:phone|e-?mail|mailbox|device)\b",
        r"(?:get|receive)\b.{3,160}\b(?:news|information|stories|analysis)\b.{0,60}\b(?:delivered|sent) to you\b",
        rf"{_CUE}{_SIGN_UP} (?:to|for|and|with)\b.{{0,140}}\b{_BULLETIN}",
        rf"{_CUE}{_SIGN_UP} (?:to|for)\b.{{0,60}}\b(?:latest|breaking|top) (?:\w+ )?(?:news|stories|headlines)\b",
        rf".{{0,200}}\b(?:{_BULLETIN}|the news|stories)\b.{{0,100}}[.!?:] ?(?:you can )?{_SIGN_UP}(?:\W*$| ?\. )",
        r"subscribe(?: (?:here|now|today|free|for free))* (?:to|on|via) (?:our|the|this|my)\b.{0,60}"
        r"\b(?:channel|podcasts?|magazine|edition|journalism|app)\b",
        r"subscribe\b.{0,80}\b(?:apple podcasts|spotify|wherever you)\b|subscribe to \S+ (?:today|now)\b",
        r"(?:you can )?unsubscribe (?:at )?any ?time|you may occasionally receive",
        r"(?:please )?(?:enter|provide) (?:a valid |your )?e-?mail(?: address)?(?:\W*$| (?:to|below|here|for)\b)"
        r"|(?:your )?e-?mail address\W*$|i would like to be e-?mailed",
        r"(?:thanks?|thank you) for (?:signing up|subscribing)\b|(?:privacy )?notice: newsletters may",
        r"there was an error, please provide a valid|(?:the next issue of|a welcome e-?mail) .{0,60}\b(?:inbox|"
        r"way)\b",
        r"would you like to receive\b.{0,80}newsletter|we won't share your (?:e-?mail|data)",
        r"we will use (?:the details|your)\b.{0,80}\b(?:newsletter|subscription|e-?mail)",
        r"(?:jetzt |hier |gleich )*(?:melden|abonnieren|erhalten|bestellen|registrieren) sie\b.{0,160}"
        r"(?:newsletter|postfach|push-)",
        r"(?:inscrivez-vous|abonnez-vous|recevez|s'inscrire|s'abonner)\b.{0,160}(?:newsletter|infolettre|boîte|"
        r"alertes?\b)",
        r"(?:suscríbete|suscríbase|regístrate|recibe|apúntate|inscríbete)\b.{0,160}"
        r"(?:newsletter|bolet[íi]n|bandeja|tu correo)",
    ),
    "subscription": _any(
        r"already (?:an? )?(?:subscriber|member|registered|subscribed|have an account)(?:\W*$|\?|,? (?:please )?"
        r"(?:sign|log) ?in\b)|have an account\?",
        r"(?:this|these) (?:article|content|story|page|feature|stories|articles|pieces?) (?:is|are) (?:\w+ ){0,3}?"
        r"(?:for|to)\b.{0,30}\b(?:subscribers|members)\b",
        r"subscribe (?:(?:now|today|here) )?(?:to|and) (?:read|continue|unlock|keep|access|enjoy|support)\b",
        r"subscribe (?:now |today )?(?:for|from) (?:just |only |as little as )?[$€£]?\d",
        r"to (?:continue|keep) reading(?: this (?:article|story))?,? (?:please|you|subscribe|sign|log|register|"
        r"create)\b",
        r"you(?: have|'ve)(?: \w+){0,2}? (?:\w+ )?(?:free|complimentary|gift) articles?(?: (?:remaining|left|to "
        r"give|this|per|a month)\b|\W*$)",
        r"you(?: have|'ve) reached your\b.{0,40}(?:limit|articles)|start your (?:free )?(?:trial|subscription)\b",
        r"(?:unlock|get) unlimited\b.{0,40}\baccess\b|unlock (?:this|the full|all) (?:article|story|stories|"
        r"content)\b",
        r"(?:become|consider becoming) an? (?:\S+ ){0,4}?(?:digital )?(?:subscriber|member)(?: today| now|\W*$)",
        r"support (?:our|independent|quality|local|great|real|trusted)(?: \w+)? journalism(?:\W| by| today| and)",
        r".{0,200}\bplease consider (?:supporting (?:our|us)|subscribing|a subscription)",
        r"(?:thank you|thanks) for (?:supporting|reading|being) (?:our|local|independent|quality|a subscriber)\b",
        r"(?:log|sign) ?in(?: or (?:register|sign up|subscribe|create an account))?"
        r"(?: to (?:continue|comment|read|view|save|subscribe|follow|leave|join)\b.{0,60})?$",
        r"create (?:an|a free) account or (?:log|sign) ?in\b.{0,60}$|enjoy (?:additional|unlimited|more) articles\b",
        r"access articles from .{0,40}\baccount$|your support (?:helps|makes|enables)\b.{0,80}$",
        r"create (?:a free|an|your free) account"
        r"(?: (?:to (?:continue|read|comment|save|get|unlock)\b.{0,60}|or (?:log|sign).{0,20}))?\W*$",
        r"register (?:now )?(?:for free\b.{0,60}|to (?:continue|read|unlock)\b.{0,60})$",
        r"as a subscriber,? you|.{0,60}\bis reserved for (?:our )?subscribers|limited[- ]time offer\b.{0,60}$",
        r"il vous reste [\d.,]+ ?% de|(?:cet )?article (?:est )?réservé (?:à nos |aux )?abonnés",
        r"la suite est réservée|déjà abonné|vous avez déjà un compte",
        r"(?:sie sind )?(?:schon|bereits) (?:abonnent|abonniert|registriert|kunde)\b",
        r"dieser (?:artikel|inhalt) ist (?:nur )?(?:für )?abonnenten",
        r"¿?ya (?:eres|estás|tienes) (?:suscriptor|registrad|una cuenta)|contenido exclusivo para suscriptores",
        r"para seguir leyendo,|suscríbete para\b.{0,60}$|jetzt (?:kostenlos )?testen\b.{0,40}$",
    ),
    "social": _any(
        rf"(?:you can )?(?:also )?(?:follow(?: \S+){{1,9}}?|(?:like|find|join|add|watch) (?:us|me)(?: \S+){{0,3}}?|"
        rf"connect with {_THEM}|get in touch with us) (?:on|via|at|through) (?:our |the )?(?:@|{NETWORK})"
        r"(?: (?:page|channel|group|community|account))?(?:$|[.,:;!()@/&]| ?@| (?:at|via|on|as|or|for)\b|"
        rf" to (?:stay|get|keep|see)\b| and (?:{NETWORK}|on|like|subscribe|join|follow|at|@))",
        r"follow @\w|@[\w.]+\W*$|(?:twitter|instagram|tiktok|facebook|x|threads)(?: and \w+)?: ?@\w+.{0,60}$",
        r"(?:contact|e-?mail|reach|message|tweet|follow|call|text|write to)\b.{0,140}\s@\w{2,}",
        rf"(?:.{{0,300}}(?:[.!?;:)] |\byou can ))?(?:also )?(?:reach|follow|contact|e-?mail|tweet|text|message) "
        rf"{_THEM} "
        r"(?:at |on |by |via )?(?:(?:[\w' ]{0,30}\b)?(?:twitter|x|instagram|facebook|threads|bluesky)\b|@|\S+@\S+)",
        r"(?:.{0,300}(?:[.!?;:)] |\byou can ))?(?:reach|call) (?:him|her|them|me) (?:at|on) [\d() .-]{9,}",
        rf".{{0,200}}\b{_WRITER}.{{0,200}}\b(?:e-?mail|twitter|x|contact|reach(?:ed)?|follow)\b.{{0,60}}@\S",
        r".{0,100}\bcan be reached (?:at|on|via|by) .{0,80}@\S|(?:he|she) can be reached (?:at|on) [\d() .-]{9,}",
        rf"{_ADDRESS}\W*$|e-?mail: ?{_ADDRESS}(?: .{{0,40}})?$|send tips to\b.{{0,60}}@",
        r"(?:contact|e-?mail|reach) (?:(?:the|our) (?:reporter|writer|author|columnist)|(?!the |your |our |an? |"
        r"local )\S+)(?: \S+){0,6}? at \S+@\S+\W*$",
        r"(?:more|full|complete|ap) (?:\S+ ){0,3}(?:coverage:? )?.{0,20}https?://\S+(?:.{0,60}https?://\S+)?$",
        r"contact (?:the |this )?(?:author|reporter|writer)s?\b.{0,40}@|"
        r"if you have (?:a|any) .{0,30}\b(?:story ideas?|tips?)\b.{0,60}\b(?:e-?mail|contact us|get in touch)\b",
        r"for (?:the )?(?:latest|more|breaking) [^.]{0,60}\b(?:follow|visit|download|check out) (?:our|us|the "
        r".{0,20}app)\b",
        r"(?:add|make|set) .{0,40}\b(?:preferred source|google news)\b.{0,40}$",
        r"follow .{0,40}\bcoverage\b.{0,80}https?://|get (?:\w+ )?updates in your texts",
        r"(?:folgen sie uns|suivez-nous|síguenos|síganos|seguici|siga-nos)\b.{0,120}$",
    ),
    "share": _any(
        r"(?:click (?:here )?to )?(?:share|tweet|e-?mail|print)(?: (?:this|on|via|by|to|with|the|a|full|page|"
        r"article|story|"
        rf"post|video|recipe|gallery|quiz|link|your|friends?|family|and|or|e-?mail|print|{NETWORK}|\(opens in "
        r"new window\)))+\W*$",
        r"[\d.,]+ ?k? shares?$|(?:compartir en|partager sur) \w+$",
        rf"(?:auf|per|via) (?:{NETWORK}|e-?mail) teilen$|(?:like|tweet|pin) this\b.{{0,20}}$|like loading",
    ),
    "comments": _any(
        r"(?:view|show|see|read|post|add|leave|write|hide|load|join|skip to)?(?: ?(?:all|the|a|your|more))*"
        r"(?: ?\(?[\d.,]+k?\)?)? ?\bcomments?(?: ?[(\[|:]? ?[\d.,]+k?[)\]]?| below| section)?$",
        r"(?:what do you think|what are your thoughts|do you agree)\b[^?]{0,100}\?.{0,80}\b(?:comment|let us "
        r"know|tell us|email)",
        r"(?:tell us|let us know)\b.{0,60}\bcomments?\b.{0,40}$|comments (?:on|for) this (?:article|story) "
        r"(?:are|have)\b",
        r"(?:this|the) (?:article|story|comments? section) is (?:now )?closed (?:for|to) comments?|the comments "
        r"below have",
        r"join (?:our|the) (?:conversation|discussion|commenting forum)(?:\W*$| (?:below|here|now|on|in the "
        r"comments|with)\b.{0,60}$)|join thought-provoking conversations",
        r"kommentare? ?\(?\d+\)?$|\d+ (?:kommentare?|commentaires?|comentarios?)$",
        r"(?:do you )?(?:have|got|know)\b.{0,60}\b(?:tip|story|question|news)\b.{0,60}\?.{0,60}"
        r"\b(?:e-?mail|contact|get in touch|send|whatsapp|reach|submit|tell us|let us know)\b",
        r"send (?:us )?(?:your )?feedback$|(?:share your thoughts|we want to hear from you)\b.{0,80}$",
        r"your e-?mail address will not be published|notify me of (?:new|follow)|this site uses akismet",
        r".{0,80}\bcivil forum for discussion|was this (?:article |page |story )?(?:helpful|useful)\?",
        r"(?:thanks|thank you) for your feedback\W*$|(?:help us improve|rate this article)\b.{0,40}$",
        r"send (?:us )?your (?:story ideas|comments|letters|thoughts|questions)\b.{0,60}(?:@|\bto\b)",
    ),
    "legal": _any(
        r"©|\(c\) ?(?:19|20)\d\d\b|copyright (?:©|\(c\)|(?:19|20)\d\d)|content ©|.{0,250}\ball rights "
        r"reserved\b(?! for\b)",
        r".{0,200}\bmay not be (?:published|reproduced|copied|broadcast|reprinted)\b.{0,80}"
        r"\b(?:rewritten|redistributed|permission|consent)",
        r"by (?:clicking|signing up|providing|subscribing|submitting|entering|continuing|creating|registering|"
        r"using this)\b.{0,120}\byou(?:'ve| have)? (?:agree|accept|consent|acknowledge|read)",
        r"this (?:story|article|report) has not been edited by|(?:all )?(?:market )?(?:quotes|data) delayed\b",
        r"this (?:site|form|page) is protected by recaptcha|read about our approach to external linking",
        r"(?:the )?\w{0,20} ?is not responsible for the content of external|our standards: .{0,80}$",
        r"a version of this (?:article|story|column) appear(?:s|ed) in print\b",
        r"(?:.{0,40}\b(?:terms of (?:use|service)|privacy (?:policy|notice|statement)|cookie policy)\b){2}.{0,60}$",
        r"alle rechte vorbehalten|.{0,120}tous droits réservés|.{0,120}todos los derechos reservados",
    ),
    "cookies": _any(
        r"(?:we|this (?:site|website|page)|our (?:site|website|partners)|we and our\b.{0,40})\b.{0,40}"
        r"\b(?:uses?|using|store)\b.{0,80}\bcookies(?: (?:and|to|for|on)\b|\W*$|[.,] )",
        r"by (?:using|continuing)\b.{0,80}\bcookies\b|.{0,40}\bcontent\b.{0,80}\bmay (?:be using|use) cookies",
        r"to (?:view|display|show|see|play|watch)(?: you)? this (?:content|video|embed|map)\b.{0,120}"
        r"\b(?:cookies|consent|javascript|tracking|browser)\b",
        r".{0,60}\benable javascript\b|your browser (?:does ?n[o']t|is out of date)|one of your browser extensions",
        r"(?:this|the) (?:video|content|media) (?:can ?not|can't) be (?:played|displayed|shown)(?: (?:in|on) "
        r"your .{0,40})?\W*$",
        r"you can use the buttons below to amend|(?:we apologi[sz]e, but )?this video has failed to load|try "
        r"refreshing your",
        r"this is a modal window|video player is loading|the media could not be loaded",
        r"please use (?:chrome|a different|another) browser|pour afficher ce contenu",
        r"(?:diese (?:seite|website)|wir) (?:verwende[tn]|nutz(?:t|en)|setzen) .{0,40}cookies",
        r"an dieser stelle finden sie .{0,40}extern|(?:nous|ce site|notre site) utilis(?:ons|e) des cookies",
        r"(?:este sitio|esta (?:web|página)|utilizamos|usamos)\b.{0,60}cookies",
    ),
    "link": _any(
        r"(?:read|see|view|find) (?:the |our |his |her |their )?(?:full|original|complete|entire|whole) "
        r"(?:story|article|report|list|post|coverage|interview|version)(?: (?:here|at|on|in|from)\b.{0,40})?\W*$",
        r"(?:read|see|find|learn) more (?:about|on|from|here|of our)\b[^.?!]{0,100}$",
        r"(?:read|see|find|learn) more (?:(?:about|on|from|at|in|of our)\b.{0,100}\b)?here\W*$",
        r"(?:[^.?!]{0,80}\? )?(?:click|tap) here(?: (?:to|for|if|or|and)\b.{0,90})?\W*$",
        r"(?:to|for|if)\b[^.?!]{3,100}, (?:click|tap) here\W*$",
        r"click to (?:play|watch|read|listen|view|see|expand|enlarge|copy)\b",
        r"click (?:on )?the (?:headline|image|photo|arrow)\b|the .{2,30} app (?:brings|gets|gives) you\b",
        r"watch (?:(?:the|this|our) )?(?:full )?(?:video|clip|interview) (?:above|below|here)\b.{0,60}$",
        r"(?:download|get|install|try) (?:our|the .{0,25}\bnews)(?: \w+)? app\b.{0,80}$|download the [\w "
        r"]{1,20} app\W*$",
        r"list (?:of \d+ items|\d+ of \d+.{0,200})$|(?:image|slide|photo|gallery) \d+ of \d+\W*$",
        r"new ?you can now listen to|(?:become an? .{0,20}|our )sponsors?$|you are here: ?.{0,60}$|you are "
        r"here$|hier geht(?: es|'s) (?:zu[mr]?|weiter)\b[^.]{0,50}$",
        r"temps de lecture\b.{0,20}$|follow (?:this )?topics?$|(?:read|open) in (?:the )?app$|get the app$",
        r"\d{1,2}[ -]?(?:min(?:ute)?s?|minuten) (?:read|lesezeit|de lecture)$|(?:estimated )?reading time:? .{0,20}$",
        r"listen(?: to this (?:article|story))?[ (·-]*\d+ ?(?:min(?:ute)?s?|:\d\d)\W*$|\d{1,2}:\d\d ?/ ?"
        r"\d{1,2}:\d\d$",
        r"(?:filed under|tagged (?:as|with|in)|tags|archivado en|mots-clés|schlagwörter):? ?\S+(?:(?:,| \|| •) ?"
        r"[^.?!]+)+$",
    ),
}
"""Kind of noise -> what a line of it matches from its start."""

CREDIT = _any(
    r"(?:photo(?:graph)?s?|image|picture|foto|bild|credits?|(?:photo|image) (?:credits?|source)|crédit photo|"
    r"bildquelle)"
    rf"(?: by|:|,| -|\.\.\.) ?(?:{_NAME} ?(?:/|\||,|for |via |- )\s*)?{_AGENCY}(?:(?:/| via |, )(?:{_AGENCY}|"
    rf"{_NAME}))*\W*$",
    rf"(?:photo(?:graph)?|image|picture|composite|credit): {_NAME} ?/ ?{_NAME}\W*$|credit\.\.\. ?.{{3,80}}$",
    rf"(?:photo|image|picture) credits?: ?{_NAME}(?:/{_NAME})?$|file photo\W*$",
    rf"{_NAME} ?(?:/|via )\s?{_AGENCY}(?:(?:/| via )(?:{_AGENCY}|{_NAME}))*\W*$|{_AGENCY}/{_NAME}(?:/{_NAME})?"
    r"\W*$",
    r"getty images\W*$|ap photo\W*$|photos? (?:by|courtesy(?: of)?):? (?:[\w.'/-]+ ?){1,6}$",
)
"""A line that only says whose a picture is."""
