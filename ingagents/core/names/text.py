"""The text of a name: cleaned of what is no letter, cut before the slogan, in its usual letters."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 120
"""What is longer is a slogan; LinkedIn itself allows 20 + 40 characters."""


def plain_text(text: str, *, longest: int) -> str:
    """One line without emoji, control, direction and invisible characters; `longest` characters.

    Letters that only look different (mathematical script, full width, circled) become plain ones.
    """
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", text[: longest * 4]).translate(_APOSTROPHES):
        category = unicodedata.category(char)
        marks = marks + 1 if category == "Mn" else 0
        if category in {"Zs", "Zl", "Zp"} or char in "\t\r\n\v\f\x85":
            kept.append(" ")
        elif plain := _plain_letter(char, category):
            kept.append(plain)
        elif category[0] != "C" and category not in {"So", "Sk", "Me"} and marks <= 3:
            kept.append("" if char in _VARIATION_SELECTORS else char)
    return " ".join("".join(kept).split())[:longest].strip()


def first_part(name: str) -> str:
    """What stands before the slogan, without nicknames, pronouns and hashtags."""
    parts = (part.strip(" ,;!?-–—\"“”„'‘’") for part in BREAK.split(without_asides(name)))
    return next((" ".join(part.split()) for part in parts if any(map(str.isalnum, part))), "")


def without_asides(name: str) -> str:
    """The whole text, slogan and all, without nicknames, pronouns and hashtags."""
    text = _ASIDE.sub(" ", plain_text(name, longest=LONGEST_NAME * 2))
    return _PRONOUNS.sub(" ", _QUOTED_WORD.sub(" ", text))


def opening_nickname(name: str) -> str:
    """The quoted word that opens a name and more follows: "Bob" of `"Bob" Robert Smith`."""
    found = _OPENING_QUOTE.match(plain_text(name, longest=LONGEST_NAME))
    return next(filter(None, found.groups()), "") if found else ""


def in_usual_letters(word: str, *, turkish: bool = False) -> str:
    """MAYA, maya and mAYA as Maya; a word that has its own capitals is left as it is.

    `turkish` says that the small letter of I is ı.
    """
    if _UNICASE.search(word):
        return word
    if word.isupper() or word.islower() or (word[0].islower() and word[1:].isupper()):
        first, rest = word[0], word[1:]
        return _title_case(first + rest.replace("I", "ı") if turkish else word)
    return word


def is_letters(text: str) -> bool:
    """Letters of any script with their marks; no digits, not even ² or Ⅳ."""
    return bool(text) and all(
        unicodedata.category(char)[0] in "LM" and char not in _STRIKES for char in text
    )


def is_east_asian(text: str) -> bool:
    """Whether any letter is Chinese, Japanese or Korean."""
    return bool(_EAST_ASIAN.search(text))


def _title_case(word: str) -> str:
    """jean-luc, D'ANGELO and MCKENNA with the capitals their bearers use."""

    def one(part: str) -> str:
        lowered = part.lower().replace("i̇", "i")
        if lowered.startswith("mc") and len(lowered) > 3:
            return "Mc" + lowered[2:].capitalize()
        head, mark, tail = lowered.partition("'")
        if mark and len(head) <= 2 and len(tail) > 2:
            return head.capitalize() + mark + tail.capitalize()
        return (part[:1] if part[:1].isupper() else lowered[:1].upper()) + lowered[1:]

    return unicodedata.normalize("NFC", "-".join(one(part) for part in word.split("-")))


def _plain_letter(char: str, category: str) -> str:
    """The letter that a look-alike stands for (mathematical, full width, circled), or ""."""
    code = ord(char)
    for boxed_a in (0x1F150, 0x1F170):
        if boxed_a <= code < boxed_a + 26:
            return chr(ord("A") + code - boxed_a)
    if (
        0x1D400 <= code <= 0x1D7FF
        or 0xFF01 <= code <= 0xFF5E
        or 0x24B6 <= code <= 0x24E9
        or 0x1F130 <= code <= 0x1F149
        or (0x2100 <= code <= 0x214F and category[0] == "L")
    ):
        return unicodedata.normalize("NFKC", char)
    return ""


_APOSTROPHES = str.maketrans({"´": "'", "`": "'", "’": "'", "ʼ": "'", "‘": "'"})
_VARIATION_SELECTORS = frozenset("\ufe0e\ufe0f")
_STRIKES = frozenset("\u0334\u0335\u0336\u0337\u0338")
"""Marks that strike a letter through: decoration, in no language part of a name."""
_UNICASE = re.compile("[\u10a0-\u10ff\u1c90-\u1cbf]")
"""Georgian: its capitals are for headlines, names have none."""
_EAST_ASIAN = re.compile(
    "[\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
_ASIDE = re.compile(
    r"\([^()]{0,80}\)?|（[^（）]{0,80}）?|\[[^\[\]]{0,80}\]?|\{[^{}]{0,80}\}?"
    r"|«[^«»]{0,60}»|‹[^‹›]{0,60}›|„[^„“”\"]{0,60}[“”\"]|“[^“”]{0,60}”|\"[^\"]{0,60}\""
    r"|「[^「」]{0,60}」|『[^『』]{0,60}』|｢[^｢｣]{0,60}｣|#\w{0,60}"
)
_QUOTED_WORD = re.compile(r"(?<!\S)'[^\s']{2,30}'(?!\S)")
_OPENING_QUOTE = re.compile(
    r"(?:\"([^\s\"]{2,30})\"|“([^\s“”]{2,30})”|„([^\s„“”]{2,30})[“”]|«([^\s«»]{2,30})»|'([^\s']{2,30})')\s+\S"
)
_PRONOUNS = re.compile(
    r"\b(?:she|he|they|ze|xe|ella|él|elle|elles?|il|sie|er|any)\s{0,3}/\s{0,3}"
    r"(?:her|hers|him|his|them|theirs?|they|she|he|hir|xem|ellos?|ella|il|ihr|ihm|all)"
    r"(?:\s{0,3}/\s{0,3}\w{1,8})?",
    re.IGNORECASE,
)
BREAK = re.compile(r"[|•●▪►»«…~;:#/\\→=+*<>{}\[\]()—–¦‖]|\s[-·@]+\s|\s@|^[-·]+\s|\s[-·]+$")
