"""What the other person wrote, and nothing else: without quoted mail, signature and odd signs.

Two views of a reply: `own_words` is for people to read; `plain_words` is for the phrase tables:
small letters without accents, contractions and short spellings written out, addresses and
telephone numbers as one word each, sentence marks as words of their own.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

import msgspec

from ingagents.core.replies.history import (
    cut_inline_history,
    introduces_quote,
    starts_history,
    without_sent,
)
from ingagents.core.replies.spelling import corrected, written_out
from ingagents.core.text.languages import pattern

KEPT_CHARACTERS = 4_000
"""A reply is understood from this many characters; people say what they want at the start."""
READ_CHARACTERS = 20_000
"""Nothing beyond this is looked at, whatever was sent."""

_WORD_CHARACTERS = 40


class PlainReply(msgspec.Struct, frozen=True, kw_only=True):
    """A reply as the phrase tables see it, with the way back to the sentences as written.

    `text` starts with ". " and ends with " .", so that every word has a space on both sides and
    every sentence a mark on both ends; `starts` are the offsets where the sentences begin.
    """

    own: str
    """The writer's own text, up to `READ_CHARACTERS`."""
    text: str
    sentences: tuple[str, ...]
    starts: tuple[int, ...]

    def sentence_at(self, offset: int) -> str:
        """The sentence, as it was written, to which an offset of `text` belongs."""
        index = bisect_right(self.starts, offset) - 1
        return self.sentences[max(index, 0)] if self.sentences else ""


def own_words(text: str, sent: Sequence[str] = ()) -> str:
    """The writer's own text: at most `KEPT_CHARACTERS`, no quoted history, no signature.

    `sent` are the texts we sent to the writer, which are not theirs either.
    """
    return _own(text, sent)[:KEPT_CHARACTERS].strip()


def plain_reply(text: str, sent: Sequence[str] = ()) -> PlainReply:
    """The writer's own text for matching, up to `READ_CHARACTERS` of what was written."""
    own = _own(text, sent)
    sentences: list[str] = []
    starts: list[int] = []
    pieces: list[str] = ["."]
    length = 1
    known: dict[str, str] = {}
    for match in _SENTENCE.finditer(_title().sub(rf"\1{_NO_STOP}", own)):
        sentence = match.group().strip().replace(_NO_STOP, ".")
        words = known.get(sentence)
        if words is None:
            words = known[sentence] = _plain_sentence(sentence)
        if not words:
            continue
        sentences.append(sentence)
        starts.append(length + 1)
        pieces.append(words)
        length += len(words) + 1
    return PlainReply(
        own=own,
        text=" ".join(pieces) + (" ." if length == 1 else ""),
        sentences=tuple(sentences),
        starts=tuple(starts),
    )


def _own(text: str, sent: Sequence[str]) -> str:
    tidied = _tidied(text)
    ours = [_tidied(one) for one in sent]
    return _without_history(without_sent(tidied, ours)) if ours else _without_history(tidied)


def fold(text: str) -> str:
    """Small letters without accents and strokes; signs that are words of their own, apart.

    Also used on the language files, so they may be written as people write.
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_WITHOUT_STROKE))
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    letters = _VOWEL_SIGNS.sub("", letters)
    return _IDEOGRAPHS.sub(" ", letters)


_WITHOUT_STROKE = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
    | {"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه"}
)
"""Letters that no normal form takes apart; people without the key leave the stroke out. Arabic
letters that look alike are typed for each other."""
_VOWEL_SIGNS = re.compile(r"[\u0900-\u0903\u093a-\u094f\u0955-\u0957\u0962\u0963]+")
"""Devanagari's, which part a word for Python's regular expressions."""
_IDEOGRAPHS = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff])(?=[\u3040-\u30ff\u3400-\u9fff])")
"""Chinese and Japanese know no spaces; every sign becomes a word, for the tables alike."""


# --- tidying ------------------------------------------------------------------------------------

_QUOTES = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'", "\u0060": "'", "\u00b4": "'",
        "\u2032": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
        "\u2013": "-", "\u2014": " - ", "\u2026": "...", "\u00a0": " ", "\u202f": " ",
        "\u2028": "\n", "\u2029": "\n", "\r": "\n", "\t": " ", "\u00bf": " ", "\u00a1": " ",
        "\u037e": "?", "\u061f": "?", "\uff1f": "?", "\u3002": ". ", "\u3001": ", ", "\uff0c": ", ",
        "\u060c": ",", "\u061b": ".", "\u0964": ". ", "\uff01": "!", "\uff61": ". ",
    }
)  # fmt: skip


def _tidied(text: str) -> str:
    """One kind of quote, space and line end; no invisible signs; bounded."""
    text = text[:READ_CHARACTERS].replace("\r\n", "\n").translate(_QUOTES)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)[:READ_CHARACTERS].translate(_QUOTES)
        # Cf: zero-width and direction signs, which split words unseen; Cs: halves of characters.
        text = "".join(sign for sign in text if unicodedata.category(sign) not in {"Cf", "Cs"})
    text = _GREEK_QUESTION.sub("?", _CONTROL.sub(" ", text))
    return text[:READ_CHARACTERS]


_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")

_GREEK_QUESTION = re.compile(r"(?<=[\u0370-\u03ff\u1f00-\u1fff]);")
"""Greek asks with a semicolon."""

# --- quoted history and signatures --------------------------------------------------------------


@cache
def _line(section: str, ending: str = "") -> re.Pattern[str]:
    """Lines of mails that begin so, in all languages."""
    return re.compile(pattern(section) + ending, re.IGNORECASE)


_GREETING = re.compile(r"(?:[\w'.-]+ ?){1,4}[,!]?")


def _without_history(text: str) -> str:
    """Cut at the first sign of an older mail, leave out "> " lines, then the signature."""
    lines = [line.strip() for line in cut_inline_history(text).split("\n")]
    kept: list[str] = []
    for index, line in enumerate(lines):
        if line.startswith((">", "|>")) or introduces_quote(lines, index):
            continue
        if starts_history(lines, index):
            break
        kept.append(line)
    return "\n".join(_without_signature(kept)).strip()


def _without_signature(lines: list[str]) -> list[str]:
    """Leave out what follows a sign-off, but never the first words and never an afterthought."""
    said_something = False
    for index, line in enumerate(lines):
        dashes = line in {"--", "__"} and said_something
        signs_off = said_something and _signs_off(line, lines, index)
        if dashes or signs_off or _line("sent_from").match(line):
            return lines[:index] + _afterthought(lines[index + 1 :])
        greeting = index == 0 and line.endswith((",", "!")) and bool(_GREETING.fullmatch(line[:60]))
        said_something = said_something or (bool(line) and not greeting)
    return lines


def _signs_off(line: str, lines: list[str], index: int) -> bool:
    """True for "Best regards," above a name; "Thanks," above a long paragraph is no sign-off."""
    if len(line) > 60 or not _line("sign_off", r"\s?[,.!]?").fullmatch(line):
        return False
    return all(len(later) <= 60 for later in lines[index + 1 : index + 4])


def _afterthought(lines: list[str]) -> list[str]:
    """A postscript, or a last "please remove me" under the name, still counts."""
    for index, line in enumerate(lines):
        if _line("afterthought").match(line):
            return lines[index:]
    return []


# --- plain words --------------------------------------------------------------------------------

_SENTENCE = re.compile(r"(?:[^.!?;\n]|[.!?;](?![\s.!?;]|$)|(?<=\d)\.(?=\s\w))+[.!?;]*|[.!?;]+")
_NO_STOP = "\u2024"
"""Stands for the dot of "Dr. Doe", which ends no sentence."""


@cache
def _title() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)({pattern('title')})\.(?=[ -]?[^\W\d_])")


_LONE = r"[^\W\u3040-\u30ff\u3400-\u9fff]"
_SPELLED_OUT = re.compile(rf"(?<!\w)(?:{_LONE}[ .*_-]){{3,12}}{_LONE}(?!\w)")
_LONG_LETTERS = re.compile(r"(?!(?<!\w)ooo(?!\w))([^\W\d_w])\1{2,}")
_REPEATED_SIGNS = re.compile(r"([^\w\s])\1{2,}")
_PHONE = re.compile(r"(?<!\w)\+?\d[\d ()/-]{6,18}\d(?!\w)")
_CLOCK_24 = re.compile(r"(?<!\w)\d{1,2}:\d\d(?!\w)")


@cache
def _clock() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)\d{{1,2}}(?:[:.h]\d\d)?\s?{pattern('clock')}(?!\w)")


_CALENDAR_SITES = (
    "calendly.", "//cal.com", "savvycal.", "chilipiper.", "meetings.hubspot", "koalendar.",
    "zcal.co", "doodle.com", "calendar.google", "bookwithme", "outlook.office", "tidycal.",
    "calendar.app", "youcanbook.", "acuityscheduling.",
)  # fmt: skip
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|,")
_EMOJI = {
    **dict.fromkeys("\U0001f44d\U0001f44c\u2705\u2714\U0001f197", " thumbsup "),
    **dict.fromkeys("\U0001f525\u2764\U0001f64c\U0001f4af\U0001f60d\U0001f680\U0001f389"
                    "\U0001f44f\U0001f600\U0001f60a\U0001f603\U0001f642\U0001f929\U0001f970",
                    " happyface "),
    **dict.fromkeys("\U0001f44e\u274c\U0001f645\U0001f6ab\u26d4", " thumbsdown "),
    **dict.fromkeys("\U0001f6d1\u270b\U0001f595", " stopsign "),
    **dict.fromkeys("\U0001f64f\U0001f91d", " foldedhands "),
    **dict.fromkeys("\U0001f644\U0001f612\U0001f611\U0001f610\U0001f926\U0001f928", " rolledeyes "),
}  # fmt: skip
_EMOJI_TABLE = str.maketrans(_EMOJI)


def _plain_sentence(sentence: str) -> str:
    """The words of one sentence and its mark, parted by single spaces; "" when there are none."""
    mark = "?" if "?" in sentence[-3:] else "!" if sentence.endswith("!") else "."
    sentence = _REPEATED_SIGNS.sub(r"\1", sentence)
    line = fold(sentence.translate(_EMOJI_TABLE))
    line = _SPELLED_OUT.sub(lambda found: re.sub(r"[\W_]", "", found.group()), line)
    line = _LONG_LETTERS.sub(r"\1", line)
    line = line.replace("w/o", "without").replace("w/", "with ")
    line = _PHONE.sub(" phonenumber ", line)
    line = _CLOCK_24.sub(" clocktime ", _clock().sub(" clocktime ", line))
    if "@" in line or "http" in line or "www." in line or ".co" in line:
        line = " ".join(_address_word(word) for word in line.split())
    tokens = [token[:_WORD_CHARACTERS] for token in _TOKEN.findall(line)]
    words = corrected(written_out(tokens))
    return f"{' '.join(words)} {mark}" if words else ""


def _address_word(word: str) -> str:
    if word.startswith("cal.com/") or any(site in word for site in _CALENDAR_SITES):
        return "calendarlink"
    if word.strip("(<[").startswith(("http://", "https://", "www.")):
        return "weblink"
    at = word.find("@")
    if at > 0 and "." in word[at:]:
        return "emailaddress" + ("," if word.endswith(",") else "")
    return word
