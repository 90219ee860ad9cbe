"""What Unipile gives as an id is one, or nothing."""

from __future__ import annotations

import pytest

from ingagents.errors import WrongAnswer
from ingagents.integrations.unipile.ids import check_account, id_of, required_id, slug_of
from ingagents.masking import keep_secret
from tests.integrations.unipile.wire.test_http import NO_IDS_AT_ALL


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "a"),
        (" a ", "a"),
        (5, "5"),
        (True, ""),
        (None, ""),
        ("a\x00", ""),
        (1.5, ""),
        *((bad, "") for bad in NO_IDS_AT_ALL),
    ],
)
def test_ids_are_kept_as_they_are_or_dropped(value, expected):
    assert id_of(value) == expected


def test_a_key_given_as_an_id_is_hidden_before_it_is_cut():
    key = "unipile-key-4f9a8b7c6d5e"
    keep_secret(key)
    for place in range(30, 70):
        given = "/" * place + key
        for refused in (
            lambda given: required_id(given, "a chat"),
            slug_of,
            lambda given: check_account({"account_id": given}, "acc", "a chat"),
        ):
            with pytest.raises(WrongAnswer) as caught:
                refused(given)
            assert key[:4] not in caught.value.what
