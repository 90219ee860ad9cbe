"""Title and company out of the line that people write under their names."""

from __future__ import annotations

import re

_LENGTH_MAX = 500
_NAME_LENGTH_MAX = 200


def headline_parts(headline: str) -> tuple[str, str]:
    """Title and company from a headline such as "CTO @ Acme | Speaker"; empty where not told.

    The first part that names a company wins; a former company is none. Without a company the
    title is the first part if it is as short as titles are.
    """
    parts = [part.strip() for part in _PARTS.split(" ".join(headline[:_LENGTH_MAX].split()))]
    present = [part for part in parts if part and not _FORMER.match(part)]
    for part in present:
        title, at, rest = _partition(part)
        company = _company(rest)
        if company and _is_employer(title, at, company):
            return ("" if title.casefold() in _NO_TITLES else _trimmed(title)), company
    first = _trimmed(present[0]) if present else ""
    is_title = len(first) <= 60 and len(first.split()) <= 7 and "://" not in first
    return (first if is_title else "", "")


_PARTS = re.compile(r"[|•·∙⋅▪►→⎮│]| [-–—] | // ")
_AT = re.compile(r" (?:at|bei|bij|chez|presso|hos) | @ ?|@ |^@", re.IGNORECASE)
_FORMER = re.compile(
    r"(?:ex|former|formerly|previous|previously|ehem|ehemals|ehemaliger?|ancien|ancienne)\b",
    re.IGNORECASE,
)
_COMPANY_END = re.compile(
    r",(?! ?(?:inc|llc|ltd|limited|gmbh|ag|se|co|corp|plc|bv|s\.?a)\b)| ?[(;:\[]|(?<=\w\w)[.!?] ",
    re.IGNORECASE,
)
_SECOND_JOB = re.compile(r" (?:and|und|et|en|e|&) |, | ex-", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:der|dem|den) ", re.IGNORECASE)
_NO_TITLES = frozenset({"working", "i work", "works", "currently", "currently working", "employed"})


def _partition(part: str) -> tuple[str, str, str]:
    match = _AT.search(part)
    return (part[: match.start()], match[0], part[match.end() :]) if match else (part, "", "")


def _company(rest: str) -> str:
    employer, again, _ = _partition(rest)
    if again:
        # "Acme and Advisor at Globex": the second job starts inside the first one's company.
        employer = _SECOND_JOB.split(employer)[0]
    name = _COMPANY_END.split(_ARTICLE.sub("", employer.strip(), count=1))[0]
    return _trimmed(name)[:_NAME_LENGTH_MAX]


def _is_employer(title: str, at: str, company: str) -> bool:
    # "... sleep better at night with this" names nobody; "CTO at eBay" does.
    is_short = len(title.split()) <= 6 and len(company.split()) <= 3
    return is_short or (len(title.split()) <= 12 and ("@" in at or not company[0].islower()))


def _trimmed(text: str) -> str:
    """Without the emoji and punctuation that people put around a title or a company."""
    start, end = 0, len(text)
    while start < end and not (text[start].isalnum() or text[start] in '"“«('):
        start += 1
    while start < end and not (text[end - 1].isalnum() or text[end - 1] in '.!+)"”»'):
        end -= 1
    return text[start:end]
