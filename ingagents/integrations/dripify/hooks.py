"""Dripify's webhooks: who may post one, what it rings for, and the answers that it alone tells.

They are not signed: the secret stands in the address. A body has no kind, no account and no id. The
thread in it is whole each time, so each answer is known again by who wrote it, when and what.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from ingagents.core.identity import aliases_of_url
from ingagents.integrations.http.sanitise import (
    JsonObject,
    clean_text,
    json_object_of,
    line_of,
    moment_of,
    objects_of,
)
from ingagents.integrations.http.shared_secret import SecretInAddress
from ingagents.model import Ring, RingKind
from ingagents.model.hook import ToldAnswer, UnreadableHook

_TOLD_MAX = 20
"""Answers of a thread, the last ones."""


class DripifyHooks(SecretInAddress):
    """Keeps `app.hooks.HookReader`."""

    def ring_of(self, body: bytes) -> Ring:
        """What a body rings for: with answers in its thread those, else the campaign went on.

        Raises:
            UnreadableHook: it is no object, or about nobody.
        """
        told = json_object_of(body)
        who = line_of(told.get("link")) if told is not None else ""
        names = [one.value for one in aliases_of_url(who) if one.kind in {"slug", "acoa"}]
        if told is None or not names:
            raise UnreadableHook
        thread = _thread_of(told.get("conversation"))
        theirs = [one for one in thread if _is_theirs(one)]
        answers = [_answer_of(names[0], one) for one in theirs[-_TOLD_MAX:]]
        if answers:
            key = f"{names[0]}/{answers[-1].id}"
            return Ring(account_id="", kind=RingKind.MESSAGE, key=key, told=tuple(answers))
        key = f"{names[0]}/{line_of(told.get('hookDate'), 40)}/{len(thread)}"
        return Ring(account_id="", kind=RingKind.ACCEPTANCE, key=key)


def _thread_of(value: Any) -> Sequence[JsonObject]:
    """The thread; none where there is none or it is a mere text, which does not tell who wrote it."""
    if isinstance(value, str):
        wrapped = json_object_of(b'{"thread": ' + value.encode("utf-8", "replace") + b"}")
        value = wrapped.get("thread") if wrapped is not None else None
    return objects_of(value)


def _is_theirs(said: JsonObject) -> bool:
    return line_of(said.get("type"), 60).lower().endswith("replied")


def _answer_of(name: str, said: JsonObject) -> ToldAnswer:
    written, text = line_of(said.get("timestamp"), 60), clean_text(said.get("text"))
    known_by = sha256(f"{name}|{written}|{text}".encode()).hexdigest()[:32]
    return ToldAnswer(id=f"dripify-{known_by}", who=name, text=text, at=_moment_of(written))


def _moment_of(written: str) -> datetime | None:
    """A moment as an integrator saw it, or a day as the other fields have it; None: another form."""
    if (found := moment_of(written)) is not None:
        return found
    for form in ("%d/%m/%Y %H:%M", "%d/%m/%Y"):
        try:
            return datetime.strptime(written, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
