"""The secrets this process knows, and texts without them, however they were written down.

Whoever reads a secret gives it to `keep_secret`; whoever makes a text of what came from outside (an
answer, an exception) lets it through `masked` before it is cut, for a cut secret is not found
again. A secret is hidden for what it is, not for what secrets usually look like: as it stands,
percent- encoded, escaped as in JSON, Python or HTML, as hexadecimal digits, folded over lines, and
inside base64, as logins send it.
"""

from __future__ import annotations

import base64
import functools
import html
import json
import re
from collections.abc import Iterator
from urllib.parse import unquote

HIDDEN = "[hidden]"

_LENGTH_MIN = 4
_STANDS_ALONE_LENGTH = 8
"""A shorter secret may be a part of any word: it is one only where no letter is beside it."""
_PART_LENGTH = 12
"""So much of a secret's beginning or end is hidden too: whoever repeats it may cut it."""
_SECRETS_MAX = 200
_TOKENS_MAX = 8
"""Above these the oldest are forgotten: nothing grows for ever."""
_NOT_HIDDEN = frozenset(
    {"sandbox", "ingagents", "linkedin", "localhost", "password", "postgres", "postgresql"}
)
"""Stand-ins that are words of our own texts: hiding them hides nothing and spoils every line."""

_BASE64_SIGNS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=")
_BREAK = r"(?:\s|\u00ad|[\u200b-\u200f]|\u2060|\ufeff|\\[nrt]){0,4}"
"""Where a long line was folded, or words were wrapped: what stands on both sides is one secret.

No set of signs far apart: compiling one takes a millisecond, and a secret has half a hundred.
"""
_URL_PASSWORD = re.compile(r"^(?:[a-zA-Z][\w+.-]*://)?[^:/]*:(.*)@", re.DOTALL)
_URL_PARTS = re.compile(r"[@:/?#&=%]")
_URL_PARAMETER = re.compile(r"(?i)[?&][^=&]*(?:pass|secret|token|key)[^=&]*=([^&]*)")

_kept: dict[str, tuple[_Form | _End, ...]] = {}
_issued: dict[str, tuple[_Form | _End, ...]] = {}
"""Every secret and token of this process with what is looked for, the newest last."""


class _Form:
    """One way in which a secret stands in a text; `signs` are patterns, one for each character."""

    def __init__(self, signs: list[str], *, in_base64: bool) -> None:
        self.in_base64 = in_base64
        self._flags = re.NOFLAG if in_base64 else re.IGNORECASE
        is_short = len(signs) < _STANDS_ALONE_LENGTH
        between = "" if is_short else _BREAK
        self._rest = [between + sign for sign in signs[_PART_LENGTH:]]
        begins = between.join(signs[:_PART_LENGTH])
        if is_short and not in_base64:
            begins = rf"(?<!\w){begins}(?!\w)"
        self._begins = begins  # compiled late: most commands never have a text to look through

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it stands, whole or its beginning."""
        at = 0
        begins = _compiled(self._begins, self._flags)
        while found := begins.search(text, at):
            start, at = found.span()
            for sign in self._rest:
                more = _compiled(sign, self._flags).match(text, at)
                if more is None:
                    break
                at = more.end()
            if self.in_base64:  # the rest of the block holds the rest of the secret's bits
                while start > 0 and text[start - 1] in _BASE64_SIGNS:
                    start -= 1
                while at < len(text) and text[at] in _BASE64_SIGNS:
                    at += 1
            yield start, at


class _End:
    """The end of a secret whose beginning was cut off."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.lower()
        self._ends = _BREAK.join(_sign(one) for one in secret[-_PART_LENGTH:])

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it stands, with as much as is left before it."""
        for found in _compiled(self._ends, re.IGNORECASE).finditer(text):
            start, before = found.start(), len(self._secret) - _PART_LENGTH
            while start and before and text[start - 1].lower() == self._secret[before - 1]:
                start, before = start - 1, before - 1
            yield start, found.end()


def keep_secret(*secrets: str) -> None:
    """From now on hide these wherever `masked` is asked; empty and very short ones are none."""
    _keep(secrets, _kept, most=_SECRETS_MAX)


def keep_token(*tokens: str) -> None:
    """Hide what was issued for an hour or so, until enough newer ones are."""
    _keep(tokens, _issued, most=_TOKENS_MAX)


def keep_url_secrets(url: str) -> None:
    """Hide what may be the password of an address, also of one that is badly written.

    A sign that should have been escaped (`@`, `/`, `?`, `#`, `:`, `%`) makes everybody read
    another password, so each part counts as one.
    """
    for found in (*_URL_PASSWORD.findall(url), *_URL_PARAMETER.findall(url)):
        keep_secret(found, unquote(found), *_URL_PARTS.split(found))


def masked(text: str) -> str:
    """The text with `[hidden]` in the place of every secret."""
    spans = sorted(
        span
        for forms in [*_kept.values(), *_issued.values()]
        for form in forms
        for span in form.spans(text)
    )
    if not spans:
        return text
    shown: list[str] = []
    done = 0
    for start, end in spans:
        if start > done or not shown:
            shown += [text[done:start], HIDDEN]
        done = max(done, end)
    return "".join([*shown, text[done:]])


def _keep(
    secrets: tuple[str, ...], kept: dict[str, tuple[_Form | _End, ...]], *, most: int
) -> None:
    for secret in secrets:
        if len(secret) < _LENGTH_MIN or secret.lower() in _NOT_HIDDEN or secret in kept:
            continue
        while len(kept) >= most:
            del kept[next(iter(kept))]
        kept[secret] = tuple(_forms(secret))


def _forms(secret: str) -> Iterator[_Form | _End]:
    yield _Form([_sign(one) for one in secret], in_base64=False)
    if len(secret) > _PART_LENGTH:
        yield _End(secret)
    raw = secret.encode("utf-8", "surrogatepass")
    yield _Form(list(raw.hex()), in_base64=False)
    for before in range(3):
        # Of the block's characters those that no neighbour of the secret has a bit in.
        coded = base64.b64encode(b"\0" * before + raw).decode("ascii")
        inner = coded[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
        if len(inner) >= _LENGTH_MIN:
            signs = [{"+": "[+-]", "/": "[/_]"}.get(one, one) for one in inner]
            yield _Form(signs, in_base64=True)


@functools.lru_cache(maxsize=1024)
def _sign(sign: str) -> str:
    """A pattern for every way a character is written."""
    raw = sign.encode("utf-8", "surrogatepass")
    ways = {
        sign,
        json.dumps(sign)[1:-1],
        repr(sign)[1:-1],
        f"\\{sign}",
        f"\\u{ord(sign):04x}",
        f"\\U{ord(sign):08x}",
        f"\\x{ord(sign):02x}",
        "".join(f"\\x{one:02x}" for one in raw),
        "".join(f"%{one:02X}" for one in raw),
        "".join(f"%25{one:02X}" for one in raw),
        html.escape(sign),
        f"&#{ord(sign)};",
        f"&#x{ord(sign):x};",
        raw.decode("latin-1"),
        *("+" for _ in sign if sign == " "),
    }
    return f"(?:{'|'.join(re.escape(way) for way in sorted(ways, key=len, reverse=True))})"


@functools.lru_cache(maxsize=2048)
def _compiled(pattern: str, flags: re.RegexFlag) -> re.Pattern[str]:
    return re.compile(pattern, flags)
