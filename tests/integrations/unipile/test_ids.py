"""What Unipile gives as an id is one, or nothing."""

from __future__ import annotations

import pytest

from ingagents.errors import WrongAnswer
from ingagents.integrations.unipile.ids import check_account, required_id, slug_of
from ingagents.masking import keep_secret


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
