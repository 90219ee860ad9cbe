"""A word that both sides know: whether somebody who posts here knows it."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Final

IN_ADDRESS: Final = "secret"
"""What it is called in an address, where a service can send no header."""


def fits(given: str, secret: str) -> bool:
    """Whether it is the word; how long that takes tells nothing of it."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode())


class SecretInAddress:
    """Who may post is known by the word in the address that was posted to."""

    shown_by: Final = "the secret in its address"

    def may_post(self, secret: str, headers: Mapping[str, str], query: Mapping[str, str]) -> bool:
        """Whether the address holds the secret; how long that takes tells nothing of it."""
        del headers
        return fits(query.get(IN_ADDRESS, ""), secret)
