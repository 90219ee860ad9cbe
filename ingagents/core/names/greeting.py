"""The decision: by which word of a name, if any, somebody is greeted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from ingagents.core.names.family_first import (
    given_behind_family,
    is_family_in_front,
    may_be_swapped,
    without_middle_marks,
)
from ingagents.core.names.own_script import given_in_own_script
from ingagents.core.names.parts import (
    at_comma,
    beyond,
    bound_given,
    is_credential,
    is_library_title,
    is_named_like,
    parsed_name,
    second_given,
    untitled,
    without_family,
    without_maiden_name,
)
from ingagents.core.names.phrases import is_made_up, is_phrase
from ingagents.core.names.reading import is_unreadable, names_a_body, person_words
from ingagents.core.names.stand_ins import is_called_null, is_stand_in
from ingagents.core.names.text import (
    LONGEST_NAME,
    first_part,
    in_usual_letters,
    is_east_asian,
    is_letters,
    opening_nickname,
    plain_text,
)
from ingagents.core.names.vocabulary import bare, is_given, set_of, vocabulary
from ingagents.model import Lead

if TYPE_CHECKING:
    from nameparser import ParsedName


def greeting_of(lead: Lead) -> str:
    """The name to greet a lead with, or ""."""
    profile = lead.profile
    return greeting_name(lead.name, profile.first_name, profile.last_name, company=lead.company)


@lru_cache(maxsize=512)
def greeting_name(
    name: str, first_name: str = "", last_name: str = "", *, company: str = ""
) -> str:
    """The first name that is safe to greet with, or "" when there is a doubt.

    `first_name` and `last_name` are what a service or a file keeps apart from `name`, where it
    does: a field of first names holds first names, whatever they look like, unless it holds a
    title, page text or a stand-in. What is returned consists of words of the name, in their usual
    capitals.
    """
    if company.strip() and _folded(name) == _folded(company):
        return ""
    if any(map(str.isalpha, name)) and is_stand_in(name):
        return ""
    if any(map(str.isalpha, first_name)):
        return _from_first_name(first_name, last_name, name)
    if any(map(str.isalpha, last_name)) and _folded(name) == _folded(last_name):
        return ""
    return _from_full_name(name, company)


def _from_first_name(first_name: str, last_name: str, name: str) -> str:
    """From a field of first names: its word, or both of a double name such as "Mary Jane"."""
    if is_stand_in(first_name) and not _is_a_name(first_name):
        return ""
    if is_unreadable(first_name) or any(map(names_a_body, (name, last_name))):
        return ""
    if nickname := opening_nickname(f"{first_name} {last_name or name}"):
        return _first_name(nickname)
    if last_name and _is_cut_in_two(first_name, last_name):
        return _from_full_name(f"{first_name} {last_name}")
    words = person_words(first_name)
    if words is None:
        return ""
    family = at_comma(first_part(last_name).split())[0]
    family = family or beyond(first_part(name).split(), words)
    if is_east_asian("".join(words)):
        return given_in_own_script(" ".join(words), " ".join(family))
    words = without_family(words, family)
    if _is_particle(words[-1]) and (bound := bound_given([*words, *family])):
        return bound
    if "," in " ".join(words) or (len(words) > 1 and not family):
        return _from_words(words)
    titles, rest = untitled(words)
    if titles and not family:
        return ""
    return _beside_family(rest, family)


def _beside_family(words: list[str], family: list[str]) -> str:
    """From the words of a field of first names without a title in front."""
    families = ("vietnamese_families", "vietnamese_either")
    if any(word in vocabulary(subject) for word in family for subject in families):
        words = without_middle_marks(words)
    if (len(words) > 1 and words[0] in _IRISH) or words == ["Thị"]:
        return ""
    words = [word for word in words if not _is_initial(word)]
    if words and (_is_another_field(words, family) or may_be_swapped(words, family)):
        return ""
    while len(words) > 1 and _may_be_title(words[0]) and words[1] in vocabulary("given_names"):
        words = words[1:]
    return _of_first_names(words, family)


def _is_cut_in_two(first_name: str, last_name: str) -> bool:
    """Whether one name was cut at its first space: "Mr. | Kwame Boateng", "Okafor, | Maya"."""
    first, last = first_name.split(), first_part(last_name).split()
    if first_name.rstrip().endswith((",", ";")) and last:
        return not is_given(first[-1]) or is_given(last[0])
    if len(last) > 1 and (
        not untitled(first)[1] or vocabulary("honorifics").opens([*first, *last]) > 1
    ):
        return True
    if len(first) == 1 and len(last) > 2 and untitled(last)[0]:
        return True  # "HE | Dr. Khalid Al Suwaidi"
    _, after = at_comma(last)
    return bool(after) and not all(map(_follows_a_name, after))


def _is_another_field(words: list[str], family: list[str]) -> bool:
    """Whether two fields hold a job, a title and a name, or page text: "Managing | Director"."""
    if not family:
        # LinkedIn asks for two names: a word alone may be a company, a job or a family name.
        return len(words) == 1 and words[0] not in vocabulary("given_names")
    if len(family) > 1 and is_phrase([*words, *family]):
        return True
    if family[0].islower() and _is_another_word(family[0]) and not is_given(family[0]):
        return True
    if [bare(word) for word in words] == [bare(word) for word in family]:
        return not is_given(words[0])
    job = any(family[0] in vocabulary(subject) for subject in ("roles", "page_text"))
    title = words[0] in vocabulary("honorifics") or bare(words[0]) in _BURMESE
    more = is_given(family[0]) or family[0] in vocabulary("honorifics")
    return (
        (job and not is_given(words[0]))
        or (title and len(words) == 1 and len(family) > 1 and more)
        or _is_suffixed(words[-1], family)
    )


def _of_first_names(words: list[str], family: list[str]) -> str:
    """One word, a double name, or a compound that nobody cuts: La Toya, Abu Bakr."""
    while len(words) > 1 and bare(words[0]) in _ABBREVIATED:
        words = words[1:]
    if bound := bound_given([*words, *family] if len(words) == 1 else words):
        return bound
    if (
        not words
        or len(words) > _MOST_FIRST_NAMES
        or (len(words) == 1 and bare(words[0]) in _PARENT_OF)
    ):
        return ""
    if bare(words[0]) in _ARTICLES and len(words) == 2 and words[0][0].isupper():
        second = _first_name(words[1])
        return f"{in_usual_letters(words[0])} {second}" if second else ""
    if _is_particle(words[0]) and not _is_name_beside(words[0], family):
        return ""
    first = _first_name(words[0])
    if first and len(words) == 2 and len(bare(words[1])) > 2 and not _is_particle(words[1]):
        return f"{first} {second}" if (second := _first_name(words[1])) else first
    return first


def _from_full_name(name: str, company: str = "") -> str:
    if is_unreadable(name):
        return ""
    if nickname := opening_nickname(name):
        return _first_name(nickname)
    words = person_words(name)
    if not words or (company and is_named_like(words, company)):
        return ""
    return _from_words(words)


def _from_words(words: list[str]) -> str:
    """From words in any script, with titles in front and a comma somewhere."""
    latin = [word for word in words if not is_east_asian(word)]
    if len(latin) < len(words):
        text = " ".join(words)
        named = [word for word in untitled(latin)[1] if not is_credential(word.strip(",."))]
        if not named or "," in text.rstrip(","):
            return given_in_own_script(text)
        words = latin
    titles, words = untitled(words)
    if not words or (titles and bare(titles[-1]) in _BURMESE) or bare(words[0]) in _BURMESE:
        return ""
    if bare(words[0]) in _ABBREVIATED_FIRST and len(words) > 2:
        words = words[1:]
        if not bound_given(words) and not is_given(words[0]):
            return ""
    before, after = at_comma(without_maiden_name(words))
    if not after or all(map(_follows_a_name, after)):
        return "" if is_phrase(before) else _in_order(before, titles)
    return _around_comma(before, untitled(after)[1], words)


def _in_order(words: list[str], titles: list[str]) -> str:
    """From words without a comma: mostly the first, unless the family name stands there."""
    if len(words) == 1:
        return _single(words[0], titles)
    if words[-1] in vocabulary("honorifics_after") or _is_suffixed(words[-1], words[:1]):
        return ""
    if _may_be_title(words[0]) and (len(words) > 2 or not is_given(words[0])):
        return ""
    if bound := bound_given(words):
        return bound
    if bare(words[0]) in _PARENT_OF:
        return ""
    unknown = len(words) > 2 and not is_given(words[0]) and not _is_particle(words[1])
    if unknown and words[1] in vocabulary("given_names"):
        return ""  # an honorific, a verb or a family name that is not known here
    if (given := given_behind_family(words)) is not None:
        return _sensible(given, words) if given else ""
    if is_family_in_front(words):
        return _sensible(words[1], words) if _CYRILLIC.search(words[0]) else ""
    return _as_parsed(parsed_name(words), words)


def _around_comma(before: list[str], after: list[str], words: list[str]) -> str:
    """From "Family, Given", as far as it is certain which is which."""
    while len(before) > 1 and before[-1].isupper() and is_credential(before[-1]):
        before = before[:-1]
    alone = len(after) == 1 and is_given(after[0]) and after[0].istitle()
    if alone and len(before) == 3 and before[1] in _JOINING:
        return _sensible(after[0], after)  # "Ortega y Gasset, Ed"
    parsed = parsed_name([*before[:-1], f"{before[-1]},", *after])
    if len(before) > 1 and before[0] == parsed.given:
        return "" if is_family_in_front(before) else _as_parsed(parsed, words)
    if len(before) == 1:
        if before[0] in vocabulary("vietnamese_families"):
            after = without_middle_marks(after)
            parsed = parsed_name([f"{before[0]},", *after])
        swapped = is_given(before[0]) and not (after and is_given(after[0]))
        return "" if swapped else bound_given(after) or _as_parsed(parsed, words)
    if parsed.family_particles:
        return _as_parsed(parsed, words)
    alone = len(after) == 1 and not is_credential(after[0])
    certain = after and is_given(after[0]) and (alone or not is_given(before[0]))
    return _sensible(after[0], after) if certain else ""


def _as_parsed(parsed: ParsedName, words: list[str]) -> str:
    given = [_sensible(word, words) for word in parsed.given.split()]
    if not given or not all(given) or any(map(_is_particle, parsed.given.split())):
        return ""
    double = second_given(parsed)
    return " ".join([*given, _sensible(double, words)] if double else given)


def _single(word: str, titles: list[str]) -> str:
    """One word alone, or behind titles: greeted only when it must be a given name."""
    if not titles:
        return _sensible(word, [word]) if word in vocabulary("given_names") else ""
    if titles[-1] not in vocabulary("given_titles") or any(
        word in vocabulary(families)
        for families in ("family_names", "east_asian_families", "east_asian_either")
    ):
        return ""
    return _sensible(word, [word])


def _first_name(word: str) -> str:
    """A word of a field of first names: capitals and small letters tell nothing there."""
    folded = bare(word)
    short = word.isupper() and len(folded) <= 3 and not is_given(word)
    return "" if short else _sensible(word, [word])


def _sensible(word: str, words: Sequence[str]) -> str:
    """The word in its usual letters, or "" when nobody would like to be called that."""
    word = word.strip(".,;'") if len(word) > 3 else word.strip(",;'")
    letters = word.replace("-", "").replace("'", "")
    folded = bare(letters)
    if not is_letters(letters) or len(word) > 30 or len(letters) < 2 or not folded:
        return ""
    known = is_given(word) or is_called_null(word, words)
    if not known and (_is_another_word(word) or is_made_up(word)):
        return ""
    if folded in _ABBREVIATED or word.casefold().endswith("'s"):
        return ""
    if _REPEATED.search(folded) or (not known and _NO_VOWEL.fullmatch(folded)):
        return ""
    others = [other for other in words if len(bare(other)) > 1]
    if word.isupper() and (
        not all(other.isupper() for other in others) or (len(folded) < 4 and not known)
    ):
        # "AJ Brown" has initials, "OKAFOR Maya" a family name in front: both are in doubt.
        return ""
    if word.islower() and not known and any(other.istitle() for other in others):
        return ""
    if word.isupper() and "I" in word and "Ş" in word and not _is_turkish(words):
        return ""  # ı in Turkish, i in older Romanian
    return in_usual_letters(word, turkish=word.isupper() and _is_turkish(words))


def _is_turkish(words: Sequence[str]) -> bool:
    """Whether capitals are Turkish ones, of which I is not the capital of i."""
    return any(char in "İĞ" for word in words for char in word)


def _is_another_word(word: str) -> bool:
    subjects = (
        *("honorifics", "honorifics_after", "roles", "page_text"),
        *("slogan_words", "stand_ins", "ordinary_words"),
    )
    return any(word in vocabulary(subject) for subject in subjects)


def _is_a_name(first_name: str) -> bool:
    word = first_name.strip()
    return word.istitle() and is_given(word)


def _may_be_title(word: str) -> bool:
    return word in vocabulary("honorifics") or is_library_title(word)


def _is_suffixed(word: str, family: list[str]) -> bool:
    """Whether an honorific is joined to a word: Tanaka-san; but Min-ji is a name of Korea."""
    found = _SUFFIXED.search(word)
    if not found or found[0].lower() not in {"-ji", "-joon"}:
        return found is not None
    korean = ("east_asian_families", "east_asian_either")
    return not any(family[0] in vocabulary(subject) for subject in korean)


def _is_particle(word: str) -> bool:
    return bare(word) in _PARTICLES


def _is_name_beside(word: str, family: list[str]) -> bool:
    """Whether a field of first names means a person by "Van" or "Al", not half of a family name."""
    families = ("vietnamese_families", "east_asian_families", "east_asian_either")
    if not word.istitle() or not family:
        return False
    if any(family[0] in vocabulary(subject) for subject in families):
        return True
    in_two = is_given(family[0]) or _is_particle(family[0])
    return is_given(word) and not in_two


def _is_initial(word: str) -> bool:
    return len(bare(word)) < 2 or bool(re.fullmatch(r"(?:[^\W\d_]\.)+", word))


def _follows_a_name(word: str) -> bool:
    """Whether a word behind a comma is a degree, a title or initials."""
    plain = word.strip(",.;")
    if is_given(plain) and not plain.isupper():
        return False  # "Ed" and "Ma" are names and degrees
    return (
        is_credential(plain)
        or word in vocabulary("honorifics")
        or (plain.isupper() and not is_given(word))
        or "." in plain
    )


def _folded(text: str) -> str:
    return bare(plain_text(text, longest=LONGEST_NAME))


_MOST_FIRST_NAMES = 4
_ABBREVIATED = set_of("md mohd muhd mhd moh muh mr mrs ms dr sr jr st mst")
_ABBREVIATED_FIRST = set_of("md mohd muhd mhd mst")
"""Muhammad and Mosammat, as nobody is called who has more names."""
_PARENT_OF = set_of("abu umm")
"""Father of, mother of: half a name."""
_IRISH = set_of("Ó O Uí")
_JOINING = set_of("y e i")
_ARTICLES = set_of("la de da le du ka ta")
_PARTICLES = set_of(
    "van von der den de da di del della la le los las du dos das bin binti bint ibn al el ter ten te "
    "zu zum zur af av y e i ap mac mc san santa saint st o ni nic fitz lo"
)
_BURMESE = set_of("daw u ko maung ma")
"""Before names of Burma, which are greeted whole or not at all."""
_SUFFIXED = re.compile(r"-(?:san|sama|kun|chan|dono|nim|ssi|ji|jan|joon)$", re.IGNORECASE)
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_REPEATED = re.compile(r"(.)\1\1|^(.)\2+$")
_NO_VOWEL = re.compile("[b-df-hj-np-tv-xz]+")
