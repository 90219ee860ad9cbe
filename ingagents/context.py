"""What every use case works with: the store, the queue, the time, and where ids and chance come from."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from ingagents.communication.message_queue import MessageQueue
from ingagents.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class Context:
    """What every agent and every use case works with; one per open department."""

    store: Store
    queue: MessageQueue
    clock: Clock
    new_id: Callable[[], str]
    chance: random.Random
