"""The parts of a name: titles and credentials in front, given name, family name.

The library `nameparser` tells given from family name; it is imported at the first use, because it
takes some 50 ms and most commands greet nobody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from ingagents.core.names.text import first_part, in_usual_letters, is_letters
from ingagents.core.names.vocabulary import bare, is_given, set_of, vocabulary

if TYPE_CHECKING:
    from nameparser import Lexicon, ParsedName, Parser


def split_name(name: str) -> tuple[str, str]:
    """Given name and family name, each "" where it is not known; title, suffix, middle left out."""
    _, words = untitled(first_part(name).split())
    parsed = parsed_name(words)
    given = parsed.given
    return (f"{given} {double}" if (double := second_given(parsed)) else given), parsed.family


def untitled(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The titles that open a name, and the rest of it; "Dr.Maya" is taken apart.

    A title that is also a given name ("Dean", "Prince", "Sri") is left where it is.
    """
    titles: list[str] = []
    rest = [piece for word in words for piece in _unglued(word)]
    honorifics = vocabulary("honorifics")
    while rest:
        length = honorifics.opens(rest)
        is_credential_in_front = rest[0].isupper() and rest[0] in vocabulary("credentials")
        if length < 2 and is_given(rest[0]):
            break
        if not length and not (is_credential_in_front and len(rest) > 1):
            break
        titles += rest[: max(length, 1)]
        rest = rest[max(length, 1) :]
    return titles, rest


def is_credential(word: str) -> bool:
    """Whether a word is a degree, a membership or a generation: PhD, CISSP, Jr."""
    known, folded = lexicon(), bare(word)
    return (
        folded in known.suffix_acronyms
        or folded in known.suffix_words
        or word in vocabulary("credentials")
    )


def is_library_title(word: str) -> bool:
    """Whether the library would take the word for a title or for a part of one."""
    return word.casefold().rstrip(".") in lexicon().titles


def parsed_name(words: Sequence[str]) -> ParsedName:
    """The library's reading; it also knows that "Ivanov Ivan Ivanovich" is called Ivan."""
    return _parser().parse(" ".join(words))


def second_given(parsed: ParsedName) -> str:
    """The second half of a double given name of Romance languages: José *María* de la Cruz."""
    second = parsed.middle.split()[0] if parsed.middle else ""
    if bare(parsed.given) in _DOUBLE_FIRST and bare(second) in _DOUBLE_SECOND:
        return second
    return ""


def bound_given(words: Sequence[str]) -> str:
    """Abdul Rahman, Abd al-Rahman, Abu Bakr: names that are never cut in two."""
    words = list(words)
    while words and is_credential(words[-1]):
        words.pop()
    if len(words) < 2 or bare(words[0]) not in lexicon().bound_given_names:
        return ""
    length = 3 if len(words) > 2 and bare(words[1]) in _ARABIC_ARTICLES else 2
    second = re.sub(
        r"^(?:al|el|ul|ur|ar|as|an|ad|az)[-']", "", words[length - 1], flags=re.IGNORECASE
    )
    if length == 2 and len(words) == 2 and second not in vocabulary("bound_names"):
        return ""  # "Abdul Smith" is called Abdul
    joined = [
        word if bare(word) in _ARABIC_ARTICLES else in_usual_letters(word)
        for word in words[:length]
    ]
    return " ".join(joined) if is_letters(re.sub("[-' ]", "", "".join(joined))) else ""


@cache
def lexicon() -> Lexicon:
    """The library's words, less the titles that we know to be given names, too."""
    from nameparser import Lexicon

    known = Lexicon.default()
    return known.remove(titles={title for title in known.titles if is_given(title)})


def at_comma(words: list[str]) -> tuple[list[str], list[str]]:
    """The words before and behind the first comma."""
    for at, word in enumerate(words):
        if word.endswith(","):
            return [*words[:at], word.rstrip(",")], words[at + 1 :]
    return words, []


def without_maiden_name(words: list[str]) -> list[str]:
    """Anna Berg of "Anna Berg née Jones"."""
    markers = lexicon().maiden_markers
    at = next((at for at, word in enumerate(words) if word.casefold().strip(".") in markers), 0)
    return words[:at] if at else words


def beyond(words: list[str], first_words: list[str]) -> list[str]:
    """The words of a full name that the field of first names does not have."""
    known = set(map(bare, first_words))
    return [word for word in words if bare(word) not in known]


def without_family(words: list[str], family: list[str]) -> list[str]:
    """A field of first names that holds the whole name, without the family name of the other."""
    folded, last = [bare(word) for word in words], [bare(word) for word in family]
    size = len(last)
    if last and len(words) > size and folded[-size:] == last:
        return words[:-size]
    if last and len(words) > size and folded[:size] == last:
        return words[size:]
    return words


def is_named_like(words: list[str], company: str) -> bool:
    """As "Quillmark Berlin" is, of the company Quillmark; but Maya Okafor of "Maya Okafor Design"."""
    named = first_part(company).split()
    return (
        bool(named)
        and bare(words[0]) == bare(named[0])
        and not is_given(words[0])
        and (len(named) == 1 or bare(words[-1]) != bare(named[min(len(words), len(named)) - 1]))
    )


@cache
def _parser() -> Parser:
    from nameparser import Parser, locales, parser_for

    return parser_for(locales.RU, base=Parser(lexicon=lexicon()))


def _unglued(word: str) -> list[str]:
    """The parts "Dr." and "Maya" of "Dr.Maya"; a word without a title in front stays whole."""
    honorifics = vocabulary("honorifics")
    pieces: list[str] = []
    while (found := _GLUED.match(word)) and word not in honorifics and found[1] in honorifics:
        pieces.append(found[1])
        word = word[found.end(1) :].lstrip("-")
    return [*pieces, word]


_GLUED = re.compile(r"([^\W\d_]{1,6}\.)-?[^\W\d_]{2}")


_ARABIC_ARTICLES = set_of("al el ul ur ar as an ad az")
_DOUBLE_FIRST = set_of(
    "jose maria juan jean ana anna luis miguel carlos marie pedro joao francisco victor marco gian "
    "pier jorge rosa"
)
_DOUBLE_SECOND = set_of(
    "maria jose carlos luis antonio manuel pablo miguel angel isabel carmen pilar pierre paul luc "
    "claude marc michel francois jacques carla paula eduardo pedro david alberto enrique ignacio "
    "teresa laura cristina philippe louis christophe sebastien"
)
