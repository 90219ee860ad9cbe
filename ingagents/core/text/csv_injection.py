"""Values as the text of cells, so that no spreadsheet takes one for a formula."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

import msgspec


def neutral_cell(value: object) -> str:
    """A value as the text of a cell that no spreadsheet takes for a formula.

    After OWASP's "CSV Injection": what starts with = + - @, tab or line break, in any width and
    behind any blanks and apostrophes, gets an apostrophe in front. The same is done behind a
    semicolon, tab or line break inside the text, where a spreadsheet that splits at another
    delimiter starts a cell. Negative numbers stay numbers. `original_cell` undoes it.
    """
    text = _text(value)
    if text.isalnum() or _NUMBER.fullmatch(text):
        return text
    if _ACTIVE.match(text):
        text = "'" + text
    return _INNER.sub(_neutral_inside, text)


def original_cell(text: str) -> str:
    """What stood in a cell before `neutral_cell`; other apostrophes are left alone."""
    if "'" not in text:
        return text
    if text.startswith("'") and _ACTIVE.match(text, 1):
        text = text[1:]
    return _INNER.sub(_original_inside, text)


# What spreadsheets skip before they look: blanks of all kinds, controls, zero-width marks and the
# apostrophe that forces text. The possessive repetition keeps long runs of blanks linear.
_SKIPPED = r"[\s\x00-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u2060\ufeff'‘’＇`]*+"
_FORMULA = r"[=+\-@＝＋－＠﹦﹢﹣﹫−‐‑‒–—―]"
_ACTIVE = re.compile(rf"'*+[\t\n]|{_SKIPPED}{_FORMULA}")
# The smiley ";-)" is no formula in any spreadsheet, and people's replies are full of it.
_INNER = re.compile(rf"([;\t\n])({_SKIPPED})((?!-\)){_FORMULA})?")
_NUMBER = re.compile(r"-|-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


def _neutral_inside(match: re.Match[str]) -> str:
    return f"{match[1]}'{match[2]}{match[3]}" if match[3] else match[0]


def _original_inside(match: re.Match[str]) -> str:
    return f"{match[1]}{match[2][1:]}{match[3]}" if match[3] and match[2][:1] == "'" else match[0]


def _text(value: object) -> str:
    """A value as text: moments in ISO 8601, lists joined, nested records as JSON."""
    match value:
        case None:
            text = ""
        case bool():
            text = "true" if value else "false"
        case str():
            text = str(value)
        case datetime() | date():
            text = value.isoformat()
        case list() | tuple() | set() | frozenset():
            text = "; ".join(_text(item) for item in value)
        case Mapping() | msgspec.Struct():
            text = json_text(value)
        case _:
            text = str(value)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() and "\x00" not in text else _UNWRITABLE.sub("�", text)


def json_text(value: object) -> str:
    """A value as JSON that any program can read."""
    try:
        return msgspec.json.encode(value, enc_hook=str).decode()
    except UnicodeEncodeError:  # a lone surrogate, which no JSON text can carry
        plain = msgspec.to_builtins(value, enc_hook=str, str_keys=True)
        return msgspec.json.encode(_mended(plain)).decode()


def _mended(plain: object) -> object:
    match plain:
        case str():
            return _UNWRITABLE.sub("�", plain)
        case dict():
            return {str(_mended(key)): _mended(item) for key, item in plain.items()}
        case list():
            return [_mended(item) for item in plain]
        case _:
            return plain
