"""Is this text fit to be sent to this person? All reasons why not, whoever wrote it.

Templates and models pass the same gate. A false alarm costs one variant or one model call; a miss
is read by a stranger under our user's name. So the checks are strict where in doubt, with one
exception: what the user wrote into the campaign (event, city, sender) is never held against a text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from ingagents.core.facts.facts import told_to
from ingagents.core.messages.later_steps import without_references
from ingagents.core.messages.pretence import pretences, spam_phrase
from ingagents.core.messages.reader_language import language_of
from ingagents.core.messages.sentences import repeated
from ingagents.core.names import greeting_of, plain_text, split_name
from ingagents.core.profiles.company_names import company_name, without_brand
from ingagents.core.text.prompt_injection import reads_like_instruction
from ingagents.model import Campaign, Fact, Lead

SHORTEST = 40
"""Units. What is shorter says nothing about the event or the person."""
_LONGEST_READ = 10_000
_LONGEST_FACT = 60
_COPIED_WORDS = 4
_COPIED_WORDS_PLAIN = 12


def utf16_length(text: str) -> int:
    """Length as LinkedIn counts it: UTF-16 units, so that an emoji costs 2 and a line end 1."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def unfit(
    text: str,
    *,
    lead: Lead,
    campaign: Campaign,
    limit: int,
    shortest: int = SHORTEST,
    personal: bool = False,
    earlier: Sequence[str] = (),
) -> tuple[str, ...]:
    """Every reason why `text` may not be sent to `lead`; empty when it is fit.

    `limit` and `shortest` are UTF-16 units. `personal` also asks for the person's first name and
    company or role, as far as they are known: for a writer who had them and could have used them.
    `earlier` are the texts this person has had: no sentence of theirs is said again.
    """
    length = utf16_length(text)
    if length > max(limit, 0):
        # Nothing else is looked at: the rest of the checks is for texts of a bounded length.
        return (f"too long: {length} of {limit} units",)
    text = text[:_LONGEST_READ]
    facts = told_to(lead, campaign)
    plain = _without_campaign(_without_facts(text, facts), campaign)
    shaped = _as_if_english(plain)
    reasons = [why for why, pattern in _FORBIDDEN if pattern.search(shaped)]
    if length < shortest:
        reasons.append(f"too short: {length} of at least {shortest} units")
    reasons += _characters(text)
    reasons += _shouting(plain, lead)
    if phrase := spam_phrase(plain):
        reasons.append(f"has a spam phrase: {phrase}")
    reasons += _greeting(text, lead)
    reasons += _unknown_facts(plain, lead, campaign, facts)
    since = without_references(plain, wrote=bool(earlier))
    met = bool(lead.profile.past_role)
    reasons += pretences(since, " ".join(_told_by(lead)), wrote=bool(earlier), met=met)
    reasons += _copied(plain, lead)
    if has_link(without_brand(plain, company_name(lead.company, person=lead.name))):
        reasons.append("has a link, an address or a telephone number")
    if reads_like_instruction(plain):
        reasons.append("reads like an instruction to a machine")
    if personal:
        reasons += _impersonal(text, lead)
    if again := repeated(text, earlier):
        reasons.append(f"says again what this person has read: {again[:60]}")
    return tuple(reasons)


def has_link(text: str) -> bool:
    """True for web and mail addresses, also bare ones that LinkedIn would turn into links."""
    bounded = text[:_LONGEST_READ]
    return any(pattern.search(bounded) for pattern in (_URL, _MAIL, _PHONE)) or any(
        not _TECHNOLOGY.fullmatch(found.group()) for found in _DOMAIN.finditer(bounded)
    )


def _without_campaign(text: str, campaign: Campaign) -> str:
    """The text with the user's own words replaced: an event may be called FREE{dom} LIVE!"""
    topics = (topic for each in campaign.topics.values() for topic in each)
    ours = (campaign.event_url, *campaign.audience.values(), campaign.event_name)
    for own in (*ours, campaign.sender_name, campaign.event_city, *topics):
        words = " ".join(own.split()).strip(" .,;:")
        if len(words) > 1:
            text = re.sub(
                rf"(?<!\w){re.escape(words)}(?!\w)", "Campaign", text, flags=re.IGNORECASE
            )
    return text


def _without_facts(text: str, facts: Sequence[Fact]) -> str:
    """The text with the team's own facts, and the links of those, replaced."""
    for fact in facts:
        for own in (*fact.text.values(), fact.link):
            words = " ".join(own.split()).rstrip(" .")
            if len(words) > 1:
                text = text.replace(words, "Campaign")
    return text


def _as_if_english(text: str) -> str:
    """The text without what is right in its language, and would be a hole in English."""
    language, text = language_of(text), re.sub("\u00a0(?=[?!:;»])", "", text)
    if language == "fr":
        return re.sub(r"\s(?=[?!:;»])", "", text)
    return re.sub(r" an(?=[,.;!?])", "", text) if language == "de" else text


def _characters(text: str) -> Iterator[str]:
    bad = {char for char in text if char != "\n" and unicodedata.category(char)[0] == "C"}
    if bad:
        codes = ", ".join(sorted(f"U+{ord(char):04X}" for char in bad)[:3])
        yield f"has control, direction or broken characters: {codes}"
    if text != text.strip() or re.search(r"[^\S\n]{2}|[^\S\n]\n|\n{3}|\t", text):
        yield "has a hole: spaces where a word may be missing"


def _shouting(text: str, lead: Lead) -> Iterator[str]:
    """Capitals are for acronyms (up to four letters) and for names that are written so."""
    known = set(_WORD.findall(lead.company)) if len(lead.company) <= _LONGEST_FACT else set()
    loud = [word for word in _WORD.findall(text) if len(word) >= 5 and word.isupper()]
    if any(word not in known for word in loud):
        yield "shouts: " + next(word for word in loud if word not in known)[:30]


def _greeting(text: str, lead: Lead) -> Iterator[str]:
    """Who is greeted is read up to the first comma or line end; it must be the lead or nobody."""
    text = text[:200].replace("’", "'")
    opening = _GREETING.match(text)
    if opening is None:
        start = re.match(r"([^\W\d_]{2,30}),\s", text)
        if start and start[1] != greeting_of(lead) and not start[1].endswith("ly"):
            yield f"opens by addressing {start[1]}, who may be somebody else"
        return
    rest = text[opening.end() : opening.end() + 160]
    rest = _NAMED_AFTER_COMMA.sub(" ", rest)
    end = re.search(r"[,!:;\n.–—]| - ", rest)
    if end is None:
        yield "has a greeting without an end"
        return
    addressed = " ".join(rest[: end.start()].split()).removeprefix("again ")
    if addressed.casefold() in _NOBODY:
        return
    if addressed.casefold() not in {own.casefold() for own in _own_names(lead)}:
        yield f"greets {addressed[:40]}, not {greeting_of(lead) or 'a person whose name is unsure'}"


def _own_names(lead: Lead) -> Iterator[str]:
    greeting = greeting_of(lead)
    if greeting:
        given, family = split_name(lead.name)
        yield greeting
        if family and given.casefold().startswith(greeting.casefold()):
            yield f"{greeting} {family}"


def _unknown_facts(
    text: str, lead: Lead, campaign: Campaign, facts: Sequence[Fact]
) -> Iterator[str]:
    """Numbers that neither the profile nor the campaign nor a fact knows."""
    own = (words for fact in facts for words in fact.text.values())
    known = set(_NUMBER.findall(" ".join((*_told_by(lead), campaign.event_name, *own))))
    for day in filter(None, (campaign.event_date, campaign.stop_date)):
        known |= {f"{day.day}", f"{day.month}", f"{day.year}"}
        known |= set(_NUMBER.findall(day.isoformat()))
    unknown = [n for n in _NUMBER.findall(_MINUTES.sub("", text)) if n not in known]
    if unknown:
        yield f"states a number nobody gave: {unknown[0][:20]}"


def _copied(text: str, lead: Lead) -> Iterator[str]:
    """Long runs of words from the profile; short ones when the field tries to steer us."""
    words = _folded_words(text)
    for field in (lead.name, lead.company, lead.position, *_profile_texts(lead)):
        theirs = _folded_words(field[:_LONGEST_READ])
        slogan = field in {lead.name, lead.company} and len(field) > _LONGEST_FACT
        hostile = slogan or reads_like_instruction(field)
        run = min(_COPIED_WORDS, max(len(theirs), 2)) if hostile else _COPIED_WORDS_PLAIN
        if not _runs(words, run).isdisjoint(_runs(theirs, run)):
            yield "repeats a long or hostile passage of the profile"
            return


def _impersonal(text: str, lead: Lead) -> Iterator[str]:
    greeting = greeting_of(lead)
    folded = text.casefold()
    if greeting and greeting.casefold() not in folded:
        yield f"does not greet {greeting}"
    facts = [
        set(_folded_words(plain_text(fact, longest=_LONGEST_FACT))) - _LITTLE_WORDS
        for fact in (lead.company, lead.position)
        if not has_link(fact) and not reads_like_instruction(fact)
    ]
    if any(facts) and not set(_folded_words(text)) & set().union(*facts):
        yield "mentions neither the company nor the role"


def _told_by(lead: Lead) -> tuple[str, ...]:
    """All that is known of a person, with what a list says of them in columns of its own."""
    own = (f"{name.replace('_', ' ')}: {text}" for name, text in lead.profile.extra.items())
    # Whoever spoke at the last edition gave a talk there, in any of our languages.
    talk = ("talk vortrag intervention charla",) if lead.profile.past_role == "Speaker" else ()
    return (lead.name, lead.company, lead.position, *_profile_texts(lead), *own, *talk)


def _profile_texts(lead: Lead) -> tuple[str, ...]:
    profile = lead.profile
    jobs = (part for job in profile.positions[:20] for part in (job.title, job.description))
    return (profile.headline, profile.summary, *profile.skills[:50], *jobs)


def _folded_words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _runs(words: list[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_MINUTES = re.compile(r"\b\d{1,2}[- ]?min(?:ute)?s?\b")
_NOBODY = frozenset({"", "there", "all", "everyone", "zusammen", "tous", "todos"})
_LITTLE_WORDS = frozenset({"the", "of", "and", "at", "in", "for", "a", "an", "group", "company"})
_NAMED_AFTER_COMMA = re.compile(r"\A, (?=(?:[^\W\d_a-zß-ÿ][\w'’-]{0,40}[ :]){1,4}(?<=:))")
"""The usual Spanish greeting: "Hola, Maya:"."""
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|greetings|welcome|good (?:morning|afternoon|evening|day)"
    r"|hallo|guten (?:tag|morgen|abend)|moin|servus|gr(?:ü|ue)(?:ß|ss) gott|liebe[rs]?|werte[rs]?"
    r"|sehr geehrte[rs]?|hola|buen(?:os|as) (?:días|dias|tardes|noches)|estimad[oa]s?|querid[oa]s?"
    r"|bonjour|bonsoir|salut|ch(?:er|ère)s?|madame|monsieur|ciao)\b",
    re.IGNORECASE,
)

_FORBIDDEN: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "has a placeholder left",
        _any(
            r"[\[\]{}<>]|%\w+%|\$[A-Za-z_]|__",
            r"\b[A-Za-z]+_[A-Za-z_]+\b",
            r"\b(?:None|null|NULL|undefined|nan|NaN|XX+|xx+)\b|\bN/A\b",
            r"(?i:\b(?:your|my|insert) (?:name|company|title|position|event) here\b)",
        ),
    ),
    (
        "has a hole where a value is missing",
        _any(
            r"\s[,;.:!?](?:\s|$)|,\s{0,3}[,.;:!?]|;;|::|(?<!\.)\.\.(?!\.)",
            r"\(\s{0,3}\)|\"\"|''|“”",
            r"\b(?i:hi|hello|hey|dear|hallo|bonjour|hola) [,.!]|\b(?i:hola), :",
            r"\b(?:at|as|the|an|your|our|and|bei|als|für|und|chez|pour|et) ?[,.;:!?](?:\s|$)",
            r"\bat (?:and|in|as|for|with|is|at)\b|\b(?:as|the|your|an?) (?:at|and)\b",
        ),
    ),
    ("has more than one exclamation mark", re.compile(r"[!！][^!！]*[!！]")),
    ("has more than one question mark", re.compile(r"[?？][^?？]*[?？]")),
    (
        "has markdown",
        _any(
            r"\*\*|`|\]\(",
            r"(?m:^ {0,3}(?:#{1,6}|[-*•]|\d\.) )",
            r"(?<!\w)[*_][^*_\s][^*_\n]{0,80}[*_](?!\w)",
        ),
    ),
    (
        "has a subject line or pretends a thread",
        re.compile(r"^[^\S\n]*(?:subject|re|fwd?|aw|betreff)\s*:", re.IGNORECASE | re.MULTILINE),
    ),
    (
        "has words about the writing of the message",
        re.compile(
            r"\bas an? (?:ai|large|language)\b|\blanguage model\b"
            r"|\bhere(?:['’]s| is| are) [^.\n]{0,40}\b(?:message|note|draft|version|invitation)\b"
            r"|\bcharacters? count|\b\d{1,4} (?:characters|chars|words)\b"
            r"|\b(?:version|option|variant|draft) \d\b"
            r"|\A\s*(?:sure|certainly|of course|absolutely)[,!.]|\bi hope this helps\b"
            r"|\bfeel free to (?:adjust|edit|customi[sz]e|modify|tweak)\b"
            r"|\bi (?:cannot|can['’]t|am unable to) (?:assist|help|generate|write|create)\b"
            r"|\bpersonali[sz]ed (?:linkedin )?(?:message|note|invitation)\b",
            re.IGNORECASE,
        ),
    ),
    ("is wrapped in quotation marks", re.compile(r"\A\s*[\"“'].*[\"”']\s*\Z", re.DOTALL)),
)

_URL = _any(
    r"(?i:\bh(?:tt|xx)ps?:|\b[a-z]{2,12}://|\bwww\.)",
    r"(?i:\b\w{1,40} ?[\[(]?\bdot\b[\])]? ?(?:com|net|org|io|ai|de)\b)",
)
_MAIL = re.compile(r"\S@|@\w")
_PHONE = re.compile(r"(?<![\w-])(?!\d{4}-\d\d-\d\d\b)\+?\(?(?:\d[\s().-]{0,2}){7,15}\d")
_DOMAIN = re.compile(
    r"(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,4}(?:com|net|org|info|biz|io|ai|dev|app|co|me|ly|tv|cc|gg"
    r"|to|sh|so|fm|vc|xyz|new|pro|tech|online|site|shop|store|cloud|club|live|link|click|top|space"
    r"|agency|digital|studio|today|world|events?|page|blog|news|eu|us|uk|ca|au|nz|de|fr|it|es|nl|be"
    r"|ch|at|pl|pt|cz|se|no|fi|dk|ie|is|in|jp|cn|kr|ru|ua|br|mx|za|il|tr|sg|hk|test|example)"
    r"(?![\w-])",
    re.IGNORECASE,
)
_TECHNOLOGY = re.compile(r"(?i:(?:asp|ado|vb)\.net|socket\.io)")
