"""Who holds a lease, and when its process surely is no more."""

from __future__ import annotations

import os
import subprocess
import sys

from ingagents.communication.process_id import is_dead, new_process_id
from tests import PATIENCE


def test_a_holder_of_this_process_is_not_gone() -> None:
    assert not is_dead(new_process_id())


def test_a_name_with_our_number_that_we_never_gave_is_from_an_earlier_process() -> None:
    machine = new_process_id().split(":")[0]
    assert is_dead(f"{machine}:{os.getpid()}:never")


def test_a_process_that_ended_is_gone_and_one_that_runs_is_not() -> None:
    machine = new_process_id().split(":")[0]
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert not is_dead(f"{machine}:{child.pid}:x")
    child.communicate(b"\n", timeout=PATIENCE)
    assert is_dead(f"{machine}:{child.pid}:x")


def test_nothing_is_known_of_other_machines_and_odd_names() -> None:
    assert not is_dead(f"elsewhere:{2**22 + 5}:x")
    assert not is_dead("")
    assert not is_dead("odd")
