"""The braces at the end of a heading, and those that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.model import Attributes
from ankipress.parse.attributes import split_attributes, with_defaults


@pytest.mark.parametrize(
    "heading",
    [
        pytest.param("", id="nothing"),
        pytest.param("What?", id="no braces"),
        pytest.param("What is {}", id="empty braces"),
        pytest.param("What is {x}", id="a word that is no flag"),
        pytest.param("What is {x y}", id="words that are no flags"),
        pytest.param("What is { x, y }", id="a set"),
        pytest.param("What is {.a} for?", id="braces before the end"),
        pytest.param("What is `{.a}`", id="code"),
        pytest.param(r"What is \{.a}", id="escaped"),
        pytest.param(r"What is $\mathbb{R}$", id="mathematics"),
        pytest.param(r"What is \mathbb{R}", id="braces behind a word"),
        pytest.param("It is {{c1::x}}", id="a deletion"),
        pytest.param("It is {#a", id="no end"),
        pytest.param("It is #a}", id="no begin"),
    ],
)
def test_no_attributes(heading: str) -> None:
    assert split_attributes(heading) == (heading, Attributes(), ())


@pytest.mark.parametrize(
    ("braces", "expected"),
    [
        pytest.param("{#a}", Attributes(id="a"), id="an id"),
        pytest.param(
            "{#größe-von.텐서}", Attributes(id="größe-von.텐서"), id="an id in other letters"
        ),
        pytest.param("{.a .b::c}", Attributes(tags=("a", "b::c")), id="tags"),
        pytest.param("{draft}", Attributes(draft=True), id="a flag"),
        pytest.param(
            "{ reverse typed }", Attributes(reverse=True, typed=True), id="flags and spaces"
        ),
        pytest.param("{reverse=false}", Attributes(), id="a flag switched off"),
        pytest.param('{typed="a {b} c"}', Attributes(typed="a {b} c"), id="braces in quotes"),
        pytest.param("{typed='a \"b\"'}", Attributes(typed='a "b"'), id="other quotes"),
        pytest.param("{kind=cloze lang=pt-BR}", Attributes(kind="cloze", lang="pt-BR"), id="keys"),
        pytest.param("{dir=rtl}", Attributes(dir="rtl"), id="a direction"),
        pytest.param(
            "{tts=fr-fr}", Attributes(tts_front="fr_FR", tts_back="fr_FR"), id="read aloud"
        ),
        pytest.param(
            "{tts=fr_FR tts-back=en-US}",
            Attributes(tts_front="fr_FR", tts_back="en_US"),
            id="in two languages",
        ),
        pytest.param("{: #a .b}", Attributes(id="a", tags=("b",)), id="as in kramdown"),
    ],
)
def test_attributes(braces: str, expected: Attributes) -> None:
    assert split_attributes(f"What?  {braces}") == ("What?", expected, ())
    assert split_attributes(braces) == ("", expected, ())


@pytest.mark.parametrize(
    ("braces", "code", "message", "words"),
    [
        (
            "{revers=true}",
            "unknown-attribute",
            'there is no attribute "revers"; did you mean "reverse"?',
            "revers=true",
        ),
        (
            "{#a dratf}",
            "unknown-attribute",
            'there is no attribute "dratf"; did you mean "draft"?',
            "dratf",
        ),
        (
            "{kind=clozed}",
            "unknown-kind",
            'there is no kind "clozed" of card; did you mean "cloze"?',
            "kind=clozed",
        ),
        ("{.a kind}", "unknown-attribute", None, "kind"),
        ("{kind=cloze kind=basic}", "bad-attribute", '"kind" stands here twice', "kind=basic"),
        ("{#a #b}", "bad-attribute", "a card has one id", "#b"),
        (
            "{lang=deutsch!}",
            "bad-attribute",
            "\"lang\" must be a language such as de or pt-BR, not 'deutsch!'",
            "lang=deutsch!",
        ),
        ("{dir=left}", "bad-attribute", "\"dir\" must be ltr, rtl or auto, not 'left'", "dir=left"),
        (
            "{dir=rtl tts=fr}",
            "bad-attribute",
            "\"tts\" must be a language and a country such as fr-FR, not 'fr'",
            "tts=fr",
        ),
        (
            "{reverse=yes}",
            "bad-attribute",
            '"reverse" is on or off: write reverse or reverse=false',
            "reverse=yes",
        ),
    ],
)
def test_problems(braces: str, code: str, message: str | None, words: str) -> None:
    heading, _, problems = split_attributes(f"What? {braces}")
    assert heading == "What?"
    if message is None:  # a key without a value
        assert problems[0].words == words
        return
    assert [(each.code, each.message, each.words) for each in problems] == [(code, message, words)]


@pytest.mark.parametrize(
    ("braces", "message"),
    [
        pytest.param("{x}", "", id="a letter"),
        pytest.param("{type}", "; did you mean {typed}?", id="a flag without its end"),
        pytest.param("{kind}", "", id="a key alone may be a text"),
        pytest.param("{daft}", "; did you mean {draft}?", id="a letter too few"),
        pytest.param("{drfat}", "; did you mean {draft}?", id="two letters in the wrong order"),
        pytest.param("{Reverse typd}", "; did you mean {reverse typed}?", id="two flags"),
        pytest.param(
            "{draft soon}", ": draft does not go with the rest", id="a word beside a flag"
        ),
        pytest.param("{kind cloze}", ": kind does not go with the rest", id="a key without a sign"),
        pytest.param("{x draught}", "", id="another word"),
        pytest.param("{a drfat b", "", id="no end"),
    ],
)
def test_braces_that_were_probably_meant_as_attributes(braces: str, message: str) -> None:
    heading, attributes, problems = split_attributes(f"What? {braces}")
    assert (heading, attributes) == (f"What? {braces}", Attributes())
    expected = f"{braces} is no list of attributes, so it is a part of the question{message}"
    assert [each.message for each in problems] == ([expected] if message else [])


@given(st.text(st.sampled_from("{}#.=\"' ab:\\`"), max_size=60))
def test_any_heading_can_be_split(heading: str) -> None:
    text, attributes, _ = split_attributes(heading)
    assert heading.startswith(text)
    assert attributes == Attributes() or text != heading


def test_a_hostile_heading_is_cheap() -> None:
    heading = "a " + "{" * 100_000 + "}"
    assert split_attributes(heading) == (heading, Attributes(), ())
    assert split_attributes("{.a " * 50_000 + "}")[1] == Attributes(tags=("a",))


@pytest.mark.parametrize(
    ("own", "defaults", "lang", "expected"),
    [
        pytest.param(Attributes(), {}, "", Attributes(), id="nothing is said"),
        pytest.param(
            Attributes(lang="de"),
            {"lang": "fr"},
            "ja",
            Attributes(lang="de"),
            id="the card says it",
        ),
        pytest.param(
            Attributes(),
            {"lang": "fr", "dir": "rtl"},
            "ja",
            Attributes(lang="fr", dir="rtl"),
            id="the file says it",
        ),
        pytest.param(Attributes(), {}, "ja", Attributes(lang="ja"), id="the project says it"),
    ],
)
def test_what_a_card_does_not_say_is_said_by_its_file_or_project(
    own: Attributes, defaults: dict[str, str], lang: str, expected: Attributes
) -> None:
    assert with_defaults(own, defaults, lang) == expected
