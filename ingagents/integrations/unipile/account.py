"""The account Unipile acts for, and whose it is."""

from __future__ import annotations

from typing import Any

from ingagents.errors import AccountBlocked, PersonRefused, RequestRefused, ServiceError
from ingagents.integrations.http.sanitise import JsonObject
from ingagents.integrations.unipile.http import SERVICE, UnipileWire
from ingagents.integrations.unipile.people import account_state_of
from ingagents.model import AccountState


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
