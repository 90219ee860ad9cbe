"""The cues a reply can hold, and the small notation in which the language files are written.

A phrase is a row of folded words (accents in a table are folded too, so they may be written).
It matches inside one sentence, on whole words, in the text of `reply_text.plain_reply`:

    remove me            exactly these words
    stop ~ emailing      ~ stands for up to three words, _ for at most one
    [please ]stop        words in brackets may be missing (with their space)
    (talk|speak) to      one of these
    unsubscri*           any ending
    no, thanks           a comma may stand there
    ^no$                 ^ is the start of the sentence and $ its end
    {day}                one of the words of a group below

A file of `reply_languages/` has such phrases under a title in square brackets, the name of a cue
or of a part of a sentence; an indented line goes on with the one above it, "#" starts a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from ingagents.core.replies.spelling import corrected, full_words
from ingagents.core.replies.text import fold


class Cue(StrEnum):
    """What a phrase is a sign of. The `NOT_...` cues are traps: they take words out of play."""

    INSTRUCTION = "speaks to a system instead of to us"
    OPT_OUT = "asks not to be written to"
    THREAT = "threatens us with the law or worse"
    ABUSE = "insults us"
    NOT_OPT_OUT = "looks like an opt-out and is none"
    BOUNCE = "was not delivered"
    AWAY = "is away"
    REFUSAL = "declines"
    OBJECTION = "objects"
    NOT_REFUSAL = "looks like a refusal and is none"
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
    """What a sentence is built of; `reply_opt_out` puts opt-outs together from them."""

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


_GROUPS = {
    "day": "monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|tues|wed|thu|thur|"
    "thurs|fri|tomorrow|today|montag|dienstag|mittwoch|donnerstag|freitag|morgen|heute|ubermorgen|"
    "lundi|mardi|mercredi|jeudi|vendredi|demain|lunes|martes|miercoles|jueves|viernes|manana|"
    "maandag|dinsdag|woensdag|donderdag|vrijdag|lunedi|martedi|mercoledi|giovedi|venerdi|domani|"
    "segunda|terca|quarta|quinta|sexta|amanha",
    "month": "january|february|march|april|may|june|july|august|september|october|november|"
    "december|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|januar|februar|marz|mai|juni|juli|"
    "oktober|dezember|janvier|fevrier|mars|avril|juin|juillet|aout|septembre|octobre|novembre|"
    "decembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|"
    "diciembre|januari|februari|maart|mei|augustus",
    "period": "week|weeks|month|months|quarter|quarters|year|years|season|spring|summer|fall|"
    "autumn|winter|semester|fiscal|budget|event|edition|cycle|conference|half",
    "later": "q1|q2|q3|q4|h1|h2|summer|fall|autumn|winter|spring|christmas|easter|january|february|"
    "march|april|june|july|august|september|october|november|december|jan|feb|aug|sep|sept|oct|"
    "nov|dec|2025|2026|2027|2028|2029",
    "number": "a|one|two|three|four|five|six|seven|eight|nine|ten|twelve|few|couple|several|"
    "1|2|3|4|5|6|7|8|9|10|11|12|18|24",
    "us": "me|us|myself|ourselves",
    "write": "email|emails|mail|mails|message|messages|text|texts|call|calls|contact|write|ping|dm|"
    "dms|inmail|inmails|spam|phone|ring|bother|disturb|pester|solicit|approach|harass|bug|annoy|"
    "pitch|follow|reply|respond|connect",
    "writing": "emailing|mailing|messaging|texting|calling|contacting|writing|pinging|dming|"
    "spamming|phoning|ringing|bothering|disturbing|pestering|soliciting|approaching|harassing|"
    "bugging|annoying|pitching|following|reaching|sending|hounding|chasing|badgering|stalking|"
    "hassling|nagging|cold|inmailing|pushing|wasting|filling|flooding|clogging|selling|trying|"
    "blasting|prospecting",
    "material": "info|infos|information|details|detail|deck|decks|brochure|brochures|pricing|price|"
    "prices|pricelist|specs|spec|specifications|guide|guides|proposal|quote|link|links|video|"
    "overview|sample|samples|material|materials|prospectus|pager|pdf|presentation|documentation|"
    "docs|document|documents|study|studies|screenshots|mockup|list|report|reports|plan|plans|"
    "breakdown|structure|tiers|terms|roadmap|estimate|data|numbers|figures|agenda|program|"
    "programme|schedule|package|packages|options|requirements|criteria|references|examples|"
    "example|features|demo|trial|access|costs|cost|rates|rate|literature|website|site|resources|"
    "summary|briefing|brief|kit|catalogue|catalog|whitepaper|paper|slides|contract|testimonials|"
    "onepager|description|explanation|context|specifics|flyer|leaflet|sheet|template|audience|"
    "demographics|dates|venue|topics|lineup",
}


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


def rows_of(text: str) -> Iterator[tuple[Cue | Part | str, str]]:
    """The rows of a language file, each with the cue, part or other title it stands under."""
    title: Cue | Part | str = ""
    row = ""
    for line in (*text.splitlines(), "[]"):
        if line.startswith((" ", "\t")):
            row += line.strip() if row.endswith("|") else " " + line.strip()
            continue
        if row:
            yield title, row
        named = _TITLE.fullmatch(line.strip())
        row = "" if line.startswith("#") or named else line.strip()
        if named:
            title = _TITLES.get(named[1], named[1])


_TITLE = re.compile(r"\[([a-z_]*)\]")
_TITLES: dict[str, Cue | Part] = {one.name.lower(): one for one in (*Cue, *Part)}

_ANY_WORD = "[^ .,?!#]+ "
_GAPS = {"~": f"(?:{_ANY_WORD}){{0,3}}", "_": f"(?:{_ANY_WORD})?"}
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
    text = " ".join(spelled)
    for name, members in _GROUPS.items():
        text = text.replace("{" + name + "}", f"({members})")
    return text


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
    text = text.replace("(", "(?:").replace("[", "(?:").replace("]", ")?")
    text = text.replace("*", "[^ ]*").replace(", ", "(?: ,)? ").replace("$", "(?= [.?!])")
    for mark, gap in _GAPS.items():
        text = re.sub(rf"(?<![a-z0-9*]){mark} ", gap, text)
    return re.sub(r"(?<![a-z0-9*])_", "[^ .,?!#]+", text)
