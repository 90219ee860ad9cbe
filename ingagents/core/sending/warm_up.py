"""How much a new account may do: little at first, more each week, until its limits are reached.

LinkedIn looks at what an account usually does; one that was silent and sends a full day's worth is
restricted. Vendors advise 5 to 10 first contacts a day at the start and 2 to 5 more each week.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from ingagents.core.rate_limiter import RateRules

FIRST_WEEK = 8
"""First contacts a day in an account's first week."""

MORE_EACH_WEEK = 4
"""So many more a day in each week after it."""

_DAYS = 7


def warmed_up(rules: RateRules, begins: date | None, now: datetime) -> RateRules:
    """The limits of an account that began on a day of its own calendar; None: long ago.

    They never exceed `rules`. Before the day nothing goes out; the week's invitations and the later
    messages rise with the first contacts.
    """
    if begins is None:
        return rules
    age = (now.astimezone(ZoneInfo(rules.hours.timezone)).date() - begins).days
    daily = 0 if age < 0 else FIRST_WEEK + MORE_EACH_WEEK * (age // _DAYS)
    if daily >= rules.daily_limit:
        return rules
    return msgspec.structs.replace(
        rules,
        daily_limit=daily,
        weekly_limit=min(rules.weekly_limit, daily * len(rules.hours.days)),
        message_daily_limit=min(rules.message_daily_limit, 2 * daily),
    )
