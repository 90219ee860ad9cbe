"""What was handed to a human, read with everything that may have stopped it since."""

from __future__ import annotations

from ingagents.core.profiles.merge import names_of
from ingagents.core.review_policy import BY_HAND, STOPPED, Review
from ingagents.core.sending.handed_out import as_it_stands, why_not_to_send
from ingagents.ports import Transaction
from ingagents.store.tables import leads, replies, reviews, vetoes


def standing(transaction: Transaction, review: Review) -> Review:
    """A question as it is to be shown: what was handed out and is not to be sent offers no text.

    It is for showing alone; what is answered is the question as it was put.
    """
    if BY_HAND not in review.evidence:
        return review
    return as_it_stands(review, why_stopped(transaction, review))


def why_stopped(transaction: Transaction, review: Review) -> str:
    """Why what somebody has to send is not to be sent any more; "" when it is."""
    lead = leads.find(transaction, review.lead_id) if review.lead_id else None
    if lead is None:
        return why_not_to_send(review, None)
    held = vetoes.of_lead(transaction, lead.id)
    names = names_of(leads.aliases_of(transaction, lead.id))
    return why_not_to_send(
        review,
        lead,
        suppressed=leads.is_suppressed(transaction, names),
        held=held[0].in_words if held else "",
        answered_at=replies.last_seen(transaction, lead.id),
    )


def standing_of(transaction: Transaction, review_id: str) -> Review | None:
    """The same, by a question's id."""
    review = reviews.find(transaction, review_id)
    return None if review is None else standing(transaction, review)


def open_questions(transaction: Transaction, lead_id: str) -> tuple[str, str]:
    """The first open question about a lead, and what was handed out and is to be sent no more.

    Each by its id; "" where there is none. The second is not among the first.
    """
    asked = [one for one in reviews.of_lead(transaction, lead_id) if one.state == "open"]
    stopped = [one.id for one in asked if STOPPED in standing(transaction, one).evidence]
    question = next((one.id for one in asked if one.id not in stopped), "")
    return question, next(iter(stopped), "")
