"""Where the page stands, and what whoever opens it must know."""

from __future__ import annotations

from pydantic import SecretStr

from ingagents.errors import SettingsError
from ingagents.settings import Settings

TOKEN_LENGTH = 16


def page_token(settings: Settings) -> str:
    """The token; "" where this machine's own browsers may come without.

    Raises:
        SettingsError: the token cannot be read, or is short.
    """
    file = settings.web.token_file
    token = settings.secret(SecretStr(""), file)
    if file and len(token) < TOKEN_LENGTH:
        raise SettingsError(
            f"the word in web.token_file is shorter than {TOKEN_LENGTH} characters",
            "write a long random one into it: `openssl rand -hex 32` makes one",
        )
    return token


def address_of(host: str, port: int) -> str:
    """As a browser takes it."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
