"""A small working day in front of a served sandbox, and what must hold when it is over.

Seven people are met: three from a list, four from a search. Two of the list are connected already:
they get a message, which a service takes again and again, where it refuses a second invitation.
The account may write to five a day, so that the limit is reached and somebody has to wait. Time runs 120 times as fast as in life, for
the department and the sandbox alike; the sandbox is another process, and outlives all deaths.
"""

from __future__ import annotations

import email
import json
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote

import httpx
import psycopg

from ingagents.sandbox.market.behaviour import accepts_after, answer, wall_of
from ingagents.sandbox.market.market import Market
from ingagents.sandbox.market.people import Person
from ingagents.services.outreach.sending.send_outcomes import NOT_FOUND
from ingagents.store.engine.codecs import stamp
from tests import PATIENCE
from tests.front_door import ACCOUNT, KEY, invented_people, write_people
from tests.kills.launcher import MONDAY
from tests.kills.nursery import Child, Nursery
from tests.kills.team import Team
from tests.processes import environment

Row = tuple[str, str, str, str]
"""A person as a list has them: name, headline, company, profile address."""

PACE = 120.0
LIMIT = 5
NO_WEEK = 100_000
LOOKS = 2
FOUND = 2
STRANGERS = 1
SEED, SIZE = 3, 40
MARKET = ("--seed", str(SEED), "--size", str(SIZE))
"""Who lives in the sandbox, and on what seat our account is: arguments of `sandbox`."""

SETTINGS = """
[campaign]
sender_name = "Kim Holm"
[database]
url = "{database}"
[linkedin]
service = "unipile"
base_url = "{sandbox}"
account_id = "{account}"
live = true
[sales_manager]
monitor_interval_minutes = 600
search_below = 50
allow_same_company = true
write_to_other = true
report_recipients = ["team@example.org"]
[lead_finder]
search_time = "09:00"
max_leads_per_day = {found}
quality_threshold = 1
[outreach]
process_interval_minutes = 600
response_check_interval_hours = {look}
approval = "none"
[outreach.rate_limiting]
daily_limit = {daily}
weekly_limit = {weekly}
min_interval_minutes = {gap}
max_interval_minutes = {gap}
working_hours_start = "00:00"
working_hours_end = "24:00"
[outreach.uncertain]
settle_seconds = 30
looks = {looks}
window_seconds = 30
{notify}
"""

FACTS = """
[[fact]]
id = "tracks"
text = "The programme has three tracks: platforms, data, and people."

[[fact]]
id = "recordings"
text = "Every talk is recorded and published a month later."

[[fact]]
id = "proposals"
text = "Proposals for talks are welcome until the end of April."
asks = ["deadline"]
"""
_JOBS = frozenset({"coordinate", "search", "report", "outreach", "replies", "monitor"})
_OPEN = "SELECT count(*) FROM deliveries WHERE state IN ('claimed', 'attempted')"
_DOUBTS = "SELECT looks FROM deliveries WHERE state = 'uncertain' AND kind IN ({kinds})"
_NOBODY_TOOK = (
    "SELECT count(*) FROM deliveries d JOIN leads l ON l.id = d.recipient"
    " WHERE d.kind = 'invitation' AND d.state = 'sent' AND l.accepted_at IS NULL"
    " AND l.responded_at IS NULL AND d.claimed_at < '{before}' AND NOT EXISTS (SELECT 1"
    " FROM deliveries w WHERE w.recipient = l.id AND w.kind = 'withdrawal'"
    " AND w.state NOT IN ('refused', 'lost'))"
)
_DUE = "SELECT count(*) FROM leads WHERE next_step_at <= '{now}' AND next_step <> 'answer'"
_WAITING = "SELECT count(*) FROM inbox WHERE state = 'waiting'"
_ALLOCATED = "SELECT count(*) FROM leads WHERE contact_status = 'Allocated'"
_RESERVED = (
    "SELECT count(*) FROM deliveries WHERE kind IN ({kinds})"
    f" AND (state <> 'refused' OR detail LIKE '{NOT_FOUND}%')"
)
"""What counts against the limit: an act that was not found by reading back does, too."""
_RUNS = "SELECT job, started_at, finished_at, state FROM schedule"
_LAST_ACT = "SELECT coalesce(max(coalesce(settled_at, claimed_at)), '') FROM deliveries"
_ANSWERS_TAKE_SECONDS = 40


class Workday:
    """One department, its database and its sandbox."""

    acts: ClassVar[str] = "'invitation', 'message'"
    """Kinds of acts that count against the limit."""
    looked_up: ClassVar[str] = "'invitation', 'message', 'withdrawal'"
    """Kinds of acts that are read back when in doubt."""

    def __init__(
        self,
        folder: Path,
        nursery: Nursery,
        *,
        database: str,
        market: Sequence[str],
        weekly: int,
        origin: float,
        team: Team | None = None,
    ) -> None:
        self.folder = folder
        self.nursery = nursery
        self.team = team
        self.origin = origin
        self._market = market
        self._weekly = weekly
        self._open_sandbox()
        self._database = database
        self._outputs = 0
        self._limit = LIMIT
        self._since = ""
        self._rows: Any = None

    # --- the front door -------------------------------------------------------------------------

    def settings(
        self, *, limit: int = LIMIT, gap: float = 0, look: float = 0.01, daily: int | None = None
    ) -> None:
        """Write settings.toml: the limit, minutes between sends, hours between looks.

        `daily` is the day's limit where it is another than that of all days together.
        """
        self._limit = limit
        text = SETTINGS.format(
            database=self._database or "sqlite:///ingagents.db",
            sandbox=f"http://{self.url}",
            account=ACCOUNT,
            daily=limit if daily is None else daily,
            weekly=self._weekly,
            looks=LOOKS,
            gap=gap,
            look=look,
            found=FOUND,
            notify=self.team.settings(self.folder) if self.team else "",
        )
        (self.folder / "settings.toml").write_text(text, "utf-8")
        (self.folder / "facts.toml").write_text(FACTS, "utf-8")

    def later(self, days: float, *, daily: int = 0) -> None:
        """So many days pass, for the department and for the sandbox; `daily` is the limit then."""
        self.sandbox.send(signal.SIGKILL)
        self.sandbox.wait()
        self.origin -= days * 86_400 / PACE
        self._since = (self.now - timedelta(minutes=1)).isoformat()
        self._open_sandbox()
        self.settings(limit=self._limit, daily=daily)

    def _open_sandbox(self) -> None:
        """The sandbox over its folder's market, which remembers what was there before."""
        self.sandbox = self.nursery.start(
            self.folder,
            [
                *("sandbox", "--port", "0", "--api-key", KEY, "--speed", "20000"),
                *("--state", "market.db", *self._market),
            ],
            env=environment(self.folder),
            output=self.folder / f"sandbox-{len(list(self.folder.glob('sandbox-*')))}.txt",
            origin=self.origin,
            pace=PACE,
        )
        self.url = _address_of(self.sandbox)

    @property
    def now(self) -> datetime:
        """The department's time."""
        return MONDAY + timedelta(seconds=(time.monotonic() - self.origin) * PACE)

    def start(
        self,
        *arguments: str | Path,
        at: str = "",
        trace: Path | None = None,
        machine: str = "",
        broken: bool = False,
    ) -> Child:
        """Start a command of the product, to die at a boundary if one is named."""
        self._outputs += 1
        return self.nursery.start(
            self.folder,
            arguments,
            env=environment(self.folder, {"INGAGENTS_LINKEDIN__API_KEY": KEY}),
            output=self.folder / f"output-{self._outputs}.txt",
            at=at,
            trace=str(trace) if trace else None,
            origin=self.origin,
            pace=PACE,
            machine=machine,
            broken=broken,
        )

    def succeeds(self, *arguments: str | Path) -> str:
        """A command that must end well; all it said."""
        child = self.start(*arguments)
        assert child.wait() == 0, child.said
        return child.output.read_text("utf-8")

    def work(
        self,
        *,
        at: str = "",
        trace: Path | None = None,
        patience: float = PATIENCE,
        while_at_work: Callable[[], None] = lambda: None,
        broken: bool = False,
    ) -> bool:
        """`run` until nothing is left to do; False when it died on the way, as it was told to.

        Raises:
            AssertionError: it ended otherwise, or nothing came to rest.
        """
        running = self.start("run", at=at, trace=trace, broken=broken)
        deadline = time.monotonic() + patience
        while running.alive and not (running.said and self.at_rest()):
            if time.monotonic() > deadline:
                running.send(signal.SIGKILL)
                raise AssertionError(
                    f"the day does not end: {self.standing()}\n{running.said[-4000:]}"
                )
            running.ended.wait(0.05)
            while_at_work()
            if self.team is not None:
                self.team.decide(self)
        if running.alive:
            running.send(signal.SIGTERM)
        code = running.wait()
        if at and code == -signal.SIGKILL:
            return False
        assert code == 0, f"exit {code}\n{running.said[-4000:]}"
        return True

    # --- how it stands ---------------------------------------------------------------------------

    def rows(self, sql: str) -> list[Any]:
        """Rows of the department's database, read beside whoever works on it."""
        if self._database:
            if self._rows is None:
                self._rows = psycopg.connect(self._database, autocommit=True)
            return list(self._rows.execute(sql.encode()).fetchall())
        if self._rows is None:
            if not (self.folder / "ingagents.db").exists():
                return []
            uri = f"file:{self.folder / 'ingagents.db'}?mode=ro"
            self._rows = sqlite3.connect(
                uri, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False
            )
        return list(self._rows.execute(sql).fetchall())

    def at_rest(self) -> bool:
        """Whether everything that could be done today is done, and every answer was read."""
        try:
            return not self.standing()
        except (sqlite3.Error, psycopg.Error):
            return False  # it is just being made

    def standing(self) -> list[str]:
        """What is not done yet, in words."""
        left = [
            f"{what}: {count}"
            for what, sql in (("half-made", _OPEN), ("events", _WAITING))
            for ((count,),) in [self.rows(sql)]
            if count
        ]
        left += [
            "a doubt"
            for (looks,) in self.rows(_DOUBTS.format(kinds=self.looked_up))
            if len(json.loads(looks)) < LOOKS
        ]
        runs = {job: (started, ended, state) for job, started, ended, state in self.rows(_RUNS)}
        left += [
            f"{job}: {runs.get(job, ('', '', 'not begun'))[2]}"
            for job in sorted(_JOBS)
            if job not in runs
            or not runs[job][1]
            or runs[job][2] == "failed"
            or runs[job][0] < self._since
        ]
        ((allocated,),), ((reserved,),) = (
            self.rows(_ALLOCATED),
            self.rows(_RESERVED.format(kinds=self.acts)),
        )
        if allocated and reserved < self._limit:
            left.append(f"{allocated} allocated, and only {reserved} of {self._limit} written to")
        ((due,),) = self.rows(_DUE.format(now=stamp(self.now)))
        left += [f"steps due: {due}"] if due else []
        before = (self.now - timedelta(days=21)).isoformat()
        ((open_still,),) = self.rows(_NOBODY_TOOK.format(before=before))
        left += [f"invitations to withdraw: {open_still}"] if open_still else []
        ((last,),) = self.rows(_LAST_ACT)
        if "replies" in runs and last:
            since = _seconds(runs["replies"][0]) - _seconds(last)
            if since < _ANSWERS_TAKE_SECONDS:
                left.append("answers may be under way")
        return left + (self.team.left(self) if self.team else [])

    # --- what must hold --------------------------------------------------------------------------

    def record(self) -> dict[str, Any]:
        """What the sandbox received, in its own words."""
        got = httpx.get(
            f"http://{self.url}/sandbox/record", headers={"X-API-KEY": KEY}, timeout=PATIENCE
        )
        got.raise_for_status()
        found: dict[str, Any] = got.json()
        return found

    def leads(self) -> list[dict[str, Any]]:
        """The leads, as the export prints them."""
        said = self.succeeds("leads", "export", "--format", "jsonl")
        return [json.loads(line) for line in said.splitlines() if line.startswith("{")]

    def check(self) -> Counter[str]:
        """Nobody twice, nobody lost, limits kept, the journal whole; the leads' statuses."""
        record, leads = self.record(), self.leads()
        acts = [act for act in record["acts"] if act["kind"] != "withdrawal"]
        assert_nobody_twice(record)
        by_slug = {
            unquote(lead["linkedin_url"]).rstrip("/").rpartition("/")[2]: lead for lead in leads
        }
        lost = [act["slug"] for act in acts if act["slug"] not in by_slug]
        assert not lost, f"the sandbox knows acts of which the leads know nothing: {lost}"
        self._check_steps(acts, by_slug)
        reached = {act["slug"] for act in acts}
        for slug, lead in by_slug.items():
            status = lead["contact_status"]
            # Whoever was handed over and could not be written to for weeks waits for another turn.
            taken_back = bool(self._since) and status == "Not Contacted"
            assert taken_back or status in ACCOUNTED, lead
            assert slug in reached or status not in {"Invited", "Message Sent", "Responded"}, lead
        assert len(reached) <= self._limit, f"more than {self._limit} were written to: {reached}"
        self._check_withdrawals(record, by_slug)
        self._check_events()
        self._check_mails()
        if self.team is not None:
            self.team.check(self, acts, by_slug)
        self.succeeds("journal", "verify")
        return Counter(lead["contact_status"] for lead in leads)

    def _check_steps(self, acts: list[dict[str, Any]], by_slug: dict[str, Any]) -> None:
        """Each act at LinkedIn is one step of ours; none that surely went out is missing there."""
        got = Counter((by_slug[act["slug"]]["id"], act["text"]) for act in acts)
        states: dict[tuple[str, str], list[str]] = {}
        for recipient, text, state in self.rows(
            "SELECT recipient, text, state FROM deliveries"
            " WHERE kind IN ('invitation', 'message') AND state <> 'refused'"
        ):
            states.setdefault((recipient, text), []).append(state)
        for what, count in got.items():
            assert count <= len(states.get(what, ())), f"at LinkedIn, and no step of ours: {what}"
        for what, known in states.items():
            sure = known.count("sent")
            assert got[what] >= sure, f"taken for sent, and not at LinkedIn: {what}"
            loose = got[what] > sure and known.count("uncertain") < got[what] - sure
            assert not loose, f"at LinkedIn, and taken for not sent: {what}"

    def _check_withdrawals(self, record: dict[str, Any], by_slug: dict[str, Any]) -> None:
        """Nobody's invitation is withdrawn twice, and the department knows of each."""
        withdrawn = Counter(act["slug"] for act in record["acts"] if act["kind"] == "withdrawal")
        assert not {one: count for one, count in withdrawn.items() if count > 1}
        known = {
            recipient
            for (recipient,) in self.rows(
                "SELECT recipient FROM deliveries WHERE kind = 'withdrawal' AND state = 'sent'"
            )
        }
        assert {by_slug[slug]["id"] for slug in withdrawn} == known
        for slug in withdrawn:
            last = [act for act in record["acts"] if act["slug"] == slug][-1]
            assert last["kind"] == "withdrawal", f"written to after a withdrawal: {last}"
            lead = by_slug[slug]
            assert (lead["contact_status"], lead["accepted_at"]) == ("Closed", None), lead
            assert lead["status_reason"], lead

    def _check_events(self) -> None:
        """Each fact is told once, and no event was given up."""
        told = Counter(
            (kind, json.loads(data).get("delivery_id") or json.loads(data)["lead_id"])
            for kind, data in self.rows(
                "SELECT type, data FROM journal WHERE type IN"
                " ('message_sent', 'lead_discovered', 'invitation_withdrawn')"
            )
            if "lead_id" in json.loads(data)
        )
        assert not {what: count for what, count in told.items() if count > 1}
        answers = [
            json.loads(data)["reply_id"]
            for (data,) in self.rows("SELECT data FROM journal WHERE type = 'response_received'")
        ]
        kept = self.rows("SELECT id FROM replies WHERE effect <> 'absent'")
        assert sorted(answers) == sorted(reply for (reply,) in kept)
        assert self.rows("SELECT seq, consumer, error FROM retries WHERE state = 'dead'") == []

    def _check_mails(self) -> None:
        """No mail lies twice in the outbox, and each that lies there is known."""
        posted = Counter(
            email.message_from_bytes(file.read_bytes())["Message-ID"]
            for file in (self.folder / "outbox").glob("*.eml")
        )
        assert not {one: count for one, count in posted.items() if count > 1}
        known = self.rows(
            "SELECT count(*) FROM deliveries WHERE kind IN ('alert', 'report')"
            " AND state IN ('sent', 'uncertain')"
        )
        assert len(posted) <= known[0][0], f"{len(posted)} mails, and {known} known"

    def close(self) -> None:
        """Let go of the database."""
        if self._rows is not None:
            self._rows.close()
            self._rows = None


ACCOUNTED = frozenset(
    {
        "Invited",
        "Message Sent",
        "Responded",
        "Closed",
        "Suppressed",
        "Needs Review",
        "Allocated",
        "Failed",
    }
)
"""Where a lead may stand when the day is over; those left to a human are told so in `status`."""


@contextmanager
def workday(
    folder: Path,
    nursery: Nursery,
    *,
    database: str = "",
    strangers: int = STRANGERS,
    people: Sequence[Row] | None = None,
    market: Sequence[str] = MARKET,
    weekly: int = NO_WEEK,
    team: Team | None = None,
    kind: type[Workday] = Workday,
    **settings: Any,
) -> Iterator[Workday]:
    """A department with a list of people and a sandbox of its own; `database` is PostgreSQL's URL."""
    folder.mkdir(parents=True, exist_ok=True)
    made = kind(
        folder,
        nursery,
        database=database,
        market=market,
        weekly=weekly,
        origin=time.monotonic(),
        team=team,
    )
    try:
        made.settings(**settings)
        if people is None:
            people = [*quiet_people(), *invented_people(strangers)]
        write_people(folder / "people.csv", people)
        made.succeeds("leads", "import", "people.csv")
        yield made
    finally:
        made.close()
        made.sandbox.send(signal.SIGKILL)
        made.sandbox.wait()


def _address_of(sandbox: Child) -> str:
    return sandbox.until("http://").split("http://", 1)[1].split()[0]


def quiet_people() -> list[Row]:
    """People of the market who never answer, as a list names them: an answer would protect them.

    One is connected with the account, two accept its invitation.
    """
    market = Market(SEED, SIZE, now=lambda: MONDAY)
    quiet = [
        one
        for one in market.people
        if one.slug
        and not any(answer(SEED, one, nth=nth, before=None) for nth in (1, 2, 3))
        and not wall_of(SEED, one)
    ]
    known = [one for one in quiet if one.distance == 1]
    accept = [
        one for one in quiet if one.distance in {2, 3} and accepts_after(SEED, one, 1)[0] is True
    ]
    return listed((*known[:1], *accept[:2]))


def listed(people: Iterable[Person]) -> list[Row]:
    """People of the market as a list names them."""
    return [
        (one.name, one.headline, one.company_name, f"https://www.linkedin.com/in/{one.slug}")
        for one in people
    ]


def assert_nobody_twice(record: dict[str, Any]) -> None:
    """The sandbox's own record: one invitation a person, no text twice, nobody pressed."""
    acts = [act for act in record["acts"] if act["kind"] != "withdrawal"]
    invited = Counter(act["slug"] for act in acts if act["kind"] == "invitation")
    told = Counter((act["slug"], act["text"]) for act in acts if act["text"])
    twice = [*(one for one, count in invited.items() if count > 1)]
    twice += [slug for (slug, _), count in told.items() if count > 1]
    assert not twice, f"written to twice: {twice}"
    assert record["contacted_twice"] == []
    assert record["same_text_again"] == []


def _seconds(moment: str) -> float:
    from ingagents.store.engine.codecs import moment as read

    return read(moment).timestamp()
