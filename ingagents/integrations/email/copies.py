"""A mail that the server may have lost is kept as a file: it is not sent twice, and not lost."""

from __future__ import annotations

import msgspec

from ingagents.integrations.email.service import OutboxMailer, SmtpMailer
from ingagents.model import Mail, SendResult


class CopyingMailer:
    """Hands mail to `mailer`; what it cannot vouch for goes to `outbox` as well."""

    def __init__(self, mailer: SmtpMailer, outbox: OutboxMailer) -> None:
        self._mailer = mailer
        self._outbox = outbox

    async def send_mail(self, mail: Mail) -> SendResult:
        """The mailer's own result; in doubt it says where the copy stands."""
        result = await self._mailer.send_mail(mail)
        if result.outcome != "unknown":
            return result
        copy = await self._outbox.send_mail(mail)
        kept = copy.detail if copy.success else f"no copy could be kept: {copy.detail}"
        return msgspec.structs.replace(result, detail=f"{result.detail}; {kept}")

    async def try_out(self, mail: Mail) -> SendResult:
        """As the mailer does."""
        return await self._mailer.try_out(mail)
