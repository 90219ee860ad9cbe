"""The account's record at Unipile, from either of its sources."""

from __future__ import annotations

import pytest

from ingagents.integrations.unipile.account import account_state_of
from tests.integrations.unipile.shapes import (
    AN_ACCOUNT,
    MEMBER,
)


@pytest.mark.parametrize(
    ("account", "owner", "expected"),
    [
        (AN_ACCOUNT, {"premium": True}, ("Ines Falk", MEMBER, "OK", True)),
        (
            AN_ACCOUNT,
            {"premium": False, "sales_navigator": None},
            ("Ines Falk", MEMBER, "OK", False),
        ),
        (
            AN_ACCOUNT,
            {"sales_navigator": {"owner_seat_id": "1", "contract_id": "2"}},
            ("Ines Falk", MEMBER, "OK", True),
        ),
        (AN_ACCOUNT, {"sales_navigator": {"error": "x"}}, ("Ines Falk", MEMBER, "OK", False)),
        (
            AN_ACCOUNT | {"sources": [{"status": "OK"}, {"status": "CREDENTIALS"}]},
            None,
            ("Ines Falk", MEMBER, "CREDENTIALS", False),
        ),
        (
            AN_ACCOUNT | {"connection_params": {"im": {"premiumFeatures": ["premium"]}}},
            None,
            ("Ines Falk", "", "OK", True),
        ),
        (
            None,
            {"provider_id": MEMBER, "first_name": "Ines", "last_name": "Falk"},
            ("Ines Falk", MEMBER, "OK", False),
        ),
        ({"sources": "OK", "connection_params": []}, {}, ("", "", "OK", False)),
    ],
)
def test_the_account_is_read_from_either_source(account, owner, expected):
    state = account_state_of("acc", account, owner)
    assert (state.name, state.owner.provider_id, state.status, state.premium) == expected
    assert state.id == "acc"
