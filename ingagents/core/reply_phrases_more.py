"""Italian and Portuguese, and the opt-outs and refusals of some further languages."""

from __future__ import annotations

from ingagents.core.reply_phrases_cues import Cue, PhraseTable

__all__ = ["FURTHER", "ITALIAN", "PORTUGUESE"]

ITALIAN: PhraseTable = {
    Cue.OPT_OUT: """
    (cancellatemi|cancellami|cancellarmi|rimuovetemi|rimuovimi|rimuovermi|disiscriv*|
        disiscrizione|eliminatemi|toglietemi|toglimi|togliermi|eliminarmi|cancellateci|
        disiscritt*|mi cancelli|mi rimuova|mi tolga)
    (cancell*|rimuov*|elimin*|togli*) [~ ](mio|mia|miei|mie|dati|nostro|nostri|nostra|mi)
        [~ ](indirizzo|dati|email|mail|lista|contatt*|nome|numero|database|elenco)
    (dalla|dalle|dal|da) (vostra|tua|sua|questa|vostre|lista|mailing) [_ ](lista|liste|list|
        elenco|mailing|database|newsletter)
    (non|mai|smett*|basta|smettila) [~ ](contatt*|scriv*|invi*|mand*|disturb*|chiam*|
        contattarmi|scrivermi|inviarmi) [~ ](più|piu|nulla|email|mail|messaggi|altro|mai)
    non (mi|ci) [_ ](contatt*|scriv*|invi*|mand*|disturb*|chiam*) (più|piu|mai)
    non (contattatemi|scrivetemi|inviatemi|mandatemi|disturbatemi|chiamatemi|scrivermi|
        contattarmi|inviarmi|voglio (più )?(ricevere|essere)|desidero (più )?(ricevere|essere))
    (smett*|smettila|smettetela|smetta|basta) [_ ](di|con) [_ ]
    (lasciatemi|lasciami|mi lasci) in pace
    (questo|è) [_ ]spam
    (segnal*|blocc*) [~ ](spam|vi|garante|come)
    (gdpr|privacy) [~ ](cancell*|garante|violazione|diritt*)
    (mai|non) [_ ](dato (il )?(mio )?consenso|iscritt*|richiesto|autorizzat*)
    ^(basta|stop|cancellazione|disiscrizione)[ per favore][ grazie]$
    nessun (altro|ulteriore) (contatto|messaggio)
    niente più (email|mail|messaggi)
    """,
    Cue.NOT_OPT_OUT: """
    non (esit*|smett*)
    """,
    Cue.BOUNCE: """
    mancat* (recapito|consegna)
    impossibile recapitare
    non [~ ]recapitat*
    """,
    Cue.AWAY: """
    (risposta automatica|fuori ufficio|fuori sede|assente|in ferie|in vacanza|in maternità|in
        congedo|al mio rientro|al mio ritorno|in mia assenza|accesso limitato)
    (per|casi|in caso di|questioni) [_ ]urgen*
    non lavor* più
    """,
    Cue.REFUSAL: """
    (non|nessun|poco|né|senza) [~ ](interess*|bisogno|necessità|adatto|rilevante|serve|
        pertinente|fa per (me|noi)|possibile|partecip*|posso|possiamo|cerchiamo|utile)
    ^(no|no grazie|assolutamente no|certo che no|mai|neanche per sogno|per niente)$
    no, grazie
    (grazie|mi dispiace|purtroppo), (ma )?(no|non|passo|abbiamo già)
    ma (no|non|passo)
    (declin*|rifiut*|rinunci*)
    (passo|passiamo)$
    purtroppo [~ ]non
    in bocca al lupo
    siamo a posto
    """,
    Cue.OBJECTION: """
    (abbiamo|ho|lavoriamo|usiamo|utilizziamo) già
    (non|senza) [~ ](budget|tempo|soldi|risorse|fondi)
    troppo (caro|costoso|presto|piccol*)
    (contenti|soddisfatti) (del|con|di)
    """,
    Cue.NOT_REFUSAL: """
    (nessun|non c è) problema*
    non (solo|male|vedo l ora|dico di no|ti preoccupare|si preoccupi)
    perché no
    """,
    Cue.NOT_NOW: """
    (non|no) [_ ][_ ](adesso|ora|al momento|per ora|quest anno|il momento)
    (al momento|per ora|adesso|ora|attualmente|quest anno) (no|non)
    (più avanti|più tardi|un altra volta|l anno prossimo|il prossimo (anno|trimestre)|in futuro|
        un altra occasione|prossima edizione)
    (troppo|molto) (occupat*|impegnat*)
    """,
    Cue.REFERRAL: """
    non sono (la persona|il referente|io|il responsabile)
    (contatt*|scriv*|rivolg*|parl*) [~ ](collega|responsabile|ufficio|emailaddress|reparto|
        direttore|team)
    (inoltr*|giro la|giro il|passo la|metto in copia|in copia)
    (mio|mia|nostro|nostra|il mio) (collega|capo|responsabile|team|socio)
    persona (sbagliata|giusta)
    si occupa
    """,
    Cue.MEETING: """
    (fiss*|organizz*|programm*|pianific*|facciamo|prenot*|prendiamo) [~ ](chiamata|call|
        appuntamento|incontro|riunione|demo|videochiamata)
    (una|breve|veloce) (chiamata|call|telefonata|chiacchierata|videochiamata)
    (chiamami|chiamatemi|mi chiami|sentiamoci|ci sentiamo|parliamone|vediamoci|parliamo)
    (disponibil*|libero) [_ ][_ ]({day}|settimana|alle|per|dalle)
    (quando|a che ora) [~ ](sentir*|parlar*|disponibil*|veder*|possiamo)
    ({day}|settimana prossima) [_ ](va bene|alle|mi va|perfetto|posso)
    """,
    Cue.INTEREST: """
    (sono|siamo|molto|sarei|saremmo) [_ ]interessat*
    ^interessat*
    (mi|ci) interess*
    (volentieri|con piacere|molto volentieri|ben volentieri|certamente|ci sto|accetto|
        accettiamo|conta* su)
    (mi|ci) piacerebbe
    (dimmi|ditemi|mi dica|raccontami|raccontatemi) [_ ]di più
    saperne di più
    (vorrei|vorremmo) [_ ](sapere|saperne|partecipare|vedere|parlare|maggiori|più|conoscere)
    (mandamelo|me lo mandi|inviamelo|mandatemelo|invialo)
    non vedo l ora
    (sarebbe|è) un onore
    """,
    Cue.LIKING: """
    (sembra|è|mi pare|suona) [_ ][_ ](interessante|ottim*|perfett*|bell*|fantastic*|buon*|bene)
    ^(ottimo|perfetto|interessante|fantastico|molto interessante|bello|benissimo|grande|
        bellissimo)
    (bella|buona|ottima) (idea|iniziativa|opportunità|proposta)
    """,
    Cue.ASSENT: """
    ^(sì|si|certo|certamente|volentieri|assolutamente sì|va bene|perché no|d
        accordo)[, ][ grazie][ volentieri][ certo]$
    ^sì,
    ^certo,
    """,
    Cue.NOT_INTEREST: """
    (suo|vostro|tuo|per il) interesse
    se (è|siete|sei|foss*) interessat*
    """,
    Cue.UNSURE: """
    (ci penso|ci pensiamo|devo (pensarci|parlarne|valutare)|le faccio sapere|ti faccio sapere|vi
        faccio sapere|forse|dipende|magari|non (so|sono sicur*)|vediamo)
    """,
    Cue.REQUEST: """
    (maggiori|più|altre|ulteriori) (info*|informazioni|dettagli|indicazioni)
    (invi*|mand*|condivid*|fornir*) [~ ][~ ](info*|informazioni|dettagli|prezz*|brochure|
        presentazione|proposta|link|listino|preventivo|programma|documentazione|materiale)
    ^(quanto|cosa|che cosa|come|quando|dove|chi|perché|quali|qual|può|potete|potrebbe|puoi|
        potresti|avete|c è|di cosa)
    (quanto|che) costa
    (una|alcune|qualche) domand*
    di cosa si tratta
    """,
    Cue.SUSPICION: """
    (chi (è|sei|siete)|ci conosciamo|dove ha* (preso|trovato)|come ha* (avuto|ottenuto|fatto))
    """,
    Cue.THANKS: """
    (grazie|ringrazi*|ricevuto|preso nota)
    ^(ok|ciao|buongiorno|salve|capito)
    """,
}

PORTUGUESE: PhraseTable = {
    Cue.OPT_OUT: """
    (descadastr*|desinscrev*|descadastramento|cancelar [_ ](inscrição|assinatura|subscrição))
    (remov*|retir*|exclu*|elimin*|apag*|tir*|delet*) [~ ](me|meu|meus|minha|nos|nosso|nossa|meu|
        este|esse) [~ ](lista*|email|e mail|dados|contato|contacto|nome|endereço|número|base|da|
        de|desta|dessa)
    (remova|retire|tire|exclua|remover|retirar|tirem|removam|elimine) (me|nos)
    (me|nos) (remova*|retire*|tire*|exclua*|remover|retirar|tirar|excluir|descadastr*)
    (não|nunca|pare*|parem|deix*|parar) [~ ](contat*|contact*|escrev*|envi*|mand*|incomod*|lig*|
        perturb*) [~ ](mais|nada|novamente|emails|e mails|mensagens|spam)
    (não|nunca) (me|nos) (contat*|contact*|escrev*|envi*|mand*|incomod*|lig*|perturb*|mande*)
    (pare|parem|para|parar) (de |com )(me |nos )?(contat*|contact*|escrev*|envi*|mand*|incomod*|
        lig*|perturb*|esses|isso|essas|spam)
    (não|nem) (quero|desejo|queremos|gostaria de) [_ ](receber|ser contat*|ser contact*|mais)
    (me )?deix* (me )?em paz
    (isso|isto|é) [_ ]spam
    (denunci*|bloque*|report*) [~ ](spam|você*|como|linkedin)
    (lgpd|rgpd) [~ ](exclu*|elimin*|apag*|direito|remoç*|remov*)
    ^(pare|parem|stop|remover|cancelar|sair|descadastrar)[ por favor][ obrigado]$
    (nunca|não) (me )?(inscrevi|autorizei|cadastrei|solicitei|pedi)
    sem (meu|o meu|minha) (consentimento|autorização)
    (chega|basta) de
    """,
    Cue.NOT_OPT_OUT: """
    não (hesite*|deixe*|pare*) [_ ](em|de)
    """,
    Cue.AWAY: """
    (resposta automática|fora do escritório|de férias|em férias|de licença|licença maternidade|
        ausente|acesso limitado|meu retorno|meu regresso|na minha ausência)
    (em caso de|assuntos|casos|para) [_ ]urg*
    não trabalh* mais
    """,
    Cue.BOUNCE: """
    não (pôde|foi possível|pode) [~ ](entreg*)
    falha na entrega
    """,
    Cue.REFUSAL: """
    (não|nenhum|sem|nem|tampouco) [~ ](interess*|necessi*|preciso|precisamos|serve|encaixa|
        relevante|aplica|vamos|podemos|posso|poderemos|poderei|participar*|é para|procuramos|
        queremos|obrigad*|estamos (interess*|buscando|à procura)|faz sentido|útil)
    ^(não|nao|de jeito nenhum|nunca|jamais|claro que não|nem pensar|dispenso|passo)$
    não, (obrigad*|muito obrigad*|valeu|grato)
    ^não,
    (obrigad*|agradeço|agradecemos|infelizmente|desculpe|lamento), (mas )?(não|dispens*|já
        temos|passo)
    mas (não|dispenso|já temos|passo)
    (declin*|recus*|dispens*|rejeit*)
    infelizmente [~ ]não
    boa sorte
    (muito )?sucesso (com|no|na)
    """,
    Cue.OBJECTION: """
    já (temos|tenho|trabalhamos|usamos|utilizamos|contamos|possuímos)
    (não|sem|falta de) [~ ](orçamento|verba|dinheiro|tempo|budget|recursos)
    (muito|demasiado) (caro|cedo|pequen*)
    (satisfeit*|content*|feliz*) com
    """,
    Cue.NOT_REFUSAL: """
    (sem|não (há|tem|é)) problema*
    (por que|porque) não
    não (só|apenas|hesite)
    """,
    Cue.NOT_NOW: """
    (no momento|agora|por enquanto|de momento|atualmente|este ano) não
    não [_ ][_ ](no momento|agora|por enquanto|neste momento|de momento|este ano|é (o|um) (bom
        )?momento)
    (mais tarde|mais para frente|outra ocasião|outro momento|próximo (ano|trimestre)|ano que
        vem|no futuro|próxima edição|em outra oportunidade)
    (muito|super) ocupad*
    """,
    Cue.REFERRAL: """
    não sou (a pessoa|o responsável|a responsável|eu)
    (fal*|contat*|contact*|escrev*|procur*) [_ ](com |a |ao |o |à )[_ ](meu|minha|nosso|nossa|
        emailaddress|colega|equipe|departamento|responsável|setor)
    (encaminh*|reencaminh*|repass*|vou passar|em cópia|copiando)
    (meu|minha|nosso|nossa|minha) (colega|chefe|equipe|equipa|gerente|diretor*|sócio)
    pessoa (certa|errada|indicada|responsável)
    """,
    Cue.MEETING: """
    (agend*|marc*|combin*|fazer|façamos) [~ ](reunião|call|chamada|conversa|ligação|demo|
        videochamada|horário|bate papo|café)
    (uma|rápida|breve) (reunião|call|chamada|conversa|ligação)
    (me ligue|ligue me|me liga|pode me ligar|vamos conversar|vamos falar|vamos marcar|podemos
        conversar|podemos falar)
    (disponível|livre|disponibilidade) [_ ][_ ]({day}|semana|para|na|às|no)
    (quando|que horas|qual horário) [~ ](podemos|disponível|melhor|falar)
    """,
    Cue.INTEREST: """
    (tenho|temos|estou|estamos|muito|teria|teríamos|sim) [_ ]interess*
    ^interessad*
    (me|nos) interess*
    (gostaria|gostaríamos|adoraria|adoraríamos|quero|queremos) [_ ](de )?(saber|participar|
        conhecer|ver|falar|conversar|agendar|mais|receber|marcar)
    (com (muito )?prazer|claro que sim|com certeza|conte comigo|pode contar|aceito|aceitamos|
        topo|vamos lá|bora)
    (me conte|conta me|conte me|me fale|fale me) mais
    saber mais
    (pode|podem) (enviar|mandar)$
    seria (uma honra|um prazer)
    """,
    Cue.LIKING: """
    (parece|soa|é|está|acho) [_ ][_ ](ótim*|interessante|excelente|legal|bom|fantástic*|
        perfeit*|bacana|incrível|bem)
    ^(ótimo|perfeito|excelente|interessante|legal|bacana|maravilha|fantástico|show|muito bom|que
        bom)
    (boa|ótima|excelente) (ideia|iniciativa|oportunidade|proposta)
    """,
    Cue.ASSENT: """
    ^(sim|claro|com certeza|pode ser|por favor sim|isso)[, ][ por favor][ obrigado]$
    ^sim,
    ^sim
    """,
    Cue.NOT_INTEREST: """
    (seu|pelo|pelo seu|vosso) interesse
    se (você |tiver |houver )?(tiver )?interesse
    """,
    Cue.UNSURE: """
    (vou pensar|vamos avaliar|vou verificar|talvez|depende|vou ver|retorno em breve|não sei)
    """,
    Cue.REQUEST: """
    (mais|maiores|outras) (info*|informações|detalhes|dados)
    (envi*|mand*|pass*|compartilh*|partilh*|forne*) [~ ][~ ](info*|informações|detalhes|preço*|
        proposta|apresentação|link|valores|orçamento|programa|material|folheto)
    ^(qual*|quanto*|como|quando|onde|quem|por que|pode*|poderia*|vocês|você|o que|do que|existe)
    quanto custa
    (uma|algumas) (dúvida*|pergunta*)
    do que se trata
    """,
    Cue.SUSPICION: """
    (quem (é você|és tu|são vocês|é)|nos conhecemos|como (conseguiu|obteve)|onde conseguiu)
    """,
    Cue.THANKS: """
    (obrigad*|agradeço|grato|grata|valeu|recebido|anotado)
    ^(ok|olá|oi|bom dia|certo|entendi)
    """,
}

FURTHER: PhraseTable = {
    Cue.OPT_OUT: """
    # Ukrainian, Russian, Polish, Czech, Swedish, Danish and Norwegian, Turkish, Romanian.
    (відписати*|відпишіть|відписка|видаліть|видалити|отписат*|отпишите|отписка|удалите|удалить|
        исключите)
    (більше не|больше не|не) (пишіть|пишите|надсилайте|присылайте|турбуйте|беспокойте|звоните|
        отправляйте)
    (припиніть|прекратите|хватит|досить|перестаньте)
    (wypisz*|wypisać|wypisanie|usuń*|usunąć|proszę o usunięcie|rezygnuję)
    (nie|przestań*|przestańcie) [~ ](pisać|pisz|piszcie|kontaktować|kontaktuj*|wysyłać|wysyłaj*|
        dzwonić) [_ ]
    (odhlásit*|odhlaste|vymažte|smažte|neposílejte|nekontaktujte)
    (avregistrera|avprenumerera|avanmäl*|avsluta prenumeration|ta bort (mig|oss|min)|sluta
        (maila|mejla|kontakta|skicka|ringa|skriva))
    (kontakta|mejla|maila|ring) (mig|oss) (inte|aldrig)
    (afmeld*|meld mig|avmeld*|meld meg|fjern (mig|meg|oss|min)|slet mig|slett (meg|min)|stop med
        at|slutt å|kontakt (mig|meg|oss) ikke)
    (aboneliğ*|listeden çıkar*|listenizden|beni çıkar*|bir daha (yazma*|arama*|mail|rahatsız))
    (dezabon*|ștergeți|scoateți mă|nu mă mai contact*)
    (遠慮|配信停止|退订|取消订阅)
    """,
    Cue.REFUSAL: """
    (не|нет|ні|немає) (цікав*|інтерес*|интерес*|потріб*|нуж*|актуальн*|зацікавл*|заинтересован*)
    ^(ні|нет|ні дякую|нет спасибо|не надо|не треба)$
    (ні|нет), (дякую|спасибо)
    (nie) (jestem|jesteśmy|dziękuję|dzięki|interesuje|potrzeb*|zainteresowan*)
    ^nie$
    nie, (dziękuję|dziękujemy|dzięki)
    brak zainteresowania
    (nemám|nemáme) zájem
    ne, děkuji
    (inte|ej|inget|ingen) [_ ](intresse*|intresserad*|aktuellt|behov|för oss)
    nej, (tack|tak)
    ^(nej|nei|ei)$
    (ikke|ingen) [_ ](interesse*|interessert|interesseret|aktuelt|behov)
    nei, takk
    ei kiitos
    (ilgilenm*|hayır teşekkür*|gerek yok)
    (nu|nu sunt*) [_ ]interes*
    nu, mulțum*
    """,
    Cue.INTEREST: """
    (jag|vi) (är|vill) [_ ](intresserad*|veta mer)
    (так|да), [_ ](цікав*|интересно|давайте|цікаво)
    (jestem|jesteśmy) zainteresowan*
    (jeg|vi) er [_ ]interesse*
    ^(gärna|chętnie|gerne)
    """,
    Cue.ASSENT: """
    ^(так|да|tak|да давайте|так давайте)$
    """,
    Cue.THANKS: """
    (дякую|спасибо|dziękuję|tack|tak|takk|kiitos|teşekkür*|mulțumesc|děkuji)$
    """,
}
