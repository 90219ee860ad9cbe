"""Template files: variants by rank, and the ways in which one can be said with the facts known.

A variant is text with facts in braces and parts in angle brackets: `<one way|another>` is said the
first way whose facts are known, `<perhaps>` may be left out. Of all ways that are short enough the
best is the one that states what matters most; nothing is ever cut.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product
from math import prod
from types import MappingProxyType

import msgspec

from ingagents.core.messages.checks import utf16_length
from ingagents.core.messages.phrases import contracted
from ingagents.core.messages.reader_language import Language, language_of
from ingagents.errors import SettingsError

WEIGHTS: Mapping[str, int] = MappingProxyType(
    {
        "first_name": 256,
        "position": 64,
        "a_position": 64,
        "company": 64,
        "at_company": 64,
        "audience": 32,
        "fact": 16,
        "fact_link": 1,
        "topic": 8,
        "topics": 6,
        "other_topics": 6,
        "event_month": 5,
        "event_date": 5,
        "event_city": 4,
        "in_city": 4,
        "sender_name": 3,
        "event_url": 2,
        "event_name": 0,
        "the_event": 0,
        "the_event_acc": 0,
        "the_event_dat": 0,
    }
)
"""The facts a template may name, and how much it matters that a text states them: each of the
first five more than all behind it together."""

PLACEHOLDERS = tuple(WEIGHTS)
OWN_WEIGHT = 48
"""What a column of the team's own list counts: somebody has written it about this very person."""
PERSONAL_LINE = "personal_line"
"""In the hybrid sections, once in each variant: where a model's line about the person goes."""

_LONGEST_FILE = 50_000
_MOST_WAYS = 2_000
_TIDIED = 12
"""Units that spaces between parts left out may still be given up."""
_AFTER_BARE, _LAST = "message after bare invitation", "last message"
_PLAIN = ("invitation", "message", _AFTER_BARE, _LAST)
_HYBRID = tuple(f"{section} hybrid" for section in _PLAIN)
_SECTIONS = (*_PLAIN, *_HYBRID)
_SLOT = re.compile(r"\{([^{}\n]{0,60})\}")

Ways = tuple[str, ...]
"""The ways to say one part; a part that is always said has one."""


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """One wording; `label` is its rank, with a letter for a wording of equal rank: 1, 2, 2b, 3.

    `needs` are the facts without which it cannot be written in any way.
    """

    label: str
    text: str
    parts: tuple[Ways, ...]
    needs: frozenset[str]


class MessageTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """The variants of one file by rank, the best first; in a rank all wordings are equally good.

    The hybrid ones leave a place for a line that a model writes; a file need not have any.
    `after_bare` are for people who have read nothing of ours yet, `last` close the conversation;
    without them `message` serves.
    `language` is that of its words: dates and lists are said in it.
    """

    name: str
    version: str
    language: Language
    invitation: tuple[tuple[Variant, ...], ...]
    message: tuple[tuple[Variant, ...], ...]
    hybrid_invitation: tuple[tuple[Variant, ...], ...] = ()
    hybrid_message: tuple[tuple[Variant, ...], ...] = ()
    hybrid_after_bare: tuple[tuple[Variant, ...], ...] = ()
    hybrid_last: tuple[tuple[Variant, ...], ...] = ()
    after_bare: tuple[tuple[Variant, ...], ...] = ()
    last: tuple[tuple[Variant, ...], ...] = ()


class _Way(msgspec.Struct, frozen=True, order=True):
    """One way to say a part, with its facts filled in; `place` is its rank in the part."""

    text: str
    place: int
    states: frozenset[str]
    worth: int
    length: int


class Filling(msgspec.Struct, frozen=True):
    """One way to write a variant; `states` are the facts in it, `worth` how much they matter."""

    text: str
    states: frozenset[str]
    worth: int


@lru_cache(maxsize=64)  # every department that is opened in a process reads the same dozen files
def parse_templates(name: str, text: str) -> MessageTemplate:
    """Read a template file; `name` is what an error message calls it.

    Raises:
        SettingsError: no version, no variant, an unknown placeholder or section, a stray brace or
            bracket, or more ways to write a variant than can be looked at.
    """
    if len(text) > _LONGEST_FILE:
        raise SettingsError(f"{name} is longer than {_LONGEST_FILE} characters", "shorten it")
    version = ""
    sections: dict[str, list[str]] = {}
    section = ""
    for raw in text.removeprefix("\ufeff").splitlines():
        line = raw.rstrip()
        if line.startswith("#"):
            found = re.fullmatch(r"#\s{0,8}version:\s{0,8}([\w.-]{1,40})", line)
            version = version or (found[1] if found else "")
        elif line.startswith("[") and line.endswith("]"):
            section = line[1:-1].strip().lower()
            if section not in _SECTIONS:
                raise SettingsError(
                    f"{name} has an unknown section {line}",
                    f"known are {', '.join(f'[{known}]' for known in _SECTIONS)}",
                )
        else:
            sections.setdefault(section, []).append(line)
    if not version:
        raise SettingsError(f"{name} has no version", "add a first line `# version: my-words-1`")
    ranks = {
        part: _ranks(name, "\n".join(lines), hybrid=part in _HYBRID)
        for part, lines in sections.items()
    }
    shared = next(filter(None, map(ranks.get, ("", "invitation", "message", _LAST))), ())
    if not shared:
        raise SettingsError(f"{name} has no text", "write a variant, or remove the file")
    words = "\n".join("\n".join(lines) for lines in sections.values())
    return MessageTemplate(
        name=name,
        version=version,
        language=language_of(_SLOT.sub(" ", words)) or "en",
        invitation=ranks.get("invitation") or shared,
        message=ranks.get("message") or shared,
        hybrid_invitation=ranks.get(_HYBRID[0], ()),
        hybrid_message=ranks.get(_HYBRID[1], ()),
        hybrid_after_bare=ranks.get(_HYBRID[2], ()),
        hybrid_last=ranks.get(_HYBRID[3], ()),
        after_bare=ranks.get(_AFTER_BARE) or ranks.get("message") or shared,
        last=ranks.get(_LAST) or ranks.get("message") or shared,
    )


def fillings(
    variant: Variant, facts: Mapping[str, str], *, language: Language, limit: int
) -> Iterator[Filling]:
    """All ways to write it with these facts in `limit` UTF-16 units, the one that says most first.

    Of two that say as much, the one whose ways stand earlier in the file is first.
    """
    parts = [
        [
            _said(way, at, facts)
            for at, way in enumerate(part)
            if not _placeholders(way) - facts.keys()
        ]
        for part in variant.parts
    ]
    if not all(parts):
        return
    free = [at for at, part in enumerate(parts) if len(part) > 1]
    room = limit + _TIDIED - sum(part[0].length for part in parts if len(part) == 1)
    worth = sum(part[0].worth for part in parts if len(part) == 1)
    ways = sorted(
        (-sum(way.worth for way in ways), sum(way.place for way in ways), at, ways)
        for at, ways in enumerate(product(*(parts[at] for at in free)))
        if sum(way.length for way in ways) <= room
    )
    for less, _, _, chosen in ways:
        said = [part[0] for part in parts]
        for at, way in zip(free, chosen, strict=True):
            said[at] = way
        text = contracted("".join(way.text for way in said), facts.get("event_name", ""), language)
        text = _tidy(text, language)
        if utf16_length(text) <= limit:
            states: frozenset[str] = frozenset().union(*(way.states for way in said))
            yield Filling(text, states, worth - less)


def _said(way: str, place: int, facts: Mapping[str, str]) -> _Way:
    text = _SLOT.sub(lambda slot: facts[slot[1]], way)
    states = _placeholders(way)
    worth = sum(WEIGHTS.get(fact, OWN_WEIGHT) for fact in states)
    return _Way(text, place, states, worth, utf16_length(text))


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(_SLOT.findall(text))


def _tidy(text: str, language: Language) -> str:
    """Without what a part that was left out leaves behind, and spelt as the language wants it."""
    text = re.sub(r" {2,}", " ", text)
    text = re.sub(r" ?\n ?", "\n", text)
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    text = re.sub(r"(?<=[^\W\d_])([.!?])\.(?=\s|$)", r"\1", text)  # "at Yahoo!." ends once
    text = re.sub(r"(?<=[^\W\d_])!(?=\s?\?)", "", text)  # and so does "at Yahoo!?"
    if language == "fr":
        text = re.sub(r"\b([Qq]u|[Dd])e (?=[aeiouAEIOUàâéèêîôÀÂÉÈÊÎÔ])", r"\1'", text)
        # The usual space before these signs, one at which no line may break.
        text = re.sub(r" (?=[?!:;»](?:\s|$))", "\u00a0", text)
    return text


def _ranks(name: str, text: str, *, hybrid: bool) -> tuple[tuple[Variant, ...], ...]:
    ranks: list[tuple[Variant, ...]] = []
    prefix = "h" if hybrid else ""
    for block in re.split(r"(?m)^-{3,}$", text):
        wordings = [part.strip() for part in re.split(r"(?m)^~{3,}$", block)]
        rank = tuple(
            _variant(name, f"{prefix}{len(ranks) + 1}{_letter(place)}", words, hybrid=hybrid)
            for place, words in enumerate(filter(None, wordings))
        )
        if rank:
            ranks.append(rank)
    return tuple(ranks)


def _letter(place: int) -> str:
    return "" if place == 0 else chr(ord("a") + place)


def _variant(name: str, label: str, text: str, *, hybrid: bool) -> Variant:
    where = f"{name}, variant {label}"
    named = _SLOT.findall(text)
    if named.count(PERSONAL_LINE) != hybrid:
        raise SettingsError(
            f"{where}: {{{PERSONAL_LINE}}} stands once in a hybrid variant, and in no other",
            "correct it",
        )
    for placeholder in named:
        if placeholder not in {*PLACEHOLDERS, PERSONAL_LINE} and not _is_own(placeholder):
            raise SettingsError(
                f"{where}: unknown placeholder {{{placeholder}}}",
                f"known are {', '.join(PLACEHOLDERS)}, and columns of your lists, such as their_talk",
            )
    if re.search(r"[{}]", _SLOT.sub("", text)):
        raise SettingsError(f"{where}: a brace without its partner", "remove it")
    parts = tuple(_parts(where, text))
    if prod(map(len, parts)) > _MOST_WAYS:
        raise SettingsError(
            f"{where} can be written in more than {_MOST_WAYS} ways", "use fewer <...|...>"
        )
    always = (way for part in parts if len(part) == 1 for way in part)
    return Variant(
        label=label, text=text, parts=parts, needs=frozenset().union(*map(_placeholders, always))
    )


def _is_own(placeholder: str) -> bool:
    """Whether it may name a column of the team's lists, and is not a known one misspelt."""
    words = {word for known in PLACEHOLDERS for word in known.split("_")}
    return (
        re.fullmatch(r"[^\W\d_]\w{2,39}", placeholder) is not None
        and placeholder == placeholder.casefold()
        and not words.issuperset(placeholder.split("_"))
        and not difflib.get_close_matches(placeholder, PLACEHOLDERS, n=1, cutoff=0.8)
    )


def _parts(where: str, text: str) -> Iterator[Ways]:
    for at, piece in enumerate(re.split(r"<([^<>]*)>", text)):
        if at % 2 == 0:
            if re.search(r"[<>]", piece):
                raise SettingsError(f"{where}: a < or > without its partner", "correct it")
            yield (piece,)
        else:
            ways = tuple(piece.split("|"))
            yield ways if len(ways) > 1 else (*ways, "")
