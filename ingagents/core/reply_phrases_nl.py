"""Dutch phrases, as written in the Netherlands and in Belgium."""

from __future__ import annotations

from ingagents.core.reply_phrases_cues import Cue, PhraseTable

__all__ = ["DUTCH"]

DUTCH: PhraseTable = {
    Cue.OPT_OUT: """
    (uitschrijven|afmelden|uitgeschreven|afgemeld|uitschrijving|afmelding|uit te schrijven|af te
        melden)
    (schrijf|meld|haal) (mij|me|ons) (uit|af|van|eraf)
    (verwijder*|wis|wissen|schrap*|delete) [~ ](mij|me|ons|mijn|onze|dit|deze|alle)
        [~ ](gegevens|adres|email*|mail*|e mail*|naam|nummer|data|lijst|bestand|database|uit|
        van)
    (verwijder*|schrap) (mij|me|ons)
    (mij|me|ons|gegevens|adres|mailadres) [~ ](verwijderen|te verwijderen|wissen|schrappen|
        halen|uitschrijven)
    (van|uit) (uw|je|jullie|de|deze) [_ ](lijst*|mailinglijst|mailinglist|database|bestand|
        mailing|verzendlijst|maillijst)
    (niet|nooit|geen) (meer|langer|verder) [~ ](mail*|e mail*|email*|contact*|bel*|bericht*|
        benader*|lastig*|schrijven|sturen|gemaild|gebeld|gecontacteerd|gestoord|benaderd|
        ontvangen|reclame|spam)
    (contacteer|mail|bel|benader|stuur|stoor|schrijf) (mij|me|ons) [~ ](niet|nooit|geen)
    (stop|stoppen|ophouden|kappen) (hiermee|daarmee|ermee|met)
    (stop|hou op|houd op|stoppen|ophouden) [~ ](met|mailen|bellen|spam*|sturen|contact*|
        berichten)
    (geen|nooit) [_ ](verdere|mails|e mails|berichten|telefoontjes|contact|spam|reclame)[ meer]
    (wil|wens|willen|wensen) [~ ](geen|niet|niets) [~ ](meer|ontvangen|gecontacteerd|benaderd|
        contact)
    (laat|laten) (mij|me|ons) (met rust|gerust)
    met rust laten
    (dit|het) is [_ ]spam
    (als spam|avg|gegevensbeschermingsautoriteit) [_ ](gemeld|melden|markeer|gemarkeerd|verzoek|
        verwijder*)
    (ik )?(blokkeer|rapporteer|meld) (je|jou|u|jullie|dit)
    (nooit|niet) [~ ](ingeschreven|toestemming|aangemeld|om gevraagd)
    (rot op|donder op|sodemieter op|ga weg|flikker op)
    ^[gelieve |graag |aub ](stop|stoppen|uitschrijven|verwijderen|
        afmelden)[ aub][ nu][ graag][ alstublieft][ a you b]$
    gelieve [~ ](niet|geen|verwijder*|te stoppen|mij|ons) [~ ](contact*|mail*|verwijder*|sturen|
        schrappen|stoppen|meer|uit|van)
    """,
    Cue.NOT_OPT_OUT: """
    (aarzel|twijfel) niet
    niet (stoppen|uitschrijven|verwijderen)
    """,
    Cue.BOUNCE: """
    (niet|kon) [~ ](bezorgd|afgeleverd)
    (onbestelbaar|niet bestelbaar)
    """,
    Cue.AWAY: """
    (automatisch antwoord|automatische reactie|afwezigheid*|afwezig*|niet op kantoor|buiten
        kantoor)
    (met|op) (vakantie|verlof|zwangerschapsverlof|ouderschapsverlof|ziekteverlof|zakenreis)
    (ben|vanaf|terug) [~ ](weer )?(bereikbaar|aanwezig|op kantoor|terug)
    (dringende|spoed*) (zaken|vragen|gevallen|aangelegenheden)
    voor dringende
    tijdens mijn afwezigheid
    (beperkt|geen) (toegang|bereikbaar)
    niet (meer )?werkzaam
    ontvangst van uw
    """,
    Cue.REFUSAL: """
    niets voor (ons|mij)
    (geen|niet|nooit|weinig|noch) [~ ](interesse|geïnteresseerd|geinteresseerd|interessant|
        behoefte|belangstelling|nodig|relevant|van toepassing|passend|voor (ons|mij)|mogelijk|op
        zoek|mee|deelnemen|ingaan|interesseert)
    interesseert [~ ]niet
    ^(nee|neen|neuh|nee dank*|nooit|zeker niet|absoluut niet|geen interesse|helaas niet)
    nee, (bedankt|dank*|dankjewel|hartelijk dank|merci)
    (bedankt|dank*|dank you), (maar )?(nee|neen|geen|niet|wij|we|ik)
    maar (nee|neen|geen interesse|niet voor)
    (helaas|jammer genoeg), [_ ][_ ][_ ](niet|geen|afwijzen|passen|nee)
    (pas|passen|bedanken|sla|slaan) [_ ](voor|hiervoor|deze|dit|over|even)
    (we|wij|ik) (passen|bedanken|slaan|pas)
    (wens|wensen) [_ ][_ ][_ ]succes
    veel succes
    past [_ ](niet|momenteel niet)
    afwijzen
    hoeft niet
    (ingevuld|voorzien)$
    """,
    Cue.OBJECTION: """
    (hebben|werken|gebruiken|heb|zijn) [_ ](al|reeds)
    (al|reeds) [~ ](leverancier|partner|oplossing|partij|voorzien|ingevuld)
    (geen|te weinig|onvoldoende) [_ ](budget|tijd|geld|middelen|capaciteit|ruimte)
    te (duur|vroeg|klein)
    tevreden (met|over)
    (geen|niet) [_ ]prioriteit
    """,
    Cue.NOT_REFUSAL: """
    geen (probleem|zorgen|idee|vraag)
    niet (alleen|slecht|verkeerd)
    waarom niet
    """,
    Cue.NOT_NOW: """
    (nu|momenteel|op dit moment|voorlopig|dit jaar|vandaag) [_ ](niet|geen|even niet)
    (niet|geen|even niet) [_ ][_ ](nu|momenteel|op dit moment|voorlopig|dit jaar|juiste moment)
    (misschien|wellicht|eventueel|liever) [_ ](later|volgend|een andere keer|in de toekomst)
    (volgend jaar|volgend kwartaal|op een later|later dit jaar|een andere keer|na de zomer|in
        het najaar)
    (te|heel|erg) druk
    """,
    Cue.REFERRAL: """
    niet de (juiste|goede) (persoon|contactpersoon)
    (verkeerde) (persoon|afdeling|adres)
    (contact opnemen|neem contact op|contacteer|mail|spreek|richten|wenden) [~ ](met|tot|aan|
        bij|mijn|onze) [_ ](collega|afdeling|emailaddress|manager|team|baas|directeur)
    (doorsturen|stuur * door|doorgestuurd|stuur [_ ][_ ]door|geef [_ ][_ ]door|doorgegeven)
    (mijn|onze) (collega*|baas|manager|leidinggevende|afdeling)
    (verantwoordelijk|bevoegd) voor
    in (cc|kopie)
    gaat (hier|daar)over
    """,
    Cue.MEETING: """
    (afspraak|gesprek|belafspraak|kennismaking|videocall|overleg|meeting|call|demo) [~ ](maken|
        plannen|inplannen|in te plannen|hebben|voeren|boeken)
    (een|korte|kort) (afspraak|gesprek|belletje|kennismaking|call|meeting|overleg)
    (bel|belt) (mij|me|ons|maar|gerust)
    (laten we|zullen we|kunnen we) [~ ](bellen|afspreken|praten|spreken|plannen|inplannen|
        overleggen)
    (wanneer|welke) [~ ](past|schikt|beschikbaar|tijd|kunnen)
    ({day}|volgende week) [~ ](past|schikt|kan|is goed|beschikbaar|om)
    (past|schikt|beschikbaar|kan) [_ ][_ ]({day}|volgende week)
    mijn nummer
    """,
    Cue.INTEREST: """
    (heb|hebben|wel|zeker|grote|veel) [_ ](interesse|belangstelling)
    (geïnteresseerd|geinteresseerd)
    (graag|heel graag|met plezier|met veel plezier)
    (vertel|vertelt) [_ ](me|mij|ons) [_ ]meer
    meer (weten|horen|over)
    (ben|zijn) [_ ](erbij|benieuwd|nieuwsgierig|van de partij)
    (doe|doen) mee
    stuur (maar|het|hem|ze)[ maar][ door][ op]
    (wil|willen|zou|zouden) [_ ](wel |graag )(meer|weten|deelnemen|sprek*)
    interesseert (me|mij|ons)
    """,
    Cue.LIKING: """
    (klinkt|lijkt|ziet|is|vind) [~ ](goed|interessant|leuk|super|tof|prima|geweldig|fantastisch|
        top|perfect|mooi)
    ^(leuk|super|prima|top|interessant|geweldig|perfect|goed idee|tof|mooi|fantastisch|heel
        interessant)
    (goed|leuk|mooi|tof) (idee|initiatief|voorstel)
    """,
    Cue.ASSENT: """
    ^(ja|jazeker|zeker|natuurlijk|uiteraard|akkoord|tuurlijk|graag|waarom niet|jawel)
    """,
    Cue.NOT_INTEREST: """
    (uw|je|jullie|you|your) (interesse|belangstelling)
    als you interesse
    """,
    Cue.UNSURE: """
    (moet|moeten|zal|zullen|ga|gaan) [~ ](nadenken|overleggen|bekijken|bespreken|overwegen|
        navragen)
    (kom|komen) [~ ](terug|op terug)
    (misschien|wellicht|hangt ervan af|weet (het )?(nog )?niet|eventueel)
    """,
    Cue.REQUEST: """
    (meer|extra|verdere|wat|aanvullende) (info*|informatie|details|uitleg)
    (stuur*|mail|bezorg*|sturen|opsturen|delen|doorsturen) [~ ][~ ](info*|informatie|details|
        prijs*|prijzen|brochure|voorstel|offerte|link|presentatie|programma|documentatie|
        tarieven|voorbeeld*)
    ^(wat|hoe|hoeveel|wanneer|waar|wie|waarom|welke|kunt|kan|kun|heeft|hebben|is|zijn|kunnen|
        waarover)
    (wat|hoeveel) (kost|kosten)
    (een|paar|enkele|nog) (vraag|vragen)
    waar gaat
    (kunt|kan|kun) (you|u|je|jij) [~ ](sturen|uitleggen|toelichten|vertellen|geven|mailen)
    """,
    Cue.SUSPICION: """
    (wie (bent|ben|zijn) (you|u|je|jij|jullie)|kennen wij elkaar|hoe komt (you|u) aan|hoe kom je
        aan|is dit spam|waar (heeft|heb|hebben|haalt|haal) [_ ](you|u|je|jullie)?)
    """,
    Cue.THANKS: """
    (bedankt|dank|dankjewel|dankuwel|ontvangen|genoteerd|begrepen)
    ^(ok|oke|hallo|dag|goed)
    """,
}
