"""Cells as spreadsheets write them into files: what would be shown, and where a link would lead."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

from ingagents.core.identity import aliases_of_identifier, aliases_of_url
from ingagents.core.text.csv_injection import original_cell
from ingagents.model import Alias

_STRING = r'"(?:[^"]|"")*"'
_STRINGS = rf"{_STRING}(?:\s*&\s*{_STRING})*"
# The function's name in the languages of the spreadsheet programs; arguments stand between
# commas or, where the comma is the decimal mark, semicolons.
_LINK = re.compile(
    r"\s*=\s*(?:HYPERLINK|LIEN_HYPERTEXTE|HIPERVINCULO|HIPERV\u00cdNCULO|HIPERLIGA\u00c7\u00c3O|HIPERLINK"
    r"|COLLEG\.IPERTESTUALE|HYPERTEXTOV\u00ddODKAZ|HIPER\u0141\u0104CZE|HIPERHIVATKOZ\u00c1S|K\u00d6PR\u00dc|HYPERKOBLING|HYPERL\u00c4NK|HYPERLINKKI"
    r"|\u0413\u0418\u041f\u0415\u0420\u0421\u0421\u042b\u041b\u041a\u0410|\u0413\u0406\u041f\u0415\u0420\u041f\u041e\u0421\u0418\u041b\u0410\u041d\u041d\u042f)"
    rf"\(\s*({_STRINGS})\s*(?:[,;]\s*(?:({_STRINGS})|[^)]*))?\)\s*",
    re.IGNORECASE,
)
# Functions that only join, trim or capitalise what stands in them, in the same languages.
_TEXT = re.compile(
    r"\s*=\s*(?:(?:T|CONCAT|CONCATENATE|VERKETTEN|CONCATENER|CONCATENAR|CONCATENA|TEKST\.SAMENVOEGEN"
    r"|Z\u0141\u0104CZ\.TEKSTY|\u0421\u0426\u0415\u041f\u0418\u0422\u042c|TRIM|GL\u00c4TTEN|SUPPRESPACE|ESPACIOS|ARRUMAR|ANNULLA\.SPAZI|SPATIES\.WISSEN"
    r"|(PROPER|GROSS2|NOMPROPRE|NOMPROPIO|PRI\.MAI\u00daSCULA|MAIUSC\.INIZ|BEGINLETTERS))\(\s*)?"
    rf"({_STRING}(?:\s*[&,;]\s*{_STRING})*)\s*\)?\s*",
    re.IGNORECASE,
)
_JOINT = re.compile(r'"\s*&\s*"')
_ARGUMENTS = re.compile(r'"\s*[&,;]\s*"')
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_MARKUP = re.compile(
    r"</?(?:a|b|br|div|em|font|i|p|span|strong|u)(?:\s[^<>]{0,300})?/?>|_x000[9ad]_", re.IGNORECASE
)
_ENCODED = re.compile(r"https?%3A%2F%2F[^\s&\"'<>]{1,1000}", re.IGNORECASE)
"""The address that a safe link or a redirect of a search engine leads to."""
_MARKED = re.compile(
    r"['\u2019](?![STN]\b)(?:(?=https?:|www\.|in/)|(?=[\w=+@/-])(?![a-z\u00df-\u00ff]))"
)
"""The apostrophe before a text in a spreadsheet's own notation. "'t Hart" is a name, "'tis" a word."""
_ADDRESS = re.compile(
    r"(?:https?://)?[\w.-]{0,60}linkedin\.com/[^\s\"'<>)\]|,;]{1,300}", re.IGNORECASE
)
_FULL_STOP = re.compile(r"(?<!\.)\.$")
"""Several are what is missing of an address."""


def shown(cell: str) -> str:
    """What a spreadsheet would show of a cell: the text of a text formula or of a link."""
    if cell[:1] in _QUOTES and cell[-1:] == cell[:1]:
        inner = cell.strip(cell[0])
        return cell if cell[0] in inner else inner
    if "=" in cell[:_BLANKS]:
        if link := _LINK.fullmatch(cell):
            return _unquoted(link[2] or link[1])
        if text := _TEXT.fullmatch(cell):
            said = " ".join(_unquoted(_ARGUMENTS.sub('"&"', text[2])).split())
            return said.title() if text[1] else said
        return cell
    return cell[1:] if _MARKED.match(cell) and cell[-1] not in _CLOSING else cell


def links_in(cell: str) -> list[str]:
    """The addresses on LinkedIn anywhere in a cell: in a link formula, a tag, between brackets."""
    text = cell[:_LONGEST]
    if text.lstrip().startswith("="):
        text = _JOINT.sub("", text)
    text = _ENCODED.sub(lambda address: unquote(address[0]), text)
    return [_FULL_STOP.sub("", found[0]) for found in _ADDRESS.finditer(text)]


def address_of(cell: str, *, alone: bool = False) -> tuple[Alias, ...]:
    """The person of an address cell; "in/jane-doe" is meant as one, a bare word is not.

    `alone`: only when the cell is an address or a link, and no text that speaks of one.
    """
    if not cell:
        return ()
    text, links = shown(cell.strip()).strip(), links_in(cell)
    marked = cell.lstrip().startswith(("=", "<", "[", "("))
    if alone and links and not marked and not text.startswith(links[0]):
        return ()
    if found := aliases_of_url(text) or (aliases_of_identifier(text) if "/" in text else ()):
        return found
    return next(filter(None, map(aliases_of_url, links)), ())


def cleaned(cell: str, longest: int) -> str:
    """One line of text without control, direction and zero-width marks, at most `longest` long.

    A cell that we neutralised for a spreadsheet comes back as it was.
    """
    text = shown(original_cell(cell[: 4 * longest]).strip())
    if "&" in text:  # twice: what a form escaped is often escaped once more on its way into a file
        text = _unescaped(_unescaped(text))
    if "<" in text or "_x000" in text:
        text = _MARKUP.sub(" ", text)
    if not text.isascii() or not text.isprintable():
        text = _UNSEEN.sub("", text)
    return " ".join(text.split())[:longest].rstrip()


def _unescaped(text: str) -> str:
    """Text with the entities of web pages as letters; "AT&T" and "R&D;" have none."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)


_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u2060\ufeff]"
    "|[\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_QUOTES = ('"', "\u201c")
_CLOSING = ("'", "\u2019")
_BLANKS = 8
_LONGEST = 4000


def _unquoted(strings: str) -> str:
    """What the strings of a formula say, joined: `"Maya"&" Okafor"`."""
    return _JOINT.sub("", strings)[1:-1].replace('""', '"')
