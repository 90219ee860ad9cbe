"""What a service said when it was told where to post its webhooks."""

from __future__ import annotations

from ingagents.errors import RequestRefused, TryLater
from ingagents.integrations.http.sanitise import JsonObject
from ingagents.model import SendResult


def taken(answer: JsonObject) -> SendResult:
    """A success is one whatever it says."""
    del answer
    return SendResult(outcome="sent")


def confirmed(result: SendResult, *, name: str, service: str, where: str) -> None:
    """Go on only with what the service (called `name`) confirmed; `where` a human may do it instead.

    Raises:
        TryLater: it may have been taken.
        RequestRefused: it was not.
    """
    if result.outcome == "unknown":
        raise TryLater(
            f"{name} did not say whether it took a webhook ({result.detail})",
            "repeat the command: what stands is not registered twice",
            service=service,
        )
    if result.outcome != "sent":
        raise RequestRefused(
            f"{name} refuses a webhook: {result.detail}",
            f"check the address, or register it in {where}",
            service=service,
        )
