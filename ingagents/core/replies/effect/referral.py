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
from ingagents.core.replies.notation import Cue
from ingagents.core.replies.text import plain_reply

_MOST_WORDS = 5
_BIG = r"[^\W\d_a-zß-öø-ÿ][\w'’-]*"
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
            if at < 0:
                continue
            if at + 1 >= cue.start or at + 1 + len(plain) > cue.start:
                behind = behind or name
            elif at + 1 + len(plain) + 1 == cue.start:
                before = name
        if behind or before:
            return behind or before
    return ""


def _person_in(run: str, *, opens: bool) -> str:
    """The full name in a run of words with capitals; `opens`: it begins the sentence."""
    words = [word for word in run.split() if word]
    for at in range(len(words)):
        titles, rest = untitled(words[at:])
        rest = _to_its_end(rest)
        if rest and len(rest[-1]) > 2:
            rest[-1] = rest[-1].rstrip(".")
        if titles and len(rest) == 1 and _is_word_of_a_name(rest[0]):
            return f"{titles[0]} {rest[0]}"
        if len(rest) > 1 and (titles or is_given(rest[0])) and all(map(_is_word_of_a_name, rest)):
            return " ".join(rest)
    rest = _to_its_end(words[1:] if opens else words)
    name = " ".join(rest).rstrip(".")
    known = len(rest) > 1 and not untitled(rest)[0] and greeting_name(name)
    return name if known and not is_stand_in(name) else ""


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
