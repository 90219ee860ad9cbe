"""review list | show | approve | edit | reject | sent: the human's say."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import typer

from ingagents.cli.app import app, print_json, read_settings, with_department
from ingagents.cli.options import Json, Limit
from ingagents.cli.terminal import at_minute, say_table
from ingagents.core.review_policy import KINDS, READINGS, SAID_BEFORE
from ingagents.core.review_words import WORDS, count_by_kind, head_of, headline, step_asked
from ingagents.display import one_line, visible
from ingagents.errors import InputError, UsageError

if TYPE_CHECKING:
    from ingagents.app.department import Department
    from ingagents.core.review_policy import Review
    from ingagents.events import ReviewKind
    from ingagents.services.reviews.api import ReviewFile, Waiting
    from ingagents.services.reviews.decisions import Decided

review = typer.Typer(
    help="What waits for your decision: list, show, approve, edit, reject, sent.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(review, name="review")

_AT_ONCE = 10_000
_EDGE = "  | "

Kind = Annotated[
    str | None, typer.Option("--kind", help="Only drafts, sends, replies or strategy.")
]
By = Annotated[str, typer.Option("--by", help="Who decides; by default your user name.")]
Ids = Annotated[list[str] | None, typer.Argument(metavar="ID...", help="From `review list`.")]


@review.command("list")
def list_(
    kind: Kind = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what was decided or lapsed.")
    ] = False,
    limit: Limit = 50,
    as_json: Json = False,
) -> None:
    """List what waits for a decision, the newest first."""
    wanted = _kind(kind)
    found = with_department(
        lambda department: department.reviews.list(kind=wanted, everything=everything, limit=limit)
    )
    if as_json:
        print_json(
            {
                "reviews": [_fields(one) for one in found.reviews],
                "waiting": found.by_kind,
                "other_leads": found.others,
            }
        )
        return
    state = ("state",) if everything else ()
    say_table(
        ("id", "kind", "who", "what", "since", "confidence", *state),
        (
            (
                one.id,
                one.kind,
                one.recipient,
                headline(one),
                f"{one.asked_at:%Y-%m-%d %H:%M}",
                f"{one.confidence:.2f}",
                *((one.state,) if everything else ()),
            )
            for one in found.reviews
        ),
    )
    for line in _say_rest(found, wanted, everything=everything):
        print(line, file=sys.stderr)


@review.command()
def show(
    review_id: Annotated[str, typer.Argument(metavar="ID", help="From `review list`.")],
    as_json: Json = False,
) -> None:
    """Show one question: the exact text, what it rests on, and what each answer does."""

    async def read(department: Department) -> tuple[ReviewFile, ZoneInfo]:
        zone = ZoneInfo(department.settings.campaign.timezone)
        return await department.reviews.show(review_id), zone

    found, zone = with_department(read)
    if as_json:
        lead = found.lead
        print_json(
            {
                **_fields(found.review),
                "evidence": found.review.evidence,
                "lead": None
                if lead is None
                else {
                    "name": lead.name,
                    "position": lead.position,
                    "company": lead.company,
                    "linkedin_url": lead.linkedin_url,
                    "contact_status": lead.contact_status.value,
                },
                "too_late": found.now,
                "answers": found.consequences,
            }
        )
        return
    for line in say_file(found, zone):
        print(visible(line))


@review.command()
def approve(
    ids: Ids = None,
    every: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Everything that waits of a --kind; without one each kind is asked about,"
            " and where nobody can be asked only drafts are taken.",
        ),
    ] = False,
    kind: Kind = None,
    read_as: Annotated[
        str,
        typer.Option("--as", metavar="READING", help=f"A reply was really: {', '.join(READINGS)}."),
    ] = "",
    by: By = "",
    yes: Annotated[
        bool,
        typer.Option(
            "--yes", help="Do not ask before --all: without a --kind that is for drafts alone."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Say yes: the text goes out, the doubtful send did go out, the reply is seen to."""
    if bool(ids) == every:
        raise UsageError("name what is approved", "`review approve ID...`, or --all")
    if kind is not None and not every:
        raise UsageError("--kind goes with --all", "leave it away")
    wanted, human = _kind(kind), _human(by)

    async def work(department: Department) -> Sequence[Decided]:
        chosen = list(ids or ())
        if every:
            listed = await department.reviews.list(kind=wanted, limit=_AT_ONCE)
            chosen = [
                one.id for one in _agreed(listed.reviews, wanted, may_ask=not yes and not as_json)
            ]
        return await department.reviews.approve(*chosen, by=human, read_as=read_as)

    _say_decided(with_department(work), as_json=as_json)


@review.command()
def edit(
    review_id: Annotated[str, typer.Argument(metavar="ID", help="From `review list`.")],
    text: Annotated[str, typer.Option("--text", help="What is sent instead.")],
    keep: Annotated[
        str,
        typer.Option("--keep-as-fact", metavar="ID", help="Tell all who ask: a new fact's id."),
    ] = "",
    asks: Annotated[
        list[str] | None, typer.Option("--asks", help="What asks for it; else the question itself.")
    ] = None,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Send your own text instead of a draft. It must be fit to send, and is approved by you."""
    from ingagents.app.rules.campaign_facts import fact_of_answer, write_facts

    human, settings = _human(by), read_settings()

    async def work(department: Department) -> Decided:
        file = await department.reviews.show(review_id)
        kept = fact_of_answer(settings, keep, file.review, text, asks=asks or ())
        decided = await department.reviews.edit(review_id, text, by=human)
        if kept is not None and decided.ok:
            write_facts(*kept)
        return decided

    _say_decided([with_department(work)], as_json=as_json)


@review.command()
def reject(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="From `review list`.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept.")],
    by: By = "",
    as_json: Json = False,
) -> None:
    """Say no, for good: nothing is sent; the doubtful send did not go out."""
    human = _human(by)
    decided = with_department(
        lambda department: department.reviews.reject(*ids, reason=reason, by=human)
    )
    _say_decided(decided, as_json=as_json)


@review.command()
def sent(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="From `review list`.")],
    by: By = "",
    as_json: Json = False,
) -> None:
    """Say that you have sent what was yours to send by hand; saying it twice counts once."""
    human = _human(by)

    async def work(department: Department) -> Sequence[Decided]:
        for one in ids:
            if (found := await department.reviews.show(one)).review.kind != "send":
                raise UsageError(
                    f"{one} is no message to be sent, but a {WORDS[found.review.kind].one}",
                    f"see `ingagents review show {one}`",
                )
        return await department.reviews.approve(*ids, by=human)

    _say_decided(with_department(work), as_json=as_json)


def _say_decided(decided: Sequence[Decided], *, as_json: bool) -> None:
    """What became of each; exit 1 with one line when something was not taken."""
    refused = [one for one in decided if not one.ok]
    if as_json:
        print_json(
            {
                "decided": [
                    {
                        "id": one.review.id,
                        "kind": one.review.kind,
                        "lead_id": one.review.lead_id,
                        "result": one.result,
                        "says": one.says,
                    }
                    for one in decided
                ],
                "taken": len(decided) - len(refused),
                "refused": len(refused),
            }
        )
    else:
        for one in decided:
            if one.ok:
                who = f" ({one_line(one.review.recipient)})" if one.review.recipient else ""
                print(f"{one.review.id}{who}: {one_line(one.says)}")
        taken = [one.review for one in decided if one.ok]
        if len(decided) != 1:
            print(
                f"{count_by_kind(one.kind for one in taken)} decided"
                if taken
                else "nothing was decided"
            )
    if refused:
        first = refused[0]
        more = f" (and {len(refused) - 1} more of {len(decided)})" if len(refused) > 1 else ""
        raise InputError(f"{first.review.id} {first.says.replace('; ', ', ')}{more}", first.remedy)


def _agreed(waiting: Sequence[Review], wanted: ReviewKind | None, *, may_ask: bool) -> list[Review]:
    """What of a batch is approved. A yes to one kind is none to another.

    Whoever named the kind has agreed to it. Where nobody can be asked, drafts alone are taken: that
    a doubtful send went out, what a reply means and a change of strategy are judged one by one.
    """
    asked = may_ask and sys.stdin.isatty() and sys.stderr.isatty()
    agreed: list[Review] = []
    for kind in KINDS:
        of_kind = [one for one in waiting if one.kind == kind]
        if not of_kind:
            continue
        if asked:
            taken = typer.confirm(
                f"approve {count_by_kind(one.kind for one in of_kind)}?", err=True
            )
        else:
            taken = kind == "draft" if wanted is None else True
            if not taken:
                plural = WORDS[kind].many
                print(
                    f"{count_by_kind(one.kind for one in of_kind)} left: name them, or add --kind {plural}",
                    file=sys.stderr,
                )
        agreed += of_kind if taken else []
    return agreed


def _say_rest(found: Waiting, kind: ReviewKind | None, *, everything: bool) -> Iterator[str]:
    waiting = sum(count for one, count in found.by_kind.items() if kind in {None, one})
    if not waiting and not everything:
        yield f"{'nothing' if kind is None else f'no {WORDS[kind].one}'} waits for a decision"
    elif waiting > len(found.reviews):
        yield f"{waiting} wait in all; --limit shows more"
    if others := found.others:
        leads = "1 lead needs" if others == 1 else f"{others} leads need"
        yield f"{leads} a human for other reasons: `ingagents leads list --status 'Needs Review'`"


def say_file(found: ReviewFile, zone: ZoneInfo) -> Iterator[str]:
    """One question with all there is to answer it by, line by line."""
    one, lead = found.review, found.lead
    step = step_asked(one)
    yield f"{one.id}  {one.kind}{f' of {step}' if step else ''}  {one.state}"
    if lead is not None:
        job = ", ".join(part for part in (lead.position, lead.company) if part)
        yield f"  {one.recipient or lead.name}{f', {job}' if job else ''}"
        if one.recipient and one.recipient != lead.name:
            yield f"  LinkedIn shows {one.recipient}, the lead is called {lead.name}"
        yield f"  {lead.linkedin_url or 'no LinkedIn address known'}"
        yield f"  lead {lead.id}, {lead.contact_status.value}"
    if one.way is not None:
        yield f"  {one.way.value} from account {one.account_id} to {one.address}"
    yield f"  asked {at_minute(one.asked_at, zone)}, confidence {one.confidence:.2f}"
    if one.expires_at is not None:
        yield f"  holds until {at_minute(one.expires_at, zone)}"
    if one.written_by:
        yield f"  by {one.written_by}"
    yield from _say_thread(one.evidence.get(SAID_BEFORE, ()), zone)
    yield head_of(one)
    yield from (_EDGE + line for line in one.text.splitlines())
    for reason in one.reasons:
        evidence = f' ["{one_line(reason.evidence)}"]' if reason.evidence else ""
        yield f"because {one_line(reason.why)}{evidence}"
    yield from _say_evidence({k: v for k, v in one.evidence.items() if k != SAID_BEFORE})
    if found.now:
        yield (
            f"an answer comes too late: it {found.now}"
            if not found.consequences
            else (f"as things stand an approval would be void: {found.now}")
        )
    for wish, does in found.consequences.items():
        yield f"ingagents review {wish} {one.id}{_NEEDS.get(wish, '')}"
        yield f"    {does}"


_NEEDS = {"edit": " --text '...'", "reject": " --reason '...'"}


def _say_thread(said: Sequence[dict[str, str]], zone: ZoneInfo) -> Iterator[str]:
    """What was said before, as LinkedIn showed it when it was asked; the last of it is the newest."""
    for one in said:
        yield f"{one['from']}, {at_minute(one['at'], zone)}"
        yield from (_EDGE + line for line in one["text"].splitlines())


def _say_evidence(evidence: Any) -> Iterator[str]:
    for key, value in evidence.items():
        name = key.replace("_", " ")
        if isinstance(value, dict):
            yield from (f"{name} {field}: {one_line(str(text))}" for field, text in value.items())
        elif isinstance(value, list):
            for entry in value:
                if isinstance(entry, str):
                    yield f"{name}: {one_line(entry)}"
                    continue
                said = ", ".join(f"{field} {one_line(str(text))}" for field, text in entry.items())
                yield f"{name}: {said}"
        elif value:
            yield f"{name}: {one_line(str(value))}"


def _fields(one: Review) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(one)
    del fields["evidence"]
    return {**fields, "step": str(one.step or "")}


def _kind(text: str | None) -> ReviewKind | None:
    if text is None:
        return None
    for kind in KINDS:
        if text.casefold() in {kind, WORDS[kind].many}:
            return kind
    raise UsageError(f"there is no kind {text!r}", "take drafts, sends, replies or strategy")


def _human(by: str) -> str:
    """Who decides: as given, else the user of this machine."""
    if name := one_line(by):
        return name
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may know no name for its user
        return "team"
