"""Whether bytes that are no UTF-8 are text of East Asia, where a letter is two bytes.

A code page of one byte a letter reads any such text as something, so these are asked first. The
letters of such a page stand by frequency: those in daily use, then the rare ones. Text of another
page becomes rare ones, so most letters have to be usual and many of them frequent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from ingagents.core.text.word_lists import line_lists
from ingagents.integrations.csv.encoding import Guess

_ESCAPES = (b"\x1b$B", b"\x1b$@")
_USUAL_ROWS = {
    "cp932": ("euc_jp", 0xB0, 0xCF),
    "euc_jp": ("euc_jp", 0xB0, 0xCF),
    "gb18030": ("gb2312", 0xB0, 0xD7),
    "big5": ("big5", 0xA4, 0xC6),
    "cp949": ("euc_kr", 0xB0, 0xC8),
}
"""By code page the first bytes of its usual letters, in the set of letters that orders them so."""
_NAMES = {
    "cp932": "shift-jis",
    "euc_jp": "euc-jp",
    "gb18030": "gb18030",
    "big5": "big5",
    "cp949": "euc-kr",
}
_NEEDED = 0.6
_FREQUENT, _USUAL, _RARE, _NONE = 1.0, 0.5, -1.0, -3.0
_KANA = re.compile("[\u3041-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_MARK = re.compile("[\u3000-\u3020\uff01-\uff5e\u2010-\u2027\u00b7]")


def asian_code_page(lines: Sequence[bytes]) -> Guess | None:
    """The code page of lines beyond ASCII; None when they are in none of East Asia's."""
    best, found = _NEEDED, ""
    for codec in _USUAL_ROWS:
        letters = [
            letter
            for line in lines
            for letter in line.decode(codec, "replace")
            if letter > "\x7f" and not _MARK.match(letter)
        ]
        worth = sum(_worth(letter, codec) for letter in letters) / max(len(letters), 1)
        if worth > best:
            best, found = worth, codec
    return Guess(codec=found, name=_NAMES[found]) if found else None


def is_shifted(sample: bytes) -> bool:
    """Whether a file is ISO-2022-JP, which says with escapes where Japanese begins."""
    return any(escape in sample for escape in _ESCAPES)


@cache
def _worth(letter: str, codec: str) -> float:
    """How much a letter speaks for a code page."""
    if letter == "\ufffd":
        return _NONE
    if _KANA.match(letter):
        return _FREQUENT if codec in {"cp932", "euc_jp"} else _RARE
    if _HANGUL.match(letter) and codec != "cp949":
        return _RARE
    if letter in _frequent(codec):
        return _FREQUENT
    ordered, first, last = _USUAL_ROWS[codec]
    try:
        row = letter.encode(ordered)
    except UnicodeEncodeError:
        return _RARE
    usual = len(row) == 2 and first <= row[0] <= last
    return (_USUAL if codec != "cp949" else _FREQUENT) if usual else _RARE


@cache
def _frequent(codec: str) -> frozenset[str]:
    sections = line_lists("integrations/csv/asian")
    return frozenset(
        letter
        for section, rows in sections.items()
        if codec in section.split()
        for row in rows
        for letter in row
    )
