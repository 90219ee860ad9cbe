"""People of a list, as tests compare them."""

from __future__ import annotations

import msgspec

from ingagents.model import ListedPerson, Profile, RefusedRow

URL = "https://www.linkedin.com/in/"
ACO = "ACoAABkX3q0BdZ_u-8yT1mQwErTyUiOpAsDfGhJ"
ACW = "ACwAABkX3q0BdZ_u-8yT1mQwErTyUiOpAsDfGhJ"

CONNECTIONS = (
    "Notes:\n"
    '"When exporting your data, some of the\naddresses may be ""missing"", with a comma."\n'
    "\n"
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    'Ada,Lund,https://www.linkedin.com/in/ada-lund,,"Acme, Inc.",CTO,12 Mar 2024\n'
    ",,,,,,7-Feb-22\n"
)


def people(found) -> list[Profile]:
    return [row.profile for row in found if isinstance(row, ListedPerson)]


def refusals(found) -> list[tuple[int, str]]:
    return [(row.line, row.why) for row in found if isinstance(row, RefusedRow)]


def fields(profile: Profile) -> dict[str, object]:
    """What differs from an empty profile, for short comparisons."""
    empty = Profile()
    values = msgspec.structs.asdict(profile)
    del values["extra"]
    return {key: value for key, value in values.items() if value != getattr(empty, key)}
