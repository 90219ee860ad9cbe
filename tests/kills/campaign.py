"""A working day whose service sends by a campaign: enrolled, followed, stopped, and nobody twice."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar
from urllib.parse import unquote

from tests.kills.workday import ACCOUNTED, LIMIT, Workday, assert_nobody_twice

_STOP_OWED = (
    "SELECT count(*) FROM leads l WHERE l.stage = 'Lost' AND NOT EXISTS (SELECT 1 FROM deliveries d"
    " WHERE d.recipient = l.id AND d.kind = 'stop' AND d.state IN ('sent', 'refused'))"
)
_ENROLLED = (
    "SELECT id FROM leads WHERE contact_status IN ('Enrolled', 'Invited', 'Message Sent')"
    " ORDER BY id"
)
_KNOWN = (
    "SELECT recipient FROM deliveries WHERE texts <> '{}' AND kind <> 'stop'"
    " AND state NOT IN ('refused', 'lost') AND step LIKE 'first_contact%'"
)


class CampaignDay(Workday):
    """The same department, with a campaign at HeyReach."""

    acts: ClassVar[str] = "'invitation', 'message', 'enrolment'"
    looked_up: ClassVar[str] = "'enrolment', 'stop'"

    def settings(self, **settings: Any) -> None:
        super().settings(**settings)
        path = self.folder / "settings.toml"
        text = path.read_text("utf-8").replace('"unipile"', '"heyreach"')
        lines = [line for line in text.splitlines() if not line.startswith("account_id")]
        at = lines.index('service = "heyreach"') + 1
        lines[at:at] = ['account_id = "4711"', 'campaign_id = "815"']
        path.write_text("\n".join(lines), "utf-8")

    def begin(self) -> None:
        """Somebody of the campaign is the team's from now on, and more people may enter it."""
        self.settings(limit=LIMIT)
        ((lead,), *_) = self.rows(_ENROLLED)
        self.succeeds("leads", "stage", lead, "Lost")

    def standing(self) -> list[str]:
        ((owed,),) = self.rows(_STOP_OWED)
        return super().standing() + ([f"to be stopped: {owed}"] if owed else [])

    def check(self) -> Counter[str]:
        """Nobody is enrolled or stopped twice, and the department knows of each."""
        record, leads = self.record(), self.leads()
        assert_nobody_twice(record)
        by_slug = {
            unquote(lead["linkedin_url"]).rstrip("/").rpartition("/")[2]: lead for lead in leads
        }
        done = {
            kind: Counter(act["slug"] for act in record["acts"] if act["kind"] == kind)
            for kind in ("enrolment", "stop")
        }
        for kind, counts in done.items():
            assert set(counts.values()) <= {1}, (kind, counts)
        assert len(done["enrolment"]) <= self._limit, done
        known = {recipient for (recipient,) in self.rows(_KNOWN)}
        assert {by_slug[slug]["id"] for slug in done["enrolment"]} <= known
        lost = {lead["id"] for lead in leads if lead["stage"] == "Lost"}
        assert {by_slug[slug]["id"] for slug in done["stop"]} >= lost
        for lead in leads:
            assert lead["contact_status"] in {*ACCOUNTED, "Enrolled", "Not Contacted"}, lead
        self._check_events()
        self._check_mails()
        self.succeeds("journal", "verify")
        return Counter(lead["contact_status"] for lead in leads)
