"""The team's sheet over the real wire: gspread-asyncio on httpx against the sandbox's face."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import anyio
import httpx
import pytest

from ingagents.errors import (
    AccountBlocked,
    BadAnswer,
    RequestRefused,
    ServiceError,
    SettingsError,
    TryLater,
)
from ingagents.integrations.google_sheets.client import GoogleSheet
from ingagents.integrations.google_sheets.http import SheetsWire
from ingagents.model.spreadsheet import (
    AddColumns,
    AddRows,
    ClearWords,
    Column,
    CreateTab,
    PinColumns,
    SheetFound,
    Tab,
    Write,
)
from ingagents.sandbox.faults import FaultPlan, FaultRule, Faults
from ingagents.sandbox.google_sheets.api import SheetsFace
from ingagents.sandbox.google_sheets.storage import SPREADSHEET_ID
from ingagents.sandbox.record import Record
from tests.sheet.google import google_sheet
from tests.support import jumping_clock

GUESTS = Tab(
    "guests",
    "Guests",
    (
        Column("ID"),
        Column("Name", width=200),
        Column("State", choices=("new", "old")),
        Column("Notes", human=True),
    ),
)


class Bench:
    """A face, a client of it, and what they share."""

    def __init__(self, face: SheetsFace, faults: Faults, sheet: GoogleSheet, clock: Any) -> None:
        self.face, self.faults, self.sheet, self.clock = face, faults, sheet, clock

    def fail(self, kind: Any, on: str, **rule: Any) -> None:
        rule = rule or {"requests": (1,)}
        self.faults.follow(FaultPlan(rules=(FaultRule(kind=kind, on=on, **rule),)))

    def asked(self) -> list[str]:
        return [call.what for call in self.face.calls]

    def column(self, position: int) -> list[Any]:
        with self.face.shelf.open() as book:
            return book.titled("Guests").column(position)


@contextlib.asynccontextmanager
async def a_bench(
    *, spreadsheet_id: str = SPREADSHEET_ID, retries: int = 2
) -> AsyncGenerator[Bench, None]:
    record, faults = Record(), Faults()
    async with jumping_clock() as clock:
        face = SheetsFace(record, now=clock.now, faults=faults)
        async with google_sheet(
            face, clock, spreadsheet_id=spreadsheet_id, retries=retries
        ) as sheet:
            yield Bench(face, faults, sheet, clock)
    record.close()


async def filled(bench: Bench) -> None:
    """A tab with two guests."""
    await bench.sheet.reshape([CreateTab(GUESTS, 7), AddRows(7, 1, 0, ("g-1", "g-2"))])
    await bench.sheet.write([Write(GUESTS, "Name", {1: "Ann", 2: "Bob"})])


async def test_a_tab_is_made_with_everything_it_needs_and_looked_at_in_one_request() -> None:
    async with a_bench() as bench:
        assert await bench.sheet.tabs() == [SheetFound(0, "Sheet1")]
        await filled(bench)
        assert await bench.sheet.tabs() == [SheetFound(0, "Sheet1"), SheetFound(7, "Guests")]
        look = (await bench.sheet.look({7: GUESTS}))["guests"]
        with bench.face.shelf.open() as book:
            grid = book.grid(7)
            kinds = [rule["kind"] for rule in grid.rules]
            widths = [column.width for column in grid.columns]
            assert all(r["warningOnly"] for r in grid.rules if r["kind"] == "protection")
            assert grid.frozen_rows == 1
    assert look.top == (
        ("ID", "Name", "State", "Notes"),
        ("g-1", "Ann", "", ""),
        ("g-2", "Bob", "", ""),
    )
    assert look.columns["Name"].cells == ("Name", "Ann", "Bob")
    assert look.columns["Notes"].position == 3
    assert sorted(kinds) == ["protection", "protection", "protection", "validation"]
    assert widths == [120, 200, 120, 120]
    assert bench.asked()[-1:] == ["values:byFilter"]


async def test_a_write_finds_its_column_wherever_people_have_moved_it() -> None:
    async with a_bench() as bench:
        await filled(bench)
        with bench.face.shelf.open() as book:
            grid = book.grid(7)
            grid.put(1, 3, "call her")
            grid.move("COLUMNS", 3, 4, 1)
            grid.insert("COLUMNS", 0, 1)
        await bench.sheet.write([Write(GUESTS, "State", {2: "new"})])
        look = (await bench.sheet.look({7: GUESTS}))["guests"]
    assert look.columns["State"].cells == ("State", "", "new")
    assert look.columns["Notes"].cells == ("Notes", "call her")


async def test_what_is_written_stays_text_and_nothing_else_is_touched() -> None:
    async with a_bench() as bench:
        await filled(bench)
        with bench.face.shelf.open() as book:
            book.grid(7).put(1, 2, "kept")
        await bench.sheet.write([Write(GUESTS, "State", {2: "=1+1"})])
        with bench.face.shelf.open() as book:
            assert book.grid(7).column(2) == ["State", "kept", "=1+1"]
            assert book.grid(7).formulas() == []


async def test_columns_are_added_at_the_end_and_pins_moved_to_where_the_header_stands() -> None:
    async with a_bench() as bench:
        await filled(bench)
        with bench.face.shelf.open() as book:
            grid = book.grid(7)
            grid.delete("COLUMNS", 1, 2)
            grid.insert("COLUMNS", 3, 1)
            grid.put(0, 3, "State")
        await bench.sheet.reshape(
            [AddColumns(GUESTS, 7, ("Name",), 4, 0), PinColumns(GUESTS, 7, (("State", 3),))]
        )
        look = (await bench.sheet.look({7: GUESTS}))["guests"]
    assert look.top[0] == ("ID", "State", "Notes", "State", "Name")
    assert look.columns["State"].position == 3
    assert look.columns["Name"].cells == ("Name",)


async def test_rows_are_put_in_between_and_stray_words_cleared() -> None:
    async with a_bench() as bench:
        await filled(bench)
        await bench.sheet.reshape([AddRows(7, 2, 0, ("g-9", "g-8"))])
        assert bench.column(1) == ["Name", "Ann", None, None, "Bob"]
        await bench.sheet.reshape([ClearWords(7, ("g-9",))])
        assert bench.column(0) == ["ID", "g-1", None, "g-8", "g-2"]


async def test_a_large_write_is_cut_into_requests_of_two_megabytes() -> None:
    async with a_bench() as bench:
        await filled(bench)
        await bench.sheet.reshape([AddRows(7, 1, 0, tuple(f"n-{n}" for n in range(3000)))])
        texts = {row: f"{row} " + "x" * 1000 for row in range(1, 3001)}
        before = len(bench.face.calls)
        await bench.sheet.write([Write(GUESTS, "Name", texts)])
        assert len(bench.face.calls) - before == 2
        assert bench.column(1)[1:3001] == list(texts.values())


@pytest.mark.parametrize("kind", ["429", "500", "504", "drop", "silent", "html", "truncated"])
async def test_a_look_is_repeated_until_google_is_well_again(kind: str) -> None:
    async with a_bench() as bench:
        await filled(bench)
        bench.fail(kind, "POST /v4")
        began = bench.clock.now()
        look = await bench.sheet.look({7: GUESTS})
        assert look["guests"].columns["Name"].cells == ("Name", "Ann", "Bob")
        assert bench.clock.now() > began
        if kind == "429":
            assert bench.clock.now() - began >= timedelta(seconds=30)  # what it asked for


@pytest.mark.parametrize(
    ("kind", "times"), [("429", 2), ("500", 1), ("act_then_drop", 1), ("act_then_504", 1)]
)
async def test_a_change_of_shape_is_repeated_only_when_it_surely_was_not_tried(
    kind: str, times: int
) -> None:
    async with a_bench() as bench:
        await filled(bench)
        bench.fail(kind, "POST /v4", requests=(1,))
        rows = AddRows(7, 1, 0, ("n-1",))
        if times == 1:
            with pytest.raises(TryLater):
                await bench.sheet.reshape([rows])
        else:
            await bench.sheet.reshape([rows])
        assert bench.column(0).count("n-1") == (kind != "500")


async def test_an_hour_without_google_is_one_error_after_the_last_repeat() -> None:
    async with a_bench() as bench:
        bench.fail("refuse", "GET /v4", probability=1.0, status=503)
        with pytest.raises(TryLater, match="503 UNAVAILABLE") as caught:
            await bench.sheet.tabs()
    assert caught.value.exit_code == 75


async def test_the_minutes_quota_is_an_error_that_says_so() -> None:
    async with a_bench(retries=0) as bench:
        for _ in range(60):
            await bench.sheet.tabs()
        with pytest.raises(TryLater, match="RESOURCE_EXHAUSTED") as caught:
            await bench.sheet.tabs()
        assert "quota" in caught.value.line()
        bench.clock.set(bench.clock.now() + timedelta(seconds=61))
        await bench.sheet.tabs()


@pytest.mark.parametrize(
    ("name", "revoked", "error"),
    [(SPREADSHEET_ID, True, AccountBlocked), ("somebody-elses", False, RequestRefused)],
)
async def test_what_only_a_human_can_mend_is_said_at_once(
    name: str, revoked: bool, error: type[ServiceError]
) -> None:
    async with a_bench(spreadsheet_id=name) as bench:
        bench.face.account.revoked = revoked
        with pytest.raises(error) as caught:
            await bench.sheet.tabs()
        assert caught.value.remedy


async def test_a_key_revoked_in_between_is_found_out() -> None:
    async with a_bench() as bench:
        await bench.sheet.tabs()
        bench.face.account.revoked = True
        with pytest.raises(AccountBlocked):
            await bench.sheet.tabs()


@pytest.mark.parametrize("account", [{}, {"type": "service_account"}, {"private_key": "x"}])
async def test_a_file_that_is_no_key_is_a_settings_error_without_the_key(account: Any) -> None:
    async with jumping_clock() as clock, httpx.AsyncClient() as http:
        with pytest.raises(SettingsError, match="credentials_file"):
            SheetsWire(http, account=account, api_root="", clock=clock, timeout_seconds=1)


async def test_cancelling_takes_the_request_back_and_frees_the_thread() -> None:
    begun, ended = anyio.Event(), anyio.Event()

    async def app(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/token"):
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3599})
        begun.set()
        try:
            await anyio.sleep_forever()
        finally:
            ended.set()
        raise AssertionError

    async with (
        jumping_clock() as clock,
        httpx.AsyncClient(transport=httpx.MockTransport(app)) as http,
        anyio.create_task_group() as tasks,
    ):
        sheet = GoogleSheet(
            SheetsWire(
                http,
                account=SheetsFace(Record(), now=clock.now).account.info(
                    token_uri="http://x/token"
                ),
                api_root="",
                clock=clock,
                timeout_seconds=60,
            ),
            spreadsheet_id="s",
            clock=clock,
            retries=0,
        )
        tasks.start_soon(sheet.tabs)
        await begun.wait()
        tasks.cancel_scope.cancel()
    with anyio.fail_after(5):
        await ended.wait()


async def test_a_request_that_takes_too_long_is_given_up() -> None:
    async def app(request: httpx.Request) -> httpx.Response:
        await anyio.sleep_forever()
        raise AssertionError

    transport = httpx.MockTransport(app)
    async with jumping_clock() as clock, httpx.AsyncClient(transport=transport) as http:
        account = SheetsFace(Record(), now=clock.now).account.info(token_uri="http://x/token")
        wire = SheetsWire(http, account=account, api_root="", clock=clock, timeout_seconds=0.05)
        sheet = GoogleSheet(wire, spreadsheet_id="s", clock=clock, retries=1)
        with pytest.raises(TryLater, match="did not answer"):
            await sheet.tabs()


@pytest.mark.parametrize("answer", [{}, {"sheets": 1}, {"sheets": [{}]}, [], "x"])
async def test_an_answer_of_another_shape_is_no_empty_sheet(answer: Any) -> None:
    async def app(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/token"):
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3599})
        return httpx.Response(200, json=answer)

    transport = httpx.MockTransport(app)
    async with jumping_clock() as clock, httpx.AsyncClient(transport=transport) as http:
        account = SheetsFace(Record(), now=clock.now).account.info(token_uri="http://x/token")
        wire = SheetsWire(http, account=account, api_root="", clock=clock, timeout_seconds=9)
        sheet = GoogleSheet(wire, spreadsheet_id="s", clock=clock, retries=0)
        with pytest.raises(BadAnswer):
            await sheet.tabs()
