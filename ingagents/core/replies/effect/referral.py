"""Who is named where a reply sends us to somebody else: a person's full name, or nobody.

A department, a role or a first name alone is nobody that could be found. What is returned are words
of the reply as they were written.
"""

from __future__ import annotations

import re

from ingagents.core.names import is_stand_in
from ingagents.core.names.greeting import greeting_name
from ingagents.core.names.parts import untitled
from ingagents.core.names.vocabulary import is_given, vocabulary
from ingagents.core.replies.evidence import Evidence
from ingagents.core.replies.notation import Cue, Part
from ingagents.core.replies.text import fold, plain_reply
from ingagents.core.text import languages

_MOST_WORDS = 5
_DENIAL_REACH = 5
"""Words between a "not" and the name it denies: "do not write to my colleague Jane Doe"."""
_SMALL = "".join(filter(str.islower, map(chr, range(0x530))))
"""The small letters of the scripts that have capitals: Latin, Greek, Cyrillic."""
_BIG = rf"[^\W\d_{_SMALL}][\w'’-]*"
_RUN = re.compile(
    rf"{_BIG}\.?(?: (?:(?:de|del|de la|da|dos|di|du|la|le|van|von|van der|van den|der|ten|ter|al|el|bin) )?{_BIG}\.?)*"
)


def without_title_dots(text: str) -> str:
    """The text with the dot of "Dr. Doe" left out, which ends no sentence."""
    return _TITLE.sub(
        lambda found: f"{found[1]} " if found[1] in vocabulary("honorifics") else found.group(),
        text,
    )


_TITLE = re.compile(r"(?<!\w)([^\W\d_]{1,5})\. ?(?=[^\W\d_])")


def person_named(evidence: Evidence) -> str:
    """The person a reply refers to by name; "" when it names nobody."""
    reply = evidence.reply
    for cue in evidence.found.get(Cue.REFERRAL, ()):
        sentence = reply.sentence_at(cue.start)
        begin = max(start for start in (0, *reply.starts) if start <= cue.start)
        behind, before = "", ""
        for run in _RUN.finditer(sentence):
            name = _person_in(run.group(), opens=not sentence[: run.start()].strip())
            plain = plain_reply(name).text.strip(" .") if name else ""
            at = reply.text.find(f" {plain} ", begin - 1) if plain else -1
            if at < 0 or _is_denied(at + 1, evidence, cue.language):
                continue
            if at + 1 >= cue.start or at + 1 + len(plain) > cue.start:
                behind = behind or name
            elif at + 1 + len(plain) + 1 == cue.start:
                before = name
        if behind or before:
            return behind or before
    return ""


def _is_denied(start: int, evidence: Evidence, language: str) -> bool:
    """Whether the name that starts there is one not to turn to: "not to Jane Doe but to ..."."""
    words = evidence.reply.text[:start].split()[-_DENIAL_REACH - 1 :]
    harmless = evidence.found.get(Cue.NOT_REFUSAL, ())  # "not me any more"
    nots = {
        item.start
        for item in evidence.parts.get(Part.NOT, ())
        if not any(one.start <= item.start < one.end for one in harmless)
    }
    nots -= {cue.start for cue in evidence.found.get(Cue.REFERRAL, ())}  # "not my area"
    turns = evidence.parts.get(Part.TURN, ())
    ends = {one.start for one in turns if one.language == language}  # French "ma" is no "but"
    at = start
    for word in reversed(words):
        at = evidence.reply.text.rfind(word, 0, at)
        if at in nots:
            return True
        if word in _MARKS or at in ends:
            return False
    return False


_MARKS = frozenset(",.?!")


def _person_in(run: str, *, opens: bool) -> str:
    """The full name in a run of words with capitals; `opens`: it begins the sentence."""
    words = _of_nobody_else(run.split())
    if vocabulary("namesakes").anywhere(words):
        return ""
    for at in range(len(words)):
        titles, rest = untitled(words[at:])
        if _is_of_a_body(rest):
            return ""
        rest = _without_weekday(_to_its_end(rest))
        if rest and len(rest[-1]) > 2:
            rest[-1] = rest[-1].rstrip(".")
        if titles and len(rest) == 1 and _is_word_of_a_name(rest[0]):
            return f"{titles[0]} {rest[0]}"
        opens_name = titles or is_given(rest[0] if rest else "") or _is_family_in_front(rest)
        if len(rest) > 1 and opens_name and all(map(_is_word_of_a_name, rest)):
            return " ".join(rest)
    rest = _without_weekday(_to_its_end(words[1:] if opens else words))
    name = " ".join(rest).rstrip(".")
    known = len(rest) > 1 and not untitled(rest)[0] and greeting_name(name)
    return name if known and not is_stand_in(name) else ""


def _of_nobody_else(words: list[str]) -> list[str]:
    """The words behind "Jane Doe's" or "Acme's": what is somebody's is not that somebody."""
    behind = [at + 1 for at, word in enumerate(words) if _POSSESSIVE.search(word)]
    return words[max(behind, default=0) :]


_POSSESSIVE = re.compile(r"['’]s\.?$")


def _is_of_a_body(words: list[str]) -> bool:
    """Whether the name ends in a company, an office or a team: "Anna Berg Group"."""
    end = len(_to_its_end(words))
    return end > 1 and any(word in vocabulary("organisations") for word in words[end : end + 1])


def _is_family_in_front(words: list[str]) -> bool:
    """Whether three words or more begin with a family name, as "Tran Van Minh" does."""
    families = ("vietnamese_families", "east_asian_families")
    return len(words) > 2 and any(words[0] in vocabulary(subject) for subject in families)


def _without_weekday(words: list[str]) -> list[str]:
    """Jane Doe of "Jane Doe Monday"; Kirsten Freitag is called so."""
    days = set(map(fold, languages.words("weekdays")))
    return words[:-1] if len(words) > 2 and fold(words[-1].strip(".")) in days else words


def _to_its_end(words: list[str]) -> list[str]:
    """The words up to the first that cannot be a name's."""
    for at, word in enumerate(words):
        if not _is_word_of_a_name(word):
            return words[:at]
    return words[:_MOST_WORDS]


def _is_word_of_a_name(word: str) -> bool:
    plain = word.strip(".'’-")
    if len(plain) < 2 and not word.endswith("."):
        return plain.isalpha() and plain.isupper()
    if plain.isupper() and len(plain) <= 4 and not is_given(plain):
        return False  # CMO, HR, GmbH's "AG"
    nobody = ("roles", "organisations", "page_text")
    return is_given(plain) or not any(plain in vocabulary(subject) for subject in nobody)
