"""`facts.toml`: what may be told to people, read with the place of every mistake.

The team writes it, or a sheet, and all of it may go out under the team's name: so each value is
bounded, and one with control signs is refused.
"""

from __future__ import annotations

import itertools
import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from ingagents.core.facts.fact_checks import dead_on_its_face
from ingagents.core.messages.reader_language import Language
from ingagents.errors import SettingsError
from ingagents.model import Fact, FactSheet
from ingagents.settings.reading import nearest

LONGEST_FILE = 200_000
MOST_FACTS = 200
_SHOWN = 5
"""Mistakes named at once."""


def _plain(value: object) -> object:
    """Text on one line; control, direction and broken signs never go out."""
    if not isinstance(value, str):
        return value
    value = " ".join(value.split())
    bad = next((sign for sign in value if unicodedata.category(sign)[0] == "C"), "")
    if bad:
        raise ValueError(f"has the control sign U+{ord(bad):04X}; take it out")
    return value


_TEXT_MAX = 2_000
Said = Annotated[str, BeforeValidator(_plain), Field(min_length=1, max_length=_TEXT_MAX)]
Word = Annotated[str, BeforeValidator(_plain), Field(min_length=1, max_length=60)]
Address = Annotated[
    str, BeforeValidator(_plain), Field(max_length=300, pattern=r'^(?:https?://[^\s<>"]+)?$')
]
Kind = Literal["Speaker", "Sponsor", "Other"]


class _FactTable(BaseModel):
    model_config = ConfigDict(
        defer_build=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    id: str = Field(pattern=r"^\w[\w.-]{0,59}$")
    text: Said | dict[Language, Said]
    link: Address = ""
    kinds: tuple[Kind, ...] = Field((), alias="for")
    asks: tuple[Word, ...] = Field((), max_length=50)
    since: date | None = Field(None, alias="from")
    until: date | None = None

    @field_validator("id")
    @classmethod
    def _not_ours(cls, value: str) -> str:
        if value.startswith("campaign."):
            raise ValueError("ids that begin with campaign. are those of [campaign]")
        return value

    @field_validator("since", "until", mode="before")
    @classmethod
    def _a_date(cls, value: object) -> object:
        if value is not None and type(value) is not date and not isinstance(value, str):
            raise ValueError("write a date like 2027-05-20")
        return value

    def to_fact(self) -> Fact:
        text = self.text if isinstance(self.text, dict) else {"": self.text}
        return Fact(
            id=self.id,
            text={str(language): said for language, said in text.items()},
            link=self.link,
            kinds=self.kinds,
            asks=self.asks,
            since=self.since,
            until=self.until,
        )


class _Booking(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    booking: dict[Word, Address] = Field({}, max_length=200)


def read_facts(file: Path) -> FactSheet:
    """The facts and booking addresses of a file; a missing file has none.

    Raises:
        SettingsError: it cannot be read or is no TOML, or a value in it is wrong: each with the
            line and the fact's id.
    """
    try:
        if file.stat().st_size > LONGEST_FILE:
            raise SettingsError(f"{file} is larger than {LONGEST_FILE} bytes", "shorten it")
        text = file.read_text("utf-8-sig")
    except FileNotFoundError:
        return FactSheet()
    except UnicodeDecodeError as exc:
        raise SettingsError(f"{file} is not UTF-8 text: {exc}", "save it as UTF-8") from exc
    except OSError as exc:
        raise SettingsError(f"{file} cannot be read: {exc.strerror}", "check the file") from exc
    return parse_facts(text, str(file))


def parse_facts(text: str, name: str) -> FactSheet:
    """What a file of facts says; `name` is what an error calls it.

    Raises:
        SettingsError: as `read_facts`.
    """
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as exc:
        raise SettingsError(f"{name} is not valid TOML: {exc}", "mend that line") from exc
    lines = [
        number
        for number, line in enumerate(text.splitlines(), start=1)
        if re.match(r"\s*\[\[\s*[\"']?fact[\"']?\s*\]\]", line)
    ]
    facts: list[Fact] = []
    wrong = [*_wrong_tables(tables)]
    given = tables.get("fact", [])
    for at, table in enumerate(given if isinstance(given, list) else []):
        line = f"line {lines[at]}" if at < len(lines) else f"fact {at + 1}"
        identity = table.get("id") if isinstance(table, dict) else None
        where = f"{line} ({identity[:60]})" if isinstance(identity, str) else line
        try:
            fact = _FactTable.model_validate(table).to_fact()
        except ValidationError as exc:
            wrong += [f"{where}: {why}" for why in _whys(exc, _FactTable)]
            continue
        if any(fact.id == other.id for other in facts):
            wrong.append(f"{where}: there is another fact with this id")
        facts.append(fact)
    if len(facts) > MOST_FACTS:
        wrong.append(f"there are {len(facts)} facts; at most {MOST_FACTS} are read")
    try:
        booking = _Booking.model_validate({"booking": tables.get("booking", {})}).booking
    except ValidationError as exc:
        wrong += _whys(exc, _Booking)
        booking = {}
    if wrong:
        more = f" | and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise SettingsError(f"{name}: {' | '.join(wrong[:_SHOWN])}{more}", "correct the file")
    return FactSheet(facts=tuple(facts), booking=booking)


def parse_fact(table: Mapping[str, Any]) -> Fact | str:
    """One fact as the file would say it; or what is wrong with it."""
    try:
        return _FactTable.model_validate(table).to_fact()
    except ValidationError as exc:
        return "; ".join(_whys(exc, _FactTable))


def why_no_booking(owner: str, address: str) -> str:
    """What is wrong with the address of somebody's calendar; "" when nothing is."""
    if not owner or not address:
        return "write `booking: ` and the owner under Fact, and the address under Link"
    try:
        _Booking.model_validate({"booking": {owner: address}})
    except ValidationError as exc:
        return "; ".join(_whys(exc, _Booking))
    why = dead_on_its_face(address)
    return f"the address {why}" if why else ""


def facts_as_toml(sheet: FactSheet, *, before: str) -> str:
    """The text of a file of facts; the comments above the first table of the one `before` stay."""
    head = itertools.takewhile(
        lambda line: not line.strip() or line.lstrip().startswith("#"), before.splitlines()
    )
    parts = ["\n".join(head).rstrip()]
    for fact in sheet.facts:
        text: object = dict(fact.text) if set(fact.text) - {""} else fact.text.get("", "")
        rows = {"id": fact.id, "text": text, "link": fact.link}
        rows |= {"for": list(fact.kinds), "asks": list(fact.asks)}
        lines = [f"{name} = {_as_toml(value)}" for name, value in rows.items() if value]
        days = {"from": fact.since, "until": fact.until}
        lines += [f"{name} = {day.isoformat()}" for name, day in days.items() if day]
        parts.append("\n".join(["[[fact]]", *lines]))
    if sheet.booking:
        rows_of_owners = (
            f"{_as_toml(owner)} = {_as_toml(at)}" for owner, at in sheet.booking.items()
        )
        parts.append("\n".join(["[booking]", *rows_of_owners]))
    return "\n\n".join(filter(None, parts)) + "\n"


def _as_toml(value: object) -> str:
    """Texts as TOML's basic strings, which are JSON's; lists and tables of them."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{name} = {_as_toml(said)}' for name, said in value.items())} }}"
    return json.dumps(value, ensure_ascii=False)


def _wrong_tables(tables: Mapping[str, Any]) -> Iterator[str]:
    known = ["fact", "booking"]
    for table in tables:
        if table not in known:
            yield f"unknown table {table}; {nearest(table, known)}"
    if not isinstance(tables.get("fact", []), list):
        yield "fact is a single table; write [[fact]]"


def _whys(exc: ValidationError, table: type[BaseModel]) -> list[str]:
    names = [field.alias or name for name, field in table.model_fields.items()]
    found: dict[str, str] = {}
    for error in exc.errors(include_input=False, include_url=False, include_context=False):
        name, *below = (str(part) for part in error["loc"] or ("",))
        parts = [part for part in below if part.isdecimal() or part in {"en", "de", "fr", "es"}]
        where = ".".join([name, *parts])
        message = (
            error["msg"].removeprefix("Value error, ").replace("Input should be", "it must be")
        )
        if error["type"] == "extra_forbidden":
            message = nearest(name, names)
            where = f"unknown key {name}"
        elif error["type"] == "string_pattern_mismatch":
            message = (
                "write letters, digits, dots and dashes, at most 60"
                if name == "id"
                else "write an address that begins with https://"
            )
        elif error["type"] == "tuple_type":
            message = 'write a list, such as ["one", "two"]'
        elif error["type"] in {"too_short", "string_too_short"}:
            message = "write at least one letter"
        elif name == "text" and error["type"] in {"too_long", "string_too_long"}:
            message = f"write at most {_TEXT_MAX} characters"
        elif name == "text" and error["type"] in {"string_type", "dict_type"}:
            message = 'write text = "...", or a table by language: { en = "...", de = "..." }'
        found.setdefault(where, f"{where}: {message}")
    return list(found.values())
