"""Cells as people of twelve languages fill them: typos, quotes, shades, dates of all shapes."""

from __future__ import annotations

import pytest

from ingagents.core.sheet.edits import Word, understand
from ingagents.core.sheet.layout import APPROVE, NEXT_DATE, STAGE, VETO

_APPROVE: dict[str, list[str]] = {
    "approve": [
        "Ja, bitte",
        "vai avanti",
        "inviare",
        "senden!",
        "SÍ",
        "👍🏽",
        "TRUE",
        "はい",
        "да, отправляй",
        "tak",
        "OK 👍",
        "1",
        "Igen",
        "wyślij",
        "skicka",
        "aprovado!!",
        "✔️",
        "ｙｅｓ",
        "yes\u200b",
        "yes yes",
        "oké",
        "Ok.",
    ],
    "unclear": [
        "Yes, but shorten it",
        "yess",
        "apporved",
        "oui mais pas lundi",
        "=TRUE",
        "ok?",
        "1.0",
        "send den",
        "#REF!",
        "#N/A",
        "?",
        "no problem",
        "not yet",
        "noch nicht",
        "x",
        "no yes",
    ],
    "reject": ["👎", "FALSE", "いいえ", "nie", "0", "nem", "neen", "❌", "не"],
}
_VETO: dict[str, list[str]] = {
    "veto": ["x", "X", "ja", "⛔", "TRUE", "стоп", "стій", "kein Kontakt"],
    "clear": ["nein", "FALSE", "NON!", "n", "ei", "hayır", "no\u200b", "n/a"],
    "hold": [
        "nie",
        "no thanks",
        "bitte nicht",
        "#REF!",
        "dejar",
        "не надо",
        "arrêter",
        "✖",
        "(no)",
        '"no"',
        "tbd",
        "ok",
        "nil",
    ],
}
_STAGE: dict[str, list[str]] = {
    "Meeting": ["meeting", "MEETING ", "Ｍｅｅｔｉｎｇ", '"Meeting"', "Meeting\u200b"],
    "?": [
        "Meetings",
        "Besprechung",
        "Gewonnen",
        "verloren",
        "Lost :(",
        "🏆",
        "TRUE",
        "Meeting booked",
        "Proposal sent",
        "#REF!",
    ],
    "Won": ["won!"],
    "In Discussion": ["In discussion", "in-discussion", "InDiscussion"],
    "": ["none", "None", "-", "n/a", "keine"],
}
_NEXT_DATE: dict[str, list[str]] = {
    "2027-05-20": [
        "2027-05-20",
        "20.05.2027",
        "20/05/2027",
        "05/20/2027",
        "46527",
        "46527.5",
        "20 May 2027",
        "May 20, 2027",
        "20. Mai 2027",
        "20 mai 2027",
        "20 de mayo de 2027",
        "20 maggio 2027",
        "20 maja 2027",
        "20-05-2027",
        "2027/5/20",
        "2027.05.20",
        "20270520",
        "2027年5月20日",
        "２０２７-05-20",
        "2027-05-20T10:00:00Z",
        "2027-05-20 10:00",
        "Thu 20 May 2027",
        "20th May 2027",
        "20.05.2027 10:30",
    ],
    "?": [
        "20.5.27",
        "5/6/2027",
        "tomorrow",
        "next week",
        "KW 21",
        "Q2",
        "31.02.2027",
        "2027-13-01",
        "TRUE",
        "=TODAY()",
        "#VALUE!",
        "20 may",
        "1",
        "0",
        "2027",
        "📅 2027-05-20",
    ],
    "": ["none", "-"],
}
"""By what is wanted: what a cell says. "?" is answered as not understood, and changes nothing."""


@pytest.mark.parametrize(
    ("column", "wanted", "text"),
    [
        (column, wanted, text)
        for column, table in (
            (APPROVE, _APPROVE), (VETO, _VETO), (STAGE, _STAGE), (NEXT_DATE, _NEXT_DATE),
        )
        for wanted, texts in table.items()
        for text in texts
    ],
)  # fmt: skip
def test_a_cell_means_what_a_person_meant_or_nothing(column: str, wanted: str, text: str) -> None:
    order = understand(Word(key="g-1", column=column, text=text, standing=(text,)))
    if column in {APPROVE, VETO}:
        assert order.do == wanted
    else:
        assert ("?" if order.do == "unclear" else order.value) == wanted
