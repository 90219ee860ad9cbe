"""A company as people say it: without legal form and slogan, and with every part of its name."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from ingagents.core.names import plain_text
from ingagents.core.text.prompt_injection import reads_like_instruction
from ingagents.core.text.word_lists import word_lists

_LONGEST_FIELD = 240
_LONGEST_NAME = 60
_MOST_WORDS = 8


def fold(text: str) -> str:
    """Small letters without accents, marks around words, and doubled spaces: for comparing."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(filter(None, (word.strip(".,;:!?\"'()") for word in plain.split())))


@lru_cache(maxsize=1024)
def company_name(text: str, *, person: str = "") -> str:
    """Acme Robotics for "Acme Robotics Ltd. | We build"; "" for what names no company.

    The person's own name, a hidden or missing employer in any language, lost letters, a slogan and a
    link are none; a name that looks like a domain, such as Booking.com, is one.
    """
    if len(text) > _LONGEST_FIELD or reads_like_instruction(text):
        return ""
    if re.search(r"[{}<>]|://|\bwww\.|@|\w/\w+/|\s(?:at|bei|chez)\s", text):
        return ""
    if _is_nobody(text) or _LOST.search(text):
        return ""
    plain = ASIDE.sub(" ", plain_text(text, longest=_LONGEST_FIELD))
    piece = _TAIL.split(plain.strip(), maxsplit=1)[0]
    if ", " in piece and not re.search(r"&| and | und | et | y ", piece):
        head, _, rest = piece.partition(", ")
        piece = head if not _is_legal(rest.split()) else piece
    words = _without_legal_form(piece.split())
    name = _calm(re.sub(r"(?<=[!?])\s.*", "", " ".join(words).strip(_EDGES)))
    # A name may end with a mark, Yahoo! and Tiffany & Co.; another full stop is only ours to set.
    if not re.search(r"\b(?:Co|Bros)\.$", name):
        name = name.rstrip(".")
    if name.islower() and name.startswith("the "):
        name = name.title()  # no brand writes "the new york times"
    if not 2 <= len(name) <= _LONGEST_NAME or not any(map(str.isalpha, name)):
        return ""
    folded = fold(name)
    if len(name.split()) > _MOST_WORDS or _SPEAKS.search(name):
        return ""
    if _is_nobody(name) or folded == fold(person) or folded.startswith(_TALKS):
        return ""
    if not _LINK.search(name):
        return name
    first, *more = name.split()
    if more[:1] == ["by"]:
        return first if _BRAND.fullmatch(first) else ""
    return name if _BRAND.fullmatch(first) and all(w[0].isupper() for w in more) else ""


def same_company(one: str, other: str) -> bool:
    """Whether two spellings are of one employer: a legal form, a division, initials more or less."""
    names = [_without_legal_form(fold(name).split()) for name in (one, other)]
    short, long = sorted(names, key=len)
    if not short:
        return False
    initials = "".join(word[0] for word in long)
    return long[: len(short)] == short or (len(initials) > 2 and short == [initials])


def without_brand(text: str, company: str) -> str:
    """The text with a company's name that looks like a domain replaced: no link, when said alone."""
    if not company or not _LINK.search(company):
        return text
    return re.sub(rf"(?<![\w./@-]){re.escape(company)}(?![\w/@-]|\.\w|:/)", "Company", text)


def _is_nobody(text: str) -> bool:
    """Whether the field says that there is no employer, or does not tell which."""
    folded = fold(text)
    spaced = " ".join(re.sub(r"[^\w&']+", " ", folded).split())
    if {folded, spaced, folded.replace(".", "")} & _words("no company") or not spaced:
        return True
    words = set(spaced.split())
    hidden, filler = _words("no company hidden"), _words("no company filler")
    if words & hidden and words <= hidden | filler:
        return True
    own = _words("no company trigger")
    return bool(words & own) and words <= own | filler | _jobs()


def _is_legal(words: list[str]) -> bool:
    return bool(words) and not _without_legal_form(["x", *words])[1:]


def _without_legal_form(words: list[str]) -> list[str]:
    rest = list(words)
    while len(rest) > 1:
        for length in (4, 3, 2):
            tail = " ".join(re.sub(r"[.,]", "", word) for word in rest[-length:]).casefold()
            if len(rest) > length and tail.replace("& ", "") in _words("legal pair"):
                # "Acme GmbH & Co. KG" is Acme, but "Tiffany & Co." keeps its Co.
                del rest[-length:]
                break
        else:
            last = re.sub(r"[.,/]", "", rest[-1])
            legal = last.casefold() in _words("legal") or (
                last.isupper() and last.casefold() in _words("legal in capitals")
            )
            if not legal or (len(rest) == 2 and rest[0].casefold() in {"the", "&"}):
                break
            rest.pop()
            if rest[-1] in {"&", "und", "and"} and len(rest) > 1:
                rest.pop()
    if rest:
        rest[-1] = rest[-1].rstrip(",")
    return rest


def _calm(text: str) -> str:
    """A name of several shouted words becomes plain; a single one is somebody's spelling: NVIDIA."""
    if not text.isupper() or len(text.split()) < 2:
        return text
    calmed = re.sub(r"[^\W\d_]{5,}", lambda word: word[0].capitalize(), text)
    calmed = re.sub(r"\b(?:OF|AND|FOR|UND|ET|DE|Y)\b", lambda word: word[0].lower(), calmed)
    return re.sub(r"\b(?:BANK|CITY|CLUB|HAUS|LABS|BAU)\b", lambda w: w[0].capitalize(), calmed)


@cache
def _words(section: str) -> frozenset[str]:
    return frozenset(map(fold, word_lists("employment")[section]))


@cache
def _jobs() -> frozenset[str]:
    lists = word_lists("employment")
    parts = ("head en", "head de", "head fr", "head es", "rank", "domain")
    return frozenset(word for part in parts for phrase in lists[part] for word in phrase.split())


ASIDE = re.compile(r"\s*[(（\[][^()（）\[\]]{0,120}(?:[)）\]]|$)")
_TAIL = re.compile(r"\s*[|•·●~→»]\s*|\s+(?:[-–—]+|/)\s+|\s*[—;]\s+|:\s+|\s+\.\s+|…")
_LOST = re.compile("[\ufffd\x80-\x84\x86-\x9f]|[ÂÃÄÅÐÑØÙ][\xa0-\xba\xbc-\xbf]|â€")
"""Letters that were lost, or UTF-8 read as something else: what is meant is not guessed."""
_EDGES = " ,;:-–—'\"“”„#*•"
_TALKS = (
    *("looking for", "seeking ", "currently ", "available ", "open to ", "hiring", "we are hiring"),
    *("we're hiring", "helping ", "i am ", "i'm ", "join us", "visit ", "see ", "click ", "call "),
)
_SPEAKS = re.compile(
    r"[^\W\d_]{4}\.\s|[\"“”„«»=_*`]|\b(?:you|your|must|should|please|ignore|instructions?|i am)\b",
    re.IGNORECASE,
)
"""A sentence, or words to somebody: no name."""
_LINK = re.compile(r"(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.[a-zA-Z]{2,12}(?![\w-])")
_BRAND = re.compile(
    r"[A-Z0-9][A-Za-z0-9-]{1,39}\.[A-Za-z]{2,8}"
    r"|[a-z]{2,20}\.(?:com|io|ai|dev|app|co|org|net|new|tech|de|fr|es|eu|nl|it|ch|at|me)"
)
"""Written as names are; a longer address in small letters is a link to somewhere."""
