"""The days a text names, in four languages."""

from datetime import date

import pytest

from ingagents.core.messages.dates import days_in

EVENT = date(2027, 5, 20)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("until 12 March", [date(2027, 3, 12)]),
        ("until the 3rd of October", [date(2026, 10, 3)]),
        ("May 20, 2027 and 2027-05-01", [date(2027, 5, 20), date(2027, 5, 1)]),
        ("bis zum 12. März 2027, 1.2.2027", [date(2027, 3, 12), date(2027, 2, 1)]),
        ("jusqu'au 1er août 2027", [date(2027, 8, 1)]),
        ("hasta el 3 de mayo de 2024", [date(2024, 5, 3)]),
        ("31 June, in May 2027, 320 people, 10.000 Euro, 2.5 hours", []),
    ],
)
def test_days_are_found_and_other_numbers_are_not(text, days):
    assert [day for _, _, day in days_in(text, EVENT)] == days
