"""The closed vocabulary of titles, read from `title_vocabulary/`: one file a language.

A word of a title is brought to the vocabulary's form of it: masculine and singular
("développeuse"), without an inflection ("programistką"), and taken apart where it was written
together ("Vertriebsleiter", "営業部長"). `en.txt` says how the files are written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import resources
from typing import Literal, get_args

import msgspec

from ingagents.core.text.word_lists import rows_of

Seniority = Literal[
    "founder", "c_suite", "vp", "director", "manager", "senior", "other", "junior", "unknown"
]
"""`other` is a practitioner without a rank; `unknown` a text in which no word was understood."""

Function = Literal[
    "technical", "research", "product", "advocacy", "leadership", "business",
    "sales_marketing", "finance", "people", "legal", "operations", "care", "trade", "study",
]  # fmt: skip
"""`care` is health and teaching, `trade` crafts and services, `study` also those out of work."""

WORD = r"[^\W_]+(?:[.'][^\W_]+)*[+#]{0,2}"
"""One word of a text that was `spelled`."""


class Meaning(msgspec.Struct, frozen=True):
    """A kind of work and how strongly a phrase names it; None and 0 for what names nothing.

    `head_first` where a language puts the noun that decides before those that qualify it.
    """

    function: Function | None
    strength: float
    head_first: bool


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One phrase of a file: its words (`stem-`, `-ending`), its section and the file's flags."""

    words: tuple[str, ...]
    section: str
    argument: str = ""
    head_first: bool = False
    compounds: bool = False

    @property
    def meaning(self) -> Meaning:
        """What a phrase of work, or of `[nothing]`, says.

        Raises:
            KeyError: the section names no known kind of work.
        """
        if self.section == "nothing":
            return Meaning(None, 0.0, self.head_first)
        return Meaning(_FUNCTIONS[self.section], float(self.argument), self.head_first)


class Vocabulary:
    """All languages at once: a title does not say which one it is in.

    `meanings` and `ranks` are by phrase, in the forms that `forms_of` gives; those in `alone` mean
    it only where no other kind of work, and no unknown word, qualifies them.
    """

    def __init__(self, found: Iterable[Entry]) -> None:
        """Learn the single words first, so that longer phrases are read as a title will be."""
        self._sets: dict[str, set[str]] = {name: set() for name in _SETS}
        self._endings: dict[str, list[str]] = {}
        self._words: set[str] = set()
        self._in_phrases: set[str] = set()
        self._stems: dict[str, int] = {}
        self._tails: set[str] = set()
        self.meanings: dict[str, Meaning] = {}
        self.ranks: dict[str, Seniority] = {}
        self.alone: set[str] = set()
        phrases: list[Entry] = []
        for entry in found:
            if entry.section == "endings":
                self._endings.setdefault(entry.words[0], []).append(entry.words[1])
            elif entry.section in _SETS:
                self._sets[entry.section].update(entry.words)
            else:
                phrases.append(entry)
        for entry in phrases:
            if len(entry.words) == 1:
                self._learn(entry.words[0], entry)
        for entry in sorted(phrases, key=lambda entry: len(entry.words) > 1):
            self._name(entry)
        self._fixed = {name: frozenset(words) for name, words in self._sets.items()}

    def one_of(self, name: str) -> frozenset[str]:
        """The words of a section that names neither work nor ranks, `[past]` for example."""
        return self._fixed[name]

    def forms_of(self, word: str) -> tuple[str, ...]:
        """The vocabulary's forms of a word, several if it was written together.

        The word itself if it is not known.
        """
        if word in self._words or word in self._in_phrases or not word[0].isalpha():
            return (word,)
        if _UNSPACED.search(word):
            return self._scanned(word) or (word,)
        for spelling in dict.fromkeys((word, _UMLAUT.sub(r"\1", word))):
            if spelling in self._words:
                return (spelling,)
            if spelling in self._stems:
                return (f"{spelling}-",)
            if found := self._inflected(spelling) or self._parts(spelling):
                return found
        return (word,)

    def _learn(self, word: str, entry: Entry) -> None:
        if word.endswith("-"):
            self._stems[word[:-1]] = _LONGEST_WORD if entry.compounds else _LONGEST_INFLECTION
        elif word.startswith("-"):
            self._tails.add(word[1:])
        else:
            self._words.add(word)

    def _name(self, entry: Entry) -> None:
        if len(entry.words) == 1:
            phrase = entry.words[0]
        else:
            words = [word for word in entry.words if word not in self._sets["of"]]
            forms = [self._form_in_phrase(word, entry) for word in words]
            phrase = " ".join(form for each in forms for form in each)
            self._in_phrases.update(phrase.split())
        if entry.section == "rank":
            self.ranks.setdefault(phrase, _RANKS[entry.argument])
        elif entry.section == "alone":
            self.alone.add(phrase)
        else:
            self.meanings.setdefault(phrase, entry.meaning)

    def _form_in_phrase(self, word: str, entry: Entry) -> tuple[str, ...]:
        plain = word.removesuffix("-")
        forms = self.forms_of(plain)
        if plain == word or plain in self._words or forms != (plain,):
            return forms
        self._learn(word, entry)
        return (word,)

    def _scanned(self, word: str) -> tuple[str, ...]:
        """The known words in a script that puts no spaces between them, the longest first."""
        found: list[str] = []
        at = 0
        while at < len(word):
            length = next(
                (n for n in range(len(word) - at, 0, -1) if word[at : at + n] in self._words), 0
            )
            if length:
                found.append(word[at : at + length])
            at += length or 1
        return tuple(found)

    def _inflected(self, word: str) -> tuple[str, ...]:
        for form in self._uninflected(word):
            if form in self._words or form in self._in_phrases:
                return (form,)
        return ()

    def _parts(self, word: str) -> tuple[str, ...]:
        """A known beginning with what is known of the rest, else a known ending alone."""
        for end in range(len(word), _SHORTEST_PART - 1, -1):
            front, rest = word[:end], word[end:]
            if front in self._stems:
                tail = self._whole_tail(rest) or self._ending(rest)
                if tail or len(rest) <= self._stems[front]:
                    return (f"{front}-", *tail)
            if front in self._words and (tail := self._whole_tail(rest)):
                return (front, *tail)
        return self._ending(word)

    def _whole_tail(self, rest: str) -> tuple[str, ...]:
        for link in _LINKS:
            tail = rest.removeprefix(link)
            if not rest.startswith(link) or len(tail) < _SHORTEST_PART:
                continue
            if tail in self._tails:
                return (f"-{tail}",)
            if tail in self._words:
                return (tail,)
            if found := self._inflected(tail):
                return found
        return ()

    def _ending(self, word: str) -> tuple[str, ...]:
        for spelling in (word, *self._uninflected(word)):
            for begin in range(len(spelling) - _SHORTEST_PART + 1):
                if spelling[begin:] in self._tails:
                    return (f"-{spelling[begin:]}",)
        return ()

    def _uninflected(self, word: str) -> Iterator[str]:
        """The word with each ending it may have replaced, the longest ending first."""
        for length in range(_LONGEST_INFLECTION, 0, -1):
            # Of a short word too little would be left ("air" is no kind of "AI"): only a plural is.
            if len(word) - length >= (2 if word[-length:] == "s" else _SHORTEST_PART):
                for instead in self._endings.get(word[-length:], ()):
                    yield word[:-length] + instead


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The vocabulary of all files, English first: where two disagree the earlier one counts."""
    return Vocabulary(entry for text in _files().values() for entry in entries(text))


def entries(text: str) -> Iterator[Entry]:
    """The phrases of one file.

    Raises:
        ValueError: a section's name is not known, or a phrase stands before any section.
    """
    text = spelled(text)
    lines = set(text.splitlines())
    head_first, compounds = "[head first]" in lines, "[compounds]" in lines
    for name, row in rows_of(text):
        section, _, argument = name.partition(" ")
        if section not in _SECTIONS:
            raise ValueError(f"[{name}] is no section of a vocabulary of titles: {row!r}")
        for phrase in filter(None, map(str.strip, row.split(","))):
            yield Entry(
                words=_words_of(phrase, section),
                section=section,
                argument=argument,
                head_first=head_first,
                compounds=compounds,
            )


def folded(text: str) -> str:
    """Lower case without accents, ornaments of Unicode and invisible characters."""
    if not text.isascii():
        text = "".join(
            char
            for char in unicodedata.normalize("NFKD", text.translate(_NO_ACCENT))
            if unicodedata.category(char) not in {"Mn", "Cf"}
        )
        # What is no accent but a part of its letter ("한") is put together again.
        text = unicodedata.normalize("NFC", text)
    return text.lower()


def spelled(text: str) -> str:
    """A text as the vocabulary spells it: `folded`, "R&D" one word, "d'État" two.

    Arabic nouns are without their article, Hebrew abbreviations without their sign.
    """
    text = _ARABIC_ARTICLE.sub("", _HEBREW_SIGN.sub("", folded(text)))
    text = _LETTER_PAIR.sub(r"\1\2", _TOGETHER.sub(r"\1\2", text))
    return _GO_TO_MARKET.sub("gtm", _ELISION.sub("de ", text))


# --- Helpers ---

_SHORTEST_PART = 4
"""So many letters a part of a word that was written together has at least."""
_LONGEST_INFLECTION = 5
"""So many letters may follow a stem in languages that inflect words and do not join them."""
_LONGEST_WORD = 60
_LINKS = ("", "s", "n", "en", "e", "er", "es", "ns")
"""What stands between words written together, in the languages that do so."""

_FUNCTIONS: Mapping[str, Function] = {name: name for name in get_args(Function)}
_RANKS: Mapping[str, Seniority] = {name: name for name in get_args(Seniority)}
_SETS = (
    "of", "and", "past", "present", "turned", "company", "serving", "abbreviated", "address",
)  # fmt: skip
_SECTIONS = frozenset((*_FUNCTIONS, *_SETS, "rank", "nothing", "alone", "endings"))

_NO_ACCENT = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L"}
    | {"đ": "d", "Đ": "D", "ı": "i", "ð": "d", "þ": "th", "’": "'", "ʼ": "'"}
)
_UMLAUT = re.compile(r"([aou])e|(?<=a)a")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LETTER_PAIR = re.compile(r"\b([a-z])\s?&\s?([a-z])\b")
_TOGETHER = re.compile(
    r"\b(co)[- ]?(?=found|fond|fund|ceo)|\b(e)[- ](?=commerce|business|handel|ticaret|learning)"
)
_ELISION = re.compile(r"\b(?:d|l|all|dell|nell|sull|dall)'(?=\w)")
_ARABIC_ARTICLE = re.compile("(?<!\\w)(?:وال|بال|لل|ال)(?=[\u0621-\u064a]{3})")
_HEBREW_SIGN = re.compile("(?<=[\u05d0-\u05ea])[\"'״׳”](?=[\u05d0-\u05ea])")
_GO_TO_MARKET = re.compile(r"\bgo[- ]to[- ]market\b")
_WORD = re.compile(WORD)


def _files() -> Mapping[str, str]:
    folder = resources.files(__package__) / "title_vocabulary"
    texts = {file.name: file.read_text("utf-8") for file in folder.iterdir()}
    return {name: texts[name] for name in sorted(texts, key=lambda name: (name != "en.txt", name))}


def _words_of(phrase: str, section: str) -> tuple[str, ...]:
    if section == "endings":
        return tuple(part.strip() for part in phrase.split(">"))
    words: list[str] = []
    for piece in phrase.split():
        parts = _WORD.findall(piece) or [piece]
        parts[0] = "-" * (piece[0] == "-") + parts[0]
        parts[-1] += "-" * (piece[-1] == "-")
        words += parts
    return tuple(words)
