"""The sandbox's own Google service account: its key, and who may speak with which token."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any
from urllib.parse import parse_qs

from ingagents.sandbox.record import Record

EMAIL = "department@sandbox.iam.gserviceaccount.com"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_SECONDS = 3599
_AUDIENCE = "https://oauth2.googleapis.com/token"
"""What Google's own library writes into its assertions, wherever it sends them."""
_KEY = "sheets.key"
_REVOKED = "sheets.revoked"


class ServiceAccount:
    """A service account with a key of its own, made at first use and kept in the record."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def info(self, *, token_uri: str) -> dict[str, str]:
        """What Google's console gives as the account's JSON file."""
        return {
            "type": "service_account",
            "project_id": "sandbox",
            "private_key_id": hashlib.sha256(self._pem().encode()).hexdigest()[:40],
            "private_key": self._pem(),
            "client_email": EMAIL,
            "client_id": "100000000000000000000",
            "token_uri": token_uri,
        }

    def grant(self, body: bytes) -> dict[str, Any] | None:
        """The answer to a token request; None when the assertion is not this account's."""
        from google.auth import jwt
        from google.auth.exceptions import GoogleAuthError

        form = parse_qs(body.decode("utf-8", "replace"))
        assertion = (form.get("assertion") or [""])[0]
        if form.get("grant_type") != [GRANT] or self.revoked:
            return None
        try:
            claims = jwt.decode(assertion, certs=self._public(), audience=_AUDIENCE)
        except (GoogleAuthError, ValueError):
            return None
        if claims.get("iss") != EMAIL or not claims.get("scope"):
            return None
        return {"access_token": self._token(), "expires_in": TOKEN_SECONDS, "token_type": "Bearer"}

    def knows(self, authorization: str) -> bool:
        """Whether a request's header carries this account's token."""
        scheme, _, token = authorization.partition(" ")
        fits = hmac.compare_digest(token.encode("utf-8"), self._token().encode("utf-8"))
        return scheme.lower() == "bearer" and fits and not self.revoked

    @property
    def revoked(self) -> bool:
        """Whether the account's access was taken away."""
        return self._record.recall(_REVOKED) == "yes"

    @revoked.setter
    def revoked(self, value: bool) -> None:
        self._record.remember(_REVOKED, "yes" if value else "no")

    def _token(self) -> str:
        return "ya29.sandbox-" + hashlib.sha256(b"token" + self._pem().encode()).hexdigest()

    def _public(self) -> bytes:
        from cryptography.hazmat.primitives import serialization

        key = serialization.load_pem_private_key(self._pem().encode(), password=None)
        return key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def _pem(self) -> str:
        kept = self._record.recall(_KEY)
        if kept is None:
            from cryptography.hazmat.primitives import serialization
            from cryptography.hazmat.primitives.asymmetric import rsa

            kept = (
                rsa.generate_private_key(public_exponent=65537, key_size=2048)
                .private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
                .decode("ascii")
            )
            self._record.remember(_KEY, kept)
        return kept
