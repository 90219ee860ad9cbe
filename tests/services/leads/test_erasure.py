"""A person who is erased is gone from every byte, is not found anew, and still counts as one act."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ingagents.app.department import Department
from ingagents.communication import journal_audit
from ingagents.errors import BusyElsewhere, InputError
from ingagents.events import decode
from ingagents.integrations.email.service import OutboxMailer
from ingagents.model import (
    AccountId,
    ContactStatus,
    DeliveryKind,
    DeliveryState,
    Lead,
    Mail,
    SendResult,
    Step,
    StepKind,
)
from ingagents.ports import Transaction
from ingagents.sandbox.market.people import Person
from ingagents.services.leads import erasure
from ingagents.services.outreach.ourselves import OUR_OWN
from ingagents.services.outreach.sending.send_outcomes import write_outcome
from ingagents.services.outreach.withdrawals.withdrawal_outcomes import write_withdrawal
from ingagents.store.tables import deliveries, key_value, leads
from tests.factories import a_delivery
from tests.support import databases
from tests.world import ACCOUNT, AT_ONCE, World, dies, lead_of, profile_of, statuses


@pytest.fixture
def world(tmp_path: Path, database: str) -> World:
    world = World(tmp_path)
    world.go_to(0, 9, 30)
    return world


def sections(world: World) -> dict[str, Any]:
    url = databases.url(world.folder)
    here = f"sqlite:///{world.folder / 'ingagents.db'}" if url.startswith("sqlite") else url
    outbox = str(world.folder / "outbox")
    return {**AT_ONCE, "database": {"url": here}, "email": {"outbox": outbox}}


def with_a_name_of_their_own(world: World) -> Person:
    """Somebody who will answer positively, and whose name nobody else has."""
    borne = Counter(one.name.casefold() for one in world.market.people)
    return next(
        person
        for person in world.welcoming("positive", count=5)
        if borne[person.name.casefold()] == 1
    )


async def answered(world: World, department: Department, person: Person) -> Lead:
    """The person was invited, accepted and answered, and the team was told; others went too."""
    await world.allocate(department, person, *world.silent(3))
    await department.once("outreach")
    world.pass_time(hours=3)
    await department.once("replies")
    await department.once("monitor")
    lead = await lead_of(department, person)
    assert lead.contact_status is ContactStatus.RESPONDED
    assert world.mail.about(person.name), "the team must have been told"
    return lead


async def everything(department: Department) -> str:
    """All rows of all tables as text."""

    def read(transaction: Transaction) -> str:
        tables = {str(row[0]) for row in transaction.rows(department.store.CATALOGUE)}
        return "\n".join(str(transaction.rows(f"SELECT * FROM {name}")) for name in sorted(tables))

    return await department.store.read(read)


def tell_tales(lead: Lead, person: Person) -> list[str]:
    """What nobody may find any more: names, addresses, ids, and what was said to and fro."""
    texts = [lead.message_sent or "", lead.response or ""]
    assert all(texts)
    ids = [person.slug, person.provider_id, lead.id]
    return [person.name, *ids, *(text[:40] for text in texts)]


async def test_nothing_of_an_erased_person_is_left_in_any_table(world):
    person = with_a_name_of_their_own(world)
    async with world.at_work(**sections(world)) as department:
        lead = await answered(world, department, person)
        before = await everything(department)
        assert all(word in before for word in (person.name, person.provider_id, lead.id))
        erased = await department.leads.erase(lead.id, by="team")
        after = await everything(department)
        assert [word for word in tell_tales(lead, person) if word in after] == []
        assert {"leads", "identities", "replies", "deliveries", "journal"} <= set(erased.rows)
        assert await department.store.read(journal_audit.verify) == ()
        (event,) = await journal_of_erasures(department)
        assert event.counts == erased.rows
        with pytest.raises(InputError, match="there is no lead"):
            await department.leads.erase(lead.id, by="team")


async def journal_of_erasures(department: Department) -> list[Any]:
    def read(transaction: Transaction) -> list[Any]:
        rows = transaction.rows("SELECT data, version FROM journal WHERE type = 'lead_erased'")
        return [decode(data, stored_type="lead_erased", version=v) for data, v in rows]

    return await department.store.read(read)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_not_one_byte_of_any_file_still_says_it(world):
    person = with_a_name_of_their_own(world)
    outbox = world.folder / "outbox"
    async with world.at_work(**sections(world)) as department:
        lead = await answered(world, department, person)
        for number in range(40):  # rows that grow and shrink leave their old selves in the pages
            fresh = await department.leads.find(lead.id)
            reason = "x" * (number * 97 % 1500)
            await department.store.write(
                lambda t, fresh=fresh, reason=reason: leads.update(
                    t, fresh, now=world.now, status_reason=reason
                )
            )
        mailer = OutboxMailer(outbox, world.clock)
        for mail in world.mail.taken:
            assert (await mailer.send_mail(mail)).success
        await mailer.send_mail(Mail(recipients=("t@example.org",), subject="All well", text="Yes"))
        assert held(world.folder, [person.name.encode()])
        erased = await department.leads.erase(lead.linkedin_url, by="team")
        assert erased.files["outbox"] >= 1
        words = [word.encode() for word in tell_tales(lead, person)]
        assert held(world.folder, words) == []
        assert [file.name for file in outbox.glob("*all-well*")], "a mail about others stays"
    assert held(world.folder, words) == []


def held(folder: Path, words: list[bytes]) -> list[tuple[str, bytes]]:
    """Which files of a folder hold which words, in whatever case."""
    return [
        (file.name, word)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
        for word in words
        if word.lower() in file.read_bytes().lower() or word.decode() in file.name
    ]


async def test_an_erased_person_is_not_found_anew_and_not_listed_in_the_clear(world):
    person = with_a_name_of_their_own(world)
    async with world.at_work(**sections(world)) as department:
        lead = await answered(world, department, person)
        erased = await department.leads.erase(lead.id, by="team")
        assert erased.hashed_names >= 3
        again = await department.leads.add([profile_of(person)], source="import:again")
        assert (again.taken, again.suppressed) == (0, 1)
        kept = await department.store.read(lambda t: t.rows("SELECT * FROM suppressions"))
        assert person.slug not in str(kept)
        assert {row[0] for row in kept if OUR_OWN not in row} == {"erased"}
        found = await department.once("search")
        assert found.figures["discovered"]
        assert person.name not in await everything(department)


async def test_a_late_answer_of_an_erased_person_is_nobodys(world):
    person = with_a_name_of_their_own(world)
    async with world.at_work(**sections(world)) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        lead = await lead_of(department, person)
        await department.leads.erase(lead.id, by="team")
        world.pass_time(hours=3)
        outcome = await department.once("replies")
        assert outcome.figures["replies"] == 0
        assert lead.id not in await everything(department)


async def test_the_limits_still_count_what_went_to_an_erased_person(world):
    (person,) = world.silent()
    async with world.at_work(**sections(world)) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        sent = (await department.status()).limits.sent_today
        await department.leads.erase((await lead_of(department, person)).id, by="team")
        status = await department.status()
        assert status.limits.sent_today == sent == 1
        assert status.deliveries == {"sent": 1}
        assert (await department.report()).today.messages_sent == 1


async def test_a_doubt_about_an_erased_person_keeps_its_quota_and_is_looked_up_no_more(world):
    (person,) = world.silent()
    world.fail("act_then_drop")
    async with world.at_work(**sections(world)) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        await department.leads.erase((await lead_of(department, person)).id, by="team")
        asked = len(world.requests)
        for _ in range(4):
            world.pass_time(minutes=10)
            await department.once("outreach")
        assert not [one for one in world.requests[asked:] if person.provider_id in one]
        status = await department.status()
        assert status.deliveries == {"lost": 1}
        assert status.limits.sent_today == 1
        await department.leads.add([profile_of(person)], source="import:again")
        assert await statuses(department) == {}
        world.check(department.settings)


async def test_nobody_is_erased_while_an_act_may_be_on_its_way(world, monkeypatch):
    monkeypatch.setattr(erasure, "_PATIENCE_SECONDS", 0.0)
    (person,) = world.silent()
    async with (
        world.at_work(**sections(world)) as one,
        world.department(**sections(world)) as other,
    ):
        await world.allocate(one, person)
        lead = await lead_of(one, person)
        async with one.queue.session("outreach"):
            with pytest.raises(BusyElsewhere, match="outreach"):
                await other.leads.erase(lead.id, by="team")
        assert (await other.leads.find(lead.id)).name == person.name
        await other.leads.erase(lead.id, by="team")


async def test_an_act_that_a_dead_process_left_open_is_not_repeated_after_the_erasing(world):
    (person,) = world.silent()
    world.die_after.add(1)
    async with world.keeping_time():
        with dies():
            async with world.department(**sections(world)) as department:
                await world.allocate(department, person)
                await department.once("outreach")
        async with world.department(**sections(world)) as department:
            await department.leads.erase((await lead_of(department, person)).id, by="team")
            await department.leads.add([profile_of(person)], source="import:again")
            await department.once("allocate")
            await department.once("outreach")
            assert len(world.acts()) == 1
            assert (await department.status()).limits.sent_today == 1


LATER_STEPS = [
    (Step(StepKind.FIRST_MESSAGE), DeliveryKind.MESSAGE, DeliveryState.SENT),
    (Step(StepKind.FOLLOW_UP, "1"), DeliveryKind.MESSAGE, DeliveryState.UNCERTAIN),
    (Step(StepKind.FOLLOW_UP, "2"), DeliveryKind.MESSAGE, DeliveryState.ATTEMPTED),
    (Step(StepKind.WITHDRAWAL, "d-first"), DeliveryKind.WITHDRAWAL, DeliveryState.ATTEMPTED),
]


async def test_a_whole_conversation_goes_with_the_person_and_a_late_outcome_brings_nothing_back(
    world,
):
    (person,) = world.silent()
    async with world.at_work(**sections(world)) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        lead = await lead_of(department, person)
        acts = [
            a_delivery(
                id=f"later-{number}",
                recipient=lead.id,
                account_id=AccountId(ACCOUNT),
                kind=kind,
                step=step,
                state=state,
                text=f"{person.name}, words nobody else reads {number}",
                facts=(f"fact-of-{number}",),
                address=person.provider_id,
                claimed_at=world.now,
            )
            for number, (step, kind, state) in enumerate(LATER_STEPS)
        ]
        for act in acts:
            assert await department.store.write(lambda t, act=act: deliveries.claim(t, act))
        await department.store.write(
            lambda t: leads.update(
                t, lead, now=world.now, next_step="follow_up_2", next_step_reason="words of a plan"
            )
        )
        await department.leads.erase(lead.id, by="team")
        left = await everything(department)
        for word in (person.name, "words nobody", "fact-of-", "words of a plan", lead.id):
            assert word not in left
        told = SendResult(outcome="sent", message_id="m-late", detail=f"to {person.name}")
        for act in acts:
            write = write_withdrawal if act.kind is DeliveryKind.WITHDRAWAL else write_outcome
            await department.store.write(
                lambda t, a=act, w=write: w(department.context, t, a, told)
            )
        for _ in range(4):
            world.pass_time(minutes=10)
            await department.once("outreach")
        assert person.name not in await everything(department)
        states = await department.store.read(
            lambda t: t.rows("SELECT id, state FROM deliveries WHERE id LIKE 'later-%' ORDER BY id")
        )
        assert [state for _, state in states] == ["sent", "lost", "lost", "lost"]
        assert len(world.acts(person)) == 1


async def test_the_double_of_an_erased_person_goes_with_them(world):
    (person,) = world.silent()
    async with world.at_work(**sections(world)) as department:
        await department.leads.add([profile_of(person)], source="import:a")
        lead = await lead_of(department, person)
        await department.leads.add(
            [msgspec.structs.replace(profile_of(person), linkedin_url="", public_identifier="")],
            source="import:b",
        )
        assert sum((await statuses(department)).values()) == 2
        (double,) = [one async for one in department.leads.every() if one.id != lead.id]
        await department.store.write(
            lambda t: leads.update(
                t,
                double,
                now=world.now,
                contact_status=ContactStatus.CLOSED,
                duplicate_of=lead.id,
            )
        )
        erased = await department.leads.erase(double.id, by="team")
        assert erased.rows["leads"] == 2
        assert person.last_name not in await everything(department)


async def test_an_erasing_that_was_cut_off_before_the_files_were_rewritten_is_finished(
    world, monkeypatch
):
    first, second = world.silent(2)
    async with world.at_work(**sections(world)) as department:
        await world.allocate(department, first, second)

        async def cut_off() -> tuple[str, ...]:
            raise RuntimeError("the process dies here")

        with monkeypatch.context() as patch:
            patch.setattr(department.store, "scrub", cut_off)
            with pytest.raises(RuntimeError):
                await department.leads.erase((await lead_of(department, first)).id, by="team")
        assert await department.store.read(lambda t: key_value.noted(t, erasure.UNFINISHED))
        with pytest.raises(InputError, match="there is no lead"):
            await department.leads.erase("nobody-at-all", by="team")
        assert await department.store.read(lambda t: key_value.noted(t, erasure.UNFINISHED)) is None


async def test_a_file_that_cannot_be_destroyed_leaves_the_person_where_they_are(world, monkeypatch):
    (person,) = world.silent()
    page = world.folder / "outbox" / "page.html"
    page.parent.mkdir()
    page.write_text(f"<p>{person.name}</p>", "utf-8")
    async with world.at_work(**sections(world)) as department:
        await world.allocate(department, person)
        lead = await lead_of(department, person)

        def refuse(self: Path, *args: object, **kwargs: object) -> None:
            raise PermissionError(13, "Permission denied", str(self))

        with monkeypatch.context() as patch:
            patch.setattr(Path, "open", refuse)
            with pytest.raises(InputError, match=r"page\.html cannot be erased"):
                await department.leads.erase(lead.id, by="team")
        assert (await department.leads.find(lead.id)).name == person.name
        erased = await department.leads.erase(lead.id, by="team")
        assert erased.files["outbox"] == 1
        assert not page.exists()


async def test_a_question_to_a_human_goes_with_the_person_and_names_nobody_after(world):
    (person, other) = world.silent(2)
    columns = (
        "id, kind, subject, lead_id, recipient, address, account_id, way, step, text, text_hash,"
        " text_limit, written_by, confidence, reasons, evidence, asked_at, state, decided_by, reason"
    )
    names = [name.strip() for name in columns.split(",")]

    def ask(transaction: Transaction, who: str, lead_id: str | None, text: str) -> None:
        values: dict[str, object] = dict.fromkeys(names, "")
        values |= {"id": who, "subject": who}
        values |= {"lead_id": lead_id, "text": text, "text_limit": 1, "confidence": 1.0}
        placed = ", ".join(f":{name}" for name in names)
        transaction.run(f"INSERT INTO reviews ({columns}) VALUES ({placed})", values)

    async with world.at_work(**sections(world)) as department:
        ours, _ = await world.allocate(department, person, other)
        theirs = (await lead_of(department, other)).id
        doubt = f"the report on {person.name} may not have arrived"
        for who, lead_id, text in (
            ("hers", ours, "Hi"),
            ("nobodys", None, doubt),
            ("anothers", theirs, "Hello"),
        ):
            await department.store.write(partial(ask, who=who, lead_id=lead_id, text=text))
        await department.leads.erase(ours, by="team")
        left = await department.store.read(
            lambda t: dict(t.rows("SELECT id, text FROM reviews ORDER BY id"))
        )
        assert set(left) == {"nobodys", "anothers"}
        assert person.name not in left["nobodys"]
        assert left["anothers"] == "Hello"
