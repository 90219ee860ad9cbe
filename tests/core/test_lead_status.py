"""Where a lead stands after every cause: the drawing in the docstring is what the code does."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import ingagents
from ingagents.core import lead_status
from ingagents.core.lead_status import Cause, Change, Refused, move
from ingagents.model import ContactStatus

LETTERS = {
    "N": ContactStatus.NOT_CONTACTED,
    "A": ContactStatus.ALLOCATED,
    "U": ContactStatus.UNCERTAIN,
    "H": ContactStatus.NEEDS_REVIEW,
    "E": ContactStatus.ENROLLED,
    "I": ContactStatus.INVITED,
    "S": ContactStatus.MESSAGE_SENT,
    "R": ContactStatus.RESPONDED,
    "C": ContactStatus.CLOSED,
    "F": ContactStatus.FAILED,
    "X": ContactStatus.SUPPRESSED,
}
FIRST_MESSAGE_TO_COME = {ContactStatus.NOT_CONTACTED, ContactStatus.ALLOCATED}
STAGE_UNSAID = frozenset({Cause.STAGE_UNSAID, Cause.STAGE_UNSAID_ASKED})
OVER = {LETTERS[letter] for letter in "EISRCFX"}


def drawn() -> dict[str, dict[ContactStatus, ContactStatus | None]]:
    """The table of the docstring: cause -> status -> where the lead stands then, None if refused."""
    lines = [line.split() for line in (lead_status.__doc__ or "").splitlines()]
    (start,) = (number for number, words in enumerate(lines) if words[:1] == ["cause"])
    before = [LETTERS[letter] for letter in lines[start][1:]]
    rows = {}
    for words in lines[start + 1 :]:
        if not words:
            break
        after = [LETTERS.get(letter) for letter in words[1:]]
        rows[words[0]] = dict(zip(before, after, strict=True))
    return rows


def after(status: ContactStatus, cause: Cause) -> ContactStatus | None:
    moved = move(status, cause)
    return moved.after if isinstance(moved, Change) else None


def reached_from(
    status: ContactStatus, *, but: frozenset[Cause] = frozenset()
) -> set[ContactStatus]:
    """Wherever any chain of causes leads from a status, itself included."""
    reached, left = {status}, [status]
    while left:
        one = left.pop()
        further = {after(one, cause) for cause in Cause if cause not in but} - {None} - reached
        left += [status for status in further if status]
        reached |= {status for status in further if status}
    return reached


def test_the_drawing_names_every_status_and_every_cause_once() -> None:
    assert set(LETTERS.values()) == set(ContactStatus)
    assert list(drawn()) == [cause.name for cause in Cause]
    assert all(set(row) == set(ContactStatus) for row in drawn().values())


@pytest.mark.parametrize("cause", list(Cause))
@pytest.mark.parametrize("status", list(ContactStatus))
def test_a_lead_moves_as_it_is_drawn(status: ContactStatus, cause: Cause) -> None:
    expected = drawn()[cause.name][status]
    if expected is None:
        assert move(status, cause) == Refused(status=status, cause=cause)
    else:
        assert move(status, cause) == Change(before=status, after=expected, cause=cause)


def test_whoever_is_suppressed_stays_so_whatever_happens() -> None:
    assert reached_from(ContactStatus.SUPPRESSED) == {ContactStatus.SUPPRESSED}


@pytest.mark.parametrize("status", sorted(OVER))
def test_nothing_leads_back_to_where_a_second_first_message_could_go_out(
    status: ContactStatus,
) -> None:
    """But a stage said by mistake: `test_follow_up` shows that nobody comes back who was written to."""
    assert reached_from(status, but=STAGE_UNSAID) <= OVER
    ways = {(one, cause) for one in OVER for cause in STAGE_UNSAID if after(one, cause)}
    assert {one for one, _ in ways} == {ContactStatus.CLOSED}


def test_a_message_in_doubt_is_tried_again_only_when_it_is_known_not_to_have_gone() -> None:
    again = {
        cause for cause in Cause if after(ContactStatus.UNCERTAIN, cause) in FIRST_MESSAGE_TO_COME
    }
    assert again == {Cause.REFUSED_FOR_NOW, Cause.NOT_FOUND, Cause.HUMAN_SAYS_UNSENT}


def test_every_status_can_be_reached_by_a_new_lead() -> None:
    assert reached_from(ContactStatus.NOT_CONTACTED) == set(ContactStatus)


@pytest.mark.parametrize("cause", [Cause.OPTED_OUT, Cause.SUPPRESSED])
def test_never_again_is_heard_wherever_the_lead_stands(cause: Cause) -> None:
    assert {after(status, cause) for status in ContactStatus} - {None} == {ContactStatus.SUPPRESSED}
    stays = [status for status in ContactStatus if after(status, cause) is None]
    assert stays in ([], [ContactStatus.SUPPRESSED])


def test_an_answer_always_takes_a_lead_from_where_a_message_could_go_out() -> None:
    may_be_written_to = [status for status in ContactStatus if status not in OVER]
    found = {after(status, Cause.ANSWERED) for status in may_be_written_to}
    assert found == {ContactStatus.RESPONDED}


def test_what_was_under_way_is_not_taken_up_from_the_sheet() -> None:
    restored = {after(status, Cause.RESTORED) for status in ContactStatus}
    assert restored == set(ContactStatus) - {ContactStatus.ALLOCATED, ContactStatus.UNCERTAIN}


def test_every_cause_happens_somewhere() -> None:
    package = Path(ingagents.__file__).parent
    owner = package / "core" / "lead_status.py"
    named = {
        node.attr
        for module in package.rglob("*.py")
        if module != owner
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Cause"
    }
    assert sorted(set(Cause.__members__) - named) == []
