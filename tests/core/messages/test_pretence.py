"""Nobody is told a reason that nobody had, in any language; and every text of ours passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.messages.pretence import pretences, spam_phrase

INVENTED = """
Your role as CTO made me think of you.
Your work at Acme made us immediately think of you for our event.
I thought of you because of your role.
You came to mind when we planned it.
I was impressed by your career at Acme.
We are very impressed with what you build.
I've been following your work for some time.
I have long followed your journey.
I loved your talk.
I really enjoyed reading your posts.
I am a big fan of your work.
Your profile caught my eye.
Your experience really stood out.
What you say resonates with us.
I came across your profile yesterday.
I heard great things about Acme.
Somebody recommended you to me.
Your name came up in our team.
Your impressive background fits.
As a thought leader you know this.
Ihr Profil hat mich an Sie denken lassen.
Bei dem Thema musste ich an Sie denken.
Ihre Arbeit hat mich beeindruckt.
Ich verfolge Ihre Arbeit seit Langem.
Sie sind mir aufgefallen.
Sie wurden mir von einem Kollegen empfohlen.
Ich bin auf Ihr Profil gestoßen.
Ich bin begeistert von Ihrem Weg.
Votre parcours m'a impressionné.
J'ai pensé à vous pour cette journée.
Votre profil m'a fait penser à vous.
Nous avons adoré votre travail.
Je suis vos travaux depuis longtemps.
Je suis tombé sur votre profil.
Votre profil a retenu notre attention.
Su trabajo me hizo pensar en usted.
Pensamos en usted para este evento.
Me impresionó su trayectoria.
Me encantó su trabajo.
Sigo su trabajo desde hace tiempo.
Su perfil me llamó la atención.
Me recomendaron hablar con usted.
As discussed, here are the details.
We met in Berlin last year.
Wie besprochen schicke ich die Eckdaten.
Unser Gespräch war sehr angenehm.
Wir haben einen gemeinsamen Bekannten.
Comme convenu, voici les détails.
Suite à notre échange, je vous écris.
Como hablamos, le envío los detalles.
Tenemos un contacto en común.
Ihr Vortrag in Lissabon war großartig.
Votre conférence à Lyon était belle.
Su charla en Madrid fue buena.
""".strip().splitlines()

HONEST = """
As CTO at Acme, would you consider speaking?
We would love to hear your view on it.
I saw that you work with Kubernetes at Acme.
Your profile names security, one of our topics.
We would like to have Acme as a partner.
Would you like to join us as a guest?
If a colleague is in charge, a name helps just as much.
Könnten Sie sich als CTO bei Acme einen Vortrag vorstellen?
Wir hätten Acme gern als Partner.
Ihr Profil nennt Security, eines der Themen.
Accepteriez-vous, en tant que CTO chez Acme, d'y prendre la parole ?
Aimeriez-vous recevoir le programme ?
¿Le gustaría, como CTO en Acme, dar una charla?
Nos gustaría contar con Acme.
""".strip().splitlines()


@pytest.mark.parametrize("text", INVENTED)
def test_a_reason_a_past_or_a_praise_that_nobody_knows_of_is_refused(text):
    assert list(pretences(text, "CTO at Acme"))


@pytest.mark.parametrize("text", HONEST)
def test_what_the_profile_and_the_event_bear_out_may_be_said(text):
    assert list(pretences(text, "CTO at Acme")) == []


def test_a_work_may_be_named_when_the_profile_has_it():
    assert list(pretences("Your podcast fits.", "Host of a podcast")) == []
    assert list(pretences("Ihr Podcast passt gut.", "Podcast über Daten")) == []


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Act now and be part of it.", "act now"),
        ("Jetzt handeln: nur noch wenige Plätze.", "jetzt handeln"),
        ("Une offre exclusive pour vous.", "offre exclusive"),
        ("Última oportunidad para inscribirse.", "última oportunidad"),
        ("The contact nowhere helps.", ""),
        ("Gratisol GmbH lädt ein.", ""),
    ],
)
def test_advertising_is_found_in_every_language_and_only_as_words(text, phrase):
    assert spam_phrase(text) == phrase


@given(st.text(max_size=400), st.text(max_size=200))
def test_no_text_raises(text, profile):
    assert all(isinstance(why, str) for why in pretences(text, profile))
