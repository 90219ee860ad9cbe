"""Whether somebody is written to as LinkedIn shows them: the manager's rules, asked after the look.

Who came without a position is not judged before somebody looks; what the manager could not ask of
them then is asked here. LinkedIn counts every look, so there are so many a day. A service that shows
nobody's page leaves them unjudged: then a human reads the text, or, where there is none, what is
known has to do.
"""

from __future__ import annotations

import msgspec

from ingagents.model import Classification, Lead

UNJUDGED = ""
"""The kind of whoever is not judged yet."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Who is written to; `looks_left` of the day's profile visits are left for whoever is not judged.

    `shows_pages`: a look shows the person's page on LinkedIn.
    """

    write_to_other: bool = True
    quality_threshold: float = 0.0
    looks_left: int = 1
    shows_pages: bool = True


def unwanted(shown: Lead, wanted: Wanted) -> str:
    """Why a person as LinkedIn shows them is not written to; "" when they are, or nothing was shown.

    Where LinkedIn contradicts what was known a human decides, by the text.
    """
    if shown.contradictions:
        return ""
    if wanted.shows_pages:
        seen = f"LinkedIn shows {shown.position or 'no position'}"
    else:
        seen = f"no page is shown by this service, and {shown.position or 'no position'} is known"
    if shown.classification is Classification.OTHER and not wanted.write_to_other:
        return f"{seen}: kind Other, and sales_manager.write_to_other is false"
    score = shown.quality_score or 0.0
    if shown.classification and score < wanted.quality_threshold:
        return f"{seen}: quality {score:.1f}, and {wanted.quality_threshold:.1f} is asked for"
    return ""
