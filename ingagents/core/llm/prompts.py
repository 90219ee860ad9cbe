"""Prompts: files with a version, and the only way from data to a question.

A prompt file has a head that names its task and its version, a `[system]` and a `[user]` part.
`{data}` in the user part is where the data goes, once: as JSON between `<data>` and `</data>`, with
every sign escaped that could close the tag, and of bounded length. Other words in braces are our
own values (a limit, a count) and known by name; braces that are meant are doubled.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import msgspec

from ingagents.errors import SettingsError
from ingagents.model import LeadId, ModelAnswer, ModelTask, Question

LONGEST_DATA = 24_000
"""Characters between the tags, about 6,000 tokens; longer strings are cut shorter until it fits."""
LONGEST_STRING = 1_200
MOST_ITEMS = 200
DEEPEST = 6

_LONGEST_FILE = 20_000
_MOST_PROBLEMS, _LONGEST_PROBLEM = 8, 200
_MOST_OUTPUT_TOKENS = 4_000

WORDS: Mapping[ModelTask, frozenset[str]] = MappingProxyType(
    {
        ModelTask.MESSAGE: frozenset({"limit", "wanted"}),
        ModelTask.ALLOCATION: frozenset({"count"}),
    }
)
"""What a task's user part may name in braces beside `{data}`: values of ours, never a stranger's."""


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """One task's instructions. `version` is what decisions are signed with: "classify/1"."""

    task: ModelTask
    version: str
    system: str
    user: str


def file_of(task: ModelTask) -> str:
    """The name of a task's prompt file, built in and in a user's own folder."""
    return f"{task.value}.txt"


@lru_cache(maxsize=64)  # every department that is opened in a process reads the same few files
def parse_prompt(task: ModelTask, text: str, *, own: bool = False) -> Prompt:
    """Read a prompt file; an `own` one of the user is told apart by a hash of its content.

    Raises:
        SettingsError: the head names another task or no version, a part is missing, `{data}` does
            not stand in the user part exactly once, or an unknown word stands in braces.
    """
    name = file_of(task)
    if len(text) > _LONGEST_FILE:
        raise SettingsError(f"the prompt {name} is over {_LONGEST_FILE} characters", "shorten it")
    head, parts = _parts(text)
    if head.get("prompt") != task.value:
        raise SettingsError(
            f"the prompt {name} does not say what it is for",
            f"begin it with the line `# prompt: {task.value}`",
        )
    if not re.fullmatch(r"[\w.-]{1,40}", head.get("version", "")):
        raise SettingsError(f"the prompt {name} has no version", "add a line `# version: my-1`")
    for part in ("system", "user"):
        if not parts.get(part):
            raise SettingsError(f"the prompt {name} has no [{part}] part", "add it")
    _check_words(task, name, parts["user"])
    version = f"{task.value}/{head['version']}"
    if own:
        version += "+" + sha256("\n".join(text.split()).encode()).hexdigest()[:8]
    return Prompt(task=task, version=version, system=parts["system"], user=parts["user"])


def question_of(
    prompt: Prompt,
    *,
    data: Any,
    schema: Mapping[str, Any],
    words: Mapping[str, str | int] | None = None,
    max_output_tokens: int = 1000,
    about: Sequence[LeadId] = (),
) -> Question:
    """A prompt with its data in place: what a model is asked.

    `words` are our own values for the prompt's other braces; nobody else's text may be given there.
    """
    values = {"data": as_data(data), **{name: str(value) for name, value in (words or {}).items()}}
    return Question(
        task=prompt.task,
        prompt_version=prompt.version,
        system=prompt.system,
        user=_SLOT.sub(lambda slot: _filled(slot, values), prompt.user),
        schema=schema,
        max_output_tokens=max_output_tokens,
        about=tuple(about),
    )


def repair_question(question: Question, answer: ModelAnswer, problems: Sequence[str]) -> Question:
    """The same question again with what was wrong; with more room when the answer was cut off.

    The refused answer is not repeated: whoever steered it would speak once more. Ask this once.
    """
    told = "\n".join(
        f"- {_harmless(problem, _LONGEST_PROBLEM)}" for problem in problems[:_MOST_PROBLEMS]
    )
    room = question.max_output_tokens
    return msgspec.structs.replace(
        question,
        user=f"{question.user}\n\nYour last answer was refused:\n{told}\n"
        "Answer again, with JSON of the wanted shape and nothing else.",
        max_output_tokens=min(2 * room, max(room, _MOST_OUTPUT_TOKENS))
        if answer.stop == "length"
        else room,
    )


def as_data(data: Any, *, longest: int = LONGEST_DATA) -> str:
    """Any plain value as JSON between `<data>` tags, bounded, unable to close the tag.

    `<`, `>` and `&` are escaped, signs that nobody sees are left out. What is cut ends with "…".
    """
    string, items = LONGEST_STRING, MOST_ITEMS
    while True:
        plain = _bounded(msgspec.to_builtins(data), string, items, DEEPEST)
        text = msgspec.json.encode(plain).decode()
        if len(text) <= longest or (string, items) == (1, 1):
            break
        string, items = (string // 2, items) if string > 40 else (max(string // 2, 1), items // 2)
        items = max(items, 1)
    for sign, escaped in _ESCAPED:
        text = text.replace(sign, escaped)
    return f"<data>\n{text}\n</data>"


_ESCAPED = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"))
_SLOT = re.compile(r"\{\{|\}\}|\{([a-z_]{1,30})\}")


def _parts(text: str) -> tuple[dict[str, str], dict[str, str]]:
    head: dict[str, str] = {}
    lines: dict[str, list[str]] = {}
    part = ""
    for raw in text.removeprefix("\ufeff").splitlines():
        line = raw.rstrip()
        if line in {"[system]", "[user]"}:
            part = line[1:-1]
        elif part:
            lines.setdefault(part, []).append(line)
        elif found := re.fullmatch(r"#\s{0,8}(prompt|version):\s{0,8}(\S{1,60})", line):
            head.setdefault(found[1], found[2])
    return head, {name: "\n".join(each).strip() for name, each in lines.items()}


def _check_words(task: ModelTask, name: str, user: str) -> None:
    known = {"data", *WORDS.get(task, ())}
    words = [found[1] for found in _SLOT.finditer(user) if found[1]]
    if unknown := sorted(set(words) - known):
        raise SettingsError(
            f"the prompt {name} has unknown words in braces: {', '.join(unknown)}",
            f"known are {', '.join(sorted(known))}; write {{{{ and }}}} for braces you mean",
        )
    if words.count("data") != 1:
        raise SettingsError(
            f"the prompt {name} needs {{data}} in its [user] part exactly once", "correct it"
        )
    if re.search(r"[{}]", _SLOT.sub("", user)):
        raise SettingsError(
            f"the prompt {name} has a brace without its partner", "write {{ and }} for braces"
        )


def _filled(slot: re.Match[str], values: Mapping[str, str]) -> str:
    return values[slot[1]] if slot[1] else slot[0][0]


def _bounded(value: Any, string: int, items: int, depth: int) -> Any:
    """The value with shorter strings, fewer items, and nothing below a certain depth."""
    if isinstance(value, str):
        return _harmless(value, string)
    if isinstance(value, Mapping):
        return {
            _harmless(str(key), 60): _bounded(each, string, items, depth - 1)
            for key, each in list(value.items())[: items if depth else 0]
        }
    if isinstance(value, list | tuple):
        return [_bounded(each, string, items, depth - 1) for each in value[: items if depth else 0]]
    if isinstance(value, int) and value.bit_length() > 63:
        return 0
    return value


def _harmless(text: str, longest: int) -> str:
    """One line of visible signs, cut with "…"."""
    kept = "".join(
        " " if sign.isspace() or unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign
        for sign in text[: 4 * longest + 40]
        if unicodedata.category(sign) not in {"Cf", "Cs", "Co", "Cn"}
    )
    line = " ".join(kept.split())
    return line if len(line) <= longest else line[: max(longest - 1, 0)] + "…"
