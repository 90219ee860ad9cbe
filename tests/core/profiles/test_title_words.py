from __future__ import annotations

from collections import defaultdict
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.profiles.title_words import Vocabulary, entries, vocabulary

FILES = sorted(
    (resources.files("ingagents") / "core" / "profiles" / "title_vocabulary").iterdir(),
    key=lambda file: file.name,
)
GERMAN = """
# A small language.
[compounds]
[sales_marketing 4]
Vertrieb-, Verkäufer
[technical 4]
-ingenieur, Leiter der Technik
[rank director]
Leiter, Chef
[of]
der
[endings]
in >
"""


def learnt(text: str = GERMAN) -> Vocabulary:
    return Vocabulary(entries(text))


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("leiter", ("leiter",)),
        ("leiterin", ("leiter",)),
        ("verkaeufer", ("verkaufer",)),
        ("vertrieb", ("vertrieb-",)),
        ("vertriebsleiterin", ("vertrieb-", "leiter")),
        ("vertriebsingenieur", ("vertrieb-", "-ingenieur")),
        ("maschinenbauingenieurin", ("-ingenieur",)),
        ("zimmerpflanze", ("zimmerpflanze",)),
    ],
)
def test_a_word_is_brought_to_the_forms_of_its_parts(word: str, forms: tuple[str, ...]) -> None:
    assert learnt().forms_of(word) == forms


def test_joining_words_in_a_phrase_may_stand_or_be_missing() -> None:
    assert learnt().meanings["leiter technik"].function == "technical"


def test_a_stem_of_a_language_that_does_not_join_words_takes_only_short_endings() -> None:
    inflected = learnt("[technical 4]\nprogramist-")

    assert inflected.forms_of("programistka") == ("programist-",)
    assert inflected.forms_of("programisterfahrung") == ("programisterfahrung",)


def test_words_without_spaces_are_found_one_by_one() -> None:
    chinese = learnt("[technical 4]\n工程师, 软件\n[rank senior]\n高级")

    assert chinese.forms_of("高级软件工程师") == ("高级", "软件", "工程师")


@pytest.mark.parametrize("text", ["[wizardry 4]\nwizard", "wizard"])
def test_a_file_with_an_unknown_section_or_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="section"):
        list(entries(text))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_file_can_be_learnt_alone(file: resources.abc.Traversable) -> None:
    found = list(entries(file.read_text("utf-8")))
    alone = Vocabulary(found)

    assert alone.meanings
    assert alone.ranks
    for entry in found:
        if entry.section not in {"rank", "endings"}:
            assert all(word.strip("-") for word in entry.words)
    for phrase in alone.meanings:
        for word in phrase.split():
            assert len(word) > 3 or "-" not in word, f"{word} is too short for a part"


def test_no_phrase_names_two_kinds_of_work_in_two_languages() -> None:
    terms = vocabulary()
    named = defaultdict(set)
    for file in FILES:
        for phrase, meaning in Vocabulary(entries(file.read_text("utf-8"))).meanings.items():
            words = [
                form
                for word in phrase.split()
                for form in ((word,) if "-" in word else terms.forms_of(word))
            ]
            named[" ".join(words)].add((meaning.function, terms.meanings.get(phrase) is not None))
    apart = {
        phrase: sorted(str(function) for function, _ in found)
        for phrase, found in named.items()
        if len({function for function, known in found if known}) > 1
    }

    assert not apart


def test_joining_words_hide_no_word_of_work() -> None:
    terms = vocabulary()
    for name in ("of", "and", "past", "present", "turned", "company", "address"):
        hidden = terms.one_of(name) & {*terms.meanings, *terms.ranks}
        assert not hidden, f"[{name}] hides {hidden}"


@given(st.text(alphabet="abeinorstzäöüßøł", min_size=1, max_size=40))
def test_any_word_has_a_form(word: str) -> None:
    forms = vocabulary().forms_of(word)

    assert forms
    assert all(forms)
