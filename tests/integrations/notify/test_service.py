"""One POST a notice over real HTTP: a yes, a no, or nobody knows."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from ingagents.errors import SettingsError
from ingagents.integrations.clock import SystemClock
from ingagents.integrations.notify.service import ChannelName, NotifyChannel
from ingagents.model import Mail
from tests.integrations.notify.receiver import Receiver

NOTICE = Mail(recipients=(), subject="Question to us: Ada", text="Where?", message_id="cd" * 16)
CHANNELS: list[ChannelName] = ["slack", "teams", "webhook"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    with receiver.listening():
        yield receiver


def channel(name: ChannelName, url: str, *, timeout_seconds: float = 30) -> NotifyChannel:
    return NotifyChannel(name, url, timeout_seconds=timeout_seconds, clock=SystemClock())


@pytest.mark.parametrize("name", CHANNELS)
async def test_a_notice_is_posted_once_and_taken(receiver: Receiver, name: ChannelName) -> None:
    result = await channel(name, receiver.url).send_mail(NOTICE)
    assert result.outcome == "sent", result.detail
    (taken,) = receiver.taken
    assert taken.path == "/hooks/secret-part"
    assert taken.headers["content-type"] == "application/json"
    assert ("webhook-signature" in taken.headers) == (name == "webhook")


@pytest.mark.parametrize("name", CHANNELS)
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (204, "sent"),
        (301, "refused"),
        (307, "refused"),
        (400, "refused"),
        (404, "refused"),
        (429, "refused"),
        (500, "refused"),
        (503, "refused"),
        ("hang up", "unknown"),
        ("lost", "unknown"),
        ("endless", "sent"),
        ("headers", "unknown"),
    ],
)
async def test_every_answer_is_a_yes_a_no_or_a_doubt_and_nothing_is_repeated(
    receiver: Receiver, name: ChannelName, answer: int | str, outcome: str
) -> None:
    receiver.answers = [answer]
    result = await channel(name, receiver.url).send_mail(NOTICE)
    assert result.outcome == outcome, result.detail
    assert len(receiver.asked) == 1
    assert "secret-part" not in result.detail


async def test_a_receiver_that_is_down_took_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/x"
        result = await channel("slack", url).send_mail(NOTICE)
    assert result.outcome == "refused", result.detail


async def test_a_receiver_that_takes_the_text_and_says_nothing_is_a_doubt() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/x"
        result = await channel("webhook", url, timeout_seconds=0.2).send_mail(NOTICE)
    assert result.outcome == "unknown", result.detail


@pytest.mark.parametrize(
    "address",
    [
        "",
        "slack",
        "ftp://a.example/x",
        "http://hooks.example/x",
        "https://",
        "https://[x",
        "a b c",
        "https://a.example/x\nhttps://b.example/y",
    ],
)
def test_what_is_no_safe_address_is_refused_with_the_setting_that_names_it(address: str) -> None:
    with pytest.raises(SettingsError, match=r"notify\.teams_url_file") as told:
        channel("teams", address)
    assert address.strip() not in str(told.value) or len(address) < 4


async def test_the_address_never_stands_in_what_is_told(receiver: Receiver) -> None:
    told = await channel("slack", receiver.url.replace("127.0.0.1", "127.0.0.2")).send_mail(NOTICE)
    assert "secret-part" not in told.detail
