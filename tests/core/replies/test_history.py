"""Older mail under an answer is known by its shape, and what we sent is never theirs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.replies.history import is_only_sent, without_sent
from ingagents.core.replies.text import own_words
from ingagents.core.response_analyser import analyse_response
from ingagents.model import Intent

OURS = (
    "Hi Maya,\n\nwould you speak at InG Summit in Berlin on 12 June? "
    "If not, just reply stop and I won't write again.\n\nBest\nKim"
)
ASKS = "Would you speak? If not, reply stop."

HEADERS = [
    "Fra: Kim Holm <kim@team.example>\nSendt: 12. marts 2026 10:00\nTil: Maya\nEmne: InG",
    "Lähettäjä: Kim\nLähetetty: 12. maaliskuuta 2026 10:00\nVastaanottaja: Maya",
    "От: Kim <kim@team.example>\nКому: Maya\nТема: InG",
    "差出人: Kim <kim@team.example>\n送信日時: 2026年3月12日 10:00\n宛先: Maya",
    "*Od:* Kim <kim@team.example>\n*Wysłano:* czwartek, 12 marca 2026 10:00\n*Do:* Maya",
    "Feladó: Kim <kim@team.example>\n\nElküldve: 2026. március 12.\n\nCímzett: Maya",
]
INTRODUCTIONS = [
    "pt., 12 mar 2026 o 10:00 Kim Holm <kim@team.example> napisał(a):",
    "čt 12. 3. 2026 v 10:00 odesílatel Kim Holm <kim@team.example> napsal:",
    "2026年3月12日(木) 10:00 Kim <kim@team.example>:",
    "Kim Holm <kim@team.example> ezt írta (időpont: 2026. márc. 12., 10:00):",
    "Den tors 12 mars 2026 kl 10:00 skrev Kim Holm <kim@team.example>:",
    "12 Mar 2026 Per 10:00 tarihinde Kim\n<kim@team.example> şunu yazdı:",
]
DIVIDERS = ["-----Původní zpráva-----", "----- Ursprungligt meddelande -----", "=====Исходное====="]


@pytest.mark.parametrize("history", [*HEADERS, *INTRODUCTIONS, *DIVIDERS])
def test_older_mail_is_left_out_in_any_language(history):
    assert own_words(f"Yes, gladly.\n\n{history}\n\n{ASKS}") == "Yes, gladly."


@pytest.mark.parametrize(
    "history", [HEADERS[0], *HEADERS[3:5], *INTRODUCTIONS[2:3], INTRODUCTIONS[4], *DIVIDERS[:2]]
)
def test_older_mail_is_left_out_when_the_line_ends_are_lost(history):
    assert own_words(f"Yes, gladly. {' '.join(history.split())} {ASKS}") == "Yes, gladly."


@pytest.mark.parametrize(
    "text",
    [
        "My details: name: Ana, phone: 12345, mail: ana@x.example. Please remove me.",
        "I can do:\nMonday: 10:00\nTuesday: 12:00\nFriday: 9:00\nWhich suits?",
        "Name: Ana\nEmail: ana@x.example\nPlease: stop writing to me",
        "The talk on 12 March 2026 at 10:00: I would love to!",
        "Three things: time: short, money: none, will: strong. So no.",
    ],
)
def test_what_only_looks_like_a_header_is_kept(text):
    assert own_words(text) == text


@pytest.mark.parametrize(
    "quoted",
    [
        OURS,
        OURS.replace("\n", "\n> "),
        OURS.replace("on 12 June", "on\n12 June").replace("reply stop", "reply\nstop"),
        OURS.replace("won't", "won’t").upper(),
        "If not, just reply stop and I won't write again.",
    ],
)
def test_what_we_sent_is_not_theirs_however_it_is_quoted(quoted):
    read = analyse_response(f"Yes, I would love to speak!\n{quoted}", [OURS])
    assert read.intent is Intent.INTERESTED
    assert is_only_sent(quoted, [OURS])


SENT = (
    "Hi Inés, we are choosing the partners for InG Summit in Berlin. As Sales Director of Copper.io, "
    "are you the right person to send a short overview to? If not, just reply stop."
)


@pytest.mark.parametrize("end", ["", "…", "...", " …"])
@pytest.mark.parametrize("mark", ["", "> ", ">", ">> "])
def test_a_quote_of_ours_that_is_cut_off_anywhere_says_nothing(mark, end):
    """A chat shows the beginning of what is answered, and ends it within any word."""
    own = "How many people usually come, and who are they?"
    for cut in range(SENT.index("choosing"), len(SENT)):
        quoted = SENT[:cut].rstrip() + end
        assert own_words(f"{own}\n\n{mark}{quoted}", [SENT]).rstrip(" .…\n") == own, quoted


@pytest.mark.parametrize(
    "said", ["?", "??", "!", "👍", "🙂", "❤️", ":)", ";-)", "→", "？", "؟", "ok"]
)
@pytest.mark.parametrize("quoted", [SENT, "> " + SENT, "> " + SENT[:80] + "…"])
@pytest.mark.parametrize("shape", ["{said}\n\n{quoted}", "{quoted}\n{said}"])
def test_a_sign_beside_a_quote_of_ours_is_an_answer(said, quoted, shape):
    assert not is_only_sent(shape.format(said=said, quoted=quoted), [SENT])


@pytest.mark.parametrize("left", ["", "> ", "* ", "-- ", "“", "| ", "…"])
def test_signs_that_a_quote_leaves_are_no_answer(left):
    assert is_only_sent(f"{left}{SENT}\n{left}", [SENT])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\"just reply stop and I won't write again\" - no need, I'm in!", "- no need, I'm in!"),
        ("'just reply stop' haha. Tell me more.", "haha. Tell me more."),
        ('You write "If not, just reply stop". When is it?', "You write . When is it?"),
        (
            "You wrote: just reply stop and I won't write again. Count me in.",
            "You wrote: Count me in.",
        ),
        ("«I won't write again» would be a pity.", "would be a pity."),
    ],
)
def test_what_is_quoted_of_ours_within_a_line_is_not_theirs(text, left):
    assert " ".join(own_words(text, [OURS]).split()) == left
    assert not analyse_response(text, [OURS]).opt_out


@pytest.mark.parametrize(
    "text",
    [
        'Re: your "just reply stop": stop.',
        "You said to reply stop, so: stop",
        '"Just reply stop" - stop',
        "You wrote: just reply stop - so stop writing to me, won't you",
        "'stop'",
    ],
)
def test_a_stop_of_their_own_beside_ours_stays(text):
    assert analyse_response(text, [OURS]).opt_out


def test_short_words_of_ours_may_be_theirs():
    assert analyse_response("Stop", [OURS]).opt_out
    assert without_sent("Reply stop? I do: stop", [OURS]) == "Reply stop? I do: stop"
    assert not is_only_sent("", [OURS])
    assert not is_only_sent("stop", [OURS])


@given(st.text(max_size=200), st.lists(st.text(max_size=80), max_size=3))
def test_nothing_is_added_and_without_texts_of_ours_nothing_is_taken(text, sent):
    kept = without_sent(text, sent)
    assert len(kept) <= len(text)
    assert without_sent(text, []) == text
    assert without_sent(kept, sent) == kept or len(without_sent(kept, sent)) < len(kept)
