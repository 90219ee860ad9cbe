"""What the columns of other people's exports are called, and which of several is the best.

The names are those of LinkedIn's own export, Apollo, Evaboot, PhantomBuster, Dripify, HeyReach,
Dux-Soup, ZoomInfo and Clay, the words people use themselves, and the names of our own export.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

import msgspec

__all__ = ["WANTED", "Columns", "columns_of"]

WANTED = "'LinkedIn URL', or 'First Name' and 'Last Name' with 'Company' or 'Email'"
"""For messages: the columns that make a file usable."""


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """Where each field stands in a row: the indices of its columns, the best first."""

    headers: tuple[str, ...]
    fields: Mapping[str, tuple[int, ...]]

    @property
    def usable(self) -> bool:
        """Whether rows under this header can say who somebody is."""
        return any(field in self.fields for field in _WHO)

    @property
    def understood(self) -> dict[str, str]:
        """Field by field the header that serves it."""
        return {field: self.headers[found[0]] for field, found in self.fields.items()}


def columns_of(headers: Sequence[str]) -> Columns:
    """What is understood of a row of headers, whatever their case, spaces and punctuation."""
    ranked: dict[str, list[tuple[int, int]]] = {}
    for index, header in enumerate(headers):
        field, rank = _meaning(_folded(header))
        if field:
            ranked.setdefault(field, []).append((rank, index))
    fields = {field: tuple(index for _, index in sorted(found)) for field, found in ranked.items()}
    return Columns(headers=tuple(header.strip() for header in headers), fields=fields)


_WHO = ("url", "sales_url", "provider_id", "public_identifier", "name", "first_name", "last_name")

# Names without case, spaces and punctuation, the best first: a public address before one of Sales
# Navigator, a job title before a role, a business mail before any other.
_NAMES: dict[str, str] = {
    "url": """defaultprofileurl linkedinprofileurl linkedinurlpublic linkedinpublicurl
        publiclinkedinurl personlinkedinurl linkedincontactprofileurl linkedinurl linkedinprofile
        publicprofileurl publicprofile linkedin linkedinlink linkedinprofillink linkedinprofil
        profileurl profillink profilurl profile profil link url lien enlace perfil""",
    "sales_url": """linkedinurluniqueid linkedinuniqueurl salesprofile salesnavigatorurl
        salesnavigatorlink linkedinsalesnavigatorurl salesnavigatorprofileurl""",
    "first_name": """firstname givenname forename vorname prenom nombre primeironome nome voornaam
        fornavn fornamn imie""",
    "last_name": """lastname surname familyname nachname familienname nom nomdefamille apellido
        apellidos sobrenome cognome achternaam etternavn efternavn efternamn nazwisko""",
    "name": """fullname name displayname completename vollstandigername nomcomplet nombrecompleto
        nomecompleto volledigenaam""",
    "position": """jobtitle currentjobtitle currenttitle title position currentposition currentjob
        job occupation role jobrole jobbezeichnung berufsbezeichnung stellenbezeichnung jobtitel
        beruf funktion rolle poste fonction puesto cargo ruolo posizione funzione functie
        stanowisko""",
    "headline": "headline linkedinheadline profileheadline tagline slogan",
    "company": """companyname currentcompanyname currentcompany company organization
        organizationname organisation organisationname employer accountname account unternehmen
        firma firmenname arbeitgeber entreprise societe empresa azienda bedrijf organisatie""",
    "email": """email emailaddress workemail businessemail corporateemail professionalemail
        companyemail linkedinemail primaryemail email1 emailadresse mail mailadresse adresseemail
        adressemail courriel correoelectronico correo enderecodeemail indirizzoemail manualemail
        personalemail privateemail secondaryemail email2""",
    "location": """location personlocation linkedinlocation profilelocation geolocation standort ort
        localisation lieu ubicacion localizacao localidade localita locatie region area""",
    "city": "city town stadt ville ciudad cidade citta stad",
    "state": "state province bundesland",
    "country": "country countryname land pays pais paese",
    "industry": "industry companyindustry branche industrie secteur sector settore setor",
    "company_size": """companysize companyemployeerange employeerange companyheadcount headcount
        numberofcompanyemployees numberofemployees employees employeecount companyemployeecount
        companyemployeeexactcount unternehmensgrosse mitarbeiter mitarbeiterzahl""",
    "summary": "summary about bio biography profilesummary linkedinsummary",
    "network_distance": "networkdistance degree connectiondegree distance kontaktgrad",
    "provider_id": """providerid vmid linkedinuniqueid linkedinid memberid profileid profileurn
        entityurn linkedinurn""",
    "public_identifier": "publicidentifier publicid linkedinusername linkedinslug linkedinhandle",
    "member_number": "membernumber linkedinmembernumber linkedinmemberid memberurn",
    "connected_on": """connectedon connectedat connectiondate verbundenam verbundenseit connectele
        connectedepuis conectadoel conectadoem collegatoil verbondenop gekoppeldop""",
    "matches_filters": "matchesfilters",
    "mismatch": "nomatchreasons",
}
_MEANINGS = {
    name: (field, rank)
    for field, names in _NAMES.items()
    for rank, name in enumerate(names.split())
}
_PREFIXED = re.compile(
    "(?:lead|contact|person|prospect|candidate|attendee|speaker|member|recipient|primary|your)(.+)"
)
_PREFIXED_RANK = 100
_ANY_LINKEDIN = re.compile(
    "(?!.*(?:company|organi[sz]ation|account|employer|firma|unternehmen))"
    ".{0,30}linkedin(?:profile|member|person|public|contact|page)?(?:url|link|profile|page)?s?"
)
_ANY_LINKEDIN_RANK = 12
"""Behind the named public addresses, before a mere "profile", "link" or "url"."""
_LONGEST = 100


def _meaning(name: str) -> tuple[str, int]:
    if name in _MEANINGS:
        return _MEANINGS[name]
    if _ANY_LINKEDIN.fullmatch(name):
        return "url", _ANY_LINKEDIN_RANK
    prefixed = _PREFIXED.fullmatch(name)
    if prefixed and prefixed[1] in _MEANINGS:
        field, rank = _MEANINGS[prefixed[1]]
        return field, rank + _PREFIXED_RANK
    return "", 0


def _folded(header: str) -> str:
    """Letters and digits alone, without case and accents; "" for what is too long for a header."""
    if len(header) > _LONGEST:
        return ""
    plain = unicodedata.normalize("NFKD", header).casefold()
    return "".join(letter for letter in plain if letter.isalnum())
