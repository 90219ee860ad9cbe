"""A secret this process knows stands in no text, in whichever form it came back."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingagents import masking
from ingagents.errors import TryLater
from ingagents.integrations.http.sanitise import words_of
from ingagents.masking import HIDDEN, keep_secret, keep_token, keep_url_secrets, masked

SECRET = "sk-9f/+&\"3d\\e'@%41 ö€<x>:?#=tail"


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper": str.upper,
    "percent": lambda s: quote(s, safe=""),
    "percent, some": quote,
    "percent, lower": lambda s: quote(s, safe="").lower(),
    "percent, twice": lambda s: quote(quote(s, safe=""), safe=""),
    "form": quote_plus,
    "json": json.dumps,
    "json, as it is": lambda s: json.dumps(s, ensure_ascii=False),
    "json, slashes escaped": lambda s: json.dumps(s).replace("/", "\\/"),
    "python": repr,
    "python, ascii": ascii,
    "bytes": lambda s: repr(s.encode()),
    "html": html.escape,
    "header read as latin-1": lambda s: s.encode().decode("latin-1"),
    "AUTH PLAIN": lambda s: f"AUTH PLAIN {coded(f'{chr(0)}kim@example.com{chr(0)}{s}')}",
    "AUTH PLAIN, acting for": lambda s: coded(f"me{chr(0)}kim{chr(0)}{s}"),
    "AUTH LOGIN": coded,
    "Basic": lambda s: f"Basic {coded(f'user:{s}')}",
    "hexadecimal": lambda s: s.encode().hex(),
    "Basic, url": lambda s: base64.urlsafe_b64encode(f"u:{s}".encode()).decode(),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("around", ["{}", "it said {}, twice: {}", "key={}&x=1", "x" * 300 + "{}"])
def test_no_form_of_a_secret_is_left(form: str, around: str) -> None:
    keep_secret(SECRET)
    shown = masked(around.replace("{}", FORMS[form](SECRET)))
    assert HIDDEN in shown
    for told in (SECRET[:6], SECRET[-6:], FORMS[form](SECRET)[2:14], FORMS[form](SECRET)[-14:-2]):
        assert told not in shown
    assert len(shown) <= len(around) + 3 * len("Authorization " + HIDDEN)


@settings(deadline=None)  # a character's patterns are compiled when it is first met
@given(
    st.text(st.characters(exclude_categories=("C", "Z")), min_size=8, max_size=60),
    st.sampled_from(sorted(FORMS)),
    st.text(max_size=20),
)
def test_whatever_the_secret_is_it_is_hidden(secret: str, form: str, before: str) -> None:
    masking._kept.clear()
    keep_secret(secret)
    written = FORMS[form](secret)
    if secret.lower() in masking._NOT_HIDDEN or form == "upper":
        return
    assert written not in masked(f"{before} {written} after").replace(HIDDEN, "")


def test_a_secret_is_hidden_before_a_text_is_cut() -> None:
    keep_secret(SECRET)
    for place in range(150, 205):
        shown = words_of("x" * place + SECRET, 200)
        assert SECRET[:3] not in shown
        assert len(shown) <= 200


def test_a_secret_that_was_cut_by_whoever_repeats_it_is_hidden_too() -> None:
    keep_secret(SECRET)
    for length in range(12, len(SECRET)):
        assert masked(f"Incorrect key: {SECRET[:length]}") == f"Incorrect key: {HIDDEN}"
        assert masked(f"Incorrect key: ...{SECRET[-length:]}") == f"Incorrect key: ...{HIDDEN}"
        assert masked(f"({SECRET[-length:].upper()})") == f"({HIDDEN})"


@pytest.mark.parametrize("fold", ["\n", "\r\n ", " ", "\u200b", "\\n"])
@pytest.mark.parametrize("form", ["plain", "AUTH PLAIN", "Basic", "hexadecimal"])
def test_a_secret_that_was_folded_or_wrapped_is_hidden_on_both_sides(form: str, fold: str) -> None:
    secret = "sk-folded-0123456789-abcdef"
    keep_secret(secret)
    said = FORMS[form](secret)
    for at in range(len(said) - 20, len(said) - 4):
        shown = masked(f"{said[:at]}{fold}{said[at:]}")
        assert HIDDEN in shown
        assert said[-6:] not in shown
        assert said[at - 6 : at] not in shown


def test_a_short_secret_is_hidden_where_it_stands_alone_and_words_stay_words() -> None:
    keep_secret("post", "kim", "sandbox", "")
    assert masked("user:post, posted to kim in the sandbox") == (
        f"user:{HIDDEN}, posted to kim in the sandbox"
    )


def test_several_secrets_in_one_text_are_hidden_each() -> None:
    keep_secret("first-secret", "second-secret", "secret-of-third", "first-secret-and-more")
    assert masked("a first-secret b second-secret-of-third first-secret-and-more") == (
        f"a {HIDDEN} b {HIDDEN} {HIDDEN}"
    )


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:{}@127.0.0.1:1/db",
        "postgresql://u:a@{}@127.0.0.1:1/db",
        "postgresql://u:a/{}@127.0.0.1:1/db",
        "postgresql://u:a?{}@127.0.0.1:1/db",
        "postgresql://u:a#{}@127.0.0.1:1/db",
        "postgresql://u:a:{}@127.0.0.1:1/db",
        "postgresql://u:a%{}@127.0.0.1:1/db",
        "postgresql://u:{}@b@127.0.0.1:1/db",
        "postgresql://127.0.0.1/db?user=u&password={}",
        "postgresql://u@127.0.0.1/db?sslpassword={}&x=1",
        "https://u:{}@proxy.example:3128",
        "https://host/v1?api_key={}",
        "u:{}@host/db",
    ],
)
def test_every_part_of_an_addresss_password_is_hidden(url: str) -> None:
    secret = "S3CR3T-9f8e7d"
    keep_url_secrets(url.format(secret))
    for said in (f'could not translate host name "{secret}@127.0.0.1"', url.format(secret), secret):
        assert secret not in masked(said)


def test_what_is_no_secret_is_left_as_it_is() -> None:
    keep_secret(SECRET)
    keep_url_secrets("postgresql://u@127.0.0.1:5432/db?application_name=x")
    keep_url_secrets("https://api1.unipile.com:13111/api/v1")
    for text in ("postgresql://u@127.0.0.1:5432/db", "https://api1.unipile.com:13111", "", "💥"):
        assert masked(text) == text


def test_no_error_of_ours_holds_a_secret() -> None:
    keep_secret(SECRET)
    error = TryLater(f"the server said {SECRET}", f"send {SECRET} again")
    assert SECRET not in f"{error.line()}{error!r}{error.what}{error.remedy}"


def test_old_tokens_are_forgotten_and_nothing_grows_for_ever() -> None:
    keep_secret(SECRET)
    keep_token(*(f"token-number-{number:06d}" for number in range(1000)))
    assert len(masking._issued) == 8
    assert masked("token-number-000999") == HIDDEN
    assert masked(SECRET) == HIDDEN, "however many tokens come, the keys stay hidden"
    keep_secret(*(f"key-number-{number:06d}" for number in range(1000)))
    assert len(masking._kept) == 200


def test_a_long_text_is_masked_without_running_over_it_again_and_again() -> None:
    """Quadratic work would take minutes: the time limit of every test is what notices it."""
    keep_secret("x" * 40, SECRET)
    for piece in ("x", "%78", coded(SECRET)[4:20], "\\x78"):
        masked(piece * (400_000 // len(piece)))
