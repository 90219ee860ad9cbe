"""Where settings stand - the file, `.env`, the environment - and what is wrong with them.

Every mistake becomes one line with the name of the setting. Values are never repeated in it,
because any of them may be a secret in the wrong place.
"""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from itertools import chain
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource

from ingagents.errors import SettingsError
from ingagents.masking import keep_secret, keep_url_secrets
from ingagents.settings.llm import VENDOR_KEYS

ENV_PREFIX = "INGAGENTS_"
SELECTOR = "INGAGENTS_SETTINGS"
"""Names the settings file itself, so it is not a setting."""

_ADDRESSES = ("url", "base_url", "api_root")
"""Settings that may hold a password inside an address."""
_READ_BY_LIBRARIES = ("PGPASSWORD", "ANTHROPIC_AUTH_TOKEN", *VENDOR_KEYS.values())
"""Variables of others that hold secrets and that what we use reads by itself."""


def read_toml(file: Path) -> dict[str, Any]:
    """The tables of a settings file.

    Raises:
        SettingsError: no UTF-8, no TOML, or not to be read.
    """
    try:
        return tomllib.loads(_text_of(file))
    except (ValueError, RecursionError) as exc:  # the second: brackets within brackets
        raise SettingsError(f"{file} is not valid TOML: {exc}", "mend that line") from exc


def read_dotenv(file: Path) -> dict[str, str]:
    """The variables of a `.env` file; none without one.

    Raises:
        SettingsError: it cannot be read, or a line of it is no NAME=value.
    """
    if not file.is_file():
        return {}
    text = _text_of(file)
    for line in parse_stream(StringIO(text)):
        if line.error or (line.key is not None and line.value is None):
            raise SettingsError(
                f"{file} line {line.original.line} is no setting", "write it as NAME=value"
            )
    found = dotenv_values(stream=StringIO(text))
    return {name: value for name, value in found.items() if value is not None}


def check_file(from_file: dict[str, Any], file: Path, settings: type[BaseSettings]) -> None:
    """Refuse what only a file can do wrong.

    Raises:
        SettingsError: an unknown table, a value where a table belongs, a secret.
    """
    for name in from_file:
        if name not in settings.model_fields:
            raise SettingsError(f"{file}: unknown setting {name}", _did_you_mean((name,), settings))
    for path, field in fields_of(settings):
        value, name = value_at(from_file, path), ".".join(path)
        if _shape(field) is dict and value is not None and not isinstance(value, dict):
            raise SettingsError(
                f"{file}: {name} is a table of settings, not a single value or a list",
                f"write [{name}] on a line of its own and its settings below",
            )
        if field.annotation is SecretStr and value:
            raise SettingsError(
                f"{file}: {name} is a secret and stands in the settings file",
                f"move it to the environment or .env as {_variable(path)}, or use {name}_file",
            )


def from_variables(variables: Mapping[str, str], settings: type[BaseSettings]) -> dict[str, Any]:
    """The settings among some variables; their names count in any case.

    Raises:
        SettingsError: an unknown INGAGENTS_ variable, or a table or list that is no JSON.
    """
    known = {_variable(path): _shape(field) for path, field in fields_of(settings)}
    for name in sorted(variables):
        upper = name.upper()
        if not upper.startswith(ENV_PREFIX) or upper == SELECTOR:
            continue
        if upper not in known:
            raise SettingsError(f"unknown variable {name}", _nearest_variable(upper, known))
        shape = known[upper]
        if shape is not None and not isinstance(_from_json(variables[name]), shape):
            example = '{"name": "value"}' if shape is dict else '["one", "two"]'
            raise SettingsError(f"{name} is not written as JSON", f"write something like {example}")
    source = EnvSettingsSource(settings)
    source.env_vars = {name.lower(): value for name, value in variables.items()}
    return source()


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Both, table by table; where both have a value `over` wins."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            result[key] = merged(below, value)
        else:
            result[key] = value
    return result


def keep_secrets(
    values: Mapping[str, Any], variables: Mapping[str, str], settings: type[BaseSettings]
) -> None:
    """Have every secret hidden from now on, also those of settings that turn out to be wrong."""
    for path, field in fields_of(settings):
        value = str(value_at(values, path) or "")
        if field.annotation is SecretStr:
            keep_secret(value)
        elif path[-1] in _ADDRESSES:
            keep_url_secrets(value)
    for name, value in variables.items():
        if name.lower().endswith("_proxy"):
            keep_url_secrets(value)
        elif name in _READ_BY_LIBRARIES:
            keep_secret(value)


def with_vendor_keys(values: dict[str, Any], variables: Mapping[str, str]) -> dict[str, Any]:
    """The values, with the vendors' own variables as keys of providers that have none of ours."""
    for path in (("llm",), ("llm", "standby")):
        table = value_at(values, path)
        if not isinstance(table, dict) or table.get("api_key") or table.get("api_key_file"):
            continue
        key = variables.get(VENDOR_KEYS.get(str(table.get("provider")), ""), "")
        if key:
            found: dict[str, Any] = {"api_key": key}
            for name in reversed(path):
                found = {name: found}
            values = merged(values, found)
    return values


def explain(
    exc: ValidationError,
    settings: type[BaseSettings],
    *,
    file: Path | None,
    from_file: Mapping[str, Any],
    variables: Mapping[str, str],
) -> str:
    """All mistakes in one line, each with the name of its setting and where that was read."""
    spelt = {name.upper(): name for name in variables}
    told: dict[str, str] = {}
    for error in exc.errors(include_input=False, include_url=False, include_context=False):
        path = tuple(str(part) for part in error["loc"])
        prefixes = [_variable(path[:length]) for length in range(len(path), 0, -1)]
        source = next((spelt[name] for name in prefixes if name in spelt), "")
        if not source and path and path[0] in from_file:
            source = str(file)
        where = f"{source}: " if source else ""
        if error["type"] == "extra_forbidden":
            name, hint = ".".join(path), _did_you_mean(path, settings)
            told[name] = f"{where}unknown setting {name}; {hint}"
        else:
            name, plain = _in_plain_words(path, error["type"], error["msg"], settings)
            told.setdefault(name, f"{where}{name}: {plain}")
    return " | ".join(told.values())


_UNIONS = (Union, UnionType)
"""Of settings that may be written in two forms: pydantic tells what is wrong with either."""

_PLAINLY = {
    "int_": "write a whole number (an integer)",
    "float_": "write a number",
    "bool_": "write true or false",
    "date_": "write a date like 2027-05-20",
    "string_type": "write a text in quotes",
    "string_too_short": "write at least one letter",
    "model_type": "write a table of settings",
    "tuple_type": 'write a list, such as ["one", "two"]',
}
"""What to do about a mistake, by how its kind begins; pydantic speaks to programmers."""


def _in_plain_words(
    path: tuple[str, ...], kind: str, said: str, settings: type[BaseSettings]
) -> tuple[str, str]:
    """The setting's name, and what to write there: its own words for that, where it has some."""
    known = _known(settings)
    length = next(
        one for one in range(len(path), -1, -1) if not one or _unnumbered(path[:one]) in known
    )
    at, below = path[:length], path[length:]
    field = known.get(_unnumbered(at))
    if field is not None and get_origin(field.annotation) in _UNIONS:
        below = ()
    name = ".".join((*at, *below))
    plain = next((words for begins, words in _PLAINLY.items() if kind.startswith(begins)), said)
    plain = plain.replace("Input should be", "it must be")
    if kind == "value_error":
        plain = said.removeprefix("Value error, ")
    elif field is not None and field.description:
        plain = field.description
    if (table := _unnumbered(at)) in _tables_in_lists(settings) and not below:
        each = f"write each as [[{'.'.join(table)}]]"
        plain = f"{plain}; {each}" if kind == "value_error" else each
    return name, plain


def _text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise SettingsError(f"{file} is not UTF-8 text: {exc}", "save it as UTF-8") from exc
    except OSError as exc:
        raise SettingsError(f"{file} cannot be read: {exc}", "check the file") from exc


def fields_of(
    model: type[BaseModel], before: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], FieldInfo]]:
    """Every table and every setting by its path."""
    for name, field in model.model_fields.items():
        path = (*before, name)
        yield path, field
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from fields_of(field.annotation, path)


def _tables_in_lists(model: type[BaseModel]) -> dict[tuple[str, ...], type[BaseModel]]:
    """The settings that are a table a line, by their path."""
    found = (
        (path, next(iter(get_args(field.annotation)), None)) for path, field in fields_of(model)
    )
    return {
        path: one for path, one in found if isinstance(one, type) and issubclass(one, BaseModel)
    }


def value_at(tables: Mapping[str, Any] | BaseModel, path: tuple[str, ...]) -> object:
    """What stands at a path, None where it ends early."""
    value: object = tables
    for part in path:
        value = value.get(part) if isinstance(value, dict) else getattr(value, part, None)
    return value


def _shape(field: FieldInfo) -> type[dict[str, Any] | list[Any]] | None:
    """Whether it is a table (dict), a list or one value (None)."""
    kind = field.annotation
    if get_origin(kind) is tuple:
        return list
    table = get_origin(kind) is dict or (isinstance(kind, type) and issubclass(kind, BaseModel))
    return dict if table else None


def _variable(path: tuple[str, ...]) -> str:
    return ENV_PREFIX + "__".join(path).upper()


def _from_json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _known(settings: type[BaseSettings]) -> dict[tuple[str, ...], FieldInfo]:
    """Every table and setting by its path, also those of the tables in lists."""
    of_lines = (fields_of(line, place) for place, line in _tables_in_lists(settings).items())
    return dict(chain(fields_of(settings), *of_lines))


def _unnumbered(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for part in path if not part.isdecimal())


def _did_you_mean(path: tuple[str, ...], settings: type[BaseSettings]) -> str:
    """The same name at its right place, else the nearest name beside it."""
    path, every = _unnumbered(path), list(_known(settings))
    elsewhere = [".".join(known) for known in every if known[-1] == path[-1]]
    if elsewhere:
        return f"did you mean {elsewhere[0]}?"
    return nearest(path[-1], [known[-1] for known in every if known[:-1] == path[:-1]])


def _nearest_variable(name: str, known: Iterable[str]) -> str:
    """The same last name at its right place, else the nearest of all."""
    last = name.removeprefix(ENV_PREFIX).rpartition("__")[2]
    elsewhere = [one for one in known if last and one.endswith(f"__{last}")]
    if elsewhere:
        return f"did you mean {' or '.join(elsewhere[:3])}?"
    bare = [one.removeprefix(ENV_PREFIX) for one in known]
    close = difflib.get_close_matches(name.removeprefix(ENV_PREFIX), bare, n=1, cutoff=0.5)
    return f"did you mean {ENV_PREFIX}{close[0]}?" if close else "take it out of the environment"


def nearest(name: str, known: list[str]) -> str:
    """Asks whether the nearest of the known names was meant; without one, tells them."""
    close = difflib.get_close_matches(name.strip().lower(), known, n=1, cutoff=0.5)
    return f"did you mean {close[0]}?" if close else f"known are {', '.join(sorted(known)[:12])}"
