"""Who is who: the names under which LinkedIn knows a person, and when two companies are one.

A public slug can be changed by its owner, a member id cannot; an id seen from Sales Navigator or
Recruiter differs from the one seen from LinkedIn proper. So a person is a set of `Alias`es, and two
records are one person when their sets meet. What is not certainly a person's address gives nothing:
better a duplicate than a message to a stranger.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

from ingagents.model import Alias, AliasKind, Profile, Recipient

_LONGEST = 4000
"""Characters of a pasted text that are looked at; tracking links are long, not endless."""


def aliases_of_url(text: str) -> tuple[Alias, ...]:
    """The person a LinkedIn address or URN names; empty for everything else.

    Understands public, member-id, legacy, Sales Navigator and Recruiter addresses, with any
    locale or mobile host, tracking and sub-pages, and person URNs. The first word of the text
    that is such an address counts; one that was cut ("maya-oka...") would be somebody else's.
    """
    for word in text[:_LONGEST].translate(_INVISIBLE).split():
        if _CUT.match(word):
            continue
        bare = word.strip(_WRAPPING)
        if found := _of_urn(bare) or _of_address(bare):
            return found
    return ()


def aliases_of_identifier(text: str) -> tuple[Alias, ...]:
    """The person named by an address, URN, member id, member number, e-mail or bare slug."""
    if found := aliases_of_url(text):
        return found
    whole = text[:_LONGEST].translate(_INVISIBLE).strip()
    if _CUT.match(whole):
        return ()
    bare = whole.strip(_WRAPPING)
    if match := _RELATIVE.match(bare):
        return _of_slug(match[1])
    return _of_member(bare) or _of_number(bare) or _of_email(bare) or _of_bare_slug(bare)


def aliases_of_profile(profile: Profile) -> tuple[Alias, ...]:
    """Every name a profile carries, sorted and without repetition."""
    return tuple(sorted({*aliases_of_recipient(profile.recipient), *_of_email(profile.email)}))


def aliases_of_recipient(who: Recipient) -> tuple[Alias, ...]:
    """Every name by which a service knows somebody, sorted and without repetition."""
    found = {
        *aliases_of_url(who.linkedin_url),
        *_of_urn(who.provider_id),
        *_of_member(who.provider_id.strip()),
        *_of_slug(who.public_identifier),
        *_of_urn(who.member_number),
        *_of_number(who.member_number),
    }
    return tuple(sorted(found))


def canonical_url(aliases: Iterable[Alias]) -> str:
    """The one address we keep of a person: by slug, else by the steadiest id; "" without any."""
    by_kind: dict[str, str] = {}
    for alias in aliases:
        by_kind.setdefault(alias.kind, alias.value)
    for kind, form in _ADDRESSES:
        if kind in by_kind:
            return form.format(quote(by_kind[kind], safe="-_.~/"))
    return ""


@lru_cache(maxsize=1024)  # a list names a company many times, and allocation asks for them all
def company_key(name: str) -> str:
    """A company's name without spelling, accents and legal forms: equal keys, one company.

    Empty for what is no company: nothing, "Freelance", "Self-employed", "Stealth Startup".
    """
    text = name[:_COMPANY_LONGEST]
    words = _words(_ASIDE.sub(" ", _GLUED_FORMS.sub(" ", text))) or _words(text)
    if _no_company(words):
        return ""
    if len(words) > 1 and words[0] in _LEADING:
        words = words[1:]
    while len(words) > 1 and (tail := _legal_tail(words)):
        words = words[:-tail]
    return " ".join(words)


def domain_of(text: str) -> str:
    """The internet domain of an address, an e-mail or a bare domain, without "www."; or "".

    LinkedIn's own domains say nothing about a person's employer and give "".
    """
    bare = text[:_LONGEST].translate(_INVISIBLE).strip().strip(_WRAPPING).lower()
    rest = _SCHEME.sub("", bare)
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "@" in host:
        local, _, domain = host.rpartition("@")
        if rest != bare or "@" in local or host != rest.removesuffix("/"):
            return ""
        host = domain
    host = unicodedata.normalize("NFC", host.partition(":")[0]).strip(".").removeprefix("www.")
    return host if _DOMAIN.fullmatch(host) and not _HOST.fullmatch(host) else ""


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Zero-width, direction and byte-order marks come along when people copy from web pages.
_INVISIBLE = dict.fromkeys(
    (0x00AD, 0x180E, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F))
)
_WRAPPING = " \t\r\n<>\"'“”‘’«»‹›()[]{},;:.!`|"
_CUT = re.compile(r"[^?#]*[^/?#](?:\.\.|…|%E2%80%A6)", re.IGNORECASE)
"""Dots for what is missing, in a slug or a path; of the tracking behind it nothing is needed."""
_ADDRESSES = (
    ("slug", "https://www.linkedin.com/in/{}"),
    ("acoa", "https://www.linkedin.com/in/{}"),
    ("acwa", "https://www.linkedin.com/sales/lead/{}"),
    ("ae", "https://www.linkedin.com/talent/profile/{}"),
    ("legacy", "https://www.linkedin.com{}"),
)

_SCHEME = re.compile(r"(?:(?:https?:)?//){1,2}", re.IGNORECASE)
# ASCII: without it, ignoring case would take the dotless "ı" and the Kelvin sign for i and k.
_HOST = re.compile(
    r"(?:[a-z0-9-]{1,63}\.){0,4}linkedin\.com\.?(?::(?:80|443))?", re.IGNORECASE | re.ASCII
)
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_][\w-]{0,61}[^\W_]")
_RELATIVE = re.compile(r"/?in/([^/]{1,300})/?$", re.IGNORECASE)
_OLD_ID = re.compile(r"&id=([A-Za-z0-9_-]{1,90})")
_BETWEEN = ("mwlite", "comm", "profile", "m")
"""What LinkedIn's mobile site and mails put before `/in/`."""


def _of_address(text: str) -> tuple[Alias, ...]:
    """What stands after the host decides; the host itself must be LinkedIn's, nothing before it.

    A user part ("linkedin.com@evil.test") and a backslash make browsers go elsewhere than it
    reads, so neither is accepted.
    """
    scheme = _SCHEME.match(text)
    address = (text[scheme.end() :] if scheme else text).partition("#")[0]
    before, _, query = address.partition("?")
    host, _, path = before.partition("/")
    if not _HOST.fullmatch(host) or "\\" in text:
        return ()
    parts = [part for part in path.split("/") if part]
    while len(parts) > 2 and parts[0].lower() in _BETWEEN:
        parts = parts[1:]
    found: tuple[Alias, ...] = ()
    match [part.lower() for part in parts[:2]]:
        case ["in", _]:
            found = _of_slug(parts[1])
        case ["pub", _]:
            found = _of_legacy(parts[1:])
        case ["sales", "lead" | "people" | "profile"] if len(parts) > 2:
            found = _of_id(parts[2])
        case ["talent" | "recruiter", _] if "profile" in parts[:-1]:
            found = _of_id(parts[parts.index("profile") + 1])
        case ["profile", "view"] if old := _OLD_ID.search(f"&{query}"):
            found = _of_id(old[1])
        case _:
            pass
    return found


_UNDECODED_ROUNDS = 3
_SLUG = re.compile(r"[^\x00-\x20\x7f-\xa0/\\<>\"{}|^`\[\]@:=*()$+!]{1,200}")
_BARE_SLUG = re.compile(r"[\w-]{3,100}")
_AFTER_SLUG = re.compile(r"[,;&?#\s]")
_NOBODY = frozenset({"me", "edit", "unknown", "unavailable", "undefined", "null", "none"})
"""Pages under `/in/` and placeholders of LinkedIn's own answers that are no person's slug."""


def _of_slug(text: str) -> tuple[Alias, ...]:
    """A slug as LinkedIn compares it: decoded, NFC, lower-case. A member id in its place is one."""
    decoded = _AFTER_SLUG.split(_decoded(text[:600]).strip(), maxsplit=1)[0].strip(_WRAPPING)
    if member := _of_member(decoded):
        return member
    slug = unicodedata.normalize("NFC", unicodedata.normalize("NFC", decoded).lower())
    if slug in _NOBODY or not _SLUG.fullmatch(slug) or not any(map(str.isalnum, slug)):
        return ()
    return (Alias("slug", slug),)


def _of_bare_slug(text: str) -> tuple[Alias, ...]:
    # Combining marks are no \w, and names in Indic scripts are full of them.
    letters = "".join(c for c in _decoded(text[:600]) if unicodedata.category(c)[0] != "M")
    return _of_slug(text) if _BARE_SLUG.fullmatch(letters) else ()


def _decoded(text: str) -> str:
    """Percent-decoding that tolerates malformed, doubled and Windows-1252 escapes."""
    for _ in range(_UNDECODED_ROUNDS):
        if "%" not in text:
            break
        raw = unquote_to_bytes(text)
        try:
            decoded = raw.decode("utf-8")
        except UnicodeDecodeError:
            decoded = raw.decode("cp1252", "replace")
        if decoded == text:
            break
        text = decoded
    return text


def _of_legacy(parts: list[str]) -> tuple[Alias, ...]:
    """`/pub/jane-doe/1/2a/3b4`: no slug can be had from it offline; the path itself is the name."""
    first = _of_slug(parts[0])
    if not first or first[0].value == "dir":
        return ()
    numbers = [part.lower() for part in parts[1:4] if re.fullmatch(r"[0-9a-fA-F]{1,4}", part)]
    # A two-letter locale ("/pub/jane-doe/de") looks like a number; only all three are numbers.
    tail = numbers if len(numbers) == 3 else []
    return (Alias("legacy", "/".join(("/pub", first[0].value, *tail))),)


_MEMBER_ID = re.compile(r"(?:(ACo)|(ACw)|(AE))[A-Za-z0-9_-]{5,80}")
_MEMBER_KINDS: tuple[AliasKind, ...] = ("acoa", "acwa", "ae")
_CERTAIN = ("ACoAA", "ACwAA", "AEMAA")
_CERTAIN_LENGTH = 20


def _of_member(text: str) -> tuple[Alias, ...]:
    """A member id, told by its prefix; case counts, so "acoaching" stays a slug.

    Real ids are 39 characters long. A shorter text needs the prefix that all ids in use share.
    """
    match = _MEMBER_ID.fullmatch(text)
    if match is None:
        return ()
    if not text.startswith(_CERTAIN) and len(text) < _CERTAIN_LENGTH:
        return ()
    return (Alias(_MEMBER_KINDS[(match.lastindex or 1) - 1], text),)


def _of_id(text: str) -> tuple[Alias, ...]:
    """The id at the front of "ACwAAB...,NAME_SEARCH,xYz1" or of "12345,xYz1,CAP"."""
    first = _decoded(text[:600]).partition(",")[0].strip(_WRAPPING)
    return _of_member(first) or _of_number(first)


def _of_number(text: str) -> tuple[Alias, ...]:
    bare = text.strip()
    if not re.fullmatch(r"[0-9]{1,15}", bare) or not bare.strip("0"):
        return ()
    return (Alias("member_number", bare.lstrip("0")),)


_URN = re.compile(r"urn:li:([A-Za-z_]{1,40}):\(?([A-Za-z0-9_-]{1,90})(?:,[^()]{0,200})?\)?")


def _of_urn(text: str) -> tuple[Alias, ...]:
    """A person's URN. Numbers count for `member` alone: elsewhere they are other numberings."""
    if not text[:4].lower().startswith(("urn:", "urn%")):
        return ()
    match = _URN.fullmatch(_decoded(text[:600]))
    if match is None:
        return ()
    kind, value = match[1].lower(), match[2]
    if kind in {"member", "fs_member", "fsd_member"}:
        return _of_number(value) or _of_member(value)
    return _of_member(value) if "profile" in kind or kind == "person" else ()


_EMAIL = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@([^\s@]{3,200})")
_SHARED_MAILBOXES = _listed(
    "abuse accounts admin billing careers contact contacto hello help hi hostmaster hr info"
    " jobs kontakt mail marketing media news newsletter no-reply noc noreply office postmaster"
    " press sales security service support team webmaster welcome"
)
"""RFC 2142 and its everyday kin: a mailbox of a team names nobody in particular."""


def _of_email(text: str) -> tuple[Alias, ...]:
    bare = text.strip().strip(_WRAPPING)[:300].lower().removeprefix("mailto:")
    match = _EMAIL.fullmatch(bare)
    if match is None or not _DOMAIN.fullmatch(match[1]):
        return ()
    return () if bare.partition("@")[0] in _SHARED_MAILBOXES else (Alias("email", bare),)


_COMPANY_LONGEST = 300
_ASIDE = re.compile(r"\([^()]{0,300}\)|\[[^\[\]]{0,300}\]|[|•·].{0,300}")
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_JOINED = str.maketrans("", "", ".'’`")
_LEADING = _listed("the ooo oao zao pao ооо оао зао пао pt")
_FORMS = _listed(
    # English-speaking
    "inc incorporated llc llp lp ltd limited plc pllc corp corporation co company pbc pty pvt"
    " private pte cic"
    # German-speaking, Nordic, Dutch
    " gmbh ggmbh mbh ag kg kgaa ug gbr ohg ev eg se haftungsbeschrankt ab oy oyj as asa aps ks"
    " bv nv vof cvba bvba"
    # Romance-speaking
    " sa sas sasu sarl eurl snc sci srl srls spa sl slu sau lda ltda eireli sab cv sapi"
    # Central and eastern Europe, Turkey, Asia
    " sro spzoo kft zrt nyrt doo dd ad ood eood oü ou sia uab jsc ojsc pjsc sti kk gk bhd sdn"
    " tbk"
    # How the same house calls itself as a whole
    " group groupe gruppe grupo gruppo holding holdings"
)
_FORMS_OF_TWO = (["de", "cv"], ["de", "rl"])
_GLUED_FORMS = re.compile(r"株式会社|有限会社|合同会社|股份有限公司|有限公司|주식회사|\(주\)|㈜|㈱")
_JOINING = frozenset({"and", "und"})
_ALONE = _listed(
    "freelance freelancer freelancers freelancing freelancen freiberuflich freiberufler"
    " selbstandig selbststandig selbstandige selfemployed independent independant independiente"
    " indipendente autonomo autonoma autoentrepreneur unemployed retired student jobseeker"
    " confidential undisclosed stealth none na null nan nil tbd unknown various multiple"
)
_ALONE_PHRASES = (
    "self employed",
    "stealth mode",
    "open to work",
    "open to opportunities",
    "libero professionista",
    "auto entrepreneur",
    "career break",
    "between jobs",
    "n a",
)
_FILLERS = _listed(
    "a ai and at companies company consultancy consultant consultants consulting contractor"
    " business contracting designer developer engineer for in me mode my myself new of own"
    " professional self software startup startups start up still stealth tech technology the"
    " und various venture work worker writer"
)


def _words(name: str) -> list[str]:
    """The words of a name, without case, accents and punctuation; joining words left out.

    Only marks of European scripts are dropped: elsewhere they make another letter.
    """
    folded = unicodedata.normalize("NFKD", name.translate(_JOINED)).casefold()
    plain = re.sub("[\u0300-\u036f]", "", folded.translate(_UNDECOMPOSED)).replace("a/s", "as")
    joined = unicodedata.normalize("NFC", plain)
    spaced = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in joined)
    return [word for word in spaced.split() if word not in _JOINING]


def _legal_tail(words: list[str]) -> int:
    """How many words at the end are one legal form; letters may stand apart ("S. A.")."""
    if words[-2:] in _FORMS_OF_TWO:
        return 2
    if words[-1] in _FORMS:
        return 1
    for length in (4, 3, 2):
        tail = words[-length:]
        if length < len(words) and all(len(w) <= 2 for w in tail) and "".join(tail) in _FORMS:
            return length
    return 0


def _no_company(words: list[str]) -> bool:
    """Nothing, or only words by which people say that they work for nobody else."""
    text = " ".join(words)
    if not words or text in _ALONE_PHRASES:
        return True
    if "stealth" in words and {"startup", "mode", "company", "venture"} & set(words):
        return True
    for phrase in _ALONE_PHRASES:
        if text.startswith(phrase):
            words = text.removeprefix(phrase).split()
            return all(word in _FILLERS | _ALONE for word in words)
    rest = [word for word in words if word not in _ALONE]
    if len(rest) == len(words):
        return text in {"consultant", "contractor", "self", "myself", "private", "startup"}
    return all(word in _FILLERS for word in rest)
