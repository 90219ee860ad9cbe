"""Reading a job title or headline: how senior, what kind of work, and which words say so.

Only a closed vocabulary counts (English, German, French, Spanish, a little more), and only the
part of a text that can be a title: it ends at the first sentence, line break or word that talks
to a reader instead of naming a job. Whatever a person writes behind that moves nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal, get_args

import msgspec

__all__ = ["Evidence", "Function", "Seniority", "Title", "read_title"]

MAX_CHARACTERS = 300
"""More of a text is not read; LinkedIn's headlines end at 220."""

Seniority = Literal[
    "founder", "c_suite", "vp", "director", "manager", "senior", "other", "junior", "unknown"
]
"""`other` is a practitioner without a rank; `unknown` a text in which no word was understood."""

Function = Literal[
    "technical", "research", "product", "advocacy", "leadership", "business",
    "sales_marketing", "finance", "people", "legal", "operations", "care", "trade", "study",
]  # fmt: skip
"""`care` is health and teaching, `trade` crafts and services, `study` also those out of work."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Words that speak for a function; `strength` is 0 to 5, less for words in passing."""

    words: str
    function: Function
    strength: float


class Title(msgspec.Struct, frozen=True, kw_only=True):
    """A title as read. `words` are those that were read; `functions` the strongest first."""

    words: tuple[str, ...] = ()
    seniority: Seniority = "unknown"
    seniority_words: str = ""
    functions: tuple[Function, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    def joined_by(self, other: Title, *, share: float) -> Title:
        """This title with the evidence of another beside it, counted by `share`.

        The other's rank is taken only where this title names none.
        """
        found = {item.words: item for item in self.evidence}
        for item in other.evidence:
            weaker = msgspec.structs.replace(item, strength=round(item.strength * share, 2))
            found.setdefault(item.words, weaker)
        unranked = self.seniority in {"unknown", "other"}
        ranked = other if unranked and other.seniority_words else self
        rank = _LEVEL_OF[ranked.seniority]
        return _title((*self.words, *other.words), found, rank, ranked.seniority_words)


def read_title(text: str) -> Title:
    """Read one title or headline; never raises, at most `MAX_CHARACTERS` are looked at."""
    return _read(text[:MAX_CHARACTERS])


@lru_cache(maxsize=1024)
def _read(text: str) -> Title:
    words: list[str] = []
    found: dict[str, Evidence] = {}
    rank, rank_words = _UNKNOWN, ""
    for written, share, past in _chunks(_tokens(text)):
        chunk = [_known_form(word) for word in written]
        words.extend(chunk)
        for evidence in _functions_in(chunk, share * 0.3 if past else share):
            known = found.get(evidence.words)
            if known is None or known.strength < evidence.strength:
                found[evidence.words] = evidence
        here, here_words = (_UNKNOWN, "") if past else _rank_in(chunk)
        if here < rank:
            rank, rank_words = here, here_words
    return _title(words, found, rank, rank_words)


# --- The vocabulary: lower case, without accents. The number is how strongly words speak. ---

_WORDS = """
technical 4.5: cto, chief technology officer, chief technical officer, ciso, chief architect, chief
information security officer, directeur technique, direttore tecnico, technischer geschaftsfuhrer,
technical staff
technical 4: engineer, developer, developpeur, programmer, coder, sre, devops, devsecops, mlops,
desarrollador, programador, programmeur, ingeniero, engenheiro, desenvolvedor, sviluppatore,
ingegnere, ontwikkelaar, scrum master, data scientist, business intelligence, full stack, fullstack,
frontend, backend, sysadmin, system administrator, database administrator, network administrator,
hacker, pentester, penetration tester, systemadministrator, technical marketing, technical product
marketing, mts, data analyst, -entwickler, -ingenieur, -informatiker, -programmierer,
softwareentwicklung
technical 3.5: cio, cdo, chief data officer, chief information officer, chief digital officer,
engineering, software, architect, arquitecto, machine learning, deep learning, artificial
intelligence, kunstliche intelligenz, inteligencia artificial, intelligence artificielle, data
science, cybersecurity, cyber, information security, security operations, cloud operations, infosec,
-architekt, softwar-
technical 3: ai, security, ia, ki, ml, llm, nlp, genai, computer vision, agile, scrum, kubernetes,
java, javascript, typescript, python, golang, rust, php, react, angular, node.js, android, ios,
flutter, kotlin, swift, aws, azure, gcp, linux, blockchain, web3, iot, robotics, programming, fpga,
firmware, embedded, quantum computing, site reliability, qa, tester, testing, open source, ux, ui,
c++, informatik, informatique, informatica, ciberseguridad, cybersecurite, dsi, user experience,
daten-, entwicklung-
technical 2.5: technology, tech, technical, technologist, technologie, tecnologia, cloud, data,
datos, donnees, devices, computing, computer, quality assurance, analytics, architecture, daten,
technical account, rd, it, sicherheits-
technical 1.5: system, web, platform, infrastructure, network, hardware, electronics, automation,
crypto, fintech, saas, internet, mobile, api, digital, biotech, biotechnology
research 4: researcher, scientist, forscher, chercheur, investigador, cientifico, ricercatore, phd
student, phd candidate, -forscher, -wissenschaftler
research 3: professor, professeur, lecturer, dozent, chief scientific officer, research lead, phd,
research fellow, mathematician, physicist, statistician, linguist
research 2.5: research, forschung, recherche, investigacion
research 2: science, doctorant, doktorand, doctorando, economist, innovation, innovacion
product 3: product manager, product owner, product lead, product management, head product, cpo,
chief product officer, chief design officer, produktmanager, chef produit, cheffe produit, gerente
producto, jefe producto, interaction designer, pm, produkt-
product 2: designer, product, producto, produit, produkt, accessibility, usability, game designer
product 1.5: products, service design, diseno, design
advocacy 5: developer advocate, developer relations, devrel, google developer expert, gde, microsoft
mvp, java champion, developer experience
advocacy 4: evangelist, keynote speaker, public speaker, international speaker, tech speaker,
conference speaker, tedx speaker, guest speaker, keynote, technical writer, tech writer,
conferencier, conferencista
advocacy 3: educator, author, autor, podcaster, podcast, futurist, advocate, community manager,
developer community, gdg, google developer group
advocacy 2: trainer, formateur, ponente, youtuber, community
advocacy 1.5: coach, maintainer, ecosystem, organizer, organiser, content creator, ambassador,
creator, host
leadership 2.5: founder, cofounder, co founder, ceo, chief executive officer, coceo, entrepreneur,
founding partner, grunder, mitgrunder, geschaftsfuhrer, fondateur, cofondateur, pdg, fundador,
cofundador, consejero delegado, unternehmer, amministratore delegato, diretor executivo, chief
executive
leadership 2: coo, chief operating officer, managing director, managing partner, general partner,
investment partner, venture partner, directeur general, director general, venture capital, vorstand,
-gesellschafter
leadership 1.5: president, general manager, chief strategy officer, leader, chairman, chairwoman,
inhaber, business owner
leadership 1.2: partner, owner, boardmember, lead, founding, board member
business 1.5: program manager, programme manager, project manager, projektleiter, projektmanager,
chef projet, cheffe projet, jefe proyecto, consultant, berater, consultor, transformation, change
management, business architect, -berater
business 1.2: strategy, strategie, estrategia, delivery
business 1: strategist, advisor, adviser, consulting
business 0.6: analyst, business, expert, specialist
sales_marketing 5: sponsorship, sponsoring, patrocinio, parrainage, mecenat, cmo, chief marketing
officer, cro, chief revenue officer, chief commercial officer, chief growth officer, chief sales
officer
sales_marketing 4: sales, marketing, marketer, partnership, alliances, business development, biz
dev, bizdev, business developer, account executive, key account, account manager, account director,
demand generation, demand gen, lead generation, go market, gtm, sales development, event manager,
vertrieb, verkauf, partnerschaften, partnermanagement, geschaftsentwicklung, ventes, partenariat,
developpement commercial, developpement affaires, directeur commercial, ventas, mercadotecnia,
mercadeo, alianzas, desarrollo negocio, director comercial, vendite, vendas, parcerias, verkoop,
kundenbetreuer, partner manager, partner management, sdr, bdr, presales manager, business growth,
marketing operations, sales operations, revenue operations, brand ambassador, mktg, ejecutivo
cuentas, vertrieb-, verkauf-, marketing-, -kommunikation, -marketing, -vertrieb, sales
representative, sales rep
sales_marketing 3.5: brand, branding, advertising, advertisement, growth, revenue, public relations,
pr, seo, sem, social media, campaign, offentlichkeitsarbeit, kommunikation, werbung, communication,
comunicacion, relations publiques, relaciones publicas, evenementiel, publicite, publicidad, marke,
event planner, event, eventos, exhibitions, trade shows, fundraising, field marketing, partner
sales, channel partner, charge affaires, sales engineer, veranstaltung-, sales engineering, eventm-
sales_marketing 3: commercial, comercial, commercialization, customer acquisition, new business,
market development, channel, media, corporate development, presales, pre sales, ecommerce, e
commerce, partner-
sales_marketing 2: customer success, client director, client partner, client services, content,
publicist, copywriter, creative director, customer experience, client relations, alliance, outreach,
market
finance 4: accountant, bookkeeper, auditor, accounts payable, accounts receivable, cfo, chief
financial officer, steuerberater, comptable, contable, contador, investment banking, investment
banker, financial advisor, insurance agent, actuary, tax advisor, investor relations, buchhalt-,
teller
finance 3.5: accounting, finance, financial, finanzen, finanzas, audit, tax, taxation, treasury,
treasurer, payroll, controller, controlling, mortgage, underwriter, underwriting, bookkeeping,
broker, trader, microfinance, finanz-, steuer-, financier, financiero
finance 2.5: banking, banker, credit, loan, investment, investor, insurance, wealth, fund, billing,
versicherung, assurance, seguros, equity, trading, private equity, portfolio, pension, risk
people 4: recruiter, recruiting, recruitment, headhunter, talent acquisition, chro, chief people
officer, chief human resources officer, human resource, human capital, people operations, ressources
humaines, recursos humanos, recruteur, reclutador, staffing, employer branding
people 3.5: hr, rh, rrhh, hrbp, people culture, people partner, personal-
people 2.5: people, talent, benefits, diversity, training development
legal 4: lawyer, attorney, counsel, paralegal, solicitor, notary, judge, anwalt, jurist, avocat,
abogado, avvocato, -anwalt
legal 3: legal, law, regulatory, company secretary, patent, recht
legal 2.5: compliance, policy, government, deputy secretary, ministry, public administration,
parliament, council
operations 4: administrative, administrativo, executive assistant, office manager, receptionist,
reception, secretary, sekretar, secretaire, secretario, clerk, sachbearbeiter, customer service,
customer support, call center, customer care, kundenservice, service client, atencion al cliente,
personal assistant, warehouse, magasinier, almacen, store manager, shop manager, filialleiter,
procurement, purchasing, buyer, acheteur, achats, compras, comprador, facility manager, facilities,
supply chain, logistics, logistik, logistique, logistica, administrator, admin, site manager, fleet,
health safety, safety, assistant manager, inventory, lager-, einkauf-, einkauf, lager
operations 3: assistant, assistent, asistente, supply, manufacturing, production, produccion,
produktion, maintenance, operator, shipping, transport, transportation, construction, verwaltung,
administration, administracion, office, process manager, security officer
operations 2.5: operations, operational, operaciones, operating, betrieb, quality, facility,
support, consumer products, relations officer, travel
operations 1.5: coordinator, koordinator, coordinador, coordinateur, administrateur, services,
placement, representative
care 4.5: nurse, nursing, infirmier, enfermero, infermiere, physician, surgeon, dentist, dental,
pharmacist, apotheker, therapist, physiotherapist, veterinarian, hebamme, paramedic, caregiver,
arzt, zahnarzt, medecin, medico, psychologist, psychotherapist, doctor, social worker,
sozialarbeiter, aide soignante, school teacher, primary teacher, kindergarten, math teacher,
childcare, nanny, erzieher, grundschule, yoga, fitness, life coach, wellness, nutritionist, pastor,
priest, psychologue, psicologo, -pfleger, kranken-, pflege-
care 3.5: teacher, lehrer, enseignant, maestro, tutor, clinical, medical, patient, hospital,
pharmacy, librarian, school, rehabilitation, -lehrer
care 2.5: health, healthcare, welfare, pharma, pharmaceutical, care, teaching, docente
trade 4.5: driver, fahrer, chauffeur, conductor, courier, cashier, kassierer, caissier, cajero,
waiter, waitress, kellner, serveur, camarero, barista, bartender, cook, koch, cuisinier, cocinero,
baker, butcher, cleaner, janitor, porter, carpenter, electrician, elektriker, plumber, welder,
mechanic, farmer, gardener, hairdresser, friseur, stylist, realtor, real estate, immobilien,
immobilier, sales associate, sales assistant, sales clerk, retail sales, shop assistant, vendeur,
dependiente, security guard, caretaker, hausmeister, civil engineer, hvac engineer, maintenance
engineer, landscape architect, interior designer, fashion designer, soldier, police, firefighter,
pilot, flight attendant, housekeeping, laborer, sound engineer, forklift, packer, painter, machine
operator, executive chef, pastry chef, chef cuisine, -fahrer, -verkaufer, ingenieur civil
trade 3.5: retail, hospitality, hotel, restaurant, culinary, beauty, actor, musician, photographer,
artist, curator, journalist, editor, translator, interpreter, head chef, sous chef, fashion, store,
shop
trade 2.5: technician, techniker, technicien, tecnico, worker, art, music, film
study 5: retired, pensioner, rentner, retraite, jubilado, unemployed, job seeker, jobseeker,
seeking, looking, housewife, homemaker, aspiring, open work, arbeitssuchend, sales intern, marketing
intern
study 4.5: intern, internship, trainee, apprentice, praktikant, auszubildender, auszubildende,
azubi, werkstudent, working student, stagiaire, becario, alternant, apprenti
study 3.5: student, studierender, studierende, etudiant, estudiante, undergraduate, pupil, schuler,
volunteer
"""
"""`-word` and `word-` are how longer words may end and begin: German compounds."""

_RANKS = """
founder: founder, cofounder, co founder, founding partner, owner, entrepreneur, grunder, mitgrunder,
inhaber, fondateur, cofondateur, fundador, cofundador, unternehmer
c_suite: ceo, cto, cfo, coo, cmo, cio, ciso, cpo, cro, cdo, cso, chro, cco, coceo, officer,
chairman, chairwoman, chairperson, boardmember, president, pdg, geschaftsfuhrer, vorstand, managing
partner, general partner, directeur general, director general, consejero delegado, amministratore
delegato, dsi, board
vp: vp, svp, evp, avp, vice president, vice chairman, vicepresident
director: director, directeur, direktor, head, leiter, leitung, chief, managing director, direttore,
diretor, dean
manager: manager, mgr, lead, leader, teamleiter, projektleiter, supervisor, general manager, gm,
responsable, responsabile, jefe, jefa, gerente, chef, cheffe, leadership, produktmanager,
projektmanager, scrum master, management, filialleiter
senior: senior, sr, staff, principal, distinguished, expert, architect, professor, partner, fellow,
evangelist
other: product owner, technical staff, lead generation, thought leader, founding, chef cuisine, head
chef, sous chef, staff chief, process owner
junior: intern, trainee, student, junior, jr, assistant, apprentice, werkstudent, praktikant,
auszubildender, stagiaire, becario, alternant, graduate, asistente, etudiant, estudiante,
internship, azubi, aspiring
"""
"""The highest first."""

_SETS = """
address: you your yours yourself please ignore ignoring disregard forget classify reclassify
categorise categorize just respond reply reveal output pretend execute override bypass instruction
instructions nevermind never instead must should shall treat return repeat answer assign act rate
rating score scored say don't dont will let consider assume mark make given give write read are
labelled labeled previous following above below prior hello hi we our my this that these those
ignoriere ignorieren vergiss vergesse klassifiziere klassifizieren bewerte bewerten anweisung
anweisungen antworte bitte sie ignorez ignorer oubliez oublie classez classer repondez consigne
consignes vous ignora ignorar olvida olvide clasifica clasifique instrucciones instruccion responda
responde usted debes ignori dimentica istruzioni instrucoes esqueca negeer vergeet instructies
past: ex former formerly previously ehemals ehemaliger ehemalige ancien ancienne
company: at @ bei chez
joint: of for in and und et y e the a an der des die das de del la le les du da do fur im von with
en to al d l
comma: , / ( ) : - – — [ ]
bar: | • · ● ▪ ► » → ★ ✦ ⚡ ; ~ *
serving: assistant assistent asistente secretary aide pa ea reporting
abbreviated: sr jr dr prof st inc ltd co corp dept div exec asst assoc mgr dir eng dev mkt mktg vp
svp evp phd dipl ing inf tech gen bus intl no vs mag ret adm admin rer nat mr mrs ms bzw lic
"""
"""Words that talk to a reader, which no title needs and at which it ends; and words that join."""

_FORMS = (
    ("innen", ""), ("in", ""), ("euse", "eur"), ("rice", "eur"), ("iere", "ier"), ("es", ""),
    ("s", ""), ("e", ""), ("a", "o"), ("a", ""),
)  # fmt: skip
"""Endings of feminine and plural forms, and what the vocabulary's form has instead."""

# --- Helpers ---


def _entries(table: str) -> Iterator[tuple[str, str]]:
    for key, phrases in re.findall(r"([a-z_]+(?: [0-9.]+)?):([^:]+)(?=\n|$)", table):
        for phrase in phrases.split(","):
            yield key, " ".join(phrase.split())


def _longest(phrases: Mapping[str, object]) -> dict[str, int]:
    """For each first word, the number of words in the longest phrase that begins with it."""
    lengths: dict[str, int] = {}
    for phrase in phrases:
        first, *rest = phrase.split()
        lengths[first] = max(lengths.get(first, 0), 1 + len(rest))
    return lengths


def _set(name: str) -> frozenset[str]:
    """One of `_SETS`."""
    _, _, after = _SETS.partition(f"\n{name}:")
    return frozenset(re.split(r"\n[a-z]+:", after)[0].split())


_ADDRESS, _PAST, _COMPANY, _JOINTS = map(_set, ("address", "past", "company", "joint"))
_COMMAS, _BARS, _SERVING, _ABBREVIATED = map(_set, ("comma", "bar", "serving", "abbreviated"))
_LEVELS: tuple[Seniority, ...] = get_args(Seniority)
_LEVEL_OF: Mapping[str, int] = {name: at for at, name in enumerate(_LEVELS)}
_UNKNOWN, _OTHER, _DIRECTOR = _LEVEL_OF["unknown"], _LEVEL_OF["other"], _LEVEL_OF["director"]
_FUNCTIONS: Mapping[str, Function] = {name: name for name in get_args(Function)}
_PHRASES: Mapping[str, tuple[Function, float]] = {
    phrase: (_FUNCTIONS[key.split()[0]], float(key.split()[1])) for key, phrase in _entries(_WORDS)
}
_RANK_PHRASES = {phrase: _LEVEL_OF[key] for key, phrase in _entries(_RANKS)}
_LONGEST, _RANK_LONGEST = _longest(_PHRASES), _longest(_RANK_PHRASES)
_ENDINGS = tuple((words[1:], *known) for words, known in _PHRASES.items() if words[0] == "-")
_STEMS = tuple((words[:-1], *known) for words, known in _PHRASES.items() if words[-1] == "-")
_KNOWN = frozenset(word for phrase in (*_PHRASES, *_RANK_PHRASES) for word in phrase.split())

_END = re.compile(
    r"[\r\n\t\v\f\x1c-\x1e\x85\u2028\u2029<{=`]|\.\.|…|###|---|\[/?(?:inst|sys)|\bas (?:the|if) "
    r"|\b(?:system|user|assistant)\s?:"
)
_STOP = re.compile(r"[.!?](?=\s|$)")
_GENDER = re.compile(
    r"(?<=[a-z]{4})(?:[:*_/]-?in(?:nen)?\b|[·.(](?:e|in|se|ne|rice|trice|euse|a)\b\)?)"
    r"|\((?:[mwdfhx][/|,]){1,3}[mwdfhx*]\)"
)
_LETTER_PAIR = re.compile(r"\b([a-z])\s?&\s?([a-z])\b")
_CO = re.compile(r"\bco[- ]?(?=found|fond|fund|ceo)")
_GLUE = re.compile(
    r"\b(chef(?:fe)?|jef[ea]|gerente|desarrollo|developpement|chargee?|ejecutiv[oa]|cientific[oa]) "
    r"d(?:e |'|u |es )"
)
_FIXED = (("go-to-market", "gtm"), ("go to market", "gtm"), ("chief of staff", "staff chief"))
_TOKEN = re.compile(r"[a-z0-9]+(?:[.'][a-z0-9]+)*[+#]{0,2}|(?<=\s)[-–—](?=\s)|[^\sa-z0-9.\-–—]")


def _tokens(text: str) -> list[str]:
    """The words and separators of the part of a text that can be a title."""
    text = _first_sentence(_folded(text.strip()))
    for written, meant in _FIXED:
        text = text.replace(written, meant)
    text = _GENDER.sub("", text)
    text = _GLUE.sub(r"\1 ", _LETTER_PAIR.sub(r"\1\2", _CO.sub("co", text)))
    tokens: list[str] = []
    for piece in _TOKEN.findall(text):
        word = piece
        if "." in word and len(word.replace(".", "")) <= 3:
            word = word.replace(".", "")
        if word in _ADDRESS:
            break
        tokens.append(word)
    return tokens


def _folded(text: str) -> str:
    """Lower case without accents, ornaments of Unicode and invisible characters."""
    if not text.isascii():
        text = "".join(
            char
            for char in unicodedata.normalize("NFKD", text).replace("ß", "ss")
            if unicodedata.category(char) not in {"Mn", "Cf"}
        )
    return text.lower()


def _first_sentence(text: str) -> str:
    if end := _END.search(text):
        text = text[: end.start()]
    for stop in _STOP.finditer(text):
        word = text[: stop.start()].rpartition(" ")[2]
        if stop[0] != "." or not (word in _ABBREVIATED or "." in word or len(word) == 1):
            return text[: stop.start()]
    return text


def _chunks(tokens: Sequence[str]) -> Iterator[tuple[list[str], float, bool]]:
    """Runs of words that belong together, the share that words in this place count, and "past".

    A company ("at Acme") and the one somebody serves ("assistant to the CTO") are left out. What
    stands behind a bar is said in passing.
    """
    chunk: list[str] = []
    share, skipping, serving, past = 1.0, False, False, False
    for piece in (*tokens, "|"):
        is_word = piece[0].isalnum() and piece.isascii()
        if is_word and piece not in _JOINTS and piece not in _COMPANY:
            past = past or piece in _PAST
            serving = serving or piece in _SERVING
            if not skipping:
                chunk.append(piece)
            continue
        ends_part = piece in _BARS or piece in _COMMAS
        if chunk:
            yield chunk, share, past
            chunk = []
            share = max(0.5, share * (0.75 if piece in _BARS else 0.95))
        if ends_part:
            skipping = serving = past = False
        elif piece in _COMPANY or (piece == "to" and serving):
            skipping = True


def _functions_in(chunk: Sequence[str], share: float) -> Iterator[Evidence]:
    """The evidence of a chunk. Its last word is the head; others qualify it and count less.

    Unless the head says little by itself ("tax consultant"); and a "trainee engineer" is one.
    """
    found: list[tuple[str, Function, float]] = []
    at = 0
    while at < len(chunk):
        words, function, strength, length = _phrase_at(chunk, at)
        if function is not None:
            found.append((words, function, strength))
        at += length
    qualifying = 0.6 if found and found[-1][2] >= 2.0 else 1.0
    for place, (words, function, strength) in enumerate(found, start=1):
        whole = place == len(found) or function == "study"
        counted = strength * share * (1.0 if whole else qualifying)
        yield Evidence(words=words, function=function, strength=round(counted, 2))


def _phrase_at(chunk: Sequence[str], at: int) -> tuple[str, Function | None, float, int]:
    word = chunk[at]
    for length in range(min(_LONGEST.get(word, 0), len(chunk) - at), 0, -1):
        words = " ".join(chunk[at : at + length])
        if known := _PHRASES.get(words):
            return words, *known, length
    if word == "speaker" and len(chunk) == 1:
        return word, "advocacy", 3.5, 1
    if len(word) >= 9:
        for ending, function, strength in _ENDINGS:
            if word.removesuffix("in").endswith(ending):
                return word, function, strength, 1
        for beginning, function, strength in _STEMS:
            if word.startswith(beginning):
                return word, function, strength, 1
    return word, None, 0.0, 1


def _rank_in(chunk: Sequence[str]) -> tuple[int, str]:
    """The highest rank a chunk names; a phrase hides the words inside it ("product owner")."""
    best, best_words, at = _UNKNOWN, "", 0
    while at < len(chunk):
        words, rank, length = _rank_at(chunk, at)
        if rank < best:
            best, best_words = rank, words
        at += length
    return best, best_words


def _rank_at(chunk: Sequence[str], at: int) -> tuple[str, int, int]:
    word = chunk[at]
    for length in range(min(_RANK_LONGEST.get(word, 0), len(chunk) - at), 0, -1):
        words = " ".join(chunk[at : at + length])
        if (rank := _RANK_PHRASES.get(words)) is not None:
            # Only a chief officer is one of the board; officers there are many.
            return words, _OTHER if words == "officer" and "chief" not in chunk else rank, length
    return word, _DIRECTOR if word.endswith(("leiter", "leiterin")) else _UNKNOWN, 1


def _known_form(word: str) -> str:
    """The vocabulary's form of a word: masculine, singular; the word itself when not known."""
    if word not in _KNOWN:
        for ending, instead in _FORMS:
            if word.endswith(ending) and (form := word.removesuffix(ending) + instead) in _KNOWN:
                return form
    return word


def _title(
    words: Sequence[str], found: Mapping[str, Evidence], rank: int, rank_words: str
) -> Title:
    evidence = tuple(sorted(found.values(), key=lambda item: -item.strength))
    return Title(
        words=tuple(words),
        seniority=_LEVELS[_OTHER if evidence and rank == _UNKNOWN else rank],
        seniority_words=rank_words,
        functions=tuple(dict.fromkeys(item.function for item in evidence)),
        evidence=evidence,
    )
