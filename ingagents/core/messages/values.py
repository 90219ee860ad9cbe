"""The facts a text to a person may state, each as its language says it; what is unknown is absent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from types import MappingProxyType

from ingagents.core.messages.phrases import at_company, event_in_cases, with_determiner
from ingagents.core.messages.reader_language import LANGUAGES, Language, language_of
from ingagents.core.names import greeting_of
from ingagents.core.profiles.employment import employment_of, with_article
from ingagents.core.text.word_lists import line_lists, word_lists, word_set
from ingagents.model import Campaign, Lead

_MOST_TOPICS = 3
_LONGEST_TOPIC = 60
_LONGEST_OWN = 120

LANGUAGE_NAMES: Mapping[Language, str] = MappingProxyType(
    {"en": "English", "de": "German", "fr": "French", "es": "Spanish"}
)


def known_facts(lead: Lead, campaign: Campaign, language: Language = "en") -> Mapping[str, str]:
    """The facts a message to this person may state in that language, by placeholder."""
    job = employment_of(lead)
    title = job.title.in_text(language)
    topics = topics_in(campaign, language)
    own = (_own_topics(lead, topics) if topics else _own_skill(lead))[:1]
    others = [topic for topic in topics if topic not in own][: _MOST_TOPICS - 1 if own else None]
    company = _in_sentence(job.company, language)
    facts = {
        **_own_values(lead),
        **campaign_values(campaign, language),
        "first_name": greeting_of(lead),
        "company": company,
        "at_company": at_company(title, company, language) if title and company else "",
        "position": title,
        "a_position": with_article(title) if title and language == "en" else title,
        "topic": _listed(own, language),
        "topics": _listed([*own, *others] if topics else [], language),
        "other_topics": _listed(others, language) if own else "",
    }
    return _known(facts)


def _own_values(lead: Lead) -> Mapping[str, str]:
    """What a list says of the person in columns of its own, where it can stand in a sentence."""
    plain = {name: " ".join(text.split()) for name, text in lead.profile.extra.items()}
    return {
        name: text
        for name, text in plain.items()
        if len(text) <= _LONGEST_OWN and text.isprintable() and not set(text) & set("{}<>[]|\\")
    }


def campaign_values(campaign: Campaign, language: Language) -> Mapping[str, str]:
    """Those of the facts that are the same for every reader of the language."""
    city = _city_in(" ".join(campaign.event_city.split()), language)
    event = " ".join(campaign.event_name.split())
    the_event, the_event_acc, the_event_dat = event_in_cases(event, language)
    return _known(
        {
            "topics": _listed(topics_in(campaign, language)[:_MOST_TOPICS], language),
            "audience": audience_in(campaign, language),
            "event_name": event,
            "the_event": the_event,
            "the_event_acc": the_event_acc,
            "the_event_dat": the_event_dat,
            "event_month": _month(campaign.event_date, language),
            "event_date": said_date(campaign.event_date, language),
            "event_city": city,
            "in_city": _in_city(city, language),
            "event_url": campaign.event_url.strip(),
            "sender_name": " ".join(campaign.sender_name.split()),
        }
    )


def _known(facts: Mapping[str, str]) -> Mapping[str, str]:
    return {name: value for name, value in facts.items() if any(map(str.isalnum, value))}


def audience_in(campaign: Campaign, language: Language) -> str:
    """Who comes, as a noun phrase for the middle of a sentence; "" where no words of ours fit.

    One line without a language serves the texts in the language it is written in: a half-foreign
    sentence is worse than none. "CTOs, CIOs" is at home in all.
    """
    text = campaign.audience.get(language, "")
    if not text and (one := campaign.audience.get("", "")):
        own = None if _is_international(one) else language_of(one) or "en"
        text = one if own in {None, language} else ""
    text = " ".join(text.split()).strip(" .,;:!")
    text = re.sub(r"^(?:for|für|pour|para)\s+", "", text, flags=re.IGNORECASE)
    first, rest = text[:1], text[1:]
    opens = text.split(" ")[0].casefold()
    common = first.isupper() and rest[:1].islower() and _is_common(opens)
    said = f"{first.lower()}{rest}" if common and language != "de" else text
    return with_determiner(said) if language == "fr" and said else said


def topics_in(campaign: Campaign, language: Language) -> tuple[str, ...]:
    """What talks are wanted about; terms without a language are used in all."""
    topics = campaign.topics.get(language) or campaign.topics.get("", ())
    plain = (" ".join(topic.split()).strip(" .,;") for topic in topics)
    return tuple(dict.fromkeys(topic for topic in plain if topic))


def unsaid(campaign: Campaign) -> Iterator[str]:
    """What texts leave out for want of a setting, each a sentence with its cure."""
    silent = [LANGUAGE_NAMES[one] for one in LANGUAGES if not audience_in(campaign, one)]
    if len(silent) == len(LANGUAGES):
        yield "no text says who comes: set campaign.audience"
    elif silent:
        names = ", ".join(f'{one} = "..."' for one in LANGUAGES)
        yield (
            f"texts in {_listed(silent, 'en')} do not say who comes:"
            f" set campaign.audience = {{ {names} }}"
        )
    if not any(topics_in(campaign, one) for one in LANGUAGES):
        yield "no text says what it is about: set campaign.topics"


def _in_sentence(company: str, language: Language) -> str:
    """A company as it stands after "at": "the University of X"; "" where it would have to be bent.

    "Université de Lyon" after "chez" and "Deutsche Bank" after "bei" want an article that we cannot
    set in every sentence.
    """
    words = company.casefold().split()
    if language != "en":
        return "" if words and words[0] in word_lists("articles")[language] else company
    named = word_lists("articles")["en"]
    begins = len(words) > 2 and words[0] in named and words[1] in {"of", "for"}
    ends = len(words) > 1 and words[-1] in word_lists("articles")["en end"]
    return f"the {company}" if (begins or ends) and words[0] not in {"the", "a"} else company


def _own_topics(lead: Lead, topics: Sequence[str]) -> list[str]:
    """Those of the event's topics that the profile names."""
    profile = lead.profile
    jobs = (f"{job.title} {job.description}" for job in profile.positions[:5])
    texts = (lead.position, profile.headline, profile.summary, *profile.skills[:50], *jobs)
    said = "\n".join(text[:2_000] for text in texts).casefold()
    return [topic for topic in topics if _names(said, topic)]


def _own_skill(lead: Lead) -> list[str]:
    """A skill that the person also puts into the headline or role: nothing less is a topic."""
    said = f"{lead.position} {lead.profile.headline}"[:400].casefold()
    usable = (" ".join(skill.split()) for skill in lead.profile.skills[:20] if len(skill) <= 40)
    return [
        skill
        for skill in usable
        if re.fullmatch(r"[^\W\d_][\w &/+#'-]{2,39}", skill)
        and skill.casefold() not in word_set("facts", "no topic")
        and _names(said, skill)
    ][:1]


def _names(said: str, topic: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(topic.casefold())}(?!\w)", said))


def _listed(items: Sequence[str], language: Language) -> str:
    """Short ones, at most three, as a sentence lists them: "AI, security and data"."""
    few = [item for item in items if len(item) <= _LONGEST_TOPIC][:_MOST_TOPICS]
    if language == "de":
        few = [_as_german_noun(item) for item in few]
    if len(few) < 2:
        return "".join(few)
    joint = _AND[language]
    if language == "es" and re.match(r"h?i(?!e)", few[-1].casefold()):
        joint = "e"
    return f"{', '.join(few[:-1])} {joint} {few[-1]}"


def _as_german_noun(topic: str) -> str:
    """English terms are nouns in German: "Platform Engineering"."""
    if language_of(topic) == "de":
        return topic
    return " ".join(
        word[:1].upper() + word[1:] if word not in _SMALL else word for word in topic.split()
    )


def said_date(on: date, language: Language) -> str:
    """A day as the language writes it: 20 May 2027, 20. Mai 2027, 1er mai 2027, 20 de mayo de 2027."""
    day = on.day
    month = _month(on, language)
    if language == "de":
        return f"{day}. {month}"
    if language == "fr":
        return f"{'1er' if day == 1 else day} {month}"
    return f"{day} de {month}" if language == "es" else f"{day} {month}"


def month_names(language: Language) -> Sequence[str]:
    """The twelve, as the language writes them."""
    return _MONTHS[language].split()


def _month(on: date, language: Language) -> str:
    name = month_names(language)[on.month - 1]
    return f"{name} {'de ' if language == 'es' else ''}{on.year}"


def _city_in(city: str, language: Language) -> str:
    """A city as the language writes it: Munich, München, Múnich; as it was given where unknown."""
    return _cities().get(city.casefold(), {}).get(language, city)


@cache
def _cities() -> Mapping[str, Mapping[Language, str]]:
    lines = line_lists("cities")["city"]
    rows = (dict(zip(LANGUAGES, line.split(", "), strict=True)) for line in lines)
    return {name.casefold(): row for row in rows for name in row.values()}


@cache
def known_cities() -> Mapping[str, str]:
    """The cities we know: by each of its names the English one, all in small letters."""
    rows = _cities().values()
    return {name.casefold(): row["en"].casefold() for row in rows for name in row.values()}


def _in_city(city: str, language: Language) -> str:
    if not city:
        return ""
    if re.fullmatch(
        r"(?:online|virtual|virtuell|remote|en ligne|en línea|digital)", city.casefold()
    ):
        return _ONLINE[language]
    if language == "fr":
        if city.startswith("Le "):
            return f"au {city[3:]}"
        return f"aux {city[4:]}" if city.startswith("Les ") else f"à {city}"
    return f"{'en' if language == 'es' else 'in'} {city}"


def _is_international(text: str) -> bool:
    """Whether every word is an acronym or at home in all languages: "CTOs, CIOs & VCs"."""
    words = re.findall(r"[^\W\d_]+", text)
    return bool(words) and all(
        re.fullmatch(r"[A-Z]{2,5}s?", word) or word.casefold() in _INTERNATIONAL for word in words
    )


def _is_common(word: str) -> bool:
    """Whether a word that opens the line is no proper name, so that it may be written small."""
    lists = word_lists("employment")
    known = {word, word.removesuffix("s"), word.removesuffix("es")}
    parts = ("head en", "head fr", "head es", "rank", "domain", "top en", "top fr", "top es")
    return any(known & set(lists[part]) for part in parts) or word in word_set(
        "facts", "also common"
    )


_AND: Mapping[Language, str] = {"en": "and", "de": "und", "fr": "et", "es": "y"}
_ONLINE: Mapping[Language, str] = {
    "en": "online",
    "de": "online",
    "fr": "en ligne",
    "es": "en línea",
}
_MONTHS: Mapping[Language, str] = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
"""Not from the locale: a letter is in its language on every machine."""
_SMALL = frozenset(["in", "of", "for", "and", "the", "to", "on", "at", "with", "as"])
_INTERNATIONAL = frozenset({"startups", "scaleups", "founder", "devops"})
