"""What is of this machine alone: addresses and names that nobody elsewhere can ask for."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether a name or an address is of this machine alone."""
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_of_this_machine(authority: str, host: str) -> bool:
    """Whether a request's `Host` is a name of this machine, or `host`; the port is anybody's."""
    try:
        parts = urlsplit(f"//{authority}")
        name, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    shown = f"[{name}]" if ":" in name else name
    if authority.lower() not in {shown, f"{shown}:{port}"}:
        return False
    return name == host.lower() or is_loopback(name)
