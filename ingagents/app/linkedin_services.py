"""The LinkedIn services this version can work with, by the name `linkedin.service` gives them.

A new one is a folder in `integrations/` whose face has an `open_service`, and a line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

import httpx

from ingagents.integrations import unipile
from ingagents.ports import Clock, LinkedInAccess, LinkedInService


class OpenService(Protocol):
    """How a service is opened, over a client that stays open as long as the service is used."""

    def __call__(
        self, access: LinkedInAccess, http: httpx.AsyncClient, clock: Clock
    ) -> LinkedInService:
        """The service, with those ports it can keep.

        Raises:
            SettingsError: what the service needs of the settings is missing, or is none.
        """
        ...


SERVICES: Final[Mapping[str, OpenService]] = {
    "unipile": unipile.open_service,
}

SANDBOX_SPEAKS: Final = "unipile"
"""The service whose HTTP the simulated market answers to (`linkedin.service = "sandbox"`)."""
