"""Reading a job title or headline: how senior, what kind of work, and which words say so.

Only a closed vocabulary of many languages counts (`title_words`), and only the part of a text that
can be a title: it ends at the first sentence, line break or word that talks to a reader instead of
naming a job. Whatever a person writes behind that moves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple, get_args

import msgspec

from ingagents.core.profiles.title_words import (
    WORD,
    Function,
    Meaning,
    Seniority,
    folded,
    spelled,
    vocabulary,
)

MAX_CHARACTERS = 300
"""More of a text is not read; LinkedIn's headlines end at 220."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Words that speak for a function; `strength` is 0 to 5, less for words in passing."""

    words: str
    function: Function
    strength: float


class Title(msgspec.Struct, frozen=True, kw_only=True):
    """A title as read. `words` are those that were read; `functions` the strongest first."""

    words: tuple[str, ...] = ()
    seniority: Seniority = "unknown"
    seniority_words: str = ""
    functions: tuple[Function, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    def joined_by(self, other: Title, *, share: float) -> Title:
        """This title with the evidence of another beside it, counted by `share`.

        The other's rank is taken only where this title names none.
        """
        found = {item.words: item for item in self.evidence}
        for item in other.evidence:
            weaker = msgspec.structs.replace(item, strength=round(item.strength * share, 2))
            found.setdefault(item.words, weaker)
        unranked = self.seniority in {"unknown", "other"}
        ranked = other if unranked and other.seniority_words else self
        rank = _LEVEL_OF[ranked.seniority]
        return _title((*self.words, *other.words), found, rank, ranked.seniority_words)


def read_title(text: str) -> Title:
    """Read one title or headline; never raises, at most `MAX_CHARACTERS` are looked at."""
    return _read(text[:MAX_CHARACTERS])


@lru_cache(maxsize=1024)  # of one person it is asked for several times, and titles come again
def title_part(text: str) -> str:
    """The words of a text that are read as a title, as they were written: nothing behind them."""
    text = text[:MAX_CHARACTERS].strip()
    if text.isascii():
        plain = text.lower()
    else:
        plain = "".join(sign if len(sign) == 1 else " " for sign in map(folded, text))
    end = len(_first_sentence(plain))
    address = vocabulary().one_of("address")
    for word in _WRITTEN.finditer(plain, 0, end):
        if word[0] in address:
            end = word.start()
            break
    return text[:end].strip(" ,;:|-–—")


@lru_cache(maxsize=1024)
def _read(text: str) -> Title:
    words: list[str] = []
    found: dict[str, Evidence] = {}
    rank, rank_words = _UNKNOWN, ""
    makes = True
    for part in _parts(_tokens(text)):
        words.extend(_shown(word) for word in part.words)
        found_here = list(_phrases_in(part, makes=makes or not part.joined))
        makes = not found_here or found_here[-1].makes
        for evidence in _functions_in(part, found_here):
            known = found.get(evidence.words)
            if known is None or known.strength < evidence.strength:
                found[evidence.words] = evidence
        here, here_words = (_UNKNOWN, "") if part.past else _rank_in(part.words)
        if here < rank:
            rank, rank_words = here, here_words
    return _title(words, found, rank, rank_words)


# --- Helpers ---

_LEVELS: tuple[Seniority, ...] = get_args(Seniority)
_LEVEL_OF: Mapping[Seniority, int] = {name: at for at, name in enumerate(_LEVELS)}
_UNKNOWN, _OTHER = _LEVEL_OF["unknown"], _LEVEL_OF["other"]
_COMMAS = frozenset(",/():-–—[]")
_BARS = frozenset("|•·●▪►»→★✦⚡;~*、・｜")
_BEHIND, _BEHIND_BAR, _LEAST_SHARE = 0.95, 0.75, 0.5
"""How much less words count behind a comma or joining word, and behind a bar; and the least."""
_PAST_SHARE = 0.3
"""How much a former job counts beside a present one."""
_STRONG, _SETTLED = 2.0, 3.5
"""From which strength on the words beside a noun only qualify it, and those behind it as well."""
_QUALIFYING = 0.6
"""How much words count that qualify others."""
_LONGEST_PHRASE = 5
_MAKING: frozenset[Function] = frozenset({"technical", "research", "product"})
_LEAST_FRONT = 3
"""So many letters at least stand before a rank that ends a word; the rank has one more."""

_END = re.compile(
    r"[\r\n\t\v\f\x1c-\x1e\x85\u2028\u2029<{=`]|\.\.|…|###|---|\[/?(?:inst|sys)|\bas (?:the|if) "
    r"|\b(?:system|user|assistant)\s?:"
)
_STOP = re.compile(r"[.!?。](?=\s|$)")
_GENDER = re.compile(
    r"(?<=\w{4})(?:[:*_/(.·•][-(]?(?:in|innen|e|n|es|ne|le|se|euse|rice|trice|iere|a|as|o|os|ora|essa"
    r"|x|ka|czka|tka|ca|yne)\b\)?|@(?=\s|$))"
    r"|\(?\b(?:[mwdfhxkvzn][/|,*])+[mwdfhxkvzn]\b\*?\)?|\((?:all genders|gn)\)"
)
_WRITTEN = re.compile(r"[\w']+")
_TOKEN = re.compile(rf"{WORD}|(?<=\s)[-–—](?=\s)|[^\s\w.\-–—]")


class _Part(msgspec.Struct):
    """Words that belong together; `segments` says of each behind how many joining words it stands.

    `share` is what words in this place count, `past` if the job is no longer held, `joined` if an
    "and" stands before them.
    """

    share: float = 1.0
    past: bool = False
    joined: bool = False
    words: list[str] = []
    segments: list[int] = []


def _tokens(text: str) -> list[str]:
    """The words and separators of the part of a text that can be a title."""
    text = _GENDER.sub("", _first_sentence(folded(text.strip())))
    address = vocabulary().one_of("address")
    tokens: list[str] = []
    for piece in _TOKEN.findall(spelled(text)):
        word = piece
        if "." in word and len(word.replace(".", "")) <= 3:
            word = word.replace(".", "")
        if word in address:
            break
        tokens.append(word)
    return tokens


def _first_sentence(text: str) -> str:
    if end := _END.search(text):
        text = text[: end.start()]
    abbreviated = vocabulary().one_of("abbreviated")
    for stop in _STOP.finditer(text):
        word = text[: stop.start()].rpartition(" ")[2]
        if stop[0] != "." or not (word in abbreviated or "." in word or len(word) == 1):
            return text[: stop.start()]
    return text


def _parts(tokens: Sequence[str]) -> Iterator[_Part]:
    """The parts of a title that name one job each, as separators and "and" divide them.

    A company ("at Acme") and the one somebody serves ("assistant to the CTO") are left out. What
    stands behind a bar is said in passing.
    """
    terms = vocabulary()
    joining, dividing, company = map(terms.one_of, ("of", "and", "company"))
    past, present, turned = map(terms.one_of, ("past", "present", "turned"))
    served_by = terms.one_of("serving")
    part = _Part()
    segment = 0
    skipping = serving = False
    for piece in (*tokens, "|"):
        if piece in company:
            skipping = True
        elif piece in joining:
            serves_it = bool(part.words) and part.words[-1] in served_by
            skipping = skipping or serves_it or (serving and piece == "to")
            segment += 1
        elif piece[0].isalnum() and not (piece in dividing or piece in present or piece in turned):
            part.past = part.past or piece in past
            forms = () if skipping else terms.forms_of(piece)
            serving = serving or not served_by.isdisjoint(forms)
            part.words.extend(forms)
            part.segments.extend(segment for _ in forms)
        else:
            part.past = part.past or piece in turned
            share, still_past = part.share, part.past and piece in dividing
            if part.words:
                yield part
                share *= _BEHIND_BAR if piece in _BARS else _BEHIND ** (segment + 1)
            part = _Part(share=share, past=still_past, joined=piece == "&" or piece in dividing)
            segment = 0
            if piece in _BARS or piece in _COMMAS:
                skipping = serving = False


class _Phrase(NamedTuple):
    """What stands in a part: in which segment, which words, what they mean.

    `makes`: they are a rank or the work of those who make something, and leave "development" so.
    """

    segment: int
    words: str
    meaning: Meaning | None
    makes: bool


def _phrases_in(part: _Part, *, makes: bool) -> Iterator[_Phrase]:
    """The phrases of a part; `makes` says so of what an "and" joins to it.

    "Development" is of software where nothing says of what: of land, of people or of learning.
    """
    at, joined_makes = 0, makes
    while at < len(part.words):
        words, meaning, length = _phrase_at(part.words, at)
        end = at + length
        if meaning is not None and " ".join(part.words[at:end]) in vocabulary().alone:
            if meaning.head_first:  # what it is of stands behind it
                makes = joined_makes and (
                    end == len(part.words)
                    or _makes(part.words, end, _phrase_at(part.words, end)[1])
                )
            meaning = meaning if makes else None
        else:
            makes = _makes(part.words, at, meaning)
        yield _Phrase(part.segments[at], words, meaning, makes)
        at = end


def _makes(words: Sequence[str], at: int, meaning: Meaning | None) -> bool:
    if meaning is not None and meaning.function is not None:
        return meaning.function in _MAKING
    return _rank_at(words, at)[1] != _UNKNOWN


def _functions_in(part: _Part, phrases: Sequence[_Phrase]) -> Iterator[Evidence]:
    """The evidence of a part. In each segment one noun is the head, the others count less.

    It is the last, or the first where the language has it so. If the head says little by itself
    ("tax consultant") all count in full. What follows a head that says much only qualifies it
    ("recruiter of engineers"), and whoever still learns a job ("trainee engineer") has not got it.
    """
    found = [
        (one.segment, one.words, one.meaning)
        for one in phrases
        if one.meaning is not None and one.meaning.function is not None
    ]
    held = _PAST_SHARE if part.past else 1.0
    led = any(meaning.function == "study" for _, _, meaning in found)
    for segment, group in groupby(found, key=lambda item: item[0]):
        items = [(words, meaning) for _, words, meaning in group]
        head = items[0 if items[0][1].head_first else -1][1]
        for words, meaning in items:
            qualifies = led or (meaning is not head and head.strength >= _STRONG)
            in_place = _QUALIFYING if qualifies and meaning.function != "study" else 1.0
            share = max(_LEAST_SHARE, part.share * _BEHIND**segment)
            strength = round(meaning.strength * share * held * in_place, 2)
            if meaning.function is not None and strength > 0:
                yield Evidence(words=words, function=meaning.function, strength=strength)
        led = led or head.strength >= _SETTLED


def _phrase_at(words: Sequence[str], at: int) -> tuple[str, Meaning | None, int]:
    meanings = vocabulary().meanings
    for length in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
        phrase = " ".join(words[at : at + length])
        if meaning := meanings.get(phrase):
            return _shown(phrase), meaning, length
    if words[at] == "speaker" and len(words) == 1:
        return "speaker", Meaning("advocacy", 3.5, head_first=False), 1
    return _shown(words[at]), None, 1


def _rank_in(words: Sequence[str]) -> tuple[int, str]:
    """The highest rank a part names; a phrase hides the words inside it ("product owner")."""
    best, best_words, at = _UNKNOWN, "", 0
    while at < len(words):
        phrase, rank, length = _rank_at(words, at)
        # Only a chief officer is one of the board; officers there are many.
        if phrase == "officer" and "chief" not in words:
            rank = _OTHER
        if rank < best:
            best, best_words = rank, _shown(phrase)
        at += length
    return best, best_words


def _rank_at(words: Sequence[str], at: int) -> tuple[str, int, int]:
    ranks = vocabulary().ranks
    for length in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
        phrase = " ".join(words[at : at + length])
        if rank := ranks.get(phrase):
            return phrase, _LEVEL_OF[rank], length
    word = words[at]
    # A word that is known as a whole may still end with a rank: "Filialleiter".
    for begin in range(_LEAST_FRONT, len(word) - _LEAST_FRONT):
        ending = word[begin:]
        known = ranks.get(ending) if len(ending) > _LEAST_FRONT + 1 else None
        if rank := ranks.get(f"-{ending}") or known:
            return word, _LEVEL_OF[rank], 1
    return word, _UNKNOWN, 1


def _shown(phrase: str) -> str:
    """A phrase without the marks of stems and endings."""
    return phrase.replace("-", "")


def _title(
    words: Sequence[str], found: Mapping[str, Evidence], rank: int, rank_words: str
) -> Title:
    evidence = tuple(sorted(found.values(), key=lambda item: -item.strength))
    return Title(
        words=tuple(words),
        seniority=_LEVELS[_OTHER if evidence and rank == _UNKNOWN else rank],
        seniority_words=rank_words,
        functions=tuple(dict.fromkeys(item.function for item in evidence)),
        evidence=evidence,
    )
