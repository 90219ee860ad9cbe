"""The second net holds what the rules took for harmless; it never decides."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.replies.second_net import (
    KINDS,
    NAME,
    Suspected,
    Suspicion,
    Weights,
    features_of,
    from_text,
    learned,
    second_look,
    suspicion,
    to_text,
)
from ingagents.core.response_analyser import analyse_response
from ingagents.core.review_policy import needs_reading
from ingagents.model import Intent, ReplyDetail, ResponseAnalysis, Sentiment
from tests.training.fragments import Example, read_languages, read_table
from tests.training.measuring import Judged, count, judge

HELD_OUT = Path(__file__).parents[2] / "training" / "held_out.csv"
BUCKETS = 256


def read(intent: Intent = Intent.INTERESTED, **other: object) -> ResponseAnalysis:
    fields = {"sentiment": Sentiment.POSITIVE, "detail": ReplyDetail.INTEREST, "confidence": 0.9}
    return ResponseAnalysis(intent=intent, **{**fields, **other})  # type: ignore[arg-type]


def one_word(word: str, kind: Suspected) -> Weights:
    """Weights that know a single word."""
    values = {one: array("b", bytes(BUCKETS)) for one in KINDS}
    for bucket in features_of(word, BUCKETS)[0]:
        values[kind][bucket] = 100
    return Weights(
        buckets=BUCKETS,
        threshold=0.6,
        step=dict.fromkeys(KINDS, 0.02),
        bias=dict.fromkeys(KINDS, -3.0),
        values=values,
    )


OPT_OUT, THREAT = one_word("zzyzx", Suspected.OPT_OUT), one_word("zzyzx", Suspected.THREAT)


@pytest.fixture(scope="module")
def held_out() -> list[Judged]:
    return judge(read_table(HELD_OUT), learned())


def test_what_it_suspects_is_held_with_a_probability_and_the_words_it_rests_on():
    held = second_look("Sounds good. Zzyzx!", read(), OPT_OUT)
    assert held.confidence < 0.5
    assert needs_reading(held)
    assert held.reasons[0].why.startswith("This may be an opt-out (second net, 0.")
    assert held.reasons[0].evidence == "Zzyzx"
    assert held.decided_by.endswith(NAME)


def test_a_suspected_opt_out_is_a_question_and_no_decision():
    held = second_look("zzyzx", read(), OPT_OUT)
    assert not held.opt_out
    assert (held.intent, held.detail) == (Intent.INTERESTED, ReplyDetail.INTEREST)


@pytest.mark.parametrize("intent", list(Intent))
def test_who_threatens_is_never_called_interested(intent: Intent):
    held = second_look("zzyzx", read(intent, sentiment=Sentiment.NEUTRAL), THREAT)
    assert held.intent in {Intent.UNCLEAR, Intent.NOT_INTERESTED}
    assert held.sentiment is not Sentiment.POSITIVE
    assert needs_reading(held)


def test_an_opt_out_stays_one_and_is_no_question():
    opt_out = read(Intent.NOT_INTERESTED, detail=ReplyDetail.OPT_OUT)
    assert second_look("zzyzx", opt_out, OPT_OUT) is opt_out


def test_what_it_does_not_suspect_stays_as_it_was_read():
    harmless = read()
    assert second_look("See you there", harmless, OPT_OUT) is harmless


def test_what_we_wrote_ourselves_is_no_reason_to_hold_an_answer():
    answer = "Yes, gladly.\n\nOn Monday Kim wrote:\n> zzyzx"
    assert second_look(answer, read(), OPT_OUT).confidence == 0.9


@given(st.text(max_size=300))
def test_any_text_is_only_data(text: str):
    found = suspicion(text, learned())
    assert 0 <= found.probability <= 1
    assert (found.kind is Suspected.NOTHING) == (found.probability < learned().threshold)
    assert all(word in text or word.strip() for word in found.evidence)


@pytest.mark.parametrize("text", ["", " \n", "\ud800", "?" * 50_000, "a" * 50_000, "\u0301\u200b"])
def test_odd_texts_are_looked_at_without_complaint(text: str):
    assert isinstance(suspicion(text, learned()), Suspicion)


@pytest.mark.parametrize(
    ("written", "misspelt"),
    [
        ("Proszę usunąć moje dane", "PROSZE USUNAC MOJE DANE"),
        ("Vyřaďte mě ze seznamu", "vyradte me ze seznamu"),
        ("Удалите меня из базы", "УДАЛИТЕ МЕНЯ ИЗ БАЗЫ"),
        ("ｕｎｓｕｂｓｃｒｉｂｅ", "unsubscribe"),
        ("don't write to me again", "don\u2019t write to me again"),
    ],
)
def test_case_accents_and_widths_change_nothing(written: str, misspelt: str):
    one, other = (features_of(text, 2**16)[0].keys() for text in (written, misspelt))
    assert one == other


def test_weights_come_back_from_their_file_as_they_were():
    assert from_text(to_text(OPT_OUT)) == OPT_OUT


def test_a_damaged_file_of_weights_is_refused_and_not_half_believed():
    head, _, numbers = to_text(OPT_OUT).partition("\n")
    with pytest.raises(ValueError, match="incomplete"):
        from_text(head.replace(f'"buckets":{BUCKETS}', f'"buckets":{BUCKETS * 2}') + "\n" + numbers)


def test_the_weights_are_small():
    assert len(to_text(learned())) < 200_000


def test_of_sentences_it_never_saw_it_holds_nearly_all_opt_outs(held_out: list[Judged]):
    found = count(held_out, learned().threshold, lambda one: one.label == "opt_out")
    assert found.share >= 0.93, str(found)


def test_of_sentences_it_never_saw_it_holds_nearly_all_threats(held_out: list[Judged]):
    found = count(held_out, learned().threshold, lambda one: one.label == "threat")
    assert found.share >= 0.9, str(found)


def test_at_most_one_ordinary_reply_in_a_hundred_is_held_in_vain(held_out: list[Judged]):
    held = count(held_out, learned().threshold, lambda one: one.label == "ordinary")
    assert held.share <= 0.01, str(held)


def test_rules_and_net_together_let_fewer_opt_outs_pass_than_the_rules(held_out: list[Judged]):
    opt_outs = [one.example for one in held_out if one.example.label == "opt_out"]

    def passed(example: Example, *, with_net: bool) -> bool:
        analysis = analyse_response(example.text)
        if with_net:
            analysis = second_look(example.text, analysis, learned())
        return not analysis.opt_out and not needs_reading(analysis)

    alone = sum(passed(one, with_net=False) for one in opt_outs)
    together = sum(passed(one, with_net=True) for one in opt_outs)
    assert together <= min(alone, 0.04 * len(opt_outs))


def test_no_language_is_without_opt_outs_threats_and_ordinary_replies():
    for language in read_languages():
        labels = [one.label for one in language.fragments]
        assert labels.count("ordinary") > labels.count("opt_out") >= 10, language.code
        assert labels.count("threat") >= 3, language.code
