"""Whether a message only closes: it thanks, agrees or looks forward, and waits for nothing of ours.

Whoever had their answer and says "Perfect, thank you!" is owed none. What may wait for something is
no closing: a question, a wish, a time for a talk, a day, an address, a long text.
"""

from __future__ import annotations

import re
from datetime import date

from ingagents.core.replies.effect.when import moments, with_numeric_days
from ingagents.core.replies.evidence import collect
from ingagents.core.replies.notation import Cue
from ingagents.core.replies.text import plain_reply

_MOST_WORDS = 25
_CLOSES = frozenset({Cue.THANKS, Cue.LIKING, Cue.INTEREST})
_BESIDE = _CLOSES | {Cue.UNSURE, Cue.NOT_OPT_OUT, Cue.NOT_REFUSAL, Cue.NOT_INTEREST}
"""What may stand beside a thanks: "let me check and come back to you" leaves it with them."""
_GIVES = re.compile(r"[@\d]")
"""An address, a number, a time."""


def only_closes(said: str, *, today: date) -> bool:
    """Whether nothing of ours is waited for after these words of theirs. Any text is only data."""
    reply = plain_reply(with_numeric_days(said))
    evidence = collect(reply)
    cues = {cue for cue in evidence.found if evidence.has(cue)}
    return (
        bool(cues & _CLOSES)
        and cues <= _BESIDE
        and not evidence.asks
        and not _GIVES.search(said)
        and evidence.words <= _MOST_WORDS
        and not moments(reply.text, reply.starts, evidence.told.of_sentences, today=today)
    )
