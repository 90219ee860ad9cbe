"""Pages out of templates: every text is escaped, and what does not show is spelt out."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from ingagents.core.why.why_words import change_of, said_of
from ingagents.display import counted, visible
from ingagents.masking import masked

if TYPE_CHECKING:
    from jinja2 import Environment


def page(template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """A page out of a template of `web/templates`."""
    return HTMLResponse(_environment().get_template(template).render(**values), status)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("ingagents", "web/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        at=at, words=words, with_code=with_code, said_of=said_of, change_of=change_of
    )
    environment.globals.update(counted=counted)
    return environment


def shown(value: Any) -> Any:
    """What a page shows of a value: no secret, no sign that does not show; nothing of None."""
    if value is None:
        return ""
    if isinstance(value, Enum):
        value = value.value
    # Markup is a str of our own templates; it was escaped where it was made.
    return visible(masked(value)) if type(value) is str else value


def at(moment: datetime | date | str | None, zone: ZoneInfo) -> str:
    """A moment as the campaign's people read it; "" where there is none."""
    if not moment:
        return ""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    if isinstance(moment, datetime):
        return f"{moment.astimezone(zone):%a %Y-%m-%d %H:%M %Z}"
    return moment.isoformat()


def with_code(sentence: str) -> Markup:
    """A sentence of ours with what stands between backticks set as what is typed."""
    parts = (escape(shown(part)) for part in sentence.split("`"))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else part
        for place, part in enumerate(parts)
    )


def words(name: object) -> str:
    """A name of ours as words: `not_before` is "not before"."""
    return str(name.value if isinstance(name, Enum) else name).replace("_", " ")
