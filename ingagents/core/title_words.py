"""The closed vocabulary of titles: what kind of work words name, which rank, and what ends a title.

Lower case, without accents. The number is how strongly words speak for their kind of work.
"""

from __future__ import annotations

__all__ = ["FORMS", "RANKS", "SETS", "WORDS"]

WORDS = """
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

RANKS = """
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

SETS = """
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

FORMS = (
    ("innen", ""), ("in", ""), ("euse", "eur"), ("rice", "eur"), ("iere", "ier"), ("es", ""),
    ("s", ""), ("e", ""), ("a", "o"), ("a", ""),
)  # fmt: skip
"""Endings of feminine and plural forms, and what the vocabulary's form has instead."""
