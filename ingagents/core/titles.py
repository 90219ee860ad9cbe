"""Reading a job title or headline: how senior, what kind of work, and which words say so.

Only a closed vocabulary counts (English, German, French, Spanish, a little more), and only the
part of a text that can be a title: it ends at the first sentence, line break or word that talks
to a reader instead of naming a job. Whatever a person writes behind that moves nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal, get_args

import msgspec

from ingagents.core.title_words import FORMS, RANKS, SETS, WORDS

__all__ = ["Evidence", "Function", "Seniority", "Title", "read_title", "title_part"]

MAX_CHARACTERS = 300
"""More of a text is not read; LinkedIn's headlines end at 220."""

Seniority = Literal[
    "founder", "c_suite", "vp", "director", "manager", "senior", "other", "junior", "unknown"
]
"""`other` is a practitioner without a rank; `unknown` a text in which no word was understood."""

Function = Literal[
    "technical", "research", "product", "advocacy", "leadership", "business",
    "sales_marketing", "finance", "people", "legal", "operations", "care", "trade", "study",
]  # fmt: skip
"""`care` is health and teaching, `trade` crafts and services, `study` also those out of work."""


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


def title_part(text: str) -> str:
    """The words of a text that are read as a title, as they were written: nothing behind them."""
    text = text[:MAX_CHARACTERS].strip()
    folded = "".join(sign if len(sign) == 1 else " " for sign in map(_folded, text))
    end = len(_first_sentence(folded))
    for word in _WRITTEN.finditer(folded, 0, end):
        if word[0] in _ADDRESS:
            end = word.start()
            break
    return text[:end].strip(" ,;:|-–—")


@lru_cache(maxsize=1024)
def _read(text: str) -> Title:
    words: list[str] = []
    found: dict[str, Evidence] = {}
    rank, rank_words = _UNKNOWN, ""
    for written, share, past in _chunks(_tokens(text)):
        chunk = [_known_form(word) for word in written]
        words.extend(chunk)
        for evidence in _functions_in(chunk, share * 0.3 if past else share):
            known = found.get(evidence.words)
            if known is None or known.strength < evidence.strength:
                found[evidence.words] = evidence
        here, here_words = (_UNKNOWN, "") if past else _rank_in(chunk)
        if here < rank:
            rank, rank_words = here, here_words
    return _title(words, found, rank, rank_words)


# --- Helpers ---


def _entries(table: str) -> Iterator[tuple[str, str]]:
    for key, phrases in re.findall(r"([a-z_]+(?: [0-9.]+)?):([^:]+)(?=\n|$)", table):
        for phrase in phrases.split(","):
            yield key, " ".join(phrase.split())


def _longest(phrases: Mapping[str, object]) -> dict[str, int]:
    """For each first word, the number of words in the longest phrase that begins with it."""
    lengths: dict[str, int] = {}
    for phrase in phrases:
        first, *rest = phrase.split()
        lengths[first] = max(lengths.get(first, 0), 1 + len(rest))
    return lengths


def _set(name: str) -> frozenset[str]:
    """One of `SETS`."""
    _, _, after = SETS.partition(f"\n{name}:")
    return frozenset(re.split(r"\n[a-z]+:", after)[0].split())


_ADDRESS, _PAST, _COMPANY, _JOINTS = map(_set, ("address", "past", "company", "joint"))
_COMMAS, _BARS, _SERVING, _ABBREVIATED = map(_set, ("comma", "bar", "serving", "abbreviated"))
_LEVELS: tuple[Seniority, ...] = get_args(Seniority)
_LEVEL_OF: Mapping[str, int] = {name: at for at, name in enumerate(_LEVELS)}
_UNKNOWN, _OTHER, _DIRECTOR = _LEVEL_OF["unknown"], _LEVEL_OF["other"], _LEVEL_OF["director"]
_FUNCTIONS: Mapping[str, Function] = {name: name for name in get_args(Function)}
_PHRASES: Mapping[str, tuple[Function, float]] = {
    phrase: (_FUNCTIONS[key.split()[0]], float(key.split()[1])) for key, phrase in _entries(WORDS)
}
_RANK_PHRASES = {phrase: _LEVEL_OF[key] for key, phrase in _entries(RANKS)}
_LONGEST, _RANK_LONGEST = _longest(_PHRASES), _longest(_RANK_PHRASES)
_ENDINGS = tuple((words[1:], *known) for words, known in _PHRASES.items() if words[0] == "-")
_STEMS = tuple((words[:-1], *known) for words, known in _PHRASES.items() if words[-1] == "-")
_KNOWN = frozenset(word for phrase in (*_PHRASES, *_RANK_PHRASES) for word in phrase.split())

_END = re.compile(
    r"[\r\n\t\v\f\x1c-\x1e\x85\u2028\u2029<{=`]|\.\.|…|###|---|\[/?(?:inst|sys)|\bas (?:the|if) "
    r"|\b(?:system|user|assistant)\s?:"
)
_STOP = re.compile(r"[.!?](?=\s|$)")
_GENDER = re.compile(
    r"(?<=[a-z]{4})(?:[:*_/]-?in(?:nen)?\b|[·.(](?:e|in|se|ne|rice|trice|euse|a)\b\)?)"
    r"|\((?:[mwdfhx][/|,]){1,3}[mwdfhx*]\)"
)
_LETTER_PAIR = re.compile(r"\b([a-z])\s?&\s?([a-z])\b")
_CO = re.compile(r"\bco[- ]?(?=found|fond|fund|ceo)")
_GLUE = re.compile(
    r"\b(chef(?:fe)?|jef[ea]|gerente|desarrollo|developpement|chargee?|ejecutiv[oa]|cientific[oa]) "
    r"d(?:e |'|u |es )"
)
_FIXED = (("go-to-market", "gtm"), ("go to market", "gtm"), ("chief of staff", "staff chief"))
_WRITTEN = re.compile(r"[a-z0-9']+")
_TOKEN = re.compile(r"[a-z0-9]+(?:[.'][a-z0-9]+)*[+#]{0,2}|(?<=\s)[-–—](?=\s)|[^\sa-z0-9.\-–—]")


def _tokens(text: str) -> list[str]:
    """The words and separators of the part of a text that can be a title."""
    text = _first_sentence(_folded(text.strip()))
    for written, meant in _FIXED:
        text = text.replace(written, meant)
    text = _GENDER.sub("", text)
    text = _GLUE.sub(r"\1 ", _LETTER_PAIR.sub(r"\1\2", _CO.sub("co", text)))
    tokens: list[str] = []
    for piece in _TOKEN.findall(text):
        word = piece
        if "." in word and len(word.replace(".", "")) <= 3:
            word = word.replace(".", "")
        if word in _ADDRESS:
            break
        tokens.append(word)
    return tokens


def _folded(text: str) -> str:
    """Lower case without accents, ornaments of Unicode and invisible characters."""
    if not text.isascii():
        text = "".join(
            char
            for char in unicodedata.normalize("NFKD", text).replace("ß", "ss")
            if unicodedata.category(char) not in {"Mn", "Cf"}
        )
    return text.lower()


def _first_sentence(text: str) -> str:
    if end := _END.search(text):
        text = text[: end.start()]
    for stop in _STOP.finditer(text):
        word = text[: stop.start()].rpartition(" ")[2]
        if stop[0] != "." or not (word in _ABBREVIATED or "." in word or len(word) == 1):
            return text[: stop.start()]
    return text


def _chunks(tokens: Sequence[str]) -> Iterator[tuple[list[str], float, bool]]:
    """Runs of words that belong together, the share that words in this place count, and "past".

    A company ("at Acme") and the one somebody serves ("assistant to the CTO") are left out. What
    stands behind a bar is said in passing.
    """
    chunk: list[str] = []
    share, skipping, serving, past = 1.0, False, False, False
    for piece in (*tokens, "|"):
        is_word = piece[0].isalnum() and piece.isascii()
        if is_word and piece not in _JOINTS and piece not in _COMPANY:
            past = past or piece in _PAST
            serving = serving or piece in _SERVING
            if not skipping:
                chunk.append(piece)
            continue
        ends_part = piece in _BARS or piece in _COMMAS
        if chunk:
            yield chunk, share, past
            chunk = []
            share = max(0.5, share * (0.75 if piece in _BARS else 0.95))
        if ends_part:
            skipping = serving = past = False
        elif piece in _COMPANY or (piece == "to" and serving):
            skipping = True


def _functions_in(chunk: Sequence[str], share: float) -> Iterator[Evidence]:
    """The evidence of a chunk. Its last word is the head; others qualify it and count less.

    Unless the head says little by itself ("tax consultant"); and a "trainee engineer" is one.
    """
    found: list[tuple[str, Function, float]] = []
    at = 0
    while at < len(chunk):
        words, function, strength, length = _phrase_at(chunk, at)
        if function is not None:
            found.append((words, function, strength))
        at += length
    qualifying = 0.6 if found and found[-1][2] >= 2.0 else 1.0
    for place, (words, function, strength) in enumerate(found, start=1):
        whole = place == len(found) or function == "study"
        counted = strength * share * (1.0 if whole else qualifying)
        yield Evidence(words=words, function=function, strength=round(counted, 2))


def _phrase_at(chunk: Sequence[str], at: int) -> tuple[str, Function | None, float, int]:
    word = chunk[at]
    for length in range(min(_LONGEST.get(word, 0), len(chunk) - at), 0, -1):
        words = " ".join(chunk[at : at + length])
        if known := _PHRASES.get(words):
            return words, *known, length
    if word == "speaker" and len(chunk) == 1:
        return word, "advocacy", 3.5, 1
    if len(word) >= 9:
        for ending, function, strength in _ENDINGS:
            if word.removesuffix("in").endswith(ending):
                return word, function, strength, 1
        for beginning, function, strength in _STEMS:
            if word.startswith(beginning):
                return word, function, strength, 1
    return word, None, 0.0, 1


def _rank_in(chunk: Sequence[str]) -> tuple[int, str]:
    """The highest rank a chunk names; a phrase hides the words inside it ("product owner")."""
    best, best_words, at = _UNKNOWN, "", 0
    while at < len(chunk):
        words, rank, length = _rank_at(chunk, at)
        if rank < best:
            best, best_words = rank, words
        at += length
    return best, best_words


def _rank_at(chunk: Sequence[str], at: int) -> tuple[str, int, int]:
    word = chunk[at]
    for length in range(min(_RANK_LONGEST.get(word, 0), len(chunk) - at), 0, -1):
        words = " ".join(chunk[at : at + length])
        if (rank := _RANK_PHRASES.get(words)) is not None:
            # Only a chief officer is one of the board; officers there are many.
            return words, _OTHER if words == "officer" and "chief" not in chunk else rank, length
    return word, _DIRECTOR if word.endswith(("leiter", "leiterin")) else _UNKNOWN, 1


def _known_form(word: str) -> str:
    """The vocabulary's form of a word: masculine, singular; the word itself when not known."""
    if word not in _KNOWN:
        for ending, instead in FORMS:
            if word.endswith(ending) and (form := word.removesuffix(ending) + instead) in _KNOWN:
                return form
    return word


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
