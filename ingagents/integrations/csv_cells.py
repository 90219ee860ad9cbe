"""Cells as spreadsheets write them into files: what would be shown, and where a link would lead."""

from __future__ import annotations

import re

__all__ = ["links_in", "shown"]

_STRING = r'"((?:[^"]|"")*)"'
# The function's name in the languages of the spreadsheet programs; arguments stand between
# commas or, where the comma is the decimal mark, semicolons.
_LINK = re.compile(
    r"\s*=\s*(?:HYPERLINK|LIEN_HYPERTEXTE|HIPERVINCULO|HIPERV\u00cdNCULO|HIPERLIGA\u00c7\u00c3O|HIPERLINK"
    r"|COLLEG\.IPERTESTUALE|HYPERTEXTOV\u00ddODKAZ|HIPER\u0141\u0104CZE|HIPERHIVATKOZ\u00c1S|K\u00d6PR\u00dc)"
    rf"\(\s*{_STRING}\s*(?:[,;]\s*(?:{_STRING}|[^)]*))?\)\s*",
    re.IGNORECASE,
)
_TEXT = re.compile(rf"\s*=\s*(?:T\(\s*)?{_STRING}(?:\s*&\s*{_STRING})*\s*\)?\s*")
_PART = re.compile(_STRING)
_MARKED = re.compile(
    r"['\u2019](?![STN]\b)(?:(?=https?:|www\.|in/)|(?=[\w=+@/-])(?![a-z\u00df-\u00ff]))"
)
"""The apostrophe before a text in a spreadsheet's own notation. "'t Hart" is a name, "'tis" a word."""
_ADDRESS = re.compile(
    r"(?:https?://)?[\w.-]{0,60}linkedin\.com/[^\s\"'<>)\]|,;]{1,300}", re.IGNORECASE
)


def shown(cell: str) -> str:
    """What a spreadsheet would show of a cell: the text of a text formula or of a link."""
    if cell[:1] in _QUOTES and cell[-1:] == cell[:1] and len(cell) > 1 and cell.count(cell[0]) == 2:
        return cell[1:-1]
    if "=" in cell[:_BLANKS]:
        if link := _LINK.fullmatch(cell):
            return _unquoted(link[2] if link[2] is not None else link[1])
        if _TEXT.fullmatch(cell):
            return "".join(_unquoted(part) for part in _PART.findall(cell))
        return cell
    return cell[1:] if _MARKED.match(cell) and cell[-1] not in _CLOSING else cell


def links_in(cell: str) -> list[str]:
    """The addresses on LinkedIn anywhere in a cell: in a link formula, a tag, between brackets."""
    return [found[0].rstrip(".") for found in _ADDRESS.finditer(cell[:_LONGEST])]


_QUOTES = ('"', "\u201c")
_CLOSING = ("'", "\u2019")
_BLANKS = 8
_LONGEST = 4000


def _unquoted(text: str) -> str:
    return text.replace('""', '"')
