"""Is this a name whose letters were read in the wrong encoding, or lost on the way?

Nobody is greeted by "JosÃ©", "Ìàðèÿ", "Ren?" or "Andr&eacute;". What was meant is not guessed: two
readings are often possible, and only the name as given may be greeted.
"""

from __future__ import annotations

import re
import unicodedata

from ingagents.core.names.misread import is_misread


def is_garbled(text: str) -> bool:
    """Whether a name shows signs of a wrong encoding, an escape or lost letters.

    Looks at the words one by one; emoji, quotes and dashes around them are no sign.
    """
    composed = unicodedata.normalize("NFC", text)
    words = composed.split()
    return (
        bool(_SIGNS.search(composed))
        or any(map(_is_garbled_word, words))
        or {"latin", "cyrillic"} <= {script for word in words for script in _scripts(word)}
    )


def has_escapes(text: str) -> bool:
    """Whether letters stand as HTML, JSON, an address or mail writes them: "Andr&eacute;"."""
    return bool(_ESCAPES.search(text))


def _is_garbled_word(word: str) -> bool:
    if unicodedata.category(word[0])[0] == "M":
        return True  # a mark without its letter
    if len(_scripts(word)) > 1 or _MISPLACED.search(word) or _CYRILLIC_TWICE.fullmatch(word):
        return True
    if is_misread(word):
        return True
    if any(map(str.islower, word)) and any(
        found[0].isupper() for found in _ACCENT_INSIDE.finditer(word)
    ):
        return True
    # Cyrillic, Greek, Hebrew or East Asian bytes read as Latin-1: hardly a letter without accent.
    letters = [char for char in word if char.isalpha()]
    western = sum("À" <= char <= "ÿ" for char in letters)
    return western >= 3 and western / len(letters) > 0.6


def _scripts(word: str) -> set[str]:
    """The alphabets a word mixes, with their marks; the scripts of Japanese count as one."""
    found: set[str] = set()
    for char in word:
        if char.isalpha() or unicodedata.category(char) == "Mn":
            code = ord(char)
            found.add(
                next((name for name, first, last in _RANGES if first <= code <= last), "other")
            )
    return found


_RANGES = (
    ("latin", 0x0000, 0x036F),
    ("latin", 0x1D00, 0x1EFF),
    ("latin", 0xA720, 0xAB6F),
    ("latin", 0xFB00, 0xFB06),
    ("latin", 0xFF21, 0xFF5A),
    # Mathematical and enclosed letters are decoration; `plain_text` turns them into plain ones.
    ("latin", 0x2100, 0x24FF),
    ("latin", 0x1D400, 0x1D7FF),
    ("latin", 0x1F100, 0x1F1FF),
    ("greek", 0x0370, 0x03FF),
    ("greek", 0x1F00, 0x1FFF),
    ("cyrillic", 0x0400, 0x052F),
    ("east asian", 0x2E80, 0x9FFF),
    ("hangul", 0xAC00, 0xD7AF),
    ("east asian", 0xF900, 0xFAFF),
    ("east asian", 0xFF66, 0xFF9F),
    ("east asian", 0x20000, 0x3FFFF),
    ("hebrew", 0x0590, 0x05FF),
    ("arabic", 0x0600, 0x08FF),
    ("indic", 0x0900, 0x0DFF),
    ("thai", 0x0E00, 0x0EFF),
)
_SIGNS = re.compile(
    "[\ufffd\ufffe\uffff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u2500-\u259f\ue000-\uf8ff]"  # lost
    r"|\w\?|\?\w|\w_|_\w"  # "Ren?", "?ngel": a letter the code page does not have
    # Thai signs that cannot open a word, or one letter over and over: other bytes read as Thai.
    "|(?<!\\S)[\u0e2f-\u0e3a\u0e45-\u0e4e]|(?:[เแ]ธ.){2}"
    "|â€|ï»¿|ðŸ|Ã\\s?[\u00a0-\u00bf]"
)
_ESCAPES = re.compile(r"&#?\w{1,8};|\\[ux]|%[0-9A-Fa-f]{2}|=[0-9A-F]{2}|\w\+\w|\w\*(?!\*)")
_MISPLACED = re.compile(
    # Signs within or at the end of a word: "Zo√´", "Jos├⌐", "Jos‚", "£ukasz", "Mª".
    r"[^\W\d_][¡¢£¤¥¦§¨«¬¯°±²³¶¸¹º»¼½¾¿×÷ª√∞≤≥∂∑∏∫◊ˆ˜ˇ˘˙˚˛˝ⁿ€‚ƒ„†‡‰‹›¤⌐]"
    r"|[¡¢£¤¥¦§¨©¬®¯°±²³¶¸¹º¼½¾¿×÷ª√∞≤≥∂∑∏∫◊ˆ˜ˇ˘˙˚˛˝ⁿ€ƒ†‡‰⌐][^\W\d_]"
    r"|[^\W\d_A-Z][©®]"  # but "PMP®"
    r"|[^\W\d_][“”•…™][^\W\d_]|^[^„]*[^\W\d_]“(?!\w)|[^\W\d_]´(?!\w)"
    # UTF-8 read as a Windows code page: a first byte with what cannot follow it as a letter.
    r"|[ÂÃÄÅÆÇÐÑÎÏØÙ][ŠŒŽšœžŸ‘’“”•–—™…]"
    r"|(?<![A-ZÀ-Þ])Ã(?![A-ZÀ-Þ])|Ã$|^Ã[a-z]|[^\W\d_]þ$|^Å[aeiouy]|^Ă|Ĺ|^Ć[^aeiou]|þ[bcdfghklmnpqstvwxz]"
)
_ACCENT_INSIDE = re.compile(r"(?<!\bMc)(?<!\bMac)(?<!\bDe)(?<!\bO')(?<![-'’.·])(?<=\w)[À-ÖØ-ÞĀ-ſ]")
_CYRILLIC_TWICE = re.compile(r"(?:[РС][^\sА-Яа-я]|[РС][А-Яа-я]){3,}")
