"""People as HeyReach knows them: by the address of their profile, and whether we are connected."""

from __future__ import annotations

import msgspec

from ingagents.core.profiles.recognition import can_be_about
from ingagents.errors import PersonRefused, RequestRefused, WrongAnswer
from ingagents.integrations.heyreach.account import Seat
from ingagents.integrations.http.json_api import JsonApi
from ingagents.integrations.http.sanitise import JsonObject, id_of, line_of, words_of
from ingagents.integrations.known_people import KnownPeople, address_of
from ingagents.model import Profile, Recipient


class HeyReachPeople(KnownPeople):
    """Keeps `ports.ProfileSource` and `ports.SentItems`, as far as HeyReach goes."""

    def __init__(self, api: JsonApi, seat: Seat) -> None:
        self._api = api
        self._seat = seat

    async def fetch_profile(self, who: Recipient, *, known: Profile | None = None) -> Profile:
        """What we know, with HeyReach's word whether the person is a connection."""
        profile = await super().fetch_profile(who, known=known)
        asked = {
            "senderAccountId": self._seat.account,
            "leadProfileUrl": address_of(profile.recipient),
        }
        try:
            connected = await self._api.read(
                "POST", "MyNetwork/IsConnection", json=asked, parse=_is_connection
            )
        except (PersonRefused, RequestRefused):
            connected = None  # HeyReach has not met them: that says nothing
        if connected is None or connected is (profile.network_distance == 1):
            return profile
        return msgspec.structs.replace(profile, network_distance=1 if connected else 0)


def _is_connection(body: JsonObject) -> bool | None:
    connected = body.get("isConnection")
    return connected if isinstance(connected, bool) else None


def recipient_of(shown: JsonObject) -> Recipient:
    """Whom HeyReach shows; `linkedin_id` is LinkedIn's number of the member."""
    number = id_of(shown.get("linkedin_id"))
    return Recipient(
        linkedin_url=line_of(shown.get("profileUrl")),
        member_number=number if number.isdecimal() else "",
    )


def checked(shown: JsonObject, who: Recipient) -> None:
    """Whether HeyReach answers about the person that was asked for.

    Raises:
        WrongAnswer: it names somebody else, or nobody.
    """
    found = recipient_of(shown)
    if not can_be_about(who, found):
        named = words_of(found.linkedin_url or found.member_number, 200) or "nobody"
        raise WrongAnswer(
            f"HeyReach answers about {named} when asked for {who.linkedin_url or who.provider_id}",
            "see on LinkedIn whether the profile's address changed",
            service="heyreach",
        )
