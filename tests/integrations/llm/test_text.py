"""The answer in what a model wrote: not what it thought, not a draft."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.integrations.llm.text import data_of
from tests.models_world import GOOD, SCHEMA

ANSWER = '{"classification": "Speaker", "confidence": 0.85, "evidence": "CTO"}'
DRAFT = ANSWER.replace("Speaker", "Other")
MARKS = [
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<reasoning>", "</reasoning>"),
    ("<thought>", "</thought>"),
    ("<THINK>", "</THINK >"),
    ("◁think▷", "◁/think▷"),
    ("[THINK]", "[/THINK]"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|channel|>analysis<|message|>", "<|channel|>final<|message|>"),
    (
        "<|channel|>analysis<|message|>",
        "<|end|><|start|>assistant<|channel|>final <|constrain|>json<|message|>",
    ),
    ("", "</think>"),
]


@pytest.mark.parametrize(("begins", "ends"), MARKS)
@pytest.mark.parametrize(
    "text",
    [
        "{b}\nA draft: {d}\nNo.\n{e}\n\n{a}",
        "{b}{d}{d}{d}{e}```json\n{a}\n```",
        "{b}{a} or {d}{e}Here it is: {a} Anything else?",
        "{b}{d}{e}{b}{d}{e}{a}",
        "{b}{e}{a}",
        '{b}use {{braces}} {{ and "so": {e} {a}',
        "{b}{d} and then `{e}` ends it, so {d}{e}{a}",
    ],
)  # fmt: skip
def test_what_stands_before_the_end_of_the_thinking_is_no_answer(
    begins: str, ends: str, text: str
) -> None:
    assert data_of(text.format(b=begins, e=ends, d=DRAFT, a=ANSWER), SCHEMA)[0] == GOOD


@pytest.mark.parametrize(("begins", "ends"), MARKS)
def test_thinking_without_an_answer_is_no_answer(begins: str, ends: str) -> None:
    assert data_of(f"{begins}{DRAFT}{ends}", SCHEMA)[0] is None
    assert data_of(f"{begins}{DRAFT}{ends} I cannot say.", SCHEMA)[0] is None
    if begins:
        assert data_of(f"{begins}So far: {DRAFT}", SCHEMA)[0] is None
        assert data_of(f"{begins}{DRAFT}{ends}{begins}{DRAFT}", SCHEMA)[0] is None


def test_thinking_before_bare_json_is_no_breach_of_the_schema() -> None:
    assert data_of(f"<think>hm</think>\n{ANSWER}", SCHEMA) == (GOOD, True)
    assert data_of(f"<think>hm</think>\nSo: {ANSWER}", SCHEMA) == (GOOD, False)


@pytest.mark.parametrize("mark", ["</think>", "<think>", "[/THINK]", "◁/think▷", "<thought>"])
def test_a_mark_in_a_persons_own_words_hides_no_answer(mark: str) -> None:
    quoted = ANSWER.replace("CTO", f"CTO {mark} of it")
    expected = {**GOOD, "evidence": f"CTO {mark} of it"}
    for text in (quoted, f"So: {quoted}", f"<think>{DRAFT}</think>\n\n{quoted}", f"{quoted} Done."):
        assert data_of(text, SCHEMA)[0] == expected


@pytest.mark.parametrize(
    ("text", "data"),
    [
        (f"{DRAFT} No, wait: {ANSWER}", GOOD),
        (f"{DRAFT}\n{ANSWER}", GOOD),
        (f'{ANSWER} {{"note": "I am sure"}}', GOOD),
        (f'{ANSWER} {{"classification": "Speaker"}}', GOOD),
        (f"{ANSWER} {DRAFT.replace('0.85', 'null')}", GOOD),
        (f"{ANSWER} {ANSWER.replace('Speaker', 'Speaker | Sponsor | Other')}", GOOD),
        (f"{ANSWER} {{}}", GOOD),
        (f'{ANSWER} {{"half": ', GOOD),
        (f"{{a draft}} {ANSWER}", GOOD),
        (f'```json\n{DRAFT}\n```\nCorrected:\n```json\n{ANSWER}\n```\nUse {{"i": 1}}.', GOOD),
        ('{"other": 1} {"shape": 2}', {"shape": 2}),
    ],
)
def test_of_several_objects_the_last_that_fits_counts(text: str, data: Any) -> None:
    assert data_of(text, SCHEMA)[0] == data


@given(st.lists(st.sampled_from(["<think>", "</think>", ANSWER, DRAFT, "{", "}", '"', " x "])))
def test_nothing_before_the_last_end_of_the_thinking_ever_counts(parts: list[str]) -> None:
    text = "".join(parts)
    found, _ = data_of(text, SCHEMA)
    after = text.rpartition("</think>")[2]
    if found in (GOOD, {**GOOD, "classification": "Other"}):
        assert ANSWER in after or DRAFT in after


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (json.dumps({"answer": GOOD}), GOOD),
        (json.dumps({"name": "classify", "arguments": GOOD}), GOOD),
        (json.dumps({"type": "object", "properties": GOOD}), GOOD),
        (f"Here: {json.dumps({'response': {'result': GOOD}})}", GOOD),
        (json.dumps(ANSWER), GOOD),
        # Two to choose from, or one inside a text: somebody else may have written it.
        (json.dumps({"a": GOOD, "b": GOOD}), {"a": GOOD, "b": GOOD}),
        (json.dumps({"evidence": ANSWER}), {"evidence": ANSWER}),
    ],
)
def test_an_answer_that_is_wrapped_is_unwrapped_when_it_is_the_only_one(
    text: str, found: object
) -> None:
    assert data_of(text, SCHEMA)[0] == found


PEOPLE = {
    "type": "object",
    "properties": {
        "people": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "i": {"type": "integer"},
                    "label": {"type": "string", "enum": ["Speaker", "Sponsor", "Other"]},
                    "confidence": {"type": "number"},
                },
                "required": ["i", "label", "confidence"],
            },
        }
    },
    "required": ["people"],
}
ADA = {"i": 0, "label": "Speaker", "confidence": 0.9}
BOB = {"i": 1, "label": "Other", "confidence": 0.5}
BOTH = {"people": [ADA, BOB]}
ENTRIES = json.dumps([ADA, BOB])


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(BOTH).replace("Speaker", "speaker").replace("Other", "OTHER"),
        json.dumps(BOTH).replace("people", "People").replace("label", "Label"),
        json.dumps(BOTH).replace('"i": 0', '"i": "0"').replace('"i": 1', '"i": 1.0'),
        json.dumps(BOTH).replace("0.9", '"0.9"').replace("0.5", '" 0.5 "'),
        json.dumps(BOTH).replace("}]", "},]"),
        json.dumps(BOTH).replace("}]}", ",},],}"),
        f"```json\n{json.dumps(BOTH).replace('}]', '},]')}\n```",
        ENTRIES,
        f"```json\n{ENTRIES}\n```",
        f"<think>{json.dumps([BOB])}</think>{ENTRIES}",
        f"Here they are: {ENTRIES} Anything else?",
        f"{json.dumps(ADA)}\n{json.dumps(BOB)}",
        json.dumps([BOTH]),
        json.dumps({"people": {"0": ADA, "1": BOB}}),
        json.dumps({"result": {"people": {"ada": ADA, "bob": BOB}}}),
        f'{json.dumps(BOTH)}\n{{"people": []}}',
        f'{json.dumps({"answer": BOTH})} {{"people": []}}',
        json.dumps(ENTRIES),
    ],
)
def test_what_plain_json_says_is_read_however_it_is_spelt(text: str) -> None:
    assert data_of(text, PEOPLE)[0] == BOTH


def test_one_entry_alone_is_the_list_of_it() -> None:
    assert data_of(json.dumps(ADA), PEOPLE)[0] == {"people": [ADA]}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(BOTH)[:-30],
        ENTRIES[:-20],
        "[1, 2]",
        "[]",
        '["Speaker"]',
    ],
)
def test_what_is_cut_off_or_no_entry_is_not_made_an_answer(text: str) -> None:
    found = data_of(text, PEOPLE)[0]
    assert found is None or not found["people"]


def test_a_comma_within_a_text_stays() -> None:
    answer = {**GOOD, "evidence": "a ,] b ,}"}
    assert data_of(f"{json.dumps(answer)[:-1]},}}", SCHEMA)[0] == answer
