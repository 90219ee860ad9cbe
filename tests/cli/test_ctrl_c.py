"""Ctrl-C ends a command whatever is on the way of it, and leaves the signal as it was."""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable, Iterator

import anyio
import pytest

from ingagents.cli.app import until_ctrl_c

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")


@pytest.fixture(autouse=True)
def _heard() -> Iterator[None]:
    """As in a shell's foreground: a worker of the test run ignores the signal."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def press() -> None:
    os.kill(os.getpid(), signal.SIGINT)


async def waits_for_ever() -> None:
    press()
    await anyio.sleep_forever()


async def takes_the_first_for_its_own() -> None:
    press()
    try:
        await anyio.sleep_forever()
    except anyio.get_cancelled_exc_class():
        pass  # as a library would that takes a cancellation for its own time-out
    await anyio.sleep_forever()


async def in_a_task_of_its_own() -> None:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(waits_for_ever)


async def within_a_time_out() -> None:
    with anyio.fail_after(3600):
        await takes_the_first_for_its_own()


@pytest.mark.parametrize(
    "work",
    [
        waits_for_ever,
        takes_the_first_for_its_own,
        in_a_task_of_its_own,
        within_a_time_out,
    ],
)
def test_ctrl_c_ends_it(work: Callable[[], Awaitable[None]]) -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        anyio.run(until_ctrl_c, work)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_one_ends_what_does_not_hear_the_first() -> None:
    async def deaf() -> None:
        press()
        with anyio.CancelScope(shield=True):
            await anyio.sleep(0.01)
            press()
            await anyio.sleep_forever()

    with pytest.raises(KeyboardInterrupt):
        anyio.run(until_ctrl_c, deaf)


def test_where_the_signal_is_ignored_it_stays_so() -> None:
    async def undisturbed() -> int:
        press()
        await anyio.sleep(0.01)
        return 3

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    assert anyio.run(until_ctrl_c, undisturbed) == 3


def test_nobody_pressed_it() -> None:
    async def three() -> int:
        return 3

    before = signal.getsignal(signal.SIGINT)
    assert anyio.run(until_ctrl_c, three) == 3
    assert signal.getsignal(signal.SIGINT) is before
