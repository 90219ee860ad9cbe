"""sandbox: the simulated services, served for another process."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from ingagents.cli.app import app
from ingagents.cli.ending import stop_signals
from ingagents.cli.options import check_choice, written_to
from ingagents.errors import UsageError

if TYPE_CHECKING:
    from ingagents.sandbox.google_sheets.api import SheetsFace


@app.command()
def sandbox(
    host: Annotated[str, typer.Option("--host", help="A loopback address.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="0 chooses a free one.")
    ] = 8765,
    seed: Annotated[int, typer.Option("--seed", help="Another seed, other people.")] = 1,
    size: Annotated[int, typer.Option("--size", min=0, max=100_000, help="How many people.")] = 400,
    speed: Annotated[
        float,
        typer.Option("--speed", help="How many times faster than in life people act; 1 is life."),
    ] = 480.0,
    weekly_invitations: Annotated[
        int,
        typer.Option(
            "--weekly-invitations",
            min=0,
            help="How many the account may send a week; LinkedIn itself allows 100 to 200.",
        ),
    ] = 10_000,
    seat: Annotated[
        str, typer.Option("--seat", metavar="premium|free", help="What the account has paid for.")
    ] = "premium",
    people: Annotated[
        Path | None, typer.Option("--people", metavar="FILE", help="A CSV of your own people.")
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option("--state", metavar="FILE", help="Keep the market's record over restarts."),
    ] = None,
    api_key: Annotated[
        str | None, typer.Option("--api-key", help="By default any key will do.")
    ] = None,
    sheets_key: Annotated[
        Path | None,
        typer.Option(
            "--sheets-key",
            metavar="FILE",
            help="Write the key of the simulated Google account here, for sheets.credentials_file.",
        ),
    ] = None,
    dripify_webhook: Annotated[
        str | None,
        typer.Option(
            "--dripify-webhook",
            metavar="URL",
            help="Where Dripify posts answers, as is entered in its campaign's settings.",
        ),
    ] = None,
) -> None:
    """Serve the simulated services over loopback HTTP, until stopped: market, models, sheet."""
    import anyio
    import httpx

    from ingagents.app.people_files import people_of_file
    from ingagents.app.rules.send_rules import SANDBOX_ACCOUNT
    from ingagents.integrations.clock import SystemClock
    from ingagents.sandbox.faces import postman_of, with_campaigns, with_models, with_sheet
    from ingagents.sandbox.faults import Faults
    from ingagents.sandbox.google_sheets.api import SheetsFace
    from ingagents.sandbox.market.account import owner_on
    from ingagents.sandbox.market.market import Market
    from ingagents.sandbox.record import Record
    from ingagents.sandbox.server import serve
    from ingagents.sandbox.unipile.api import create_app
    from ingagents.sandbox.unipile.webhooks import is_here

    if speed <= 0:
        raise UsageError("--speed must be above 0", "1 is as in life")
    check_choice("--seat", seat, ("premium", "free"))
    if dripify_webhook and not is_here(dripify_webhook):
        raise UsageError(
            "--dripify-webhook is no address of this machine", "give one like http://127.0.0.1:8080"
        )
    record = Record(state)
    market = Market(
        seed,
        size,
        now=SystemClock().now,
        people=people_of_file(people) if people is not None else (),
        act_speed=speed,
        record=record,
        welcome_strangers=True,
        weekly_invitations=weekly_invitations,
        owner=owner_on(seat),  # type: ignore[arg-type]  # checked above
    )
    faults = Faults()
    sheets = SheetsFace(record, now=SystemClock().now, faults=faults, api_key=api_key)
    market_app = create_app(market, api_key=api_key, account_id=SANDBOX_ACCOUNT, faults=faults)
    services = with_campaigns(market_app, market, api_key=api_key, faults=faults)
    application = with_sheet(with_models(services, api_key=api_key), sheets)

    def say(real_port: int) -> None:
        root = f"http://{host}:{real_port}"
        print(f"sandbox: {root} (account {SANDBOX_ACCOUNT}, seed {seed})")
        _say_faces(root)
        if sheets_key is not None:
            _say_sheet(root, sheets, key=sheets_key, page_key=api_key or "any")
        sys.stdout.flush()

    async def main() -> None:
        async with httpx.AsyncClient(trust_env=False) as http, anyio.create_task_group() as tasks:
            postman = postman_of(market, SANDBOX_ACCOUNT, faults, http, dripify=dripify_webhook)
            tasks.start_soon(partial(postman.work, SystemClock(), every=timedelta(seconds=0.5)))
            with stop_signals() as stop:
                await serve(application, host=host, port=port, on_listening=say, stop=stop)
            tasks.cancel_scope.cancel()

    try:
        anyio.run(main)
    finally:
        record.close()


def _say_faces(root: str) -> None:
    print(f"its record of every act: {root}/sandbox/record (with an X-API-KEY header)")
    print(f"simulated models, as llm.base_url: {root}/openai/v1 and {root}/anthropic")


def _say_sheet(root: str, sheets: SheetsFace, *, key: Path, page_key: str) -> None:
    from ingagents.sandbox.google_sheets.storage import SPREADSHEET_ID

    with written_to(key) as stream:
        json.dump(sheets.account.info(token_uri=f"{root}/sheets/token"), stream, indent=2)
    print(
        f"its sheet: {root}/sheets?key={quote(page_key)} (spreadsheet {SPREADSHEET_ID}, key in {key})"
    )
