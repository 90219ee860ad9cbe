"""What of a text is shown where there is little room."""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST_READ = 20_000
"""Nothing beyond this is looked at, whatever was sent."""


def excerpt(text: str, longest: int, sent: Sequence[str] = ()) -> str:
    """The beginning of a reply, as far as it is the writer's own, in one line; a cut ends with "…".

    `sent` are our texts to the writer. Where nothing is left of it as their own (somebody sent our
    own words back), all of it.
    """
    # Who lists people without a reply reads no tables of languages.
    from ingagents.core.replies.text import own_words

    return shortened(" ".join((own_words(text, sent) or text[:_LONGEST_READ]).split()), longest)


def shortened(text: str, longest: int) -> str:
    """At most `longest` characters, cut after a word, the cut shown by an ellipsis."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    at_word = head.rsplit(maxsplit=1)[0] if " " in head[longest // 2 :] else head
    return at_word.rstrip(" ,;:-") + "…"
