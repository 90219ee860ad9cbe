"""The cues a reply can hold, and the small notation in which the language files are written.

A phrase is a row of folded words (accents in a table are folded too, so they may be written).
It matches inside one sentence, on whole words, in the text of `text.plain_reply`:

    remove me            exactly these words
    stop ~ emailing      ~ stands for up to three words, _ for at most one
    [please ]stop        words in brackets may be missing (with their space)
    (talk|speak) to      one of these
    unsubscri*           any ending
    ask !(me|us) *       any word but these
    no, thanks           a comma may stand there
    ^no$                 ^ is the start of the sentence and $ its end
    {day}                one of the words of a group: days, months, or a section `[group ...]`

A file of `languages/` has such phrases in sections that bear the name of a cue or of a part of a
sentence; its other sections are explained at the head of `any.txt`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache

from ingagents.core.replies.spelling import corrected, full_words
from ingagents.core.replies.text import fold
from ingagents.core.text import languages


class Cue(StrEnum):
    """What a phrase is a sign of. The `NOT_...` cues are traps: they take words out of play."""

    INSTRUCTION = "speaks to a system instead of to us"
    OPT_OUT = "asks not to be written to"
    DOUBTED = "may ask not to be written to, or mean something else"
    THREAT = "threatens us with the law or worse"
    ABUSE = "insults us"
    NOT_OPT_OUT = "looks like an opt-out and is none"
    BOUNCE = "was not delivered"
    AWAY = "is away"
    GONE = "is no longer there"
    REFUSAL = "declines"
    OBJECTION = "objects"
    NOT_REFUSAL = "looks like a refusal and is none"
    DENIED = "says that it is no refusal"
    MOCKERY = "mocks us"
    NOT_NOW = "puts it off"
    BUSY = "has little time"
    REFERRAL = "names somebody else"
    MEETING = "proposes to talk"
    INTEREST = "is interested"
    LIKING = "likes it"
    ASSENT = "says yes"
    LAPSED = "was interested once"
    NOT_INTEREST = "looks like interest and is none"
    UNSURE = "is undecided"
    REQUEST = "asks for information"
    SUSPICION = "asks who we are and why we write"
    THANKS = "acknowledges"


class Part(StrEnum):
    """What a sentence is built of; `opt_out` puts opt-outs together from them."""

    NOT = "not, no, never"
    NOT_AFTER = "a not that stands behind what it denies"
    TURN = "but, however"
    JOINT = "and, so, because"
    CONTACT = "write, call, send: as an order or behind one"
    NO_CONTACT = "do not write, in one word"
    AGAIN = "again, any more, further"
    REMOVE = "remove, delete: as an order or a wish"
    NO_REMOVE = "do not remove, in one word"
    ME = "me, us, my address"
    MY = "my, our"
    LIST = "list, database, newsletter"
    DATA = "data, address, number"
    STOP = "stop: as an order or a wish"
    MESSAGE = "message, mail, offer"
    WANT = "I want, I wish"
    NO_WANT = "I do not want, in one word"
    RECEIVE = "receive, be contacted"
    OBJECT = "I object, I do not agree"
    PROCESSING = "processing, use, contact"
    WITHDRAW = "I withdraw"
    CONSENT = "consent, permission"
    CANCEL = "cancel, end"
    SUBSCRIPTION = "subscription, newsletter"
    BEFORE = "before, until"
    PLEASE = "please"
    OTHER = "other, another, last"
    RATHER = "rather, instead"
    TOLD = "tells or asks of it: you did not write, I was removed, why, by mistake"
    THE = "the, from the: a thing of its own follows"


class Phrase:
    """One row of a language file; its pattern is compiled when its first word is first met.

    Compiling all rows at once would cost two seconds.
    """

    __slots__ = ("_pattern", "anchored", "cue", "first_words", "language", "source")

    def __init__(self, language: str, cue: Cue | Part, row: str) -> None:
        text = _expanded(row)
        self.language = language
        self.cue = cue
        self.anchored = text.startswith("^")
        self.source = text.removeprefix("^")
        self.first_words = frozenset(_first_words(self.source))
        self._pattern: re.Pattern[str] | None = None

    def match(self, text: str, start: int) -> int:
        """Where the phrase ends that starts at this word, or -1."""
        if self._pattern is None:
            self._pattern = re.compile(_regex(self.source) + "(?= )")
        found = self._pattern.match(text, start)
        return found.end() if found else -1


def cue_of(section: str) -> Cue | Part | None:
    """The cue or part whose phrases stand in a section; None for all other sections."""
    return _CUES.get(section)


_CUES: dict[str, Cue | Part] = {one.name.lower(): one for one in (*Cue, *Part)}

_ANY_WORD = "[^ .,?!#]+ "
_GAPS = {"~": f"(?:{_ANY_WORD}){{0,3}}", "_": f"(?:{_ANY_WORD})?"}
_NONE_OF = re.compile(r"!\(([^()]*)\) ")
_NEXT = "\0"
_TRAILING_GAP = re.compile(r"(?: ?\[[~_] \])+(\$?)$")
_PURE = re.compile(r"[a-z]+")


def _expanded(phrase: str) -> str:
    """Fold the words, spell them as the text is spelled, and fill in the groups."""
    words = fold(phrase).replace("'", " ").split()
    spelled: list[str] = []
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        # Index 1: the rules for the first word of a sentence are not for tables.
        spelled.extend(
            corrected(list(full_words(word, 1, following))) if _PURE.fullmatch(word) else (word,)
        )
    return _GROUP.sub(lambda named: _group(named[1]), " ".join(spelled))


@cache
def _group(name: str) -> str:
    """One of the words of a group, in whatever language they are: people mix these most."""
    if name == "day":
        members = (*languages.words("weekdays"), *languages.words("days"))
    elif name == "month":
        in_sentences = (row.partition("|")[0].split() for row in languages.rows("months"))
        members = tuple(word for row in in_sentences for word in row)
    else:
        members = languages.words(f"group {name}")
    return f"({'|'.join(dict.fromkeys(map(fold, members)))})"


_GROUP = re.compile(r"\{(\w+)\}")


def _first_words(phrase: str) -> Iterator[str]:
    """The words a phrase can start with; "unsub*" for a beginning, "*" for any word."""
    if phrase[:1] in {"[", "("}:
        choices, after = _leading_choices(phrase)
        if after.startswith("?"):
            choices, after = [*choices, ""], after[1:]
        for choice in choices:
            # A choice with a space holds the whole first word; another one may go on behind it.
            yield from _first_words(choice if " " in choice.strip() else choice + after)
        return
    word = phrase.partition(" ")[0].rstrip("$,")
    letters = _LETTERS.match(word)
    beginning = letters.group() if letters else ""
    yield beginning if beginning == word else beginning + "*"


_LETTERS = re.compile(r"\w*")


def _leading_choices(phrase: str) -> tuple[list[str], str]:
    """The choices of the bracket a phrase starts with ("" is one for "[...]"), and what follows."""
    depth = 0
    choices = [""]
    for index, sign in enumerate(phrase):
        depth += (sign in "([") - (sign in ")]")
        if depth == 0:
            return choices + [""] * (phrase[0] == "["), phrase[index + 1 :]
        if sign == "|" and depth == 1:
            choices.append("")
        elif index > 0:
            choices[-1] += sign
    raise ValueError(f"a bracket is not closed: {phrase!r}")


def _regex(phrase: str) -> str:
    """The notation as a regular expression."""
    text = _TRAILING_GAP.sub(r"\1", phrase)
    text = _NONE_OF.sub(rf"{_NEXT}\1) )", text)
    text = text.replace("(", "(?:").replace("[", "(?:").replace("]", ")?")
    text = text.replace("*", "[^ ]*").replace(", ", "(?: ,)? ").replace("$", "(?= [.?!])")
    for mark, gap in _GAPS.items():
        text = re.sub(rf"(?<![a-z0-9*]){mark} ", gap, text)
    text = text.replace(_NEXT, "(?!(?:")
    return re.sub(r"(?<![a-z0-9*])_", "[^ .,?!#]+", text)
