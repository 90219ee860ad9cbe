"""The Sheets face, driven by unchanged gspread over loopback: what Google's clients rely on."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from functools import partial

import anyio
import gspread
import httpx
import pytest
import requests
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2.service_account import Credentials

from ingagents.sandbox.faults import FaultPlan, FaultRule, Faults
from ingagents.sandbox.google_sheets.api import SheetsFace
from ingagents.sandbox.google_sheets.storage import SPREADSHEET_ID
from ingagents.sandbox.record import Record
from ingagents.sandbox.server import serve

SCOPES = ["https://www.googleapis.com/auth/spreadsheets"]


class Moment:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Elsewhere(requests.adapters.HTTPAdapter):
    """Takes what is meant for Google to the sandbox."""

    def __init__(self, root: str) -> None:
        super().__init__()
        self.root = root

    def send(self, request, *given, **more):
        request.url = request.url.replace("https://sheets.googleapis.com", self.root)
        return super().send(request, *given, **more)


@contextlib.asynccontextmanager
async def served(face: SheetsFace):
    """The face over real TCP, and unchanged gspread logged in to it."""
    listening, stop = anyio.Event(), anyio.Event()
    root = ""

    def note(port: int) -> None:
        nonlocal root
        root = f"http://127.0.0.1:{port}/sheets"
        listening.set()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(partial(serve, face.app, port=0, on_listening=note, stop=stop))
        await listening.wait()
        info = face.account.info(token_uri=f"{root}/token")
        credentials = Credentials.from_service_account_info(info, scopes=SCOPES)
        with AuthorizedSession(credentials) as session:
            session.mount("https://sheets.googleapis.com", Elsewhere(root))
            client = gspread.Client(auth=credentials, session=session)
            yield partial(anyio.to_thread.run_sync), client, root
        stop.set()


def a_face(record: Record, **more) -> tuple[SheetsFace, Moment]:
    moment = Moment()
    return SheetsFace(record, now=moment, **more), moment


@pytest.fixture
def record():
    kept = Record()
    yield kept
    kept.close()


async def test_unchanged_gspread_makes_fills_reads_and_rearranges_a_tab(record):
    face, _ = a_face(record)

    def work(client):
        book = client.open_by_key(SPREADSHEET_ID)
        tab = book.add_worksheet("Guests & more", rows=20, cols=5)
        tab.update([["Name", "Score"], ["Zoe", 7.5], ["Ann", 9], ["Bob", 8]], "A1:B4")
        tab.freeze(rows=1)
        tab.append_row(["Cy", 3], value_input_option="RAW")
        tab.sort((1, "asc"), range="A2:B10")
        tab.insert_row(["Own", "row"], index=3)
        tab.delete_rows(5)
        tab.set_basic_filter("A1:B5")
        found = book.values_batch_get(["'Guests & more'!A1:B", "'Guests & more'!B2:B3"])
        return tab.get_all_values(), found["valueRanges"][1]["values"], book.title, tab.id

    async with served(face) as (in_thread, client, _):
        rows, part, title, tab_id = await in_thread(partial(work, client))
    assert rows == [["Name", "Score"], ["Ann", "9"], ["Own", "row"], ["Bob", "8"], ["Zoe", "7.5"]]
    assert part == [["9"], ["row"]]
    assert title == "Sales department"
    with face.shelf.open() as book:
        assert book.grid(tab_id).frozen_rows == 1


async def test_text_typed_in_becomes_a_formula_and_text_sent_raw_does_not(record):
    face, _ = a_face(record)
    cells = [["=1+1", "+49 30", "'=quoted", "7.50", "TRUE", "2027-03-01"]]

    def work(client):
        tab = client.open_by_key(SPREADSHEET_ID).sheet1
        tab.update(cells, "A1:F1", value_input_option="RAW")
        tab.update(cells, "A2:F2", value_input_option="USER_ENTERED")
        return [
            tab.get("A1:F2", value_render_option=option)
            for option in ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA")
        ]

    async with served(face) as (in_thread, client, _):
        formatted, plain, formula = await in_thread(partial(work, client))
    assert formatted[0] == cells[0]
    assert formatted[1] == ["#ERROR!", "#ERROR!", "=quoted", "7.5", "TRUE", "46447"]
    assert plain[1][3:] == [7.5, True, 46447]
    assert formula[1][:3] == ["=1+1", "=+49 30", "=quoted"]
    with face.shelf.open() as book:
        assert book.grids[0].formulas() == ["=1+1", "=+49 30"]


def read_often(tab: gspread.Worksheet) -> None:
    for _ in range(61):
        tab.acell("A1")


async def test_the_quota_is_sixty_reads_and_sixty_writes_a_minute_in_googles_words(record):
    face, moment = a_face(record)

    def work(client):
        tab = client.open_by_key(SPREADSHEET_ID).sheet1
        tab.update([["x"]], "A1", value_input_option="RAW")
        with pytest.raises(gspread.exceptions.APIError) as caught:
            read_often(tab)
        return tab, caught.value

    async with served(face) as (in_thread, client, _):
        tab, error = await in_thread(partial(work, client))
        assert error.code == 429
        assert error.error["status"] == "RESOURCE_EXHAUSTED"
        assert "Read requests per minute per user" in error.error["message"]
        moment.now += timedelta(seconds=61)
        assert (await in_thread(lambda: tab.acell("A1"))).value == "x"
    assert face.shelf.counts() == {"read": 61, "write": 1, "refused_429": 1}


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda c: c.open_by_key("nobodys").sheet1, 404),
        (lambda c: c.open_by_key(SPREADSHEET_ID).values_get("'No tab'!A1"), 400),
        (lambda c: c.open_by_key(SPREADSHEET_ID).batch_update({"requests": [{"no": {}}]}), 400),
        (lambda c: c.open_by_key(SPREADSHEET_ID).sheet1.update([["x" * 50_001]], "A1"), 400),
        (lambda c: c.open_by_key(SPREADSHEET_ID).sheet1.update([["x"]], "ZZ9999"), 400),
    ],
    ids=["spreadsheet", "tab", "request", "long text", "outside"],
)
async def test_what_cannot_be_done_is_refused(record, act, code):
    face, _ = a_face(record)

    def work(client):
        wrong = (gspread.exceptions.APIError, gspread.exceptions.SpreadsheetNotFound)
        with pytest.raises(wrong) as caught:
            act(client)
        return caught.value

    async with served(face) as (in_thread, client, _):
        error = await in_thread(partial(work, client))
    response = error.response if isinstance(error, gspread.exceptions.APIError) else error.args[0]
    assert response.status_code == code


async def test_a_batch_is_carried_out_whole_or_not_at_all(record):
    face, _ = a_face(record)
    requests_ = [
        {"addSheet": {"properties": {"title": "Half", "sheetId": 7}}},
        {"insertDimension": {"range": _rows(7, 5000, 5001)}},
    ]

    def work(client):
        book = client.open_by_key(SPREADSHEET_ID)
        with pytest.raises(gspread.exceptions.APIError, match="insertDimension"):
            book.batch_update({"requests": requests_})
        return [tab.title for tab in book.worksheets()]

    async with served(face) as (in_thread, client, _):
        assert await in_thread(partial(work, client)) == ["Sheet1"]


async def test_nobody_gets_in_without_the_accounts_key_or_after_it_was_revoked(record):
    face, _ = a_face(record)
    async with served(face) as (in_thread, client, root), httpx.AsyncClient() as http:
        path = f"{root}/v4/spreadsheets/{SPREADSHEET_ID}"
        assert (await http.get(path)).json()["error"]["status"] == "UNAUTHENTICATED"
        other = SheetsFace(Record(), now=Moment()).account.info(token_uri=f"{root}/token")
        stranger = Credentials.from_service_account_info(other, scopes=SCOPES)
        with requests.Session() as session, pytest.raises(RefreshError, match="invalid_grant"):
            await in_thread(lambda: stranger.refresh(Request(session)))
        await in_thread(lambda: client.open_by_key(SPREADSHEET_ID))
        face.account.revoked = True
        assert (await http.get(path, headers={"authorization": "Bearer x"})).status_code == 401


async def test_bad_days_come_in_googles_shape(record):
    faults = Faults(FaultPlan(rules=(FaultRule(kind="refuse", status=503, requests=(1,)),)))
    face, _ = a_face(record, faults=faults)
    async with served(face) as (_, _, root), httpx.AsyncClient() as http:
        answer = await http.get(f"{root}/v4/spreadsheets/{SPREADSHEET_ID}")
    assert answer.status_code == 503
    assert answer.json()["error"]["status"] == "UNAVAILABLE"


async def test_people_see_the_sheet_as_a_page(record):
    face, _ = a_face(record)
    with face.shelf.open() as book:
        book.grids[0].put(0, 0, "<b>Name</b>")
    async with served(face) as (_, _, root), httpx.AsyncClient() as http:
        assert (await http.get(root)).status_code == 401
        page = (await http.get(f"{root}?key=any")).text
    assert "&lt;b&gt;Name&lt;/b&gt;" in page


def test_the_sheet_lies_in_the_record_and_two_programs_share_it(tmp_path):
    file = tmp_path / "market.sandbox"
    one, other = Record(file), Record(file)
    first, _ = a_face(one)
    second, _ = a_face(other)
    with first.shelf.open() as book:
        book.grids[0].put(0, 0, "kept")
    with second.shelf.open() as book:
        assert book.grids[0].at(0, 0) == "kept"
        book.grids[0].put(0, 0, "seen")
    with first.shelf.open() as book:
        assert book.grids[0].at(0, 0) == "seen"
    with contextlib.suppress(RuntimeError), first.shelf.open() as book:
        book.grids[0].put(0, 0, "lost")
        raise RuntimeError
    with first.shelf.open() as book:
        assert book.grids[0].at(0, 0) == "seen"
    assert first.account.info(token_uri="") == second.account.info(token_uri="")
    one.close()
    other.close()


def _rows(sheet_id: int, start: int, end: int) -> dict[str, object]:
    return {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": start, "endIndex": end}
