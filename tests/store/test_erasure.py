"""Words that name somebody leave every row, each row by its own key."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingagents.core.text.redaction import Redactor
from ingagents.ports import Transaction
from ingagents.store.engine.copy import tables_of
from ingagents.store.erasure import erase_words
from ingagents.store.tables import sheet
from tests.support import open_test_store

ADA = Redactor(stand_in="erased-1", ids=("ada-lovelace",), names=("Ada Lovelace",))


@pytest.mark.usefixtures("database")
async def test_columns_of_one_row_keep_their_own_words(tmp_path: Path) -> None:
    said = {
        ("nobody's row", "Notes"): ("met ada-lovelace",),
        ("nobody's row", "Owner"): ("Kim",),
        ("nobody's row", "Stage"): ("ada-lovelace",),
    }
    async with open_test_store(tmp_path) as store:

        def erase(transaction: Transaction) -> dict[str, int]:
            sheet.keep_seen(transaction, "leads", {}, said)
            return erase_words(transaction, tables_of(transaction.rows(store.CATALOGUE)), ADA)

        assert await store.write(erase) == {"sheet_words": 2}
        assert await store.read(lambda t: sheet.seen(t, "leads")) == {
            ("nobody's row", "Notes"): ("met erased-1",),
            ("nobody's row", "Owner"): ("Kim",),
            ("nobody's row", "Stage"): ("erased-1",),
        }
