"""Is a name whose first word nobody knows a phrase: "Go to Maya Okafor", "TechHub Berlin"?

Most names open with a word that no list has. It is taken for a name as long as the words beside it
and its own letters are a name's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingagents.core.names.parts import lexicon
from ingagents.core.names.vocabulary import bare, is_given, set_of, vocabulary


def is_phrase(words: Sequence[str]) -> bool:
    """Whether small words, or whose it is, make a phrase of words that open with an unknown one.

    "Konto usunięte" and "Notetaker von Anna Weiss"; but "Fenna de Wit" and "Saif bin Omar".
    """
    first, *rest = words
    if is_given(first) or not first[:1].isupper():
        return False
    small = [word for word in rest if word.islower() and len(bare(word)) > 1]
    if any(map(_is_no_particle, small)):
        return not any(map(_is_east_asian_family, words))
    whose = len(rest) > 1 and rest[0] in small and bare(rest[0]) in _WHOSE
    return whose and _is_given_only(rest[1]) and (len(rest) > 2 or rest[0] in _OF_SOMEBODY)


def is_made_up(word: str) -> bool:
    """Whether capitals stand in a word as in brands: TechHub, iPhone; but DeShawn, MaryAnn."""
    found = _BRAND.match(word)
    opens_name = found and (is_given(found[1] or "") or _OPENS_NAME.match(word))
    return found is not None and not opens_name


def is_couple(words: Sequence[str]) -> bool:
    """Whether two people stand in one name: "Anna / Peter Weiss", "Anna u. Peter Weiss"."""
    for before, joint, after in zip(words, words[1:], words[2:], strict=False):
        if joint in _AND_IN_OTHER_LETTERS:
            return True
        if joint in _AND and is_given(after) and (is_given(before) or joint in _ONLY_AND):
            return True
    return False


def _is_no_particle(word: str) -> bool:
    return bare(word) not in _SMALL and word not in lexicon().particles


def _is_east_asian_family(word: str) -> bool:
    """Of a name whose syllables are written apart: "Xiao ming Li"."""
    listed = any(word in vocabulary(f"east_asian_{kind}") for kind in ("families", "either"))
    return listed and not word.islower()


def _is_given_only(word: str) -> bool:
    """Whether a word behind "de" is a person, no family name such as "de Jesus"."""
    return (
        word in vocabulary("given_names")
        and word not in vocabulary("family_names")
        and bare(word) not in _FAMILIES_OF
    )


_SMALL = set_of(
    "van von vom zu zum zur der den dem die de da do das dos du des di del della dei degli la le lo "
    "les las los y e i bin binti binte bint ibn ben bar bat al el ul ur ud uz as at an ad az ash abu "
    "umm ter ten te op aan in het af av ap ab ferch ait ag ould wa na ka o san mac mc nic ni st t d l"
)
_WHOSE = set_of("von van vom de da do du di del della of des")
_OF_SOMEBODY = set_of("von vom of")
"""Between two words it says whose something is: no family is called "von Anna"."""
_FAMILIES_OF = set_of(
    "jesus paula maria luca angelo stefano marco leon rosa giovanni martino pietro lorenzo simone "
    "santis gregorio silvestro bernardo francesco nicola matteo andrea carlo felice gennaro "
    "domenico vita lourdes fatima sara jose juan pedro pablo miguel martin diego mateo lucas "
    "clara bella benedetto"
)
_AND = set_of("/ + u. u et og och ve és și si oraz i y e a en ja plus eta ac agus")
_ONLY_AND = set_of("/ + u. et og och ve és și oraz")
"""Never between the parts of one name, so that the word in front may be a family name."""
_AND_IN_OTHER_LETTERS = set_of("и та й і και و ו और")
_BRAND = re.compile("([A-Z][a-z]{3,})[A-Z]|[a-z][A-Z][a-z]")
_SYLLABLE = "(?:[zcs]h|[kgbpmnhrdlt]?[yw]|[b-df-hj-np-tv-z])?[aeiou]{1,3}(?:ng|[nklmpt])?"
_OPENS_NAME = re.compile(f"Fitz|Abd|(?i:{_SYLLABLE})(?=[A-Z])(?i:{_SYLLABLE})$")
"""FitzRoy, AbdelKarim, and the two syllables of names such as JungHee."""
