"""Spanish phrases, for Spain and Latin America."""

from __future__ import annotations

from ingagents.core.reply_phrases_cues import Cue, PhraseTable

__all__ = ["SPANISH"]

SPANISH: PhraseTable = {
    Cue.OPT_OUT: """
    (darme|darnos|denme|dame|denos|deme|dar|dado|dada|darse) de baja
    de baja (de|en|por|a|mi)
    ^[por favor, ](baja|de baja|stop|alto|basta|paren|eliminar|borrar|
        cancelar)[, por favor][ gracias][ ya]$
    (desuscri*|cancelar [_ ]suscripción|anular [_ ]suscripción|desapunt*)
    (elimin*|borr*|quit*|saqu*|sac*|retir*|remuev*|suprim*|remover|exclu*) [~ ](mi|mis|mí|me|
        nos|nuestro*|nuestra*|este|esta|todos|todas|los|de) [~ ](lista*|correo*|datos|email|
        mail|dirección|base|contacto*|número|nombre|información|registro*|teléfono|su|sus|tu|
        esta)
    (elimínen*|bórren*|quíten*|sáquen*|saquen*|retíren*|elimíne*|bórre*|quíte*|sáque*|elimina*|
        quita*|saca*|borra*)(me|nos)
    (eliminarme|borrarme|quitarme|sacarme|retirarme|removerme|eliminarnos|elimíneme|elimínenme|
        bórreme|bórrenme|quíteme|quítenme|sáqueme|sáquenme|bórrame|elimíname|quítame|sácame|
        remuévame|excluirme|retíreme|retírenme)
    (su|tu|esta|la|vuestra|sus) (lista*|base de datos) [_ ](de )?(correo*|distribución|envío*|
        contactos|mailing)
    (no|nunca|jamás|dej*|deje|dejen|deja|dejad|paren|pare|para|parad|ces*) [~ ](contact*|
        escrib*|envi*|mand*|molest*|llam*|enviarme|mandarme|escribirme|contactarme|llamarme|
        molestarme|spamear*|acos*|insistir|insista*) [~ ](más|mas|nada|nunca|correo*|mensaje*|
        emails|mails|jamás|de nuevo|otra vez|spam|publicidad|nunca más)
    (no|nunca|jamás) [vuelv* a ][quiero que ][que ](me|nos) [vuelv* a ](contact*|escrib*|envi*|
        envíe*|mand*|molest*|llam*|spam*)
    (no|nunca|jamás) (contactarme|escribirme|enviarme|mandarme|llamarme|molestarme|contactar|
        molestar)
    (deje*|dejen|deja|dejad|pare*|paren|para|parad|basta) (ya )?(de )(contact*|escrib*|envi*|
        mand*|molest*|llam*|spam*|acosar*|hacer spam|enviarme|insistir)
    (deje*|deja|dejen|dejad)(me|nos) (en paz|tranquil*)
    (déjeme|déjame|déjenme|dejadme|déjenos|dejarme|dejen de) [_ ](en paz|tranquil*|molestar|
        escribir)
    (no|ya no) [_ ](quiero|deseo|queremos|deseamos|quisiera) [_ ](recibir|más (correos|mensajes|
        emails|llamadas|información|contacto)|ser contactad*|que me|saber (nada|más)|volver a)
    (no|ningún) más (correo*|mensaje*|email*|llamada*|spam|contacto)
    (esto|este|es|eso|puro) [_ ](es )?(spam|acoso)
    (report*|denunci*|bloque*|marc*) [~ ](spam|como|los|te|ustedes|su|este|correo no deseado|a
        linkedin)
    (los|te|lo) (voy a |vamos a |he )?(reportar*|denunci*|bloque*)
    (rgpd|lopd*|gdpr|arco|protección de datos|aepd) [~ ](elimin*|supres*|borr*|derecho*|
        denunci*|baja|cancel*)
    (derecho*|ejer*|solicit*) [~ ](supresión|olvido|oposición|cancelación|al olvido|eliminación|
        baja|arco)
    (me opongo|retiro mi consentimiento|revoco mi consentimiento)
    (basta|ya basta) [_ ]de
    (no|nunca) vuelv* a
    (nunca|no) [_ ](me )?(suscrib*|inscrib*|registr*|di mi (consentimiento|autorización)|
        autoric*|solicit*|pedí (esto|que|esta)|he solicitado|he dado)
    sin mi (consentimiento|autorización|permiso)
    (mi abogado|mis abogados|acciones legales|demanda legal)
    (váyanse|vete|lárgate|lárguense|que te den|vete a la|vayan a la|no me jod*)
    (de dónde|cómo) [~ ](datos|correo|email|número) [~ ][~ ](elimin*|borr*)
    """,
    Cue.NOT_OPT_OUT: """
    no (dude*|dudes|duden|deje*|dejes|dejen|pare*|pares|paren) [_ ](en|de)
    no (me|nos) (den|des|dé|elimin*|borr*|quit*|saqu*) [_ ](de baja)?
    sin parar
    (nuestr*|tasa de|enlace de) [_ ](baja*|desuscri*)
    (no|nunca) (me|nos) (elimin*|borr*)
    para (contactarme|escribirme|llamarme)
    no me di(eron|ste) de baja
    dado de baja nuestro
    """,
    Cue.BOUNCE: """
    no (se )?(pudo|ha podido|puede|fue posible) [~ ](entreg*|enviar|ser entregado)
    (error|fallo) [_ ](en la |de )?entrega
    (dirección|usuario|buzón|destinatario) [~ ](no existe|no encontrad*|desconocid*|lleno|
        rechazad*|inválid*)
    no entregado
    correo devuelto
    """,
    Cue.AWAY: """
    (respuesta automática|mensaje automático|fuera de (la |mi )?oficina|ausencia de oficina)
    (estoy|estaré|me encuentro|estamos|estaremos) [~ ](fuera|ausente|de vacaciones|de viaje|de
        baja (médica|maternal|por)|de permiso|sin acceso|de licencia)
    (de|en) (vacaciones|licencia|permiso (de|por))
    (baja|licencia|permiso) (médica|maternal|paternal|por maternidad|de maternidad|por
        enfermedad)
    (mi regreso|mi vuelta|a mi vuelta|estaré de vuelta|regreso el|vuelvo el|de regreso|en mi
        ausencia|durante mi ausencia|hasta el)
    (para|en caso de|si es|asuntos|temas|cualquier) [_ ]urgen*
    acceso (limitado|restringido)
    ya no (trabaj*|form*|estoy en|pertenezco)
    (hemos recibido|recibido) su (mensaje|correo|solicitud|consulta)
    (no se monitorea|no es monitoread*|buzón no)
    """,
    Cue.REFUSAL: """
    (no|ningún|nada|sin|nulo|poco|tampoco|ni) [~ ](interés|interesa*|interesad*|interese*|
        interesante|necesi*|encaja|aplica|conviene|gracias|buscamos|busco|procede|relevante|
        útil|requer*|deseo|queremos|quiero|podemos|podré|podremos|puedo|participar*|es para (mí|
        nosotros)|contratar*|cuadra|ajusta|estamos (interesad*|buscando|en)|corresponde|es lo
        nuestro|nos hace falta|hace falta|seguir|avanzar|asistir*|patrocin*|va con|va a ser
        posible|será posible)
    ^(no|nop|nel|para nada|de ninguna manera|en absoluto|ni hablar|ni loco|ni de broma|jamás|
        nunca|negativo|paso|qué va|claro que no|por supuesto que no|desde luego que no|no
        gracias)$
    ^no,
    no, (gracias|muchas gracias|mil gracias|muchísimas gracias|graciass)
    (gracias|agradezco|agradecemos|lo siento|lamentablemente|desafortunadamente|por
        desgracia)[ _][ _][ _][ _], (pero |mas )?(no|paso|ya tenemos|declin*|en esta|por ahora
        no|de momento no|ahora no)
    pero (no|paso|ya tenemos|no gracias)
    (declin*|rechaz*|renunci*|descart*)
    (no creo|no veo|no considero)
    ^paso, (gracias|de|esta|no|por)
    (paso|pasamos) (de|por esta|esta vez|palabra|gracias)
    prefer* no
    (suerte|éxito*|exito*) (con|en|para|a)
    (les|te|le) deseo
    (lamentablemente|desafortunadamente|desgraciadamente) [~ ]no
    no me (va|llama|convence|cuadra|sirve)
    no nos (va|llama|convence|cuadra|sirve)
    no (tenemos|tengo|hay) (interés|necesidad)
    (estamos|estoy) (bien|servid*|cubiert*)[ así]
    """,
    Cue.OBJECTION: """
    ya (tenemos|tengo|contamos|trabajamos|usamos|utilizamos|disponemos|estamos|lo tenemos|hemos|
        colaboramos)
    (no|sin|falta de|poco) [_ ](tenemos|hay|tengo|contamos)? [_ ](presupuesto|dinero|tiempo|
        recursos|fondos|capacidad)
    (no|sin) [_ ][_ ](presupuesto|dinero|tiempo|recursos|fondos)
    (demasiado|muy) (car*|costos*|elevado|pronto|pequeñ*)
    (proveedor|socio|contrato) (actual|vigente|existente|hasta)
    presupuesto [~ ](agotado|cerrado|congelado|limitado|asignado)
    internamente
    (content*|satisfech*|feliz|felices) con (nuestr*|el|lo|mi)
    no [_ ]prioridad
    """,
    Cue.NOT_REFUSAL: """
    (no|ningún|sin) (hay |es |tengo |tenemos )?(problema*|inconveniente*|duda*|prisa|pasa nada|
        importa|objeción)
    no (solo|sólo|dude*|duden|dudes|está mal|te preocupes|se preocupe*|veo por qué no|me lo
        (pierdo|perdería)|puedo esperar|sabía|conocía|había)
    (por|cómo) que no$
    (por qué|porqué|cómo) no
    (no|nunca) (me|nos) (importa*|vendría mal)
    (aún|todavía) no (he|hemos) (visto|leído|recibido|decidido)
    no (he|hemos) (visto|leído|recibido|oído)
    no (me|nos) (llegó|llega|queda claro)
    """,
    Cue.MOCKERY: """
    (pérdida de tiempo|tontería*|ridículo|estafa|basura|payas*|vaya broma|qué original|otro más|
        qué ilusión)
    (estás|está|están) de broma
    ni en (tus|sus) sueños
    cuando las ranas
    sigue soñando
    ^(sí claro|claro que sí campeón|jaja*)$
    lo que me faltaba
    """,
    Cue.NOT_NOW: """
    (ahora|por ahora|de momento|por el momento|en este momento|actualmente|este año|este
        trimestre|hoy) (no|mismo no|imposible|complicado|estamos)
    no [_ ][_ ][_ ](ahora|por ahora|de momento|por el momento|en este momento|actualmente|este
        año|este trimestre|es (el |un )?(buen )?momento|aún|todavía)
    (más adelante|más tarde|en otra ocasión|otra ocasión|en otro momento|el próximo (año|
        trimestre|mes)|el año que viene|próxima (edición|vez)|después del verano|en el futuro|a
        futuro|quizás luego|tal vez luego)
    (contact*|escrib*|habl*|vuelv*|retom*|busc*|llam*|recuerd*) [~ ][~ ](en (enero|febrero|
        marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|otoño|
        primavera|verano|unos meses|{number} meses|q1|q2|q3|q4|dos|tres|seis|el próximo)|
        próximo|después|luego|adelante|dentro de)
    (mal|no es buen|no es el) momento
    (demasiado|muy) pronto
    (muy|super|bastante) (ocupad*|liad*|saturad*)
    (posponer|aplazar|dejarlo para)
    """,
    Cue.REFERRAL: """
    no soy (la persona|el|la|quien|el responsable|la responsable)
    (persona|contacto) (equivocad*|adecuad*|correct*|indicad*|incorrect*|responsable|encargad*)
    (contact*|habl*|escrib*|dirij*|dirig*|comuni*|pregunt*|diríjase|póngase en contacto|ponte en
        contacto) [_ ][_ ](a|con|al|directamente) [_ ](mi|nuestr*|emailaddress|compañer*|el|la|
        departamento|responsable|equipo|señor*|directora|director|[^ ]+)
    (reenv*|remit*|traslad*|paso|pasaré|pasaremos|pasar|derivo|derivar*|comparto|compartiré|
        compartir) [_ ][_ ](a|al|con|su|tu|esto|este|la|el|tus|sus|lo) [~ ](mi|nuestr*|equipo|
        departamento|compañer*|jefe|jefa|responsable|colega*|información|mensaje|correo|área)
    (en copia|copio a|copiando a|pongo en copia)
    (mi|nuestr*) (compañer*|colega*|jef*|responsable|director*|equipo)
    (encargad*|responsable) (de|es|del)
    (se encarga|lo lleva|lleva estos)
    no (es|son) (mi|de mi) (área|departamento|competencia|tema)
    """,
    Cue.MEETING: """
    (agend*|program*|coordin*|concert*|organi*|fij*|reserv*|hagamos|hacer|tener|tengamos|
        hacemos|quedamos para|cuadrar|planific*|convocar|proponer|propón*) [~ ](llamada|reunión|
        demo|cita|videollamada|call|charla|encuentro|hora|fecha|meet|zoom|café)
    (una|breve|corta|rápida) (llamada|reunión|videollamada|charla|demo)
    (llám*|llame*|llamadme|llámame|llámeme|llámenme)
    (hablamos|hablemos|nos vemos|reunámonos|conversemos|charlemos|nos reunimos|podemos hablar|
        podemos reunirnos|podríamos hablar) [_ ][_ ]
    (cuándo|cuando|qué día|que dia|qué hora|a qué hora) [~ ](podemos|podríamos|pued*|disponible|
        te viene|le viene|hablar|reunir*|horario)
    (disponible|libre|disponibilidad) [_ ][_ ]({day}|esta semana|próxima|para|el|a las|por|
        mañana|la semana)
    ({day}|semana|próxima semana) [_ ][_ ](me va|me viene|puedo|podría|está bien|perfecto|a las|
        estoy)
    (me|nos) (va|viene) (bien|genial|perfecto)
    mi (número|teléfono|móvil|celular)
    (hablar|vernos|reunirnos|conversar) [_ ][_ ]({day}|la semana|esta semana|próxima|mañana)
    a las [_ ](clocktime|1|2|3|4|5|9|10|11|12)
    calendario
    """,
    Cue.INTEREST: """
    (me|nos|muy|estoy|estamos|estaría|estaríamos|sí|mucho) [_ ][_ ]interes*
    interesad*
    (tengo|tenemos|con|mucho|gran|de nuestro|de mi) interés
    (encantad*|encantaría|encanta|gustaría|fascina*|entusiasm*|ilusión|agradaría)
    (con (mucho )?gusto|por supuesto|claro que sí|desde luego|cuenta conmigo|cuenten con|cuente
        con|cuenta con|me apunto|nos apuntamos|apúnt*|acepto|aceptamos|adelante|dale|vamos|
        hecho)
    (cuéntame|cuénteme|cuéntenme|cuéntanos|dime|dígame|háblame|háblenme) [_ ]más
    (saber|conocer|escuchar|oír) más
    (quiero|queremos|quisiera|quisiéramos|deseo|me gustaría|nos gustaría) [_ ](saber|participar|
        conocer|ver|hablar|asistir|patrocinar|agendar|más|probar|ser|aprender|una|información)
    (envíamelo|envíemelo|mándamelo|mándemelo|envíelo|envíenlo|mándalo|envíalo|envíenmelo)
    (justo|exactamente) lo que
    (estamos|estoy) (buscando|evaluando|explorando|considerando|abiert*|dispuest*)
    (buen|perfecto|excelente|gran) (momento|timing)
    (podría|puede) (servir*|ser útil|interesar*|encajar|funcionar)
    abiert* a
    sería un (honor|placer)
    """,
    Cue.LIKING: """
    (suena|parece|se ve|es|está|pinta|luce|me parece|nos parece|sería) [_ ][_ ](bien|genial|
        interesante|excelente|fantástico|perfecto|estupendo|muy bien|increíble|prometedor|buena
        idea|bueno|súper|bárbaro)
    ^(genial|perfecto|excelente|estupendo|fantástico|interesante|increíble|buenísimo|muy
        interesante|qué bien|qué bueno|súper|muy bien|bárbaro|maravilloso|fenomenal)
    (buena|gran|excelente|interesante) (idea|oportunidad|iniciativa|propuesta|evento)
    (me|nos) gusta
    qué interesante
    """,
    Cue.ASSENT: """
    ^(sí|si|claro|por supuesto|desde luego|de acuerdo|vale|dale|con gusto|cómo no|como no|sin
        duda|obvio|seguro|hola, sí|hola sí|ok sí|adelante|por qué no|va)(, | )[_ ][_ ](favor|
        gracias|claro|interes*|envi*|mand*|quiero|podemos|agend*|me|nos|por|habl*|cuénta*|
        adelante|encant*|perfecto|genial|gusto)
    ^(sí|si|claro|por supuesto|desde luego|de acuerdo|dale|con gusto|cómo no|sin duda|adelante|
        claro que sí|seguro)$
    ^(sí|claro),
    """,
    Cue.NOT_INTEREST: """
    (su|tu|por su|por tu|por el) interés
    (si|está|estás|estaría*|están) (le |les |te )?(interesa|interesad*)[ en]
    (les|te|le) (interesa*|gustaría)
    sí pero no
    claro que no
    me gustaría (que|no|dejar|darme)
    me encantaría (que|no)[ dej*]
    """,
    Cue.LAPSED: """
    (habría|hubiera|hubiese|habríamos|hubiéramos) [~ ](gustado|encantado|interesado|sido)
    """,
    Cue.UNSURE: """
    (tengo|tenemos|debo|vamos|voy|déjame|déjeme|lo) [_ ][_ ](pensar*|consultar*|revisar*|
        valorar*|evaluar*|analizar*|comentar*|ver|comento|reviso|consulto|valoramos|pensaré)
    (te|le|les) (aviso|confirmo|digo|cuento|respondo|contesto)
    (quizá|quizás|tal vez|depende|a lo mejor|puede ser|ya veremos|no sé|no estoy segur*|no lo
        sé|veremos)
    """,
    Cue.REQUEST: """
    (más|mayor|algo de|toda la|otra) (info*|información|detalle*|datos|referencias)
    (envi*|envíe*|envíen*|envía*|mand*|compart*|pas*|facilit*|proporcion*|adjunt*|remit*)
        [~ ][~ ](info*|detalle*|precio*|tarifa*|propuesta|folleto|presentación|enlace|link|
        dossier|catálogo|cotización|presupuesto|programa|ejemplo*|brochure|costo*|documentación|
        agenda|datos|material)
    ^(qué|que|cuánto|cuál*|cómo|cuándo|dónde|quién*|por qué|puede*|podría*|puedes|podrías|
        tiene*|tienes|hay|es|ofrecen|cuanto|cual|como es|de qué|en qué|incluye|existe)
    (cuánto|qué) [_ ](cuesta|costo|precio|vale|sale|coste)
    (precio*|tarifa*|costo*|coste*|condiciones|detalles)$
    (podría*|puede*|podrías|puedes) [_ ][_ ](enviar*|mandar*|explicar*|decir*|compartir*|
        aclarar*|detallar*|contar*)
    (una|algunas|unas|tengo) (duda*|pregunta*|consulta)
    de qué se trata
    """,
    Cue.SUSPICION: """
    (quién eres|quién es usted|quiénes son|quién es|nos conocemos|es (esto )?(spam|un bot|
        estafa|una estafa)|eres un (bot|robot)|cómo (obtuv*|consigui*|tienes|tiene|consegu*)|de
        dónde (sacaste|sacó|sacaron|tienes|tienen|ha)|por qué me (escribe*|contacta*|envía*))
    """,
    Cue.THANKS: """
    (gracias|agradezco|agradecid*|recibido|anotado|entendido|enterad*|tomo nota|agradecemos)
    ^(ok|vale|hola|buenos días|buenas|bueno|de acuerdo|bien|listo)
    """,
}
