"""The words that news pages put around their articles: whole lines, headings of link lists, names of their sections.

The one rule: a phrase stands in `WHOLE_LINES` only if a line of nothing else is never part of an article. All are in
lower case, with straight apostrophes and without colons, separated by `|`.
"""


def _phrases(*blocks: str) -> frozenset[str]:
    joined = "|".join(" ".join(block.split()) for block in blocks)
    return frozenset(phrase for piece in joined.split("|") if (phrase := piece.strip()))


WHOLE_LINES = _phrases(
    # sharing, comments
    """
    comments | share | share via | share page | share options | view more share options | about sharing |
    close extra sharing options | social sharing | share or comment on this article | share your thoughts |
    copy link | copy link url copied! | url copied | link copied | link copied to clipboard |
    copied to clipboard | add to favorites | join the conversation | join the discussion | have your say |
    leave a reply | leave a comment | be the first to comment | comments are closed | comments are moderated
    | teilen | artikel teilen | kommentare | kommentieren | partager | partager l'article | commentaires |
    compartir | compartir en | comentarios | condividi | compartilhar
    """,
    # advertisements
    """
    ad | ads | advert | adverts | ad feedback | video ad feedback | remove ads | report this ad | report ad
    | why this ad | advertise with us | hide ad | sponsored by | sponsor message | paid for by | paid post |
    promoted stories | anzeige | werbung | weiterlesen nach der anzeige | publicité |
    la suite après la publicité | la suite après cette publicité | publicidad | publicidade |
    continúa después de la publicidad | continua após a publicidade | continua após publicidade | pubblicità
    | advertentie
    """,
    # reading on, players
    """
    read more | load more | keep reading | read on | read now | read next | now playing | just watched |
    watch more | watch live | watch now | listen now | listen to this article | listen to article |
    listen to story | play video | video player | media caption | image caption | loading... | loading… |
    toggle caption | hide caption | enlarge this image | enlarge image | expand image |
    view image in fullscreen | open image in gallery | click to expand | tap to unmute | unmute |
    skip next section | scroll down for video | end of carousel | end of list | back to top | return to top
    | go to top | back to homepage | back to home | return to homepage | previous article | next article |
    previous story | next story | nach oben | zum seitenanfang | zur startseite | mehr anzeigen |
    lire la suite | voir plus | haut de page | leer más | ver más | seguir leyendo | sigue leyendo |
    leggi tutto | lees verder | leia mais
    """,
    # menus, accounts
    """
    skip to content | skip to main content | skip to navigation | skip to footer | skip to main navigation |
    skip links | jump to content | main menu | open menu | close menu | open navigation | toggle navigation
    | toggle menu | site navigation | search for | search this site | open search | site search | log in |
    log out | logout | sign in | sign up | sign out | my account | subscribe | subscribe now |
    subscribe today | subscribers only | subscriber only | for subscribers | subscriber exclusive |
    newsletter | donate now | e-paper | site map | sitemap | rss | rss feed | listen live |
    gift this article | give this article | share full article | save article | save this story |
    save for later | bookmark this article | bookmark popover | removed from bookmarks | print this article
    | print this page | email this article | email this page | reuse this content | order reprints |
    report an error | report a typo | report this | submit a correction | acquire licensing rights |
    opens new tab | opens in new tab | opens in new window | opens in a new window | change edition |
    anmelden | abmelden | einloggen | jetzt anmelden | jetzt abonnieren | newsletter abonnieren |
    artikel drucken | zum inhalt springen | zum hauptinhalt springen | se connecter | s'abonner |
    abonnez-vous | je m'abonne | s'inscrire | aller au contenu | aller au contenu principal |
    article réservé aux abonnés | réservé aux abonnés | iniciar sesión | inicia sesión | suscríbete |
    suscribirse | regístrate | registrarse | ir al contenido | saltar al contenido | abbonati
    """,
    # law, cookies
    """
    terms of use | terms of service | terms and conditions | terms & conditions | privacy policy |
    privacy notice | privacy settings | privacy center | your privacy choices | your privacy rights |
    do not sell my personal information | do not sell or share my personal information | do not sell my info
    | cookie policy | cookie settings | cookie preferences | cookie notice | manage cookies |
    manage preferences | manage choices | manage my choices | cookie consent | accept all | accept cookies |
    accept all cookies | accept and continue | allow cookies | allow all cookies | reject all |
    reject all cookies | agree and close | continue without accepting | accessibility help |
    datenschutzerklärung | cookie-einstellungen | alle akzeptieren | empfohlener externer inhalt |
    empfohlener redaktioneller inhalt | mentions légales | politique de confidentialité | tout accepter |
    tout refuser | gérer mes choix | continuer sans accepter | aviso legal | política de privacidad |
    política de cookies | aceptar todo | aceptar cookies | send any friend a story | submit a news tip |
    report error | editorial standards | reprints & permissions | reprints and permissions | filed under |
    report a typo or correction | report typo | article content | allow cookies once | never miss a story |
    support us | source link | add to bookmarks | add to reading list | read later | fehler melden |
    link kopieren | artikel anhören | artikel vorlesen | weiterlesen | jetzt lesen | imprimer |
    envoyer par e-mail | écouter l'article | offrir l'article | lire plus tard | copiar enlace | imprimir |
    ver comentarios | leer en español | previous post | next post | older posts | newer posts |
    leave a reply cancel reply | prev story | skip advertisement | skip ad
    """,
)
"""Lines that are noise wherever they stand."""

BUTTONS = _phrases(
    """
    menu | facebook | twitter | x | instagram | youtube | tiktok | whatsapp | linkedin | pinterest | reddit
    | telegram | messenger | flipboard | tumblr | threads | bluesky | mastodon | snapchat | xing | pocket |
    sms | rss | email | e-mail | mail | print | save | copy | link | like | tweet | pin | post | search |
    play | pause | mute | previous | prev | back | faq | account | advertise | accessibility | image source
    | supported | follow | close | accept | register | replay | aceptar | rechazar | copied | donate |
    try again | about us | contact us | corrections and clarifications | accepter | akzeptieren | zustimmen
    | agb | impressum | datenschutz | login | navigation | loading | connexion | newsletters | merken |
    reageer | comentar | réagir | sponsored | supported by | share on | accedi | assine | annons | annonse |
    anzeigen | see more | show more | view more | learn more | i agree | i accept | please wait | delen |
    commenti | find out more | see all | view all | drucken | follow us | externer inhalt | bookmark |
    dismiss | top comments | text size | font size | a a | a a a | guardar | escuchar | suivre | feedback |
    rate | follow topic | favourite | favorite | favoritos | done | cancel | submit | ok | yes | no thanks |
    not now | maybe later | like this
    """,
)
"""Buttons and networks: noise beside noise or among their like, since alone each may be an article's word."""

SECTIONS = _phrases(
    """
    home | news | latest | latest news | breaking news | world | world news | us | u.s. | uk | uk news |
    us news | international | national | local | local news | politics | business | economy | money |
    finance | markets | tech | technology | science | health | climate | environment | education | sport |
    sports | football | soccer | culture | arts | entertainment | lifestyle | life | style | travel | food |
    opinion | opinions | analysis | features | investigations | weather | obituaries | crosswords | puzzles
    | games | podcasts | podcast | audio | live | tv | radio | shop | jobs | cars | real estate |
    classifieds | events | startseite | politik | wirtschaft | kultur | wissen | panorama | accueil |
    actualités | politique | économie | monde | inicio | portada | internacional | nacional | economía |
    política | deportes | cultura | opinión | video | videos | photos | pictures | gallery | image | photo |
    edition | live tv | reklama | menu | next | terms | privacy | cookies | conversation | more | press |
    careers | help | about | contact | what do you think | what do you think? | up next | must watch |
    magazine | crime | courts | europe | africa | asia | americas | middle east | australia | canada | india
    | china | celebrity | tv & radio | film | movies | music | books | recipes | fashion | family | motoring
    | property | sportarten | gesellschaft | regional | lokales | société | gente | tecnología | ciencia |
    salud | in pictures | reel | worklife | earth | innovation | live updates | the latest
    """,
)
"""Entries of menus: noise only where several stand together, since alone each may be a subheading."""

LIST_HEADINGS = _phrases(
    """
    related | related stories | related story | related articles | related article | related news |
    related content | related coverage | related links | related reading | related posts | related videos |
    related topics | related internet links | more on this | more on this story | more on this topic |
    more on this issue | more stories | more news | more like this | more coverage | more to read |
    more to explore | more top stories | more headlines | other stories | other news | also read | read also
    | also in the news today | see also | read more | read more on this | read next | read this next |
    keep reading | further reading | explore more on these topics | explore more | learn more | most read |
    most read stories | most read articles | most viewed | most popular | most popular stories |
    most watched | most shared | most commented | popular now | popular stories | popular posts |
    popular articles | trending | trending now | trending stories | trending topics | trending articles |
    trending videos | what to read next | recommended | recommended stories | recommended articles |
    recommended reading | recommended for you | recommended by our editors | top stories |
    today's top stories | our top stories | latest stories | latest headlines | latest news | recent stories
    | recent posts | recent articles | headlines | top headlines | in other news | elsewhere on this site |
    editor's picks | editors' picks | editor's choice | editors' choice | our picks | don't miss |
    do not miss | must read | must reads | in case you missed it | icymi | you may also like |
    you might also like | you may like | you might like | you may also be interested in |
    you might be interested in | you may have missed | around the web | from around the web | from the web |
    from our partners | from our sponsors | partner content | sponsored content | sponsored links |
    sponsored stories | paid content | promoted content | more videos | latest videos | quick links |
    useful links | external links | on our site | tags | topics in this story | topics in this article |
    subscriber exclusives | just for subscribers | mehr zum thema | zum thema | lesen sie auch |
    auch interessant | das könnte sie auch interessieren | das könnte dich auch interessieren | meistgelesen
    | meistgelesene artikel | am meisten gelesen | weitere artikel | weitere nachrichten | weitere themen |
    ähnliche artikel | mehr lesen | mehr aus dem ressort | lire aussi | à lire aussi | à lire également |
    sur le même sujet | sur le même thème | les plus lus | les plus lues | articles les plus lus |
    à voir aussi | dans la même rubrique | nos articles les plus lus | lea también | lee también |
    leer también | te puede interesar | te recomendamos | noticias relacionadas | más noticias |
    más sobre este tema | lo más leído | lo más visto | lo más popular | también te puede interesar |
    artículos relacionados | lees ook | meest gelezen | leggi anche | articoli correlati | leia também |
    mais lidas | related images | related video | most discussed | most watched news videos |
    more from the web | more in this section | in this section | next story | lesen sie mehr |
    mehr nachrichten | aktuelle meldungen | plus lus | sur ce sujet | noticias más leídas | ver también
    """,
)
"""Headings above lists of other stories."""

UNSURE_HEADINGS = _phrases(
    """
    don't miss | do not miss | related | learn more | recommended | recommended reading | further reading |
    trending | trending topics | most popular | most watched | must read | headlines | top stories |
    in other news | external links | quick links | useful links | popular now | most viewed | most shared |
    editor's choice | editors' choice | our picks | zum thema
    """,
)
"""Those of `LIST_HEADINGS` that may head a part of an article: they go only with a list of stories beneath."""
