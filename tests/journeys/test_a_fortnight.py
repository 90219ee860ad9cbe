"""Ten working days with a team of three who look in a few times a day, by script.

Their words are one each: yes to an answer as it was prepared, a sentence of their own where no fact
answers, a fact where the same will be asked again, and how an answer is to be read that the rules did
not understand.
"""

from __future__ import annotations

import re
import statistics
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from importlib import resources
from itertools import cycle
from pathlib import Path

import pytest

from ingagents.app.department import Department
from ingagents.core.review_policy import Review
from ingagents.model import Mail, SendResult
from ingagents.services.reviews.decisions import Decided
from tests.journeys.test_a_month import BY_DEFAULT, begun
from tests.world import ZONE, MailServer, World, dead_letters, doubts_of

LOOKS = ((9, 40), (11, 30), (13, 30), (15, 0), (16, 30))
"""When somebody of the team looks at what waits, in the campaign's time."""
ANSWERED_BY = (15, 0)
"""What is asked by then is answered the same day; nobody is written to after five."""
DECISIONS_A_DAY = 10
"""In a market where every other person answers, and goes on to answer what they get."""
NOTICE_MINUTES = 6
OF_THEIR_OWN = "Thank you for asking, I have passed this on and will come back to you about it."
ALSO_ASKED = """
[[fact]]
id = "costs"
text = { en = "What a partnership costs depends on its size, from 4,000 euro upwards.", de = "Eine Partnerschaft kostet je nach Umfang ab 4.000 Euro.", fr = "Un partenariat commence à 4 000 euros selon son étendue.", es = "Una colaboración empieza en 4.000 euros según su alcance." }
asks = ["cost", "kosten", "budget", "cuesta", "costa", "sponsoring"]
[[fact]]
id = "details"
text = { en = "The agenda and the speakers of last year stand on our page in full.", de = "Die Agenda und die Vortragenden des letzten Jahres stehen vollständig auf unserer Seite.", fr = "Le programme et les intervenants de l'an dernier figurent en entier sur notre page.", es = "La agenda y los ponentes del año pasado están completos en nuestra página." }
asks = ["details", "media kit", "deck", "informa", "détails"]
[[fact]]
id = "travel"
text = "Speakers stay two nights as our guests, and arrange their journey themselves."
asks = ["travel"]
[[fact]]
id = "remote"
text = "All talks are given in person, and recorded for those who cannot come."
asks = ["in person", "remotely"]
[[fact]]
id = "proposals"
text = "Proposals for talks are read until the end of March."
asks = ["deadline"]
[[fact]]
id = "expected"
text = "A talk needs a title and three sentences for the start, and the slides a week ahead."
asks = ["expect from us"]
"""
"""What the market's people ask beside what the sandbox's own facts answer."""
TOLD_ONCE = "code of conduct"
ANSWERED_ONCE = """
[[fact]]
id = "conduct"
text = { en = "Our code of conduct stands on our page and holds for everybody who comes.", de = "Unser Verhaltenskodex steht auf unserer Seite und gilt für alle, die kommen.", fr = "Notre code de conduite figure sur notre page et vaut pour tous.", es = "Nuestro código de conducta está en nuestra página y vale para todos." }
asks = ["code of conduct"]
"""
"""What the team adds to the facts when it is asked for the first time."""
LINK = re.compile(r"https?://\S+")


class Inbox(MailServer):
    """The team's, which keeps when each mail came."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self.came: list[tuple[datetime, Mail]] = []

    async def send_mail(self, mail: Mail) -> SendResult:
        self.came.append((self._world.now, mail))
        return await super().send_mail(mail)


@pytest.fixture(autouse=True)
def _facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = resources.files("ingagents") / "sandbox" / "facts.toml"
    Path("facts.toml").write_text(told.read_text("utf-8") + ALSO_ASKED, "utf-8")


def add_to_facts(more: str) -> None:
    with Path("facts.toml").open("a", encoding="utf-8") as facts:
        facts.write(more)


def looks(first: datetime, working_days: int) -> Iterator[datetime]:
    """Each look at what waits, and the evening of each day, days off included."""
    day = first.astimezone(ZONE)
    while working_days:
        if day.isoweekday() < 6:
            working_days -= 1
            yield from (day.replace(hour=hour, minute=minute) for hour, minute in LOOKS)
        yield day.replace(hour=20, minute=0)
        day += timedelta(days=1)


class Team:
    """Three people, who decide in turn; how often they had to, by day.

    What is said with one word is one decision: yes to all that was prepared, how one answer is to be
    read, a text of their own.
    """

    def __init__(self, world: World, department: Department) -> None:
        self._world = world
        self._reviews = department.reviews
        self._names = cycle(("Kim", "Lee", "Sam"))
        self.decisions: Counter[date] = Counter()
        self.written: set[str] = set()
        self.has_told = False

    async def look(self) -> None:
        """Decide on everything that waits."""
        by = next(self._names)
        waiting = (await self._reviews.list(limit=200)).reviews
        ready = [one.id for one in waiting if one.kind == "answer" and one.text]
        decided = list(await self._reviews.approve(*ready, by=by)) if ready else []
        decisions = int(bool(ready))
        for one in waiting:
            if one.id not in ready:
                decisions += 1
                decided += await self._decide(one, by)
        self.decisions[self._world.now.astimezone(ZONE).date()] += decisions
        assert all(one.ok for one in decided), decided

    async def _decide(self, review: Review, by: str) -> Sequence[Decided]:
        if not self.has_told and TOLD_ONCE in " ".join(review.evidence.get("open", ())):
            self.has_told = True
            add_to_facts(ANSWERED_ONCE)
            return ()  # it is prepared anew, and waits for a yes
        if review.kind == "answer":
            self.written.add(review.id)
            text = f"{OF_THEIR_OWN} {by}, number {len(self.written)}"
            return [await self._reviews.edit(review.id, text, by=by)]
        read_as = "not_interested" if review.kind == "reply" else ""
        return await self._reviews.approve(review.id, by=by, read_as=read_as)


async def test_a_fortnight_of_a_team_that_looks_in_and_says_a_word(tmp_path: Path) -> None:
    world = World(tmp_path, size=300)
    world.mail = inbox = Inbox(world)
    async with begun(world, **BY_DEFAULT) as department:
        team = Team(world, department)
        for moment in looks(world.now, 10):
            await department.run(until=moment)
            await team.look()
        answers = (
            await department.reviews.list(kind="answer", everything=True, limit=1000)
        ).reviews
        told = department.settings
        assert await dead_letters(department) == []
        assert await doubts_of(department) == []
        world.check(told)
    assert len(answers) > 20
    assert_answered_in_time(world, answers)
    assert_nothing_but_facts(answers, team.written)
    assert_told_within_minutes(world, inbox)
    assert max(team.decisions.values()) <= DECISIONS_A_DAY, team.decisions


def assert_answered_in_time(world: World, answers: Sequence[Review]) -> None:
    """Each on the day it was asked, where there was time for that; else on the next day of work."""
    late = []
    for one in answers:
        asked = one.asked_at.astimezone(ZONE)
        due = asked.replace(hour=17, minute=0)
        if asked.isoweekday() > 5 or (asked.hour, asked.minute) > ANSWERED_BY:
            due = next_day_of_work(due)
        if one.state == "void" or due > world.now:
            continue
        acts = world.acts(world.market.find(one.address))
        if not any(one.asked_at < act.at <= due for act in acts):
            late.append((one.asked_at, one.recipient, one.state, one.reason))
    assert late == []


def next_day_of_work(moment: datetime) -> datetime:
    """The same hour on the day of work after."""
    moment += timedelta(days=1)
    return moment if moment.isoweekday() < 6 else next_day_of_work(moment)


def assert_nothing_but_facts(answers: Sequence[Review], written: set[str]) -> None:
    """Every sentence that no human wrote names a fact, and every link stands in one."""
    facts = Path("facts.toml").read_text("utf-8")
    ids = {one["id"] for one in tomllib.loads(facts)["fact"]} | {
        "booking",
        "courtesy",
        "date",
        "audience",
        "topics",
        "url",
        "deadline",
    }
    for one in answers:
        assert all(link.rstrip(".,)") in facts for link in LINK.findall(one.text)), one.text
        if one.text and one.id not in written:
            sentences = one.evidence["rests_on"]
            assert {sentence["rests_on"] for sentence in sentences} <= ids, sentences
            words = one.text.casefold()
            assert all(sentence["text"].casefold() in words for sentence in sentences), one


def assert_told_within_minutes(world: World, inbox: Inbox) -> None:
    """From what somebody wrote to the mail that quotes it, in the department's time."""
    waits = []
    for person in {act.person: world.market.find(act.provider_id) for act in world.acts()}.values():
        for said in world.market.story(person).said:
            local = said.at.astimezone(ZONE)
            if local.isoweekday() > 5 or not 9 <= local.hour < 17 or said.at > world.now:
                continue  # the account is asleep
            if said.sender is None or said.event:
                continue
            words = " ".join(said.text.split())[:40]
            # whoever needs no decision stands in the next report alone
            came = [
                at
                for at, mail in inbox.came
                if at >= said.at
                and "daily" not in mail.subject.lower()
                and words in " ".join(mail.text.split())
            ]
            if came:
                waits.append((came[0] - said.at).total_seconds() / 60)
    assert len(waits) > 20
    assert statistics.quantiles(waits, n=20)[-1] < NOTICE_MINUTES
