"""`[[linkedin.accounts]]`: each account under limits of its own, one alone as `account_id` has it."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from pydantic import ValidationError

from ingagents.app.rules.send_rules import account_policies, accounts_of
from ingagents.settings import Settings


def unipile(**linkedin: Any) -> Settings:
    return Settings(linkedin={"service": "unipile", **linkedin})


def test_one_block_is_as_the_account_id() -> None:
    named = unipile(account_id="seat-1")
    listed = unipile(accounts=[{"account_id": "seat-1"}])
    assert accounts_of(named) == accounts_of(listed) == ("seat-1",)
    assert account_policies(named) == account_policies(listed)
    assert account_policies(listed)[0].others == frozenset()
    assert account_policies(listed)[0].alone is None


def test_each_has_its_own_limits_and_hours_and_the_rest_from_all() -> None:
    settings = unipile(
        accounts=[
            {"account_id": "seat-1"},
            {
                "account_id": "seat-2",
                "daily_limit": 7,
                "max_pending_invitations": 50,
                "seat": "free",
                "timezone": "America/New_York",
                "working_hours_start": "08:00",
                "working_hours_end": "12:30",
                "working_days": ["mon", "sat"],
                "warm_up_from": "2027-03-01",
            },
        ]
    )
    first, second = account_policies(settings)
    assert (first.account_id, second.account_id) == ("seat-1", "seat-2")
    assert first.others == frozenset({"seat-2"})
    assert second.others == frozenset({"seat-1"})
    assert first.rules.daily_limit == settings.outreach.rate_limiting.daily_limit
    assert second.rules.daily_limit == 7
    assert second.rules.weekly_limit == first.rules.weekly_limit
    assert (first.withdrawals.max_pending_invitations, first.seat) == (400, "auto")
    assert (second.withdrawals.max_pending_invitations, second.seat) == (50, "free")
    assert second.withdrawals.withdraw_after_days == first.withdrawals.withdraw_after_days
    hours = second.rules.hours
    assert (hours.start, hours.end) == (time(8), time(12, 30))
    assert hours.days == frozenset({1, 6})
    assert hours.timezone == "America/New_York"
    assert (first.warm_up_from, second.warm_up_from) == (None, date(2027, 3, 1))


@pytest.mark.parametrize(
    ("linkedin", "said"),
    [
        ({"account_id": "a", "accounts": [{"account_id": "b"}]}, "both set"),
        ({"accounts": [{"account_id": "a"}, {"account_id": "a"}]}, "'a' is there twice"),
        ({"accounts": [{"daily_limit": 3}]}, "give each an account_id"),
        ({"accounts": [{"account_id": "a:b"}]}, "pattern"),
        (
            {"accounts": [{"account_id": "a", "working_hours_start": "09:00"}]},
            "or neither",
        ),
        (
            {
                "accounts": [
                    {
                        "account_id": "a",
                        "working_hours_start": "09:00",
                        "working_hours_end": "08:00",
                    }
                ]
            },
            "not after",
        ),
    ],
)
def test_a_mistake_is_said(linkedin: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        unipile(**linkedin)


def test_by_hand_there_is_one_account() -> None:
    with pytest.raises(ValidationError, match="by hand there is one"):
        Settings(
            linkedin={
                "service": "manual",
                "accounts": [{"account_id": "a"}, {"account_id": "b"}],
            }
        )


def listed(service: str, *accounts: dict[str, Any], **linkedin: Any) -> Settings:
    return Settings(linkedin={"service": service, "accounts": accounts, **linkedin})


def test_each_of_another_service_has_its_own_way_there_and_acts_by_its_own_means() -> None:
    settings = listed(
        "unipile",
        {"account_id": "seat-1"},
        {"account_id": "4711", "service": "heyreach", "campaign_id": "815", "api_key_file": "k"},
        {"account_id": "d", "service": "dripify", "campaign_id": "c-1", "upload": True},
        {"account_id": "by-hand", "service": "manual"},
        base_url="api8.unipile.com:13443",
        api_key_file="unipile_key",
    )
    seats = settings.linkedin.each
    assert [one.base_url for one in seats] == ["api8.unipile.com:13443", "", "", ""]
    assert [one.api_key_file for one in seats] == ["unipile_key", "k", "", ""]
    policies = account_policies(settings)
    assert [one.enrols for one in policies] == ["", "texts", "texts", ""]
    assert [one.named_only for one in policies] == [False, False, False, True]
    assert [one.live for one in policies] == [False, False, False, True]
    assert [one.rules.min_interval_minutes > 0 for one in policies] == [True, True, True, False]


def test_accounts_of_the_sandbox_keep_their_names_and_one_alone_needs_none() -> None:
    both = listed("sandbox", {"account_id": "first"}, {"account_id": "second"})
    assert accounts_of(both) == ("first", "second")
    alone = Settings(linkedin={"service": "sandbox", "account_id": "whatever"})
    assert accounts_of(alone) == ("sandbox-account",)


@pytest.mark.parametrize(
    ("service", "accounts"),
    [
        ("heyreach", ({"account_id": "1"}, {"account_id": "2"})),
        ("unipile", tuple({"account_id": one, "service": "manual"} for one in "ab")),
        ("sandbox", ({"account_id": "a"}, {"account_id": "b", "service": "unipile"})),
    ],
)
def test_what_cannot_stand_beside_each_other_is_refused_in_words(service, accounts) -> None:
    with pytest.raises(ValidationError, match="accounts"):
        listed(service, *accounts)
