"""Figures to report: what is said rests on numbers, and nothing is divided by nothing."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.reporter import (
    Answer,
    NeedsHuman,
    Report,
    ReportFacts,
    Stopped,
    build_report,
    meaning,
    next_step,
)
from ingagents.core.reporting.daily_metrics import (
    DayFigures,
    Thresholds,
    error_rate,
    find_alerts,
    response_rate,
)
from ingagents.core.reporting.insights import insights
from ingagents.core.reporting.outlook import Outlook
from ingagents.model import (
    Campaign,
    Classification,
    Intent,
    LeadId,
    ReplyDetail,
    Sentiment,
)

TODAY = date(2027, 2, 10)
NOW = datetime(2027, 2, 10, 8, 15, tzinfo=UTC)
CAMPAIGN = Campaign(event_name="InG Summit", event_date=date(2027, 5, 20))


def day(ago: int = 0, **counts: Any) -> DayFigures:
    return msgspec.structs.replace(DayFigures.empty(TODAY - timedelta(days=ago)), **counts)


def answer(name: str, sentiment: Sentiment, minute: int) -> Answer:
    return Answer(
        lead_id=LeadId(name),
        name=name,
        company="Acme",
        classification=Classification.SPEAKER,
        sentiment=sentiment,
        intent=Intent.UNCLEAR,
        detail=ReplyDetail.NONE,
        text="hello",
        at=NOW + timedelta(minutes=minute),
    )


def report(today: DayFigures, **parts: Any) -> Report:
    parts = {"week": (today,), **parts}
    return build_report(ReportFacts(today=today, campaign=CAMPAIGN, generated_at=NOW, **parts))


def figure(of: Report, key: str) -> tuple[float | None, float | None, float | None]:
    (found,) = [line for section in of.sections for line in section.figures if line.key == key]
    return found.today, found.yesterday, found.week_mean


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], None),
        ([day()], None),
        ([day(messages_sent=40)], 0.0),
        ([day(messages_sent=40, responses=3)], 7.5),
        ([day(1, messages_sent=30), day(messages_sent=10, responses=4)], 10.0),
        ([day(messages_sent=1, responses=3)], None),
        ([day(messages_sent=3, responses=3)], 100.0),
    ],
)
def test_a_response_rate_of_nothing_is_none(days: list[DayFigures], expected: float | None) -> None:
    assert response_rate(*days) == expected


@pytest.mark.parametrize(
    ("errors", "handled", "expected"), [(0, 0, None), (0, 9, 0.0), (1, 3, 0.25), (5, 0, 1.0)]
)
def test_the_error_rate_is_a_share_of_everything_tried(
    errors: int, handled: int, expected: float | None
) -> None:
    assert error_rate(errors, handled) == expected


@pytest.mark.parametrize(
    ("counts", "alarming"),
    [
        ({}, []),
        ({"errors": 1, "handled_events": 9}, []),
        ({"errors": 2, "handled_events": 8}, ["error_rate"]),
        ({"errors": 2, "handled_events": 7}, []),
        ({"errors": 10, "handled_events": 0}, ["error_rate"]),
        ({"messages_sent": 20, "responses": 10, "opt_outs": 2}, ["opt_out_rate"]),
        ({"messages_sent": 20, "responses": 20, "opt_outs": 2}, []),
        ({"messages_sent": 19, "responses": 10, "opt_outs": 2}, []),
        ({"messages_sent": 20, "responses": 1, "opt_outs": 1}, []),
        ({"messages_sent": 20, "opt_outs": 2}, []),
        ({"messages_sent": 7, "refused": 3}, ["refused_rate"]),
        ({"messages_sent": 7, "refused": 2}, []),
        ({"messages_sent": 8, "refused": 2}, []),
        ({"refused": 10}, ["refused_rate"]),
    ],
)
def test_an_alert_needs_a_figure_out_of_bounds_and_enough_evidence(
    counts: dict[str, int], alarming: list[str]
) -> None:
    alerts = find_alerts(day(**counts))
    assert [alert.metric for alert in alerts] == alarming
    assert all(alert.value > alert.threshold for alert in alerts)
    assert all(re.search(r"\d+ of \d+", alert.detail) for alert in alerts)


def test_bounds_can_be_moved() -> None:
    figures = day(errors=2, handled_events=8)
    assert find_alerts(figures, Thresholds(error_rate=0.5)) == ()
    assert find_alerts(figures, Thresholds(error_events_min=11)) == ()


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({}, "Nobody was contacted today, so there is no response rate"),
        (
            {"messages_sent": 41, "responses": 3},
            "(7 %), none of them positive; small numbers, wait",
        ),
        ({"messages_sent": 100, "responses": 9}, "100 people were contacted today and 9 answers"),
        ({"messages_sent": 1, "responses": 1}, "1 person was contacted today and 1 answer came"),
        ({"responses": 2}, "2 answers came today to earlier messages; nobody was contacted"),
        ({"positive_responses": 1}, "1 person answered positively today"),
        ({"errors": 5, "handled_events": 5}, "5 of 10 things tried today failed (50 %)"),
        ({"dead_letters": 2}, "2 events could not be handled"),
        ({"needs_review": 4}, "4 leads wait for your review: `ingagents review list`"),
        ({"uncertain": 1}, "1 send is in doubt"),
        ({"messages_sent": 10, "refused": 5}, "5 of 15 sends were refused by the service"),
        ({"responses": 4, "opt_outs": 2}, "2 of 4 answers today asked not to be written to"),
        (
            {"messages_sent": 20, "queue_size": 50},
            "50 leads wait in the queue; 20 people a day were written to",
        ),
        ({"messages_sent": 20, "queue_size": 5}, "5 leads wait in the queue; 20 people a day"),
        ({"queue_size": 5}, "5 leads wait in the queue and nobody was contacted"),
        ({"leads_discovered": 7, "speakers": 4}, "7 leads were found today, 4 speakers and"),
        ({"invitations_sent": 8, "accepted_invitations": 2}, "; 2 were accepted meanwhile"),
        ({"invitations_sent": 2, "accepted_invitations": 8}, "; 8 were accepted meanwhile"),
    ],
)
def test_what_is_seen_is_said_with_its_figures(counts: dict[str, int], said: str) -> None:
    today = day(**counts)
    assert said in "\n".join(insights(today, None, (today,)))


def test_small_numbers_are_called_small_only_while_they_are() -> None:
    few, many = day(messages_sent=49, responses=2), day(messages_sent=50, responses=2)
    assert "small numbers" in " ".join(insights(few, None, (few,)))
    assert "small numbers" not in " ".join(insights(many, None, (many,)))


counts = st.integers(min_value=0, max_value=10_000)
some_day = st.builds(
    DayFigures,
    day=st.just(TODAY),
    avg_quality_score=st.none() | st.floats(1, 10),
    **{
        name: counts
        for name in DayFigures.__struct_fields__
        if name not in {"day", "avg_quality_score"}
    },
)


@given(today=some_day, yesterday=st.none() | some_day, week=st.lists(some_day, max_size=7))
def test_any_figures_make_a_report_of_three_to_five_sentences_with_numbers(
    today: DayFigures, yesterday: DayFigures | None, week: list[DayFigures]
) -> None:
    made = report(today, yesterday=yesterday, week=week)
    assert 3 <= len(made.insights) <= 5
    assert all(re.search(r"\d|Nobody|No lead", sentence) for sentence in made.insights)
    assert not any(word in " ".join(made.insights) for word in ("nan", "inf ", "None"))


def test_the_report_has_the_specifications_lines_in_its_order() -> None:
    made = report(day())
    assert made.title == "Daily Sales Department Report - 2027-02-10"
    assert [section.title for section in made.sections] == [
        "LEAD FINDER AGENT",
        "OUTREACH AGENT",
        "OVERALL METRICS",
    ]
    specified = [
        *("New leads discovered", "Average quality score", "Speakers found", "Sponsors found"),
        *("Messages sent today", "Remaining in queue", "Responses received", "Response rate"),
        *("Positive responses", "Negative responses"),
        *("Total leads in database", "Qualified opportunities"),
    ]
    labels = [line.label for section in made.sections for line in section.figures]
    assert [label for label in labels if label in specified] == specified


def test_every_counted_figure_of_a_day_is_in_the_report() -> None:
    made = report(day(model_calls=1))
    keys = {line.key for section in made.sections for line in section.figures}
    assert set(DayFigures.__struct_fields__) - keys == {"day", "handled_events"}


def test_what_models_cost_stands_there_once_a_model_was_asked() -> None:
    assert "LANGUAGE MODELS" not in [section.title for section in report(day()).sections]
    today = day(
        model_calls=100,
        model_cached=25,
        people_contacted=50,
        messages_sent=50,
        positive_responses=2,
        model_input_tokens=40_000,
        model_output_tokens=10_000,
        model_usd=0.5,
        leads_discovered=0,
    )
    made = report(today, yesterday=day(1), week=[day(1), today])
    assert figure(made, "model_usd") == (0.5, 0.0, 0.25)
    assert figure(made, "model_hit_rate") == (20.0, None, 20.0)
    assert figure(made, "usd_per_lead") == (None, None, None)
    assert figure(made, "usd_per_contacted") == (0.01, None, 0.01)
    assert figure(made, "usd_per_positive") == (0.25, None, 0.25)
    assert figure(made, "calls_per_contacted") == (2.0, None, 2.0)
    assert figure(made, "tokens_per_contacted") == (1000.0, None, 1000.0)


def test_today_yesterday_and_the_weeks_mean_stand_beside_each_other() -> None:
    days = [day(2, messages_sent=10), day(1, messages_sent=21), day(messages_sent=30)]
    made = report(days[2], yesterday=days[1], week=days)
    assert figure(made, "messages_sent") == (30, 21, 20.33)
    assert isinstance(figure(made, "messages_sent")[0], int)


def test_without_yesterday_or_a_week_there_is_a_gap_and_not_a_zero() -> None:
    assert figure(report(day(), week=()), "messages_sent") == (0, None, None)


def test_a_weeks_rate_is_the_rate_of_the_week_and_not_a_mean_of_rates() -> None:
    days = [day(1, messages_sent=90), day(messages_sent=10, responses=5)]
    made = report(days[1], yesterday=days[0], week=days)
    assert figure(made, "response_rate") == (50.0, 0.0, 5.0)


def test_a_weeks_average_score_counts_leads_and_not_days() -> None:
    days = [
        day(2, leads_discovered=9, avg_quality_score=5.0),
        day(1),
        day(leads_discovered=1, avg_quality_score=10.0),
    ]
    made = report(days[2], yesterday=days[1], week=days)
    assert figure(made, "avg_quality_score") == (10.0, None, 5.5)


def test_the_days_one_line() -> None:
    today = day(leads_discovered=97, people_contacted=42, responses=9, positive_responses=3)
    assert report(today).summary == "found 97, contacted 42, replied 9, positive 3"


def test_positive_answers_come_first_and_then_the_newest() -> None:
    answers = [
        answer("old no", Sentiment.NEGATIVE, 1),
        answer("old yes", Sentiment.POSITIVE, 2),
        answer("new no", Sentiment.NEUTRAL, 3),
        answer("new yes", Sentiment.POSITIVE, 4),
    ]
    made = report(day(), answers=answers)
    assert [item.name for item in made.answers] == ["new yes", "old yes", "new no", "old no"]


def test_long_lists_are_cut_and_the_rest_is_counted() -> None:
    needs = [NeedsHuman(what=f"{n}", lead_id=None, command="ingagents status") for n in range(41)]
    many = [answer(f"{n}", Sentiment.NEUTRAL, n) for n in range(100)]
    made = report(day(), answers=many, needs_human=needs)
    assert (len(made.answers), made.answers_left_out) == (40, 60)
    assert (len(made.needs_human), made.needs_human_left_out) == (40, 1)


def test_what_never_happened_was_not_stopped() -> None:
    stopped = [Stopped(what="a", count=0), Stopped(what="b", count=2)]
    assert [item.what for item in report(day(), stopped=stopped).stopped] == ["b"]


@pytest.mark.parametrize("intent", list(Intent))
@pytest.mark.parametrize("detail", list(ReplyDetail))
def test_every_positive_answer_has_a_next_step(intent: Intent, detail: ReplyDetail) -> None:
    assert next_step(intent, detail).endswith(".")


def test_a_meeting_is_answered_with_times_and_a_question_with_an_answer() -> None:
    assert "times" in next_step(Intent.INTERESTED, ReplyDetail.MEETING)
    assert "question" in next_step(Intent.INTERESTED, ReplyDetail.QUESTION)
    assert "information" in next_step(Intent.REQUESTING_INFO, ReplyDetail.NONE)


@pytest.mark.parametrize(
    ("intent", "detail", "said"),
    [
        (Intent.INTERESTED, ReplyDetail.INTEREST, "interested"),
        (Intent.INTERESTED, ReplyDetail.NONE, "interested"),
        (Intent.INTERESTED, ReplyDetail.MEETING, "interested, meeting"),
        (Intent.NOT_INTERESTED, ReplyDetail.REFUSAL, "not interested"),
        (Intent.NOT_INTERESTED, ReplyDetail.NOT_NOW, "not now"),
        (Intent.NOT_INTERESTED, ReplyDetail.OPT_OUT, "opt out"),
        (Intent.REQUESTING_INFO, ReplyDetail.QUESTION, "question"),
        (Intent.UNCLEAR, ReplyDetail.OUT_OF_OFFICE, "out of office"),
        (Intent.UNCLEAR, ReplyDetail.NONE, "unclear"),
    ],
)
def test_what_an_answer_means_is_said_once_and_does_not_contradict_itself(
    intent: Intent, detail: ReplyDetail, said: str
) -> None:
    assert meaning(intent, detail) == said


def test_that_nobody_is_left_is_said_once() -> None:
    nobody = Outlook(allocated=0, in_store=0, room=100, exhausted=True, searched=True)
    idle = ["nobody is left to be allocated, and 100 could be written to: widen the criteria"]
    told = report(day(), outlook=nobody, idle=idle).insights
    assert [one for one in told if "100" in one] == [told[0]]
    assert any("Nobody is left in store" in one for one in report(day(), outlook=nobody).insights)


def test_of_what_only_grows_there_is_no_mean() -> None:
    days = (day(1, total_leads=90, messages_sent=10), day(total_leads=100, messages_sent=20))
    made = report(days[1], yesterday=days[0], week=days)
    assert figure(made, "total_leads") == (100, 90, None)
    assert figure(made, "messages_sent") == (20, 10, 15)


def test_after_days_off_the_report_tells_what_came_on_them() -> None:
    friday, monday = date(2027, 2, 5), date(2027, 2, 8)
    since = msgspec.structs.replace(DayFigures.empty(monday), responses=4, positive_responses=2)
    made = report(DayFigures.empty(friday), so_far=since, past=True)
    assert made.so_far == (
        "Since then (Sat 6 Feb to Mon 8 Feb): found 0, contacted 0, replied 4, positive 2"
    )


def test_no_label_of_a_past_day_says_today() -> None:
    for past in (False, True):
        made = report(day(), past=past)
        labels = [line.label for section in made.sections for line in section.figures]
        assert ("Messages sent today" in labels) is not past
        assert ("Messages sent" in labels) is past


def test_a_past_days_report_names_its_day_and_says_what_came_since() -> None:
    monday, tuesday = date(2027, 2, 8), date(2027, 2, 9)
    then = msgspec.structs.replace(
        DayFigures.empty(monday), positive_responses=1, leads_discovered=4, people_contacted=9
    )
    since = msgspec.structs.replace(DayFigures.empty(tuesday), people_contacted=2)
    made = report(then, so_far=since, past=True)
    assert made.columns == ("Mon 8 Feb", "day before")
    assert made.summary.startswith("found 4, contacted 9")
    assert made.so_far == "Today so far (Tue 9 Feb): found 0, contacted 2, replied 0, positive 0"
    said = " ".join(made.insights)
    assert "on Mon 8 Feb" in said
    assert "today" not in said


def test_a_long_list_of_what_needs_a_human_says_how_many_more_there_are() -> None:
    waiting = [
        NeedsHuman(what=f"somebody {at}", lead_id=None, command="ingagents review list")
        for at in range(137)
    ]
    made = report(DayFigures.empty(NOW.date()), week=(), needs_human=waiting)
    assert len(made.needs_human) + made.needs_human_left_out == 137
