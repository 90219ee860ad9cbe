"""Names as they stand in a sentence: the event with its article, a job at its company."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ingagents.core.messages.reader_language import Language
from ingagents.core.profiles.company_names import fold
from ingagents.core.text.word_lists import word_lists

_ARTICLES: Mapping[str, tuple[str, str, str]] = {
    "de m": ("der", "den", "dem"),
    "de f": ("die", "die", "der"),
    "de n": ("das", "das", "dem"),
    "fr m": ("le", "le", "le"),
    "fr f": ("la", "la", "la"),
    "es m": ("el", "el", "el"),
    "es f": ("la", "la", "la"),
}
"""Nominative, accusative and dative."""
_NAMED_WITH_ARTICLE = re.compile(r"(?:the|der|die|das|le|la|les|el|los|las)\s|l['’]", re.IGNORECASE)
_DETERMINED = re.compile(
    r"(?:[dl]['’]|\d|(?:des?|les?|la|du|une?|tou(?:te)?s|ceu?x|celles|plus|plusieurs|cent|nos|vos"
    r"|leurs|certains|certaines|quelques|dix|vingt)\b)",
    re.IGNORECASE,
)
_VOWEL = "aeiouyàâäéèêëîïôöûü"
_CONTRACTED: Mapping[Language, Mapping[str, str]] = {
    "en": {},
    "de": {
        "bei dem": "beim",
        "von dem": "vom",
        "zu dem": "zum",
        "zu der": "zur",
        "an dem": "am",
        "in dem": "im",
    },
    "fr": {"de le": "du", "à le": "au"},
    "es": {"de el": "del", "a el": "al"},
}
_TITLE_PARTS = re.compile(r"\s*(?:[,&/+|]|\b(?:and|und|et|y)\b)\s*")


def event_in_cases(name: str, language: Language) -> tuple[str, str, str]:
    """The event's name in the nominative, accusative and dative, with the article a speaker adds.

    "beim InG Summit", "de l'InG Summit", "del InG Summit". English leaves the article away, as do
    all for a name that has one, ends with a year or does not say what kind of event it is.
    """
    kind = _gender(name, language)
    if not kind:
        return name, name, name
    if language == "fr" and name[:1].casefold() in _VOWEL:
        return f"l'{name}", f"l'{name}", f"l'{name}"
    nominative, accusative, dative = (f"{article} {name}" for article in _ARTICLES[kind])
    return nominative, accusative, dative


def _gender(name: str, language: Language) -> str:
    if language == "en" or _NAMED_WITH_ARTICLE.match(name):
        return ""
    words = [word.casefold() for word in re.findall(r"[^\W\d_]+", name)]
    # "DevDays" and "Awards" are plurals: their verb would have to change too.
    for word in (*words[-1:], *words[:1]):
        for kind in _ARTICLES:
            if kind.startswith(language) and _is_one_of(word, word_lists("events")[kind], language):
                return kind
    return ""


def _is_one_of(word: str, nouns: Sequence[str], language: Language) -> bool:
    """Whether it is one, or in German a compound with one at its end: "Mittelstandskongress"."""
    ends = tuple(noun for noun in nouns if len(noun) > 3 or noun == "tag")
    return word in nouns or (language == "de" and word.endswith(ends))


def at_company(title: str, company: str, language: Language) -> str:
    """The company behind a title: "at Acme", and "of Acme" for who founded, owns or heads it."""
    at, of = _PREPOSITIONS[language]
    headed = word_lists("employment")[f"of {language}"]
    parts = (fold(part) for part in _TITLE_PARTS.split(title))
    heads = any(part == one or part.startswith(f"{one} ") for part in parts for one in headed)
    if language == "de" and company.casefold().endswith(word_lists("articles")["de end"]):
        return f"der {company}" if heads else f"bei der {company}"
    return f"{of if heads else at} {company}"


def with_determiner(people: str) -> str:
    """People as a French sentence names them: "des CTO", "des décideurs"; "la communauté" as it is."""
    first = people.split(maxsplit=1)[0]
    bare = not _DETERMINED.match(people) and (first.isupper() or first.rstrip(",")[-1:] in "sx")
    return f"des {people}" if bare else people


def contracted(text: str, event: str, language: Language) -> str:
    """Before the event a preposition and its article as one word: "bei dem" is "beim"."""
    for pair, one in _CONTRACTED[language].items():
        text = re.sub(rf"(?i)\b{pair} (?={re.escape(event)})", f"{one} ", text)
    return text


_PREPOSITIONS: Mapping[Language, tuple[str, str]] = {
    "en": ("at", "of"),
    "de": ("bei", "von"),
    "fr": ("chez", "de"),
    "es": ("en", "de"),
}
