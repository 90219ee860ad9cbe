"""A language is one text file: an invented one is understood without a line of Python."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ingagents.core.text import languages

ZORBLANG = """
# Zorblang, which nobody speaks.
[common]
zor vel mip tak ulo nim rosh dulo prin saka
[not]
(vazu|nevazu)
[turn]
akbu
[contact]
(plimo|plimoku)
[me]
(zorim|zor)
[opt_out]
gultan zorim
[not_opt_out]
vazu gultan
[interest]
mip wolda
[refusal]
vazu wolda
[away]
fermelo ulo
[weekdays]
primdag
[months]
| unomes
| duomes
[beside_date]
vel
[short]
zorim: zrm
[sign_off]
belo [mip ]rosh
[mail_from]
zu
[mail_header]
(hal|tem)
[wrote]
skribulo
[wrote_on]
Ul
[back_on]
ril
[cell_yes]
yun
[cell_stop]
gultan
[machine_ignore]
obliviax
"""

SENTENCES = {
    "opt-out as a phrase": "Nim dulo, gultan zorim. Prin saka.",
    "opt-out of parts": "Vazu plimo zorim, prin saka dulo.",
    "opt-out, spelled short": "Prin saka dulo: gultan zrm",
    "refusal": "Vazu wolda, rosh mip dulo.",
    "interest": "Mip wolda, rosh mip dulo!",
    "interest above a mail": "Mip wolda, rosh mip dulo!\n\nBelo rosh\nUmi\n\n"
    "Ul 5.5.2026 Anna skribulo:\nVazu wolda",
    "away": "Rosh mip: fermelo ulo, ril 5. duomes prin.",
}

ASKED = """
import json, sys
from pathlib import Path
from ingagents.core.text import languages
languages.FOLDER = Path(sys.argv[1])
from ingagents.core.conversation.follow_up import date_of
from ingagents.core.response_analyser import analyse_response
from ingagents.core.sheet.answers import read_approval, read_veto
from ingagents.core.text.prompt_injection import reads_like_instruction
read = {name: analyse_response(text) for name, text in json.load(sys.stdin).items()}
print(json.dumps({
    **{name: [one.intent, one.detail, one.key_info] for name, one in read.items()},
    "date": str(date_of("vel 3 duomes 2027")),
    "cells": [read_approval("Yun"), read_veto("gultan!")],
    "instruction": reads_like_instruction("obliviax dulo"),
}))
"""


@pytest.fixture(scope="module")
def understood(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What is understood in a process of its own, with one more file beside ours."""
    folder = tmp_path_factory.mktemp("languages")
    shutil.copytree(Path(str(languages.FOLDER)), folder, dirs_exist_ok=True)
    (folder / "xz.txt").write_text(ZORBLANG, "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", ASKED, str(folder)],
        input=json.dumps(SENTENCES), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    answers: dict[str, list[str]] = json.loads(done.stdout)
    return answers


@pytest.mark.parametrize(
    ("name", "intent", "detail"),
    [
        ("opt-out as a phrase", "not_interested", "opt_out"),
        ("opt-out of parts", "not_interested", "opt_out"),
        ("opt-out, spelled short", "not_interested", "opt_out"),
        ("refusal", "not_interested", "refusal"),
        ("interest", "interested", "interest"),
        ("interest above a mail", "interested", "interest"),
        ("away", "unclear", "out_of_office"),
    ],
)
def test_a_reply_in_an_invented_language_is_understood(understood, name, intent, detail):
    assert understood[name][:2] == [intent, detail]


def test_so_are_its_days_its_yes_and_no_and_what_it_says_to_machines(understood):
    assert understood["away"][2] == "ril 5. duomes prin"
    assert understood["date"] == "2027-02-03"
    assert understood["cells"] == ["approve", "veto"]
    assert understood["instruction"] is True
