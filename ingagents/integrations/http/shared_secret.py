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


def fits_in_address(query: Mapping[str, str], secret: str) -> bool:
    """The same of a word in the address that was posted to."""
    return fits(query.get(IN_ADDRESS, ""), secret)
