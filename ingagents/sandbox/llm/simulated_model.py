"""A language model's stand-in: reads the schema and the marked data, answers with simple sense.

Deterministic, and modest on purpose: the product must not depend on how clever it is. It takes
what stands between `<data>` and `</data>` as JSON, and obeys nothing that is written in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from ingagents.sandbox.chance import Draw

_DATA = re.compile(r"<data>\s*((?:(?!<data>).)*?)\s*</data>", re.DOTALL)
"""The innermost: instructions that stand in the same text may speak of `<data>` themselves."""
_DEPTH_MAX = 12
_ITEMS_MAX = 200

_CUES: tuple[tuple[str, str], ...] = (
    ("opt_out", r"unsubscribe|stop (writing|messag)|remove me|do not contact"),
    ("not_interested", r"not interested|no thank|kein interesse|pas intéress|no gracias"),
    ("negative", r"not interested|no thank|stop|kein interesse|pas intéress|no gracias"),
    ("meeting", r"\bcall\b|meet|calendar|termin"),
    ("interested", r"\bcall\b|meet|calendar|termin"),
    ("requesting_info", r"more (info|detail)|how much|what is|\?"),
    ("interested", r"interested|sounds (good|great)|happy to|gerne|love to|\byes\b"),
    ("positive", r"interested|sounds (good|great)|happy to|gerne|love to|\byes\b"),
    ("sponsor", r"marketing|partnership|sales|business development|brand|investor|revenue"),
    ("speaker", r"\bcto\b|engineer|architect|founder|research|developer|scientist|head of|vp "),
)
_UNDECIDED = ("other", "unclear", "neutral", "none", "unknown", "general", "")
_TEXT_KEYS = (
    "answer",
    "reply",
    "text",
    "message",
    "headline",
    "position",
    "title",
    "summary",
    "about",
)
_CLAIM_KEYS = ("position", "company", "name")
_LINES = (
    "Your role as {position} at {company} is close to our topics",
    "We write to you because you work as {position} at {company}",
    "You know this field from practice, with your work at {company}",
    "What you do at {company} is close to our topic",
    "We are looking for people who work as {position}",
    "The work of {company} is one we would like to hear about",
    "Many of our guests share your role as {position}",
)
_LINE_ENDS = (
    ", and we would value your view.",
    ", so your experience would help us.",
    ", which is why I write to you.",
    ", and others could learn from it.",
    ", and that is what we want to talk about.",
    ", so I hope this is of interest.",
    ".",
)
_LINE_LONGEST = 105
_OPENINGS = (
    "your work as {position} at {company} is close to our topics.",
    "as {position} at {company} you know this field well.",
    "what you do at {company} as {position} fits what we plan.",
)
_REQUESTS = (
    "We are preparing {event} and would value your view. Would you be open to a short exchange?",
    "{event} is taking shape. May I tell you more about it?",
    "We would like to have you with us at {event}. Shall I send a few details?",
)
_LATER_OPENINGS: Mapping[str, tuple[str, ...]] = {
    "first message": (
        (
            "thank you for connecting. You work as {position} at {company}, and people with this view are"
            " what {event} needs."
        ),
        (
            "thank you for accepting my invitation. I write to you as {position} at {company}, because"
            " your field is close to what {event} is about."
        ),
        (
            "it is good to be connected. I am preparing {event}, and a view like yours, as {position} at"
            " {company}, would be of use to many."
        ),
    ),
    "follow-up": (
        "a short addition to my message about {event}, for you as {position} at {company}.",
        "there is something new about {event} that may be of interest to {company}.",
        "only a few lines more about {event}, as they may matter to you in your role as {position}.",
    ),
    "last follow-up": (
        "this is my last message about {event}, and it may be of interest to you as {position}.",
        "one last note about {event} to you at {company}.",
        "I will not write to you about {event} again, but as {position} you may find this useful.",
    ),
}
_LATER_ENDS: Mapping[str, tuple[str, ...]] = {
    "first message": (
        (
            "What we look for is one example from practice: what you wanted to do, which way you took,"
            " and what came of it. A rough idea is enough for now, and all the rest can be"
            " settled later. Would you like to hear more?"
        ),
        (
            "People come to learn from each other, and they prefer an honest story to a perfect one. You"
            " would not have to prepare anything today, and a short answer is enough for me. Is that"
            " of interest to you?"
        ),
    ),
    "follow-up": ("Would you like to hear more?", "Is that of interest to you?"),
    "last follow-up": (
        "If it is of interest later, a short answer is enough. All the best!",
        "No answer is needed. I wish you all the best.",
    ),
}
"""What is said before and after the news, by the `step` in the data."""
_LATER_LINES = (
    "That may be of interest to you as {position} at {company}.",
    "For somebody who works as {position}, this could be useful.",
    "At {company} you may find that worth knowing.",
    "I thought this could matter to you in your role as {position} at {company}.",
    "It is close to what you do as {position} at {company}.",
)


class Asked(NamedTuple):
    """What a model is asked, whichever vendor's dialect it came in."""

    system: str
    user: str
    schema: Mapping[str, Any]
    model: str
    limit: int


def think(asked: Asked) -> Any:
    """An answer that fits the schema, made of the data in the question."""
    data = [one for text in _DATA.findall(asked.user) if (one := _decoded(text)) is not None]
    facts = _Facts(asked, data)
    return _value("", asked.schema, facts, facts.whole, 0)


class _Facts:
    """The data of a question: all of it as one mapping, and its longest list of objects."""

    def __init__(self, asked: Asked, data: Sequence[Any]) -> None:
        self.defs = asked.schema.get("$defs") or asked.schema.get("definitions") or {}
        self.draw = Draw(0, "model", asked.user)
        self.whole: dict[str, Any] = {}
        self.people: list[dict[str, Any]] = []
        for one in _walk(list(data), 0):
            if isinstance(one, dict):
                for key, value in one.items():
                    self.whole.setdefault(str(key), value)
            if isinstance(one, list):
                objects = [item for item in one if isinstance(item, dict)]
                if len(objects) > len(self.people):
                    self.people = objects[:_ITEMS_MAX]
        if data and data == self.people:  # each block is one person
            self.people = [one for one in data if isinstance(one, dict)][:_ITEMS_MAX]


def _value(name: str, schema: Any, facts: _Facts, about: Mapping[str, Any], depth: int) -> Any:
    schema = _plain(schema, facts)
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "null")
    if "const" in schema:
        return schema["const"]
    if options := schema.get("enum"):
        return _option(name, options, about)
    if depth > _DEPTH_MAX:
        return None
    if kind == "object" or "properties" in schema:
        return {
            key: _value(key, inner, facts, about, depth + 1)
            for key, inner in (schema.get("properties") or {}).items()
        }
    if kind == "array":
        return _items(name, schema, facts, about, depth)
    if kind in {"integer", "number"}:
        return _number(name, schema, about, whole=kind == "integer")
    if kind == "boolean":
        return _cued(name, _said(about))
    return None if kind == "null" else _text(name, schema, facts, about)


def _plain(schema: Any, facts: _Facts) -> Mapping[str, Any]:
    """The schema with references followed and the first variant that is not null taken."""
    for _ in range(_DEPTH_MAX):
        if not isinstance(schema, Mapping):
            return {}
        if reference := schema.get("$ref"):
            schema = facts.defs.get(str(reference).rpartition("/")[2], {})
            continue
        variants = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
        if not variants:
            return schema
        schema = next((one for one in variants if one.get("type") != "null"), {})
    return {}


def _items(
    name: str, schema: Mapping[str, Any], facts: _Facts, about: Mapping[str, Any], depth: int
) -> list[Any]:
    inner = _plain(schema.get("items", {}), facts)
    most = min(int(schema.get("maxItems", _ITEMS_MAX)), _ITEMS_MAX)
    least = int(schema.get("minItems", 0))
    top = about is facts.whole and facts.people
    if inner.get("type") == "object" or "properties" in inner:
        subjects = facts.people if top else [about]
        found = [_value(name, inner, facts, one, depth + 1) for one in subjects]
    elif top and re.search(r"id|order|lead", name):
        best_first = sorted(facts.people, key=lambda one: -_score(one))
        found = [next((v for k, v in one.items() if "id" in k), "") for one in best_first]
    else:
        found = [_value(name, inner, facts, about, depth + 1)]
    while len(found) < least:
        found.append(_value(name, inner, facts, about, depth + 1))
    return found[:most]


def _option(name: str, options: Sequence[Any], about: Mapping[str, Any]) -> Any:
    """What the data's own words speak for; else the undecided one, else the first."""
    if about.get(name) in options:
        return about[name]
    if name == "field":
        return next((key for key in _CLAIM_KEYS if key in options and about.get(key)), options[0])
    said = _said(about)
    for cue, pattern in _CUES:
        for option in options:
            if str(option).lower() == cue and re.search(pattern, said, re.IGNORECASE):
                return option
    undecided = (one for one in options if str(one).lower() in _UNDECIDED)
    return next(undecided, options[0])


def _number(
    name: str, schema: Mapping[str, Any], about: Mapping[str, Any], *, whole: bool
) -> float | int:
    known = about.get(name)
    if isinstance(known, int | float) and not isinstance(known, bool):
        value = float(known)
    else:
        value = 0.85 if "confidence" in name else 5.0 + 2.0 * _cued("speaker", _said(about))
    low, high = schema.get("minimum", value), schema.get("maximum", value)
    value = min(max(value, float(low)), float(high))
    return round(value) if whole else value


def _text(name: str, schema: Mapping[str, Any], facts: _Facts, about: Mapping[str, Any]) -> str:
    known = about.get(name)
    words = re.split(r"[_\W]+", name.lower())
    if {"message", "text", "line", "note", "draft"} & set(words):
        text = _message(facts, about)
    elif isinstance(known, str):
        text = known
    elif name == "words":
        text = next((about[key] for key in _CLAIM_KEYS if isinstance(about.get(key), str)), "")
    elif "field" in words:
        text = next((key for key in _TEXT_KEYS if isinstance(about.get(key), str)), "")
    elif "language" in words:
        text = "en"
    elif {"evidence", "quote", "quotes", "claim", "reason", "reasons"} & set(words):
        text = next((about[key][:120] for key in _TEXT_KEYS if isinstance(about.get(key), str)), "")
    else:
        text = f"Seen from the data: {name or 'answer'}."
    return text[: int(schema.get("maxLength", 2_000))]


def _message(facts: _Facts, about: Mapping[str, Any]) -> str:
    def of(*keys: str) -> str:
        values = (about.get(key) or facts.whole.get(key) for key in keys)
        return next((one.strip() for one in values if isinstance(one, str) and one.strip()), "")

    name, company = of("first_name", "name"), of("company")
    first = name.split()[0] if name else "there"
    event = of("event_name", "event")
    known = {
        "position": of("position", "title") or "expert",
        "company": company or "your company",
        "event": event,
    }
    step, news = of("step"), " ".join(filter(None, (of("fact"), of("fact_link"))))
    if not event and news:
        return facts.draw.pick(_LATER_LINES).format_map(known)
    if step in _LATER_OPENINGS and event:
        said = facts.draw.pick(_LATER_OPENINGS[step]), facts.draw.pick(_LATER_ENDS[step])
        opening, end = (one.format_map(known) for one in said)
        return " ".join(filter(None, (f"Hi {first},", opening, news, end)))
    if not event:  # who is told of none writes about the person alone, for a letter of others
        line = facts.draw.pick(_LINES).format_map(known)
        end = facts.draw.pick(_LINE_ENDS)
        return line + end if len(line + end) <= _LINE_LONGEST else f"{line}."
    opening = facts.draw.pick(_OPENINGS).format_map(known)
    return f"Hi {first}, {opening} {facts.draw.pick(_REQUESTS).format_map(known)}"


def _score(person: Mapping[str, Any]) -> float:
    value = person.get("quality_score", person.get("score", 0.0))
    return float(value) if isinstance(value, int | float) else 0.0


def _cued(name: str, said: str) -> bool:
    return any(
        cue == name and bool(re.search(pattern, said, re.IGNORECASE)) for cue, pattern in _CUES
    )


def _said(about: Mapping[str, Any]) -> str:
    """The words of the data, bounded."""
    texts = (one for one in _walk(dict(about), 0) if isinstance(one, str))
    return " ".join(text[:500] for text in texts)[:5_000]


def _walk(value: Any, depth: int) -> Iterator[Any]:
    """The value and everything in it, outermost first."""
    yield value
    if depth < _DEPTH_MAX and isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _walk(one, depth + 1)


def _decoded(text: str) -> Any:
    try:
        return msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        return None
