"""How to call a person: the first name that is safe to greet with, or none at all.

A wrong name costs more than a missing one. People write emoji, job titles, pronouns, slogans and
whole companies into the name field; whatever leaves a doubt is answered with "", and the letter
opens with a plain "Hello". The parts of a clean name are told by the library `nameparser`; it is
imported at the first use, because it takes some 50 ms and most commands greet nobody.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from ingagents.model import Lead

if TYPE_CHECKING:
    from nameparser import ParsedName, Parser

__all__ = ["greeting_name", "greeting_of", "plain_text", "split_name"]

_LONGEST_NAME = 120
"""What is longer is a slogan; LinkedIn itself allows 20 + 40 characters."""
_MOST_WORDS = 7


def greeting_of(lead: Lead) -> str:
    """The name to greet a lead with, or ""."""
    return greeting_name(lead.name, lead.profile.first_name, company=lead.company)


@lru_cache(maxsize=512)
def greeting_name(name: str, first_name: str = "", *, company: str = "") -> str:
    """The first name that is safe to greet with, or "" when there is a doubt.

    `first_name` is what the service keeps apart from `name`, where it does. Names in Chinese,
    Japanese or Korean, and those that open with a family name of these languages or Vietnamese,
    are greeted in full when their parts are certain: half of such a name is often the wrong half.
    """
    words = _person_words(name)
    if words is None or (company.strip() and _folded(name) == _folded(company)):
        return ""
    first_words = _person_words(first_name) or []
    if not words:
        return _sensible(first_words[0], first_words) if len(first_words) == 1 else ""
    if _is_east_asian("".join(words)):
        return _east_asian(" ".join(words))
    if first_words and words[: len(first_words)] != words:
        return _from_first_name(first_words, words)
    return _from_full_name(words)


def split_name(name: str) -> tuple[str, str]:
    """Given name and family name, each "" where it is not known; title, suffix, middle left out."""
    words = _without_titles_in_capitals(_first_part(name).split())
    parsed = _parser().parse(" ".join(words))
    given = parsed.given
    return (f"{given} {double}" if (double := _second_given(parsed)) else given), parsed.family


def plain_text(text: str, *, longest: int) -> str:
    """One line without emoji, control, direction and invisible characters; `longest` characters.

    Letters that only look different (mathematical script, full width, circled) become plain ones.
    """
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", text[: longest * 4]).translate(_APOSTROPHES):
        category = unicodedata.category(char)
        marks = marks + 1 if category == "Mn" else 0
        if category in {"Zs", "Zl", "Zp"} or char in "\t\r\n\v\f\x85":
            kept.append(" ")
        elif plain := _plain_letter(char, category):
            kept.append(plain)
        elif category[0] != "C" and category not in {"So", "Sk", "Me"} and marks <= 3:
            kept.append("" if char in _VARIATION_SELECTORS else char)
    return " ".join("".join(kept).split())[:longest].strip()


def _from_first_name(first_words: list[str], words: list[str]) -> str:
    """From a first name of its own: its word, or both of a double name such as "Mary Jane"."""
    parsed = _parser().parse(" ".join([*first_words, "Familyname"]))
    given = [*parsed.given.split(), *parsed.middle.split()]
    sensible = [_sensible(word, words) for word in given]
    if not sensible or not sensible[0]:
        return ""
    if len(sensible) == 2 and sensible[1] and len(sensible[1]) > 2:
        return " ".join(sensible)
    return sensible[0]


def _from_full_name(words: list[str]) -> str:
    if _opens_with_family_name(words):
        full = [_sensible(word, words) for word in words]
        return " ".join(full) if all(full) and len(" ".join(full)) <= 40 else ""
    parsed = _parser().parse(" ".join(words))
    if _given_is_doubtful(parsed, words):
        return ""
    given = [_sensible(word, words) for word in parsed.given.split()]
    if not given or not all(given):
        return ""
    double = _second_given(parsed)
    return " ".join([*given, _sensible(double, words)] if double else given)


def _opens_with_family_name(words: list[str]) -> bool:
    """Nguyễn Văn An, Zhang Wei; and Kim Min-jun, but not Kim Smith."""
    if not 1 < len(words) <= 4:
        return False
    first, *rest = (_bare(word) for word in words)
    return first in _FAMILY_FIRST or (
        first in _FAMILY_OR_GIVEN and all(_ROMANISED.fullmatch(word) for word in rest)
    )


def _given_is_doubtful(parsed: ParsedName, words: list[str]) -> bool:
    """True when the library had to guess which word is the given name."""
    before_comma, comma, _ = " ".join(words).partition(",")
    before = [word for word in before_comma.split() if word not in parsed.title.split()]
    if comma and len(before) > 1 and before[0] != parsed.given:
        # "First Last, something": the library takes an unknown word for the given name.
        return not parsed.family_particles
    if len(words) == 1:
        return len(words[0]) < 3 or not (words[0].istitle() or words[0].islower())
    return False


def _east_asian(text: str) -> str:
    """The full name as written when the library finds both parts in it, without honorifics."""
    parsed = _parser().parse(text)
    if not (parsed.given and parsed.family) or len(text) > 30:
        return ""
    if not _is_east_asian(parsed.given):
        return _sensible(parsed.given, [parsed.given, parsed.family])
    if not (parsed.title or parsed.suffix or parsed.nickname or "," in text or "." in text):
        return text if _is_letters(re.sub(r"[\s·・=＝]", "", text)) else ""
    joint = " " if f"{parsed.family} " in text else ""
    full = f"{parsed.family}{joint}{parsed.given}".rstrip(".")
    return full if _is_letters(full.replace(" ", "")) else ""


def _second_given(parsed: ParsedName) -> str:
    """The second half of a double given name of Romance languages: José *María* de la Cruz."""
    second = parsed.middle.split()[0] if parsed.middle else ""
    if _bare(parsed.given) in _DOUBLE_FIRST and _bare(second) in _DOUBLE_SECOND:
        return second
    return ""


def _person_words(name: str) -> list[str] | None:
    """The words of a name as a person would write it; [] if empty, None if it names no person."""
    first = _first_part(name)
    if len(first) > _LONGEST_NAME or _NOT_A_NAME.search(name[:400]):
        return None
    words = [word for word in first.split() if any(char.isalpha() for char in word)]
    words = _without_titles_in_capitals(words)
    folded = [_bare(word) for word in words]
    if any(word in _ORGANISATION for word in folded):
        return None
    roles = [place for place, word in enumerate(folded) if word in _ROLE]
    if roles:
        words = _without_role(words, roles[0])
    if len(words) > _MOST_WORDS or _is_placeholder(words):
        return None
    return words


def _without_role(words: list[str], place: int) -> list[str]:
    """Cut "Maya Okafor Keynote Speaker" before its role; what leaves one word is no name."""
    before = words[:place]
    return [*before[:-1], before[-1].rstrip(",;")] if len(before) > 1 else []


def _first_part(name: str) -> str:
    """What stands before the slogan, without nicknames, pronouns and hashtags."""
    text = plain_text(name, longest=_LONGEST_NAME * 2)
    text = _ASIDE.sub(" ", text)
    text = _PRONOUNS.sub(" ", text)
    parts = (part.strip(" ,;!?-–—") for part in _BREAK.split(text))
    return next((" ".join(part.split()) for part in parts if part.strip(".'")), "")


def _without_titles_in_capitals(words: list[str]) -> list[str]:
    """Drop credentials in front ("CA Maya Okafor"), which the library takes for names."""
    rest = list(words)
    while len(rest) > 1 and rest[0].isupper() and _bare(rest[0]) in _CREDENTIALS:
        rest.pop(0)
    return rest


def _is_placeholder(words: list[str]) -> bool:
    """True for "null", "Test User", "First Last"; but people are called Null and Nan, too."""
    folded = [_bare(word) for word in words]
    if not folded or folded[0].startswith("test") or not _NEVER_A_NAME.isdisjoint(folded):
        return bool(folded)
    return folded[0] in _MISSING and (len(set(folded)) < 2 or not words[0].istitle())


def _sensible(word: str, words: list[str]) -> str:
    """The word in its usual letters, or "" when nobody would like to be called that."""
    word = word.strip(".,;") if len(word) > 3 else word.strip(",;")
    letters = word.replace("-", "").replace("'", "")
    if not _is_letters(letters) or len(word) > 30 or len(letters) < 2:
        return ""
    base = _bare(letters)
    if base in _ABBREVIATED or base in _ROLE or len(set(base)) == 1 or word in _PARTICLES:
        return ""
    if len(base) <= 3 and base.isascii() and not set(base) & set("aeiouy"):
        return ""
    capitals = word.isupper()
    if capitals and not all(other.isupper() for other in words if len(_bare(other)) > 1):
        # "AJ Brown" has initials, "OKAFOR Maya" a family name in front: both are in doubt.
        return ""
    if capitals or word.islower() or (word[0].islower() and word[1:].isupper()):
        return _title_case(word)
    return word


def _title_case(word: str) -> str:
    """jean-luc, D'ANGELO and MCKENNA with the capitals their bearers use."""

    def one(part: str) -> str:
        lowered = part.lower().replace("i̇", "i")
        if lowered.startswith("mc") and len(lowered) > 3:
            return "Mc" + lowered[2:].capitalize()
        head, mark, tail = lowered.partition("'")
        if mark and len(head) <= 2 and len(tail) > 2:
            return head.capitalize() + mark + tail.capitalize()
        return (part[:1] if part[:1].isupper() else lowered[:1].upper()) + lowered[1:]

    return unicodedata.normalize("NFC", "-".join(one(part) for part in word.split("-")))


def _bare(word: str) -> str:
    """Casefolded, without accents and punctuation: for looking up in the lists below."""
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(char for char in decomposed if char.isalpha())


def _folded(text: str) -> str:
    return _bare(plain_text(text, longest=_LONGEST_NAME))


def _plain_letter(char: str, category: str) -> str:
    """The letter that a look-alike stands for (mathematical, full width, circled), or ""."""
    code = ord(char)
    for boxed_a in (0x1F150, 0x1F170):
        if boxed_a <= code < boxed_a + 26:
            return chr(ord("A") + code - boxed_a)
    if (
        0x1D400 <= code <= 0x1D7FF
        or 0xFF01 <= code <= 0xFF5E
        or 0x24B6 <= code <= 0x24E9
        or 0x1F130 <= code <= 0x1F149
        or (0x2100 <= code <= 0x214F and category[0] == "L")
    ):
        return unicodedata.normalize("NFKC", char)
    return ""


def _is_letters(text: str) -> bool:
    """Letters of any script with their marks; no digits, not even ² or Ⅳ."""
    return bool(text) and all(
        unicodedata.category(char)[0] in "LM" and char not in _STRIKES for char in text
    )


def _is_east_asian(text: str) -> bool:
    return bool(_EAST_ASIAN.search(text))


@cache
def _parser() -> Parser:
    """The library's parser, also knowing that "Ivanov Ivan Ivanovich" is called Ivan."""
    from nameparser import locales, parser_for

    return parser_for(locales.RU)


_APOSTROPHES = str.maketrans({"´": "'", "`": "'", "’": "'", "ʼ": "'", "‘": "'"})
_VARIATION_SELECTORS = frozenset("\ufe0e\ufe0f")
_STRIKES = frozenset("\u0334\u0335\u0336\u0337\u0338")
"""Marks that strike a letter through: decoration, in no language part of a name."""
_EAST_ASIAN = re.compile(
    "[\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
_NOT_A_NAME = re.compile(r"\w@|^@|://|\bwww\.|\w_\w|[<>{}]")
_ASIDE = re.compile(
    r"\([^()]{0,80}\)?|（[^（）]{0,80}）?|\[[^\[\]]{0,80}\]?|\{[^{}]{0,80}\}?"
    r"|«[^«»]{0,60}»|“[^“”]{0,60}”|\"[^\"]{0,60}\"|「[^「」]{0,60}」|｢[^｢｣]{0,60}｣|#\w{0,60}"
)
_PRONOUNS = re.compile(
    r"\b(?:she|he|they|ze|xe|ella|él|elle|elles?|il|sie|er|any)\s{0,3}/\s{0,3}"
    r"(?:her|hers|him|his|them|theirs?|they|she|he|hir|xem|ellos?|ella|il|ihr|ihm|all)"
    r"(?:\s{0,3}/\s{0,3}\w{1,8})?",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[|•●▪►»«…~;:#/\\→=+*<>{}\[\]()—–]|\s[-·@]+\s|\s@|^[-·]+\s|\s[-·]+$")


def _list(words: str) -> frozenset[str]:
    return frozenset(words.split())


_CREDENTIALS = _list(
    "ca cs cma cpa cfa acca mba phd md ma msc bsc pmp llb llm er adv eng ing rn jd"
)
_ABBREVIATED = _list("md mohd muhd mhd moh mr mrs ms dr sr jr st")
_MISSING = _list("null nan nil na tbd tba empty missing blank")
_NEVER_A_NAME = _list(
    "none undefined unknown anonymous anonym user username member linkedin admin administrator "
    "firstname lastname fullname noname deleted asdf qwerty lorem ipsum ignore disregard forget "
    "instructions prompt system assistant"
)
_ORGANISATION = _list(
    "inc llc ltd limited gmbh plc llp corp corporation company srl sarl bv oy aps spa pvt pty pte "
    "agency solutions services consulting consultancy group holding holdings team official "
    "university institute college academy school technologies technology software systems labs "
    "ventures capital partners studio studios association foundation conference summit events "
    "network community media magazine department office bureau enterprises industries "
    "international global digital hub startup recruitment jobs careers"
)
_ROLE = _list(  # and the words that slogans are made of
    "ceo cto cmo cfo coo cio ciso cpo vp svp evp founder cofounder owner director manager engineer "
    "developer consultant coach speaker keynote author trainer advisor adviser strategist "
    "specialist expert analyst architect designer recruiter recruiting hiring sales marketing "
    "support helpdesk info contact executive entrepreneur investor lead leader head president "
    "chairman partner professional freelancer freelance student intern looking seeking available "
    "opentowork certified pmp cissp csm senior chief product project customer account business "
    "human resources hr it im the for with your our my we open work hello world growth hackers "
    "helping founders building creating"
)
_FAMILY_FIRST = _list(
    "nguyen tran pham huynh truong hoang zhang wang zhao zhou zhu huang xu zheng xie guo deng cao "
    "feng xiao jiang cheng liang song tang qiu qian yuan tian jin jung jeong hwang kwon shin yoon "
    "cho choi kang suzuki tanaka yamamoto watanabe nakamura kobayashi sasaki yamada"
)
_FAMILY_OR_GIVEN = _list(
    "kim lee park li sun xi ma lin liu chen yang wu han hu he lu luo ye yu gao lim lam wong chan "
    "le vo ly do dang bui dinh duong sato ito mori ishikawa"
)
_ROMANISED = re.compile(r"(?:[bcdfghjklmnpqrstwxyz]{0,2}[aeiou]{1,3}(?:ng|[nkmphlt])?){1,4}")
_PARTICLES = _list("van von der de da di del della la le du dos das bin ibn al el ter ten")
_DOUBLE_FIRST = _list(
    "jose maria juan jean ana anna luis miguel carlos marie pedro joao francisco victor marco gian "
    "pier jorge rosa"
)
_DOUBLE_SECOND = _list(
    "maria jose carlos luis antonio manuel pablo miguel angel isabel carmen pilar pierre paul luc "
    "claude marc michel francois jacques carla paula eduardo pedro david alberto enrique ignacio "
    "teresa laura cristina philippe louis christophe sebastien"
)
