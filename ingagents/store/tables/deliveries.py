"""Outward acts: claimed, attempted, outcome. The order of commits is what keeps law 2.

`claim` is committed before the call and reserves the quota; the unique index `deliveries_once`
forbids a second live act for the same person, campaign and step, from whichever account. Afterwards
`settle` or `doubt` is committed. A delivery that is `attempted` and belongs to nobody alive is a
doubt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from ingagents.core.rate_limiter import Act
from ingagents.core.sending.refusals import Ended, Tried
from ingagents.model import (
    FIRST_CONTACT,
    AccountId,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Look,
    Refusal,
    Step,
)
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import moment, stamp, to_json
from ingagents.store.engine.row_codec import RowCodec, insert_into
from ingagents.store.tables import lead_plans

_DELIVERY = RowCodec(Delivery)
_FIRST = str(FIRST_CONTACT)
_SELECT = f"SELECT {_DELIVERY.columns} FROM deliveries"
_OVER = "('refused', 'lost')"
"""States in which the step is free again; the index `deliveries_once` says the same."""
_TO_PEOPLE = "('invitation', 'message', 'reply', 'enrolment')"
_CLAIM = (
    insert_into("deliveries", _DELIVERY.names)
    + f" ON CONFLICT (recipient, campaign, step) WHERE state NOT IN {_OVER} DO NOTHING"
)


def fingerprint(text: str) -> str:
    """The hash that binds a claim, and an approval, to exactly this text."""
    return sha256(text.encode()).hexdigest()


_AT_ONCE = timedelta(seconds=1)
"""Claims that lie further ahead come from a clock that was put back since."""
_BARE = fingerprint("")
"""Of an invitation without a note. An erased text has no hash at all and counts as a note."""
_ENDED: Mapping[str, Ended] = {"sent": "taken", "refused": "refused"}


def claim(transaction: Transaction, delivery: Delivery) -> bool:
    """Reserve the right to act; False when this step was already claimed for this person."""
    is_taken = bool(transaction.run(_CLAIM, _DELIVERY.values(delivery)))
    if is_taken:
        lead_plans.mark(transaction, delivery.recipient)
    return is_taken


def moment_after(transaction: Transaction, account_id: AccountId, now: datetime) -> datetime:
    """This moment, or the one just after a claim of the account at it: claims have an order."""
    ((last,),) = transaction.rows(
        "SELECT max(claimed_at) FROM deliveries WHERE account_id = :account_id"
        " AND claimed_at >= :now AND claimed_at < :soon",
        {"account_id": account_id, "now": stamp(now), "soon": stamp(now + _AT_ONCE)},
    )
    return now if last is None else moment(str(last)) + timedelta(microseconds=1)


def settle(
    transaction: Transaction,
    delivery_id: str,
    state: DeliveryState,
    *,
    now: datetime,
    service_id: str = "",
    chat_id: str = "",
    detail: str = "",
    refusal: Refusal | None = None,
) -> bool:
    """Write the outcome of an act; False when it was already settled for good.

    A doubt may still become sent, refused or lost; sent and refused are final.
    """
    changed = transaction.run(
        "UPDATE deliveries SET state = :state, settled_at = :now, service_id = :service_id,"
        " chat_id = :chat_id, detail = :detail, refusal = :refusal"
        " WHERE id = :id AND state IN ('claimed', 'attempted', 'uncertain')",
        {
            "id": delivery_id,
            "state": state.value,
            "now": stamp(now),
            "service_id": service_id,
            "chat_id": chat_id,
            "detail": detail,
            "refusal": refusal,
        },
    )
    return bool(changed) and _marked(transaction, delivery_id)


def settle_lost(transaction: Transaction, delivery_id: str, *, now: datetime, detail: str) -> bool:
    """An act that was taken for lost shows after all; False when its step was claimed anew."""
    changed = transaction.run(
        "UPDATE deliveries SET state = 'sent', settled_at = :now, detail = :detail"
        " WHERE id = :id AND state = 'lost' AND NOT EXISTS"
        " (SELECT 1 FROM deliveries o WHERE o.recipient = deliveries.recipient"
        " AND o.campaign = deliveries.campaign AND o.step = deliveries.step"
        f" AND o.state NOT IN {_OVER})",
        {"id": delivery_id, "now": stamp(now), "detail": detail},
    )
    return bool(changed) and _marked(transaction, delivery_id)


def doubt(
    transaction: Transaction,
    delivery_id: str,
    *,
    detail: str,
    looks: tuple[Look, ...] | None = None,
) -> bool:
    """Mark an act as one that may have happened; `looks` are all looks so far, None keeps them."""
    changed = transaction.run(
        "UPDATE deliveries SET state = 'uncertain', detail = :detail,"
        " looks = coalesce(:looks, looks)"
        " WHERE id = :id AND state IN ('claimed', 'attempted', 'uncertain')",
        {
            "id": delivery_id,
            "detail": detail,
            "looks": None if looks is None else to_json(looks),
        },
    )
    return bool(changed) and _marked(transaction, delivery_id)


def sent_by_campaign(
    transaction: Transaction, enrolment: Delivery, *, kind: DeliveryKind, text: str
) -> bool:
    """The campaign has made its first touch: the enrolment is that act from now on."""
    changed = transaction.run(
        "UPDATE deliveries SET kind = :kind, text = :text, text_hash = :text_hash"
        " WHERE id = :id AND kind = 'enrolment' AND state = 'sent'",
        {
            "id": enrolment.id,
            "kind": kind.value,
            "text": text,
            "text_hash": fingerprint(text),
        },
    )
    return bool(changed) and _marked(transaction, enrolment.id)


def find(transaction: Transaction, delivery_id: str) -> Delivery | None:
    """The delivery of this id."""
    rows = transaction.rows(f"{_SELECT} WHERE id = :id", {"id": delivery_id})
    return _DELIVERY.read(rows[0]) if rows else None


def of_recipient(transaction: Transaction, recipient: str) -> list[Delivery]:
    """Everything ever claimed for one recipient, oldest first."""
    return [
        _DELIVERY.read(row)
        for row in transaction.rows(
            f"{_SELECT} WHERE recipient = :recipient ORDER BY claimed_at, id",
            {"recipient": recipient},
        )
    ]


def of_person(transaction: Transaction, lead_id: str) -> list[Delivery]:
    """Everything ever claimed for a lead and for whoever was closed as its double, oldest first."""
    return [
        _DELIVERY.read(row)
        for row in transaction.rows(
            f"{_SELECT} WHERE recipient IN (SELECT :id UNION ALL"
            " SELECT id FROM leads WHERE duplicate_of = :id) ORDER BY claimed_at, id",
            {"id": lead_id},
        )
    ]


def open_attempts(transaction: Transaction, *, kinds: Iterable[DeliveryKind]) -> list[Delivery]:
    """Acts without an outcome: in somebody's hands this moment, or left by a dead process."""
    return _in_states(transaction, ("claimed", "attempted"), kinds)


def doubtful(transaction: Transaction, *, kinds: Iterable[DeliveryKind]) -> list[Delivery]:
    """Acts that may have happened."""
    return _in_states(transaction, ("uncertain",), kinds)


_KINDS = {str(kind): kind for kind in DeliveryKind}
"""Ten times as fast as asking the enum, which a full week of acts notices."""


def claimed_since(transaction: Transaction, account_id: AccountId, since: datetime) -> list[Act]:
    """The acts for which quota was reserved on an account from a moment on, oldest first.

    Counts whatever may have reached a person: sent, under way, uncertain, and what was taken for
    lost (looks can be wrong); mails do not count.
    """
    return [
        Act(moment(at), _KINDS[kind], step == _FIRST)
        for at, kind, step in transaction.rows(
            "SELECT claimed_at, kind, step FROM deliveries WHERE account_id = :account_id"
            " AND claimed_at >= :since AND state <> 'refused'"
            f" AND kind IN {_TO_PEOPLE} ORDER BY claimed_at",
            {"account_id": account_id, "since": stamp(since)},
        )
    ]


_NOBODY_TOOK = (
    " FROM leads l JOIN deliveries d ON d.recipient = l.id"
    " WHERE l.account_id = :account_id AND l.invited_at IS NOT NULL AND l.accepted_at IS NULL"
    " AND l.responded_at IS NULL AND d.account_id = l.account_id AND d.kind = 'invitation'"
    " AND d.state = 'sent' AND NOT EXISTS (SELECT 1 FROM deliveries w WHERE w.recipient = l.id"
    " AND w.kind = 'withdrawal' AND w.state "
)
_IN_DOUBT = "('claimed', 'attempted', 'uncertain')"


def open_invitations(transaction: Transaction, account_id: AccountId) -> int:
    """How many invitations of an account to leads may stand open.

    Those that went out, or may have, and that nobody took and none was surely withdrawn.
    """
    account = {"account_id": account_id}
    ((count,),) = transaction.rows(f"SELECT count(*){_NOBODY_TOOK} = 'sent')", account)
    ((doubtful,),) = transaction.rows(
        f"SELECT count(*) FROM deliveries WHERE state IN {_IN_DOUBT}"
        " AND kind = 'invitation' AND account_id = :account_id",
        account,
    )
    return int(count) + int(doubtful)


def oldest_invitations(
    transaction: Transaction, account_id: AccountId, *, before: datetime, tries: int, limit: int
) -> list[Delivery]:
    """The oldest of the account that nobody took, sent before a moment.

    Not those that a campaign of the service's has sent, nor those of whom a human talks to, nor
    those whose withdrawal has begun, or came to nothing so many times already.
    """
    return [
        _DELIVERY.read(row)
        for row in transaction.rows(
            f"SELECT {_DELIVERY.columns_of('d')}{_NOBODY_TOOK} NOT IN {_OVER})"
            " AND l.invited_at <= :before AND d.texts = '{}'"
            " AND l.stage IS NULL AND (SELECT count(*) FROM deliveries w"
            " WHERE w.recipient = l.id AND w.kind = 'withdrawal') < :tries"
            " ORDER BY l.invited_at, d.id LIMIT :limit",
            {
                "account_id": account_id,
                "before": stamp(before),
                "tries": tries,
                "limit": limit,
            },
        )
    ]


def campaigns_since(transaction: Transaction, account_id: AccountId, since: datetime) -> list[str]:
    """The campaigns of the service's in which an account put somebody after a moment."""
    rows = transaction.rows(
        "SELECT DISTINCT campaign_id FROM deliveries WHERE account_id = :account_id"
        " AND claimed_at >= :since AND campaign_id <> '' ORDER BY campaign_id",
        {"account_id": account_id, "since": stamp(since)},
    )
    return [str(campaign_id) for (campaign_id,) in rows]


def refused_since(transaction: Transaction, kind: DeliveryKind, since: datetime) -> list[Delivery]:
    """Acts of a kind that were refused after a moment."""
    return [
        _DELIVERY.read(row)
        for row in transaction.rows(
            f"{_SELECT} WHERE state = 'refused' AND kind = :kind AND settled_at > :since",
            {"kind": kind.value, "since": stamp(since)},
        )
    ]


def invitations_since(
    transaction: Transaction, account_id: AccountId, since: datetime
) -> list[Tried]:
    """How invitations ended since the first that `cannot_resend` refused, in order; else none."""
    rows = transaction.rows(
        "SELECT min(claimed_at) FROM deliveries WHERE account_id = :account_id"
        " AND refusal = 'cannot_resend' AND claimed_at >= :since",
        {"account_id": account_id, "since": stamp(since)},
    )
    if rows[0][0] is None:
        return []
    return [
        Tried(moment(str(at)), str(person), text_hash != _BARE, _ENDED.get(state, "open"))
        for at, person, text_hash, state in transaction.rows(
            "SELECT claimed_at, recipient, text_hash, state FROM deliveries"
            " WHERE account_id = :account_id AND claimed_at >= :first AND kind = 'invitation'"
            " AND (state <> 'refused' OR refusal = 'cannot_resend') ORDER BY claimed_at, id",
            {"account_id": account_id, "first": rows[0][0]},
        )
    ]


def notes_since(transaction: Transaction, account_id: AccountId, since: datetime) -> list[datetime]:
    """When invitations with a note were claimed that may have gone out, from a moment on, in order."""
    rows = transaction.rows(
        "SELECT claimed_at FROM deliveries WHERE account_id = :account_id AND claimed_at >= :since"
        " AND kind = 'invitation' AND state <> 'refused' AND text_hash <> :bare"
        " ORDER BY claimed_at",
        {"account_id": account_id, "since": stamp(since), "bare": _BARE},
    )
    return [moment(str(at)) for (at,) in rows]


def first_claim(transaction: Transaction) -> datetime | None:
    """When the first act towards a person was claimed."""
    rows = transaction.rows(
        f"SELECT claimed_at FROM deliveries WHERE kind IN {_TO_PEOPLE} ORDER BY claimed_at LIMIT 1"
    )
    return moment(rows[0][0]) if rows else None


def tries(transaction: Transaction, recipient: str, step: Step) -> int:
    """How often a step was claimed for somebody of the team, whatever became of it."""
    ((count,),) = transaction.rows(
        "SELECT count(*) FROM deliveries WHERE recipient = :recipient AND step = :step",
        {"recipient": recipient, "step": str(step)},
    )
    return int(count)


def failures_in_a_row(transaction: Transaction, recipient: str) -> tuple[int, datetime | None]:
    """How many alerts in a row did not surely reach somebody of the team, and when the last was tried."""
    ((count, last),) = transaction.rows(
        "SELECT count(DISTINCT attempted_at), max(attempted_at) FROM deliveries"
        " WHERE recipient = :recipient AND kind = 'alert' AND state IN ('refused', 'uncertain')"
        " AND attempted_at > (SELECT coalesce(max(s.attempted_at), '') FROM deliveries s"
        " WHERE s.recipient = :recipient AND s.kind = 'alert' AND s.state = 'sent')",
        {"recipient": recipient},
    )
    return int(count), moment(str(last)) if last else None


def newest_texts(transaction: Transaction, account_id: AccountId, *, limit: int) -> list[str]:
    """The texts last sent to people from an account, or perhaps sent; newest first."""
    return [
        str(text)
        for (text,) in transaction.rows(
            f"SELECT text FROM deliveries WHERE account_id = :account_id AND state NOT IN {_OVER}"
            " AND kind IN ('invitation', 'message', 'enrolment') AND text <> ''"
            " ORDER BY claimed_at DESC, id LIMIT :limit",
            {"account_id": account_id, "limit": limit},
        )
    ]


def counts(transaction: Transaction) -> dict[str, int]:
    """How many acts towards people stand in which state."""
    return {
        str(state): int(count)
        for state, count in transaction.rows(
            f"SELECT state, count(*) FROM deliveries WHERE kind IN {_TO_PEOPLE} GROUP BY state"
        )
    }


def _in_states(
    transaction: Transaction, states: tuple[str, ...], kinds: Iterable[DeliveryKind]
) -> list[Delivery]:
    wanted = {kind.value for kind in kinds}
    quoted = ", ".join(f"'{state}'" for state in states)
    return [
        delivery
        for row in transaction.rows(f"{_SELECT} WHERE state IN ({quoted}) ORDER BY claimed_at, id")
        if (delivery := _DELIVERY.read(row)).kind in wanted
    ]


def _marked(transaction: Transaction, delivery_id: str) -> bool:
    """True; what comes next with whom it went to follows from how it ended."""
    for (recipient,) in transaction.rows(
        "SELECT recipient FROM deliveries WHERE id = :id", {"id": delivery_id}
    ):
        lead_plans.mark(transaction, str(recipient))
    return True
