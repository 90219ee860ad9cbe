"""The breaker: closed, open, half open, and back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ingagents.core.llm.circuit_breaker import (
    Breaker,
    BreakerRules,
    abandoned,
    failed,
    may_ask,
    refused_for_good,
    succeeded,
)
from tests.factories import MONDAY

RULES = BreakerRules()
SECOND = timedelta(seconds=1)


def opened() -> Breaker:
    breaker = Breaker()
    for _ in range(RULES.failures):
        breaker = failed(breaker, MONDAY, RULES, reason="down")
    return breaker


def test_it_opens_after_failures_in_a_row_and_one_answer_starts_the_count_again() -> None:
    breaker = Breaker()
    for _ in range(RULES.failures - 1):
        breaker = failed(breaker, MONDAY, RULES, reason="down")
        assert may_ask(breaker, MONDAY, RULES) == (True, breaker)
    assert succeeded(breaker) == Breaker()
    breaker = failed(breaker, MONDAY, RULES, reason="down")
    assert breaker.state == "open"
    assert breaker.reason == "down"
    assert may_ask(breaker, MONDAY, RULES)[0] is False


def test_after_the_pause_one_may_probe_and_nobody_else() -> None:
    breaker = opened()
    assert breaker.until == MONDAY + RULES.first_pause
    assert may_ask(breaker, breaker.until - SECOND, RULES)[0] is False
    allowed, probing = may_ask(breaker, breaker.until, RULES)
    assert allowed
    assert probing.state == "half_open"
    assert may_ask(probing, breaker.until + SECOND, RULES)[0] is False
    assert succeeded(probing) == Breaker()


def test_a_failed_probe_doubles_the_pause_up_to_the_longest() -> None:
    breaker, pauses = opened(), []
    for _ in range(8):
        assert breaker.until is not None
        now = breaker.until
        breaker = failed(may_ask(breaker, now, RULES)[1], now, RULES, reason="still down")
        assert breaker.until is not None
        pauses.append(breaker.until - now)
    assert pauses[0] == 2 * RULES.first_pause
    assert pauses == sorted(pauses)
    assert pauses[-1] == RULES.longest_pause


def test_a_probe_nobody_ended_is_lost_after_a_while() -> None:
    breaker = opened()
    assert breaker.until is not None
    _, probing = may_ask(breaker, breaker.until, RULES)
    later = breaker.until + RULES.probe_lasts
    assert may_ask(probing, later - SECOND, RULES)[0] is False
    assert may_ask(probing, later, RULES)[0] is True


def test_a_probe_given_up_leaves_the_next_one_its_turn() -> None:
    breaker = opened()
    assert breaker.until is not None
    _, probing = may_ask(breaker, breaker.until, RULES)
    assert may_ask(abandoned(probing, breaker.until), breaker.until, RULES)[0] is True
    assert abandoned(Breaker(), MONDAY) == Breaker()


def test_a_late_failure_of_an_earlier_question_does_not_prolong_the_pause() -> None:
    breaker = opened()
    assert failed(breaker, MONDAY + 30 * SECOND, RULES, reason="late") == breaker


@pytest.mark.parametrize("asked", [timedelta(seconds=5), timedelta(hours=2)])
def test_a_pause_the_server_asks_for_opens_at_once_for_at_least_so_long(asked: timedelta) -> None:
    breaker = failed(Breaker(), MONDAY, RULES, reason="429", pause=asked)
    assert breaker.state == "open"
    assert breaker.until == MONDAY + max(asked, RULES.first_pause)


def test_what_only_a_human_can_mend_opens_it_for_long() -> None:
    breaker = refused_for_good(Breaker(), MONDAY, RULES, reason="401")
    assert breaker.until == MONDAY + RULES.fatal_pause
    assert may_ask(breaker, MONDAY + RULES.fatal_pause - SECOND, RULES)[0] is False
