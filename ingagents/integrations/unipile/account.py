"""The account Unipile acts for, and whose it is."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from ingagents.core.identity import aliases_of_profile
from ingagents.core.profiles.recognition import contradict
from ingagents.errors import AccountBlocked, PersonRefused, RequestRefused, ServiceError
from ingagents.integrations.http.sanitise import (
    JsonObject,
    flag_of,
    id_of,
    line_of,
    object_of,
    objects_of,
)
from ingagents.integrations.unipile.ids import wrong
from ingagents.integrations.unipile.people import MEMBER_NUMBER, full_name, slug_in
from ingagents.integrations.unipile.wire.http import SERVICE, UnipileWire
from ingagents.model import AccountId, AccountState, Profile


class UnipileAccount:
    """Keeps `ports.SendingAccount`, and tells the wire whose account it is."""

    def __init__(self, wire: UnipileWire) -> None:
        self._wire = wire

    async def account(self) -> AccountState:
        """The account's own record tells its state, the owner's profile what it has paid for.

        Each may be missing without the other; the profile is not asked for its word when the
        record says that the session is gone.
        """
        account_id = self._wire.account_id
        record = await self._if_found("accounts/{}", account_id)
        state = account_state_of(account_id, record, None)
        self._wire.owner = state.owner
        try:
            owner = await self._if_found("users/me", account_id=account_id)
        except ServiceError:
            if state.status == "OK":
                raise
            return state
        if record is None and owner is None:
            raise AccountBlocked(
                "Unipile does not know the account of linkedin.account_id",
                "copy its id from the Unipile dashboard; check linkedin.base_url",
                service=SERVICE,
                status=404,
                code="resource_not_found",
            )
        state = account_state_of(account_id, record, owner)
        self._wire.owner = state.owner
        return state

    async def _if_found(self, path: str, *ids: str, **params: Any) -> JsonObject | None:
        try:
            return await self._wire.read("GET", path, *ids, parse=lambda body: body, params=params)
        except (PersonRefused, RequestRefused) as exc:
            if exc.status == 404:
                return None
            raise


def account_state_of(
    account_id: str, account: JsonObject | None, owner: JsonObject | None
) -> AccountState:
    """The sending account, from its own record and its owner's profile; either may be missing.

    Raises:
        WrongAnswer: they are of another account, or of two people.
    """
    account, owner = account or {}, owner or {}
    im = object_of(object_of(account.get("connection_params")).get("im"))
    if id_of(account.get("id")) not in ("", account_id):
        raise wrong(f"gives the account {id_of(account.get('id'))} instead of {account_id}")
    ids = (id_of(im.get("id")), id_of(owner.get("provider_id")))
    names = [aliases_of_profile(Profile(provider_id=one)) for one in ids]
    if contradict(*names):
        raise wrong(f"gives {ids[1]} as the owner of the account of {ids[0]}")
    seats = [owner.get("sales_navigator"), owner.get("recruiter")]
    has_seat = any(isinstance(seat, dict) and seat and "error" not in seat for seat in seats)
    paid = bool(im.get("premiumId") or im.get("premiumFeatures"))
    states = [line_of(source.get("status")) for source in objects_of(account.get("sources"))]
    number = MEMBER_NUMBER.fullmatch(id_of(owner.get("object_urn")))
    slugs = [slug_in(im.get("publicIdentifier")), slug_in(owner.get("public_identifier"))]
    return AccountState(
        id=AccountId(account_id),
        name=line_of(account.get("name")) or full_name(owner),
        owner=Profile(
            provider_id=ids[1] if names[1] else ids[0] or ids[1],
            public_identifier=slugs[1] or slugs[0],
            # A slug that was changed lately: either may be met.
            linkedin_url=f"https://www.linkedin.com/in/{quote(slugs[0])}" if slugs[0] else "",
            member_number=number[1] if number else "",
        ),
        status=next((state for state in states if state and state != "OK"), "OK"),
        premium=flag_of(owner.get("premium")) or has_seat or (not owner and paid),
    )
