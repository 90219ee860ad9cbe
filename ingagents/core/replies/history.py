"""What of a mail is older than the answer: quoted mail, known by its shape in any language, and ours.

Programs put the older mail below in three ways: a header of lines "word: value", a sentence "On ...
X wrote:", or a divider of dashes; some drop the line ends. None of this is told by its words alone,
for every language has its own; those that are known stand in the files of the languages. What we
sent to the person is never theirs, quoted or not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import msgspec

from ingagents.core.text.languages import pattern

_ADDRESS = r"[\w.+-]{1,64}@[\w.-]{1,64}"
_HAS_ADDRESS = re.compile(_ADDRESS)
_YEAR_OR_CLOCK = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}[:.h]\d\d(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d\d(?!\d)")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.h]\d\d(?!\d)")

# --- lines --------------------------------------------------------------------------------------

_LABEL = re.compile(r"\*{0,2}[^\W\d_][\w' .()-]{0,24}?\s?:\*{0,2}(?:\s+\S|$)")
_HEADER_LINES = 3


class _Lines(msgspec.Struct, frozen=True, kw_only=True):
    """How lines above and between older mails read, in all languages."""

    named_from: re.Pattern[str]
    named_next: re.Pattern[str]
    wrote: re.Pattern[str]
    wrote_on: re.Pattern[str]
    wrote_on_inside: re.Pattern[str]
    divider: re.Pattern[str]
    label_inside: re.Pattern[str]


@cache
def _lines() -> _Lines:
    the = f"(?: {pattern('mail_header_the')})?"
    wrote_on = pattern("wrote_on")
    return _Lines(
        named_from=_compiled(rf"\*?{pattern('mail_from')}\s?:\*?\s"),
        named_next=_compiled(rf"\*?{pattern('mail_header')}{the}\s?:"),
        wrote=_compiled(rf"\b{pattern('wrote')}\b"),
        wrote_on=_compiled(rf"(?:{wrote_on}|{pattern('wrote_on_line')})\s[^\n]{{0,40}}\d"),
        # Inside a line "on" is no beginning, "On" is.
        wrote_on_inside=re.compile(rf"(?<!\S){wrote_on}\s[^\n]{{0,40}}?\d"),
        divider=_compiled(
            rf"-{{2,}}\s?{pattern('divider')}|_{{20,}}|{pattern('older_below')}"
            r"|[-=]{4,}\s?[^\W\d_][^\n=-]{2,40}[-=]{4,}\s*$"
        ),
        label_inside=re.compile(rf"(?<![^\s.!?])\*?[^\W\d_]{{1,16}}{the}\s?:\*?(?=\s)"),
    )


def _compiled(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def starts_history(lines: Sequence[str], index: int) -> bool:
    """Whether the older mail starts at this line (lines without spaces at their ends)."""
    line = lines[index]
    if not line:
        return False
    if _says_wrote(lines, index) or _lines().divider.match(line) or _is_header(lines, index):
        return True
    return bool(_lines().named_from.match(line)) and any(
        _lines().named_next.match(later) for later in lines[index + 1 : index + 5]
    )


def introduces_quote(lines: Sequence[str], index: int) -> bool:
    """True for "On Tuesday X wrote:" above lines that are marked with ">" (an answer may follow)."""
    if not _says_wrote(lines, index):
        return False
    following = [line for line in lines[index + 1 : index + 5] if line]
    return any(line.startswith(">") for line in following[:2])


def _is_header(lines: Sequence[str], index: int) -> bool:
    """Three lines "word: value" in a row, one with an address or a date."""
    row = [line for line in lines[index : index + 2 * _HEADER_LINES] if line][:_HEADER_LINES]
    if ":" not in lines[index] or len(row) < _HEADER_LINES:
        return False
    if not all(len(one) < 300 and _LABEL.match(one) for one in row):
        return False
    together = "\n".join(row)
    addressed, dated = bool(_HAS_ADDRESS.search(together)), bool(_YEAR.search(together))
    # With nothing above, it may be a form that the person filled in with name and mail.
    return (addressed and dated) or ((addressed or dated) and any(lines[:index]))


def _says_wrote(lines: Sequence[str], index: int) -> bool:
    """Whether a line, or it and the next one, say that somebody wrote at some time."""
    line = lines[index]
    if len(line) > 300 or not line:
        return False
    following = lines[index + 1] if index + 1 < len(lines) else ""
    if ":" not in (line[-1:], following[-1:]):
        return False
    both = f"{line} {following}" if len(following) < 200 and line[-1:] not in ".!?:" else line
    if line.endswith(":") and _lines().wrote.search(line):
        return bool(_lines().wrote_on.match(line)) or index == 0 or "@" in line or "<" in line
    if (
        _lines().wrote_on.match(line)
        and following.endswith(":")
        and _lines().wrote.search(following)
    ):
        return len(following) < 200
    return any(
        one.endswith(":")
        and bool(_YEAR.search(one) or (_HAS_ADDRESS.search(one) and re.search(r"\d", one)))
        and bool(_HAS_ADDRESS.search(one) or _CLOCK.search(one))
        for one in {line, both}
    )


# --- one line -----------------------------------------------------------------------------------

_BETWEEN_LABELS = 120
"""Characters between the labels of a header; names, addresses and subjects are not longer."""
_WROTE_INSIDE = re.compile(
    r"(?:(?<!\S)[^\W\d_a-z][^\W\d_]{0,9} (?:[^\W\d_]{2,9}[.,]{0,2} )?)?(?<!\S)\d"
    rf"(?=[^\n]{{4,90}}?[<(\[]{_ADDRESS}[>)\]][^\n:]{{0,30}}:(?:\s|$))"
)
_DIVIDER_INSIDE = re.compile(r"(?<=\s)-{4,}\s?[^\W\d_][^\n-]{2,40}-{4,}(?=\s)")


def cut_inline_history(text: str) -> str:
    """Services that drop line ends leave header and older mail in the line of the answer."""
    places = [
        _first(_WROTE_INSIDE, text) if "@" in text else -1,
        _first(_DIVIDER_INSIDE, text),
        _inside_header(text),
        _inside_wrote(text),
    ]
    place = min((one for one in places if _is_inside(text, one)), default=-1)
    return text[:place] if place > 0 else text


def _is_inside(text: str, place: int) -> bool:
    """False at the start of a line, or a few words behind it: that is told by whole lines."""
    begin = text.rfind("\n", 0, max(place, 0)) + 1
    before = text[begin : max(place, 0)]
    return bool(before.strip()) and (
        begin == 0 or len(before.split()) > _LEADING_WORDS or bool(_MARK.search(before))
    )


_LEADING_WORDS = 3
_MARK = re.compile(r"[.!?]\s*$")


def _first(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return found.start() if found else -1


def _inside_header(text: str) -> int:
    """Where three labels stand close together in one line, with a date and an address, or four."""
    labels = [(found.start(), found.end()) for found in _lines().label_inside.finditer(text)]
    for index in range(len(labels) - _HEADER_LINES + 1):
        row = labels[index : index + _HEADER_LINES + 1]
        ends = [
            end
            for (_, end), (start, _) in pairwise(row)
            if start - end <= _BETWEEN_LABELS and "\n" not in text[end:start]
        ]
        if len(ends) < _HEADER_LINES - 1:
            continue
        inside = text[row[0][0] : row[_HEADER_LINES - 1][1] + _BETWEEN_LABELS]
        if _YEAR_OR_CLOCK.search(inside) and (
            _HAS_ADDRESS.search(inside) or len(ends) == _HEADER_LINES
        ):
            return row[0][0]
    return -1


def _inside_wrote(text: str) -> int:
    """Where "... On 5 May 2026, X wrote: > ..." starts in one line."""
    for match in _lines().wrote.finditer(text):
        end = match.end()
        colon = text.find(":", end, end + 60)
        if colon < 0 or "\n" in text[end:colon]:
            continue
        begin = max(0, match.start() - 160)
        before = text[begin : match.start()]
        starts = [found.start() for found in _lines().wrote_on_inside.finditer(before)]
        if starts and "\n" not in before[starts[-1] :] and ">" in text[colon : colon + 4]:
            return begin + starts[-1]
    return -1


# --- what we sent -------------------------------------------------------------------------------

_PIECE = re.compile(r"[^.!?;\n]+[.!?;]*|[.!?;\n]+")
_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r"(?:(?!:\s|\s-\s).)+(?::|\s-)?|.", re.DOTALL)
"""Of a piece, what stands before and behind a colon or a dash."""
_QUOTATION = re.compile(r"\"[^\"\n]{3,}\"|(?<!\w)'[^\"\n]{3,400}?'(?!\w)")
_QUOTED_WORDS = 3
"""Words from which on what they put between quotation marks is ours."""
_OURS_WORDS = 4
"""Words from which on a piece of our text is nobody else's; "yes please" may be anybody's."""
_WORDLESS = re.compile(r"[?!？！؟]|[:;=]-?[()]|[\u2190-\u2bff\U0001f000-\U0001faff]")
"""What says something without a word. Other signs may be left of a quote."""
_SAYS = re.compile(rf"[^\W_]|{_WORDLESS.pattern}")
_QUOTED = re.compile(r"\s*(?:>\s?)+")
_CUT_OFF = re.compile(r"[^.!?;\n]*[^\W_] ?(?:\.\.\.|…)?")
"""A piece that ends within a word, as previews and quotes of a chat do."""


def without_sent(text: str, sent: Sequence[str]) -> str:
    """The text without what equals, in words, a text we sent or a sentence or line of it.

    So does what they quote of ours within a line: between quotation marks, behind a colon or dash.
    """
    ours = ["  " + " ".join(_words(one)) + " " for one in sent if one.strip()]
    if not ours:
        return text
    if any(_what_says(text) == _what_says(one) for one in sent):
        return ""
    text = _QUOTATION.sub(lambda one: " " if _is_quoted(one.group(), ours) else one.group(), text)
    kept: list[str] = []
    run = ""
    for sentence in _PIECE.findall(text):
        whole = _run(sentence, run, ours)
        for piece in (sentence,) if whole else _PART.findall(sentence):
            if not _words(piece):
                kept.append(piece)
            elif run := whole or _run(piece, run, ours):
                if mark := _QUOTED.match(piece):  # what else stands in the line is quoted, too
                    kept.append(mark.group())
            else:
                kept.append(piece)
    return "".join(kept)


def _is_quoted(quotation: str, ours: Sequence[str]) -> bool:
    words = _words(quotation)
    return len(words) >= _QUOTED_WORDS and any(f" {' '.join(words)} " in one for one in ours)


def _run(piece: str, before: str, ours: Sequence[str]) -> str:
    """The words of ours that a piece ends with what stood `before` it; "" when it is theirs."""
    words = " ".join(_words(piece))
    if not words:
        return ""
    # A word that was cut off is the beginning of one of ours.
    end = "" if _CUT_OFF.fullmatch(piece) else " "
    if before and any(f"{before} {words}{end}" in one for one in ours):
        # A mail program broke our line; the rest of it goes with its beginning.
        return f"{before} {words}"
    enough = words.count(" ") + 1 >= _OURS_WORDS
    return words if enough and any(f" {words}{end}" in one for one in ours) else ""


def is_only_sent(text: str, sent: Sequence[str]) -> bool:
    """Whether a text has words, and all of them are ours; a "?" or a smile beside them is theirs."""
    left = without_sent(text, sent)
    return bool(_words(text)) and not _words(left) and _WORDLESS.search(left) is None


def _what_says(text: str) -> str:
    """The letters, digits and signs of a text that say something, and nothing between them."""
    return "".join(sign.group() for sign in _SAYS.finditer(text.casefold()))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
