"""What a text after the first one may say of what was before, and what the last one has to say.

A reference to our own note is honest where there is one, thanks for accepting where somebody
accepted. Nobody is pushed to answer; the last text, and no other, says that nothing follows, and
asks for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ingagents.core.text.word_lists import line_lists


def without_references(
    text: str, *, wrote: bool, accepted: bool = False, last: bool = False
) -> str:
    """The text without what it rightly says of our earlier texts and of an accepted invitation.

    Whether we `wrote` to this person before, whether they have just `accepted`, and whether this is
    the `last` text is known from our own acts. What is left is judged as any other claim.
    """
    text = text.replace("’", "'")
    if wrote:
        text = _pattern("our texts").sub("so far", text)
    if last:
        text = _pattern("closes").sub("so far", text)
    return _pattern("accepted").sub("so far", text) if accepted else text


def out_of_step(text: str, *, last: bool) -> Iterator[str]:
    """Every reason why a later text is no honest follow-up, or the `last` one no polite end."""
    plain = without_references(text, wrote=True, accepted=True)
    if _pattern("pushes").search(plain):
        yield "pushes for an answer"
    closes = _pattern("closes").search(plain) is not None
    if not last:
        if closes:
            yield "says that it is the last message, and it is not"
        return
    if not closes:
        yield "does not say that it is the last message"
    if "?" in text or _pattern("expects").search(plain):
        yield "is the last message, and still asks for an answer"


@cache
def _pattern(section: str) -> re.Pattern[str]:
    return re.compile("|".join(line_lists("later_steps")[section]), re.IGNORECASE)
