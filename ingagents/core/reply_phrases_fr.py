"""French phrases. Apostrophes become spaces in the text, accents are folded."""

from __future__ import annotations

from ingagents.core.reply_phrases_cues import Cue, PhraseTable

__all__ = ["FRENCH"]

FRENCH: PhraseTable = {
    Cue.OPT_OUT: """
    (désinscri*|désabonn*|désincription|desinscri*)
    (retir*|supprim*|enlev*|effac*|ôt*|sort*|radi*|ray*|efface*|oubli*) [moi ][nous ][~ ](moi|
        nous|mon|mes|ma|notre|nos|m|mon|mon nom|cette) [~ ](liste*|données|adresse*|mail*|
        email*|coordonnées|base|fichier*|contact*|nom|numéro|informations|infos|diffusion|de
        vos|de votre|de cette)
    (retirez|supprimez|enlevez|effacez|sortez|rayez|retire|enlève|supprime|désinscrivez|oubliez|
        radiez) (moi|nous)
    (me|nous) (retirer|supprimer|enlever|désinscrire|désabonner|rayer|sortir|effacer|radier)
    m (enlever|effacer|ôter)
    (suppression|effacement|retrait) de (mes|mon|ma|nos|notre|vos|toutes)
    (supprim*|effac*|retir*) [~ ](données|coordonnées|adresse|informations|contact)
    (être|soit) (retiré*|supprimé*|désinscrit*|effacé*|enlevé*|désabonné*|radié*)
    (plus|pas) utiliser (cette|mon|notre|mes)
    (de|dans) (votre|vos|cette|la|ta) (liste*|base|fichier*|mailing*|base de données)
    (ne|n|de ne) [_ ](plus|pas|jamais) [_ ](m |me |nous |être |à )?(contact*|écri*|envoy*|
        recevoir|sollicit*|appel*|démarch*|dérang*|relanc*|harcel*|spam*|importun*|solliciter)
    (ne|n) (me|nous|m) [_ ]*(contact*|écri*|envoy*|sollicit*|appel*|démarch*|dérang*|relanc*|
        harcel*|spam*) (plus|pas|jamais)
    (plus|jamais) (me|nous|m) (contact*|écri*|envoy*|sollicit*|appel*|démarch*|relanc*|dérang*)
    plus [jamais ](de |aucun |d )(mail*|message*|email*|courriel*|contact*|appel*|
        sollicitation*|relance*|démarchage|prospection|vos)
    (plus|pas) (recevoir|être contacté*|être sollicité*|être démarché*|entendre parler|avoir de
        vos)
    (arrêt*|cess*|stopp*) [_ ][_ ](de |ces |vos |ce |tout |immédiatement |moi |d |cette |vos
        )[_ ](m |me |nous )?(mail*|message*|envoi*|contact*|écri*|envoy*|harc*|spam*|relance*|
        appel*|sollicit*|démarch*|emailing|importun*|embêter|prospection|cela|ça)
    (arrêt*|cess*|stopp*) (le|la|les|ce|ces|cette|vos|tout|avec|immédiatement|maintenant|d|de)
    pas (mon|notre) (consentement|accord|autorisation)
    ^[merci d |merci de |svp |s il vous plaît ](arrêt*|cess*|stop|stopper|désinscription|
        suppression|
        retrait)[ svp][ merci][ ça][ maintenant][ de suite][ tout][ s il vous plaît]$
    (laiss*|fiche*|foute*) [~ ](tranquille*|paix)
    (foutez|fichez|fous|fiche) [le ](moi|camp|nous)
    (va te|allez vous) [_ ]
    (c est|ceci est|il s agit|encore) [_ ](du |un |de )?(spam|harcèlement|pourriel)
    (signal*|report*|bloqu*|dénonc*) [~ ](spam|indésirable|vous|cnil|votre|expéditeur|linkedin|
        abus|comme)
    cnil
    stop (aux|a vos|avec)
    rgpd [~ ](supprim*|effac*|droit*|demande|retir*|violation|conforme*|oppos*)
    (droit|demande|exerc*) [~ ](l oubli|oubli|opposition|effacement|rgpd|suppression|
        rectification)
    (oppos*|retir*) [~ ](traitement|consentement|prospection)
    (jamais|pas) [~ ](inscrit*|abonné*|demandé à|donné mon|consenti|sollicité|autorisé|donné mon
        accord)
    sans mon (accord|consentement|autorisation)
    (mon avocat|poursuites|plainte|mise en demeure|action en justice)
    (plus|pas) (me|nous|m) (déranger|importuner|embêter|spammer)
    aucun (autre )?(mail|message|contact|courriel|démarchage)
    """,
    Cue.NOT_OPT_OUT: """
    n hésit* (pas|plus)
    (n|ne) [_ ](arrêt*|cess*|stopp*|retir*|supprim*|désinscri*|désabonn*) [moi |me |nous ](pas|
        surtout pas|jamais)
    surtout pas
    sans (arrêt|cesse)
    (notre|nos) [_ ](désinscri*|désabonn*|page|lien)
    taux de (désabonnement|désinscription)
    (lien|bouton) de désinscription (de|sur) (notre|nos)
    pas (à|d) (me contact*|contact*|écri*|appel*)
    """,
    Cue.BOUNCE: """
    (n a|pas|pu|n ont) [~ ](être )(remis|distribué|délivré|livré|acheminé)
    (échec|erreur) [~ ](remise|distribution|livraison|envoi)
    (adresse|destinataire|boîte) [~ ](introuvable|inconnu*|inexistant*|n existe|pleine|invalide|
        rejeté*)
    non (remis|distribué*|délivré*)
    non remise
    """,
    Cue.AWAY: """
    (réponse automatique|message d absence|message automatique|absence du bureau)
    (suis|serai|sommes|serons|est) [~ ](absent*|en congé*|en vacances|en déplacement|
        indisponible|injoignable|en arrêt|en formation)
    (en|congé) (congé*|vacances|maternité|paternité|parental|maladie|déplacement (jusqu|du|
        professionnel|cette|toute)|arrêt maladie)
    absent* (du bureau|jusqu|du|pour|cette|à|actuellement|et)
    (de retour|mon retour|serai de retour|à partir du|je reviens|dès mon|à mon retour|en mon
        absence|pendant mon absence|durant mon absence)
    (en cas d urgence|pour toute urgence|si urgent|urgence)
    (accès|accéder) [~ ](limité|restreint|mes (mails|emails|messages))
    ne (travaille|fais|fait) plus
    (n est|plus) (plus )?(consulté*|surveillé*|dans l entreprise|en poste|dans la société)
    quitté (la|l|mes|le)
    (votre|bien reçu) (demande|message|mail|courriel) [~ ](a bien|pris en|sera trait*|dans les)
    (fermé*|fermeture) [~ ](jusqu|du|annuelle|au)
    """,
    Cue.REFUSAL: """
    (pas|plus|aucun|aucunement|nullement|non|guère|ni|sans|aucune|peu) [~ ](intéress*|intérêt|
        besoin|envie|preneur*|concern*|pertinent*|adapté*|convaincu*|utile|nécessaire|souhait*|
        suite|disponible pour|cible|retenu*|recherche|favorable)
    (intéress*|concern*|convien*|correspon*|convainc*|parle*|tente*|souhait*|cherch*|envisag*|
        sponsoris*|particip*|donn*|retien*|retenir) [_ ](pas|plus|guère|aucun*|nullement|jamais)
    ^(non|nan|nope|hors de question|jamais|pas du tout|certainement pas|surtout pas|sans façon|
        pas pour (moi|nous)|pas intéressé*|absolument pas|en aucun cas|que nenni|pas question|
        négatif|pas besoin|même pas en rêve)
    non, merci
    (merci|désolé*), (mais )?(non|pas|sans façon|nous|je ne|ce n|on|c est)
    mais (non|ça ira)
    sans façon
    (pas|plus) (pour (nous|moi)|notre|d actualité|dans nos|à l ordre|possible|question|donner
        suite|une priorité|en mesure|la peine|mon|ma|partie de|dispo)
    (décline*|décliner|refus*|passe mon tour|passer mon tour|renonce*|regret de|suis contraint*)
    (ne|n) [~ ][_ ](donner|donnerons|donnerai|donne|pourrons|pourrai|pouvons|peux|puis|
        interviens|intervenons|rentre|entre|fait|participerons|participerai|sera|serons|serai|
        cherche|cherchons|sponsorisons) [_ ](pas|plus|aucun*|malheureusement pas|hélas pas)
    (je|on|nous) pass* (mon tour|notre)
    ^je passe
    malheureusement, [_ ][_ ][_ ](pas|plus|non|aucun*|décliner|refuser)
    (déjà|bien) (équipé*|pourvu*|servi*|accompagné*|fourni*)
    bonne (continuation|chance)
    (fait le choix|choisi|opté|retenu) [_ ][_ ][_ ][_ ](autre|différent*)
    au complet
    autre (partenaire|prestataire|fournisseur|solution)
    (ça|cela|ce) [ne ](m|me|nous) [_ ]* pas
    """,
    Cue.OBJECTION: """
    (avons|ai|a|travaill*|utilis*|sommes|dispos*) (déjà|actuellement)
    déjà [~ ](prestataire|fournisseur|partenaire*|solution|outil|engagé*|en place|sous contrat|
        ce qu|quelqu)
    (pas|plus|aucun|manque|sans) [_ ][_ ](budget|moyens|temps|argent|ressources|le temps|les
        moyens|capacité)
    trop (cher|chère|coûteux|élevé|tôt|petit*|compliqué|onéreux)
    (en interne|sous contrat|engagé avec|budget [~ ](bouclé|épuisé|serré|gelé|déjà|limité))
    (satisfait*|content*) de (notre|nos|mon)
    pas (convaincu*|une priorité|prioritaire)
    """,
    Cue.NOT_REFUSAL: """
    (pas|aucun) (de |un )?(problème*|souci*|soucis|doute|inquiétude|objection)
    pas (seulement|mal|que|encore vu|encore lu|inintéress*|contre|impossible)
    pourquoi pas
    n hésit* pas
    (ne|n) [_ ](manqu*|rat*) pas
    sans (aucun )?(doute|problème|souci)
    (ne dis|ne dirais|dirai) pas non
    pas (de|d) (quoi|obligation)
    (n ai|n avais|n avons) (pas|jamais) [_ ](entendu|vu|lu|reçu|eu le temps de)
    pas (bien |tout )?(compris|saisi|reçu)
    vous n avez pas (précisé|dit|joint|mis|indiqué|envoyé)
    n est ce pas
    """,
    Cue.MOCKERY: """
    (perte de temps|n importe quoi|foutaise*|ridicule|arnaque|bullshit|connerie*|pathétique)
    (vous|tu) (rigol*|plaisant*|moqu*)
    dans vos rêves
    quand les poules
    ^(encore un|ben voyons|super, encore|génial, encore|quelle originalité|mais bien sûr|mdr|c
        est ça oui)
    la bonne blague
    il ne manquait plus que
    comme si
    """,
    Cue.NOT_NOW: """
    (pas|plus) [_ ](pour le moment|pour l instant|maintenant|actuellement|cette année|ce
        trimestre|le moment|le bon moment|tout de suite|aujourd hui|encore prêt*|dans l
        immédiat|cette édition)
    (pour le moment|pour l instant|actuellement|à ce stade|en ce moment) [~ ](pas|non|plus|
        aucun|n|nous ne|je ne)
    (plus tard|ultérieurement|une autre fois|une prochaine fois|l année prochaine|l an prochain|
        à la rentrée|prochaine édition|le trimestre prochain)
    (recontact*|revenez|revene*|rappel*|relanc*|reparl*|recroisons|refaire un point|reviendrai|
        revenir vers) [~ ][~ ](dans|en|à la|après|au|l an|l année|plus tard|prochain*|{month}|
        mois|rentrée|quand|trimestre)
    (mauvais|pas le bon) (moment|timing)
    (trop|un peu) tôt
    (on hold|en pause|en attente|reporter|repousser|reporté)
    peut être (plus tard|l|une|en|dans|à)
    (très|trop|hyper|bien) (occupé*|chargé*|pris*)
    débordé*
    """,
    Cue.REFERRAL: """
    (pas|plus) (la bonne personne|le bon interlocuteur|la bonne interlocutrice|le bon contact|en
        charge|responsable|mon domaine|de mon ressort|concerné par)
    (n est|suis) pas (moi|la personne) [_ ](qui|en charge|chargé*)
    adressez vous
    (mauvais|mauvaise) (interlocuteur|personne|contact|destinataire)
    (contact*|écri*|vous adresser|adress*|voir avec|voyez avec|parl*|vous rapprocher|rapproch*|
        appel*|demand*) [_ ][_ ](à|avec|de|mon|ma|notre|m|mme|monsieur|madame|emailaddress|
        auprès)[ _] (coll*|responsable|directeur|directrice|service|équipe|emailaddress|
        assistant*|chef*|patron|département)
    (contacter|voir avec|adresser à|écrire à|contactez) [_ ][_ ](mon|ma|notre|nos|emailaddress|
        m|mme|le service|la direction|plutôt)
    (transf*|transmet*|fais suivre|fait suivre|faire suivre|redirig*|mets en copie|je partage|
        transférer|orient*)
    en copie
    (en charge|responsable) [~ ](est|de ce|du|des|de cela)
    (ma|mon|mes|notre) (collègue*|responsable|directeur|directrice|chef|associé*|équipe|manager|
        patron|confrère)
    (s en occupe|s occupe d*|gère ce|gère ces)
    """,
    Cue.MEETING: """
    (rendez vous|rdv|créneau*|visio|entretien)
    (fix*|planifi*|organis*|prévo*|caler|calons|prendre|faire|programm*|conven*|propos*|réserv*)
        [~ ](appel|call|échange|démo|réunion|point|rencontre|date|horaire|visio|créneau*|
        entretien|moment)
    (un|bref|rapide|court|petit) (appel|call|échange|point|coup de fil|café)
    (appelez|appelle|rappelez|rappelle) (moi|nous)
    (disponible*|libre*|dispo) [~ ]({day}|la semaine|cette semaine|à|de|en|pour|le|après|matin)
    (quand|quel*) [~ ](disponible*|libre*|dispo*|jour|heure|moment|parler|échanger|appel*)
    ({day}|semaine prochaine) [~ ](me convient|convient|va|ira|serait|c est|possible|parfait|à|
        ok|dispo*)
    (parlons|échangeons|discutons|voyons|rencontrons|appelons)
    mon (numéro|portable|mobile)
    (parler|échanger|discuter|voir|rencontrer) [~ ](semaine|{day}|de vive voix|par téléphone|
        demain)
    on s appelle
    (peut|pouvons|pourrions|pourrait|veux|voulez) [vous |on ][s |se |nous ](appeler|parler|voir|
        rencontrer|échanger|téléphoner)
    au phonenumber
    """,
    Cue.INTEREST: """
    intéressé*
    (m|nous|n|s) intéress*
    (de l|un|mon|notre|grand|vif) intérêt
    (avec|très|grand) plaisir
    (volontiers|bien volontiers|partant*|ravi*|enthousias*|enchanté*|curieux|curieuse|preneur|
        preneuse)
    (serais|serait|serions|suis|sommes) [_ ](ravi*|heureux|heureuse|partant*|content*|
        intéressé*|ouvert*|disposé*|prêt*|disponible*) [_ ](de|d|à|pour)
    (dites|dis|dites m|parlez|parle|racontez) [_ ](en |moi |nous )+(plus|davantage)
    en (savoir|apprendre|discuter|parler|entendre) [_ ](plus|davantage|avec)?
    (j aimerais|j adorerais|nous aimerions|on aimerait|je souhaite|je souhaiterais|nous
        souhaitons|je veux|je voudrais|nous voudrions) [~ ](particip*|en savoir|voir|découvrir|
        parler|échanger|sponsor*|être|venir|rejoin*|plus|tester|essayer|en discuter|intervenir)
    (comptez|compte) sur (moi|nous)
    (un|quel) (honneur|plaisir) (de|d)
    (j accepte|nous acceptons|j en suis|je suis des|je participe|d accord pour)
    (hâte|impatien*) [_ ](de|d|à)
    (envoyez|envoie|envoyer|transmettez) [le |la |les ](moi|le|la|ça|nous le|moi ça|les)$
    (exactement|justement|précisément) ce (que|qu|dont)
    (tombe|tombez|arrivez) (bien|à pic|à point)
    pourquoi pas
    (nous cherchons|je cherche|on cherche|nous recherchons) (justement|actuellement|en ce
        moment)
    (tenez|tiens) moi (au courant|informé*)
    """,
    Cue.LIKING: """
    (c est|ça|cela|semble|paraît|l air|est|très|serait|idée|a l air|super|vraiment)
        [_ ][_ ](intéressant*|super|génial|parfait|prometteur|excellent*|top|chouette|
        passionnant|bien|cool|formidable|sympa|magnifique|tentant)
    ^(super|génial|parfait|excellent|top|intéressant|formidable|chouette|cool|magnifique|très
        bien|bonne idée|très intéressant|impeccable|bravo|nickel)
    (belle|bonne|excellente|super|magnifique) (initiative|idée|opportunité|occasion|proposition|
        nouvelle)
    (me|nous) (plaît|plairait|tente|parle)
    ça (marche|roule|me va)
    """,
    Cue.ASSENT: """
    ^(oui|ouais|bien sûr|absolument|tout à fait|carrément|d accord|volontiers|avec plaisir|
        évidemment|certainement|pourquoi pas|ok pour|partant|allez|entendu pour|bonjour, oui|
        bonjour oui|banco)
    oui, (bien sûr|merci|volontiers|avec plaisir|s il vous plaît)
    """,
    Cue.NOT_INTEREST: """
    (votre|de votre|ton|pour l|vous portez) intérêt
    merci (de|pour|d) [_ ][_ ]intérêt
    (si|êtes|seriez|serait|es|serais) (vous |tu |cela |ça |il )?(êtes |est |serait )?intéressé*
    ravi* (de vous|d avoir|pour vous)
    (oui|super|génial) mais (non|pas)
    conflit d intérêt*
    """,
    Cue.LAPSED: """
    (aurait|aurais|aurions|avais|avions|étais|étions) [~ ](intéressé*|aimé|été intéressé*|été
        ravi*|participé|souhaité)
    """,
    Cue.UNSURE: """
    (réfléchi*|réfléchir|y réfléchir|en discuter|en parler|voir avec|consulter|vérifier|étudier)
    (reviens|revenir|reviendrai|reviendrons|revient) vers (vous|toi)
    (je|on|nous) [_ ](verra|verrons|vais voir|regarde|regarder|vais regarder|verrai)
    (peut être|éventuellement|à voir|ça dépend|cela dépend|tout dépend|on verra|faut voir|bof|
        mouais)
    (pas|plus) (sûr*|certain*)
    (ne|n) (sais|savons) pas
    """,
    Cue.REQUEST: """
    (plus|davantage|complément*|quelques|autres) (d |de |sur )?(info*|détail*|informations|
        précision*|renseignement*|éléments)
    (envo*|transmet*|partag*|fourni*|communiqu*|donn*|adress*|faire parvenir|fait parvenir|
        recevoir|avoir|obtenir) [~ ][~ ](info*|détail*|tarif*|prix|brochure|documentation|
        plaquette|présentation|lien|devis|dossier|proposition|programme|exemple*|offre|coût*|
        doc|support*|précision*|modalités)
    ^(quel*|combien|comment|quand|où|qui|pourquoi|est ce|pouvez vous|pourriez vous|peux tu|avez
        vous|y a t il|c est quoi|de quoi|qu est ce|que|êtes vous|faut il|proposez vous|quels)
    (pouvez|pourriez|peux|pourrais) (vous|tu) [_ ](m|me|nous|préciser|expliquer|envoyer|en dire|
        détailler)
    (combien|quel) [_ ](coût*|prix|tarif*|ça coûte)
    (tarif*|prix|honoraires|conditions)$
    (une|des|quelques|deux) question*
    de quoi s agit
    """,
    Cue.SUSPICION: """
    (qui êtes vous|qui es tu|c est qui|on se connaît|d où [_ ][_ ][_ ](coordonnées|adresse|mail|
        numéro|contact)|comment avez vous (eu|obtenu|trouvé)|c est (du spam|une arnaque)|êtes
        vous un (robot|bot|humain)|pourquoi (m|me|vous|tu))
    """,
    Cue.THANKS: """
    (merci|remercie*|bien reçu|bien noté|noté|c est noté|entendu|je prends note|reçu)
    ^(ok|bonjour|bonsoir|salut|d accord|très bien|compris|bien)
    """,
}
