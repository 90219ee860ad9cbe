"""Which lead, or which question, somebody at a terminal means by what they typed."""

from __future__ import annotations

from collections.abc import Sequence

from ingagents.core.identity import aliases_of_identifier
from ingagents.core.review_policy import Review
from ingagents.errors import InputError, UsageError
from ingagents.model import Lead
from ingagents.ports import Transaction
from ingagents.store import lookup
from ingagents.store.tables import leads, reviews

_LISTED = 8


def lead_named(transaction: Transaction, text: str) -> Lead:
    """A lead by its id or the beginning of one, any profile address, a slug or a name.

    Raises:
        InputError: nobody is meant.
        UsageError: more than one may be; they are listed.
    """
    text = text.strip()
    if lead := leads.find(transaction, text):
        return lead
    if lead := leads.find_by_aliases(transaction, aliases_of_identifier(text) if text else ()):
        return lead
    begun = lookup.ids_beginning(transaction, "leads", text, limit=_LISTED + 1)
    ids = dict.fromkeys((*begun, *lookup.leads_called(transaction, text)))
    found = [lead for one in ids if (lead := leads.find(transaction, one)) is not None]
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputError(f"there is no lead {text!r}", "see `ingagents leads list`")
    listed = [f"{one.id[:8]} {one.name}, {one.position} at {one.company}" for one in found]
    raise _several("leads", text, listed)


def review_named(transaction: Transaction, text: str) -> Review:
    """A question by its id, the beginning of one, what it is about, or whom (see `lead_named`).

    Raises:
        InputError: none is meant.
        UsageError: more than one may be; they are listed.
    """
    text = text.strip()
    if review := reviews.find(transaction, text.lower()):
        return review
    ids = lookup.ids_beginning(transaction, "reviews", text.lower(), limit=_LISTED + 1)
    found = [review for one in ids if (review := reviews.find(transaction, one)) is not None]
    if not found and (review := reviews.about(transaction, text)) is not None:
        return review
    if not found:
        try:
            lead = lead_named(transaction, text)
        except InputError as exc:
            raise InputError(f"there is no review {text!r}", "see `ingagents review list`") from exc
        every = reviews.of_lead(transaction, lead.id)
        found = [one for one in every if one.state == "open"] or every[-1:]
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputError(f"nothing is asked about {text!r}", "see `ingagents review list`")
    raise _several("reviews", text, [f"{one.id} {one.kind} {one.recipient}" for one in found])


def _several(what: str, text: str, listed: Sequence[str]) -> UsageError:
    more = f", and {len(listed) - _LISTED} more" if len(listed) > _LISTED else ""
    return UsageError(
        f"{text!r} may be one of several {what}: {', '.join(listed[:_LISTED])}{more}",
        "name one by its id",
    )
