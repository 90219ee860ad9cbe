"""People from JSON files: what profile services and scrapers answer, one person or many.

A person is an object that says who somebody is; what it is wrapped in ("data", "items", an envelope
of a search) is passed through. It becomes a row of cells under the names of its keys and is read as
the row of a table is, so a key counts as a header of that name does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ingagents.errors import InputError, UsageError
from ingagents.integrations.csv.columns import WANTED, columns_of, names_of
from ingagents.integrations.csv.files import RowOfPerson
from ingagents.integrations.csv.header import columns_over
from ingagents.integrations.csv.heading import folded
from ingagents.integrations.csv.reading import Row
from ingagents.model import ListedPerson, RefusedRow


class JsonPeople:
    """A file of people in JSON or JSON Lines; `line` of a row is its place among the entries.

    Keeps `ports.PeopleList`. `mapping` says which keys are which fields, as with a table.

    Raises:
        InputError: unreadable, larger than 64 MiB, no JSON, or nobody in it.
        UsageError: `mapping` names a key that is not there.
    """

    encoding = "utf-8"  # or another form of Unicode; which, JSON says by itself
    blank_rows = 0

    def __init__(self, path: Path, mapping: Mapping[str, str] | None = None) -> None:
        self._entries = [_cells(one) for one in _entries(_read(path))]
        self.bytes_total = self.bytes_read = path.stat().st_size
        self._headers = tuple(dict.fromkeys(key for cells in self._entries for key in cells))
        if not any(map(_names_somebody, self._entries)):
            raise InputError(
                f"{path} names nobody", f"each person is an object with keys like {WANTED}"
            )
        if missing := (mapping or {}).keys() - names_of(self._headers):
            names = ", ".join(map(repr, self._headers))
            raise UsageError(f"{path} has no key {min(missing)!r}", f"its keys are {names}")
        self._rows = [[cells.get(key, "") for key in self._headers] for cells in self._entries]
        self._columns = columns_over(self._headers, self._rows, mapping)

    @property
    def columns(self) -> Mapping[str, str]:
        """Field by field the key that was understood as it."""
        return self._columns.understood

    @property
    def unused(self) -> Sequence[str]:
        """The keys that serve no field."""
        return self._columns.unused

    @property
    def own(self) -> Mapping[str, str]:
        """Those of them that are kept for templates, by the name that a template calls them."""
        return self._columns.kept

    def __iter__(self) -> Iterator[ListedPerson | RefusedRow]:
        reader = RowOfPerson(self._columns)
        for line, cells in enumerate(self._rows, 1):
            yield reader.read(Row(line=line, cells=cells))


def is_json(path: Path) -> bool:
    """Whether a file calls itself JSON, or begins like it."""
    if path.suffix.casefold() in {".json", ".jsonl", ".ndjson"}:
        return True
    try:
        with path.open("rb") as file:
            return file.read(_SAMPLE_BYTES).lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[{"))
    except OSError:
        return False


def _read(path: Path) -> Any:
    try:
        if not path.is_file():
            what = "is not a file" if path.exists() else "does not exist"
            raise InputError(f"{path} {what}", "give the path of a file")
        with path.open("rb") as file:
            content = file.read(_BYTES_MAX + 1)
    except OSError as exc:
        raise InputError(f"{path} cannot be read ({exc})", "check the file") from exc
    if len(content) > _BYTES_MAX:
        raise InputError(
            f"{path} is larger than {_BYTES_MAX >> 20} MiB", "split it, or export the list as CSV"
        )
    try:
        return _parsed(content.decode(json.detect_encoding(content)))
    except (ValueError, RecursionError) as exc:
        raise InputError(f"{path} is no JSON ({exc})", "export the list again") from exc


def _parsed(text: str) -> Any:
    """A text of one value, or of one in each line; the first line shows which.

    Raises:
        ValueError: it is neither, and where.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as whole:
        found = []
        for number, line in enumerate(text.split("\n"), 1):
            try:
                found += [json.loads(line)] if line.strip() else []
            except json.JSONDecodeError as exc:
                if not found:
                    raise whole from exc
                raise ValueError(f"{exc.msg}: line {number} column {exc.colno}") from exc
        return found


def _entries(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """The objects that may be people, whatever lists and envelopes stand around them."""
    if depth > _DEPTH_MAX:
        return
    if isinstance(value, list):
        for one in value:
            yield from _entries(one, depth + 1)
    elif isinstance(value, dict):
        lists = [inner for key, inner in value.items() if folded(key) in _LISTS and _many(inner)]
        if lists:
            yield from _entries(lists, depth)
        elif _names_somebody(_cells(value)) or depth:
            yield value
        else:
            yield from _entries([inner for inner in value.values() if _many(inner)], depth)


def _many(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _names_somebody(cells: Mapping[str, str]) -> bool:
    """By the keys: a person of whom the name is not known is one all the same."""
    return not _NAMES.isdisjoint(columns_of(tuple(cells)).surely)


def _cells(person: Mapping[str, Any]) -> dict[str, str]:
    """What an object says, by the names of its keys; the outer word counts before an inner one."""
    cells: dict[str, str] = {}
    within = [person]
    for held in within:
        for key, value in list(held.items())[:_KEYS_MAX]:
            name = folded(key)
            if isinstance(value, dict):
                if name in _ENVELOPES and len(within) <= _DEPTH_MAX:
                    within.append(value)
                elif name in _PLACES:
                    _add(cells, "location", _first(value, _PLACE_TEXTS))
                    for part in ("city", "country"):
                        _add(cells, part, _first(value, (part,)))
                elif name in _COMPANIES:
                    _add(cells, "currentCompany", _first(value, _COMPANY_NAMES))
            elif isinstance(value, list):
                if name in _JOBS:
                    for field, text in _current_job(value).items():
                        _add(cells, field, text)
            else:
                _add(cells, key, _text(value), known=value is None)
    return cells


def _add(cells: dict[str, str], key: str, text: str, *, known: bool = False) -> None:
    if text or known:
        cells[key] = cells.get(key) or text


def _current_job(jobs: Sequence[Any]) -> dict[str, str]:
    """Title and company of the first job that somebody still has, under names that headers have."""
    for job in jobs[:_JOBS_MAX]:
        if isinstance(job, dict) and _is_current(job):
            company = _first(job, _COMPANY_NAMES)
            inner = next((job[key] for key in job if folded(key) in _COMPANIES), None)
            if not company and isinstance(inner, dict):
                company = _first(inner, _COMPANY_NAMES)
            return {"currentTitle": _first(job, _TITLES), "currentCompany": company}
    return {}


def _is_current(job: Mapping[str, Any]) -> bool:
    """By a flag; else by an end that is none: absent, empty, all zeros, or a word for today."""
    said = {folded(key): value for key, value in job.items()}
    flag = next((said[key] for key in _CURRENT_FLAGS if isinstance(said.get(key), bool)), None)
    if flag is not None:
        return bool(flag)
    spans = [value for key in _SPANS if isinstance(value := said.get(key), dict)]
    for span in spans:
        said |= {folded(key): value for key, value in span.items()}
    ends = [said[key] for key in _ENDS if key in said]
    texts = [value for key in _SPANS if isinstance(value := said.get(key), str) and "-" in value]
    return all(map(_is_no_end, ends)) and all(_has_no_end(text) for text in texts)


def _is_no_end(end: Any) -> bool:
    if isinstance(end, dict):
        return all(map(_is_no_end, end.values()))
    return not end or str(end).strip().casefold() in _TODAY


def _has_no_end(span: str) -> bool:
    """Of "Jan 2020 - Present · 4 yrs"."""
    return not _TODAY.isdisjoint(span.casefold().replace("·", " ").split())


def _first(held: Mapping[str, Any], keys: Sequence[str]) -> str:
    said = {folded(key): _text(value) for key, value in held.items()}
    return next((said[key] for key in keys if said.get(key)), "")


def _text(value: Any) -> str:
    """A text or a number as a cell; flags and what holds more are none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)[:_TEXT_MAX]


_SAMPLE_BYTES = 64
_BYTES_MAX = 64 << 20
_DEPTH_MAX = 6
_KEYS_MAX = 300
_JOBS_MAX = 100
_TEXT_MAX = 10_000
_NAMES = frozenset({"name", "first_name", "last_name", "public_identifier"})
_LISTS = frozenset(
    ["items", "results", "elements", "people", "persons", "profiles", "leads", "included", "hits"]
)
_ENVELOPES = frozenset(
    ["data", "profile", "person", "user", "member", "basicinfo", "result", "response"]
)
_PLACES = frozenset(["location", "geo", "geolocation"])
_PLACE_TEXTS = ("full", "linkedintext", "text", "defaultlocalizedname", "name", "default")
_COMPANIES = frozenset(["company", "currentcompany", "employer", "organization", "organisation"])
_COMPANY_NAMES = (
    *("company", "companyname", "organization", "organisation", "organizationname"),
    *("employer", "name"),
)
_TITLES = ("title", "position", "role", "jobtitle", "positiontitle")
_JOBS = frozenset(
    [
        "experience",
        "experiences",
        "workexperience",
        "positions",
        "currentpositions",
        "currentposition",
        "jobs",
        "employment",
        "employments",
        "workhistory",
    ]
)
_CURRENT_FLAGS = ("iscurrent", "current", "currentjob")
_SPANS = ("startenddate", "daterange", "timeperiod", "dates", "caption")
_ENDS = ("end", "endsat", "enddate", "endyear", "endedon", "to")
_TODAY = frozenset({"present", "now", "today", "current", "heute", "aujourd’hui", "actualidad"})
