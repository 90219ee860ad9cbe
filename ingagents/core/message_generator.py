"""What to write to a person, without any model: the best template variant whose facts are known.

A text is never cut and never has a hole: a variant that lacks a fact, is too long for the account
or does not pass `message_checks.unfit` is passed over for the next one. Facts come from the profile
and the campaign alone, cleaned by `known_facts`; a value that tries to be more than a fact (a slogan,
a link, an instruction) counts as unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, TypeVar

import msgspec

from ingagents.core.hostile_text import reads_like_instruction
from ingagents.core.message_checks import has_link, unfit, utf16_length
from ingagents.core.message_words import foreign_share
from ingagents.core.names import greeting_of, plain_text
from ingagents.errors import SettingsError
from ingagents.model import Campaign, Classification, DeliveryKind, Draft, Lead, LeadId, Reason

__all__ = [
    "BUILT_IN",
    "PLACEHOLDERS",
    "Frame",
    "MessageTemplate",
    "Unwritable",
    "Variant",
    "frame_for",
    "generate_message",
    "in_english",
    "known_facts",
    "parse_templates",
    "template_for",
    "wording_for",
]

T = TypeVar("T")

BUILT_IN: Mapping[Classification, str] = MappingProxyType(
    {
        Classification.SPEAKER: "speaker.txt",
        Classification.SPONSOR: "sponsor.txt",
        Classification.OTHER: "other.txt",
    }
)
"""The file for each classification, in `ingagents/templates/messages` and in a user's own folder."""

PLACEHOLDERS = (
    "first_name",
    "company",
    "position",
    "topic",
    "event_name",
    "event_month",
    "event_date",
    "event_city",
    "sender_name",
)
"""The closed list of facts a template may name."""

PERSONAL_LINE = "personal_line"
"""In the hybrid sections, once in each variant: where a model's line about the person goes."""

_LONGEST_FILE = 50_000
_FOREIGN = 0.5
_LEAST_ROOM = 60
"""Units a model's line needs to say something."""
_LONGEST_FACT = 60
_UNSURE = 0.5
"""Below this certainty of the classification the whole draft is unsure."""


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """One wording; `label` is its rank, with a letter for a wording of equal rank: 1, 2, 2b, 3."""

    label: str
    text: str
    needs: frozenset[str]


class MessageTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """The variants of one file by rank, the best first; in a rank all wordings are equally good.

    The hybrid ones leave a place for a line that a model writes; a file need not have any.
    """

    name: str
    version: str
    invitation: tuple[tuple[Variant, ...], ...]
    message: tuple[tuple[Variant, ...], ...]
    hybrid_invitation: tuple[tuple[Variant, ...], ...] = ()
    hybrid_message: tuple[tuple[Variant, ...], ...] = ()


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """A template's text around one line that is still to be written; `room` is its UTF-16 units."""

    name: str
    before: str
    after: str
    room: int

    def with_line(self, line: str) -> str:
        """The whole text."""
        return f"{self.before}{line}{self.after}"


class Unwritable(msgspec.Struct, frozen=True, kw_only=True):
    """No variant is fit for this person; `reasons` say why for each of them."""

    lead_id: LeadId
    reasons: tuple[str, ...]


def parse_templates(name: str, text: str) -> MessageTemplate:
    """Read a template file; `name` is what an error message calls it.

    Raises:
        SettingsError: no version, no variant, an unknown placeholder or section, a stray brace.
    """
    if len(text) > _LONGEST_FILE:
        raise SettingsError(f"{name} is longer than {_LONGEST_FILE} characters", "shorten it")
    version = ""
    sections: dict[str, list[str]] = {}
    section = ""
    for raw in text.removeprefix("\ufeff").splitlines():
        line = raw.rstrip()
        if line.startswith("#"):
            found = re.fullmatch(r"#\s{0,8}version:\s{0,8}([\w.-]{1,40})", line)
            version = version or (found[1] if found else "")
        elif line.startswith("[") and line.endswith("]"):
            section = line[1:-1].strip().lower()
            if section not in _SECTIONS:
                raise SettingsError(
                    f"{name} has an unknown section {line}",
                    f"known are {', '.join(f'[{known}]' for known in _SECTIONS)}",
                )
        else:
            sections.setdefault(section, []).append(line)
    if not version:
        raise SettingsError(f"{name} has no version", "add a first line `# version: my-words-1`")
    ranks = {
        part: _ranks(name, "\n".join(lines), hybrid=part in _HYBRID)
        for part, lines in sections.items()
    }
    shared = ranks.get("") or ranks.get("invitation") or ranks.get("message") or ()
    if not shared:
        raise SettingsError(f"{name} has no text", "write a variant, or remove the file")
    return MessageTemplate(
        name=name,
        version=version,
        invitation=ranks.get("invitation") or shared,
        message=ranks.get("message") or shared,
        hybrid_invitation=ranks.get(_HYBRID[0], ()),
        hybrid_message=ranks.get(_HYBRID[1], ()),
    )


def generate_message(
    lead: Lead,
    *,
    campaign: Campaign,
    templates: Mapping[Classification, MessageTemplate],
    kind: Literal[DeliveryKind.INVITATION, DeliveryKind.MESSAGE],
    limit: int,
    variant_draw: float,
) -> Draft | Unwritable:
    """The first variant that is fit for this person, or why none is.

    `limit` is in UTF-16 units (a note: 200 or 300 by account); `variant_draw` from 0 to 1 chooses
    among wordings of equal rank. Whose classification is unsure gets the neutral words written for
    Other. A draft that greets nobody by name says so by a confidence of 0.6.
    """
    template = template_for(lead, templates)
    if template is None:
        reason = f"no template for {wording_for(lead)}"
        return Unwritable(lead_id=lead.id, reasons=(reason,))
    facts = known_facts(lead, campaign)
    passed_over: list[str] = []
    ranks = template.invitation if kind is DeliveryKind.INVITATION else template.message
    for rank in ranks:
        fit: list[tuple[Variant, str]] = []
        for variant in rank:
            text, why_not = _write(variant, facts, lead=lead, campaign=campaign, limit=limit)
            if why_not:
                passed_over.append(f"variant {variant.label}: {'; '.join(why_not)}")
            else:
                fit.append((variant, text))
        if fit:
            variant, text = _drawn(fit, variant_draw)
            written_by = f"template:{template.version}/{variant.label}"
            return Draft(
                lead_id=lead.id,
                kind=kind,
                text=text,
                written_by=written_by,
                confidence=_confidence(variant),
                reasons=tuple(_reasons(lead, variant, text, limit, passed_over)),
            )
    return Unwritable(lead_id=lead.id, reasons=tuple(passed_over))


def template_for(
    lead: Lead, templates: Mapping[Classification, MessageTemplate]
) -> MessageTemplate | None:
    """Whose words are used for this lead."""
    return templates.get(wording_for(lead))


def frame_for(
    lead: Lead,
    *,
    campaign: Campaign,
    template: MessageTemplate,
    kind: Literal[DeliveryKind.INVITATION, DeliveryKind.MESSAGE],
    limit: int,
    variant_draw: float,
) -> Frame | None:
    """The first hybrid variant whose facts are known and that has room for a line; None: none."""
    facts = known_facts(lead, campaign)
    invitation = kind is DeliveryKind.INVITATION
    for rank in template.hybrid_invitation if invitation else template.hybrid_message:
        frames = []
        for variant in rank:
            if variant.needs - facts.keys() - {PERSONAL_LINE}:
                continue
            before, after = (
                _SLOT.sub(lambda slot: facts[slot[1]], part)
                for part in variant.text.split(f"{{{PERSONAL_LINE}}}")
            )
            room = limit - utf16_length(before) - utf16_length(after)
            if room >= _LEAST_ROOM:
                name = f"{template.version}/{variant.label}"
                frames.append(Frame(name=name, before=before, after=after, room=room))
        if frames:
            return _drawn(frames, variant_draw)
    return None


def in_english(template: MessageTemplate) -> bool:
    """Whether a template's own words are English, as those of the built-in ones are."""
    texts = (v.text for rank in (*template.invitation, *template.message) for v in rank)
    return foreign_share(_SLOT.sub(" ", "\n".join(texts))) < _FOREIGN


def known_facts(lead: Lead, campaign: Campaign) -> Mapping[str, str]:
    """The facts a message to this person may state, by placeholder; what is unknown is absent."""
    day = campaign.event_date
    month = f"{_MONTHS[day.month - 1]} {day.year}"
    company = _company(lead)
    facts = {
        "first_name": greeting_of(lead),
        "company": company,
        "position": _role(lead, company),
        "topic": _topic(lead),
        "event_name": " ".join(campaign.event_name.split()),
        "event_month": month,
        "event_date": f"{day.day} {month}",
        "event_city": " ".join(campaign.event_city.split()),
        "sender_name": " ".join(campaign.sender_name.split()),
    }
    return {name: value for name, value in facts.items() if any(map(str.isalnum, value))}


def _drawn(among: Sequence[T], draw: float) -> T:
    place = int(max(0.0, min(draw, 1.0)) * len(among))
    return among[min(place, len(among) - 1)]


def _ranks(name: str, text: str, *, hybrid: bool) -> tuple[tuple[Variant, ...], ...]:
    ranks: list[tuple[Variant, ...]] = []
    prefix = "h" if hybrid else ""
    for block in re.split(r"(?m)^-{3,}$", text):
        wordings = [part.strip() for part in re.split(r"(?m)^~{3,}$", block)]
        rank = tuple(
            _variant(name, f"{prefix}{len(ranks) + 1}{_letter(place)}", words, hybrid=hybrid)
            for place, words in enumerate(filter(None, wordings))
        )
        if rank:
            ranks.append(rank)
    return tuple(ranks)


def _letter(place: int) -> str:
    return "" if place == 0 else chr(ord("a") + place)


def _variant(name: str, label: str, text: str, *, hybrid: bool) -> Variant:
    needs = _SLOT.findall(text)
    if needs.count(PERSONAL_LINE) != hybrid:
        raise SettingsError(
            f"{name}, variant {label}: {{{PERSONAL_LINE}}} stands once in a hybrid variant, and"
            " in no other",
            "correct it",
        )
    for placeholder in needs:
        if placeholder not in PLACEHOLDERS and placeholder != PERSONAL_LINE:
            raise SettingsError(
                f"{name}, variant {label}: unknown placeholder {{{placeholder}}}",
                f"known are {', '.join(PLACEHOLDERS)}",
            )
    if re.search(r"[{}]", _SLOT.sub("", text)):
        raise SettingsError(f"{name}, variant {label}: a brace without its partner", "remove it")
    return Variant(label=label, text=text, needs=frozenset(needs))


def _write(
    variant: Variant, facts: Mapping[str, str], *, lead: Lead, campaign: Campaign, limit: int
) -> tuple[str, tuple[str, ...]]:
    """The text of a variant and why it may not be sent; substitution knows plain names only."""
    missing = sorted(variant.needs - facts.keys())
    if missing:
        return "", (f"not known: {', '.join(missing)}",)
    text = _SLOT.sub(lambda slot: facts[slot[1]], variant.text)
    return text, unfit(text, lead=lead, campaign=campaign, limit=limit)


def wording_for(lead: Lead) -> Classification:
    """Whose words to use: an unsure Speaker or Sponsor is better asked as a guest."""
    confidence = lead.classification_confidence
    if lead.classification is None or (confidence is not None and confidence < _UNSURE):
        return Classification.OTHER
    return lead.classification


def _confidence(variant: Variant) -> float:
    if "first_name" not in variant.needs:
        return 0.6
    if "company" in variant.needs:
        return 0.95
    return 0.85 if "position" in variant.needs else 0.75


def _reasons(
    lead: Lead, variant: Variant, text: str, limit: int, passed_over: list[str]
) -> Iterator[Reason]:
    length = utf16_length(text)
    yield Reason(
        why=f"variant {variant.label} is the first that fits", evidence=f"{length}/{limit}"
    )
    if "first_name" not in variant.needs:
        yield Reason(why="greets without a name: none is safe to use", evidence=lead.name[:80])
    if lead.classification is None:
        yield Reason(why="not classified: written as for Other")
    elif lead.classification_confidence is not None and lead.classification_confidence < _UNSURE:
        yield Reason(
            why="the classification is unsure: written as for Other",
            evidence=str(lead.classification),
            weight=lead.classification_confidence,
        )
    for why in passed_over:
        yield Reason(why=f"passed over {why}")


def _company(lead: Lead) -> str:
    """A company as people say it: "Acme Robotics Ltd. | We build" is Acme Robotics."""
    text = _first_piece(lead.company, _TAIL)
    company = " ".join(_without_legal_form(text.split()))
    if ", " in company and not re.search(r"&| and ", company):
        company = company.split(", ")[0]
    company = _calm(company.strip(_EDGES).rstrip("."))
    domain = re.fullmatch(r"([\w-]{3,40})\.[a-zA-Z]{2,8}", company)
    if domain and has_link(company):
        company = domain[1]  # a bare domain in a note becomes a link: Jam.dev is called Jam
    folded = company.casefold()
    if len(company) < 2 or has_link(company) or folded == " ".join(lead.name.casefold().split()):
        return ""
    return "" if folded in _NO_COMPANY or folded.startswith(_NO_COMPANY_STARTS) else company


def _role(lead: Lead, company: str) -> str:
    """A job title as it can follow "your role as", without employer, region and slogan."""
    role = _first_piece(lead.position, _ROLE_TAIL)
    for employer in filter(None, (plain_text(lead.company, longest=_LONGEST_FACT), company)):
        # "Co-founder of Acme at Acme": the employer is named once.
        of_employer = rf"\s(?:of|in|for|with|by|-|–)?\s?{re.escape(employer)}(?!\w|\.\w)"
        role = re.split(of_employer, role, maxsplit=1, flags=re.IGNORECASE)[0]
    role = _calm(role.strip(_EDGES).rstrip("."))
    words = role.split()
    if len(role) < 2 or len(words) > 8 or has_link(role) or role.casefold() == company.casefold():
        return ""
    if words[0].casefold().strip("'.,") in _NO_ROLE_STARTS or role.casefold() in _NO_COMPANY:
        return ""
    # A full stop after a long word ends a sentence: that is a headline, not a title.
    return "" if re.search(r"\w{6}\.\s|[!?:]", role) else role


def _topic(lead: Lead) -> str:
    """A skill that the person also puts into the headline or role: nothing less is a topic."""
    own = f"{lead.position} {lead.profile.headline}"[:400].casefold()
    for skill in lead.profile.skills[:20]:
        topic = _calm(_first_piece(skill, _TAIL))
        folded = topic.casefold()
        usable = 2 < len(topic) <= 40 and folded not in _NO_TOPIC and not has_link(topic)
        if usable and re.search(rf"(?<!\w){re.escape(folded)}(?!\w)", own):
            return topic
    return ""


def _first_piece(value: str, tail: re.Pattern[str]) -> str:
    """What stands before the tail, or "" when it is too long for a fact or speaks to a machine."""
    if len(value) > 4 * _LONGEST_FACT or reads_like_instruction(value):
        return ""
    text = plain_text(value, longest=4 * _LONGEST_FACT)
    piece = tail.split(text, maxsplit=1)[0]
    return "" if len(piece) > _LONGEST_FACT or re.search(r"[{}<>\[\]]|://", text) else piece


def _without_legal_form(words: list[str]) -> list[str]:
    rest = list(words)
    while len(rest) > 1:
        last = re.sub(r"[.,]", "", rest[-1]).casefold()
        if last == "co" and rest[-2] in {"&", "und", "and"}:
            # "Acme GmbH & Co. KG" is Acme, but "Tiffany & Co." keeps its Co.
            if len(rest) < 4 or re.sub(r"[.,]", "", rest[-3]).casefold() not in _LEGAL:
                break
            del rest[-2:]
        elif last in _LEGAL or (last in _LEGAL_CAPITALS and rest[-1].isupper()):
            rest.pop()
        else:
            break
    return rest


def _calm(text: str) -> str:
    """Long words in capitals become plain: ACME ROBOTICS is ACME Robotics, IBM stays IBM."""

    def calm(word: re.Match[str]) -> str:
        return word[0].capitalize() if word[0].isupper() else word[0]

    calmed = re.sub(r"[^\W\d_]{5,}", calm, text)
    if calmed == text or not text.isupper():
        return calmed
    calmed = re.sub(r"\b(?:OF|AND|FOR)\b", lambda w: w[0].lower(), calmed)
    return re.sub(r"\b(?:HEAD|LEAD|VICE|TEAM|BANK)\b", calm, calmed)


_HYBRID = ("invitation hybrid", "message hybrid")
_SECTIONS = ("invitation", "message", *_HYBRID)
_SLOT = re.compile(r"\{([^{}\n]{0,60})\}")
_TAIL = re.compile(r"\s*[|•·●~(（—→»]\s*|\s+(?:[-–]+|/)\s+|\s*[:;]\s+")
_ROLE_TAIL = re.compile(_TAIL.pattern + r"|\s+at\s|\s*@|\s*[,;]")
_EDGES = " ,;:-–'\""
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
"""Not from the locale: the letter is English on every machine."""


def _list(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LEGAL = _list(
    "inc llc ltd limited gmbh mbh plc llp lllp corp corporation incorporated kg kgaa ohg ug ev eg bv "
    "nv cv oy oyj aps asa spa srl srls sarl sas sasu sl slu slp sro doo kft zrt nyrt oü uab sia pvt "
    "pty pte private kk bhd sdn jsc pjsc ooo oao ltda eirl sapi gbr gesmbh co"
)
_LEGAL_CAPITALS = _list("ag se ab as sa lp a/s ep")
"""Short forms that are words or parts of names unless they stand in capitals."""
_NO_COMPANY = frozenset(
    {
        *("n/a", "na", "none", "null", "nil", "nan", "undefined", "unknown", "tbd", "tba", "test"),
        *("self", "self employed", "self-employed", "selfemployed", "freelance", "freelancer"),
        *("independent", "independent consultant", "independent contractor", "consultant"),
        *("confidential", "private", "various", "multiple", "several", "own business", "home"),
        *(
            "company",
            "my company",
            "my own company",
            "unemployed",
            "retired",
            "student",
            "sabbatical",
        ),
        *("career break", "between jobs", "open to work", "entrepreneur", "personal", "other"),
    }
)
_NO_COMPANY_STARTS = ("stealth", "looking for", "seeking", "currently ", "available ", "open to ")
_NO_ROLE_STARTS = _list(
    "i im i'm i've we we're my our your helping help building passionate looking seeking open "
    "available retired former formerly ex ex-cto ex-ceo aspiring unemployed currently on not no self "
    "proud let's dm follow hire hiring a an the if how why what who when on making turning empowering "
    "transforming driving connecting creating"
)
_NO_TOPIC = _list(
    "management leadership marketing sales strategy communication business consulting engineering "
    "development software design research training coaching recruiting teamwork english operations"
)
