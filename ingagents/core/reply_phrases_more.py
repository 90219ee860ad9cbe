"""Dutch, Italian and Portuguese, and the opt-outs and refusals of some further languages."""

from __future__ import annotations

from ingagents.core.reply_phrases_cues import Cue, PhraseTable

__all__ = ["DUTCH", "FURTHER", "ITALIAN", "PORTUGUESE"]

DUTCH: PhraseTable = {
    Cue.OPT_OUT: (
        "(uitschrijven|afmelden|uitgeschreven|afgemeld|uitschrijving|afmelding|uit te schrijven|af te "
        "melden)", "(schrijf|meld|haal) (mij|me|ons) (uit|af|van|eraf)", "(verwijder*|wis|wissen|schrap*|"
        "delete) [~ ](mij|me|ons|mijn|onze|dit|deze|alle) [~ ](gegevens|adres|email*|mail*|e mail*|"
        "naam|nummer|data|lijst|bestand|database|uit|van)", "(verwijder*|schrap) (mij|me|ons)",
        "(mij|me|ons|gegevens|adres|mailadres) [~ ](verwijderen|te verwijderen|wissen|schrappen|halen|"
        "uitschrijven)", "(van|uit) (uw|je|jullie|de|deze) [_ ](lijst*|mailinglijst|mailinglist|database|"
        "bestand|mailing|verzendlijst|maillijst)", "(niet|nooit|geen) (meer|langer|verder) [~ ](mail*|"
        "e mail*|email*|contact*|bel*|bericht*|benader*|lastig*|schrijven|sturen|gemaild|gebeld|"
        "gecontacteerd|gestoord|benaderd|ontvangen|reclame|spam)", "(contacteer|mail|bel|benader|stuur|"
        "stoor|schrijf) (mij|me|ons) [~ ](niet|nooit|geen)", "(stop|stoppen|ophouden|kappen) (hiermee|daarmee|ermee|met)", "(stop|hou op|houd op|stoppen|ophouden) "
        "[~ ](met|mailen|bellen|spam*|sturen|contact*|berichten)", "(geen|nooit) [_ ](verdere|mails|"
        "e mails|berichten|telefoontjes|contact|spam|reclame)[ meer]", "(wil|wens|willen|wensen) [~ ]"
        "(geen|niet|niets) [~ ](meer|ontvangen|gecontacteerd|benaderd|contact)", "(laat|laten) "
        "(mij|me|ons) (met rust|gerust)", "met rust laten", "(dit|het) is [_ ]spam", "(als spam|avg|"
        "gegevensbeschermingsautoriteit) [_ ](gemeld|melden|markeer|gemarkeerd|verzoek|verwijder*)",
        "(ik )?(blokkeer|rapporteer|meld) (je|jou|u|jullie|dit)", "(nooit|niet) [~ ](ingeschreven|"
        "toestemming|aangemeld|om gevraagd)", "(rot op|donder op|sodemieter op|ga weg|flikker op)",
        "^[gelieve |graag |aub ](stop|stoppen|uitschrijven|verwijderen|afmelden)[ aub][ nu][ graag]"
        "[ alstublieft][ a you b]$", "gelieve [~ ](niet|geen|verwijder*|te stoppen|mij|ons) [~ ]"
        "(contact*|mail*|verwijder*|sturen|schrappen|stoppen|meer|uit|van)",
    ),
    Cue.NOT_OPT_OUT: ("(aarzel|twijfel) niet", "niet (stoppen|uitschrijven|verwijderen)"),
    Cue.BOUNCE: ("(niet|kon) [~ ](bezorgd|afgeleverd)", "(onbestelbaar|niet bestelbaar)"),
    Cue.AWAY: (
        "(automatisch antwoord|automatische reactie|afwezigheid*|afwezig*|niet op kantoor|buiten kantoor)",
        "(met|op) (vakantie|verlof|zwangerschapsverlof|ouderschapsverlof|ziekteverlof|zakenreis)",
        "(ben|vanaf|terug) [~ ](weer )?(bereikbaar|aanwezig|op kantoor|terug)", "(dringende|spoed*) "
        "(zaken|vragen|gevallen|aangelegenheden)", "voor dringende", "tijdens mijn afwezigheid",
        "(beperkt|geen) (toegang|bereikbaar)", "niet (meer )?werkzaam", "ontvangst van uw",
    ),
    Cue.REFUSAL: (
        "niets voor (ons|mij)", "(geen|niet|nooit|weinig|noch) [~ ](interesse|geïnteresseerd|geinteresseerd|interessant|behoefte|"
        "belangstelling|nodig|relevant|van toepassing|passend|voor (ons|mij)|mogelijk|"
        "op zoek|mee|deelnemen|ingaan|interesseert)", "interesseert [~ ]niet", "^(nee|neen|neuh|nee "
        "dank*|nooit|zeker niet|absoluut niet|geen interesse|helaas niet)", "nee, (bedankt|dank*|dankjewel|"
        "hartelijk dank|merci)", "(bedankt|dank*|dank you), (maar )?(nee|neen|geen|niet|wij|we|ik)",
        "maar (nee|neen|geen interesse|niet voor)", "(helaas|jammer genoeg), [_ ][_ ][_ ](niet|geen|"
        "afwijzen|passen|nee)", "(pas|passen|bedanken|sla|slaan) [_ ](voor|hiervoor|deze|dit|over|even)",
        "(we|wij|ik) (passen|bedanken|slaan|pas)", "(wens|wensen) [_ ][_ ][_ ]succes", "veel succes",
        "past [_ ](niet|momenteel niet)", "afwijzen", "hoeft niet", "(ingevuld|voorzien)$",
    ),
    Cue.OBJECTION: (
        "(hebben|werken|gebruiken|heb|zijn) [_ ](al|reeds)", "(al|reeds) [~ ](leverancier|partner|"
        "oplossing|partij|voorzien|ingevuld)", "(geen|te weinig|onvoldoende) [_ ](budget|tijd|geld|"
        "middelen|capaciteit|ruimte)", "te (duur|vroeg|klein)", "tevreden (met|over)",
        "(geen|niet) [_ ]prioriteit",
    ),
    Cue.NOT_REFUSAL: ("geen (probleem|zorgen|idee|vraag)", "niet (alleen|slecht|verkeerd)", "waarom niet"),
    Cue.NOT_NOW: (
        "(nu|momenteel|op dit moment|voorlopig|dit jaar|vandaag) [_ ](niet|geen|even niet)", "(niet|geen|"
        "even niet) [_ ][_ ](nu|momenteel|op dit moment|voorlopig|dit jaar|juiste moment)", "(misschien|"
        "wellicht|eventueel|liever) [_ ](later|volgend|een andere keer|in de toekomst)", "(volgend jaar|"
        "volgend kwartaal|op een later|later dit jaar|een andere keer|na de zomer|in het najaar)",
        "(te|heel|erg) druk",
    ),
    Cue.REFERRAL: (
        "niet de (juiste|goede) (persoon|contactpersoon)", "(verkeerde) (persoon|afdeling|adres)",
        "(contact opnemen|neem contact op|contacteer|mail|spreek|richten|wenden) [~ ](met|tot|aan|bij|"
        "mijn|onze) [_ ](collega|afdeling|emailaddress|manager|team|baas|directeur)", "(doorsturen|"
        "stuur * door|doorgestuurd|stuur [_ ][_ ]door|geef [_ ][_ ]door|doorgegeven)", "(mijn|onze) "
        "(collega*|baas|manager|leidinggevende|afdeling)", "(verantwoordelijk|bevoegd) voor", "in (cc|"
        "kopie)", "gaat (hier|daar)over",
    ),
    Cue.MEETING: (
        "(afspraak|gesprek|belafspraak|kennismaking|videocall|overleg|meeting|call|demo) [~ ](maken|"
        "plannen|inplannen|in te plannen|hebben|voeren|boeken)", "(een|korte|kort) (afspraak|gesprek|"
        "belletje|kennismaking|call|meeting|overleg)", "(bel|belt) (mij|me|ons|maar|gerust)", "(laten "
        "we|zullen we|kunnen we) [~ ](bellen|afspreken|praten|spreken|plannen|inplannen|overleggen)",
        "(wanneer|welke) [~ ](past|schikt|beschikbaar|tijd|kunnen)", "({day}|volgende week) [~ ](past|"
        "schikt|kan|is goed|beschikbaar|om)", "(past|schikt|beschikbaar|kan) [_ ][_ ]({day}|volgende week)",
        "mijn nummer",
    ),
    Cue.INTEREST: (
        "(heb|hebben|wel|zeker|grote|veel) [_ ](interesse|belangstelling)", "(geïnteresseerd|"
        "geinteresseerd)", "(graag|heel graag|met plezier|met veel plezier)", "(vertel|vertelt) [_ ]"
        "(me|mij|ons) [_ ]meer", "meer (weten|horen|over)", "(ben|zijn) [_ ](erbij|benieuwd|nieuwsgierig|"
        "van de partij)", "(doe|doen) mee", "stuur (maar|het|hem|ze)[ maar][ door][ op]", "(wil|willen|"
        "zou|zouden) [_ ](wel |graag )(meer|weten|deelnemen|sprek*)", "interesseert (me|mij|ons)",
    ),
    Cue.LIKING: (
        "(klinkt|lijkt|ziet|is|vind) [~ ](goed|interessant|leuk|super|tof|prima|geweldig|fantastisch|top|"
        "perfect|mooi)", "^(leuk|super|prima|top|interessant|geweldig|perfect|goed idee|tof|mooi|"
        "fantastisch|heel interessant)", "(goed|leuk|mooi|tof) (idee|initiatief|voorstel)",
    ),
    Cue.ASSENT: ("^(ja|jazeker|zeker|natuurlijk|uiteraard|akkoord|tuurlijk|graag|waarom niet|jawel)",),
    Cue.NOT_INTEREST: ("(uw|je|jullie|you|your) (interesse|belangstelling)", "als you interesse"),
    Cue.UNSURE: (
        "(moet|moeten|zal|zullen|ga|gaan) [~ ](nadenken|overleggen|bekijken|bespreken|overwegen|navragen)",
        "(kom|komen) [~ ](terug|op terug)", "(misschien|wellicht|hangt ervan af|weet (het )?(nog )?niet|"
        "eventueel)",
    ),
    Cue.REQUEST: (
        "(meer|extra|verdere|wat|aanvullende) (info*|informatie|details|uitleg)", "(stuur*|mail|bezorg*|"
        "sturen|opsturen|delen|doorsturen) [~ ][~ ](info*|informatie|details|prijs*|prijzen|brochure|"
        "voorstel|offerte|link|presentatie|programma|documentatie|tarieven|voorbeeld*)", "^(wat|hoe|"
        "hoeveel|wanneer|waar|wie|waarom|welke|kunt|kan|kun|heeft|hebben|is|zijn|kunnen|waarover)",
        "(wat|hoeveel) (kost|kosten)", "(een|paar|enkele|nog) (vraag|vragen)", "waar gaat",
        "(kunt|kan|kun) (you|u|je|jij) [~ ](sturen|uitleggen|toelichten|vertellen|geven|mailen)",
    ),
    Cue.SUSPICION: (
        "(wie (bent|ben|zijn) (you|u|je|jij|jullie)|kennen wij elkaar|hoe komt (you|u) aan|hoe kom je aan|"
        "is dit spam|waar (heeft|heb|hebben|haalt|haal) [_ ](you|u|je|jullie)?)",
    ),
    Cue.THANKS: ("(bedankt|dank|dankjewel|dankuwel|ontvangen|genoteerd|begrepen)", "^(ok|oke|hallo|dag|goed)"),
}  # fmt: skip

ITALIAN: PhraseTable = {
    Cue.OPT_OUT: (
        "(cancellatemi|cancellami|cancellarmi|rimuovetemi|rimuovimi|rimuovermi|disiscriv*|disiscrizione|"
        "eliminatemi|toglietemi|toglimi|togliermi|eliminarmi|cancellateci|disiscritt*|mi cancelli|mi "
        "rimuova|mi tolga)", "(cancell*|rimuov*|elimin*|togli*) [~ ](mio|mia|miei|mie|dati|nostro|nostri|"
        "nostra|mi) [~ ](indirizzo|dati|email|mail|lista|contatt*|nome|numero|database|elenco)",
        "(dalla|dalle|dal|da) (vostra|tua|sua|questa|vostre|lista|mailing) [_ ](lista|liste|list|elenco|"
        "mailing|database|newsletter)", "(non|mai|smett*|basta|smettila) [~ ](contatt*|scriv*|invi*|mand*|"
        "disturb*|chiam*|contattarmi|scrivermi|inviarmi) [~ ](più|piu|nulla|email|mail|messaggi|altro|"
        "mai)", "non (mi|ci) [_ ](contatt*|scriv*|invi*|mand*|disturb*|chiam*) (più|piu|mai)", "non "
        "(contattatemi|scrivetemi|inviatemi|mandatemi|disturbatemi|chiamatemi|scrivermi|contattarmi|"
        "inviarmi|voglio (più )?(ricevere|essere)|desidero (più )?(ricevere|essere))", "(smett*|smettila|"
        "smettetela|smetta|basta) [_ ](di|con) [_ ]", "(lasciatemi|lasciami|mi lasci) in pace", "(questo|"
        "è) [_ ]spam", "(segnal*|blocc*) [~ ](spam|vi|garante|come)", "(gdpr|privacy) [~ ](cancell*|"
        "garante|violazione|diritt*)", "(mai|non) [_ ](dato (il )?(mio )?consenso|iscritt*|richiesto|"
        "autorizzat*)", "^(basta|stop|cancellazione|disiscrizione)[ per favore][ grazie]$", "nessun "
        "(altro|ulteriore) (contatto|messaggio)", "niente più (email|mail|messaggi)",
    ),
    Cue.NOT_OPT_OUT: ("non (esit*|smett*)",),
    Cue.BOUNCE: ("mancat* (recapito|consegna)", "impossibile recapitare", "non [~ ]recapitat*"),
    Cue.AWAY: (
        "(risposta automatica|fuori ufficio|fuori sede|assente|in ferie|in vacanza|in maternità|in "
        "congedo|al mio rientro|al mio ritorno|in mia assenza|accesso limitato)", "(per|casi|in caso di|"
        "questioni) [_ ]urgen*", "non lavor* più",
    ),
    Cue.REFUSAL: (
        "(non|nessun|poco|né|senza) [~ ](interess*|bisogno|necessità|adatto|rilevante|serve|pertinente|"
        "fa per (me|noi)|possibile|partecip*|posso|possiamo|cerchiamo|utile)", "^(no|no grazie|"
        "assolutamente no|certo che no|mai|neanche per sogno|per niente)$", "no, grazie", "(grazie|mi "
        "dispiace|purtroppo), (ma )?(no|non|passo|abbiamo già)", "ma (no|non|passo)", "(declin*|rifiut*|"
        "rinunci*)", "(passo|passiamo)$", "purtroppo [~ ]non", "in bocca al lupo", "siamo a posto",
    ),
    Cue.OBJECTION: (
        "(abbiamo|ho|lavoriamo|usiamo|utilizziamo) già", "(non|senza) [~ ](budget|tempo|soldi|risorse|"
        "fondi)", "troppo (caro|costoso|presto|piccol*)", "(contenti|soddisfatti) (del|con|di)",
    ),
    Cue.NOT_REFUSAL: (
        "(nessun|non c è) problema*", "non (solo|male|vedo l ora|dico di no|ti preoccupare|si preoccupi)",
        "perché no",
    ),
    Cue.NOT_NOW: (
        "(non|no) [_ ][_ ](adesso|ora|al momento|per ora|quest anno|il momento)", "(al momento|per ora|"
        "adesso|ora|attualmente|quest anno) (no|non)", "(più avanti|più tardi|un altra volta|l anno "
        "prossimo|il prossimo (anno|trimestre)|in futuro|un altra occasione|prossima edizione)",
        "(troppo|molto) (occupat*|impegnat*)",
    ),
    Cue.REFERRAL: (
        "non sono (la persona|il referente|io|il responsabile)", "(contatt*|scriv*|rivolg*|parl*) [~ ]"
        "(collega|responsabile|ufficio|emailaddress|reparto|direttore|team)", "(inoltr*|giro la|giro il|"
        "passo la|metto in copia|in copia)", "(mio|mia|nostro|nostra|il mio) (collega|capo|responsabile|"
        "team|socio)", "persona (sbagliata|giusta)", "si occupa",
    ),
    Cue.MEETING: (
        "(fiss*|organizz*|programm*|pianific*|facciamo|prenot*|prendiamo) [~ ](chiamata|call|"
        "appuntamento|incontro|riunione|demo|videochiamata)", "(una|breve|veloce) (chiamata|call|"
        "telefonata|chiacchierata|videochiamata)", "(chiamami|chiamatemi|mi chiami|sentiamoci|ci "
        "sentiamo|parliamone|vediamoci|parliamo)", "(disponibil*|libero) [_ ][_ ]({day}|settimana|alle|"
        "per|dalle)", "(quando|a che ora) [~ ](sentir*|parlar*|disponibil*|veder*|possiamo)",
        "({day}|settimana prossima) [_ ](va bene|alle|mi va|perfetto|posso)",
    ),
    Cue.INTEREST: (
        "(sono|siamo|molto|sarei|saremmo) [_ ]interessat*", "^interessat*", "(mi|ci) interess*", "(volentieri|con piacere|"
        "molto volentieri|ben volentieri|certamente|ci sto|accetto|accettiamo|conta* su)", "(mi|ci) "
        "piacerebbe", "(dimmi|ditemi|mi dica|raccontami|raccontatemi) [_ ]di più", "saperne di più",
        "(vorrei|vorremmo) [_ ](sapere|saperne|partecipare|vedere|parlare|maggiori|più|conoscere)",
        "(mandamelo|me lo mandi|inviamelo|mandatemelo|invialo)", "non vedo l ora", "(sarebbe|è) un onore",
    ),
    Cue.LIKING: (
        "(sembra|è|mi pare|suona) [_ ][_ ](interessante|ottim*|perfett*|bell*|fantastic*|buon*|bene)",
        "^(ottimo|perfetto|interessante|fantastico|molto interessante|bello|benissimo|grande|"
        "bellissimo)", "(bella|buona|ottima) (idea|iniziativa|opportunità|proposta)",
    ),
    Cue.ASSENT: ("^(sì|si|certo|certamente|volentieri|assolutamente sì|va bene|perché no|d accordo)"
                 "[, ][ grazie][ volentieri][ certo]$", "^sì,", "^certo,"),
    Cue.NOT_INTEREST: ("(suo|vostro|tuo|per il) interesse", "se (è|siete|sei|foss*) interessat*"),
    Cue.UNSURE: (
        "(ci penso|ci pensiamo|devo (pensarci|parlarne|valutare)|le faccio sapere|ti faccio sapere|vi "
        "faccio sapere|forse|dipende|magari|non (so|sono sicur*)|vediamo)",
    ),
    Cue.REQUEST: (
        "(maggiori|più|altre|ulteriori) (info*|informazioni|dettagli|indicazioni)", "(invi*|mand*|"
        "condivid*|fornir*) [~ ][~ ](info*|informazioni|dettagli|prezz*|brochure|presentazione|proposta|"
        "link|listino|preventivo|programma|documentazione|materiale)", "^(quanto|cosa|che cosa|come|"
        "quando|dove|chi|perché|quali|qual|può|potete|potrebbe|puoi|potresti|avete|c è|di cosa)",
        "(quanto|che) costa", "(una|alcune|qualche) domand*", "di cosa si tratta",
    ),
    Cue.SUSPICION: ("(chi (è|sei|siete)|ci conosciamo|dove ha* (preso|trovato)|come ha* (avuto|ottenuto|fatto))",),
    Cue.THANKS: ("(grazie|ringrazi*|ricevuto|preso nota)", "^(ok|ciao|buongiorno|salve|capito)"),
}  # fmt: skip

PORTUGUESE: PhraseTable = {
    Cue.OPT_OUT: (
        "(descadastr*|desinscrev*|descadastramento|cancelar [_ ](inscrição|assinatura|subscrição))",
        "(remov*|retir*|exclu*|elimin*|apag*|tir*|delet*) [~ ](me|meu|meus|minha|nos|nosso|nossa|meu|"
        "este|esse) [~ ](lista*|email|e mail|dados|contato|contacto|nome|endereço|número|base|da|de|"
        "desta|dessa)", "(remova|retire|tire|exclua|remover|retirar|tirem|removam|elimine) (me|nos)",
        "(me|nos) (remova*|retire*|tire*|exclua*|remover|retirar|tirar|excluir|descadastr*)",
        "(não|nunca|pare*|parem|deix*|parar) [~ ](contat*|contact*|escrev*|envi*|mand*|incomod*|lig*|"
        "perturb*) [~ ](mais|nada|novamente|emails|e mails|mensagens|spam)", "(não|nunca) (me|nos) "
        "(contat*|contact*|escrev*|envi*|mand*|incomod*|lig*|perturb*|mande*)", "(pare|parem|para|parar) "
        "(de |com )(me |nos )?(contat*|contact*|escrev*|envi*|mand*|incomod*|lig*|perturb*|esses|isso|"
        "essas|spam)", "(não|nem) (quero|desejo|queremos|gostaria de) [_ ](receber|ser contat*|ser "
        "contact*|mais)", "(me )?deix* (me )?em paz", "(isso|isto|é) [_ ]spam", "(denunci*|bloque*|report*) "
        "[~ ](spam|você*|como|linkedin)", "(lgpd|rgpd) [~ ](exclu*|elimin*|apag*|direito|remoç*|remov*)",
        "^(pare|parem|stop|remover|cancelar|sair|descadastrar)[ por favor][ obrigado]$", "(nunca|não) "
        "(me )?(inscrevi|autorizei|cadastrei|solicitei|pedi)", "sem (meu|o meu|minha) (consentimento|"
        "autorização)", "(chega|basta) de",
    ),
    Cue.NOT_OPT_OUT: ("não (hesite*|deixe*|pare*) [_ ](em|de)",),
    Cue.AWAY: (
        "(resposta automática|fora do escritório|de férias|em férias|de licença|licença maternidade|"
        "ausente|acesso limitado|meu retorno|meu regresso|na minha ausência)", "(em caso de|assuntos|"
        "casos|para) [_ ]urg*", "não trabalh* mais",
    ),
    Cue.BOUNCE: ("não (pôde|foi possível|pode) [~ ](entreg*)", "falha na entrega"),
    Cue.REFUSAL: (
        "(não|nenhum|sem|nem|tampouco) [~ ](interess*|necessi*|preciso|precisamos|serve|encaixa|relevante|"
        "aplica|vamos|podemos|posso|poderemos|poderei|participar*|é para|procuramos|queremos|obrigad*|"
        "estamos (interess*|buscando|à procura)|faz sentido|útil)", "^(não|nao|de jeito nenhum|nunca|"
        "jamais|claro que não|nem pensar|dispenso|passo)$", "não, (obrigad*|muito obrigad*|valeu|grato)",
        "^não,", "(obrigad*|agradeço|agradecemos|infelizmente|desculpe|lamento), (mas )?(não|dispens*|"
        "já temos|passo)", "mas (não|dispenso|já temos|passo)", "(declin*|recus*|dispens*|rejeit*)",
        "infelizmente [~ ]não", "boa sorte", "(muito )?sucesso (com|no|na)",
    ),
    Cue.OBJECTION: (
        "já (temos|tenho|trabalhamos|usamos|utilizamos|contamos|possuímos)", "(não|sem|falta de) [~ ]"
        "(orçamento|verba|dinheiro|tempo|budget|recursos)", "(muito|demasiado) (caro|cedo|pequen*)",
        "(satisfeit*|content*|feliz*) com",
    ),
    Cue.NOT_REFUSAL: ("(sem|não (há|tem|é)) problema*", "(por que|porque) não", "não (só|apenas|hesite)"),
    Cue.NOT_NOW: (
        "(no momento|agora|por enquanto|de momento|atualmente|este ano) não", "não [_ ][_ ](no momento|"
        "agora|por enquanto|neste momento|de momento|este ano|é (o|um) (bom )?momento)", "(mais tarde|"
        "mais para frente|outra ocasião|outro momento|próximo (ano|trimestre)|ano que vem|no futuro|"
        "próxima edição|em outra oportunidade)", "(muito|super) ocupad*",
    ),
    Cue.REFERRAL: (
        "não sou (a pessoa|o responsável|a responsável|eu)", "(fal*|contat*|contact*|escrev*|procur*) "
        "[_ ](com |a |ao |o |à )[_ ](meu|minha|nosso|nossa|emailaddress|colega|equipe|departamento|"
        "responsável|setor)", "(encaminh*|reencaminh*|repass*|vou passar|em cópia|copiando)", "(meu|"
        "minha|nosso|nossa|minha) (colega|chefe|equipe|equipa|gerente|diretor*|sócio)", "pessoa "
        "(certa|errada|indicada|responsável)",
    ),
    Cue.MEETING: (
        "(agend*|marc*|combin*|fazer|façamos) [~ ](reunião|call|chamada|conversa|ligação|demo|"
        "videochamada|horário|bate papo|café)", "(uma|rápida|breve) (reunião|call|chamada|conversa|"
        "ligação)", "(me ligue|ligue me|me liga|pode me ligar|vamos conversar|vamos falar|vamos marcar|"
        "podemos conversar|podemos falar)", "(disponível|livre|disponibilidade) [_ ][_ ]({day}|semana|"
        "para|na|às|no)", "(quando|que horas|qual horário) [~ ](podemos|disponível|melhor|falar)",
    ),
    Cue.INTEREST: (
        "(tenho|temos|estou|estamos|muito|teria|teríamos|sim) [_ ]interess*", "^interessad*", "(me|nos) interess*", "(gostaria|"
        "gostaríamos|adoraria|adoraríamos|quero|queremos) [_ ](de )?(saber|participar|conhecer|ver|falar|"
        "conversar|agendar|mais|receber|marcar)", "(com (muito )?prazer|claro que sim|com certeza|conte "
        "comigo|pode contar|aceito|aceitamos|topo|vamos lá|bora)", "(me conte|conta me|conte me|me fale|"
        "fale me) mais", "saber mais", "(pode|podem) (enviar|mandar)$", "seria (uma honra|um prazer)",
    ),
    Cue.LIKING: (
        "(parece|soa|é|está|acho) [_ ][_ ](ótim*|interessante|excelente|legal|bom|fantástic*|perfeit*|"
        "bacana|incrível|bem)", "^(ótimo|perfeito|excelente|interessante|legal|bacana|maravilha|"
        "fantástico|show|muito bom|que bom)", "(boa|ótima|excelente) (ideia|iniciativa|oportunidade|"
        "proposta)",
    ),
    Cue.ASSENT: ("^(sim|claro|com certeza|pode ser|por favor sim|isso)[, ][ por favor][ obrigado]$", "^sim,",
                 "^sim"),
    Cue.NOT_INTEREST: ("(seu|pelo|pelo seu|vosso) interesse", "se (você |tiver |houver )?(tiver )?interesse"),
    Cue.UNSURE: ("(vou pensar|vamos avaliar|vou verificar|talvez|depende|vou ver|retorno em breve|não sei)",),
    Cue.REQUEST: (
        "(mais|maiores|outras) (info*|informações|detalhes|dados)", "(envi*|mand*|pass*|compartilh*|"
        "partilh*|forne*) [~ ][~ ](info*|informações|detalhes|preço*|proposta|apresentação|link|valores|"
        "orçamento|programa|material|folheto)", "^(qual*|quanto*|como|quando|onde|quem|por que|pode*|"
        "poderia*|vocês|você|o que|do que|existe)", "quanto custa", "(uma|algumas) (dúvida*|"
        "pergunta*)", "do que se trata",
    ),
    Cue.SUSPICION: ("(quem (é você|és tu|são vocês|é)|nos conhecemos|como (conseguiu|obteve)|onde conseguiu)",),
    Cue.THANKS: ("(obrigad*|agradeço|grato|grata|valeu|recebido|anotado)", "^(ok|olá|oi|bom dia|certo|entendi)"),
}  # fmt: skip

FURTHER: PhraseTable = {
    Cue.OPT_OUT: (
        # Ukrainian, Russian, Polish, Czech, Swedish, Danish and Norwegian, Turkish, Romanian.
        "(відписати*|відпишіть|відписка|видаліть|видалити|отписат*|отпишите|отписка|удалите|удалить|"
        "исключите)", "(більше не|больше не|не) (пишіть|пишите|надсилайте|присылайте|турбуйте|"
        "беспокойте|звоните|отправляйте)", "(припиніть|прекратите|хватит|досить|перестаньте)",
        "(wypisz*|wypisać|wypisanie|usuń*|usunąć|proszę o usunięcie|rezygnuję)", "(nie|przestań*|"
        "przestańcie) [~ ](pisać|pisz|piszcie|kontaktować|kontaktuj*|wysyłać|wysyłaj*|dzwonić) [_ ]",
        "(odhlásit*|odhlaste|vymažte|smažte|neposílejte|nekontaktujte)", "(avregistrera|avprenumerera|"
        "avanmäl*|avsluta prenumeration|ta bort (mig|oss|min)|sluta (maila|mejla|kontakta|skicka|ringa|"
        "skriva))", "(kontakta|mejla|maila|ring) (mig|oss) (inte|aldrig)", "(afmeld*|meld mig|"
        "avmeld*|meld meg|fjern (mig|meg|oss|min)|slet mig|slett (meg|min)|stop med at|slutt å|"
        "kontakt (mig|meg|oss) ikke)", "(aboneliğ*|listeden çıkar*|listenizden|beni çıkar*|bir daha "
        "(yazma*|arama*|mail|rahatsız))", "(dezabon*|ștergeți|scoateți mă|nu mă mai contact*)",
        "(遠慮|配信停止|退订|取消订阅)",
    ),
    Cue.REFUSAL: (
        "(не|нет|ні|немає) (цікав*|інтерес*|интерес*|потріб*|нуж*|актуальн*|зацікавл*|заинтересован*)",
        "^(ні|нет|ні дякую|нет спасибо|не надо|не треба)$", "(ні|нет), (дякую|спасибо)",
        "(nie) (jestem|jesteśmy|dziękuję|dzięki|interesuje|potrzeb*|zainteresowan*)", "^nie$", "nie, "
        "(dziękuję|dziękujemy|dzięki)", "brak zainteresowania", "(nemám|nemáme) zájem", "ne, děkuji",
        "(inte|ej|inget|ingen) [_ ](intresse*|intresserad*|aktuellt|behov|för oss)", "nej, (tack|tak)",
        "^(nej|nei|ei)$", "(ikke|ingen) [_ ](interesse*|interessert|interesseret|aktuelt|behov)", "nei, "
        "takk", "ei kiitos", "(ilgilenm*|hayır teşekkür*|gerek yok)", "(nu|nu sunt*) [_ ]interes*",
        "nu, mulțum*",
    ),
    Cue.INTEREST: (
        "(jag|vi) (är|vill) [_ ](intresserad*|veta mer)", "(так|да), [_ ](цікав*|интересно|давайте|"
        "цікаво)", "(jestem|jesteśmy) zainteresowan*", "(jeg|vi) er [_ ]interesse*", "^(gärna|chętnie|"
        "gerne)",
    ),
    Cue.ASSENT: ("^(так|да|tak|да давайте|так давайте)$",),
    Cue.THANKS: ("(дякую|спасибо|dziękuję|tack|tak|takk|kiitos|teşekkür*|mulțumesc|děkuji)$",),
}  # fmt: skip
