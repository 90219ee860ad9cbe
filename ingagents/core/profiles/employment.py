"""A person's job as a sentence can say it: the title without slogans, the company by its name.

Title and company are two fields, and people write anything into either. A title is said only when
its words are those of a job, and together with the company only when nothing speaks against it:
"Founder at X, advisor at Y" is no role at Z. Who says to be between jobs is at no company now.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

import msgspec

from ingagents.core.messages.reader_language import Language, language_of
from ingagents.core.names import plain_text
from ingagents.core.profiles.company_names import ASIDE, company_name, fold, same_company
from ingagents.core.profiles.titles import read_title
from ingagents.core.text.prompt_injection import reads_like_instruction
from ingagents.core.text.word_lists import word_lists, word_set
from ingagents.model import Lead

_LONGEST_FIELD = 240
_LONGEST_TITLE = 50
_MOST_WORDS = 7
_MOST_UNKNOWN = 2
_SCOPES: tuple[Language, ...] = ("en", "de", "fr", "es")


class Title(msgspec.Struct, frozen=True):
    """A job title that can be said after "as"; `languages` are those in whose texts it reads well."""

    text: str = ""
    languages: frozenset[Language] = frozenset()

    def in_text(self, language: Language) -> str:
        """The title in a text of that language, or ""; an English one is said in all of them."""
        if language in self.languages and language in {"fr", "es"}:
            return _small(self.text, language)
        return self.text if {language, "en"} & self.languages else ""


class Employment(msgspec.Struct, frozen=True, kw_only=True):
    """What may be said of a job; with both, the title is held at the company."""

    title: Title = Title()
    company: str = ""


class _Part(msgspec.Struct, frozen=True):
    """A piece of the field: a title with the employer it names, or only why it is none."""

    title: Title = Title()
    elsewhere: bool = False
    here: bool = False
    past: bool = False
    side: bool = False


def employment_of(lead: Lead) -> Employment:
    """The job of a lead as its position and company say it."""
    return _employment(lead.position, lead.company, lead.name)


def with_article(title: str) -> str:
    """A title in English: "an Engineering Manager", but "CTO", of whom a company has one."""
    words = fold(title).split()
    if not words or not _words("unique").isdisjoint(words) or _chief(words[-1]):
        return title
    first = title.split(maxsplit=1)[0]
    spelt = first.isupper() and len(first) <= 4
    an = first[0] in "AEFHILMNORSX" if spelt else _VOWEL.match(first.casefold())
    return f"{'an' if an else 'a'} {title}"


@lru_cache(maxsize=512)
def _employment(position: str, company: str, name: str) -> Employment:
    called = company_name(company, person=name)
    if fold(position) == fold(called):
        position = ""
    if len(position) > _LONGEST_FIELD or reads_like_instruction(position):
        return Employment(company=called)
    if re.search(r"[{}<>\[\]]|://|\bwww\.", position):
        return Employment(company=called)
    text = _parted(position)
    if _away().search(f" {fold(text)} "):
        return Employment()
    text = _with_mark(text, company, called)
    parts = [part for segment in _SEGMENTS.split(text) for part in _parts(segment, called)]
    jobs = [part for part in parts if part.title.text]
    if not jobs:
        return Employment() if any(part.past for part in parts) else Employment(company=called)
    chosen = next((part for part in jobs if part.here), None)
    if chosen is None:
        main = [part for part in jobs if not part.elsewhere and not (part.side and len(jobs) > 1)]
        chosen = next(iter(main), None)
    if chosen is None or fold(chosen.title.text) in _words("never"):
        return Employment(company=called)
    return Employment(title=chosen.title, company=called)


def _parted(position: str) -> str:
    """The field as one line, ornaments as separators; an aside goes, an aside with an end stays."""
    marked = "".join(
        " | " if unicodedata.category(char) == "So" and char not in "™®©" else char
        for char in position.replace("\n", " | ")
    )
    text = plain_text(marked, longest=_LONGEST_FIELD * 2)
    text = ASIDE.sub(lambda aside: " until" if _ENDED.search(aside[0]) else " ", text)
    return " ".join(_ENDED.sub(" until", text).split())


def _with_mark(text: str, company: str, called: str) -> str:
    """The text with the lead's own employer as a mark: "CTO at §"."""
    names = {called, plain_text(company, longest=60)} - {""}
    initials = "".join(word[0] for word in called.split() if word[0].isupper())
    names |= {initials} if len(initials) > 2 else set()
    for name in sorted(names, key=len, reverse=True):
        own = rf"(?:\s(?:{_AT}|{_OF}|for|in|en|with|by|im|für)\s+|\s*@\s*|,\s*|\s-\s)(?:the\s)?"
        own += rf"@?{re.escape(name)}(?!\w|\.\w)(?:,?\s(?:Inc|Ltd|LLC|GmbH|AG|SE|SA|Corp)\b\.?)?"
        text = re.sub(own, " §", text, flags=re.IGNORECASE)
        text = re.sub(rf"^{re.escape(name)}(?:,\s|\s-\s|:\s)", "§ ", text, flags=re.IGNORECASE)
    return text


def _parts(segment: str, company: str) -> Iterator[_Part]:
    """The jobs of a segment; what stands behind a comma may be a job, its field, or an employer."""
    before: _Part | None = None
    stripped = (piece.strip(" -–'\"").rstrip(".") for piece in segment.split(","))
    pieces = [piece for piece in stripped if fold(piece)]
    for text in pieces:
        part = _part(text, company)
        if part.title.text or part.past:
            if before:
                yield before
            before = part
        elif before and "§" in text:
            before = msgspec.structs.replace(before, here=True, elsewhere=False)
        elif before and not before.here:
            before = _with_field(before, text, only=len(pieces) == 2)
    if before:
        yield before


def _with_field(job: _Part, text: str, *, only: bool) -> _Part:
    """The job with its field: "Director, Product Marketing" is of it; "CTO, Globex" is elsewhere."""
    words = fold(text).split()
    if all(word in _words("region") for word in words) or not job.title.text:
        return job
    if not _is_field(text):
        return msgspec.structs.replace(job, elsewhere=True)
    said = fold(job.title.text).split()
    if (
        not only
        or said[-1] not in _words("of a field")
        or "of" in said
        or "en" not in job.title.languages
    ):
        return job
    longer = _title(f"{job.title.text} of {text}")
    return msgspec.structs.replace(job, title=longer) if longer.text else job


def _part(text: str, company: str) -> _Part:
    words = fold(text).split()
    if words[0] in _words("past") or {"until", "emeritus", "emerita", "retd"} & set(words):
        return _Part(past=True)
    if re.match(r"ex\W", fold(text)) or _learns(words):
        return _Part(past=True)
    here = "§" in text
    text = " ".join(text.replace("§", " § ").split())
    left, at, right = _divided(text, rf"\s(?:{_AT})\s|\s?@\s?")
    elsewhere = bool(at) and not right.startswith("§")
    if elsewhere and same_company(right, company):
        here, elsewhere = True, False
    if not at:
        left, of, right = _divided(text, rf"\s(?:{_OF}|for)\s")
        # What a founder is "of" is a company, and a manager "for" something may be, too.
        if (
            of
            and not right.startswith("§")
            and (_is_top(_AND.split(left)[-1]) or of.strip() == "for")
        ):
            if same_company(right, company):
                here = True
            elif not _is_field(right):
                elsewhere = True
            elif of.strip() != "for":
                left = text
        elif not right.startswith("§"):
            left = text
    bare = left.partition("§")[0].strip() or left.replace("§", "").strip()
    title = _title(bare)
    if not title.text and company and not here:
        title, here = _beside_company(bare, company)
    side = fold(title.text) in _words("side")
    return _Part(title=title, elsewhere=elsewhere, here=here and bool(title.text), side=side)


def _beside_company(text: str, company: str) -> tuple[Title, bool]:
    """The employer without a word between: "CTO Nordwind" and "Nordwind CTO"."""
    folded, name = fold(text), fold(company)
    for rest in (folded.removeprefix(f"{name} "), folded.removesuffix(f" {name}")):
        if rest != folded:
            words = text.split()
            count = len(rest.split())
            kept = words[-count:] if folded.endswith(rest) else words[:count]
            if (title := _title(" ".join(kept))).text:
                return title, True
    return Title(), False


@lru_cache(maxsize=1024)
def _title(text: str) -> Title:
    """The text as a title, cut before a slogan; an empty one when it is none."""
    words = text.split()
    end = next((at for at, word in enumerate(words) if fold(word) in _words("ends")), len(words))
    words = [_SPELT_OUT.get(fold(word), word) for word in words[:end]]
    while words and fold(words[-1]) in _words("small"):
        words.pop()
    text = " ".join(words).strip(" -–,'\"&+/").rstrip(".")
    if "/" in text and not _PAIR.match(text):
        text = text.partition("/")[0].strip()
    found = _AND.search(text)
    if found is None or (one := _plain_title(text[: found.start()])) is None:
        return _plain_title(text) or Title()
    second = text[found.end() :]
    if other := _plain_title(second):
        both = f"{one.text} {found[0].strip().lower()} {other.text}"
        shared = one.languages & other.languages or (one.languages ^ other.languages) - {"en"}
        at_home = one.languages & other.languages or "en" in one.languages ^ other.languages
        return Title(both, shared) if at_home and len(both) <= _LONGEST_TITLE else one
    # "Head of Product & Growth" is one title, "Engineer & Growth" is not.
    if _is_field(second) and _head(fold(one.text).split(), -1) is None:
        return _plain_title(text) or one
    return one


def _plain_title(text: str) -> Title | None:
    words = fold(text).split()
    if not words or len(words) > _MOST_WORDS or len(text) > _LONGEST_TITLE:
        return None
    if not _LETTERS.fullmatch(text) or not _words("talks").isdisjoint(words):
        return None
    heads = [(at, *found) for at in range(len(words)) if (found := _head(words, at))]
    bare = [word for word in words if word not in _words("rank") - {"team", "technical"}]
    if (
        not heads
        or words[0] in _words("small")
        or " ".join(bare or words[-1:]) in _words("not alone")
    ):
        return None
    unknown = [at for at, word in enumerate(words) if not _is_known(word)]
    last = max(at + length for at, length, _, _ in heads)
    top = any(is_top for _, _, _, is_top in heads)
    behind_of = next((at for at, word in enumerate(words) if word in _OFS), len(words))
    loose = [at for at in unknown if top or last <= at < behind_of]
    behind = set(words[last:behind_of]) - _words("rank") - _words("region")
    if (
        behind
        and not top
        and "en" in heads[-1][2]
        and words[last - 1] not in _words("field follows")
    ):
        return None
    if len(unknown) > _MOST_UNKNOWN or any(not _is_field(words[at]) for at in loose):
        return None
    if behind_of < len(words) and not _is_field(" ".join(words[behind_of + 1 :])):
        return None
    languages = frozenset(one for _, _, scopes, _ in heads for one in scopes)
    own = language_of(text)
    if own is not None and own != "en":
        languages = frozenset({own})
    return Title(_cased(text, languages), languages) if languages else None


def _head(words: Sequence[str], at: int) -> tuple[int, frozenset[Language], bool] | None:
    """The noun of a job that begins there: its length, its languages, whether it is a top rank."""
    at %= len(words)
    for length in (3, 2, 1):
        phrase = " ".join(words[at : at + length])
        tops = frozenset(one for one in _SCOPES if phrase in _words(f"top {one}"))
        heads = frozenset(one for one in _SCOPES if phrase in _words(f"head {one}"))
        if tops or heads:
            return length, tops | heads, bool(tops)
    if _chief(words[at]):
        return 1, frozenset({"en"}), True
    if len(words[at]) >= 8 and words[at].endswith(word_lists("employment")["german ending"]):
        return 1, frozenset({"de"}), False
    return None


def _chief(word: str) -> bool:
    return word in _words("acronym") and bool(re.fullmatch(r"c\w{1,2}o", word))


def _is_top(text: str) -> bool:
    words = fold(text).split()
    return any(found[2] for at in range(len(words)) if (found := _head(words, at)))


def _is_known(word: str) -> bool:
    lists = ("rank", "domain", "region", "small", "acronym")
    return any(word in _words(one) for one in lists) or bool(_head([word], 0))


@lru_cache(maxsize=1024)
def _is_field(text: str) -> bool:
    """Whether words name a field of work, a region or a rank, and no employer."""
    words = [w for w in fold(text.replace("/", " ")).split() if w not in _words("small")]
    return bool(words) and all(
        _is_known(word) or word.removesuffix("s") in _words("domain") or read_title(word).functions
        for word in words
    )


def _learns(words: Sequence[str]) -> bool:
    """Whether the last word before a school is a learner's: "Student at TU Berlin"."""
    end = next((at for at, word in enumerate(words) if word in _words("school")), len(words))
    return end > 0 and words[end - 1] in _words("learning")


def _cased(text: str, languages: frozenset[Language]) -> str:
    """Shouted, whispered and ill-spelt titles in the letters that people use."""
    shouted, whispered = text.isupper() and len(text) > 4, text.islower()
    roman = languages <= {"fr", "es"}

    def one(word: re.Match[str]) -> str:
        known = fold(word[0])
        if known in _words("acronym") and (shouted or word[0].istitle() or word[0].islower()):
            return word[0].upper() if shouted or known not in _words("also words") else word[0]
        if shouted or whispered:
            if word.start() and known in _words("small"):
                return word[0].lower()
            if shouted and len(word[0]) <= 3 and not _is_known(known):
                return word[0]
            return word[0].lower() if roman else word[0].capitalize()
        if roman and not word[0].isupper() and _head([known], 0):
            return word[0].lower()
        return word[0].capitalize() if len(word[0]) > 4 and word[0].isupper() else word[0]

    return re.sub(r"[^\W\d_]+(?:'[^\W\d_]+)?(?:&\w)?", one, text)


def _small(text: str, language: Language) -> str:
    """The title as French and Spanish write it in a sentence: "directora general"."""
    heads = _words(f"head {language}") | _words(f"top {language}")
    first = text.split(maxsplit=1)[0] if text else ""
    if not {fold(first), fold(first.partition("-")[0])} & heads or re.search(
        r"\b(?:of|for)\b", text
    ):
        return text
    small = heads | _words("small after a head")

    def one(word: re.Match[str]) -> str:
        lowered = word[0][1:].islower() and fold(word[0]) in small
        return word[0].lower() if lowered else word[0]

    return re.sub(r"[^\W\d_]+(?:-[^\W\d_]+)*", one, text)


def _divided(text: str, at: str) -> tuple[str, str, str]:
    found = re.search(at, text, re.IGNORECASE)
    if found is None:
        return text, "", ""
    return text[: found.start()].strip(), found[0], text[found.end() :].strip()


def _words(section: str) -> frozenset[str]:
    return word_set("employment", section)


@cache
def _away() -> re.Pattern[str]:
    phrases = "|".join(re.escape(phrase) for phrase in word_lists("employment")["away"])
    return re.compile(rf"(?<![\w-])(?:{phrases})(?![\w-])")


_AT = "at|bei|beim|chez|presso|bij|hos"
_OF = "of|de|du|von|der|des|d'|del"
_OFS = frozenset(_OF.split("|"))
_SEGMENTS = re.compile(
    r"\s*[|•·●~→»;!?…]+\s*|\s+[-–—/]+\s+|—|(?<=[^\W\d_]{4})\.\s+|:\s+|\s\+\s|\s*\\\s*"
)
_ENDED = re.compile(
    r"(?:(?:19|20)\d\d|\w{3,9}\.? \d{2,4})\s*(?:-|–|—|to|bis|until|au|à|hasta)\s*(?:\w{3,9}\.? )?"
    r"(?:\d\d?/)?(?:19|20)?\d\d\b|\b(?:until|till|bis|jusqu\S*|hasta) (?:\S+ ){0,2}\S*\d\d\b",
    re.IGNORECASE,
)
"""A term with an end: what it says may be over."""
_LETTERS = re.compile(r"\.?[A-Za-zÀ-ɏẞ][A-Za-zÀ-ɏẞ0-9 &+#./'-]*")
_PAIR = re.compile(r"[A-Za-z]{1,4}/[A-Za-z]{1,4}(?: |$)")
_AND = re.compile(
    r"\s(?:&|\+|and|und|et|y|e)\s|(?<=\w)&\s?(?=\w{3})|(?<=\w{3})\s&(?=\w)", re.IGNORECASE
)
_SPELT_OUT = {"sr": "Senior", "snr": "Senior", "jr": "Junior", "mgr": "Manager", "v.p": "VP"}
_VOWEL = re.compile(r"(?!eu|uni(?!n)|us[ei]|one\b|u[xi]\b|ux)[aeiou]|hon(?:ou?r|est)|hour|ux-")
