"""German phrases. Written with umlauts; the text is folded, so both spellings are found."""

from __future__ import annotations

from ingagents.core.reply_phrases_cues import Cue, PhraseTable

__all__ = ["GERMAN"]

GERMAN: PhraseTable = {
    Cue.OPT_OUT: """
    (abmelden|abbestellen|austragen|auszutragen|abzumelden|abbestellung|abmeldung|abgemeldet)
    (lösch*|entfern*|streich*|nehm*|trag*|austragen) ~ (mich|uns|meine|meinen|mein|unsere|
        unseren|diese) [~ ][~ ](verteiler|liste*|daten|datenbank|adresse|email*|mail*|e mail*|
        kontakt*|nummer|system|crm|aus|raus|heraus|mailingliste|datensatz|mailverteiler)
    (lösch*|entfern*|streich*) (sie |bitte )?(mich|uns)
    (mich|uns|meine ~|unsere ~) [~ ](löschen|entfernen|streichen|auszutragen|zu löschen|zu
        entfernen|rausnehmen|rauszunehmen)
    (meine|unsere|alle|meiner|sämtliche) [~ ]daten [~ ](lösch*|entfern*|gelöscht)
    (daten|adresse|kontaktdaten|email|mail) ~ (löschen|entfernen|zu löschen)
    datenlöschung
    (löschung|entfernung) [~ ](meiner|unserer|der) [_ ](daten|adresse|kontaktdaten)
    (aus|von) (dem|der|ihrem|ihrer|deinem|deiner|eurem|eurer|allen) [_ ](verteiler|liste|
        datenbank|mailingliste|newsletter|mailverteiler|adressliste)
    (keine|keinerlei|nie) (weitere|weiteren|mehr|werbe*|solche*|derartige*) [~ ](mail*|e mail*|
        email*|nachricht*|kontakt*|anruf*|werbung|anfrage*|zusend*|post|sms|mehr)
    keine [~ ](mails|emails|e mails|nachrichten|anrufe|werbung|werbemails|anfragen|newsletter|
        kontaktaufnahme|spam|zusendungen) [~ ](mehr|erhalten|bekommen|empfangen|schicken|senden|
        zu)
    keine (werbung|werbemails|kontaktaufnahme|kaltakquise|weitere kontaktaufnahme)
    (nicht|nie|niemals|nie wieder) [mehr |weiter |wieder |länger ][~ ](kontaktier*|anschreib*|
        angeschrieben|anruf*|angerufen|belästig*|schreib*|mailen|melden|anmailen|zu
        kontaktieren|anzuschreiben|zuspammen|kontakt aufnehmen)
    (kontaktier*|schreib*|belästig*|mail*|melde*|ruf*|spam*) [sie ][ihr ][du ](mich|uns|mir)
        [~ ](nicht|nie) [_ ](mehr|wieder|weiter|an|$)
    (nicht|nie) (mehr|wieder) [~ ](kontakt*|schreib*|anschreib*|meld*|mail*|belästig*|anruf*)
    (hör*|hören sie|schluss) ~ auf
    (unterlass*|einstellen|stoppen sie|stellen sie) [~ ](kontakt*|mail*|e mail*|nachrichten|
        werbung|zusendung|ein|das|dies)
    (bitte )?unterlassen sie
    zu unterlassen
    (lass*|lasst) [sie ](mich|uns) [bitte ](in ruhe|in frieden)
    in ruhe lassen
    hau ab
    (verpiss*|zieh leine|verschwinde*|leck mich)
    ^[bitte ](stopp*|stop|aufhören|löschen|entfernen|abmelden|
        schluss)[ bitte][ sofort][ jetzt][ danke]$
    (das|dies|es) ist [_ ](spam|belästigung)
    (als|wegen) spam [_ ](gemeldet|melden|markier*|gekennzeichnet)
    (gemeldet|blockier*) (sie|dich|euch)
    (melde|melden|gemeldet|blockier*) [~ ](als spam|dich|euch|linkedin|absender)
    (werde|habe) (ich )?(sie|dich|euch|diese*) [~ ](blockier*|meld*|gemeldet|anzeig*)
    (dsgvo|datenschutz*) [~ ](lösch*|auskunft|verstoß*|anfrage|beschwerde|behörde|widerspr*|
        beauftragte*)
    (widerspreche*|widerruf*|widerspruch) [~ ](nutzung|verarbeitung|einwilligung|verwendung|
        speicherung|ich|hiermit|der|die)
    hiermit (widerspreche|widerrufe)
    (art|artikel) (17|21|15)
    (rechtliche schritte|mein* anwalt|meinem anwalt|abmahnung|unterlassungs*|anzeige erstatten|
        verbraucherzentrale|bundesnetzagentur)
    (nie|nicht) [~ ](angemeldet|zugestimmt|eingewilligt|eingetragen|abonniert|angefordert|
        einverstanden mit der)
    (woher|wo) [~ ](daten|adresse|mail|email|nummer) [~ ][~ ]lösch*
    (will|möchte|wünsche|wollen|möchten) [~ ](nichts mehr|nicht mehr|keine weitere*|keine mails|
        keine nachrichten|nie wieder)
    keinen [weiteren ]kontakt
    kein [weiterer ]kontakt
    von [weiteren |weiterer |jeder |zukünftigen ](kontakt*|mails|e mails|nachrichten|anfragen|
        anschreiben|zusendungen) [~ ](absehen|abzusehen|ab)
    sehen sie von [~ ](kontakt*|anfragen)
    verschonen sie
    unerwünschte (werbung|mail*|kontakt*|e mail*)
    """,
    Cue.NOT_OPT_OUT: """
    (zögern|scheuen) sie [sich ]nicht
    (bitte )?nicht (aufhören|löschen|abmelden|austragen|entfernen|stoppen)
    hören sie [bitte ]nicht auf
    nicht [vom|aus dem] verteiler
    (melde|meld) [ich ](mich|dich|uns)
    (unsere|unser|eigener|eigene) [_ ](abmeldung|abmelde*|abbestell*|newsletter*)
    stopp* sie (doch )?(vorbei|an unserem)
    nicht (mehr )?warten
    (abmelde|abbestell)*(rate|quote|seite|link|button) (unser*|auf)
    hört sich
    hören sich
    """,
    Cue.BOUNCE: """
    unzustellbar*
    (nicht|konnte) [~ ](zugestellt|ausgeliefert) [werden]
    zustell* [~ ](fehlgeschlagen|nicht möglich|fehler)
    (empfänger|adresse|postfach|mailbox) [~ ](unbekannt|existiert nicht|nicht gefunden|voll|
        ungültig|nicht erreichbar|deaktiviert)
    """,
    Cue.AWAY: """
    (abwesenheit*|automatische antwort|abwesenheitsnotiz|abwesenheitsassistent)
    (nicht|außer) (im büro|im haus|haus|am platz|im dienst|erreichbar|zu erreichen)
    (im|in) (urlaub|elternzeit|mutterschutz|krankenstand|ferien)
    (bin|befinde mich|sind) [~ ](abwesend|verreist|krankgeschrieben|auf dienstreise|auf
        geschäftsreise|unterwegs bis|im urlaub|in elternzeit|außer haus|nicht im büro|erst
        wieder|erst ab)
    (ab|am|bis|wieder) [~ ](wieder )(erreichbar|im büro|für sie da|zurück|da)
    (bin|sind) [~ ]zurück
    erst [~ ]wieder (da|im|erreichbar|zurück)
    (dringend*|eiligen|notfällen|dringlich*) [_ ](fällen|fall|angelegenheiten|anliegen|anfragen|
        notfällen|wenden)
    in [sehr ]dringenden
    wenden sie sich [bitte ]an [~ ](vertretung|kolleg*|zentrale)
    (meine|während meiner) (abwesenheit|vertretung)
    (mail|nachricht*|e mail|email) [~ ]nicht (weitergeleitet|gelesen|bearbeitet)
    nach meiner rückkehr
    (eingeschränkt*|keinen|nur begrenzt*|kein*) zugriff
    nicht mehr (im unternehmen|bei der|bei|für|tätig|in der firma)
    (ihre|deine) (anfrage|nachricht|mail|e mail) [~ ](eingegangen|erhalten|schnellstmöglich|
        bearbeite*)
    (werde|werden) [~ ][~ ](nach|sobald|ab|umgehend) [~ ](beantworten|rückkehr|antworten|zurück)
    urlaubsbedingt
    """,
    Cue.REFUSAL: """
    (kein|keinen|keinem|keiner|keines|keinerlei|keine|null|nicht|nie|momentan kein|wenig|weder)
        [~ ](interesse|interessiert*|interessant|bedarf|verwendung|lust)
    (interessier*|reizt|überzeugt|passt|betrifft|brauch*|benötig*) [~ ](nicht|nichts|kein*)
    (nicht|nichts) [~ ](interessant|interessiert|relevant|passend|für (uns|mich)|in frage|
        infrage|von interesse|notwendig|nötig|geeignet|erforderlich|möglich|unser thema|unsere
        baustelle|meine baustelle|mein thema|gewünscht|erwünscht|zielführend|teilnehmen|dabei|
        leisten|einrichten|kommen)
    ^nein
    nein, (danke|vielen dank|besten dank|merci|leider)
    (danke|vielen dank|dank)[ aber][ nein], (nein|aber nein|kein*|nicht|wir haben|wir sind|
        brauch*)
    aber nein
    nehmen [~ ]abstand
    leider enttäuschen
    ^(leider|sorry|bedaure), [_ ](nein|nicht|kein*|wir|ich|müssen|muss)
    ^(nö|nee|ne|nicht|niemals|auf keinen fall|keinesfalls|sicher nicht|bestimmt nicht|nie im
        leben|im leben nicht|kein|keine|kein bedarf|leider nicht)$
    (muss|müssen|möchte|möchten|werde|werden|leider|muß|darf) [~ ](absagen|ablehnen|verzichten|
        passen|ab|dankend ablehnen|nein sagen|abwinken)
    (sage|sagen|lehne|lehnen|winke) [~ ]ab
    (wir|ich) (verzichten|verzichte|passe|passen|lehnen ab|lehne ab)
    (absagen|absage|dankend ab|verzichten dankend|abgelehnt|verzichte|ablehnen)
    (bin|sind) [~ ](raus|versorgt|bestens versorgt|gut aufgestellt|bedient|ausgestattet|gut
        versorgt|nicht dabei|nicht zuständig und)
    gut (versorgt|aufgestellt|bedient|ausgestattet|betreut)
    (lieber|eher|doch) nicht
    (passt|passend|past|kommt|geht) [~ ]nicht
    (brauch*|benötig*) [~ ](nicht|kein*|nichts)
    (wünsche*|wünschen) [~ ](erfolg|glück|gutes)
    viel (erfolg|glück) [_ ](bei|mit|noch|weiterhin|anderen|anderswo)
    nicht unser* (fokus|bereich|branche|zielgruppe|budget)
    (haben|habe) [~ ]entschieden [~ ](gegen|nicht|dagegen)
    (dagegen|gegen [_ ][_ ]) entschieden
    anderweitig (entschieden|vergeben|versorgt)
    nicht (weiter )?verfolgen
    (suchen|suche|planen|plane) [~ ](nicht|kein*|nichts)
    """,
    Cue.OBJECTION: """
    (haben|nutzen|verwenden|arbeiten|setzen|habe) [~ ](bereits|schon|intern)
    (bereits|schon) [~ ](versorgt|anbieter|partner|lösung|dienstleister|agentur|vergeben|
        vorhanden|im einsatz|verplant|unter vertrag)
    (kein|keine|keinen|zu wenig|fehlt|fehlen) [~ ](budget|geld|zeit|mittel|kapazität*|
        ressourcen|spielraum)
    zu (teuer|hoch|aufwändig|klein|viel|komplex)
    (vertraglich|vertrag) [~ ](gebunden|bis|laufzeit|noch)
    budget [~ ](aufgebraucht|erschöpft|verplant|vergeben|ausgeschöpft|gestrichen|verbraucht)
    (nicht|keine) [~ ](priorität|überzeugt|sinnvoll|sicher ob)
    (mache|machen|erledigen|lösen) [~ ](intern|selbst|inhouse)
    (intern|inhouse|selbst) (gelöst|abgedeckt|gemacht|umgesetzt)
    zufrieden mit
    mit [~ ]zufrieden
    sprengt
    """,
    Cue.NOT_REFUSAL: """
    (kein|keine) (problem*|ahnung|frage*|sorge|thema|eile|einwände|bedenken|umstände)
    nicht (nur|schlecht|uninteressant|abgeneigt|verkehrt|zögern|dass ich|dass wir|verpassen)
    warum nicht
    wieso nicht
    (hätte|hätten|habe|haben) nichts dagegen
    nichts dagegen
    (kann|können) [es ][_ ](nicht|kaum) erwarten
    zögern sie nicht
    nicht zuletzt
    nicht (weit|lange|mehr lange)
    (noch )?nicht (gehört|gesehen|gelesen|gekannt)
    """,
    Cue.MOCKERY: """
    (zeitverschwendung|blödsinn|quatsch|unsinn|lächerlich|dreist|frechheit|unverschämt*|
        schwachsinn|mist|abzocke)
    soll das ein witz
    wer's glaubt
    ^(na toll|ganz toll|na super|na klasse|ach wie schön|wie originell|träum weiter|klar doch)
    schon wieder [_ ](so|eine|ein|werbung|spam)
    träumen sie weiter
    nachts um drei
    genau was (ich|wir) [_ ]gefehlt
    hat [_ ]gerade noch gefehlt
    """,
    Cue.NOT_NOW: """
    (momentan|derzeit|aktuell|im moment|zurzeit|zur zeit|gerade|jetzt|augenblicklich|heuer|
        dieses jahr) [~ ](nicht|kein*|schlecht|ungünstig|schwierig|unpassend|keine)
    (nicht|kein*) [~ ](momentan|derzeit|aktuell|im moment|zurzeit|jetzt|gerade|dieses jahr|der
        richtige zeitpunkt)
    (vielleicht|eventuell|gern|lieber|dann|evtl|ggf|möglicherweise) [~ ](später|nächstes|
        kommendes|im nächsten|ein andermal|ein anderes mal|im herbst|im frühjahr|irgendwann|
        2026|2027)
    (melde*|kontaktier*|schreib*|frag*|sprech*|komm*|erinner*) [~ ][~ ](später|nächstes|
        nächsten|im nächsten|kommenden|im herbst|im frühjahr|im sommer|im winter|in (einem|ein|
        zwei|drei|sechs|ein paar|einigen) (jahr|monat*|monaten|quartal)|q1|q2|q3|q4|{month}|nach
        (dem|der|den)|wieder|noch einmal|nochmal)
    (nächstes|kommendes) jahr (gern|wieder|vielleicht|eventuell|sehr gern)
    (schlechter|falscher|ungünstiger|unpassender) (zeitpunkt|moment)
    (zeitpunkt|timing) [~ ](schlecht|ungünstig|nicht|unpassend)
    (noch )?zu früh
    (auf|in) (später|wiedervorlage|das nächste jahr|nächstes jahr)
    ^später$
    vielleicht
    erst (wieder )?(im|in|nach|ab|nächstes)
    zu einem späteren
    (viel um die ohren|ausgelastet|viel zu tun|keine zeit)
    """,
    Cue.REFERRAL: """
    (nicht|falscher|falsche|nicht mehr) [~ ](zuständig|verantwortlich|ansprechpartner*|
        richtige*|der richtige|die richtige)
    (falscher|falsche|falschen) (ansprechpartner*|person|adresse|kontakt|abteilung)
    (zuständig|verantwortlich|ansprechpartner*) [~ ][_ ](ist|sind|für|wäre|bei uns)
    (wenden|wende|melden|kontaktieren|schreiben|sprechen|fragen) (sie|dich|euch|du)
        [sich ][~ ](an|mit|bei|emailaddress|kolleg*|frau|herrn|unser*|mein*)
    (leite|leiten|gebe|geben|reiche) [~ ][~ ](weiter|intern|an)
    (weitergeleitet|weiterleiten|weitergegeben|weitergeben|weiterreichen)
    (mein|meine|meinen|meiner|unser*) [_ ](kolleg*|chef*|vorgesetzt*|team|abteilung|marketing*|
        geschäftsführ*)
    in kopie
    in cc
    (frau|herr|herrn) [_ ] (ist|wird|kümmert|übernimmt)
    kümmert sich
    """,
    Cue.MEETING: """
    (termin|gespräch|telefonat|call|meeting|austausch|demo|videocall|kennenlern*)
        [~ ][_ ](vereinbar*|ausmachen|abmachen|machen|finden|buchen|einstellen|planen|
        vorschlagen|führen|ansetzen|freu*|passt|nächste|am|um|für)
    (ein|einen|zum|für|gern|kurz*|ersten) [_ ][_ ](termin|telefonat|call|austausch|gespräch|
        meeting|kennenlerngespräch|demo)
    (telefonieren|zusammensetzen|treffen wir|sprechen wir|lassen sie uns|lass uns|wollen wir)
    (rufen|ruf) [sie ](mich|uns|mal|gern|bitte)
    (wann|welcher) [~ ](zeit|passt|termin|sprechen|telefonieren|können wir)
    ({day}|nächste woche|kommende woche) [~ ](passt|zeit|passen|gut|frei|ginge|möglich|
        verfügbar|um|hätte)
    (passt|ginge|geht|hätte|habe) [_ ][_ ]({day}|nächste woche|kommende woche)
    (schicken|senden|schlagen) sie [~ ](termin*|einladung|terminvorschläge)
    meine (nummer|handynummer|telefonnummer|durchwahl)
    erreichbar unter
    um clocktime
    (zeit|termine) [~ ](nächste woche|{day}|kommende woche)
    """,
    Cue.INTEREST: """
    (habe|haben|hätte|hätten|großes|besteht|unser|mein|hab|grundsätzlich|prinzipiell)
        [~ ]interesse
    interesse (besteht|ist da|geweckt|daran|an)
    (interessiert|interessieren) (mich|uns)
    (bin|sind|wäre|wären|sehr|grundsätzlich|prinzipiell) [_ ][_ ]interessiert
    ^interessiert
    (hätte|hätten|habe|haben) lust
    (gern|sehr gern|herzlich gern|liebend gern|unbedingt)
    ^(ja|klar|na klar|auf jeden fall|unbedingt|einverstanden|selbstverständlich|natürlich|
        jawohl|jo|jep) gern
    (bin|sind|wäre|wären) [_ ][_ ](dabei|offen|bereit|neugierig|gespannt)
    (erzählen|erzähl) [sie ](mir|uns) mehr
    (mehr|weiteres) (erfahren|wissen|hören|darüber)
    (würde|würden) [~ ](freuen|interessieren|teilnehmen|sprechen|unterstützen|mitmachen|
        kennenlernen)
    (freue|freuen) (mich|uns) [~ ](auf|darauf|über|sehr|von)
    (möchte|möchten|will|wollen) [~ ][~ ](teilnehmen|mehr|kennenlernen|sprechen|sponsern|dabei
        sein|mitmachen|erfahren|vortragen|ausprobieren|testen|unterstützen|buchen)
    (genau|exakt) (was|das) (wir|ich)
    (suchen|suche|planen) (gerade|aktuell|derzeit|momentan|schon)
    (nehme|nehmen) [~ ]an$
    (sage|sagen) [_ ]zu
    zusage*
    (eine )?ehre
    (schicken|senden) sie (es|das|ihn)
    (schick|sende) (es|das|sie) (mir|uns|gern|rüber)
    (mache|machen|mach) [_ ][_ ]mit$
    """,
    Cue.LIKING: """
    (klingt|hört sich|sieht|wirkt|ist|finde ich|wäre|das ist|hört) [~ ](gut|interessant|super|
        spannend|toll|vielversprechend|prima|großartig|klasse|perfekt|cool|sinnvoll|
        hervorragend)
    ^(super|toll|spannend|interessant|prima|klasse|perfekt|großartig|sehr gut|cool|wunderbar|
        hervorragend|ausgezeichnet|gute idee|tolle idee|passt)
    (tolle|spannende|gute|super|interessante|schöne|großartige) (idee|sache|veranstaltung|
        angebot|initiative|konzept|projekt|event|konferenz|anfrage)
    (gefällt|begeistert|überzeugt|spricht) (mir|mich|uns)
    """,
    Cue.ASSENT: """
    ^(ja|jawohl|jo|jep|klar|na klar|logo|sicher|gern|natürlich|selbstverständlich|auf jeden
        fall|einverstanden|warum nicht|passt|machen wir|abgemacht|unbedingt|aber ja|hallo, ja)
    ja bitte
    ja gern
    """,
    Cue.NOT_INTEREST: """
    (ihr|dein|euer|für das|für ihr) interesse
    (ja|na) (klar|toll|super|gut|dann), (nicht|nein)
    (falls|wenn|ob) (sie|du|ihr) interesse
    (haben|hätten) sie interesse
    vielen dank für (ihr|dein|das) interesse
    ja nicht
    ja aber (nein|nicht|kein*)
    zu gern
    """,
    Cue.LAPSED: """
    (wäre|wären|hätte|hätten) [~ ](gewesen|gehabt|interessiert gewesen)
    """,
    Cue.UNSURE: """
    (muss|müssen|werde|werden) [~ ][~ ](überlegen|besprechen|nachdenken|abstimmen|klären|prüfen|
        rücksprache|abklären|intern)
    (überlege|überlegen|bespreche|prüfe|prüfen|kläre|klären) [~ ](es|das|mir|uns|intern|wir|ich|
        und)
    (melde|melden) [~ ](mich|uns) [~ ](wieder|dann|zurück|bei|sobald|gegebenenfalls)
    (weiß|wissen) [~ ](noch )?nicht
    (nicht|noch nicht) (sicher|entschieden)
    ^(vielleicht|mal sehen|kommt drauf an|eventuell|mal schauen|jein)
    (komme|kommen) [~ ](zurück|zu)$
    (kommt|hängt) [~ ](drauf|darauf|davon|ab)
    """,
    Cue.REQUEST: """
    (weitere|mehr|nähere|zusätzliche|genauere|ein paar|einige|alle|die|detaillierte) (info*|
        details|angaben|unterlagen|daten|einzelheiten|auskünfte|material)
    (schicken|senden|schick|sende|zuschicken|zusenden|zukommen|übermitteln|nennen|mailen)
        [~ ][~ ](info*|details|unterlagen|angebot|preis*|broschüre|präsentation|link|beispiel*|
        konditionen|flyer|agenda|programm|kosten|konzept|material|pakete|mehr)
    (info*|details|unterlagen|angebot|preis*|broschüre|präsentation|preisliste|konditionen|
        programm) [~ ](schicken|senden|zusenden|zuschicken|zukommen|bekommen|erhalten|haben|
        mailen)
    ^(was|wie|wer|wann|wo|welche*|wieviel|wie viel|worum|wofür|warum|woher|gibt es|können sie|
        könnten sie|kannst du|könntest du|haben sie|ist das|ist es|sind|bieten sie|wird|werden)
    (was|wie viel|wieviel) [_ ](kostet|kosten|würde)
    (wie hoch|kosten|preise|honorar|gebühr*)
    worum geht
    (können|könnten) sie [~ ][~ ](schicken|senden|erklären|sagen|nennen|erläutern)
    (eine|paar|einige|noch) (frage|fragen)
    (erklären|erläutern) sie
    um was geht
    """,
    Cue.SUSPICION: """
    (wer sind sie|wer bist du|wer seid ihr|kennen wir uns|(woher|wie) (haben|hast|kommen|kommst|
        kriegen|habt) [~ ][~ ](nummer|adresse|daten|mail*|email*|kontakt*|namen)|woher haben
        sie|woher hast du|ist das (spam|ein bot|werbung)|sind sie ein (bot|mensch)|warum
        schreiben sie|was soll das|was wollen sie|wie kommen sie (an|auf|zu))
    """,
    Cue.THANKS: """
    (danke|dank|merci|vielen dank|besten dank|herzlichen dank|dankeschön|danke schön|erhalten|
        zur kenntnis|alles klar|verstanden|in ordnung|gut zu wissen)
    ^(ok|gut|hallo|guten tag|moin|servus|aha|achso|hm)
    """,
}
