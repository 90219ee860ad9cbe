"""Was this word read once before in the code page of another country: "Þükrü", "Ondøej", "бМЕЛУЕК"?

Such a file is good UTF-8 when it comes to us, and every letter is one of some language. Two signs are
left: in another code page of its script the word is a known name, or its letters stand together as
in no language. What Estonian, Icelandic, Vietnamese or Faroese names do is no sign.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import product
from unicodedata import normalize

from ingagents.core.names.vocabulary import is_given
from ingagents.core.text.word_lists import word_lists


@lru_cache(maxsize=512)
def is_misread(word: str) -> bool:
    """Whether a word of a name is another one, seen through the wrong code page."""
    letters = word.strip(".,;:!?()\"'")
    if letters.isascii() or letters.casefold() in _accented():
        return False
    if _STRANGE.search(letters) or _CASES_SWAPPED.fullmatch(letters):
        return True
    pages = _CYRILLIC if _CYRILLIC_LETTER.search(letters) else _LATIN
    if any(other.casefold() in _accented() for other in _read_anew(letters, pages, pages)):
        return True
    if is_given(letters) or _ICELANDIC.match(letters):
        return False
    return any(map(is_given, _read_anew(letters, _LATIN[:1], _LATIN)))


@cache
def _accented() -> frozenset[str]:
    """Given names by their own letters; `is_given` does not tell those with accents apart."""
    listed = word_lists("core/names/words/accented_given")[""]
    return frozenset(normalize("NFC", name.casefold()) for name in listed)


def _read_anew(word: str, seen: Sequence[str], meant: Sequence[str]) -> list[str]:
    """The same bytes in other code pages, where they are letters."""
    found: list[str] = []
    for one, other in product(seen, meant):
        try:
            text = word.encode(one).decode(other)
        except UnicodeError:
            continue
        if text != word and text.replace("-", "").isalpha():
            found.append(text)
    return found


_LATIN = ("cp1252", "cp1250", "cp1254", "cp1257", "iso8859_2")
_CYRILLIC = ("cp1251", "koi8_r", "koi8_u", "iso8859_5", "cp866", "mac_cyrillic")
_ICELANDIC = re.compile("Þ[oóruúyj]")
_CYRILLIC_LETTER = re.compile("[\u0400-\u04ff]")
_CASES_SWAPPED = re.compile("[а-яё][А-ЯЁ]{2,}")
"""KOI8 has its small letters where Windows has the capitals."""
_STRANGE = re.compile(
    # Turkish: þ and ð are Icelandic, ç, ü and ş are not.
    r"(?=.*[þðÞ])(?=.*[çüğşıÇÜ])|Þ[abcdefghiklmnpqstwxz]|Þu[^rð]|(?<=[^\W\d_])þ(?:[aeiıý]|$)|Ð\w*ð|ðý|[^ie]ðýn?"
    # Czech and Slovak: ì, ø, è, ù and ò beside letters of their neighbours.
    r"|[bdfhmnptv]ì[bdkprstvz]|ø[íýáéùì]|[BDKPTVbdkptv]øe[^\W\d_]{2}|(?<!o)[èÈ][eioáíéýk](?!$)"
    r"|(?=.*[èìòù])(?=.*[ýšžů])"
    # Hungarian: õ and û with letters that Estonian and Portuguese do not have, or at the end.
    r"|(?=.*õ)(?=.*[yzYZ])(?!.*õe)|^[^\W\d_]{3,}õ$|[Ss]z\w*û|û\w*(?:cs|sz|gy)"
    # Polish, Croatian, Romanian, Lithuanian.
    r"|ñ[bcdfghjklmnpqrstvwxz]|[œŒ][lwnkc]|[^\W\d_]œ$|[iu]æ$|ã[bdfgjklprtvz]|ãs.|^ª|þã"
    r"|ê\w*(?:tis|tas|lis|nas|kas|jus|gis)$|jê(?:d|dr)|Jê[dr]"
    # The other way: western letters read as eastern ones.
    r"|ń[aeiouyóáé]|ăo$|ř[bdghjklmnprstv][^\W\d_]|[^\W\d_]č(?:le|ne|re|ve|s)$"
)
